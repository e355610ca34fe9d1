//! A blueprint: the roles that a workspace starts with, as one JSON file.

mod fields;
mod rules;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::fields::Fields;
pub(crate) use self::fields::MAX_NAME;
use crate::{document::RoleDocument, fault::Fault, json, vocabulary::Vocabulary};

/// The most roles that a blueprint may have.
pub const MAX_ROLES: usize = 64;

/// The longest title, in characters.
pub(crate) const MAX_TITLE: usize = 100;

/// The longest description, in characters.
pub(crate) const MAX_DESCRIPTION: usize = 1000;

/// The field that tells editors which schema a blueprint has. It is not kept.
const SCHEMA: &str = "$schema";

/// A complete role model, made by [`Blueprint::parse`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blueprint {
    /// Its name, unique among blueprints.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The name of the role that the workspace's owner gets: an administrator's.
    pub owner_role: String,
    /// The name of the role that new members get when nothing else is said.
    pub default_role: String,
    /// How people become members.
    pub registration: Registration,
    /// Its roles, in the order in which people should see them.
    pub roles: Vec<BlueprintRole>,
}

/// How people become members of a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anybody may join.
    Open,
    /// By invitation.
    Invite,
    /// Not at all.
    Closed,
}

/// A role of a blueprint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlueprintRole {
    /// Its name, unique within the blueprint.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// What it grants.
    pub permissions: RoleDocument,
    /// Whether people may choose it themselves when they join.
    pub self_assignable: bool,
    /// The role that it is exchanged for when its holder's profile is complete and phone confirmed.
    pub promotes_to: Option<String>,
    /// The directory in which its holders are listed.
    pub directory: Option<String>,
    /// Whether a subscription's plan may grant it.
    pub granted_by_plan: bool,
}

impl Registration {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }
}

impl Blueprint {
    /// Reads a blueprint from its JSON text.
    ///
    /// # Errors
    ///
    /// Every fault in it: of form, of its role documents, and of what it says as a whole.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<Fault>> {
        let (value, mut faults) = json::read(text).map_err(|fault| vec![fault])?;
        let blueprint = Self::read(&value, vocabulary, &mut faults);
        if let Some(blueprint) = &blueprint {
            rules::check(blueprint, vocabulary, &mut faults);
        }
        match blueprint {
            Some(blueprint) if faults.is_empty() => Ok(blueprint),
            _ => Err(faults),
        }
    }

    /// The role of this name.
    pub fn role(&self, name: &str) -> Option<&BlueprintRole> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// What can be read of it, where the whole and each role are objects at all; the faults say what can't.
    fn read(value: &Value, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) -> Option<Self> {
        const KNOWN: [&str; 8] =
            [SCHEMA, "name", "title", "description", "owner_role", "default_role", "registration", "roles"];
        let mut fields = Fields::open(value, String::new(), &KNOWN, faults)?;
        fields.note_unless_text(SCHEMA);
        Some(Self {
            name: fields.name("name"),
            title: fields.text("title", MAX_TITLE),
            description: fields.text("description", MAX_DESCRIPTION),
            owner_role: fields.name("owner_role"),
            default_role: fields.name("default_role"),
            registration: fields.registration("registration"),
            roles: read_roles(fields.list("roles", MAX_ROLES), vocabulary, faults)?,
        })
    }
}

impl BlueprintRole {
    fn read(value: &Value, index: usize, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) -> Option<Self> {
        const KNOWN: [&str; 8] = [
            "name",
            "title",
            "description",
            "permissions",
            "self_assignable",
            "promotes_to",
            "directory",
            "granted_by_plan",
        ];
        let mut fields = Fields::open(value, format!("/roles/{index}"), &KNOWN, faults)?;
        Some(Self {
            name: fields.name("name"),
            title: fields.text("title", MAX_TITLE),
            description: fields.text("description", MAX_DESCRIPTION),
            permissions: fields.permissions("permissions", vocabulary),
            self_assignable: fields.flag("self_assignable"),
            promotes_to: fields.optional_name("promotes_to"),
            directory: fields.optional_name("directory"),
            granted_by_plan: fields.flag("granted_by_plan"),
        })
    }
}

/// The roles, if each is an object; all are read first, so that the faults of all are noted.
fn read_roles(roles: &[Value], vocabulary: &Vocabulary, faults: &mut Vec<Fault>) -> Option<Vec<BlueprintRole>> {
    let roles = roles.iter().enumerate().map(|(index, role)| BlueprintRole::read(role, index, vocabulary, faults));
    roles.collect::<Vec<_>>().into_iter().collect()
}
