//! What operations on profiles and phone numbers take and answer.

use chrono::{DateTime, Utc};
use kernel::{ids::UserId, keyring::Keyring};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::{
    entity::profile,
    rules::{
        NationalId, OnboardingStep, check_color, check_emoji, check_locale, check_national_id, check_phone,
        check_timezone,
    },
};

/// For what a national identity number is sealed.
pub(crate) const SEALED_FOR: &str = "national_id";

/// A face: an emoji on a coloured ground, or an uploaded picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileAvatar {
    /// One emoji; null where a picture was uploaded.
    #[schema(examples("🦊"))]
    pub emoji: Option<String>,
    /// The ground's colour, `#rrggbb`; null where a picture was uploaded.
    #[schema(examples("#ff8800"))]
    pub color: Option<String>,
    /// Where the uploaded picture is, 256 by 256 pixels; null where there is an emoji.
    pub image: Option<String>,
}

impl ProfileAvatar {
    fn of(row: &profile::Model) -> Option<Self> {
        if row.avatar_image.is_some() {
            let image = format!("/api/v1/profiles/{}/avatar", row.user_id);
            return Some(Self { emoji: None, color: None, image: Some(image) });
        }
        let (emoji, color) = (row.avatar_emoji.clone()?, row.avatar_color.clone()?);
        Some(Self { emoji: Some(emoji), color: Some(color), image: None })
    }
}

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(clippy::option_option, reason = "what isn't shown is absent; what is shown and not there is null")]
pub struct ProfileView {
    /// Whose.
    pub user_id: UserId,
    /// One or two sentences.
    pub bio: String,
    /// As much as they like to tell.
    pub description: String,
    /// Their face.
    pub avatar: Option<ProfileAvatar>,
    /// The language they read, as a BCP 47 tag.
    #[schema(examples("de-CH"))]
    pub locale: Option<String>,
    /// Where their clock is, by IANA name.
    #[schema(examples("Europe/Zurich"))]
    pub timezone: Option<String>,
    /// The phone number (E.164); shown to its owner and to administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, examples("+41791234567"))]
    pub phone: Option<Option<String>>,
    /// Whether they proved that the number is theirs; shown to its owner and to administrators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_confirmed: Option<bool>,
    /// The national identity number; shown to its owner and to administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub national_id: Option<Option<NationalId>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl ProfileView {
    /// The profile as its owner and administrators see it, with what `keyring` opens.
    pub(crate) fn full(row: &profile::Model, keyring: &Keyring) -> Self {
        Self {
            phone: Some(row.phone.clone()),
            phone_confirmed: Some(row.phone_confirmed_at.is_some()),
            national_id: Some(national_id_of(row, keyring)),
            ..Self::seen(row)
        }
    }

    /// The profile as others see it.
    pub(crate) fn seen(row: &profile::Model) -> Self {
        Self {
            user_id: row.user_id,
            bio: row.bio.clone(),
            description: row.description.clone(),
            avatar: ProfileAvatar::of(row),
            locale: row.locale.clone(),
            timezone: row.timezone.clone(),
            phone: None,
            phone_confirmed: None,
            national_id: None,
            updated_at: row.updated_at,
        }
    }
}

/// The number in the clear. One that can't be opened, because the secret that sealed it is gone, is lost, and the log
/// says so.
pub(crate) fn national_id_of(row: &profile::Model, keyring: &Keyring) -> Option<NationalId> {
    let sealed = row.national_id.as_ref()?;
    let opened = keyring.open(SEALED_FOR, row.user_id.0, &sealed.0).and_then(NationalId::opened);
    if opened.is_none() {
        tracing::error!(user = %row.user_id, "a national id does not open: is a former secret missing?");
    }
    opened
}

/// An emoji on a coloured ground.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmojiAvatar {
    /// One emoji.
    #[validate(custom(function = check_emoji))]
    #[schema(min_length = 1, max_length = 16, examples("🦊"))]
    pub emoji: String,
    /// The ground's colour, `#rrggbb`.
    #[validate(custom(function = check_color))]
    #[schema(pattern = "^#[0-9A-Fa-f]{6}$", examples("#ff8800"))]
    pub color: String,
}

/// The fields of a profile that change; absent ones stay as they are, null clears.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, null and a value are three things in a patch (RFC 7396)")]
pub struct ProfilePatch {
    /// One or two sentences.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(custom(function = check_bio))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub bio: Option<Option<String>>,
    /// As much as they like to tell.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(custom(function = check_description))]
    #[schema(value_type = Option<String>, max_length = 5000)]
    pub description: Option<Option<String>>,
    /// A face of an emoji, in the place of a picture; null clears whichever there is.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(nested)]
    #[schema(value_type = Option<EmojiAvatar>)]
    pub avatar: Option<Option<EmojiAvatar>>,
    /// A language, as a BCP 47 tag of registered subtags.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(custom(function = check_locale))]
    #[schema(value_type = Option<String>, min_length = 2, max_length = 35, examples("de-CH"))]
    pub locale: Option<Option<String>>,
    /// A time zone, by its IANA name.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(custom(function = check_timezone))]
    #[schema(value_type = Option<String>, examples("Europe/Zurich"))]
    pub timezone: Option<Option<String>>,
    /// A phone number with its country. Another number than before is not confirmed.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(custom(function = check_phone))]
    #[schema(value_type = Option<String>, max_length = 32, examples("+41791234567"))]
    pub phone: Option<Option<String>>,
    /// A national identity number: 4 to 32 letters, digits, dots, hyphens and spaces. It is kept encrypted.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(custom(function = check_national_id))]
    #[schema(value_type = Option<String>, min_length = 4, max_length = 32)]
    pub national_id: Option<Option<NationalId>>,
}

fn check_bio(text: &str) -> Result<(), ValidationError> {
    at_most(text, 500, "It takes at most 500 characters.")
}

fn check_description(text: &str) -> Result<(), ValidationError> {
    at_most(text, 5000, "It takes at most 5000 characters.")
}

fn at_most(text: &str, length: usize, sentence: &'static str) -> Result<(), ValidationError> {
    if text.trim().chars().count() <= length {
        return Ok(());
    }
    Err(ValidationError::new("length").with_message(sentence.into()))
}

/// Whether somebody is done with telling who they are.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OnboardingView {
    /// Whether nothing is missing.
    pub complete: bool,
    /// What is, in the order in which one would ask for it.
    pub missing: Vec<OnboardingStep>,
}

/// A phone number, and whether it is confirmed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PhoneView {
    /// The number, as it is kept.
    #[schema(examples("+41791234567"))]
    pub phone: String,
    /// Whether its owner proved that it is theirs.
    pub confirmed: bool,
}
