//! The guard of lists: what the caller may see of each workspace, as a scope that becomes one SQL condition.

use std::{pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use chrono::{DateTime, Utc};
use sea_orm::{
    Condition,
    sea_query::{Expr, SimpleExpr},
};
use serde::de::DeserializeOwned;

use super::gate::Gate;
use crate::{
    authority::{Caller, Grants, Standing, WorkspaceRef},
    db::{Conn, Module},
    grant::{Denial, Permission, Scope},
    http::Paging,
    ids::{UserId, WorkspaceId},
    listing::is_among,
    problem::Problem,
};

/// A list, as a type.
pub trait Listing: Sized + 'static {
    /// The module whose database it reads.
    type Module: Module;
    /// The query parameters that are its own; `workspace`, `limit`, `cursor`, `sort` and `count` are every list's.
    type Filter: DeserializeOwned + 'static;
    /// The permission whose scope decides what is in it.
    const PERMISSION: &'static Permission;
    /// The values that `sort` takes, the default first; a leading `-` means descending.
    const SORTS: &'static [&'static str];

    /// The order in which the rows come that the filter leaves, where the request says none.
    fn default_sort(_filter: &Self::Filter) -> &'static str {
        Self::SORTS.first().copied().unwrap_or_default()
    }
}

/// The workspaces that one permission reaches, by how far it reaches there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Every workspace there is: a platform role.
    pub everywhere: bool,
    /// Workspaces of which everything is seen.
    pub any: Vec<WorkspaceId>,
    /// Workspaces of which is seen what the caller takes part in or owns.
    pub assigned: Vec<WorkspaceId>,
    /// Workspaces of which is seen what the caller owns.
    pub own: Vec<WorkspaceId>,
}

impl Reach {
    /// What `scope` reaches in one workspace.
    pub fn within(workspace: WorkspaceId, scope: Scope) -> Self {
        let mut reach = Self::default();
        reach.extend(workspace, scope);
        reach
    }

    /// How far memberships reach: all of them, or that in the only workspace.
    pub(super) fn of_members(
        standing: &Standing,
        now: DateTime<Utc>,
        only: Option<WorkspaceId>,
        least: impl Fn(&dyn Grants) -> Scope,
    ) -> Self {
        let mut reach = Self::default();
        for seat in standing.seats_at(now).filter(|seat| only.is_none_or(|only| only == seat.workspace)) {
            reach.extend(seat.workspace, least(seat.grants.as_ref()));
        }
        reach
    }

    /// How far the platform's role reaches: everywhere, or in the only workspace.
    pub(super) fn of_platform(
        standing: &Standing,
        only: Option<WorkspaceId>,
        least: impl Fn(&dyn Grants) -> Scope,
    ) -> Self {
        let mut reach = Self::default();
        if standing.platform.as_ref().is_some_and(|seat| least(seat.grants.as_ref()) == Scope::Any) {
            match only {
                Some(workspace) => reach.any.push(workspace),
                None => reach.everywhere = true,
            }
        }
        reach
    }

    fn extend(&mut self, workspace: WorkspaceId, scope: Scope) {
        match scope {
            Scope::Any => self.any.push(workspace),
            Scope::Assigned => self.assigned.push(workspace),
            Scope::Own => self.own.push(workspace),
            Scope::None => {}
        }
    }

    /// Whether it reaches nothing anywhere.
    pub fn is_nothing(&self) -> bool {
        !self.everywhere && self.any.is_empty() && self.assigned.is_empty() && self.own.is_empty()
    }

    /// The rows it reaches, where `workspace` is the column, `owns` says that the caller owns the row and
    /// `takes_part` that they take part in it (an EXISTS, never a JOIN: that would lose and double rows).
    pub fn condition(&self, workspace: SimpleExpr, owns: SimpleExpr, takes_part: SimpleExpr) -> Condition {
        if self.everywhere {
            return Condition::all();
        }
        let mut reached = Condition::any();
        if !self.any.is_empty() {
            reached = reached.add(is_among(workspace.clone(), &self.any));
        }
        if !self.assigned.is_empty() {
            let related = Condition::any().add(owns.clone()).add(takes_part);
            reached = reached.add(Condition::all().add(is_among(workspace.clone(), &self.assigned)).add(related));
        }
        if !self.own.is_empty() {
            reached = reached.add(Condition::all().add(is_among(workspace, &self.own)).add(owns));
        }
        if reached.is_empty() { Condition::all().add(Expr::value(false)) } else { reached }
    }
}

