//! The name that an uploaded file had on its uploader's disk, made harmless.

/// Characters that are kept of it.
const MAX_LENGTH: usize = 255;

/// The last component of the path that a client told, without control characters; nothing if nothing is left.
pub(super) fn clean(told: &str) -> Option<String> {
    let last = told.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !c.is_control() && !is_bidi_control(*c)).collect();
    let name: String = visible.trim().chars().take(MAX_LENGTH).collect();
    let name = name.trim_end();
    if name.is_empty() || name.chars().all(|c| c == '.') { None } else { Some(name.to_owned()) }
}

/// Characters that turn the direction of text, with which a name can pretend another extension.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_harmless_component() {
        assert_eq!(clean("C:\\Users\\me\\Urlaub é.jpg").as_deref(), Some("Urlaub é.jpg"));
        assert_eq!(clean("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(clean("a\0b\r\nc.png").as_deref(), Some("abc.png"));
        assert_eq!(clean("photo\u{202e}gpj.exe").as_deref(), Some("photogpj.exe"));
        for nothing in ["", " ", "..", "a/", "\u{1}"] {
            assert_eq!(clean(nothing), None);
        }
        assert_eq!(clean(&"ä".repeat(300)).map(|name| name.chars().count()), Some(255));
    }
}
