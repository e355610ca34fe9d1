//! What this domain announces. The resource is the user, or the session where it says so.

/// Someone signed up. Facts `workspace_id` and `role_id`, if they are to become a member.
pub const SIGNED_UP: &str = "accounts.signed_up";
/// An administrator made an account. Facts `workspace_id` and `role_id` of the membership that it is to have.
pub const USER_CREATED: &str = "accounts.user_created";
/// An account's name or status changed.
pub const USER_UPDATED: &str = "accounts.user_updated";
/// An account was erased.
pub const USER_DELETED: &str = "accounts.user_deleted";
/// Someone changed their password.
pub const PASSWORD_CHANGED: &str = "accounts.password_changed";
/// A session began.
pub const SIGNED_IN: &str = "accounts.signed_in";
/// A session was ended. Fact `reason`: `logout`, `ended`, `password_changed`, `disabled` or `token_reused`.
pub const SESSION_ENDED: &str = "accounts.session_ended";

/// A profile changed. Fact `fields`: the names of those that did; what they were and are is nobody's business.
pub const PROFILE_UPDATED: &str = "accounts.profile_updated";
/// Someone asked for a code for their phone number. Fact `attempt_id`, by which whoever sends it derives the code.
pub const PHONE_CODE_REQUESTED: &str = "accounts.phone_code_requested";
/// Someone's profile is complete and their phone number confirmed, and one of the two was not before.
pub const ONBOARDING_COMPLETED: &str = "accounts.onboarding_completed";
/// Someone enabled a second factor.
pub const MFA_ENABLED: &str = "accounts.mfa_enabled";
/// A second factor was removed. Fact `reason`: `reset`, where an operator did it.
pub const MFA_DISABLED: &str = "accounts.mfa_disabled";
/// Someone used a recovery code. Fact `left`: how many they still have.
pub const RECOVERY_CODE_USED: &str = "accounts.recovery_code_used";
/// Someone made new recovery codes; the former ones are void.
pub const RECOVERY_CODES_RENEWED: &str = "accounts.recovery_codes_renewed";
/// Someone made a personal access token. Facts `name`, `permissions`, `workspace_id`, `expires_at`.
pub const TOKEN_CREATED: &str = "accounts.token_created";
/// A personal access token was revoked. Fact `name`.
pub const TOKEN_REVOKED: &str = "accounts.token_revoked";

/// The kind of resource that an account is in events.
pub(crate) const USER: &str = "user";
/// The kind of resource that a session is in events.
pub(crate) const SESSION: &str = "session";
/// The kind of resource that a personal access token is in events.
pub(crate) const TOKEN: &str = "personal_token";