/// The extractor of a list: 401 without a token, 404 for a workspace that isn't the caller's, 403 when the permission
/// reaches nothing at all.
pub struct Scoped<L: Listing> {
    gate: web::Data<Gate>,
    request: HttpRequest,
    caller: Caller,
    standing: Arc<Standing>,
    /// The one workspace asked for; `None` spans all of the caller's.
    workspace: Option<WorkspaceId>,
    paging: Paging<L::Filter>,
}

impl<L: Listing> std::fmt::Debug for Scoped<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scoped")
            .field("caller", &self.caller)
            .field("workspace", &self.workspace)
            .finish_non_exhaustive()
    }
}

impl<L: Listing> FromRequest for Scoped<L> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let gate = Gate::of(&request)?;
            let (caller, standing) = gate.admit(&request).await?;
            let (paging, named) = Paging::of_list(&request, gate.seal().clone(), L::SORTS, L::default_sort)?;
            let workspace = match named {
                Some(reference) => Some(named_workspace(&gate, &standing, &reference).await?),
                None => None,
            };
            let scoped = Self { gate, request, caller, standing, workspace, paging };
            scoped.check()?;
            Ok(scoped)
        })
    }
}

async fn named_workspace(gate: &Gate, standing: &Standing, reference: &WorkspaceRef) -> Result<WorkspaceId, Problem> {
    if let Some(seat) = standing.find(reference, gate.clock.now()) {
        return Ok(seat.workspace);
    }
    if standing.platform.is_some()
        && let Some(workspace) = gate.authority.find_workspace(reference).await?
    {
        return Ok(workspace);
    }
    Err(Problem::not_found())
}

impl<L: Listing> Scoped<L> {
    /// How far `permission` reaches within what was asked for.
    pub fn reach(&self, permission: &Permission) -> Reach {
        let platform = self.reach_of_platform(|grants| grants.scope(permission));
        if platform.is_nothing() { self.reach_of_members(|grants| grants.scope(permission)) } else { platform }
    }

    /// What the caller lists by, each for itself: their memberships, and the platform's role if they have it. Where more
    /// than one permission decides about a row, one of these must show it; a bit of each shows nothing.
    pub fn rights(&self) -> impl Iterator<Item = Right<'_, L>> {
        let platform = self.standing.platform.as_ref().map(|_| Right { scoped: self, is_platform: true });
        std::iter::once(Right { scoped: self, is_platform: false }).chain(platform)
    }

    fn reach_of_platform(&self, least: impl Fn(&dyn Grants) -> Scope) -> Reach {
        Reach::of_platform(&self.standing, self.workspace, least)
    }

    fn reach_of_members(&self, least: impl Fn(&dyn Grants) -> Scope) -> Reach {
        Reach::of_members(&self.standing, self.now(), self.workspace, least)
    }

    /// Who asks.
    pub fn caller(&self) -> UserId {
        self.caller.user
    }

    /// What was asked: filters, order, position.
    pub fn paging(&self) -> &Paging<L::Filter> {
        &self.paging
    }

    /// The list's own query parameters.
    pub fn filter(&self) -> &L::Filter {
        self.paging.filter()
    }

    /// The one workspace that was asked for.
    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.workspace
    }

    /// A connection to the module's database.
    pub fn db(&self) -> Conn<'_> {
        Conn(self.gate.databases.connection(L::Module::NAME))
    }

    /// The instant, by the server's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.gate.clock.now()
    }

    /// Decides once more, for an answer that goes on for long: who asks, and what they may see by now. Answers as the
    /// guard does where they are not let in any more.
    pub async fn again(&mut self) -> Result<(), Problem> {
        (self.caller, self.standing) = self.gate.admit(&self.request).await?;
        if let Some(workspace) = self.workspace {
            named_workspace(&self.gate, &self.standing, &WorkspaceRef::Id(workspace)).await?;
        }
        self.check()
    }

    fn check(&self) -> Result<(), Problem> {
        if self.belongs_somewhere() && self.reach(L::PERMISSION).is_nothing() {
            return Err(self.refusal());
        }
        Ok(())
    }

    /// Someone who belongs nowhere sees an empty list; someone who does, and holds nothing, is told so.
    fn belongs_somewhere(&self) -> bool {
        self.workspace.is_some() || self.standing.seats_at(self.now()).next().is_some()
    }

    fn refusal(&self) -> Problem {
        let now = self.now();
        let seat =
            self.workspace.and_then(|id| self.standing.seat(id, now)).or_else(|| self.standing.seats_at(now).next());
        let role = seat.map(|seat| seat.grants.role().into());
        let weakest = L::PERMISSION.scopes.first().copied().unwrap_or(Scope::Any);
        Problem::denied(&Denial {
            permission: L::PERMISSION.key,
            held: Scope::None,
            needed: weakest,
            relation: None,
            role,
        })
    }
}

