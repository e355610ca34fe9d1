//! Inviting people: making an invitation, sending it again, taking it back.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    guard::{Identified, InWorkspace, Permit},
    http::{Created, Paging, Tagged, etag_of},
    ids::{UserId, uuid_v7},
    outbox::Event,
    page::Page,
    problem::Problem,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::{Acting, Workspaces, roles::named};
use crate::{
    actions::{AddMember, InviteMember, ListInvitations, ResendInvitation, RevokeInvitation, ViewInvitation},
    dto::{InvitationFilter, InvitationId, InvitationStatus, InvitationView, NewMember},
    entity::{invitation, member, role},
    error::WorkspaceError,
    events,
    permissions::CAN_MANAGE_MEMBERS,
    store::{
        self, Locked,
        invitations::{Invitee, Revoked},
    },
};

/// How long an invitation can be accepted after it was sent.
const LIFE: TimeDelta = TimeDelta::days(7);
/// How long after one letter the next may follow.
const PAUSE: TimeDelta = TimeDelta::minutes(1);
/// How many letters one address gets of a workspace in a day: the first and five more.
const LETTERS: i64 = 6;
/// How many one address gets of all workspaces, and how many go out for one inviter, in a day: who founds workspaces to
/// have their names mailed to strangers doesn't get far.
const LETTERS_TO_ONE: i64 = 20;
const LETTERS_BY_ONE: i64 = 500;
/// The day over which they are counted.
const DAY: TimeDelta = TimeDelta::days(1);
/// How many invitations of a workspace may wait.
const MOST_OPEN: u64 = 1_000;

/// What brings people in.
pub(crate) trait BringsIn: Identified<Target = InWorkspace> {}
impl BringsIn for AddMember {}
impl BringsIn for InviteMember {}

