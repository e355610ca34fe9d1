//! Switching projects on and off.

use kernel::{
    guard::Permit,
    http::{Tagged, etag_of},
    outbox::Event,
};

use super::{Projects, tagged};
use crate::{actions::Switches, dto::ProjectView, error::ProjectError, events, store};

impl Projects {
    /// Activates or deactivates a project, as the permit says. One that is so already stays as it is.
    #[expect(private_bounds, reason = "the two actions there are, are public")]
    pub async fn switch<A: Switches>(&self, permit: &Permit<A>) -> Result<Tagged<ProjectView>, ProjectError> {
        let tx = permit.begin().await?;
        let mut row = store::lock(&tx).await?;
        tx.check_version(&etag_of(row.version))?;
        if row.is_active != A::TO_ACTIVE {
            row = store::switch(&tx, row).await?;
            let action = if A::TO_ACTIVE { events::PROJECT_ACTIVATED } else { events::PROJECT_DEACTIVATED };
            let event = Event::new(action, events::RESOURCE, row.id.0, row.updated_at);
            tx.announce(event.field("is_active", !A::TO_ACTIVE, A::TO_ACTIVE)).await?;
        }
        let reply = tagged(row);
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}
