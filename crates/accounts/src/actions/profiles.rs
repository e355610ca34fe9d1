//! What can be done with profiles and phone numbers, and the permission that each takes.

use crate::{
    Schema, permissions,
    targets::{AvatarSeen, MyProfile, ProfileEdited, ProfileSeen},
};

kernel::actions! {
    module Schema;
    /// Looking at a profile.
    ViewProfile: permissions::CAN_VIEW_PROFILES, on ProfileSeen;
    /// Editing a profile, its avatar included.
    EditProfile: permissions::CAN_EDIT_PROFILES, on ProfileEdited;
    /// Looking at the picture of someone with whom one shares a workspace.
    ViewAvatar: signed in on AvatarSeen;
    /// Asking what is missing in one's own profile.
    ViewOnboarding: signed in on MyProfile;
    /// Asking for a code for one's own phone number.
    RequestPhoneCode: signed in on MyProfile;
    /// Confirming one's own phone number.
    VerifyPhone: signed in on MyProfile;
}