/// Something that a caller lists by: their memberships together, or the platform's role.
#[derive(Debug)]
pub struct Right<'a, L: Listing> {
    scoped: &'a Scoped<L>,
    is_platform: bool,
}

impl<L: Listing> Right<'_, L> {
    /// The person who may own rows and take part in them. By the platform's role nobody does: it stands outside, as where
    /// one row is decided about.
    pub fn person(&self) -> Option<UserId> {
        (!self.is_platform).then_some(self.scoped.caller.user)
    }

    /// What it grants in `workspace`, for rows that were already listed.
    pub fn grants(&self, workspace: WorkspaceId) -> Option<&dyn Grants> {
        let standing = &self.scoped.standing;
        if self.is_platform {
            return standing.platform.as_ref().map(|seat| seat.grants.as_ref());
        }
        standing.seat(workspace, self.scoped.now()).map(|seat| seat.grants.as_ref())
    }

    /// How far `permission` reaches by this and nothing else.
    pub fn reach(&self, permission: &Permission) -> Reach {
        self.reach_of_all(&[permission])
    }

    /// How far all of `permissions` reach together: in each workspace as far as the least of them.
    pub fn reach_of_all(&self, permissions: &[&Permission]) -> Reach {
        let least = |grants: &dyn Grants| {
            permissions.iter().map(|permission| grants.scope(permission)).min().unwrap_or(Scope::None)
        };
        if self.is_platform { self.scoped.reach_of_platform(least) } else { self.scoped.reach_of_members(least) }
    }
}

impl<L: Listing> Scoped<L> {
    /// What the caller's role in `workspace` grants, for rows that were already listed.
    pub fn grants(&self, workspace: WorkspaceId) -> Option<&dyn Grants> {
        let member = self.standing.seat(workspace, self.now()).map(|seat| seat.grants.as_ref());
        member.or_else(|| self.standing.platform.as_ref().map(|seat| seat.grants.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::{PostgresQueryBuilder, Query};
    use uuid::Uuid;

    use super::*;

    const ONE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));
    const TWO: WorkspaceId = WorkspaceId(Uuid::from_u128(2));

    /// What follows `WHERE`, with short names for the workspaces.
    fn rows(reach: &Reach) -> String {
        let condition = reach.condition(Expr::cust("place"), Expr::cust("owns"), Expr::cust("takes_part"));
        let sql = Query::select().expr(Expr::cust("row")).cond_where(condition).to_string(PostgresQueryBuilder);
        let sql = sql.replace(&format!("'{}'", ONE.0), "1").replace(&format!("'{}'", TWO.0), "2");
        sql.split_once(" WHERE ").map_or_else(|| "TRUE".to_owned(), |(_, rows)| rows.replace(['(', ')'], ""))
    }

    #[test]
    fn a_list_shows_what_each_scope_reaches_in_its_workspaces() {
        assert_eq!(rows(&Reach { everywhere: true, own: vec![ONE], ..Reach::default() }), "TRUE");
        assert_eq!(rows(&Reach { any: vec![ONE], ..Reach::default() }), "place = 1");
        assert_eq!(rows(&Reach { any: vec![ONE, TWO], ..Reach::default() }), "place IN 1, 2");
        let assigned = Reach { assigned: vec![ONE], ..Reach::default() };
        assert_eq!(rows(&assigned), "place = 1 AND owns OR takes_part");
        assert_eq!(rows(&Reach { own: vec![TWO], ..Reach::default() }), "place = 2 AND owns");
        assert_eq!(
            rows(&Reach { any: vec![ONE], own: vec![TWO], ..Reach::default() }),
            "place = 1 OR place = 2 AND owns"
        );
        assert_eq!(rows(&Reach::default()), "FALSE");
    }
}
