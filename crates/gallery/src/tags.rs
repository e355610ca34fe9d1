//! Tags in their one form: lower case, no double, no blank around, so that a filter finds what was meant.

use std::borrow::Cow;

use validator::ValidationError;

/// Tags that an image may have.
pub(crate) const MAX_TAGS: usize = 20;
/// Characters that a tag may have.
pub(crate) const MAX_LENGTH: usize = 50;

/// What is wrong with a list of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagFault {
    /// More than [`MAX_TAGS`], doubles not counted.
    TooMany,
    /// The one at this place is empty or longer than [`MAX_LENGTH`].
    Length(usize),
    /// The one at this place has a comma, which parts tags in forms, or a control character.
    Character(usize),
}

/// A tag in its one form.
pub(crate) fn normal(tag: &str) -> String {
    tag.trim().to_lowercase()
}

/// Tags in their one form, in the order given.
pub(crate) fn normalised<T: AsRef<str>>(given: &[T]) -> Result<Vec<String>, TagFault> {
    let mut tags: Vec<String> = Vec::new();
    for (place, tag) in given.iter().enumerate() {
        let tag = normal(tag.as_ref());
        if tag.is_empty() || tag.chars().count() > MAX_LENGTH {
            return Err(TagFault::Length(place));
        }
        if tag.chars().any(|c| c == ',' || c.is_control()) {
            return Err(TagFault::Character(place));
        }
        if !tags.contains(&tag) {
            if tags.len() == MAX_TAGS {
                return Err(TagFault::TooMany);
            }
            tags.push(tag);
        }
    }
    Ok(tags)
}

impl TagFault {
    /// The word for programs and the sentence for people.
    pub(crate) fn told(self) -> (&'static str, String) {
        match self {
            Self::TooMany => ("length", format!("An image takes at most {MAX_TAGS} tags.")),
            Self::Length(place) => ("length", format!("Tag {} does not have 1 to {MAX_LENGTH} characters.", place + 1)),
            Self::Character(place) => {
                ("invalid_value", format!("Tag {} has a comma or a control character.", place + 1))
            }
        }
    }
}

/// The same as a validation of bodies.
#[expect(clippy::ptr_arg, reason = "the validator hands on what the field is")]
pub(crate) fn valid(given: &Vec<String>) -> Result<(), ValidationError> {
    normalised(given).map(drop).map_err(|fault| {
        let (code, sentence) = fault.told();
        ValidationError::new(code).with_message(Cow::Owned(sentence))
    })
}

/// The same for one tag.
pub(crate) fn valid_one(given: &str) -> Result<(), ValidationError> {
    valid(&vec![given.to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_lower_cased_trimmed_and_told_once() {
        assert_eq!(
            normalised(&[" Straße", "SUN", "sun ", "Ärger"]),
            Ok(vec!["straße".into(), "sun".into(), "ärger".into()])
        );
        assert_eq!(normalised::<&str>(&[]), Ok(vec![]));
    }

    #[test]
    fn twenty_different_tags_are_taken_and_no_more() {
        let many: Vec<String> = (0..20).map(|number| format!("tag {number}")).collect();
        assert_eq!(normalised(&[many.clone(), many.clone()].concat()), Ok(many.clone()), "doubles don't count");
        assert_eq!(normalised(&[many, vec!["one more".into()]].concat()), Err(TagFault::TooMany));
    }

    #[test]
    fn a_tag_has_one_to_fifty_characters() {
        assert_eq!(normalised(&["a", " "]), Err(TagFault::Length(1)));
        assert!(normalised(&["ä".repeat(50)]).is_ok());
        assert_eq!(normalised(&["ä".repeat(51)]), Err(TagFault::Length(0)));
        assert_eq!(normalised(&["a,b"]), Err(TagFault::Character(0)));
        assert_eq!(normalised(&["a\u{0}"]), Err(TagFault::Character(0)));
    }
}
