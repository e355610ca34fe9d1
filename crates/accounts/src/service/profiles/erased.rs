//! What no foreign key takes along goes with its account: the picture, and the codes that are counted.

use async_trait::async_trait;
use futures_util::TryStreamExt;
use kernel::{
    ids::UserId,
    media::ObjectStoreExt,
    outbox::{Event, Subscriber},
};
use object_store::{Error, ObjectMeta, ObjectStore};
use sea_orm::DbErr;

use super::{Profiles, avatar::folder_of};
use crate::{events, ports::phone_codes::CodeStorage, store};

impl Profiles {
    async fn forget(&self, user: UserId) -> Result<(), DbErr> {
        let away = |error: &dyn std::error::Error| DbErr::Custom(error.to_string());
        let objects: Vec<ObjectMeta> =
            self.media.list(Some(&folder_of(user))).try_collect().await.map_err(|error| away(&error))?;
        for object in objects {
            match self.media.delete(&object.location).await {
                Ok(()) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(away(&error)),
            }
        }
        match &self.codes {
            CodeStorage::Here => store::phone_codes::forget(&self.system.db(), user).await,
            CodeStorage::Elsewhere(codes) => codes.forget(user).await.map_err(|error| away(&error)),
        }
    }
}

#[async_trait]
impl Subscriber for Profiles {
    fn name(&self) -> &'static str {
        "profiles"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        match event.action.as_str() {
            events::USER_DELETED => self.forget(UserId(event.resource_id)).await,
            _ => Ok(()),
        }
    }
}
