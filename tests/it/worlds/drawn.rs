//! What a random world is made of, before it is built.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// People, besides the founder of all workspaces, who comes last among the callers.
pub const PEOPLE: usize = 6;
/// Roles that are drawn for each workspace.
pub const ROLES: usize = 4;
/// Workspaces of a world.
const WORKSPACES: usize = 2;

/// The permissions that decide about rows, with the scopes that each admits.
const DECIDING: &[(&str, &[&str])] = &[
    ("can_view_workspace", &["any"]),
    ("can_view_members", &["any"]),
    ("can_manage_members", &["any"]),
    ("can_view_roles", &["any"]),
    ("can_manage_roles", &["any"]),
    ("can_view_users", &["any"]),
    ("can_view_profiles", &["own", "any"]),
    ("can_view_projects", &["own", "assigned", "any"]),
    ("can_view_private_projects", &["any"]),
    ("can_view_images", &["own", "any"]),
    ("can_edit_images", &["own", "any"]),
    ("can_review_images", &["any"]),
];

/// How a membership stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Active,
    Suspended,
    /// Ended by itself before anything was asked.
    Expired,
    /// Ends by itself after the caches knew it.
    Ending,
    /// Was removed.
    Gone,
}

#[derive(Clone, Debug)]
pub struct Seat {
    pub standing: Standing,
    /// An index of the workspace's roles.
    pub role: usize,
}

/// A project: its owner, whether it is public and switched on, and who takes part how (not, switched off, or on).
#[derive(Clone, Debug)]
pub struct Project {
    pub owner: usize,
    pub is_public: bool,
    pub is_active: bool,
    pub parts: Vec<usize>,
}

#[derive(Clone, Debug)]
pub struct Image {
    pub uploader: usize,
    pub status: &'static str,
}

#[derive(Clone, Debug)]
pub struct Workspace {
    pub roles: Vec<Value>,
    /// By person; `None` never belonged.
    pub seats: Vec<Option<Seat>>,
    pub projects: Vec<Project>,
    pub images: Vec<Image>,
}

#[derive(Clone, Debug)]
pub struct World {
    pub workspaces: Vec<Workspace>,
    /// The document of each person's platform role.
    pub platform: Vec<Option<Value>>,
}

/// A role's document: with the wildcard or not, keys named or not, scopes of all widths.
fn document() -> impl Strategy<Value = Value> {
    let grant = |scopes: &'static [&'static str]| {
        prop_oneof![
            5 => Just(None),
            1 => Just(Some(json!(false))),
            5 => prop::sample::select(scopes).prop_map(|scope| Some(if scope == "any" { json!(true) } else { json!(scope) })),
        ]
    };
    let grants: Vec<_> = DECIDING.iter().map(|(_, scopes)| grant(scopes)).collect();
    (prop::bool::weighted(0.15), grants).prop_map(|(wildcard, grants)| {
        let named = DECIDING.iter().zip(grants).filter_map(|((key, _), grant)| Some(((*key).to_owned(), grant?)));
        let mut document: Map<String, Value> = named.collect();
        if wildcard {
            document.insert("*".to_owned(), json!(true));
        }
        Value::Object(document)
    })
}

fn seat() -> impl Strategy<Value = Option<Seat>> {
    let standing = prop_oneof![
        9 => Just(Standing::Active),
        1 => Just(Standing::Suspended),
        1 => Just(Standing::Expired),
        1 => Just(Standing::Ending),
        1 => Just(Standing::Gone),
    ];
    prop::option::weighted(0.8, (standing, 0..ROLES).prop_map(|(standing, role)| Seat { standing, role }))
}

fn workspace() -> impl Strategy<Value = Workspace> {
    let project = (0..PEOPLE, any::<bool>(), any::<bool>(), prop::collection::vec(0..3_usize, PEOPLE))
        .prop_map(|(owner, is_public, is_active, parts)| Project { owner, is_public, is_active, parts });
    let status = prop::sample::select(&["draft", "pending", "approved", "rejected"][..]);
    let image = (0..PEOPLE, status).prop_map(|(uploader, status)| Image { uploader, status });
    (
        prop::collection::vec(document(), ROLES),
        prop::collection::vec(seat(), PEOPLE),
        prop::collection::vec(project, 3..6),
        prop::collection::vec(image, 3..7),
    )
        .prop_map(|(roles, seats, projects, images)| Workspace { roles, seats, projects, images })
}

pub fn world() -> impl Strategy<Value = World> {
    let platform = prop_oneof![
        5 => Just(None),
        1 => Just(Some(json!({ "*": true }))),
        4 => document().prop_map(Some),
    ];
    (prop::collection::vec(workspace(), WORKSPACES), prop::collection::vec(platform, PEOPLE))
        .prop_map(|(workspaces, platform)| World { workspaces, platform })
}
