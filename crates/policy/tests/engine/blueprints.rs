//! The blueprints that ship, and everything that makes one unsound.

use kernel::grant::{Relation, Scope};
use policy::{Blueprint, CompiledRole, Fault, Mandate, Registration, Uncovered, code};
use serde_json::{Value, json};

use crate::sample::{EDIT_PROJECTS, LIKE_IMAGES, MAX_PROJECTS, vocabulary};

pub const SHIPPED: [(&str, &str); 4] = [
    ("crafo", include_str!("../../../../config/blueprints/crafo.json")),
    ("devhub", include_str!("../../../../config/blueprints/devhub.json")),
    ("gallery", include_str!("../../../../config/blueprints/gallery.json")),
    ("lobby", include_str!("../../../../config/blueprints/lobby.json")),
];

fn shipped(name: &str) -> Blueprint {
    let (_, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name).unwrap();
    Blueprint::parse(text, &vocabulary()).unwrap()
}

fn compiled(blueprint: &Blueprint, role: &str) -> CompiledRole {
    CompiledRole::compile(role, &blueprint.role(role).unwrap().permissions, &vocabulary())
}

#[test]
fn the_shipped_blueprints_are_sound() {
    for (name, _) in SHIPPED {
        let blueprint = shipped(name);
        assert_eq!(blueprint.name, name);
        let administrators: Vec<_> = blueprint
            .roles
            .iter()
            .filter(|role| compiled(&blueprint, &role.name).is_administrator())
            .map(|role| role.name.as_str())
            .collect();
        assert_eq!(administrators, [blueprint.owner_role.as_str()], "{name}");
    }
}

#[test]
fn every_field_is_read() {
    let devhub = shipped("devhub");
    assert_eq!((devhub.title.as_str(), devhub.registration), ("Developer hub", Registration::Open));
    assert_eq!((devhub.owner_role.as_str(), devhub.default_role.as_str()), ("admin", "customer"));
    let developer = devhub.role("developer").unwrap();
    assert!(developer.self_assignable && !developer.granted_by_plan);
    assert_eq!(developer.promotes_to.as_deref(), Some("verified_developer"));
    assert_eq!(developer.directory.as_deref(), Some("developers"));
    assert_eq!(compiled(&devhub, "developer").limit(&MAX_PROJECTS), Some(1));
    assert!(!compiled(&devhub, "developer").allows(&EDIT_PROJECTS, Relation::Own));
    assert!(compiled(&devhub, "verified_developer").allows(&EDIT_PROJECTS, Relation::Own));
    assert_eq!(shipped("lobby").registration, Registration::Invite);
    assert!(shipped("gallery").role("growth_plan_subscriber").unwrap().granted_by_plan);
}

#[test]
fn the_owners_role_hands_out_every_role() {
    for (name, _) in SHIPPED {
        let blueprint = shipped(name);
        let owner = compiled(&blueprint, &blueprint.owner_role);
        for role in &blueprint.roles {
            let role = compiled(&blueprint, &role.name);
            assert_eq!(Mandate::Owner.covers(&role), Ok(()));
            // By its grants alone it would, too, but for the one thing that administrators of workshops leave to others.
            let likes = Uncovered::Permission { permission: LIKE_IMAGES.key, held: Scope::None, needed: Scope::Any };
            let expected = if (name, role.name()) == ("crafo", "assistant") { Err(vec![likes]) } else { Ok(()) };
            assert_eq!(owner.covers(&role), expected, "{name} {}", role.name());
        }
    }
}

/// A sound blueprint to spoil.
pub fn sound() -> Value {
    json!({
        "name": "club", "title": "Club", "description": "A club.",
        "owner_role": "chair", "default_role": "member", "registration": "open",
        "roles": [
            { "name": "chair", "title": "Chair", "description": "Leads.", "permissions": { "*": true } },
            { "name": "clerk", "title": "Clerk", "description": "Admits.", "permissions": { "can_manage_members": true } },
            { "name": "member", "title": "Member", "description": "Is there.", "permissions": { "can_comment": true } },
            { "name": "guest", "title": "Guest", "description": "Looks.", "permissions": {}, "promotes_to": "member" },
        ]
    })
}

