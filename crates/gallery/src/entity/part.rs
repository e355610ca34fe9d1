//! Where in its workshop a photo is.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where in its workshop a photo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, ToSchema)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[schema(as = PhotoPart)]
pub enum Part {
    /// Among what describes the workshop.
    Description,
    /// Among what those who took part share.
    Attendee,
}

impl Part {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Attendee => "attendee",
        }
    }
}
