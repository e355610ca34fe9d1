//! Handing a project over to another owner.

use kernel::{
    grant::Relation,
    guard::{Permit, Tenant},
    http::{Tagged, etag_of},
    ids::UserId,
    outbox::Event,
};

use super::{Projects, require_active, tagged};
use crate::{
    actions::ChangeOwner, dto::ProjectView, error::ProjectError, events, permissions::CAN_EDIT_PROJECTS, store,
};

impl Projects {
    /// Makes `owner` the owner, and lets them take part. The former owner takes part still, until they are removed.
    ///
    /// Owners may hand over what is theirs, and so may whoever edits every project; those who edit because they take part
    /// may not. The new owner's `max_projects` bounds what they create, not what they are given.
    pub async fn change_owner(
        &self,
        permit: &Permit<ChangeOwner>,
        owner: UserId,
    ) -> Result<Tagged<ProjectView>, ProjectError> {
        if permit.relation() != Relation::Own {
            permit.require_at(&CAN_EDIT_PROJECTS, Relation::Other)?;
        }
        self.require_member(permit.target().workspace(), owner, "/user_id").await?;
        let tx = permit.begin().await?;
        let row = store::lock(&tx).await?;
        tx.check_version(&etag_of(row.version))?;
        require_active(&row)?;
        if row.owner_id == owner {
            return Ok(tagged(row));
        }
        let former = row.owner_id;
        let row = store::save_owner(&tx, row, owner).await?;
        store::ensure_member(&tx, &row, owner, row.updated_at).await?;
        let event = Event::new(events::OWNER_CHANGED, events::RESOURCE, row.id.0, row.updated_at);
        tx.announce(event.field("owner_id", former.to_string(), owner.to_string())).await?;
        tx.commit().await?;
        Ok(tagged(row))
    }
}
