//! What happens to subscriptions by itself, every few seconds: renewals, ends of trials, payments that are asked for again.

use std::{sync::Arc, time::Duration};

use billing::Subscriptions;

/// How often it is looked for what is due. A look is one statement on an index.
const PACE: Duration = Duration::from_secs(15);

/// Lets happen what is due, for as long as it is polled. Several instances may do it at once.
pub(crate) async fn run(subscriptions: Arc<Subscriptions>) {
    loop {
        tokio::time::sleep(PACE).await;
        match subscriptions.run().await {
            Ok(0) => {}
            Ok(happened) => tracing::debug!(happened, "subscriptions went on"),
            Err(error) => tracing::warn!(%error, "subscriptions wait; tried again soon"),
        }
    }
}