impl Workspaces {
    /// Invites an address or an account to a role that the caller covers. What is answered follows from the request
    /// alone: whether an address has an account is not even asked.
    pub(crate) async fn invite<A: BringsIn>(
        &self,
        permit: &Permit<A>,
        new: NewMember,
    ) -> Result<Created<InvitationView>, WorkspaceError> {
        let invitee = self.invitee(&new).await?;
        let (tx, now) = (permit.begin().await?, permit.now());
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let role = named(store::roles::all(&locked).await?, &new.role, "/role")?;
        let roles = self.standings.roles();
        Acting::by_permit(&locked)?.covers_row(&role, roles)?;
        let row = open(&locked, permit.caller(), invitee, &role, new.hour_rate, now).await?;
        tx.announce(about(events::INVITED, &row, now)).await?;
        let reply = created(&locked, row.id, permit.holds(&CAN_MANAGE_MEMBERS), now).await?;
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    async fn invitee(&self, new: &NewMember) -> Result<Invitee, WorkspaceError> {
        match (new.user_id, &new.email) {
            (Some(user), _) if self.people.exists(user).await? => Ok(Invitee::Account(user)),
            (None, Some(email)) => Ok(Invitee::Address(email.trim().to_owned())),
            _ => Err(WorkspaceError::UnknownPerson { pointer: "/user_id" }),
        }
    }

    /// A workspace's invitations.
    pub(crate) async fn invitations(
        &self,
        permit: &Permit<ListInvitations>,
        paging: &Paging<InvitationFilter>,
    ) -> Result<Page<InvitationView>, Problem> {
        let after = paging.after::<(DateTime<Utc>, InvitationId)>()?;
        let rows = store::invitations::list(permit, paging.filter(), after, paging.limit() + 1).await?;
        let sees_rate = permit.holds(&CAN_MANAGE_MEMBERS);
        let page = paging.page(rows, |row| (row.created_at, row.id))?;
        let mut page = page.map(|row| InvitationView::of(row, sees_rate, permit.now()));
        if paging.wants_count() {
            page.count = Some(store::invitations::count(permit, paging.filter()).await?);
        }
        Ok(page)
    }

    /// One invitation.
    pub(crate) fn invitation(permit: &Permit<ViewInvitation>) -> Tagged<InvitationView> {
        let row = permit.target().0.clone();
        let sees_rate = permit.holds(&CAN_MANAGE_MEMBERS);
        Tagged::new(row.version, InvitationView::of(row, sees_rate, permit.now()))
    }

    /// Sends an invitation again, with another link and a whole life. Whoever does that answers for it from now on.
    pub(crate) async fn resend(
        &self,
        permit: &Permit<ResendInvitation>,
    ) -> Result<Tagged<InvitationView>, WorkspaceError> {
        let (tx, now) = (permit.begin().await?, permit.now());
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let row = store::invitations::get(&locked, permit.target().0.id).await?.ok_or(WorkspaceError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        let roles = self.standings.roles();
        let role = role_of(&locked, &row).await?;
        Acting::by_permit(&locked)?.covers_row(&role, roles)?;
        if row.status != InvitationStatus::Open {
            return Err(WorkspaceError::InvitationGone { reason: row.status.as_str() });
        }
        if now < row.sent_at + PAUSE {
            let retry_after = (row.sent_at + PAUSE - now).num_seconds() + 1;
            return Err(WorkspaceError::SentLately { retry_after });
        }
        if let Some(invitee) = Invitee::of(&row) {
            check_letters(&locked, permit.caller(), &invitee, now).await?;
        }
        let is_same_day = now < row.sends_since + DAY;
        let change = invitation::ActiveModel {
            invited_by: Set(permit.caller()),
            token_id: Set(uuid_v7(now)),
            sends: Set(if is_same_day { row.sends + 1 } else { 1 }),
            sends_since: Set(if is_same_day { row.sends_since } else { now }),
            sent_at: Set(now),
            expires_at: Set(now + LIFE),
            ..Default::default()
        };
        let row = store::invitations::update(&locked, &row, change).await?;
        tx.announce(about(events::INVITATION_RESENT, &row, now)).await?;
        let shown = store::invitations::find(&tx, row.id).await?.ok_or(WorkspaceError::NotFound)?;
        let view = InvitationView::of(shown, permit.holds(&CAN_MANAGE_MEMBERS), now);
        let reply = Tagged::new(row.version, view);
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Takes an invitation back: one's own, or one to a role that the caller covers.
    pub(crate) async fn revoke(&self, permit: &Permit<RevokeInvitation>) -> Result<(), WorkspaceError> {
        let (tx, now) = (permit.begin().await?, permit.now());
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let row = store::invitations::get(&locked, permit.target().0.id).await?.ok_or(WorkspaceError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        if row.invited_by != permit.caller() {
            let roles = self.standings.roles();
            let role = role_of(&locked, &row).await?;
            Acting::by_permit(&locked)?.covers_row(&role, roles)?;
        }
        if row.status != InvitationStatus::Open {
            return Err(WorkspaceError::InvitationGone { reason: row.status.as_str() });
        }
        let row = settle(&locked, &row, InvitationStatus::Revoked, None, now).await?;
        tx.announce(about(events::INVITATION_REVOKED, &row, now)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Makes an invitation, and for an account the membership that begins when it accepts.
pub(crate) async fn open(
    locked: &Locked<'_, impl ConnectionTrait>,
    inviter: UserId,
    invitee: Invitee,
    role: &role::Model,
    hour_rate: Option<i64>,
    now: DateTime<Utc>,
) -> Result<invitation::Model, WorkspaceError> {
    check_letters(locked, inviter, &invitee, now).await?;
    if store::invitations::count_open(locked, now).await? >= MOST_OPEN {
        return Err(WorkspaceError::TooManyInvitations);
    }
    let email_key = invitee.key();
    let (email, user_id) = match invitee {
        Invitee::Address(email) => (Some(email), None),
        Invitee::Account(user) => (None, Some(user)),
    };
    let row = invitation::Model {
        id: InvitationId::new(now),
        workspace_id: locked.id(),
        email,
        email_key,
        user_id,
        role_id: role.id,
        hour_rate,
        invited_by: inviter,
        status: InvitationStatus::Open,
        token_id: uuid_v7(now),
        sends: 1,
        sends_since: now,
        sent_at: now,
        expires_at: now + LIFE,
        version: 1,
        created_at: now,
        settled_at: None,
        accepted_by: None,
    };
    store::invitations::insert(locked, &row).await?;
    if let Some(user) = user_id {
        // What waited without an answer until its time was over makes room.
        store::members::delete_unanswered(locked, user).await?;
        let waiting = member::Model { hour_rate, ..member::Model::invited(locked.id(), user, role.id, now) };
        if !store::members::insert(locked, waiting).await? {
            return Err(WorkspaceError::AlreadyMember);
        }
    }
    Ok(row)
}

/// Invitations can be made again as soon as they are taken back, so letters are counted by whom they go to.
async fn check_letters(
    locked: &Locked<'_, impl ConnectionTrait>,
    inviter: UserId,
    invitee: &Invitee,
    now: DateTime<Utc>,
) -> Result<(), WorkspaceError> {
    store::invitations::queue(locked, inviter, invitee).await?;
    let sent = store::invitations::sends_since(locked, inviter, invitee, now - DAY).await?;
    if sent.here < LETTERS && sent.to_them < LETTERS_TO_ONE && sent.by_inviter < LETTERS_BY_ONE {
        return Ok(());
    }
    Err(WorkspaceError::SentLately { retry_after: DAY.num_seconds() })
}

/// Ends an open invitation. Unless it was accepted, the membership goes that was to begin by it.
pub(crate) async fn settle(
    locked: &Locked<'_, impl ConnectionTrait>,
    row: &invitation::Model,
    status: InvitationStatus,
    accepted_by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<invitation::Model, WorkspaceError> {
    if let (Some(user), None) = (row.user_id, accepted_by) {
        store::members::delete_unanswered(locked, user).await?;
    }
    let change = invitation::ActiveModel {
        status: Set(status),
        settled_at: Set(Some(now)),
        accepted_by: Set(accepted_by),
        ..Default::default()
    };
    Ok(store::invitations::update(locked, row, change).await?)
}

/// Takes several back; answers what to announce.
pub(crate) async fn revoke_all(
    locked: &Locked<'_, impl ConnectionTrait>,
    which: Revoked,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, WorkspaceError> {
    let ids = store::invitations::revoke(locked, which, now).await?;
    let told = |id: InvitationId| {
        Event::new(events::INVITATION_REVOKED, events::INVITATION, id.0, now).in_workspace(locked.id())
    };
    Ok(ids.into_iter().map(told).collect())
}

/// The role that an invitation brings; one whose role is gone was taken back with it.
pub(crate) async fn role_of(
    locked: &Locked<'_, impl ConnectionTrait>,
    row: &invitation::Model,
) -> Result<role::Model, WorkspaceError> {
    let role = store::roles::by_id(locked.tx, row.role_id).await?;
    let here = role.filter(|role| role.workspace_id == Some(locked.id()));
    here.ok_or(WorkspaceError::InvitationGone { reason: InvitationStatus::Revoked.as_str() })
}

/// The event that tells of an invitation. Its address is nobody's business who reads the log.
pub(crate) fn about(action: &str, row: &invitation::Model, now: DateTime<Utc>) -> Event {
    let event = Event::new(action, events::INVITATION, row.id.0, now).in_workspace(row.workspace_id);
    let event = event.fact("role_id", row.role_id.to_string()).fact("invited_by", row.invited_by.to_string());
    match row.user_id {
        Some(user) => event.fact("user_id", user.to_string()),
        None => event,
    }
}

async fn created(
    locked: &Locked<'_, impl ConnectionTrait>,
    id: InvitationId,
    sees_rate: bool,
    now: DateTime<Utc>,
) -> Result<Created<InvitationView>, WorkspaceError> {
    let row = store::invitations::find(locked.tx, id).await?.ok_or(WorkspaceError::NotFound)?;
    let etag = etag_of(row.version);
    let view = InvitationView::of(row, sees_rate, now);
    Ok(Created::at(format!("/invitations/{id}"), Some(etag), view))
}
