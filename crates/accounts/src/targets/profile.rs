//! A profile by its person's id, as it is looked at, edited and shown beside a name. Who may is decided as for the
//! account itself.

use kernel::{
    grant::Scope,
    guard::{Found, Lookup, Sight, Target},
    http::etag_of,
    ids::UserId,
    problem::Problem,
};

use super::account::{edited_from, is_seen, seen_from};
use crate::{
    entity::{profile, user},
    permissions::{CAN_EDIT_PROFILES, CAN_VIEW_PROFILES, CAN_VIEW_USERS},
    store,
};

/// A profile to look at. One's own may always be looked at.
#[derive(Debug)]
pub struct ProfileSeen(pub(crate) profile::Model);

/// A profile to edit. One's own may always be edited.
#[derive(Debug)]
pub struct ProfileEdited {
    pub(crate) profile: profile::Model,
    pub(crate) user: user::Model,
}

/// A profile whose picture is looked at, by its owner or whoever shares a workspace with them.
#[derive(Debug)]
pub struct AvatarSeen(pub(crate) profile::Model);

/// The caller's own profile, with their account.
#[derive(Debug)]
pub struct MyProfile {
    pub(crate) profile: profile::Model,
    pub(crate) user: user::Model,
}

/// What the path's `{user_id}` names.
async fn load(lookup: &Lookup<'_>) -> Result<Option<(profile::Model, user::Model)>, Problem> {
    let user: UserId = lookup.key("user_id")?;
    Ok(store::profiles::find(lookup, user).await?)
}

impl Target for ProfileSeen {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let Some((profile, user)) = load(lookup).await? else { return Ok(None) };
        if user.id == lookup.caller().user {
            return Ok(Some(Found::personal(Self(profile))));
        }
        let standing = lookup.standing_of(user.id).await?;
        // Whoever may edit people somewhere sees more there.
        let place = seen_from(lookup, &standing, &[&CAN_VIEW_PROFILES, &CAN_EDIT_PROFILES, &CAN_VIEW_USERS]);
        Ok(Some(Found::at(Self(profile), place)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_seen(sight)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.0.version))
    }
}

impl Target for ProfileEdited {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let Some((profile, user)) = load(lookup).await? else { return Ok(None) };
        if user.id == lookup.caller().user {
            return Ok(Some(Found::personal(Self { profile, user })));
        }
        let standing = lookup.standing_of(user.id).await?;
        let place = edited_from(lookup, &user, &standing);
        Ok(Some(Found::at(Self { profile, user }, place)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_seen(sight)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.profile.version))
    }
}

impl Target for AvatarSeen {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let Some((profile, user)) = load(lookup).await? else { return Ok(None) };
        let mine = lookup.standing();
        let by_platform =
            || mine.platform.as_ref().is_some_and(|seat| seat.grants.scope(&CAN_VIEW_PROFILES) == Scope::Any);
        let is_shown = user.id == lookup.caller().user || by_platform() || {
            let theirs = lookup.standing_of(user.id).await?;
            let now = lookup.now();
            theirs.seats_at(now).any(|seat| mine.seat(seat.workspace, now).is_some())
        };
        Ok(is_shown.then(|| Found::personal(Self(profile))))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}

impl Target for MyProfile {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        // An account that was erased takes its tokens with it.
        let gone = || Problem::unauthorized("invalid_token", "The account of the access token is gone.");
        let found = store::profiles::find(lookup, lookup.caller().user).await?;
        let (profile, user) = found.ok_or_else(gone)?;
        Ok(Some(Found::personal(Self { profile, user })))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}
