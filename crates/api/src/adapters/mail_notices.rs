//! Mail that follows from events: sent by the relay, so that a mail server that is down delays it and loses nothing.

use std::sync::Arc;

use accounts::Directory;
use async_trait::async_trait;
use kernel::{
    ids::UserId,
    mail::{Mail, Mailer},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;
use workspace::{Standings, events::MEMBER_ADDED};

/// Tells people by mail what others did to them.
pub struct MailNotices {
    mailer: Arc<dyn Mailer>,
    directory: Directory,
    standings: Arc<Standings>,
}

impl std::fmt::Debug for MailNotices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailNotices")
    }
}

impl MailNotices {
    /// A subscriber for the relay.
    pub fn new(mailer: Arc<dyn Mailer>, directory: Directory, standings: Arc<Standings>) -> Self {
        Self { mailer, directory, standings }
    }

    /// Someone was made a member by somebody else. A repetition of the event repeats the mail, which does no harm.
    async fn welcome(&self, event: &Event) -> Result<(), DbErr> {
        let user = event.changes.get("user_id").and_then(|id| id.as_str()?.parse().ok()).map(UserId);
        let (Some(user), Some(actor)) = (user, event.actor_id) else { return Ok(()) };
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
        self.mailer.send(&mail).await.map_err(|error| DbErr::Custom(error.to_string()))
    }
}

#[async_trait]
impl Subscriber for MailNotices {
    fn name(&self) -> &'static str {
        "mail-notices"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        match event.action.as_str() {
            MEMBER_ADDED => self.welcome(event).await,
            _ => Ok(()),
        }
    }
}
