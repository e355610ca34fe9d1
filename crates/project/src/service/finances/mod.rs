//! The rules of projects' money and their transactions, one file per use.

mod list;
mod periods;
mod proof;
mod record;
mod report;
mod reverse;
mod settings;

use std::{fmt, sync::Arc};

use billing::Ledger;
use kernel::{
    failure::violated_constraint,
    guard::{Permit, Tenant},
    ids::WorkspaceId,
    media::Media,
};
use sea_orm::DbErr;
use sha2::{Digest, Sha256};

use crate::{
    Schema,
    actions::{OfProject, Records},
    dto::Month,
    error::ProjectError,
    money::{Operation, transfer_of},
    ports::Members,
    store,
};

pub(crate) use proof::Proof;

/// The money of projects.
#[derive(Clone)]
pub struct Finances {
    ledger: Ledger,
    members: Arc<dyn Members>,
    media: Media,
}

impl fmt::Debug for Finances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Finances")
    }
}

impl Finances {
    /// The service, with the ledger it posts to, what it asks about workspaces, and where proofs are kept.
    pub fn new(ledger: Ledger, members: Arc<dyn Members>, media: Media) -> Self {
        Self { ledger, members, media }
    }

    /// The currency of a workspace's projects while nobody said another.
    async fn default_currency(&self, workspace: WorkspaceId) -> Result<String, ProjectError> {
        self.members.currency(workspace).await?.ok_or(ProjectError::Missing)
    }

    /// Whether what is posted is committed with the operation that it is posted for.
    fn posts_within(&self) -> bool {
        self.ledger.is_beside::<Schema>()
    }

    /// Posts what was just committed to a ledger in another database. Should this fail, or not be reached, the operation's
    /// event brings it again (see [`Posting`](crate::Posting)).
    async fn post_after(&self, operation: &Operation) -> Result<(), ProjectError> {
        let transfer = transfer_of(operation)?;
        if let Err(error) = self.ledger.post(&transfer).await {
            tracing::warn!(operation = %operation.id, %error, "not posted yet; it is tried again");
        }
        Ok(())
    }
}

/// By what a request is known for good: whose it is, and its key.
fn request_key<A: Records>(permit: &Permit<A>, key: &str) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(permit.caller().0.as_bytes());
    hash.update(permit.target().project().id.0.as_bytes());
    hash.update(key);
    hash.finalize().into()
}

/// What the database refused of an operation.
async fn refused<A: Records>(permit: &Permit<A>, operation: &Operation, key: [u8; 32], error: DbErr) -> ProjectError {
    match violated_constraint(&error) {
        Some("operations_period_open") => ProjectError::PeriodClosed(month_of(operation)),
        Some("operations_reversed_once") => ProjectError::ReversedBefore,
        Some("operations_requested_once") => match store::money::of_request(permit, key).await {
            Ok(id) => ProjectError::RecordedBefore(id),
            Err(error) => error.into(),
        },
        _ => error.into(),
    }
}

fn month_of(operation: &Operation) -> Month {
    use chrono::Datelike;
    Month(operation.occurred_on.with_day(1).unwrap_or(operation.occurred_on))
}

/// The workspace of a permit's project.
fn workspace_of<A: Records>(permit: &Permit<A>) -> WorkspaceId {
    permit.target().workspace()
}
