//! `workshop.workshops`.

use chrono::{DateTime, Utc};
use kernel::ids::{UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

use crate::WorkshopId;

/// How far a workshop is, as its creator said. That one is finished, the time says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Stage {
    #[sea_orm(string_value = "draft")]
    Draft,
    #[sea_orm(string_value = "published")]
    Published,
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// A workshop.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "workshop", table_name = "workshops")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkshopId,
    pub workspace_id: WorkspaceId,
    pub creator_id: UserId,
    pub title: String,
    /// Made by the database of `title`; what the list is sorted by.
    pub title_sort: String,
    pub description: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub timezone: String,
    pub location: String,
    pub capacity: Option<i32>,
    pub registration_opens_at: Option<DateTime<Utc>>,
    pub registration_closes_at: Option<DateTime<Utc>>,
    pub status: Stage,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Model {
    /// Whether it took place: it was published, and its time is over.
    pub(crate) fn is_finished(&self, now: DateTime<Utc>) -> bool {
        self.status == Stage::Published && self.ends_at <= now
    }

    /// When registration ends: when it was said to, or with the workshop.
    pub(crate) fn closes_at(&self) -> DateTime<Utc> {
        self.registration_closes_at.unwrap_or(self.ends_at)
    }

    /// Its entity tag. What a workshop is also changes with the time, so that is part of it.
    pub(crate) fn etag(&self, now: DateTime<Utc>) -> String {
        let finished = if self.is_finished(now) { "-finished" } else { "" };
        format!("\"{}{finished}\"", self.version)
    }
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
