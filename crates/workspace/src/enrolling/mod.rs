//! What other parts of the program need of memberships: who may be enrolled where, who belongs where, who goes.

mod invited;
mod plan_roles;
mod plan_vouchers;
mod promoting;
mod removing;

pub use invited::{Addressee, Invited, Letter};
pub use plan_roles::{PlanGrant, PlanRoleRefusal};
pub use plan_vouchers::PlanVoucher;
pub(crate) use plan_vouchers::voucher_in;

use std::{collections::HashSet, sync::Arc};

use kernel::{
    authority::{Caller, WorkspaceRef},
    clock::Clock,
    db::System,
    failure::Failure,
    ids::{RoleId, UserId, WorkspaceId},
    keyring::Keyring,
    outbox::Event,
};
use sea_orm::DbErr;

use crate::{
    Schema, Standings, WorkspaceError,
    dto::Registration,
    entity::{member, role},
    events,
    ports::People,
    service::{Acting, announce_added, named, require_seat, role_of_joiner},
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
    /// They hold a platform role, or own a workspace that was deleted and can be brought back.
    #[error("still belongs somewhere")]
    StillBelongs,
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
pub struct Enrolling {
    system: System<Schema>,
    standings: Arc<Standings>,
    people: Arc<dyn People>,
    keyring: Keyring,
    clock: Clock,
}

impl std::fmt::Debug for Enrolling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolling")
    }
}

impl Enrolling {
    /// The service of an instance.
    pub fn new(
        system: System<Schema>,
        standings: Arc<Standings>,
        people: Arc<dyn People>,
        keyring: Keyring,
        clock: Clock,
    ) -> Self {
        Self { system, standings, people, keyring, clock }
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

    /// Makes `user` a member because of `event`, once: one who is stays as they are, and one who was and is no more stays
    /// away. Who comes by themselves does so only if the doors are open still; if the role is gone, or not for the taking
    /// any more, they get the default role.
    pub async fn enrol(
        &self,
        event: &Event,
        user: UserId,
        workspace: WorkspaceId,
        role: Option<RoleId>,
    ) -> Result<(), DbErr> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let Some(locked) = Locked::take(&tx, workspace).await? else {
            tracing::warn!(%user, %workspace, "not enrolled: the workspace is gone");
            return Ok(());
        };
        if !store::heard::first_time(&locked, event.id, now).await? {
            return Ok(());
        }
        let comes_alone = event.action == events::ACCOUNT_SIGNED_UP;
        if comes_alone && locked.workspace.registration != Registration::Open {
            tracing::warn!(%user, %workspace, "not enrolled: the workspace has closed its doors");
            return tx.commit().await;
        }
        let default = locked.workspace.default_role_id;
        let mut all = store::roles::all(&locked).await?;
        all.retain(|known| known.id == default || (Some(known.id) == role && (!comes_alone || known.self_assignable)));
        let wanted = role.filter(|role| all.iter().any(|known| known.id == *role)).unwrap_or(default);
        all.retain(|role| role.id == wanted);
        let Some(role) = all.pop() else { return Ok(()) };
        match require_seat(&locked).await {
            Ok(()) => {}
            Err(WorkspaceError::Failure(Failure::Db(error))) => return Err(error),
            Err(refused) => {
                tracing::warn!(%user, %workspace, %refused, "not enrolled");
                return tx.commit().await;
            }
        }
        let row = member::Model::begun(workspace, user, role.id, now);
        if store::members::insert(&locked, row).await? {
            let mut added = announce_added(workspace, user, &role.name, now);
            added.actor_id = event.actor_id.or(Some(user));
            tx.announce(added).await?;
        }
        tx.commit().await?;
        self.standings.forget_user(user);
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

    /// How many members a workspace has, those who were asked left out.
    pub async fn count_members(&self, workspace: WorkspaceId) -> Result<i64, DbErr> {
        store::members::count_seated(&self.system.db(), workspace).await
    }

    /// Whether `user` is an active member of `workspace` now.
    pub async fn is_active_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr> {
        self.standings.is_active_member(workspace, user).await
    }

    /// Those of `users` who are, by the database. One statement.
    pub async fn members_among(&self, workspace: WorkspaceId, users: &[UserId]) -> Result<HashSet<UserId>, DbErr> {
        self.standings.members_among(workspace, users).await
    }
}

fn place(workspace: WorkspaceId, role: role::Model) -> Place {
    Place { workspace, role: role.id, role_name: role.name }
}
