//! Slugs: what they must be like, and the one that follows from a name.

use uuid::Uuid;

/// Bytes a slug may have.
pub(crate) const MAX: usize = 63;

/// Words that mean something else in addresses, or would pretend to speak for the platform.
const RESERVED: &[&str] = &[
    "about",
    "account",
    "accounts",
    "admin",
    "administrator",
    "api",
    "app",
    "assets",
    "auth",
    "billing",
    "blog",
    "console",
    "dashboard",
    "docs",
    "health",
    "help",
    "home",
    "internal",
    "invitations",
    "join",
    "lobby",
    "login",
    "logout",
    "mail",
    "me",
    "mine",
    "metrics",
    "new",
    "null",
    "oauth",
    "official",
    "platform",
    "public",
    "ready",
    "register",
    "root",
    "security",
    "self",
    "settings",
    "signin",
    "signup",
    "static",
    "status",
    "support",
    "system",
    "undefined",
    "well-known",
    "workspace",
    "workspaces",
    "www",
];

/// Why a text is no slug to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlugFault {
    /// Not of its form.
    Malformed,
    /// Not for anybody.
    Reserved,
}

/// Whether somebody may choose `text` as a slug. What reads as an id can't be one: it would be taken for the id.
pub(crate) fn check(text: &str) -> Result<(), SlugFault> {
    let in_slug = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let ends = text.starts_with('-') || text.ends_with('-');
    if text.is_empty() || text.len() > MAX || ends || !text.bytes().all(in_slug) {
        return Err(SlugFault::Malformed);
    }
    if RESERVED.contains(&text) || Uuid::try_parse(text).is_ok() {
        return Err(SlugFault::Reserved);
    }
    Ok(())
}

/// The slug that follows from `name`, short enough for a suffix; `team` where nothing does.
pub(crate) fn of_name(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            Some(plain) => slug.push_str(plain),
            None if letter.is_ascii_alphanumeric() => slug.push(letter),
            // An apostrophe joins: "Ann's" is `anns`.
            None if matches!(letter, '\'' | '’') => {}
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
        if slug.len() >= MAX - 15 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    match check(slug) {
        Ok(()) => slug.to_owned(),
        Err(SlugFault::Reserved) => format!("{slug}-team"),
        Err(SlugFault::Malformed) => "team".to_owned(),
    }
}

/// The usual spelling of a Latin letter without its mark.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ő' | 'ō' => "o",
        'ö' | 'ø' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' => "t",
        'þ' => "th",
        'ù' | 'ú' | 'û' | 'ů' | 'ű' | 'ū' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_lower_case_and_hyphenated() {
        for slug in ["acme", "a", "a-1", "1-2-3", &"a".repeat(MAX)] {
            assert_eq!(check(slug), Ok(()), "{slug}");
        }
        for text in ["", "-a", "a-", "A", "a_b", "a b", "ä", &"a".repeat(MAX + 1)] {
            assert_eq!(check(text), Err(SlugFault::Malformed), "{text}");
        }
    }

    #[test]
    fn what_would_be_mistaken_is_reserved() {
        for text in ["me", "api", "0190a0c0000070008000000000000000", "0190a0c0-0000-7000-8000-000000000000"] {
            assert_eq!(check(text), Err(SlugFault::Reserved), "{text}");
        }
    }

    #[test]
    fn a_name_gives_a_slug_whatever_it_is() {
        let cases = [
            ("Acme & Söhne GmbH", "acme-soehne-gmbh"),
            ("  Ann's  Team! ", "anns-team"),
            ("ÉCOLE", "ecole"),
            ("API", "api-team"),
            ("工作室", "team"),
            ("!!!", "team"),
        ];
        for (name, slug) in cases {
            assert_eq!(of_name(name), slug);
        }
        for name in ["x".repeat(100), "é-".repeat(50), "ß".repeat(100)] {
            let slug = of_name(&name);
            assert!(check(&slug).is_ok() && slug.len() < MAX - 10, "{slug}");
        }
    }
}
