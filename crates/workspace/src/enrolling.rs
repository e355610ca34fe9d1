//! What other parts of the program need of memberships: who may be enrolled where, who belongs where, who goes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::{
    authority::{Caller, WorkspaceRef},
    clock::Clock,
    db::System,
    failure::Failure,
    ids::{RoleId, UserId, WorkspaceId},
    outbox::Event,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};

use crate::{
    Schema, Standings, WorkspaceError,
    dto::Registration,
    entity::{member, role, workspace},
    events,
    service::{Acting, announce_added, end, hand_over, held, named, remove, role_of_joiner},
    store::{self, Locked},
};

/// A place in a workspace that somebody may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The role that they get there.
    pub role: RoleId,
    /// Its name.
    pub role_name: String,
}

/// Why somebody can't be enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrollingError {
    /// There is no such workspace, or none that takes people who aren't invited.
    #[error("no such workspace")]
    NotFound,
    /// People can't choose this role themselves.
    #[error("role not self-assignable")]
    RoleNotSelfAssignable {
        /// Those that they can.
        available: Vec<String>,
    },
    /// Refused for a reason of the workspace's rules.
    #[error(transparent)]
    Refused(#[from] WorkspaceError),
}

impl From<DbErr> for EnrollingError {
    fn from(error: DbErr) -> Self {
        Self::Refused(error.into())
    }
}

/// Enrols, counts and removes members where no handler of this domain does.
#[derive(Debug)]
pub struct Enrolling {
    system: System<Schema>,
    standings: Arc<Standings>,
    clock: Clock,
}

impl Enrolling {
    /// The service of an instance.
    pub fn new(system: System<Schema>, standings: Arc<Standings>, clock: Clock) -> Self {
        Self { system, standings, clock }
    }

    /// The place that somebody would take who joins `workspace` by themselves: it must be open, and the role one that
    /// people may choose; without one, the workspace's default role.
    pub async fn check(&self, workspace: &WorkspaceRef, role: Option<&str>) -> Result<Place, EnrollingError> {
        let db = self.system.db();
        let row = store::workspaces::named(&db, workspace).await?.ok_or(EnrollingError::NotFound)?;
        // One that isn't open is told like one that isn't there, as in joining: strangers needn't know which exist.
        if row.registration != Registration::Open {
            return Err(EnrollingError::NotFound);
        }
        match role_of_joiner(store::roles::of(&db, row.id).await?, row.default_role_id, role) {
            Ok(role) => Ok(place(row.id, role)),
            Err(WorkspaceError::RoleNotSelfAssignable { available }) => {
                Err(EnrollingError::RoleNotSelfAssignable { available })
            }
            Err(refused) => Err(refused.into()),
        }
    }

    /// The place that `granter` would give somebody: what they hold must cover it. Without a role, the default one.
    pub async fn check_by(
        &self,
        granter: &Caller,
        workspace: WorkspaceId,
        role: Option<&str>,
    ) -> Result<Place, EnrollingError> {
        let tx = self.system.begin().await?;
        let locked = Locked::take(&tx, workspace).await?.ok_or(EnrollingError::NotFound)?;
        let mut all = store::roles::all(&locked).await?;
        let role = if let Some(name) = role {
            named(all, name, "/role")?
        } else {
            all.retain(|role| role.id == locked.workspace.default_role_id);
            all.pop().ok_or(EnrollingError::NotFound)?
        };
        let roles = self.standings.roles();
        Acting::by_standing(&locked, granter, roles, self.clock.now()).await?.covers_row(&role, roles)?;
        Ok(place(workspace, role))
    }

