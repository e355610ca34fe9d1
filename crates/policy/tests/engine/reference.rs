//! The engine against a model that shares none of its code: twenty lines that read the JSON anew for every question.

use kernel::grant::{Declarations, Permission, Relation, Scope};
use policy::{CompiledRole, Vocabulary};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::sample;

const RELATIONS: [Relation; 3] = [Relation::Other, Relation::Assigned, Relation::Own];

/// The rank that a value grants of a permission that admits these ranks; nothing where it is malformed.
fn rank(value: &Value, admitted: &[u8]) -> u8 {
    let rank = match (value.as_bool(), value.as_str()) {
        (Some(true), _) | (_, Some("any")) => 3,
        (_, Some("assigned")) => 2,
        (_, Some("own")) => 1,
        _ => 0,
    };
    if admitted.contains(&rank) { rank } else { 0 }
}

/// What the product promises: a named key, else the wildcard, reaches far enough.
fn promised(document: &Value, key: &str, admitted: &[u8], relation: Relation) -> bool {
    let held = match document.get(key) {
        Some(named) => rank(named, admitted),
        None if rank(&document["*"], &[3]) == 3 => *admitted.last().unwrap(),
        None => 0,
    };
    held >= [3, 2, 1][relation as usize]
}

fn ranks(permission: &Permission) -> Vec<u8> {
    permission.scopes.iter().map(|scope| *scope as u8).collect()
}

fn agrees(vocabulary: &Vocabulary, document: &Value) {
    let role = CompiledRole::compile("role", &vocabulary.restore(document).document, vocabulary);
    for (_, permission) in vocabulary.permissions() {
        for relation in RELATIONS {
            let expected = promised(document, permission.key, &ranks(permission), relation);
            assert_eq!(role.allows(permission, relation), expected, "{} {relation:?} {document}", permission.key);
        }
    }
}

#[test]
fn every_state_of_three_permissions_agrees() {
    // Every set of scopes that a permission can admit, three permissions at a time; every state of each and of the wildcard.
    use Scope::{Any, Assigned, Own};
    const SETS: [&[Scope]; 7] =
        [&[Own], &[Assigned], &[Any], &[Own, Assigned], &[Own, Any], &[Assigned, Any], &[Own, Assigned, Any]];
    const KEYS: [&str; 3] = ["can_a", "can_b", "can_c"];
    let states =
        [None, Some(json!(false)), Some(json!("own")), Some(json!("assigned")), Some(json!("any")), Some(json!(true))];
    let wildcards = [None, Some(json!(false)), Some(json!(true)), Some(json!("any"))];
    for first in 0..SETS.len() {
        let permissions: Vec<&'static Permission> = KEYS
            .iter()
            .enumerate()
            .map(|(offset, key)| {
                let scopes = SETS[(first + offset * 2) % SETS.len()];
                &*Box::leak(Box::new(Permission { key, sentence: "", scopes }))
            })
            .collect();
        let vocabulary = declare(permissions.leak());
        for (a, b, c, wildcard) in product(&states, &wildcards) {
            let values = [("can_a", a), ("can_b", b), ("can_c", c), ("*", wildcard)];
            let document: Map<_, _> =
                values.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?))).collect();
            agrees(&vocabulary, &document.into());
        }
    }
}

#[test]
fn a_vocabulary_of_any_size_keeps_its_permissions_apart() {
    for size in [1, 63, 64, 65, 200] {
        let permissions: Vec<&'static Permission> = (0..size)
            .map(|number| &*Box::leak(Box::new(Permission::scoped(format!("can_{number}").leak(), ""))))
            .collect();
        let vocabulary = declare(permissions.leak());
        for number in 0..size {
            agrees(&vocabulary, &json!({ format!("can_{number}"): "assigned" }));
            agrees(&vocabulary, &json!({ "*": true, format!("can_{number}"): "own" }));
        }
    }
}

proptest! {
    #[test]
    fn sound_documents_agree(document in sample::sound_document(40)) {
        let vocabulary = sample::vocabulary();
        prop_assert!(vocabulary.parse(&document).is_ok());
        agrees(&vocabulary, &document);
    }

    #[test]
    fn a_wider_grant_never_allows_less(document in sample::sound_document(40), pick in any::<proptest::sample::Index>()) {
        let vocabulary = sample::vocabulary();
        let permissions: Vec<_> = vocabulary.permissions().map(|(_, permission)| permission).collect();
        let widened = pick.get(&permissions);
        let before = sample::role("before", document.clone());
        for scope in widened.scopes.iter().filter(|scope| **scope >= before.scope(widened)) {
            let mut document = document.clone();
            document[widened.key] = scope.as_str().into();
            let after = sample::role("after", document);
            for permission in &permissions {
                for relation in RELATIONS {
                    prop_assert!(after.allows(permission, relation) || !before.allows(permission, relation));
                }
            }
        }
    }

    #[test]
    fn a_wildcard_never_takes_anything_away(document in sample::sound_document(40)) {
        let before = sample::role("before", document.clone());
        let mut document = document;
        document["*"] = true.into();
        let after = sample::role("after", document);
        for (_, permission) in sample::vocabulary().permissions() {
            for relation in RELATIONS {
                prop_assert!(after.allows(permission, relation) >= before.allows(permission, relation));
            }
        }
        prop_assert!(after.limits().eq(before.limits()));
    }

    #[test]
    fn every_way_to_ask_gives_the_same_answer(document in sample::sound_document(40)) {
        let role = sample::role("role", document);
        for (_, permission) in sample::vocabulary().permissions() {
            for relation in RELATIONS {
                let allowed = role.allows(permission, relation);
                prop_assert_eq!(role.decide(permission, relation) == kernel::grant::Decision::Allowed, allowed);
                prop_assert_eq!(role.scope(permission).covers(relation), allowed);
                prop_assert_eq!(role.list_scope(permission).admits(relation), allowed);
                prop_assert_eq!(role.grant(permission).is_some_and(|grant| grant.scope.covers(relation)), allowed);
            }
        }
    }

    #[test]
    fn a_stronger_relation_is_never_allowed_less(document in sample::sound_document(40)) {
        let role = sample::role("role", document);
        for (_, permission) in sample::vocabulary().permissions() {
            let [other, assigned, own] = RELATIONS.map(|relation| role.allows(permission, relation));
            prop_assert!(other <= assigned && assigned <= own);
        }
    }
}

fn declare(permissions: &'static [&'static Permission]) -> Vocabulary {
    Vocabulary::new(&[Declarations { module: "test", permissions, limits: &[] }]).unwrap()
}

type State = Option<Value>;

fn product<'a>(
    states: &'a [State],
    wildcards: &'a [State],
) -> impl Iterator<Item = (&'a State, &'a State, &'a State, &'a State)> {
    states.iter().flat_map(move |a| {
        let pairs = states.iter().flat_map(move |b| states.iter().map(move |c| (b, c)));
        pairs.flat_map(move |(b, c)| wildcards.iter().map(move |wildcard| (a, b, c, wildcard)))
    })
}
