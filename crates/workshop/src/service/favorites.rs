//! Favourites: each person's own business, so nothing is announced.

use actix_web::http::StatusCode;
use kernel::{guard::Permit, http::Done};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Workshops;
use crate::{
    WorkshopId,
    actions::{Favor, OfWorkshop, Unfavor},
    error::WorkshopError,
    store,
};

/// A favourite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FavoriteWorkshop)]
pub struct FavoriteView {
    /// The workshop.
    pub workshop_id: WorkshopId,
}

impl Workshops {
    /// Keeps a workshop among the caller's favourites: 201, or 200 if it was there.
    pub async fn favor(&self, permit: &Permit<Favor>) -> Result<Done<FavoriteView>, WorkshopError> {
        let tx = permit.begin().await?;
        let is_new = store::favorites::add(&tx).await?;
        let view = FavoriteView { workshop_id: permit.target().workshop().id };
        let reply = Done { status: if is_new { StatusCode::CREATED } else { StatusCode::OK }, view };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Keeps it there no longer, whether or not it was.
    pub async fn unfavor(&self, permit: &Permit<Unfavor>) -> Result<(), WorkshopError> {
        let tx = permit.begin().await?;
        store::favorites::remove(&tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
