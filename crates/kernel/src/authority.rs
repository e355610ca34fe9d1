//! Who is calling and what they hold: the port between the guard and the crates that know (accounts, workspace, policy).

use std::{fmt, str::FromStr, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DbErr};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

use crate::{
    grant::{Decision, Limit, Permission, Relation, Scope},
    ids::{RoleId, SessionId, TokenId, UserId, WorkspaceId},
};

/// A person in one of their sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Who.
    pub user: UserId,
    /// Through which sign-in.
    pub session: SessionId,
}

/// Who is calling, and what says so.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub user: UserId,
    /// What says so.
    pub by: Credential,
}

/// What says who is calling.
#[derive(Clone, Debug)]
pub enum Credential {
    /// They signed in.
    Session(SessionId),
    /// A program of theirs has a personal access token, which is worth no more than its bounds.
    Token(TokenId, Arc<dyn Bounds>),
}

impl From<SignIn> for Caller {
    fn from(SignIn { user, session }: SignIn) -> Self {
        Self { user, by: Credential::Session(session) }
    }
}

impl Caller {
    /// The token, if that is what says who is calling.
    pub fn token(&self) -> Option<TokenId> {
        match self.by {
            Credential::Session(_) => None,
            Credential::Token(token, _) => Some(token),
        }
    }

    /// What is left for them of `grants`, which they hold in `workspace`, or by the platform; none if nothing is.
    pub fn left_of(&self, workspace: Option<WorkspaceId>, grants: Arc<dyn Grants>) -> Option<Arc<dyn Grants>> {
        match &self.by {
            Credential::Session(_) => Some(grants),
            Credential::Token(_, bounds) => bounds.within(workspace, grants),
        }
    }

    /// What is left for them of `standing`, which is that of the person.
    pub fn left_of_standing(&self, standing: Arc<Standing>) -> Arc<Standing> {
        if self.token().is_none() {
            return standing;
        }
        let seats = standing.seats.iter().filter_map(|seat| {
            let grants = self.left_of(Some(seat.workspace), Arc::clone(&seat.grants))?;
            Some(Seat { grants, ..seat.clone() })
        });
        let platform = standing.platform.as_ref().and_then(|seat| {
            let grants = self.left_of(None, Arc::clone(&seat.grants))?;
            Some(PlatformSeat { grants, ..seat.clone() })
        });
        Arc::new(Standing { user: standing.user, seats: seats.collect(), platform })
    }
}

/// What a credential takes away from what its owner holds.
pub trait Bounds: fmt::Debug + Send + Sync + 'static {
    /// What is left of `grants`, held in `workspace`, or by the platform; none if nothing of that seat is.
    fn within(&self, workspace: Option<WorkspaceId>, grants: Arc<dyn Grants>) -> Option<Arc<dyn Grants>>;
}

/// Why a bearer token is not good. All are answered alike, 401 `invalid_token`, so the difference is for logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Not a token of this server.
    #[error("not a token of this server")]
    Invalid,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// Its session was ended.
    #[error("session ended")]
    Revoked,
    /// It could not be checked: the database is away.
    #[error("not checkable now")]
    Unavailable,
}

/// A compiled role, as the guard asks it. Implemented by the role engine.
pub trait Grants: fmt::Debug + Send + Sync + 'static {
    /// The role's name, as in `admin`.
    fn role(&self) -> &str;
    /// How far it grants `permission`.
    fn scope(&self, permission: &Permission) -> Scope;
    /// The engine's answer for a resource so related.
    fn decide(&self, permission: &'static Permission, relation: Relation) -> Decision;
    /// The role's bound, if it sets one.
    fn limit(&self, limit: &Limit) -> Option<i64>;
    /// Whether it also grants what will be declared later: it has the wildcard.
    fn is_open_ended(&self) -> bool;
    /// Whether it grants `permission` by its own key, not by the wildcard.
    fn names(&self, permission: &Permission) -> bool;

    /// The key in the role's document that grants `permission`: its own, or the wildcard; none where nothing does.
    fn source(&self, permission: &Permission) -> Option<&'static str> {
        let key = if self.names(permission) { permission.key } else { "*" };
        (self.scope(permission) > Scope::None).then_some(key)
    }
}

/// An active membership with the role it gives.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The workspace's slug.
    pub slug: String,
    /// Whether the member owns the workspace.
    pub owner: bool,
    /// When the membership ends by itself; asked at decision time.
    pub expires_at: Option<DateTime<Utc>>,
    /// The role's identity.
    pub role_id: RoleId,
    /// The role's version: with the id, an immutable key.
    pub role_version: i32,
    /// What the role grants.
    pub grants: Arc<dyn Grants>,
}

/// A role that holds in every workspace.
#[derive(Clone, Debug)]
pub struct PlatformSeat {
    /// The role's identity.
    pub role_id: RoleId,
    /// The role's version.
    pub role_version: i32,
    /// What the role grants.
    pub grants: Arc<dyn Grants>,
}

