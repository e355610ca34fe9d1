//! Nobody hands out what they don't hold.

use kernel::grant::{Relation, Scope};
use policy::{CompiledRole, Mandate, Uncovered};
use proptest::prelude::*;
use serde_json::json;

use crate::sample::{self, role};

#[test]
fn a_narrower_scope_does_not_cover_a_wider_one() {
    let held = role("held", json!({ "can_edit_projects": "own", "can_comment": true }));
    let given =
        role("given", json!({ "can_edit_projects": "assigned", "can_create_projects": true, "can_comment": true }));
    assert_eq!(
        held.covers(&given).unwrap_err(),
        [
            Uncovered::Permission { permission: "can_create_projects", held: Scope::None, needed: Scope::Any },
            Uncovered::Permission { permission: "can_edit_projects", held: Scope::Own, needed: Scope::Assigned },
        ]
    );
}

#[test]
fn only_a_wildcard_covers_a_wildcard() {
    let keys =
        sample::vocabulary().permissions().map(|(_, it)| (it.key.to_owned(), it.widest().as_str().into())).collect();
    let everything_today = role("everything_today", serde_json::Value::Object(keys));
    let admin = role("admin", json!({ "*": true }));
    assert_eq!(everything_today.covers(&admin).unwrap_err(), [Uncovered::Wildcard]);
    assert_eq!(admin.covers(&everything_today), Ok(()));
}

#[test]
fn an_exception_to_the_wildcard_is_not_held() {
    let admin = role("admin", json!({ "*": true }));
    let manager = role("manager", json!({ "*": true, "can_record_operations": "own" }));
    let uncovered = Uncovered::Permission { permission: "can_record_operations", held: Scope::Own, needed: Scope::Any };
    assert_eq!(manager.covers(&admin).unwrap_err(), [uncovered]);
    assert_eq!(manager.covers(&manager), Ok(()));
    assert_eq!(admin.covers(&manager), Ok(()));
}

#[test]
fn a_bound_is_passed_on() {
    let bounded = |limit: i64| role("bounded", json!({ "max_projects": limit }));
    let unbounded = role("unbounded", json!({}));
    let uncovered = |needed| vec![Uncovered::Limit { limit: "max_projects", held: 1, needed }];
    assert_eq!(bounded(1).covers(&unbounded).unwrap_err(), uncovered(None));
    assert_eq!(bounded(1).covers(&bounded(2)).unwrap_err(), uncovered(Some(2)));
    assert_eq!(bounded(1).covers(&bounded(1)), Ok(()));
    assert_eq!(bounded(1).covers(&bounded(0)), Ok(()));
    assert_eq!(unbounded.covers(&bounded(1)), Ok(()));
}

#[test]
fn what_is_not_covered_is_said_in_words() {
    let said = |uncovered: Uncovered| uncovered.to_string();
    let permission = Uncovered::Permission { permission: "can_comment", held: Scope::None, needed: Scope::Any };
    assert_eq!(said(permission), "can_comment is granted at any, held at none");
    let limit = |needed| Uncovered::Limit { limit: "max_projects", held: 1, needed };
    assert_eq!(said(limit(Some(2))), "max_projects is held at 1, given at 2");
    assert_eq!(said(limit(None)), "max_projects is held at 1, given at no bound");
}

#[test]
fn the_owners_role_may_hand_out_what_it_does_without() {
    let admin = role("admin", json!({ "*": true, "can_like_images": false }));
    let assistant = role("assistant", json!({ "can_like_images": true }));
    assert_eq!(Mandate::Owner.covers(&assistant), Ok(()));
    assert_eq!(Mandate::Role(&admin).covers(&assistant), admin.covers(&assistant));
    assert!(admin.covers(&assistant).is_err());
}

proptest! {
    #[test]
    fn who_covers_a_role_may_do_all_that_it_may(one in sample::sound_document(40), change in sample::sound_document(2)) {
        let mut other = one.clone();
        other.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (one, other) = (role("one", one), role("other", other));
        prop_assert_eq!(one.covers(&other).is_err(), goes_beyond(&other, &one));
        prop_assert_eq!(other.covers(&one).is_err(), goes_beyond(&one, &other));
    }

    #[test]
    fn roles_are_covered_by_what_they_were_taken_from(
        document in sample::sound_document(40),
        picks in any::<[proptest::sample::Index; 2]>(),
    ) {
        let permissions: Vec<_> = sample::vocabulary().permissions().map(|(_, permission)| permission.key).collect();
        let mut taken = document.clone();
        let mut roles = vec![role("whole", document)];
        for pick in picks {
            taken[*pick.get(&permissions)] = json!(false);
            roles.push(role("less", taken.clone()));
        }
        // Reflexive and transitive.
        for (index, wider) in roles.iter().enumerate() {
            for narrower in &roles[index..] {
                prop_assert_eq!(wider.covers(narrower), Ok(()));
            }
        }
    }
}

/// Whether `one` may do anything, today or later, or have more of anything, than `other`: asked one by one.
fn goes_beyond(one: &CompiledRole, other: &CompiledRole) -> bool {
    let relations = [Relation::Other, Relation::Assigned, Relation::Own];
    let bound = |limit: Option<i64>| limit.unwrap_or(i64::MAX);
    let vocabulary = sample::vocabulary();
    let does = vocabulary.permissions().any(|(_, permission)| {
        relations.into_iter().any(|relation| one.allows(permission, relation) && !other.allows(permission, relation))
    });
    let has = vocabulary.limits().any(|(_, limit)| bound(one.limit(limit)) > bound(other.limit(limit)));
    does || has || (one.has_wildcard() && !other.has_wildcard())
}
