//! What the databases tell this instance: one connection for each module whose changes somebody here waits for.

use std::{sync::Arc, time::Duration};

use accounts::Tokens;
use activity::streams::Ears;
use kernel::{db::Databases, notices::Listener};
use workspace::Standings;

use crate::telling::Telling;

/// How long a start waits for the caches to be told of changes. Without that they work, but ask the database.
const PATIENCE: Duration = Duration::from_secs(5);

/// What tells the caches of changes that other instances make, and those who wait of what there is.
pub(crate) async fn listeners(
    databases: &Databases,
    standings: &Arc<Standings>,
    tokens: &Tokens,
    telling: &Telling,
) -> Vec<Listener> {
    let mut listeners = vec![
        databases.listen::<workspace::Schema>(workspace::CHANNELS, Arc::clone(standings) as _),
        databases.listen::<accounts::Schema>(accounts::CHANNELS, Arc::new(tokens.clone())),
        databases.listen::<activity::Schema>(Ears::CHANNELS, Arc::new(telling.ears())),
    ];
    for listener in &mut listeners {
        listener.listening(PATIENCE).await;
    }
    listeners
}
