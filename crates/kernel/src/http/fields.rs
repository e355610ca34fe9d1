//! From what was found wrong with a request to the places and sentences of the answer.

use std::borrow::Cow;

use serde_json::Value;
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::problem::FieldFault;

/// The faults that validation found, with JSON pointers. The rejected values are not repeated: they may be secrets.
pub fn validation_faults(errors: &ValidationErrors) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    collect(errors, "", &mut faults);
    faults.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    faults
}

fn collect(errors: &ValidationErrors, at: &str, faults: &mut Vec<FieldFault>) {
    for (field, kind) in errors.errors() {
        let pointer = if field == "__all__" { at.to_owned() } else { format!("{at}/{field}") };
        match kind {
            ValidationErrorsKind::Field(errors) => {
                faults
                    .extend(errors.iter().map(|error| FieldFault::new(&pointer, error.code.clone(), sentence(error))));
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, faults),
            ValidationErrorsKind::List(rows) => {
                for (index, inner) in rows {
                    collect(inner, &format!("{pointer}/{index}"), faults);
                }
            }
        }
    }
}

fn sentence(error: &ValidationError) -> String {
    if let Some(message) = &error.message {
        return message.to_string();
    }
    let bound = |name: &'static str| error.params.get(&Cow::Borrowed(name)).map(ToString::to_string);
    match (error.code.as_ref(), bound("min"), bound("max")) {
        ("length", Some(min), Some(max)) => format!("It takes {min} to {max} characters."),
        ("length", Some(min), None) => format!("It takes at least {min} characters."),
        ("length", None, Some(max)) => format!("It takes at most {max} characters."),
        ("range", Some(min), Some(max)) => format!("It takes a number from {min} to {max}."),
        ("range", Some(min), None) => format!("It takes a number of at least {min}."),
        ("range", None, Some(max)) => format!("It takes a number of at most {max}."),
        ("email", ..) => "It is not an e-mail address.".to_owned(),
        ("url", ..) => "It is not a URL.".to_owned(),
        _ => "It is not valid.".to_owned(),
    }
}

/// Whether `text` has a NUL, which PostgreSQL can't store.
pub fn has_nul(text: &str) -> bool {
    text.contains('\0')
}

/// Where a document has a string or key with a NUL, as a JSON pointer.
pub(super) fn find_nul(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => has_nul(text).then(String::new),
        Value::Array(rows) => {
            rows.iter().enumerate().find_map(|(index, row)| find_nul(row).map(|rest| format!("/{index}{rest}")))
        }
        Value::Object(members) => members.iter().find_map(|(key, member)| {
            let here = format!("/{}", escape(key));
            if has_nul(key) { Some(here.replace('\0', "\u{fffd}")) } else { find_nul(member).map(|rest| here + &rest) }
        }),
        _ => None,
    }
}

/// A key as a step of a JSON pointer (RFC 6901 section 3).
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_nul_is_found_wherever_it_hides() {
        assert_eq!(find_nul(&json!({"a": ["x", {"b/c": "nul\0"}]})).as_deref(), Some("/a/1/b~1c"));
        assert_eq!(find_nul(&json!({"a": ["x", 1, null]})), None);
    }
}
