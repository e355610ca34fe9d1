//! Bodies and views of invitations.

use chrono::{DateTime, Utc};
use kernel::ids::{RoleId, UserId, WorkspaceId};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::MemberView;
use crate::{
    ports::PersonName,
    store::invitations::{InvitationRow, WaitingRow},
};

kernel::id_types! {
    /// An invitation.
    InvitationId,
}

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum InvitationStatus {
    /// Waits for an answer.
    #[sea_orm(string_value = "open")]
    Open,
    /// Became a membership.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// Was turned down.
    #[sea_orm(string_value = "declined")]
    Declined,
    /// Was taken back.
    #[sea_orm(string_value = "revoked")]
    Revoked,
    /// Was not answered in time.
    #[sea_orm(string_value = "expired")]
    Expired,
}

impl InvitationStatus {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// Where one of this stored status stands at `now`: nothing is written when its time is over.
    pub(crate) fn at(self, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        if self == Self::Open && expires_at <= now { Self::Expired } else { self }
    }
}

/// Which invitations to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct InvitationFilter {
    /// Only those of this status.
    pub status: Option<InvitationStatus>,
}

/// The token of an invitation, from the link that was mailed.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationToken {
    /// The token.
    #[validate(length(min = 1, max = 200))]
    pub token: String,
}

/// An invitation, as those see it who may invite.
#[expect(clippy::option_option, reason = "not shown, null and a value are three things")]
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationView {
    /// Its identity.
    pub id: InvitationId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The address that it went to; null where an account was invited.
    pub email: Option<String>,
    /// The account that was invited; null where it went to an address.
    pub user_id: Option<UserId>,
    /// The name of the role that it brings; null when the role is gone.
    pub role: Option<String>,
    /// The id of that role.
    pub role_id: RoleId,
    /// What an hour of theirs will cost. Shown to those who manage members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, required = false)]
    pub hour_rate: Option<Option<i64>>,
    /// Where it stands.
    pub status: InvitationStatus,
    /// Who answers for it: it ends with their right to invite.
    pub invited_by: UserId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last sent.
    pub sent_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// When it was answered or taken back.
    pub settled_at: Option<DateTime<Utc>>,
}

impl InvitationView {
    /// The view at `now` for someone who may see its hour rate or not.
    pub(crate) fn of(row: InvitationRow, sees_rate: bool, now: DateTime<Utc>) -> Self {
        Self {
            id: row.id,
            workspace_id: row.workspace_id,
            email: row.email,
            user_id: row.user_id,
            role: row.role,
            role_id: row.role_id,
            hour_rate: sees_rate.then_some(row.hour_rate),
            status: row.status.at(row.expires_at, now),
            invited_by: row.invited_by,
            created_at: row.created_at,
            sent_at: row.sent_at,
            expires_at: row.expires_at,
            settled_at: row.settled_at,
        }
    }
}

/// An invitation, as the one sees it who is invited.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitingInvitation {
    /// Its identity.
    pub id: InvitationId,
    /// The workspace's name.
    pub workspace: String,
    /// What people call the role.
    pub role: String,
    /// What the inviter is called; null for an account that is gone.
    pub inviter: Option<PersonName>,
    /// The address that was invited; null where it was the account.
    pub email: Option<String>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

impl WaitingInvitation {
    pub(crate) fn of(row: WaitingRow, inviter: Option<PersonName>) -> Self {
        Self {
            id: row.id,
            workspace: row.workspace,
            role: row.role_title,
            inviter,
            email: row.email,
            expires_at: row.expires_at,
        }
    }
}

/// Somebody who was asked to become a member.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Asked {
    /// Somebody with an account: their membership, which begins when they accept.
    Member(MemberView),
    /// An address, whether it has an account or not.
    Address(InvitationView),
}
