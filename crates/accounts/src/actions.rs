//! What can be done with accounts and sessions, and the permission that each takes.

pub(crate) mod profiles;

use kernel::{
    grant::Permission,
    guard::{InWorkspace, Listing, Nothing},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    Schema,
    dto::AccountStatus,
    permissions,
    targets::{AccountEdited, AccountRemoved, AccountSeen, ActivityOf, Me, OwnSession, OwnToken},
};

kernel::actions! {
    module Schema;
    /// Looking at one's own account.
    ViewMe: signed in, tokens welcome, on Me;
    /// Editing one's own account.
    EditMe: signed in on Me;
    /// Changing one's own password.
    ChangePassword: signed in on Me;
    /// Asking for another e-mail address.
    ChangeEmail: signed in on Me;
    /// Ending the session one is in.
    SignOut: signed in on Nothing;
    /// Listing one's own sessions.
    ListSessions: signed in on Nothing;
    /// Ending one of one's own sessions.
    EndSession: signed in on OwnSession;
    /// Ending all of one's own sessions but the one in use.
    EndOtherSessions: signed in on Nothing;
    /// Looking at one's own second factor.
    ViewFactors: signed in on Nothing;
    /// Beginning to enrol a second factor.
    EnrolFactor: signed in on Me;
    /// Enabling it.
    ConfirmFactor: signed in on Nothing;
    /// Removing it.
    DisableFactor: signed in on Me;
    /// Making new recovery codes.
    RenewRecoveryCodes: signed in on Me;
    /// Making a personal access token.
    CreateToken: signed in on Nothing;
    /// Listing one's own.
    ListTokens: signed in on Nothing;
    /// Revoking one of them.
    RevokeToken: signed in on OwnToken;
    /// Looking at an account.
    ViewAccount: permissions::CAN_VIEW_PROFILES, tokens welcome, on AccountSeen;
    /// Looking at what somebody did.
    ViewActivity: permissions::CAN_VIEW_ACTIVITY, on ActivityOf;
    /// Editing an account.
    EditAccount: permissions::CAN_EDIT_PROFILES, on AccountEdited;
    /// Having the owner of an account without a password mailed once more.
    SendPasswordMail: permissions::CAN_EDIT_PROFILES, on AccountEdited;
    /// Removing someone, and their account where the workspace made it.
    RemoveAccount: permissions::CAN_DELETE_USERS, on AccountRemoved;
    /// Making an account for someone.
    CreateAccount: permissions::CAN_CREATE_USERS, on InWorkspace;
}

/// The people of one's workspaces.
#[derive(Debug)]
pub struct ListAccounts;

impl Listing for ListAccounts {
    type Module = Schema;
    type Filter = AccountFilter;
    const PERMISSION: &'static Permission = &permissions::CAN_VIEW_USERS;
    const SORTS: &'static [&'static str] = &["-created_at", "created_at"];
}

/// Which people are listed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct AccountFilter {
    /// The beginning of the e-mail address, the username, the given or the family name, or of both names.
    pub search: Option<String>,
    /// Only accounts of this status.
    pub status: Option<AccountStatus>,
}

/// No filter at all.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoFilter {}
