//! The form of role documents and blueprints as JSON Schema (draft 2020-12), so that editors complete and check them.
//!
//! A schema says what one value may be, not how values go together: that names lead somewhere and that authority comes
//! from administrators only is for [`Blueprint::parse`](crate::Blueprint::parse) to say, and so are keys that repeat.

use kernel::grant::{Permission, Scope};
use serde_json::{Map, Value, json};

use crate::{
    blueprint::{MAX_DESCRIPTION, MAX_NAME, MAX_ROLES, MAX_TITLE},
    document::{MAX_KEYS, WILDCARD, scope_as_json},
    vocabulary::Vocabulary,
};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Vocabulary {
    /// The schema of a role document.
    pub fn role_schema(&self) -> Value {
        let mut schema = self.permissions_schema();
        schema["$schema"] = DRAFT.into();
        schema["title"] = "Role document".into();
        schema
    }

    /// The schema of a blueprint.
    pub fn blueprint_schema(&self) -> Value {
        json!({
            "$schema": DRAFT,
            "title": "Blueprint",
            "description": "The roles that a workspace starts with.",
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "title", "description", "owner_role", "default_role", "registration", "roles"],
            "properties": {
                "$schema": { "type": "string", "description": "The schema of this file, for editors." },
                "name": name("The blueprint's name, unique among blueprints."),
                "title": text("What people call it.", MAX_TITLE),
                "description": text("What it is for.", MAX_DESCRIPTION),
                "owner_role": name("The role of the workspace's owner: an administrator's."),
                "default_role": name("The role that new members get when nothing else is said."),
                "registration": {
                    "description": "How people become members: anybody may join, by invitation, or not at all.",
                    "enum": ["open", "invite", "closed"]
                },
                "roles": {
                    "description": "Its roles, in the order in which people should see them.",
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MAX_ROLES,
                    "items": { "$ref": "#/$defs/role" }
                }
            },
            "$defs": { "role": role(), "permissions": self.permissions_schema() }
        })
    }

    fn permissions_schema(&self) -> Value {
        let permissions = self.permissions().map(|(_, permission)| (permission.key.to_owned(), grant(permission)));
        let limits = self.limits().map(|(_, limit)| {
            let bound = json!({ "description": limit.sentence, "type": "integer", "minimum": 0, "maximum": i64::MAX });
            (limit.key.to_owned(), bound)
        });
        let wildcard = json!({
            "description": "Everything that is declared, now and later, as widely as each admits; a named key beats it",
            "enum": values(&[Scope::Any])
        });
        let properties: Map<_, _> = permissions.chain(limits).chain([(WILDCARD.to_owned(), wildcard)]).collect();
        json!({
            "description": "What a role grants, by permission, and its limits.",
            "type": "object",
            "additionalProperties": false,
            "maxProperties": MAX_KEYS,
            "properties": properties
        })
    }
}

fn role() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "title", "description", "permissions"],
        "properties": {
            "name": name("The role's name, unique within the blueprint."),
            "title": text("What people call it.", MAX_TITLE),
            "description": text("What it is for.", MAX_DESCRIPTION),
            "permissions": { "$ref": "#/$defs/permissions" },
            "self_assignable": flag("Whether people may choose it themselves when they join."),
            "promotes_to":
                name("The role that it is exchanged for when its holder's profile is complete and phone confirmed."),
            "directory": name("The directory in which its holders are listed."),
            "granted_by_plan": flag("Whether a subscription's plan may grant it.")
        }
    })
}

fn grant(permission: &Permission) -> Value {
    json!({ "description": permission.sentence, "enum": values(permission.scopes) })
}

/// Every way to write one of these scopes, or none.
fn values(scopes: &[Scope]) -> Vec<Value> {
    let words = scopes.iter().filter(|scope| **scope == Scope::Any).map(|scope| scope.as_str().into());
    let narrowest_first = [Scope::None].iter().chain(scopes).map(|scope| scope_as_json(*scope));
    narrowest_first.chain(words).collect()
}

fn name(description: &str) -> Value {
    let pattern = format!("^[a-z][a-z0-9_-]{{0,{}}}$", MAX_NAME - 1);
    json!({ "description": description, "type": "string", "pattern": pattern })
}

fn text(description: &str, longest: usize) -> Value {
    json!({ "description": description, "type": "string", "maxLength": longest, "pattern": "\\S" })
}

fn flag(description: &str) -> Value {
    json!({ "description": description, "type": "boolean", "default": false })
}
