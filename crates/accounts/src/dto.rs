//! What several operations take and answer.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::ids::{TokenId, UserId, WorkspaceId};
use sea_orm::{DeriveActiveEnum, EnumIter};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    entity::{personal_token, user},
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

/// Who disabled an account: only the platform lifts what it did itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum DisabledBy {
    /// An administrator of the workspace that made it.
    #[sea_orm(string_value = "workspace")]
    Workspace,
    /// An administrator of the platform.
    #[sea_orm(string_value = "platform")]
    Platform,
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
    /// What this device is known by: keep it, also when signed out, and send it with the next sign-in, so that
    /// strangers who guess the password can't keep you out. Given by signing in and up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub device_token: Option<String>,
}

impl TokensView {
    /// The same, with the token of the device that gets them.
    pub(crate) fn on_device(mut self, token: &SecretString) -> Self {
        self.device_token = Some(token.expose_secret().to_owned());
        self
    }
}

impl fmt::Debug for TokensView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokensView").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// What signing in gives: tokens, or the question for the second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum SignInAnswer {
    /// The account asks for nothing more.
    Tokens(TokensView),
    /// It asks for a second factor: `POST /auth/mfa`.
    Challenge(MfaChallenge),
}

/// The question for the second factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MfaChallenge {
    /// Always true.
    pub mfa_required: bool,
    /// To send with the code to `/auth/mfa`. Good for nothing else, and for five codes.
    pub mfa_token: String,
    /// The seconds for which it is good.
    #[schema(minimum = 1, examples(300))]
    pub expires_in: u64,
}

impl fmt::Debug for MfaChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MfaChallenge").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// One's second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FactorsView {
    /// Whether signing in takes a code.
    pub enabled: bool,
    /// Since when.
    pub enabled_at: Option<DateTime<Utc>>,
    /// Whether a secret was made that waits to be confirmed.
    pub pending: bool,
    /// How many recovery codes are unused.
    pub recovery_codes_left: u64,
}

/// A secret for an app, shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TotpView {
    /// To type in: base32.
    pub secret: String,
    /// To show as a QR code: an `otpauth://` address.
    pub uri: String,
}

impl fmt::Debug for TotpView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpView")
    }
}

/// Codes for the day when the app is lost, shown once; each is good once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodesView {
    /// The codes.
    pub recovery_codes: Vec<String>,
}

impl fmt::Debug for RecoveryCodesView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoveryCodesView").field("codes", &self.recovery_codes.len()).finish()
    }
}

/// A personal access token, without itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TokenView {
    /// Its identity.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// The one workspace that it reaches; null for all of its owner's.
    pub workspace_id: Option<WorkspaceId>,
    /// What it may do, as far as its owner may at the moment: a role document.
    #[schema(value_type = Object)]
    pub permissions: serde_json::Value,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<personal_token::Model> for TokenView {
    fn from(row: personal_token::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            workspace_id: row.workspace_id,
            permissions: row.permissions,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// A personal access token that was just made.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NewTokenView {
    /// The token, to send as `Authorization: Bearer …`. Shown this once; null when the request is repeated.
    pub token: Option<String>,
    /// What is known of it.
    #[serde(flatten)]
    pub details: TokenView,
}

impl fmt::Debug for NewTokenView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewTokenView").field("details", &self.details).finish_non_exhaustive()
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
    /// Whether they may sign in. Nobody sets their own, and only the platform enables whom it disabled.
    #[serde(default, deserialize_with = "kernel::http::not_null")]
    #[schema(nullable = false)]
    pub status: Option<AccountStatus>,
}
