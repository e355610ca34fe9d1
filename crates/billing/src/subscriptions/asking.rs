//! For whom this instance is asking for money: whoever wants to know what becomes of one of them waits for the answer.

use std::{collections::HashMap, time::Duration};

use kernel::ids::WorkspaceId;
use tokio::sync::watch;

use super::{SubscriptionId, store::Due};

/// For so long, at most: a gateway may take its time.
const PATIENCE: Duration = Duration::from_secs(10);

/// Those for whom money is being asked.
#[derive(Debug, Default)]
pub(super) struct Asking(watch::Sender<HashMap<SubscriptionId, WorkspaceId>>);

/// One of them, until this is dropped.
#[derive(Debug)]
pub(super) struct InHand<'a> {
    asking: &'a Asking,
    id: SubscriptionId,
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.asking.0.send_modify(|all| {
            all.remove(&self.id);
        });
    }
}

impl Asking {
    /// Money is asked for.
    pub(super) fn begin(&self, id: SubscriptionId, workspace: WorkspaceId) -> InHand<'_> {
        self.0.send_modify(|all| {
            all.insert(id, workspace);
        });
        InHand { asking: self, id }
    }

    /// Waits until none is asked for of those that `due` names, if it names some; answers whether there was one, and is none.
    pub(super) async fn answered(&self, due: Due) -> bool {
        let names = |id: SubscriptionId, workspace: WorkspaceId| match due {
            Due::Only(one) => one == id,
            Due::Of(one) => one == workspace,
            Due::Any | Due::Ahead => false,
        };
        let is_asked = |all: &HashMap<_, _>| all.iter().any(|(id, workspace)| names(*id, *workspace));
        let mut all = self.0.subscribe();
        if !is_asked(&all.borrow_and_update()) {
            return false;
        }
        let answered = all.wait_for(|all| !is_asked(all));
        tokio::time::timeout(PATIENCE, answered).await.is_ok_and(|answered| answered.is_ok())
    }
}
