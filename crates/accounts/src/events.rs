//! What this domain announces. The resource is the user, or the session where it says so.

/// Someone signed up. Facts `workspace_id` and `role_id`, if they are to become a member; `proof_id`, if they are asked to
/// prove their address.
pub const SIGNED_UP: &str = "accounts.signed_up";
/// An administrator made an account. Facts `workspace_id` and `role_id` of the membership that it is to have; `proof_id`
/// of what its owner is mailed to choose a password or prove the address.
pub const USER_CREATED: &str = "accounts.user_created";
/// An account's name or status changed.
pub const USER_UPDATED: &str = "accounts.user_updated";
/// An account was erased.
pub const USER_DELETED: &str = "accounts.user_deleted";
/// Someone changed their password. Fact `how`, unless they knew the one before: `reset` or `set`, for the first.
pub const PASSWORD_CHANGED: &str = "accounts.password_changed";
/// A session began. Fact `new_device`, if its owner never signed in from there before.
pub const SIGNED_IN: &str = "accounts.signed_in";
/// A session was ended. Fact `reason`: `logout`, `ended`, `password_changed`, `email_undone`, `disabled` or `token_reused`.
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

/// Someone said that they forgot the password of an address, which needn't be anyone's. The resource is the proof, which is
/// there only if it is.
pub const PASSWORD_FORGOTTEN: &str = "accounts.password_forgotten";
/// The owner of an account without a password is asked once more to choose one. Fact `proof_id`.
pub const PASSWORD_INVITED: &str = "accounts.password_invited";
/// Someone signed up with an address, which may be anyone's, and has to prove it first. The resource is the proof.
pub const SIGN_UP_ASKED: &str = "accounts.sign_up_asked";
/// Someone wants to be asked once more to prove an address, which needn't be anyone's. The resource is the proof, which
/// is there only if it is.
pub const EMAIL_PROOF_ASKED: &str = "accounts.email_proof_asked";
/// Someone proved their address.
pub const EMAIL_VERIFIED: &str = "accounts.email_verified";
/// Someone wants another address. Fact `proof_id`.
pub const EMAIL_CHANGE_ASKED: &str = "accounts.email_change_asked";
/// An account has another address. Fact `proof_id`, by which that can be undone from the former, if that was proven.
pub const EMAIL_CHANGED: &str = "accounts.email_changed";
/// An account has its former address back, and no password any more. Fact `proof_id`, to choose one by.
pub const EMAIL_CHANGE_UNDONE: &str = "accounts.email_change_undone";

/// The kind of resource that a proof is in events.
pub(crate) const PROOF: &str = "proof";
/// The kind of resource that an account is in events.
pub(crate) const USER: &str = "user";
/// The kind of resource that a session is in events.
pub(crate) const SESSION: &str = "session";
/// The kind of resource that a personal access token is in events.
pub(crate) const TOKEN: &str = "personal_token";
