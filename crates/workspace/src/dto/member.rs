//! Bodies and views of memberships.

use chrono::{DateTime, Utc};
use kernel::{
    http::{given, given_dated, not_null},
    ids::{RoleId, UserId, WorkspaceId},
};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::text::{fault, is_name};
use crate::{ports::PersonName, store::members::MemberRow};

/// Where a membership stands. Only an active one gives its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// Takes part.
    #[sea_orm(string_value = "active")]
    Active,
    /// Was invited and has not answered.
    #[sea_orm(string_value = "invited")]
    Invited,
    /// Asked to join and waits.
    #[sea_orm(string_value = "pending")]
    Pending,
    /// May do nothing until activated.
    #[sea_orm(string_value = "suspended")]
    Suspended,
}

impl MemberStatus {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Pending => "pending",
            Self::Suspended => "suspended",
        }
    }
}

/// A status that can be given to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SettableStatus {
    /// Takes part.
    Active,
    /// May do nothing until activated.
    Suspended,
}

impl From<SettableStatus> for MemberStatus {
    fn from(status: SettableStatus) -> Self {
        match status {
            SettableStatus::Active => Self::Active,
            SettableStatus::Suspended => Self::Suspended,
        }
    }
}

/// Someone to bring in: by `user_id` or by `email`.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "names_one_person"))]
#[schema(as = NewWorkspaceMember)]
pub(crate) struct NewMember {
    /// Their account.
    pub user_id: Option<UserId>,
    /// Or an e-mail address, whether it has an account or not.
    #[validate(email, length(max = 254))]
    pub email: Option<String>,
    /// The name of the role they get.
    #[validate(custom(function = "is_name"))]
    pub role: String,
    /// What an hour of theirs costs, in minor units of the workspace's currency.
    #[validate(range(min = 0))]
    pub hour_rate: Option<i64>,
}

fn names_one_person(new: &NewMember) -> Result<(), ValidationError> {
    if new.user_id.is_some() == new.email.is_some() {
        return Err(fault("one_of", "It takes either `user_id` or `email`."));
    }
    Ok(())
}

/// The fields of a membership to change.
#[expect(clippy::option_option, reason = "absent, null and a value are three things (RFC 7396)")]
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkspaceMemberPatch)]
pub(crate) struct MemberPatch {
    /// Whether they take part.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub status: Option<SettableStatus>,
    /// What an hour of theirs costs, in minor units of the workspace's currency; null for nothing said.
    #[serde(default, deserialize_with = "given")]
    #[validate(range(min = 0))]
    #[schema(value_type = Option<i64>, minimum = 0)]
    pub hour_rate: Option<Option<i64>>,
    /// When the membership ends by itself; null for never.
    #[serde(default, deserialize_with = "given_dated")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub expires_at: Option<Option<DateTime<Utc>>>,
}

/// The role to give.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkspaceMemberRole)]
pub(crate) struct MemberRole {
    /// Its name.
    #[validate(custom(function = "is_name"))]
    pub role: String,
}

/// Who is to own the workspace.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWorkspaceOwner)]
pub(crate) struct NewOwner {
    /// An active member.
    pub user_id: UserId,
}

/// How to join.
#[derive(Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct Join {
    /// The name of a role that people may choose themselves; the workspace's default role when left out.
    #[validate(custom(function = "is_name"))]
    pub role: Option<String>,
}

/// That one means it.
#[derive(Debug, Default, Deserialize, ToSchema, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    /// The workspace's name, exactly.
    pub confirm: Option<String>,
}

/// Which members to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct MemberFilter {
    /// Only those with the role of this name.
    pub role: Option<String>,
    /// Only those of this status.
    pub status: Option<MemberStatus>,
}

/// A member.
#[expect(clippy::option_option, reason = "not shown, null and a value are three things")]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceMemberView)]
pub(crate) struct MemberView {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Their account.
    pub user_id: UserId,
    /// What they are called; null for an account that is gone, and for someone who has not accepted yet.
    pub name: Option<PersonName>,
    /// The name of their role.
    pub role: String,
    /// The id of their role.
    pub role_id: RoleId,
    /// Whether they own the workspace.
    pub is_owner: bool,
    /// Where the membership stands.
    pub status: MemberStatus,
    /// What an hour of theirs costs, in minor units of `currency`. Shown to those who manage members and to the member.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, required = false)]
    pub hour_rate: Option<Option<i64>>,
    /// The workspace's currency.
    pub currency: String,
    /// When the membership ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When they became a member.
    pub joined_at: DateTime<Utc>,
    /// When the membership last changed.
    pub updated_at: DateTime<Utc>,
}

impl MemberView {
    /// The view of a membership for someone who may see its hour rate or not.
    pub(crate) fn of(row: MemberRow, name: Option<PersonName>, sees_rate: bool) -> Self {
        Self {
            workspace_id: row.workspace_id,
            user_id: row.user_id,
            name,
            role: row.role,
            role_id: row.role_id,
            is_owner: row.is_owner,
            status: row.status,
            hour_rate: sees_rate.then_some(row.hour_rate),
            currency: row.currency,
            expires_at: row.expires_at,
            joined_at: row.joined_at,
            updated_at: row.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(json: &str) -> bool {
        serde_json::from_str::<NewMember>(json).unwrap().validate().is_ok()
    }

    #[test]
    fn a_new_member_is_named_in_one_way() {
        assert!(is_valid(r#"{"email": "ann@example.com", "role": "user"}"#));
        assert!(!is_valid(r#"{"role": "user"}"#));
        let both = r#"{"user_id": "0190a0c0-0000-7000-8000-000000000000", "email": "ann@example.com", "role": "user"}"#;
        assert!(!is_valid(both));
        assert!(!is_valid(r#"{"email": "ann@example.com", "role": "user", "hour_rate": -1}"#));
    }

    #[test]
    fn an_hour_rate_can_be_cleared_but_not_negative() {
        let patch = |json: &str| serde_json::from_str::<MemberPatch>(json).unwrap();
        assert_eq!(patch("{}").hour_rate, None);
        assert_eq!(patch(r#"{"hour_rate": null}"#).hour_rate, Some(None));
        assert!(patch(r#"{"hour_rate": null}"#).validate().is_ok());
        assert!(patch(r#"{"hour_rate": 0}"#).validate().is_ok());
        assert!(patch(r#"{"hour_rate": -1}"#).validate().is_err());
    }
}
