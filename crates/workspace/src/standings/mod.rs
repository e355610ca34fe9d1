//! Who holds what, kept in memory: asked on every request, read from the database once until it changes.

mod compiled;
mod kept;
mod notice;

use std::{collections::HashSet, sync::Arc};

use kernel::{
    authority::{Claim, PlatformSeat, Seat, Standing, WorkspaceRef},
    cache::CacheState,
    clock::Clock,
    db::{Module, System},
    grant::Limit,
    ids::{RoleId, UserId, WorkspaceId},
    notices::NoticeHandler,
};
use policy::Vocabulary;
use sea_orm::{DatabaseTransaction, DbErr};

pub(crate) use self::compiled::CompiledRoles;
use self::{kept::Kept, notice::Forget};
use crate::{
    Schema,
    store::{memberships, standing},
};

/// The channels on which the database tells what to forget; listen on them with [`Standings`] as the handler.
pub const CHANNELS: &[&str] = &["workspace_standing"];

/// People of whom this instance remembers what they hold, at most.
const CAPACITY: usize = 100_000;

/// The standing of everybody who was here lately.
///
/// It is trusted only while the listener is connected: before that, and after it was cut, every standing is read from
/// the database.
#[derive(Debug)]
pub struct Standings {
    system: System<Schema>,
    clock: Clock,
    /// The modules whose transactions can see this module's tables.
    sharing: HashSet<&'static str>,
    roles: CompiledRoles,
    kept: Kept,
}

impl Standings {
    /// Knows nothing yet, and trusts nothing until it [listens](NoticeHandler::listening). `sharing` names the modules
    /// that live in this module's database.
    pub fn new(
        system: System<Schema>,
        vocabulary: Vocabulary,
        clock: Clock,
        sharing: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let sharing = sharing.into_iter().chain([Schema::NAME]).collect();
        Self { system, clock, sharing, roles: CompiledRoles::new(vocabulary), kept: Kept::new(CAPACITY) }
    }

    /// What `user` holds. Costs one statement for someone not seen before, otherwise none.
    pub async fn standing(&self, user: UserId) -> Result<Arc<Standing>, DbErr> {
        if let Some(standing) = self.kept.get(user) {
            return Ok(standing);
        }
        let ticket = self.kept.ticket(user);
        let standing = Arc::new(self.read(user).await?);
        if let Some(ticket) = ticket {
            self.kept.keep(ticket, &standing);
        }
        Ok(standing)
    }

    /// The same from the database, for what must not rest on a notice that may still be on its way. Costs a statement.
    pub async fn standing_now(&self, user: UserId) -> Result<Standing, DbErr> {
        self.read(user).await
    }

    async fn read(&self, user: UserId) -> Result<Standing, DbErr> {
        let mut standing = Standing::none(user);
        for held in standing::held_by(&self.system.db(), user).await? {
            let (role_id, role_version) = (held.role_id, held.role_version);
            let grants = self.roles.get((role_id, role_version), &held.role_name, &held.permissions);
            match (held.workspace_id, held.slug) {
                (Some(workspace), Some(slug)) => standing.seats.push(Seat {
                    workspace,
                    slug,
                    owner: held.is_owner,
                    expires_at: held.expires_at,
                    role_id,
                    role_version,
                    grants,
                }),
                _ => standing.platform = Some(PlatformSeat { role_id, role_version, grants }),
            }
        }
        Ok(standing)
    }

    /// Whether `claim` is true in the database at this moment. In a transaction of this database it then stays true
    /// until that ends; elsewhere it is asked without the lock.
    pub async fn confirm(&self, claim: &Claim, module: &str, tx: &DatabaseTransaction) -> Result<bool, DbErr> {
        let Some(role) = claim.role else { return Ok(true) };
        let now = self.clock.now();
        if !self.sharing.contains(module) {
            return standing::confirm(&self.system.db(), claim, role, now, false).await;
        }
        if let (Schema::NAME, Some(workspace)) = (module, claim.workspace) {
            // What follows in a transaction of this module locks the workspace anyway. Done later, two that hold each
            // other's member or role by the lock below would wait for each other.
            standing::lock(tx, workspace).await?;
        }
        standing::confirm(tx, claim, role, now, true).await
    }

    /// The workspace of that name, unless it is deleted.
    pub async fn find_workspace(&self, reference: &WorkspaceRef) -> Result<Option<WorkspaceId>, DbErr> {
        standing::find_workspace(&self.system.db(), reference).await
    }

    /// Whether `user` is an active member of `workspace` now.
    pub async fn is_active_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr> {
        Ok(self.standing(user).await?.seat(workspace, self.clock.now()).is_some())
    }

    /// What `limit` bounds for `user` by the role that they hold in `workspace` now, if it does.
    pub async fn limit(&self, workspace: WorkspaceId, user: UserId, limit: &Limit) -> Result<Option<i64>, DbErr> {
        let standing = self.standing(user).await?;
        Ok(standing.seat(workspace, self.clock.now()).and_then(|seat| seat.grants.limit(limit)))
    }

    /// Those of `users` who are active members of `workspace` now, by the database. One statement.
    pub async fn members_among(&self, workspace: WorkspaceId, users: &[UserId]) -> Result<HashSet<UserId>, DbErr> {
        memberships::among(&self.system.db(), workspace, users, self.clock.now()).await
    }

    /// The currency of a workspace's hour rates (ISO 4217); none if there is no such workspace.
    pub async fn currency(&self, workspace: WorkspaceId) -> Result<Option<String>, DbErr> {
        standing::currency(&self.system.db(), workspace).await
    }

    /// What the caches of standings and of compiled roles have done.
    pub fn caches(&self) -> [CacheState; 2] {
        [self.kept.state(), self.roles.state()]
    }

    pub(crate) fn roles(&self) -> &CompiledRoles {
        &self.roles
    }

    /// Forgets what someone holds. For this instance's own writes, before they are answered.
    pub(crate) fn forget_user(&self, user: UserId) {
        self.kept.forget_user(user);
    }

    /// Forgets what everybody in a workspace holds.
    pub(crate) fn forget_workspace(&self, workspace: WorkspaceId) {
        self.kept.forget_where(|standing| standing.seats.iter().any(|seat| seat.workspace == workspace));
    }

    /// Forgets what everybody with a role holds.
    pub(crate) fn forget_role(&self, role: RoleId) {
        self.kept.forget_where(|standing| {
            let by_platform = standing.platform.as_ref().is_some_and(|seat| seat.role_id == role);
            by_platform || standing.seats.iter().any(|seat| seat.role_id == role)
        });
    }
}

impl NoticeHandler for Standings {
    fn heard(&self, channel: &str, payload: &str) {
        if !CHANNELS.contains(&channel) {
            return;
        }
        match Forget::read(payload) {
            Forget::User(user) => self.forget_user(user),
            Forget::Workspace(workspace) => self.forget_workspace(workspace),
            Forget::Role(role) => self.forget_role(role),
            Forget::All => self.kept.forget_where(|_| true),
        }
    }

    fn listening(&self) {
        self.kept.trust();
    }

    fn lost(&self) {
        self.kept.distrust();
    }
}