/// Everything one person holds: their active memberships and their platform role. Suspended memberships are not in it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Whose.
    pub user: UserId,
    /// Active memberships, in no particular order.
    pub seats: Vec<Seat>,
    /// The platform role, if they have one.
    pub platform: Option<PlatformSeat>,
}

impl Standing {
    /// Someone who belongs nowhere.
    pub fn none(user: UserId) -> Self {
        Self { user, seats: Vec::new(), platform: None }
    }

    /// The memberships that hold at `now`.
    pub fn seats_at(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(move |seat| seat.expires_at.is_none_or(|end| now < end))
    }

    /// The membership in `workspace` that holds at `now`.
    pub fn seat(&self, workspace: WorkspaceId, now: DateTime<Utc>) -> Option<&Seat> {
        self.seats_at(now).find(|seat| seat.workspace == workspace)
    }

    /// The membership that a reference names.
    pub fn find(&self, reference: &WorkspaceRef, now: DateTime<Utc>) -> Option<&Seat> {
        self.seats_at(now).find(|seat| match reference {
            WorkspaceRef::Id(id) => seat.workspace == *id,
            WorkspaceRef::Slug(slug) => seat.slug == *slug,
        })
    }
}

/// How a request names a workspace: by id or by slug.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum WorkspaceRef {
    /// A UUID.
    Id(WorkspaceId),
    /// A slug: lower-case letters, digits and hyphens.
    Slug(String),
}

impl PartialSchema for WorkspaceRef {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some("A workspace, by its id or its slug.")).examples(["acme"]).into()
    }
}

impl ToSchema for WorkspaceRef {}

impl FromStr for WorkspaceRef {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        let in_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.is_empty() || text.len() > 63 || !text.chars().all(in_slug) {
            return Err("a workspace is named by its id or its slug");
        }
        Ok(Self::Slug(text.to_owned()))
    }
}

impl TryFrom<String> for WorkspaceRef {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for WorkspaceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Slug(slug) => f.write_str(slug),
        }
    }
}

impl From<WorkspaceRef> for String {
    fn from(reference: WorkspaceRef) -> Self {
        reference.to_string()
    }
}

/// What a permit rests on; re-read in the transaction that it opens.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Who acts.
    pub user: UserId,
    /// What says so.
    pub by: Credential,
    /// In which workspace, unless through nothing but being signed in.
    pub workspace: Option<WorkspaceId>,
    /// By which role and version of it; `None` for one's own account.
    pub role: Option<(RoleId, i32)>,
    /// Whether the role is a platform role.
    pub platform: bool,
}

/// What the guard asks the crates that know. Implemented where the program is wired.
#[async_trait]
pub trait Authority: Send + Sync + 'static {
    /// Whose token this is. Costs no statement for a token seen before.
    async fn authenticate(&self, token: &str) -> Result<Caller, TokenFault>;

    /// What `user` holds. Costs no statement for someone seen before.
    async fn standing(&self, user: UserId) -> Result<Arc<Standing>, DbErr>;

    /// The workspace of that name, for callers who needn't be members.
    async fn find_workspace(&self, reference: &WorkspaceRef) -> Result<Option<WorkspaceId>, DbErr>;

    /// Whether `claim` is true in the database at this moment, and stays true until `tx` ends. `tx` is in the database
    /// of module `module`; an implementation whose tables live elsewhere asks there, without the lock.
    async fn confirm(&self, claim: &Claim, module: &'static str, tx: &DatabaseTransaction) -> Result<bool, DbErr>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grant::Scope;

    /// A role that grants nothing.
    #[derive(Debug)]
    struct Empty;

    impl Grants for Empty {
        fn role(&self) -> &'static str {
            "empty"
        }

        fn scope(&self, _: &Permission) -> Scope {
            Scope::None
        }

        fn decide(&self, _: &'static Permission, _: Relation) -> Decision {
            Decision::Allowed
        }

        fn limit(&self, _: &Limit) -> Option<i64> {
            None
        }

        fn is_open_ended(&self) -> bool {
            false
        }

        fn names(&self, _: &Permission) -> bool {
            false
        }
    }

    #[test]
    fn a_membership_holds_until_the_instant_of_its_end_and_not_in_it() {
        let end = DateTime::UNIX_EPOCH;
        let (workspace, tick) = (WorkspaceId(uuid::Uuid::from_u128(1)), chrono::Duration::microseconds(1));
        let seat = Seat {
            workspace,
            slug: "here".to_owned(),
            owner: false,
            expires_at: Some(end),
            role_id: RoleId(uuid::Uuid::from_u128(2)),
            role_version: 1,
            grants: Arc::new(Empty),
        };
        let standing = Standing { seats: vec![seat], ..Standing::none(UserId(uuid::Uuid::from_u128(3))) };
        for reference in [WorkspaceRef::Id(workspace), WorkspaceRef::Slug("here".to_owned())] {
            assert!(standing.find(&reference, end - tick).is_some());
            assert!(standing.find(&reference, end).is_none());
        }
        assert!(standing.seat(workspace, end - tick).is_some());
        assert!(standing.seat(workspace, end).is_none());
    }
}