    /// Makes `user` a member, as decided by [`Enrolling::check`] or [`Enrolling::check_by`]; one who is stays as they are.
    /// If the role is gone, with the default role; if the workspace is, not at all.
    pub async fn enrol(
        &self,
        user: UserId,
        workspace: WorkspaceId,
        role: Option<RoleId>,
        by: Option<UserId>,
    ) -> Result<(), DbErr> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let Some(locked) = Locked::take(&tx, workspace).await? else {
            tracing::warn!(%user, %workspace, "not enrolled: the workspace is gone");
            return Ok(());
        };
        let default = locked.workspace.default_role_id;
        let mut all = store::roles::all(&locked).await?;
        let wanted = role.filter(|role| all.iter().any(|known| known.id == *role)).unwrap_or(default);
        all.retain(|role| role.id == wanted);
        let Some(role) = all.pop() else { return Ok(()) };
        let row = member::Model::begun(workspace, user, role.id, now);
        if store::members::insert(&locked, row).await? {
            let mut event = announce_added(workspace, user, &role.name, now);
            event.actor_id = by.or(Some(user));
            tx.announce(event).await?;
            tx.commit().await?;
            self.standings.forget_user(user);
        }
        Ok(())
    }

    /// The active members of `workspaces`, or of any, each once, by id: those beyond `after`.
    pub async fn people(
        &self,
        workspaces: Option<&[WorkspaceId]>,
        after: Option<UserId>,
        newest_first: bool,
        limit: u64,
    ) -> Result<Vec<UserId>, DbErr> {
        store::memberships::people(&self.system.db(), workspaces, after, newest_first, limit, self.clock.now()).await
    }

    /// The workspaces that `user` belongs to, whatever the membership's status.
    pub async fn workspaces_of(&self, user: UserId) -> Result<Vec<WorkspaceId>, DbErr> {
        store::memberships::workspaces_of(&self.system.db(), user).await
    }

    /// Whether `user` belongs to any workspace, a deleted one that can be brought back included, or to the platform.
    pub async fn belongs_anywhere(&self, user: UserId) -> Result<bool, DbErr> {
        store::memberships::belongs_anywhere(&self.system.db(), user).await
    }

    /// Whether `user` is an active member of `workspace` now.
    pub async fn is_active_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr> {
        self.standings.is_active_member(workspace, user).await
    }

    /// Ends a membership, by the same rules as `DELETE /workspaces/{id}/members/{user_id}`. Whether `by` may remove
    /// members at all is for the caller to know.
    pub async fn remove(&self, by: &Caller, workspace: WorkspaceId, user: UserId) -> Result<(), EnrollingError> {
        self.remove_if(by, workspace, user, true).await
    }

    /// What [`Enrolling::remove`] would answer; nothing changes.
    pub async fn may_remove(&self, by: &Caller, workspace: WorkspaceId, user: UserId) -> Result<(), EnrollingError> {
        self.remove_if(by, workspace, user, false).await
    }

    async fn remove_if(
        &self,
        by: &Caller,
        workspace: WorkspaceId,
        user: UserId,
        for_good: bool,
    ) -> Result<(), EnrollingError> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let locked = Locked::take(&tx, workspace).await?.ok_or(EnrollingError::NotFound)?;
        let member = store::members::get(&locked, user).await?.ok_or(EnrollingError::NotFound)?;
        let roles = self.standings.roles();
        let acting = Acting::by_standing(&locked, by, roles, now).await?;
        let mut event = remove(&locked, member, &acting, roles, now).await?.by(by);
        event.as_platform = acting.is_platform();
        if for_good {
            tx.announce(event).await?;
            tx.commit().await?;
            self.standings.forget_user(user);
        }
        Ok(())
    }

    /// Ends all memberships of an account that is gone. What it owned goes to the longest-standing other administrator;
    /// a workspace without others is deleted.
    pub async fn forget(&self, user: UserId) -> Result<(), DbErr> {
        for workspace in self.workspaces_of(user).await? {
            match self.forget_in(workspace, user).await {
                Ok(()) => {}
                Err(WorkspaceError::Failure(Failure::Db(error))) => return Err(error),
                Err(refused) => tracing::warn!(%user, %workspace, %refused, "membership of a gone account stays"),
            }
        }
        store::platform::remove_member(&self.system.db(), user).await?;
        self.standings.forget_user(user);
        Ok(())
    }

    async fn forget_in(&self, workspace: WorkspaceId, user: UserId) -> Result<(), WorkspaceError> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let Some(mut locked) = Locked::take(&tx, workspace).await? else { return Ok(()) };
        let Some(member) = store::members::get(&locked, user).await? else { return Ok(()) };
        let role = held(&locked, &member).await?;
        if locked.workspace.owner_id == user {
            for event in self.settle_estate(&locked, now).await? {
                tx.announce(event).await?;
            }
            let Some(handed_over) = Locked::take(&tx, workspace).await? else {
                // Without others it was deleted, and keeps its owner as it keeps everything else.
                tx.commit().await?;
                self.standings.forget_workspace(workspace);
                return Ok(());
            };
            locked = handed_over;
        }
        tx.announce(end(&locked, member, &role.name, self.standings.roles(), now).await?).await?;
        tx.commit().await?;
        self.standings.forget_workspace(workspace);
        Ok(())
    }

    /// Hands the workspace of an owner who is gone to another administrator, or deletes it if nobody else is in it. With
    /// others but no administrator it stays as it is: who is to own it then is for the platform's operator to say.
    async fn settle_estate(
        &self,
        locked: &Locked<'_, impl ConnectionTrait>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, WorkspaceError> {
        let (roles, vocabulary) = (self.standings.roles(), self.standings.roles().vocabulary());
        let administrators: Vec<RoleId> = store::roles::all(locked)
            .await?
            .iter()
            .filter(|role| vocabulary.restore(&role.permissions).document.is_administrator(roles.vocabulary()))
            .map(|role| role.id)
            .collect();
        let others = store::memberships::others(locked, now).await?;
        match others.iter().find(|member| administrators.contains(&member.role_id)) {
            Some(heir) => Ok(hand_over(locked, heir.user_id, now).await?),
            None if others.is_empty() => {
                let change = workspace::ActiveModel { deleted_at: Set(Some(now)), ..Default::default() };
                store::workspaces::update(locked, change, now).await?;
                let event = Event::new(events::DELETED, events::WORKSPACE, locked.id().0, now);
                Ok(vec![event.in_workspace(locked.id())])
            }
            None => Err(WorkspaceError::LastAdministrator),
        }
    }
}

fn place(workspace: WorkspaceId, role: role::Model) -> Place {
    Place { workspace, role: role.id, role_name: role.name }
}
