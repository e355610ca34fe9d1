//! What a change of a role would do: tried in a transaction that is never committed.

use std::collections::BTreeMap;

use kernel::{
    grant::{Limit, Permission, Scope},
    guard::{Permit, Span},
    ids::UserId,
    problem::Problem,
};
use policy::{CompiledRole, RoleDocument};

use super::{Acting, Workspaces, check_kept, role_edit};
use crate::{
    actions::SimulateRole,
    dto::{ChangeView, LimitChangeView, MemberChangeView, RefusalView, Simulation, SimulationView},
    entity::role,
    error::{WorkspaceError, document_faults},
    permissions::CAN_VIEW_MEMBERS,
    store::{self, Locked},
};

/// As many members are named one by one.
const MOST_NAMED: usize = 500;

/// A permission whose grant would be another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    permission: &'static Permission,
    from: Scope,
    to: Scope,
}

impl Workspaces {
    /// Who would gain and lose what if the role had another document; nothing changes.
    pub(crate) async fn simulate_role(
        &self,
        permit: &Permit<SimulateRole>,
        simulation: Simulation,
    ) -> Result<SimulationView, Problem> {
        permit.require(&CAN_VIEW_MEMBERS)?;
        let target = permit.target();
        let document = self.vocabulary().parse(&simulation.permissions);
        let document = document.map_err(|faults| WorkspaceError::UnsoundRole(document_faults(faults)))?;
        let before = self.vocabulary().restore(&target.permissions).document;
        let compiled = |document: &RoleDocument| self.standings.roles().compile(&target.name, document);
        let (before, after) = (compiled(&before), compiled(&document));

        let refusal = self.try_out(permit, &document).await?;
        let holders = store::members::holders(permit, target.id).await.map_err(WorkspaceError::from)?;
        let changes = changes(&before, &after);
        let mut told = Vec::new();
        for change in &changes {
            told.push(self.told(permit, change, &holders).await?);
        }
        Ok(SimulationView {
            role: target.name.clone(),
            members: holders.len() as u64,
            changes: told,
            limits: limit_changes(&before, &after),
            resources: self.touched(permit, &changes, &holders).await?,
            affected: self.affected(&changes, &holders).await?,
            is_administrator: after.is_administrator(),
            was_administrator: before.is_administrator(),
            refusal,
        })
    }

    /// The refusal that the change would meet now.
    async fn try_out(
        &self,
        permit: &Permit<SimulateRole>,
        document: &RoleDocument,
    ) -> Result<Option<RefusalView>, Problem> {
        match self.attempt(permit, document).await {
            Ok(()) => Ok(None),
            Err(WorkspaceError::Failure(failure)) => Err(failure.into()),
            Err(refused) => {
                let problem = Problem::from(refused);
                Ok(Some(RefusalView { code: problem.code().to_owned(), detail: problem.detail().to_owned() }))
            }
        }
    }

    async fn attempt(&self, permit: &Permit<SimulateRole>, document: &RoleDocument) -> Result<(), WorkspaceError> {
        let tx = permit.begin().await?;
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let all = store::roles::all(&locked).await?;
        let before = all.iter().find(|role| role.id == permit.target().id).ok_or(WorkspaceError::NotFound)?;
        let acting = Acting::by_permit(&locked)?;
        acting.covers_row(before, self.standings.roles())?;
        let draft = role_edit::with_permissions(before, &all, document.to_value());
        let sound = self.check_draft(&draft, Some(before.id), &locked.workspace, &all, &acting)?;
        let after = role::Model { permissions: sound.document.to_value(), ..before.clone() };
        if after != *before {
            store::roles::update(&locked, before.id, role_edit::change(&after, permit)).await?;
            check_kept(&locked, self.vocabulary()).await?;
        }
        // Dropped without a commit, the transaction leaves nothing behind.
        Ok(())
    }

    async fn told(
        &self,
        permit: &Permit<SimulateRole>,
        change: &Change,
        holders: &[UserId],
    ) -> Result<ChangeView, Problem> {
        let kind = self.kinds.iter().find(|kind| kind.takes(change.permission) && kind.is_reversible());
        let resources = match kind {
            Some(kind) => permit.count_touched(kind, Span::of(holders, [(change.from, change.to)])).await?,
            None => None,
        };
        Ok(ChangeView {
            permission: change.permission.key,
            from: change.from,
            to: change.to,
            kind: kind.map(|kind| kind.name),
            resources,
        })
    }

    /// Of each kind, how many resources at least one change touches.
    async fn touched(
        &self,
        permit: &Permit<SimulateRole>,
        changes: &[Change],
        holders: &[UserId],
    ) -> Result<BTreeMap<&'static str, u64>, Problem> {
        let mut touched = BTreeMap::new();
        for kind in self.kinds.iter().filter(|kind| kind.is_reversible()) {
            let ours = changes.iter().filter(|change| kind.takes(change.permission));
            let scopes: Vec<_> = ours.map(|change| (change.from, change.to)).collect();
            if scopes.is_empty() {
                continue;
            }
            let count = permit.count_touched(kind, Span::of(holders, scopes)).await?;
            touched.insert(kind.name, count.unwrap_or_default());
        }
        Ok(touched)
    }

    async fn affected(&self, changes: &[Change], holders: &[UserId]) -> Result<Vec<MemberChangeView>, Problem> {
        let named = &holders[..holders.len().min(MOST_NAMED)];
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let keys = |which: fn(&Change) -> bool| {
            changes.iter().filter(|change| which(change)).map(|change| change.permission.key).collect::<Vec<_>>()
        };
        let (gains, losses) = (keys(|change| change.to > change.from), keys(|change| change.to < change.from));
        let mut names = self.people.names(named).await?;
        let view = |user: &UserId| MemberChangeView {
            user_id: *user,
            name: names.remove(user),
            gains: gains.clone(),
            losses: losses.clone(),
        };
        Ok(named.iter().map(view).collect())
    }
}

fn changes(before: &CompiledRole, after: &CompiledRole) -> Vec<Change> {
    let permissions = before.vocabulary().permissions().map(|(_, permission)| permission);
    let change = |permission| Change { permission, from: before.scope(permission), to: after.scope(permission) };
    permissions.map(change).filter(|change| change.from != change.to).collect()
}

fn limit_changes(before: &CompiledRole, after: &CompiledRole) -> Vec<LimitChangeView> {
    let limits = before.vocabulary().limits();
    let change = |(_, limit): (_, &'static Limit)| LimitChangeView {
        limit: limit.key,
        from: before.limit(limit),
        to: after.limit(limit),
    };
    limits.map(change).filter(|change| change.from != change.to).collect()
}
