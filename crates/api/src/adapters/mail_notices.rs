//! Mail that follows from events: sent by the relay, so that a mail server that is down delays it and loses nothing.

use std::sync::Arc;

use accounts::{Directory, PublicName};
use async_trait::async_trait;
use kernel::{
    ids::UserId,
    mail::{Mail, Mailer},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;
use workspace::{
    Addressee, Enrolling, InvitationId, Standings,
    events::{INVITATION_RESENT, INVITED, MEMBER_ADDED, MEMBER_PROMOTED},
};

/// Tells people by mail what others did to them.
pub struct MailNotices {
    mailer: Arc<dyn Mailer>,
    directory: Directory,
    standings: Arc<Standings>,
    enrolling: Arc<Enrolling>,
    /// The address that people use, without a slash at its end.
    public_url: String,
}

impl std::fmt::Debug for MailNotices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailNotices")
    }
}

impl MailNotices {
    /// A subscriber for the relay.
    pub fn new(
        mailer: Arc<dyn Mailer>,
        directory: Directory,
        standings: Arc<Standings>,
        enrolling: Arc<Enrolling>,
        public_url: String,
    ) -> Self {
        Self { mailer, directory, standings, enrolling, public_url }
    }

    /// An invitation goes out, or out again. One that was taken back meanwhile doesn't.
    async fn invite(&self, event: &Event) -> Result<(), DbErr> {
        let Some(letter) = self.enrolling.letter(InvitationId(event.resource_id)).await? else { return Ok(()) };
        let to = match &letter.to {
            Addressee::Email(email) => Some(email.clone()),
            Addressee::Account(user) => self.directory.email_of(*user).await?,
        };
        let Some(to) = to else { return Ok(()) };
        let inviter = self.directory.public_names(&[letter.inviter]).await?.remove(&letter.inviter);
        let (workspace, role) = (on_one_line(&letter.workspace), on_one_line(&letter.role));
        let who = inviter.as_ref().map_or_else(|| "Somebody".to_owned(), called);
        // The token is behind a hash sign: browsers don't send that, so no server on the way logs it.
        let link = format!("{}/invitations/accept#{}", self.public_url, letter.token);
        let until = letter.expires_at.format("%-d %B %Y, %H:%M UTC");
        let text = format!(
            "{who} invites you to the workspace {workspace}, as {role}.\n\nTo accept, open\n{link}\n\n\
             The link is good until {until}. If you don't know what this is about, you need not do anything.\n"
        );
        self.send(Mail { to, subject: format!("Invitation to {workspace}"), text }).await
    }

    /// A role was exchanged for the one that it promised.
    async fn congratulate(&self, event: &Event) -> Result<(), DbErr> {
        let Some(user) = member_of(event) else { return Ok(()) };
        let standing = self.standings.standing_now(user).await?;
        let seat = standing.seats.iter().find(|seat| Some(seat.workspace) == event.workspace_id);
        let (Some(seat), Some(to)) = (seat, self.directory.email_of(user).await?) else { return Ok(()) };
        let (slug, role) = (&seat.slug, seat.grants.role());
        let subject = format!("You are now {role} in {slug}");
        let text = format!("Your profile is complete, so your role in the workspace {slug} is now {role}.\n");
        self.send(Mail { to, subject, text }).await
    }

    async fn send(&self, mail: Mail) -> Result<(), DbErr> {
        self.mailer.send(&mail).await.map_err(|error| DbErr::Custom(error.to_string()))
    }

    /// Someone was made a member by somebody else. A repetition of the event repeats the mail, which does no harm.
    async fn welcome(&self, event: &Event) -> Result<(), DbErr> {
        let (Some(user), Some(actor)) = (member_of(event), event.actor_id) else { return Ok(()) };
        if user == actor {
            return Ok(());
        }
        // Whichever instance tells the event may not have heard of the membership itself yet.
        let standing = self.standings.standing_now(user).await?;
        let seat = standing.seats.iter().find(|seat| Some(seat.workspace) == event.workspace_id);
        let (Some(seat), Some(to)) = (seat, self.directory.email_of(user).await?) else { return Ok(()) };
        let (slug, role) = (&seat.slug, seat.grants.role());
        let mail = Mail {
            to,
            subject: format!("You are now a member of {slug}"),
            text: format!("You were added to the workspace {slug} with the role {role}.\n\nSign in to see it.\n"),
        };
        self.send(mail).await
    }
}

/// Whom an event about a membership is about.
fn member_of(event: &Event) -> Option<UserId> {
    event.changes.get("user_id").and_then(|id| id.as_str()?.parse().ok()).map(UserId)
}

/// What somebody is called in a letter.
fn called(name: &PublicName) -> String {
    let full = [&name.first_name, &name.last_name].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let known = if full.is_empty() { name.username.clone() } else { Some(full) };
    on_one_line(&known.unwrap_or_else(|| "Somebody".to_owned()))
}

/// What strangers wrote, for a letter in our name: no line of theirs looks like one of ours, and nothing like a link.
fn on_one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.replace("://", ": //").replace("www.", "www .")
}

#[async_trait]
impl Subscriber for MailNotices {
    fn name(&self) -> &'static str {
        "mail-notices"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        match event.action.as_str() {
            MEMBER_ADDED => self.welcome(event).await,
            INVITED | INVITATION_RESENT => self.invite(event).await,
            MEMBER_PROMOTED => self.congratulate(event).await,
            _ => Ok(()),
        }
    }
}
