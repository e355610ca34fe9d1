//! What makes a profile complete.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::entity::{profile, user};

/// Something that a person is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnboardingStep {
    /// Of the account: `PATCH /users/me`.
    FirstName,
    /// Of the account.
    LastName,
    /// Of the account.
    Username,
    /// Of the profile: `PATCH /profiles/{user_id}`.
    Bio,
    /// Of the profile.
    Description,
    /// Of the profile.
    NationalId,
    /// A number: `POST /users/me/phone`.
    Phone,
    /// That the number is theirs: `POST /users/me/phone/verify`.
    PhoneConfirmed,
}

/// What is missing, in the order in which one would ask for it.
pub(crate) fn missing(profile: &profile::Model, user: &user::Model) -> Vec<OnboardingStep> {
    use OnboardingStep::{Bio, Description, FirstName, LastName, NationalId, Phone, PhoneConfirmed, Username};
    let steps = [
        (FirstName, user.first_name.is_some()),
        (LastName, user.last_name.is_some()),
        (Username, user.username.is_some()),
        (Bio, !profile.bio.is_empty()),
        (Description, !profile.description.is_empty()),
        (NationalId, profile.national_id.is_some()),
        (Phone, profile.phone.is_some()),
        (PhoneConfirmed, profile.phone_confirmed_at.is_some()),
    ];
    steps.into_iter().filter(|(_, is_there)| !is_there).map(|(step, _)| step).collect()
}
