//! What several operations take and answer.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::ids::{UserId, WorkspaceId};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    entity::user,
    rules::{check_name, check_username},
};

/// Whether someone may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AccountStatus {
    /// They may.
    #[sea_orm(string_value = "active")]
    Active,
    /// They may not, and their sessions are ended.
    #[sea_orm(string_value = "disabled")]
    Disabled,
}

impl AccountStatus {
    /// The word for it in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserView {
    /// Its identity.
    pub id: UserId,
    /// The e-mail address; shown to its owner and to those who may list the workspace's people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name they go by.
    pub username: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Whether they may sign in.
    pub status: AccountStatus,
    /// When they last proved that they read the mail of the address; null until then, and to those who don't see it.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// The workspace that made the account, and whose administrators may edit it; null if the person signed up.
    pub created_via: Option<WorkspaceId>,
    /// When it came into being.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl UserView {
    /// The account as its owner sees it.
    pub(crate) fn full(row: user::Model) -> Self {
        Self {
            id: row.id,
            email: Some(row.email),
            username: row.username,
            first_name: row.first_name,
            last_name: row.last_name,
            status: row.status,
            email_verified_at: row.email_verified_at,
            created_via: row.created_via,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }

    /// The account as others see it from `place`: with the e-mail address or without, and where it was made only if it
    /// was made there. Another tenant's id is nobody's business.
    pub(crate) fn seen(row: user::Model, with_email: bool, place: Option<WorkspaceId>) -> Self {
        let mut seen = Self::full(row);
        seen.email = seen.email.filter(|_| with_email);
        seen.email_verified_at = seen.email_verified_at.filter(|_| with_email);
        seen.created_via = seen.created_via.filter(|via| Some(*via) == place);
        seen
    }
}

/// That a mail may be on its way. Whether there is anyone to get it is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mailed {
    /// What to tell the person.
    pub detail: String,
}

impl Mailed {
    pub(crate) fn new(detail: &str) -> Self {
        Self { detail: detail.to_owned() }
    }
}

/// What signing in and refreshing give (RFC 6749 section 5.1).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokensView {
    /// A JWT to send as `Authorization: Bearer …`.
    pub access_token: String,
    /// To get the next pair with; each is good once.
    pub refresh_token: String,
    /// Always `Bearer`.
    #[schema(examples("Bearer"))]
    pub token_type: String,
    /// The seconds for which the access token is good.
    #[schema(minimum = 1, examples(900))]
    pub expires_in: u64,
}

impl fmt::Debug for TokensView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokensView").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// The fields of an account that change; absent ones stay as they are, null clears.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, null and a value are three things in a patch (RFC 7396)")]
pub struct AccountPatch {
    /// The name they go by: 3 to 32 of a to z, digits, dots, underscores and hyphens; unique whatever the case.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(custom(function = check_username))]
    #[schema(value_type = Option<String>, min_length = 3, max_length = 32)]
    pub username: Option<Option<String>>,
    /// Given name.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(custom(function = check_name))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub first_name: Option<Option<String>>,
    /// Family name.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(custom(function = check_name))]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub last_name: Option<Option<String>>,
    /// Whether they may sign in. Nobody sets their own.
    pub status: Option<AccountStatus>,
}
