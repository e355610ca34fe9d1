//! What a patch makes of a profile.

use kernel::keyring::Keyring;

use super::Profiles;
use crate::{
    entity::profile::{self, Sealed},
    profile_dto::{EmojiAvatar, ProfilePatch, SEALED_FOR, national_id_of},
    rules::{NationalId, locale_key, phone_key, timezone_key, trimmed},
};

/// A profile with what was given, and the names of the fields that differ from before.
pub(super) struct Changed {
    pub(super) row: profile::Model,
    pub(super) fields: Vec<&'static str>,
}

impl Profiles {
    /// Lays `patch` over `before`.
    pub(super) fn patched(&self, before: &profile::Model, patch: ProfilePatch) -> Changed {
        let mut row = before.clone();
        let text = |given: Option<String>| given.as_deref().map(trimmed).unwrap_or_default();
        if let Some(bio) = patch.bio {
            row.bio = text(bio);
        }
        if let Some(description) = patch.description {
            row.description = text(description);
        }
        if let Some(locale) = patch.locale {
            row.locale = locale.as_deref().and_then(locale_key);
        }
        if let Some(timezone) = patch.timezone {
            row.timezone = timezone.as_deref().and_then(timezone_key);
        }
        if let Some(phone) = patch.phone {
            set_phone(&mut row, phone.as_deref().and_then(phone_key));
        }
        if let Some(avatar) = patch.avatar {
            set_emoji(&mut row, avatar);
        }
        let mut fields = differing(before, &row);
        if let Some(given) = patch.national_id {
            let given = given.map(|id| id.trimmed());
            if given != national_id_of(before, &self.keyring) || given.is_some() != before.national_id.is_some() {
                row.national_id = given.map(|id| sealed(&self.keyring, before, &id));
                fields.push("national_id");
            }
        }
        // What is written anyway is written under the current secret.
        if let (false, Some(held)) = (fields.is_empty(), &row.national_id)
            && self.keyring.is_stale(&held.0)
            && let Some(id) = national_id_of(&row, &self.keyring)
        {
            row.national_id = Some(sealed(&self.keyring, before, &id));
        }
        Changed { row, fields }
    }
}

fn sealed(keyring: &Keyring, row: &profile::Model, id: &NationalId) -> Sealed {
    Sealed(keyring.seal(SEALED_FOR, row.user_id.0, id.reveal().as_bytes()))
}

/// Another number is not confirmed.
pub(super) fn set_phone(row: &mut profile::Model, phone: Option<String>) {
    if row.phone != phone {
        row.phone = phone;
        row.phone_confirmed_at = None;
    }
}

/// An emoji takes the place of a picture; none leaves no avatar at all.
fn set_emoji(row: &mut profile::Model, avatar: Option<EmojiAvatar>) {
    (row.avatar_image, row.avatar_hash, row.avatar_type) = (None, None, None);
    (row.avatar_emoji, row.avatar_color) =
        avatar.map(|avatar| (avatar.emoji, avatar.color.to_ascii_lowercase())).unzip();
}

fn differing(before: &profile::Model, after: &profile::Model) -> Vec<&'static str> {
    let avatar = |row: &profile::Model| (row.avatar_emoji.clone(), row.avatar_color.clone(), row.avatar_image);
    let fields = [
        ("bio", before.bio != after.bio),
        ("description", before.description != after.description),
        ("locale", before.locale != after.locale),
        ("timezone", before.timezone != after.timezone),
        ("phone", before.phone != after.phone),
        ("avatar", avatar(before) != avatar(after)),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
