//! What a token leaves of what its owner holds: the lesser of both in every respect, under the owner's name.

use std::sync::Arc;

use kernel::{
    authority::{Bounds, Grants},
    grant::{Decision, Denial, Relation, Scope},
    ids::WorkspaceId,
};
use policy::Ceiling;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{
    self, CREATE_PROJECTS, EDIT_PROFILES, EDIT_PROJECTS, LIKE_IMAGES, MANAGE_MEMBERS, MAX_PROJECTS, role,
};

fn left(held: Value, most: Value) -> Arc<dyn Grants> {
    Ceiling::new(None, role("token", most)).within(None, Arc::new(role("developer", held))).unwrap()
}

#[test]
fn a_token_of_one_workspace_leaves_something_there_and_nowhere_else() {
    let held = || Arc::new(role("developer", json!({ "*": true })));
    let here: WorkspaceId = "01890000-0000-7000-8000-000000000001".parse().unwrap();
    let there = "01890000-0000-7000-8000-000000000002".parse().unwrap();
    let bound = Ceiling::new(Some(here), role("token", json!({ "*": true })));
    assert!(bound.within(Some(here), held()).is_some());
    assert!(bound.within(Some(there), held()).is_none());
    assert!(bound.within(None, held()).is_none(), "a platform role is no seat of one workspace");
    let unbound = Ceiling::new(None, role("token", json!({ "*": true })));
    for place in [None, Some(here), Some(there)] {
        assert!(unbound.within(place, held()).is_some(), "{place:?}");
    }
}

#[test]
fn of_two_scopes_the_lesser_is_left() {
    let left = left(
        json!({ "can_edit_projects": "own", "can_edit_profiles": true, "can_create_projects": true }),
        json!({ "can_edit_projects": true, "can_edit_profiles": "own", "can_manage_members": true }),
    );
    assert_eq!(left.scope(&EDIT_PROJECTS), Scope::Own);
    assert_eq!(left.scope(&EDIT_PROFILES), Scope::Own);
    assert_eq!(left.scope(&CREATE_PROJECTS), Scope::None, "the token lacks it");
    assert_eq!(left.scope(&MANAGE_MEMBERS), Scope::None, "its owner lacks it");
}

#[test]
fn a_refusal_says_what_is_left_under_the_name_of_the_owners_role() {
    let left = left(json!({ "can_edit_projects": true }), json!({ "can_edit_projects": "own" }));
    assert_eq!(left.role(), "developer");
    assert_eq!(left.decide(&EDIT_PROJECTS, Relation::Own), Decision::Allowed);
    let denial = Denial {
        permission: "can_edit_projects",
        held: Scope::Own,
        needed: Scope::Assigned,
        relation: Some(Relation::Assigned),
        role: Some("developer".into()),
    };
    assert_eq!(left.decide(&EDIT_PROJECTS, Relation::Assigned), Decision::Denied(denial));
}

#[test]
fn of_two_bounds_the_lesser_is_left_and_one_alone_bounds() {
    let left = |held, most| left(held, most).limit(&MAX_PROJECTS);
    assert_eq!(left(json!({ "max_projects": 3 }), json!({ "max_projects": 5 })), Some(3));
    assert_eq!(left(json!({ "max_projects": 5 }), json!({ "max_projects": 3 })), Some(3));
    assert_eq!(left(json!({ "max_projects": 5 }), json!({})), Some(5));
    assert_eq!(left(json!({}), json!({ "max_projects": 5 })), Some(5));
    assert_eq!(left(json!({}), json!({ "max_images": 5 })), None);
    assert_eq!(left(json!({ "max_images": 5 }), json!({})), None);
}

#[test]
fn what_is_declared_later_is_left_only_where_both_have_the_wildcard() {
    let left = |held: bool, most: bool| left(json!({ "*": held }), json!({ "*": most })).is_open_ended();
    assert!(left(true, true));
    assert!(!left(true, false) && !left(false, true) && !left(false, false));
}

#[test]
fn what_names_a_permission_is_the_owners_role() {
    let left = left(
        json!({ "*": true, "can_edit_projects": "own" }),
        json!({ "can_edit_projects": true, "can_like_images": true }),
    );
    assert!(left.names(&EDIT_PROJECTS) && !left.names(&LIKE_IMAGES));
    assert_eq!(left.source(&EDIT_PROJECTS), Some("can_edit_projects"));
    assert_eq!(left.source(&LIKE_IMAGES), Some("*"));
    assert_eq!(left.source(&MANAGE_MEMBERS), None, "the token lacks it");
}

proptest! {
    #[test]
    fn exactly_what_both_allow_is_left(held in sample::sound_document(12), most in sample::sound_document(12)) {
        let left = left(held.clone(), most.clone());
        let (held, most) = (role("developer", held), role("token", most));
        for (_, permission) in sample::vocabulary().permissions() {
            for relation in [Relation::Other, Relation::Assigned, Relation::Own] {
                let both = held.allows(permission, relation) && most.allows(permission, relation);
                let allowed = left.decide(permission, relation) == Decision::Allowed;
                prop_assert_eq!(allowed, both, "{} {:?}", permission.key, relation);
            }
        }
    }
}
