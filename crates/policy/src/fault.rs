//! What is wrong with a document, where, and what may have been meant.

use serde::Serialize;

/// One fault of a role document or blueprint. Readers return all of them at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where: a JSON pointer (RFC 6901) from the root of what was read; empty for the whole of it.
    pub pointer: String,
    /// What, for programs: one of [`code`].
    pub code: &'static str,
    /// What, for people. Doesn't repeat the text at fault.
    pub message: String,
    /// What may have been meant, as it would be written in JSON without quotes.
    pub suggestion: Option<String>,
}

impl Fault {
    /// A fault without a suggestion.
    pub(crate) fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into(), suggestion: None }
    }

    /// The same fault with what may have been meant.
    pub(crate) fn suggesting(self, suggestion: Option<&str>) -> Self {
        Self { suggestion: suggestion.map(str::to_owned), ..self }
    }

    /// The same fault seen from outside: of a value that stands at `prefix`.
    pub(crate) fn under(self, prefix: &str) -> Self {
        Self { pointer: format!("{prefix}{}", self.pointer), ..self }
    }
}

/// The step of a JSON pointer to an object's key, escaped (RFC 6901, section 3).
pub(crate) fn step(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The stable codes of faults.
pub mod code {
    /// The text isn't JSON.
    pub const MALFORMED_JSON: &str = "malformed_json";
    /// The text is longer than [`MAX_TEXT_BYTES`](crate::MAX_TEXT_BYTES).
    pub const TOO_LARGE: &str = "too_large";
    /// An object has the same key twice.
    pub const DUPLICATE_KEY: &str = "duplicate_key";
    /// Something other than an object stands where one belongs.
    pub const NOT_AN_OBJECT: &str = "not_an_object";
    /// More than [`MAX_KEYS`](crate::MAX_KEYS) keys in a document or [`MAX_ROLES`](crate::MAX_ROLES) roles in a blueprint.
    pub const TOO_MANY: &str = "too_many";
    /// No permission has this key.
    pub const UNKNOWN_PERMISSION: &str = "unknown_permission";
    /// No limit has this key.
    pub const UNKNOWN_LIMIT: &str = "unknown_limit";
    /// The value isn't a scope.
    pub const UNKNOWN_SCOPE: &str = "unknown_scope";
    /// The permission doesn't admit this scope.
    pub const SCOPE_NOT_ADMITTED: &str = "scope_not_admitted";
    /// A limit isn't a whole number from 0 to 2⁶³ − 1.
    pub const INVALID_LIMIT: &str = "invalid_limit";
    /// A blueprint has no such field.
    pub const UNKNOWN_FIELD: &str = "unknown_field";
    /// A blueprint's field is missing.
    pub const MISSING_FIELD: &str = "missing_field";
    /// A blueprint's field has a value of the wrong type or length.
    pub const INVALID_FIELD: &str = "invalid_field";
    /// A name isn't a lower-case word of letters, digits, `_` and `-`.
    pub const INVALID_NAME: &str = "invalid_name";
    /// Two roles of a blueprint have the same name.
    pub const DUPLICATE_ROLE: &str = "duplicate_role";
    /// The blueprint has no role of this name.
    pub const UNKNOWN_ROLE: &str = "unknown_role";
    /// The owner's role isn't an administrator's.
    pub const OWNER_NOT_ADMINISTRATOR: &str = "owner_not_administrator";
    /// The default role is the owner's.
    pub const DEFAULT_IS_OWNER: &str = "default_is_owner";
    /// A role that people get without an administrator's act would let them say who may do what.
    pub const UNATTENDED_AUTHORITY: &str = "unattended_authority";
    /// Promotions lead back to where they started.
    pub const PROMOTION_CYCLE: &str = "promotion_cycle";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_escaped() {
        assert_eq!(step("a/b~c"), "/a~1b~0c");
        assert_eq!(step("~1"), "/~01");
        assert_eq!(step(""), "/");
    }

    #[test]
    fn a_fault_moves_with_the_value_it_is_in() {
        let fault = Fault::new(step("can_fly"), code::UNKNOWN_PERMISSION, "…").under("/roles/0/permissions");
        assert_eq!(fault.pointer, "/roles/0/permissions/can_fly");
    }
}
