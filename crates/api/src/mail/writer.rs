//! Writes the letter that follows from an event, from what is true when it is sent.

use std::sync::Arc;

use accounts::{Directory, PublicName, letters::Letters};
use activity::notifications::{self, NotificationId};
use kernel::{clock::Clock, ids::UserId, outbox::Event};
use sea_orm::DbErr;
use workspace::{
    Addressee, Enrolling, InvitationId, Standings,
    events::{INVITATION_RESENT, INVITED, MEMBER_ADDED, MEMBER_PROMOTED},
};

use super::{
    letter::Letter,
    links::Links,
    wording::{self, Invitation, Membership},
};

/// Knows what letters are about.
pub(super) struct Writer {
    letters: Letters,
    notices: notifications::Letters,
    directory: Directory,
    standings: Arc<Standings>,
    enrolling: Arc<Enrolling>,
    links: Links,
    clock: Clock,
}

/// Somebody is told of something, and wants it by mail. Its resource is the notification. Mail's own: nobody else hears it.
pub(super) const NOTIFIED: &str = "notification.created";

/// Whether a letter may follow from the event.
pub(super) fn follows_from(event: &Event) -> bool {
    match event.action.as_str() {
        INVITED | INVITATION_RESENT | MEMBER_PROMOTED => true,
        MEMBER_ADDED => is_done_by_another(event),
        _ => Letters::follow_from(event),
    }
}

impl Writer {
    pub(super) fn new(
        (letters, notices): (Letters, notifications::Letters),
        directory: Directory,
        standings: Arc<Standings>,
        enrolling: Arc<Enrolling>,
        links: Links,
        clock: Clock,
    ) -> Self {
        Self { letters, notices, directory, standings, enrolling, links, clock }
    }

    /// The letter, and to whom.
    pub(super) async fn letter(&self, event: &Event) -> Result<Option<(String, Letter)>, DbErr> {
        match event.action.as_str() {
            MEMBER_ADDED if is_done_by_another(event) => self.of_membership(event, wording::membership).await,
            MEMBER_PROMOTED => self.of_membership(event, wording::promotion).await,
            NOTIFIED => self.notification(NotificationId(event.resource_id)).await,
            INVITED | INVITATION_RESENT => self.invitation(InvitationId(event.resource_id)).await,
            _ => {
                let letter = self.letters.of(event).await?;
                Ok(letter.map(|letter| (letter.to, wording::of_account(&self.links, &letter.says))))
            }
        }
    }

    /// Something happened to a membership. Not told to who is no member any more.
    async fn of_membership(
        &self,
        event: &Event,
        words: fn(&Links, &Membership) -> Letter,
    ) -> Result<Option<(String, Letter)>, DbErr> {
        let Some(user) = member_of(event) else { return Ok(None) };
        // Whichever instance tells the event may not have heard of the membership itself yet.
        let standing = self.standings.standing_now(user).await?;
        let now = self.clock.now();
        let seat = event.workspace_id.and_then(|workspace| standing.seat(workspace, now));
        let (Some(seat), Some(to)) = (seat, self.directory.email_of(user).await?) else { return Ok(None) };
        let membership = Membership { workspace: seat.slug.clone(), role: seat.grants.role().to_owned() };
        Ok(Some((to, words(&self.links, &membership))))
    }

    /// Somebody is told of something. Not who is no member any more, and what others wrote only who has proven the address.
    async fn notification(&self, id: NotificationId) -> Result<Option<(String, Letter)>, DbErr> {
        let Some(notice) = self.notices.of(id).await? else { return Ok(None) };
        let standing = self.standings.standing_now(notice.user).await?;
        let Some(seat) = standing.seat(notice.workspace, self.clock.now()) else { return Ok(None) };
        let Some(to) = self.directory.email_of(notice.user).await? else { return Ok(None) };
        let is_proven = self.directory.address_of(notice.user).await?.is_some_and(|(_, is_proven)| is_proven);
        let words = is_proven.then_some((notice.title.as_str(), notice.body.as_str()));
        Ok(Some((to, wording::notification(&self.links, &seat.slug, words))))
    }

    /// An invitation goes out, or out again. One that was taken back meanwhile doesn't.
    async fn invitation(&self, id: InvitationId) -> Result<Option<(String, Letter)>, DbErr> {
        let Some(letter) = self.enrolling.letter(id).await? else { return Ok(None) };
        let to = match &letter.to {
            Addressee::Email(email) => Some(email.clone()),
            Addressee::Account(user) => self.directory.email_of(*user).await?,
        };
        let Some(to) = to else { return Ok(None) };
        let inviter = self.directory.public_names(&[letter.inviter]).await?.remove(&letter.inviter);
        let invitation = Invitation {
            inviter: inviter.as_ref().and_then(called),
            workspace: letter.workspace,
            role: letter.role,
            token: letter.token.into(),
            until: letter.expires_at,
        };
        Ok(Some((to, wording::invitation(&self.links, &invitation))))
    }
}

/// Whom an event about a membership is about.
fn member_of(event: &Event) -> Option<UserId> {
    event.changes.get("user_id").and_then(|id| id.as_str()?.parse().ok()).map(UserId)
}

/// Whether somebody else brought the membership about.
fn is_done_by_another(event: &Event) -> bool {
    event.actor_id.is_some_and(|actor| member_of(event).is_some_and(|member| member != actor))
}

/// What somebody is called in a letter.
fn called(name: &PublicName) -> Option<String> {
    let full = [&name.first_name, &name.last_name].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    if full.is_empty() { name.username.clone() } else { Some(full) }
}
