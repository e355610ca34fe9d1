//! What is written to everyone who attends.

use kernel::ids::UserId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::checks::is_not_blank;
use crate::{BroadcastId, WorkshopId};

/// Something to write to everyone who has a seat.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBroadcast {
    /// What it is about, 1–200 characters.
    #[validate(length(max = 200), custom(function = is_not_blank))]
    #[schema(min_length = 1, max_length = 200, examples("Another room"))]
    pub title: String,
    /// What there is to say, 1–10,000 characters.
    #[validate(length(max = 10_000), custom(function = is_not_blank))]
    #[schema(min_length = 1, max_length = 10_000)]
    pub body: String,
}

/// Something that is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkshopBroadcast)]
pub struct SentBroadcast {
    /// Its identity.
    pub id: BroadcastId,
    /// To whom: those with a seat in this workshop at this moment.
    pub workshop_id: WorkshopId,
    /// By whom.
    pub sender_id: UserId,
    /// How many they are.
    pub recipients: i32,
}
