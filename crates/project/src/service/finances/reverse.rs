//! Taking an operation back, once.

use kernel::{guard::Permit, http::Created};

use super::{Finances, record::recorded, refused, request_key};
use crate::{
    actions::ReverseOperation,
    dto::{NewReversal, OperationKind, OperationView},
    error::ProjectError,
    money::{Operation, OperationId, transfer_of},
    service::require_active,
    store,
};

impl Finances {
    /// Records the reversal of an operation. What it used up of the budget is free again.
    pub(crate) async fn reverse(
        &self,
        permit: &Permit<ReverseOperation>,
        how: NewReversal,
    ) -> Result<Created<OperationView>, ProjectError> {
        let original = permit.target().operation();
        if original.kind == OperationKind::Reversal {
            return Err(ProjectError::NotReversible);
        }
        let operation = mirrored(permit, original, how);
        // An operation is reversed once, whoever asks how often: its id is as good a key as any.
        let key = request_key(permit, &format!("reversal of {}", original.id));
        let tx = permit.begin().await?;
        let (project, _) = store::money::lock_books(&tx).await?;
        require_active(&project)?;
        // Before the operation is added, as where one is recorded: the two locks are always taken in this order.
        store::money::give_back(&tx, original.kind, original.amount).await?;
        if let Err(error) = store::money::insert(&tx, &operation, key).await {
            drop(tx);
            return Err(match refused(permit, &operation, key, error).await {
                ProjectError::RecordedBefore(_) => ProjectError::ReversedBefore,
                other => other,
            });
        }
        if self.posts_within() {
            self.ledger.post_in(&tx, &transfer_of(&operation)?).await?;
        }
        tx.announce(recorded(&operation)).await?;
        let view = OperationView::from(operation.clone());
        let reply = Created::at(format!("/operations/{}", operation.id), None, view);
        tx.commit_with(&reply).await?;
        if !self.posts_within() {
            // Posted again if it was before: what takes it back must find it.
            self.post_after(original).await?;
            self.post_after(&operation).await?;
        }
        Ok(reply)
    }
}

fn mirrored(permit: &Permit<ReverseOperation>, original: &Operation, how: NewReversal) -> Operation {
    let now = permit.now();
    Operation {
        id: OperationId::new(now),
        kind: OperationKind::Reversal,
        description: how.description,
        occurred_on: how.occurred_on.unwrap_or_else(|| now.date_naive()),
        over_budget: false,
        recorded_at: now,
        recorded_by: permit.caller(),
        reverses: Some(original.id),
        proof_type: None,
        proof_name: None,
        proof_bytes: None,
        reversed_by: None,
        reversed_kind: Some(original.kind),
        ..original.clone()
    }
}
