//! Sending codes: what the outbox tells of is sent until it is taken or too late.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use kernel::{
    clock::Clock,
    db::System,
    ids::UserId,
    keyring::Keyring,
    outbox::{Event, Subscriber},
    sms::{Sms, SmsSender},
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::phone::CODE_FOR;
use crate::{Schema, events, ports::phone_codes::CodeStorage};

/// Sends codes to phone numbers. The event holds no code: it is derived here, from the attempt.
pub struct PhoneMessages {
    sender: Arc<dyn SmsSender>,
    keyring: Keyring,
    codes: CodeStorage,
    system: System<Schema>,
    clock: Clock,
}

impl fmt::Debug for PhoneMessages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneMessages").field("codes", &self.codes).finish_non_exhaustive()
    }
}

impl PhoneMessages {
    /// A subscriber for the relay.
    pub fn new(
        sender: Arc<dyn SmsSender>,
        keyring: Keyring,
        codes: CodeStorage,
        system: System<Schema>,
        clock: Clock,
    ) -> Self {
        Self { sender, keyring, codes, system, clock }
    }

    async fn send(&self, event: &Event) -> Result<(), DbErr> {
        let told = event.changes.get("attempt_id").and_then(|id| id.as_str()?.parse::<Uuid>().ok());
        let user = UserId(event.resource_id);
        let current = self.codes.current(&self.system.db(), user, self.clock.now()).await;
        let current = current.map_err(|error| DbErr::Custom(error.to_string()))?;
        // One that was used, replaced or has expired since would only confuse.
        let Some(attempt) = current.filter(|attempt| Some(attempt.id) == told) else { return Ok(()) };
        let code = self.keyring.code(CODE_FOR, attempt.id);
        let text = format!("{code} is your code for Lobby. It is good for 10 minutes. Tell it to nobody.");
        let sent = self.sender.send(&Sms { to: attempt.phone, text }).await;
        sent.map_err(|error| DbErr::Custom(error.to_string()))
    }
}

#[async_trait]
impl Subscriber for PhoneMessages {
    fn name(&self) -> &'static str {
        "phone-messages"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        match event.action.as_str() {
            events::PHONE_CODE_REQUESTED => self.send(event).await,
            _ => Ok(()),
        }
    }
}
