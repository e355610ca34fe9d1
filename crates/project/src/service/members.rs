//! Who takes part in a project.

use actix_web::Either;
use kernel::{
    failure::unique_violation,
    guard::{Permit, Tenant, Tx},
    http::{Created, Paging, Tagged, etag_of},
    ids::UserId,
    outbox::Event,
    page::Page,
};
use sea_orm::DbErr;

use super::{Projects, require_active};
use crate::{
    actions::{AddMember, OfProject, OnMember, RemoveMember, UpdateMember, ViewMembers},
    dto::{MemberFilter, MemberPatch, MemberView, NewMember},
    entity::{members, projects},
    error::ProjectError,
    events, store,
};

/// What adding someone is answered with: they are new to the project, or take part again.
pub(crate) type Added = Either<Created<MemberView>, Tagged<MemberView>>;

impl Projects {
    /// A page of those who take part, with their names.
    pub async fn list_members(
        &self,
        permit: &Permit<ViewMembers>,
        paging: &Paging<MemberFilter>,
    ) -> Result<Page<MemberView>, ProjectError> {
        let rows = store::list_members(permit, paging, paging.after()?).await?;
        let page = paging.page(rows, |row| (row.added_at, row.user_id))?;
        let users: Vec<UserId> = page.items.iter().map(|row| row.user_id).collect();
        let names = self.names(&users).await?;
        let owner = permit.target().project().owner_id;
        Ok(page.map(|row| {
            let name = names.get(&row.user_id);
            MemberView::of(row, owner, name)
        }))
    }

    /// Lets someone take part. Whoever did once and was switched off is switched on again.
    pub async fn add_member(&self, permit: &Permit<AddMember>, new: NewMember) -> Result<Added, ProjectError> {
        let user = new.user_id;
        self.require_member(permit.target().workspace(), user, "/user_id").await?;
        let names = self.names(&[user]).await?;
        let tx = permit.begin().await?;
        let project = lock_active(&tx).await?;
        let view = |row| MemberView::of(row, project.owner_id, names.get(&user));
        if let Some(row) = store::find_member(&tx, user).await? {
            if row.is_active {
                return Err(ProjectError::AlreadyMember);
            }
            let row = switch(&tx, row, true).await?;
            let reply = Tagged::new(row.version, view(row));
            tx.commit_with(&reply).await?;
            return Ok(Either::Right(reply));
        }
        let row = store::add_member(&tx, user).await.map_err(already_member)?;
        tx.announce(about(events::MEMBER_ADDED, &row, permit)).await?;
        let location = format!("/projects/{}/members/{user}", row.project_id);
        let reply = Created::at(location, Some(etag_of(row.version)), view(row));
        tx.commit_with(&reply).await?;
        Ok(Either::Left(reply))
    }

    /// Switches someone's part on or off.
    pub async fn update_member(
        &self,
        permit: &Permit<UpdateMember>,
        user: UserId,
        patch: MemberPatch,
    ) -> Result<Tagged<MemberView>, ProjectError> {
        if patch.is_active == Some(true) {
            self.require_member(permit.target().workspace(), user, "/is_active").await?;
        }
        let names = self.names(&[user]).await?;
        let tx = permit.begin().await?;
        let project = lock_active(&tx).await?;
        let mut row = store::find_member(&tx, user).await?.ok_or(ProjectError::Missing)?;
        tx.check_version(&etag_of(row.version))?;
        let is_active = patch.is_active.unwrap_or(row.is_active);
        if !is_active && user == project.owner_id {
            return Err(ProjectError::OwnerTakesPart);
        }
        if is_active != row.is_active {
            row = switch(&tx, row, is_active).await?;
        }
        tx.commit().await?;
        Ok(Tagged::new(row.version, MemberView::of(row, project.owner_id, names.get(&user))))
    }

    /// Lets someone no longer take part.
    pub async fn remove_member(&self, permit: &Permit<RemoveMember>, user: UserId) -> Result<(), ProjectError> {
        let tx = permit.begin().await?;
        let project = lock_active(&tx).await?;
        let row = store::find_member(&tx, user).await?.ok_or(ProjectError::Missing)?;
        tx.check_version(&etag_of(row.version))?;
        if user == project.owner_id {
            return Err(ProjectError::OwnerTakesPart);
        }
        store::remove_member(&tx, &row).await?;
        tx.announce(about(events::MEMBER_REMOVED, &row, permit)).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn lock_active<A: OnMember>(tx: &Tx<'_, A>) -> Result<projects::Model, ProjectError> {
    let project = store::lock(tx).await?;
    require_active(&project)?;
    Ok(project)
}

async fn switch<A: OnMember + store::Switching>(
    tx: &Tx<'_, A>,
    row: members::Model,
    is_active: bool,
) -> Result<members::Model, ProjectError> {
    let row = store::switch_member(tx, row, is_active).await?;
    let event = about(events::MEMBER_UPDATED, &row, tx.permit());
    tx.announce(event.field("is_active", !is_active, is_active)).await?;
    Ok(row)
}

fn about<A: OnMember>(action: &str, row: &members::Model, permit: &Permit<A>) -> Event {
    Event::new(action, events::RESOURCE, row.project_id.0, permit.now()).fact("user_id", row.user_id.to_string())
}

/// The program itself may have added them in the same instant.
fn already_member(error: DbErr) -> ProjectError {
    match unique_violation(&error) {
        Some("members_pkey") => ProjectError::AlreadyMember,
        _ => error.into(),
    }
}
