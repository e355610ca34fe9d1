//! Sends what waits in mail's outbox. A letter is written when it is sent, so that what is no longer true isn't told,
//! and a code is in no table.

use std::sync::Arc;

use accounts::{Directory, letters::Letters};
use async_trait::async_trait;
use kernel::{
    db::System,
    ids::UserId,
    mail::{MailError, Mailer},
    outbox::{Event, Pace, Subscriber},
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use workspace::{Standings, events::MEMBER_ADDED};

use super::{
    Schema,
    letter::Letter,
    links::Links,
    wording::{self, Membership},
};

/// After so many refusals of one mail it is given up: what the server says may be about the mail, or about us.
const REFUSALS: i32 = 5;

/// Sends mail.
pub struct Postman {
    mailer: Arc<dyn Mailer>,
    letters: Letters,
    directory: Directory,
    standings: Arc<Standings>,
    links: Links,
    system: System<Schema>,
}

impl std::fmt::Debug for Postman {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postman")
    }
}

impl Postman {
    /// How its relay goes about it: few at a time, so that slow ones are done within the lease, and for four days.
    pub const PACE: Pace = Pace { batch: 4, attempts: 100 };

    /// A subscriber for the relay of mail's own outbox.
    pub fn new(
        mailer: Arc<dyn Mailer>,
        letters: Letters,
        directory: Directory,
        standings: Arc<Standings>,
        links: Links,
        system: System<Schema>,
    ) -> Self {
        Self { mailer, letters, directory, standings, links, system }
    }

    /// The letter that follows from the event, and to whom.
    async fn letter(&self, event: &Event) -> Result<Option<(String, Letter)>, DbErr> {
        if let Some(user) = added_by_someone(event) {
            return self.welcome(event, user).await;
        }
        let letter = self.letters.of(event).await?;
        Ok(letter.map(|letter| (letter.to, wording::of_account(&self.links, &letter.says))))
    }

    /// Someone was made a member by somebody else. Not told to who is no member any more.
    async fn welcome(&self, event: &Event, user: UserId) -> Result<Option<(String, Letter)>, DbErr> {
        // Whichever instance tells the event may not have heard of the membership itself yet.
        let standing = self.standings.standing_now(user).await?;
        let seat = standing.seats.iter().find(|seat| Some(seat.workspace) == event.workspace_id);
        let (Some(seat), Some(to)) = (seat, self.directory.email_of(user).await?) else { return Ok(None) };
        let membership = Membership { workspace: seat.slug.clone(), role: seat.grants.role().to_owned() };
        Ok(Some((to, wording::membership(&self.links, &membership))))
    }

    /// How often the mail was tried before.
    async fn tries(&self, event: &Event) -> Result<i32, DbErr> {
        let sql = "SELECT attempts FROM mail.outbox WHERE id = $1";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [event.id.into()]);
        let row = self.system.db().query_one_raw(statement).await?;
        row.map_or(Ok(0), |row| row.try_get("", "attempts"))
    }
}

#[async_trait]
impl Subscriber for Postman {
    fn name(&self) -> &'static str {
        "postman"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        let Some((to, letter)) = self.letter(event).await? else { return Ok(()) };
        let failed = |error: &dyn std::error::Error| DbErr::Custom(error.to_string());
        let mail = letter.mail(Some(event.id.to_string()), to).map_err(|error| failed(&error))?;
        match self.mailer.send(&mail).await {
            Ok(()) => Ok(()),
            Err(error @ MailError::Refused(_)) if self.tries(event).await? + 1 >= REFUSALS => {
                tracing::error!(event = %event.id, action = event.action, %error, "mail given up");
                Ok(())
            }
            Err(error) => Err(failed(&error)),
        }
    }
}

/// Who was made a member by somebody else, if that is what the event tells.
pub(super) fn added_by_someone(event: &Event) -> Option<UserId> {
    if event.action != MEMBER_ADDED {
        return None;
    }
    let user = event.changes.get("user_id").and_then(|id| id.as_str()?.parse().ok()).map(UserId)?;
    event.actor_id.filter(|actor| *actor != user).map(|_| user)
}
