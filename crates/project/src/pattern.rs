//! What people search for, as LIKE patterns that match it literally.

/// The pattern of every text that contains `part`, whatever characters of LIKE's own it has.
pub(crate) fn containing(part: &str) -> String {
    let mut pattern = String::with_capacity(part.len() + 2);
    pattern.push('%');
    for character in part.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_like_would_interpret_is_escaped() {
        assert_eq!(containing("plain"), "%plain%");
        assert_eq!(containing("100%"), r"%100\%%");
        assert_eq!(containing("a_b"), r"%a\_b%");
        assert_eq!(containing(r"c:\dir"), r"%c:\\dir%");
        assert_eq!(containing(r"\%"), r"%\\\%%");
    }
}