fn faults(blueprint: &Value) -> Vec<Fault> {
    Blueprint::parse(&blueprint.to_string(), &vocabulary()).err().unwrap_or_default()
}

/// The pointer and code of each fault of the sound blueprint with some values replaced.
fn spoiled<const N: usize>(changes: [(&str, Value); N]) -> Vec<(String, &'static str)> {
    let mut blueprint = sound();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        blueprint.pointer_mut(parent).unwrap()[key] = value;
    }
    faults(&blueprint).into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn the_sound_one_is_sound() {
    assert_eq!(spoiled([]), []);
}

#[test]
fn fields_have_their_types() {
    for field in ["title", "description"] {
        for value in [json!(1), json!(""), json!("  "), json!("x".repeat(1001))] {
            let pointer = format!("/roles/1/{field}");
            assert_eq!(spoiled([(&pointer, value)]), one(&pointer, code::INVALID_FIELD));
        }
    }
    for name in [json!(null), json!(""), json!("Clerk"), json!("1st"), json!("a b"), json!("a".repeat(64))] {
        assert_eq!(spoiled([("/roles/1/name", name)]), one("/roles/1/name", code::INVALID_NAME));
    }
    assert_eq!(
        spoiled([("/roles/1/self_assignable", json!("yes"))]),
        one("/roles/1/self_assignable", code::INVALID_FIELD)
    );
    assert_eq!(spoiled([("/registration", json!("ajar"))]), one("/registration", code::INVALID_FIELD));
    assert_eq!(spoiled([("/$schema", json!(1))]), one("/$schema", code::INVALID_FIELD));
    assert_eq!(spoiled([("/$schema", json!("blueprint.schema.json"))]), []);
    assert_eq!(spoiled([("/roles/1/directory", json!(7))]), one("/roles/1/directory", code::INVALID_NAME));
}

#[test]
fn a_malformed_name_says_what_is_one() {
    let mut blueprint = sound();
    blueprint["roles"][1]["name"] = json!("Clerk");
    assert_eq!(faults(&blueprint)[0].message, "A lower-case letter, then up to 62 of a-z, 0-9, _ and -.");
}

#[test]
fn registration_is_one_word_everywhere() {
    for registration in [Registration::Open, Registration::Invite, Registration::Closed] {
        assert_eq!(serde_json::to_value(registration).unwrap(), registration.as_str());
    }
}

#[test]
fn objects_and_lists_stand_where_they_belong() {
    assert_eq!(faults(&json!([]))[0].code, code::NOT_AN_OBJECT);
    assert_eq!(spoiled([("/roles/1/permissions", json!([]))]), one("/roles/1/permissions", code::NOT_AN_OBJECT));
    let mut blueprint = sound();
    blueprint["roles"][2] = json!("member");
    assert_eq!(faults(&blueprint)[0].pointer, "/roles/2");
    for roles in [json!([]), json!({}), json!("all")] {
        assert!(spoiled([("/roles", roles)]).contains(&("/roles".to_owned(), code::INVALID_FIELD)));
    }
    assert!(spoiled([("/roles", vec![json!({}); 65].into())]).contains(&("/roles".to_owned(), code::TOO_MANY)));
}

#[test]
fn unknown_and_missing_fields_are_refused_with_a_suggestion() {
    let mut blueprint = sound();
    blueprint["roles"][1]["self_asignable"] = json!(true);
    let found = faults(&blueprint);
    assert_eq!((found[0].pointer.as_str(), found[0].code), ("/roles/1/self_asignable", code::UNKNOWN_FIELD));
    assert_eq!(found[0].suggestion.as_deref(), Some("self_assignable"));
    let missing: Vec<_> = faults(&json!({})).into_iter().map(|fault| (fault.pointer, fault.code)).collect();
    let required = ["name", "title", "description", "owner_role", "default_role", "registration", "roles"];
    assert_eq!(missing, required.map(|field| (format!("/{field}"), code::MISSING_FIELD)));
}

