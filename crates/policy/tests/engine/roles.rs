//! What a compiled role answers.

use kernel::{
    authority::Grants,
    grant::{Decision, Denial, Permission, Relation, Scope},
};
use policy::{Condition, GrantSource, ListScope, needed};
use serde_json::json;

use crate::sample::{
    CREATE_PROJECTS, EDIT_PROFILES, EDIT_PROJECTS, LIKE_IMAGES, MANAGE_MEMBERS, MARK_NOTIFICATIONS, MAX_IMAGES,
    MAX_PROJECTS, role,
};

#[test]
fn a_refusal_says_what_was_held_and_what_was_needed() {
    let developer = role("developer", json!({ "can_edit_projects": "own" }));
    assert_eq!(developer.decide(&EDIT_PROJECTS, Relation::Own), Decision::Allowed);
    let denial = |permission: &Permission, relation, held, needed| {
        let role = Some("developer".into());
        let expected =
            Decision::Denied(Denial { permission: permission.key, held, needed, relation: Some(relation), role });
        assert_eq!(developer.decide(permission, relation), expected);
    };
    denial(&EDIT_PROJECTS, Relation::Assigned, Scope::Own, Scope::Assigned);
    denial(&EDIT_PROJECTS, Relation::Other, Scope::Own, Scope::Any);
    denial(&CREATE_PROJECTS, Relation::Other, Scope::None, Scope::Any);
}

#[test]
fn what_is_needed_is_something_that_can_be_granted() {
    assert_eq!(needed(&EDIT_PROFILES, Relation::Own), Scope::Own);
    assert_eq!(needed(&EDIT_PROFILES, Relation::Assigned), Scope::Any);
    assert_eq!(needed(&CREATE_PROJECTS, Relation::Own), Scope::Any);
    // Unless nothing is enough: then the most that anybody can hold.
    assert_eq!(needed(&MARK_NOTIFICATIONS, Relation::Other), MARK_NOTIFICATIONS.widest());
}

#[test]
fn a_permission_is_known_by_its_key_wherever_its_constant_lives() {
    let copy = Permission { key: String::from("can_edit_projects").leak(), sentence: "", scopes: &[] };
    assert!(role("user", json!({ "can_edit_projects": "own" })).allows(&copy, Relation::Own));
}

#[test]
fn what_is_not_declared_is_never_allowed() {
    let unknown = Permission::whole("can_fly", "Fly");
    let admin = role("admin", json!({ "*": true }));
    for relation in [Relation::Other, Relation::Assigned, Relation::Own] {
        assert!(!admin.allows(&unknown, relation));
    }
    assert_eq!((admin.scope(&unknown), admin.grant(&unknown)), (Scope::None, None));
    assert_eq!(admin.list_scope(&unknown), ListScope::Nothing);
}

#[test]
fn the_wildcard_never_reaches_further_than_a_permission_admits() {
    let admin = role("admin", json!({ "*": true }));
    assert_eq!(admin.scope(&MARK_NOTIFICATIONS), Scope::Own);
    assert_eq!(admin.scope(&EDIT_PROJECTS), Scope::Any);
}

#[test]
fn grants_say_what_they_come_from() {
    let admin = role("admin", json!({ "*": true, "can_like_images": false, "can_edit_projects": "own" }));
    let grant = |permission| admin.grant(permission).map(|grant| (grant.scope, grant.source));
    assert_eq!(grant(&EDIT_PROJECTS), Some((Scope::Own, GrantSource::Named)));
    assert_eq!(grant(&MANAGE_MEMBERS), Some((Scope::Any, GrantSource::Wildcard)));
    assert_eq!(grant(&LIKE_IMAGES), None);
    let key = |permission| admin.grant(permission).map(|grant| grant.key());
    assert_eq!((key(&EDIT_PROJECTS), key(&MANAGE_MEMBERS)), (Some("can_edit_projects"), Some("*")));
    let all = crate::sample::vocabulary().permissions().len();
    assert_eq!(admin.grants().count(), all - 1);
    assert!(admin.grants().all(|grant| admin.grant(grant.permission) == Some(grant)));
}

#[test]
fn limits_are_those_that_are_set() {
    let developer = role("developer", json!({ "max_projects": 1 }));
    assert_eq!((developer.limit(&MAX_PROJECTS), developer.limit(&MAX_IMAGES)), (Some(1), None));
    assert_eq!(developer.limits().collect::<Vec<_>>(), [(&MAX_PROJECTS, 1)]);
}

#[test]
fn the_guard_is_told_the_same() {
    let developer = role("developer", json!({ "can_edit_projects": "assigned", "max_projects": 1 }));
    let guard: &dyn Grants = &developer;
    assert_eq!(guard.role(), "developer");
    assert_eq!(guard.scope(&EDIT_PROJECTS), Scope::Assigned);
    assert_eq!(guard.scope(&CREATE_PROJECTS), Scope::None);
    assert_eq!((guard.limit(&MAX_PROJECTS), guard.limit(&MAX_IMAGES)), (Some(1), None));
    assert_eq!(guard.decide(&EDIT_PROJECTS, Relation::Assigned), Decision::Allowed);
    assert_eq!(guard.decide(&EDIT_PROJECTS, Relation::Other), developer.decide(&EDIT_PROJECTS, Relation::Other));
}

#[test]
fn a_list_follows_the_scope() {
    let list = |scope| role("role", json!({ "can_edit_projects": scope })).list_scope(&EDIT_PROJECTS);
    assert_eq!(list(json!(false)), ListScope::Nothing);
    assert_eq!(list(json!("own")), ListScope::Condition(Condition::Owner));
    assert_eq!(list(json!("assigned")), ListScope::Condition(Condition::OwnerOrParticipant));
    assert_eq!(list(json!(true)), ListScope::Everything);
}

#[test]
fn an_administrator_has_the_wildcard_and_governs() {
    let counts = |document| role("role", document).is_administrator();
    assert!(counts(json!({ "*": true })));
    assert!(counts(json!({ "*": true, "can_like_images": false })));
    assert!(!counts(json!({ "*": true, "can_manage_members": false })));
    assert!(!counts(json!({ "*": true, "can_manage_roles": false })));
    assert!(!counts(json!({ "can_manage_members": true, "can_manage_roles": true })));
    assert!(!counts(json!({})));
}
