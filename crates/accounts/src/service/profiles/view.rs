//! Looking at profiles.

use kernel::{guard::Permit, http::Tagged};

use super::Profiles;
use crate::{
    actions::profiles::{ViewOnboarding, ViewProfile},
    permissions::CAN_EDIT_PROFILES,
    profile_dto::{OnboardingView, ProfileView},
    rules::missing,
};

impl Profiles {
    /// A profile. What is private in it is shown to its owner and to those who may edit everyone's.
    pub(crate) fn view(&self, permit: &Permit<ViewProfile>) -> Tagged<ProfileView> {
        let row = &permit.target().0;
        let shows_all = row.user_id == permit.caller() || permit.holds(&CAN_EDIT_PROFILES);
        let view = if shows_all { ProfileView::full(row, &self.keyring) } else { ProfileView::seen(row) };
        Tagged::new(row.version, view)
    }

    /// What is missing.
    pub(crate) fn onboarding(permit: &Permit<ViewOnboarding>) -> OnboardingView {
        let me = permit.target();
        let missing = missing(&me.profile, &me.user);
        OnboardingView { complete: missing.is_empty(), missing }
    }
}