#[test]
fn faults_of_role_documents_are_placed_in_the_whole() {
    assert_eq!(
        spoiled([("/roles/2/permissions", json!({ "can_coment": true }))]),
        one("/roles/2/permissions/can_coment", code::UNKNOWN_PERMISSION)
    );
}

#[test]
fn names_are_unique_and_lead_somewhere() {
    assert_eq!(spoiled([("/roles/3/name", json!("clerk"))]), one("/roles/3/name", code::DUPLICATE_ROLE));
    assert_eq!(spoiled([("/default_role", json!("membr"))]), one("/default_role", code::UNKNOWN_ROLE));
    assert_eq!(spoiled([("/owner_role", json!("owner"))]), one("/owner_role", code::UNKNOWN_ROLE));
    assert_eq!(spoiled([("/roles/3/promotes_to", json!("star"))]), one("/roles/3/promotes_to", code::UNKNOWN_ROLE));
}

#[test]
fn the_owner_is_an_administrator() {
    for permissions in [json!({ "can_manage_members": true }), json!({ "*": true, "can_manage_roles": false })] {
        assert_eq!(
            spoiled([("/roles/0/permissions", permissions)]),
            one("/roles/0/permissions", code::OWNER_NOT_ADMINISTRATOR)
        );
    }
}

#[test]
fn nobody_governs_without_an_administrators_act() {
    assert_eq!(spoiled([("/default_role", json!("chair"))]), one("/default_role", code::DEFAULT_IS_OWNER));
    for pointer in ["/roles/0/self_assignable", "/roles/0/granted_by_plan", "/roles/1/self_assignable"] {
        assert_eq!(spoiled([(pointer, json!(true))]), one(pointer, code::UNATTENDED_AUTHORITY));
    }
    assert_eq!(spoiled([("/default_role", json!("clerk"))]), one("/default_role", code::UNATTENDED_AUTHORITY));
    assert_eq!(
        spoiled([("/roles/3/promotes_to", json!("clerk"))]),
        one("/roles/3/promotes_to", code::UNATTENDED_AUTHORITY)
    );
    // Almost everything is too much as well, even if it doesn't make an administrator.
    let almost = json!({ "*": true, "can_manage_members": false, "can_manage_roles": false });
    assert_eq!(
        spoiled([("/roles/2/permissions", almost)]),
        [
            ("/roles/3/promotes_to".to_owned(), code::UNATTENDED_AUTHORITY),
            ("/default_role".to_owned(), code::UNATTENDED_AUTHORITY),
        ]
    );
}

#[test]
fn promotions_end() {
    assert_eq!(spoiled([("/roles/3/promotes_to", json!("guest"))]), one("/roles/3/promotes_to", code::PROMOTION_CYCLE));
    // A role that leads into a cycle isn't part of it.
    let mut blueprint = sound();
    let extra =
        json!({ "name": "extra", "title": "Extra", "description": "…", "permissions": {}, "promotes_to": "member" });
    blueprint["roles"].as_array_mut().unwrap().push(extra);
    blueprint["roles"][2]["promotes_to"] = json!("extra");
    let found: Vec<_> = faults(&blueprint).into_iter().map(|fault| (fault.pointer, fault.code)).collect();
    assert_eq!(
        found,
        ["/roles/2/promotes_to", "/roles/4/promotes_to"].map(|pointer| (pointer.to_owned(), code::PROMOTION_CYCLE))
    );
}

#[test]
fn faults_of_every_kind_are_named_at_once() {
    let text = sound().to_string().replace("\"registration\":", "\"title\":\"Twice\",\"registration\":");
    let text =
        text.replace("\"default_role\":\"member\"", "\"default_role\":\"chair\"").replace("can_comment", "can_coment");
    let found = Blueprint::parse(&text, &vocabulary()).unwrap_err();
    let codes: Vec<_> = found.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, [code::DUPLICATE_KEY, code::UNKNOWN_PERMISSION, code::DEFAULT_IS_OWNER]);
    assert_eq!(Blueprint::parse("{", &vocabulary()).unwrap_err()[0].code, code::MALFORMED_JSON);
}
