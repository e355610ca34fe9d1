//! How JSON becomes a role document: all faults at once, and whatever is at fault grants nothing.

use kernel::grant::{Permission, Scope};
use serde_json::Value;

use super::{RoleDocument, WILDCARD, scope_as_json};
use crate::{
    fault::{Fault, code, step},
    json,
    suggest::nearest,
    vocabulary::Vocabulary,
};

/// The most keys that a document may have.
pub const MAX_KEYS: usize = 512;

/// What could be read of a stored document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What it grants today. Not to be stored: it lacks what is in `ignored`.
    pub document: RoleDocument,
    /// What was passed over because this version doesn't know it.
    pub ignored: Vec<Fault>,
}

impl Vocabulary {
    /// Reads a document that somebody wrote.
    ///
    /// # Errors
    ///
    /// Every fault in it.
    pub fn parse(&self, document: &Value) -> Result<RoleDocument, Vec<Fault>> {
        sound(self.restore(document))
    }

    /// Reads a document that somebody wrote, from its text: also refuses malformed JSON and keys that occur twice.
    ///
    /// # Errors
    ///
    /// Every fault in it.
    pub fn parse_str(&self, text: &str) -> Result<RoleDocument, Vec<Fault>> {
        let (value, mut faults) = json::read(text).map_err(|fault| vec![fault])?;
        let Restored { document, ignored } = self.restore(&value);
        faults.extend(ignored);
        sound(Restored { document, ignored: faults })
    }

    /// Reads a document that was sound when it was stored, maybe by a version that declared other permissions.
    ///
    /// Nobody is locked out by a key that is gone, and nobody gains by it: what can't be read grants nothing, also where
    /// there is a wildcard, and a limit that can't be read is zero.
    pub fn restore(&self, document: &Value) -> Restored {
        let mut restored = Restored { document: RoleDocument::default(), ignored: Vec::new() };
        let Some(entries) = document.as_object() else {
            restored.ignored.push(Fault::new("", code::NOT_AN_OBJECT, "Permissions are an object."));
            return restored;
        };
        if entries.len() > MAX_KEYS {
            restored.ignored.push(Fault::new("", code::TOO_MANY, format!("There are more than {MAX_KEYS} keys.")));
            return restored;
        }
        for (key, value) in entries {
            if let Err(fault) = self.read_entry(key, value, &mut restored.document) {
                restored.ignored.push(fault.under(&step(key)));
            }
        }
        restored
    }

    /// Reads one entry. What is at fault is entered as nothing, so that the wildcard doesn't fill the gap.
    fn read_entry(&self, key: &str, value: &Value, document: &mut RoleDocument) -> Result<(), Fault> {
        if key == WILDCARD {
            document.wildcard = wildcard(value)?;
        } else if let Some(permission) = self.permission(key) {
            let scope = document.named.entry(permission.key).or_insert(Scope::None);
            *scope = grant(permission, value)?;
        } else if let Some(limit) = self.limit(key) {
            let bound = document.limits.entry(limit.key).or_insert(0);
            *bound = number(value)?;
        } else {
            return Err(self.unknown(key));
        }
        Ok(())
    }

    fn unknown(&self, key: &str) -> Fault {
        if key.starts_with("max_") {
            Fault::new("", code::UNKNOWN_LIMIT, "There is no such limit.").suggesting(self.nearest_limit(key))
        } else {
            let fault = Fault::new("", code::UNKNOWN_PERMISSION, "There is no such permission.");
            fault.suggesting(self.nearest_permission(key))
        }
    }
}

fn sound(restored: Restored) -> Result<RoleDocument, Vec<Fault>> {
    if restored.ignored.is_empty() { Ok(restored.document) } else { Err(restored.ignored) }
}

fn wildcard(value: &Value) -> Result<bool, Fault> {
    match scope(value)? {
        Scope::None => Ok(false),
        Scope::Any => Ok(true),
        Scope::Own | Scope::Assigned => {
            let message = "The wildcard is true or false: it grants each permission as widely as that admits.";
            Err(Fault::new("", code::SCOPE_NOT_ADMITTED, message))
        }
    }
}

fn grant(permission: &Permission, value: &Value) -> Result<Scope, Fault> {
    let scope = scope(value)?;
    if scope == Scope::None || permission.scopes.contains(&scope) {
        return Ok(scope);
    }
    let admitted: Vec<String> = permission.scopes.iter().map(|scope| scope_as_json(*scope).to_string()).collect();
    let message = format!("{} admits only {}, or false.", permission.key, admitted.join(", "));
    // Only ever something narrower: what a slip suggests should not grant more than was written.
    let narrower = permission.scopes.iter().rfind(|admitted| **admitted < scope);
    Err(Fault::new("", code::SCOPE_NOT_ADMITTED, message).suggesting(narrower.map(|scope| scope.as_str())))
}

fn scope(value: &Value) -> Result<Scope, Fault> {
    match value {
        Value::Bool(false) => Ok(Scope::None),
        Value::Bool(true) => Ok(Scope::Any),
        Value::String(word) => match word.as_str() {
            "own" => Ok(Scope::Own),
            "assigned" => Ok(Scope::Assigned),
            "any" => Ok(Scope::Any),
            "none" => Err(unknown_scope(Some("false"))),
            _ => Err(unknown_scope(nearest(word, ["own", "assigned", "any", "true", "false"]))),
        },
        _ => Err(unknown_scope(None)),
    }
}

fn unknown_scope(suggestion: Option<&str>) -> Fault {
    Fault::new("", code::UNKNOWN_SCOPE, "A scope is false, \"own\", \"assigned\" or true.").suggesting(suggestion)
}

fn number(value: &Value) -> Result<i64, Fault> {
    let message = "A limit is a whole number, zero or more; without one, leave the key out.";
    value.as_i64().filter(|number| *number >= 0).ok_or_else(|| Fault::new("", code::INVALID_LIMIT, message))
}
