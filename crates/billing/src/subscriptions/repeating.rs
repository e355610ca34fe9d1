//! Requests that are repeated: what was kept of the first answer is from before money was asked for.

use kernel::{failure::Failure, http::etag_of};

use super::{SubscriptionView, Subscriptions, store};
use crate::problems::BillingError;

impl Subscriptions {
    /// Why a transaction was not begun. Where that is because the request was done before, it is answered how the subscription
    /// stands now: nobody is to be told that it waits for money which was paid.
    pub(super) async fn repeated(&self, failure: Failure) -> BillingError {
        let Failure::Replay(mut kept) = failure else { return failure.into() };
        let id = kept.body.get("id").and_then(|id| id.as_str()?.parse().ok());
        let found = match id {
            Some(id) => store::find(&self.system.db(), id).await,
            None => Ok(None),
        };
        match found {
            Ok(Some(row)) => match serde_json::to_value(SubscriptionView::from(&row)) {
                Ok(body) => (kept.etag, kept.body) = (Some(etag_of(row.version())), body),
                Err(error) => return error.into(),
            },
            Ok(None) => {}
            Err(error) => return error.into(),
        }
        Failure::Replay(kept).into()
    }
}
