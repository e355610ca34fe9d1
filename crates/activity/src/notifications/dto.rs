//! Notifications as they are asked for and shown.

use chrono::{DateTime, Utc};
use kernel::ids::{UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::notice::NotificationId;
use crate::entity::notifications::Model;

/// Which notifications.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NotificationFilter {
    /// `true`: only those that aren't read; `false`: only those that are.
    pub unread: Option<bool>,
}

/// What a notification is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SubjectView {
    /// The kind of thing, as `image`.
    pub kind: String,
    /// Which one.
    pub id: Uuid,
}

/// One thing that one person is told of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NotificationView {
    /// Its identity.
    pub id: NotificationId,
    /// Where it happened.
    pub workspace_id: WorkspaceId,
    /// Who is told.
    pub user_id: UserId,
    /// What kind of thing happened, as `image_approved`: one of those that preferences name.
    pub kind: String,
    /// What it is about.
    pub subject: SubjectView,
    /// What happened, in a few words.
    pub title: String,
    /// More of it; empty where there is no more.
    pub body: String,
    /// What a program may want to know besides, by kind.
    #[schema(value_type = Object)]
    pub data: Value,
    /// When it happened.
    pub created_at: DateTime<Utc>,
    /// When it was marked as read; null while it isn't.
    pub read_at: Option<DateTime<Utc>>,
}

impl From<Model> for NotificationView {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            workspace_id: row.workspace_id,
            user_id: row.user_id,
            kind: row.kind,
            subject: SubjectView { kind: row.subject_kind, id: row.subject_id },
            title: row.title,
            body: row.body,
            data: row.data,
            created_at: row.created_at,
            read_at: row.read_at,
        }
    }
}

/// How many one hasn't read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnreadView {
    /// So many.
    #[schema(minimum = 0)]
    pub unread: i64,
}

/// How far to mark.
#[derive(Clone, Copy, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkAll {
    /// The newest that is marked, so that nothing is marked that came since the list was shown. All, if left out.
    #[serde(default)]
    pub up_to: Option<NotificationId>,
}

/// What came of marking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Marked {
    /// How many weren't read before.
    pub updated: u64,
}
