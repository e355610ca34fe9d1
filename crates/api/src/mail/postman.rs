//! Sends what waits in mail's outbox. A letter is written when it is sent, so that what is no longer true isn't told,
//! and a code is in no table.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{
    db::System,
    mail::{MailError, Mailer},
    outbox::{Event, Pace, Subscriber},
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::{Schema, writer::Writer};

/// After so many refusals of one mail it is given up: what the server says may be about the mail, or about us.
const REFUSALS: i32 = 5;

/// Sends mail.
pub struct Postman {
    mailer: Arc<dyn Mailer>,
    writer: Writer,
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
    pub(super) fn new(mailer: Arc<dyn Mailer>, writer: Writer, system: System<Schema>) -> Self {
        Self { mailer, writer, system }
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
        let Some((to, letter)) = self.writer.letter(event).await? else { return Ok(()) };
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
