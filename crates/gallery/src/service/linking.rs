//! Links to an image that need no sign-in. Nothing is kept of them: what a link says is sealed in it, and whether it is
//! still good is asked of the image each time.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use kernel::{
    guard::{Permit, Public},
    http::Created,
    ids::{ImageId, WorkspaceId},
    outbox::Event,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Images, content::Asked};
use crate::{
    Schema,
    actions::{ImageRow, ShareImage},
    dto::{LinkView, LinkedVariant, NewLink},
    entity::Status,
    error::GalleryError,
    events, store,
};

/// What the seal of a link is for.
const PURPOSE: &str = "image_link";
/// How long a link is good when nothing is said.
const USUAL_SECONDS: u32 = 3600;

/// What a link says.
#[derive(Debug, Serialize, Deserialize)]
struct Ticket {
    workspace: WorkspaceId,
    image: ImageId,
    variant: LinkedVariant,
    /// In seconds since 1970.
    until: i64,
}

/// What a link leads to.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) image: ImageRow,
    pub(crate) asked: Asked,
}

impl Images {
    /// Makes a link to an approved image.
    pub(crate) async fn share(
        &self,
        permit: &Permit<ShareImage>,
        new: NewLink,
    ) -> Result<Created<LinkView>, GalleryError> {
        let tx = permit.begin().await?;
        let row = store::images::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        if row.status != Status::Approved {
            return Err(GalleryError::WrongState { status: row.status, needed: &[Status::Approved] });
        }
        let expires_at = permit.now() + Duration::seconds(new.expires_in.unwrap_or(USUAL_SECONDS).into());
        let ticket = Ticket {
            workspace: row.workspace_id,
            image: row.id,
            variant: new.variant.unwrap_or_default(),
            until: expires_at.timestamp(),
        };
        let told = serde_json::to_vec(&ticket).map_err(std::io::Error::from)?;
        let key = URL_SAFE_NO_PAD.encode(self.keyring.seal(PURPOSE, Uuid::nil(), &told));
        let url = format!("/api/v1/media?key={key}");
        let event = Event::new(events::SHARED, events::IMAGE, row.id.0, permit.now())
            .fact("variant", ticket.variant.as_str())
            .fact("expires_at", expires_at.to_rfc3339());
        tx.announce(event).await?;
        let expires_at = DateTime::from_timestamp(ticket.until, 0).unwrap_or(expires_at);
        let reply = Created::at(format!("/media?key={key}"), None, LinkView { url, expires_at });
        // Kept for no repetition of the request: whoever has the link sees the image. Who repeats it gets another.
        tx.commit().await?;
        Ok(reply)
    }

    /// What a link leads to: nothing once its time is over, or when the image is not there or not approved any more, or
    /// its workspace was closed. Why is told to nobody.
    pub(crate) async fn follow(&self, permit: &Permit<Public<Schema>>, key: &str) -> Result<Shared, GalleryError> {
        let ticket = self.ticket(key, permit.now()).ok_or(GalleryError::NotFound)?;
        let image = store::images::approved(&permit.db(), ticket.workspace, ticket.image).await?;
        let image = image.ok_or(GalleryError::NotFound)?;
        if !self.premises.is_open(image.workspace_id).await? {
            return Err(GalleryError::NotFound);
        }
        Ok(Shared { image, asked: ticket.variant.asked() })
    }

    fn ticket(&self, key: &str, now: DateTime<Utc>) -> Option<Ticket> {
        let sealed = URL_SAFE_NO_PAD.decode(key).ok()?;
        let told = self.keyring.open(PURPOSE, Uuid::nil(), &sealed)?;
        let ticket: Ticket = serde_json::from_slice(&told).ok()?;
        (now.timestamp() < ticket.until).then_some(ticket)
    }
}
