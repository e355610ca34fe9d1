//! Handing a project over to another owner.

use billing::Bounds;
use kernel::{
    bounds::in_force,
    grant::Relation,
    guard::{Permit, Tenant},
    http::{Tagged, etag_of},
    ids::UserId,
    outbox::Event,
};

use super::{Projects, create::require_below, require_active, tagged};
use crate::{
    Schema,
    actions::ChangeOwner,
    dto::ProjectView,
    error::ProjectError,
    events,
    permissions::{CAN_EDIT_PROJECTS, MAX_PROJECTS},
    store,
};

impl Projects {
    /// Makes `owner` the owner, and lets them take part. The former owner takes part still, until they are removed.
    ///
    /// Owners may hand over what is theirs, and so may whoever edits every project; those who edit because they take part
    /// may not. What an owner hands over has to have room with the new one, by their role and their plan: else projects would
    /// be lent to others to make more of them. Those who edit every project are not bounded, as where they create in somebody's name: they move
    /// what a member leaves behind.
    pub async fn change_owner(
        &self,
        permit: &Permit<ChangeOwner>,
        owner: UserId,
    ) -> Result<Tagged<ProjectView>, ProjectError> {
        let edits_all = permit.require_at(&CAN_EDIT_PROJECTS, Relation::Other);
        let is_bounded = edits_all.is_err();
        if permit.relation() != Relation::Own {
            edits_all?;
        }
        let workspace = permit.target().workspace();
        self.require_member(workspace, owner, "/user_id").await?;
        // Asked before the transaction, which must not wait for a second connection.
        let bounds = if is_bounded {
            let role = self.members.limit(workspace, owner, &MAX_PROJECTS).await?;
            Some((role, self.entitlements.told(workspace, owner, MAX_PROJECTS.key).await?))
        } else {
            None
        };
        let tx = permit.begin().await?;
        let row = store::lock(&tx).await?;
        tx.check_version(&etag_of(row.version))?;
        require_active(&row)?;
        if row.owner_id == owner {
            return Ok(tagged(row));
        }
        if let Some((role, told)) = bounds {
            let bounds = Bounds::from(in_force::<Schema>(&tx, workspace, owner, &told).await?);
            if let Some(bound) = bounds.of_member(role) {
                require_below(bound, store::count_before_handover(&tx, &row, owner).await?)?;
            }
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
