//! What a target's loader gets to work with: a connection that lives for the lookup, the caller and the path.

use std::{str::FromStr, sync::Arc};

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use super::{
    action::{Found, InWorkspace},
    gate::Gate,
    scoped::Reach,
};
use crate::{
    authority::{Caller, Standing, WorkspaceRef},
    db::Conn,
    grant::{Permission, Relation},
    ids::UserId,
    problem::Problem,
};

/// What names the target.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keys<'a> {
    /// A request's path.
    Path(&'a HttpRequest),
    /// A question that is asked about it.
    Given(&'a [(&'static str, String)]),
}

impl Keys<'_> {
    fn get(&self, name: &str) -> &str {
        let named = match self {
            Self::Path(request) => request.match_info().get(name),
            Self::Given(keys) => keys.iter().find(|(known, _)| *known == name).map(|(_, key)| key.as_str()),
        };
        named.unwrap_or_default()
    }
}

/// The means of one lookup. Only the guard makes one.
#[derive(Debug)]
pub struct Lookup<'a> {
    pub(super) gate: &'a Gate,
    pub(super) keys: Keys<'a>,
    pub(super) module: &'static str,
    pub(super) caller: Caller,
    pub(super) standing: Arc<Standing>,
}

impl Lookup<'_> {
    /// A path parameter. One that can't be a key names nothing: 404.
    pub fn key<K: FromStr>(&self, name: &str) -> Result<K, Problem> {
        self.keys.get(name).parse().map_err(|_| Problem::not_found())
    }

    /// A connection to the database of the action's module, for reading.
    pub fn db(&self) -> Conn<'_> {
        Conn(self.gate.databases.connection(self.module))
    }

    /// Who is calling. Public actions have no caller; their targets don't ask.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// What the caller holds.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// How far `permission` reaches by the caller's memberships, for what is loaded with the target.
    pub fn reach_of_members(&self, permission: &Permission) -> Reach {
        Reach::of_members(&self.standing, self.now(), None, |grants| grants.scope(permission))
    }

    /// How far `permission` reaches by the platform's role. By it nobody owns anything: see [`Right::person`](super::Right::person).
    pub fn reach_of_platform(&self, permission: &Permission) -> Reach {
        Reach::of_platform(&self.standing, None, |grants| grants.scope(permission))
    }

    /// What someone else holds.
    pub async fn standing_of(&self, user: UserId) -> Result<Arc<Standing>, DbErr> {
        self.gate.authority.standing(user).await
    }

    /// The instant of this request.
    pub fn now(&self) -> DateTime<Utc> {
        self.gate.clock.now()
    }

    /// A workspace of the caller's, or any for a platform role. Costs no statement for a member.
    pub async fn workspace(&self, reference: &WorkspaceRef) -> Result<Option<Found<InWorkspace>>, Problem> {
        if let Some(seat) = self.standing.find(reference, self.now()) {
            // An act on nothing in particular needs a grant that reaches everything.
            let here = InWorkspace(seat.workspace);
            return Ok(Some(Found::in_workspace(here, seat.workspace, Relation::Other)));
        }
        if self.standing.platform.is_none() {
            return Ok(None);
        }
        let known = self.gate.authority.find_workspace(reference).await?;
        Ok(known.map(|id| Found::in_workspace(InWorkspace(id), id, Relation::Other)))
    }
}
