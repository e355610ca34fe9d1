//! How role documents are read, refused and written.

use kernel::grant::Relation;
use policy::{CompiledRole, Fault, MAX_KEYS, code};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::sample;

/// The pointer, code and suggestion of each fault.
fn brief(faults: &[Fault]) -> Vec<(&str, &str, Option<&str>)> {
    faults.iter().map(|fault| (fault.pointer.as_str(), fault.code, fault.suggestion.as_deref())).collect()
}

fn faults(document: &Value) -> Vec<Fault> {
    sample::vocabulary().parse(document).unwrap_err()
}

#[test]
fn every_fault_is_named_at_once_with_its_place() {
    let found = faults(&json!({
        "can_comment": true,
        "can_edit_project": "own",
        "max_project": 1,
        "can_fly/high~now": true,
        "can_edit_profiles": "assigned",
        "can_mark_notifications": true,
        "can_edit_projects": "onw",
        "can_like_images": null,
        "max_projects": -1,
        "*": "own",
    }));
    let mut found = brief(&found);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("/*", code::SCOPE_NOT_ADMITTED, None),
            ("/can_edit_profiles", code::SCOPE_NOT_ADMITTED, Some("own")),
            ("/can_edit_project", code::UNKNOWN_PERMISSION, Some("can_edit_projects")),
            ("/can_edit_projects", code::UNKNOWN_SCOPE, None),
            ("/can_fly~1high~0now", code::UNKNOWN_PERMISSION, None),
            ("/can_like_images", code::UNKNOWN_SCOPE, None),
            ("/can_mark_notifications", code::SCOPE_NOT_ADMITTED, Some("own")),
            ("/max_project", code::UNKNOWN_LIMIT, Some("max_projects")),
            ("/max_projects", code::INVALID_LIMIT, None),
        ]
    );
}

#[test]
fn a_scope_that_is_not_admitted_says_which_are() {
    let found = faults(&json!({ "can_edit_profiles": "assigned" }));
    assert_eq!(found[0].message, "can_edit_profiles admits only \"own\", true, or false.");
}

#[test]
fn what_is_not_a_scope_is_refused() {
    for value in [json!(null), json!(1), json!(0), json!([]), json!({}), json!(""), json!("everything")] {
        assert_eq!(
            brief(&faults(&json!({ "can_edit_projects": value }))),
            [("/can_edit_projects", code::UNKNOWN_SCOPE, None)]
        );
        assert_eq!(brief(&faults(&json!({ "*": value }))), [("/*", code::UNKNOWN_SCOPE, None)]);
    }
    for (word, meant) in [("none", "false"), ("Own", "own"), ("asigned", "assigned"), ("true", "true")] {
        assert_eq!(faults(&json!({ "can_edit_projects": word }))[0].suggestion.as_deref(), Some(meant));
    }
}

#[test]
fn limits_are_whole_numbers_from_zero() {
    let read = |text: &str| sample::vocabulary().parse_str(&format!("{{\"max_projects\": {text}}}"));
    for (text, value) in [("0", 0), ("1", 1), ("9223372036854775807", i64::MAX)] {
        assert_eq!(read(text).unwrap().limits().collect::<Vec<_>>(), [("max_projects", value)]);
    }
    for text in ["-1", "1.5", "1.0", "1e3", "9223372036854775808", "true", "null", "\"1\"", "[]"] {
        assert_eq!(brief(&read(text).unwrap_err()), [("/max_projects", code::INVALID_LIMIT, None)], "{text}");
    }
}

#[test]
fn what_is_not_an_object_is_refused() {
    for value in [json!(null), json!(true), json!("*"), json!(["*"]), json!(1)] {
        assert_eq!(brief(&faults(&value)), [("", code::NOT_AN_OBJECT, None)]);
    }
}

#[test]
fn repeated_keys_and_other_faults_are_named_together() {
    let found = sample::vocabulary().parse_str(r#"{"*": false, "can_fly": true, "*": true}"#).unwrap_err();
    assert_eq!(brief(&found), [("/*", code::DUPLICATE_KEY, None), ("/can_fly", code::UNKNOWN_PERMISSION, None)]);
    let found = sample::vocabulary().parse_str(r#"{"can_comment": true"#).unwrap_err();
    assert_eq!(brief(&found), [("", code::MALFORMED_JSON, None)]);
}

#[test]
fn the_number_of_keys_is_bounded() {
    let document = |keys: usize| (0..keys).map(|key| (format!("can_{key}"), json!(true))).collect::<Map<_, _>>().into();
    assert_eq!(brief(&faults(&document(MAX_KEYS + 1))), [("", code::TOO_MANY, None)]);
    assert_eq!(faults(&document(MAX_KEYS)).len(), MAX_KEYS);
}

#[test]
fn the_written_form_is_canonical() {
    let written = |document: Value| serde_json::to_string(&sample::vocabulary().parse(&document).unwrap()).unwrap();
    let document = json!({
        "max_projects": 1, "can_view_images": "any", "can_edit_projects": "assigned", "can_like_images": false, "*": "any"
    });
    assert_eq!(
        written(document),
        r#"{"*":true,"can_edit_projects":"assigned","can_like_images":false,"can_view_images":true,"max_projects":1}"#
    );
    assert_eq!(written(json!({ "*": false })), "{}");
}

#[test]
fn the_wildcard_also_grants_what_is_declared_later() {
    use kernel::grant::{Declarations, Permission};
    const LATER: &Permission = &Permission::owner_only("can_dream", "Dream");
    let stored = sample::vocabulary().parse(&json!({ "*": true })).unwrap();
    let next =
        policy::Vocabulary::new(&[Declarations { module: "sleep", permissions: &[LATER], limits: &[] }]).unwrap();
    assert!(CompiledRole::compile("admin", &stored, &next).allows(LATER, Relation::Own));
    assert!(!CompiledRole::compile("admin", &stored, &next).allows(LATER, Relation::Other));
}

#[test]
fn restoring_grants_nothing_for_what_it_cannot_read() {
    let vocabulary = sample::vocabulary();
    let restored = vocabulary.restore(&json!({
        "*": true, "can_withdrawn": true, "can_edit_profiles": "assigned", "can_comment": 7, "max_projects": "many"
    }));
    assert_eq!(restored.ignored.len(), 4);
    assert_eq!(
        restored.document.to_value(),
        json!({ "*": true, "can_edit_profiles": false, "can_comment": false, "max_projects": 0 })
    );
}

/// Any JSON, with keys that are often almost right.
pub fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "own|assigned|any|none|.{0,9}".prop_map(Value::from),
    ];
    let key = "\\*|can_comment|can_edit_projects|can_like_images|max_projects|can_[a-z]{0,9}|max_[a-z]{0,9}|.{0,9}";
    leaf.prop_recursive(4, 64, 16, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(key, inner, 0..16)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn documents_round_trip(document in sample::sound_document(40)) {
        let vocabulary = sample::vocabulary();
        let read = vocabulary.parse(&document).unwrap();
        let text = serde_json::to_string(&read).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), read.to_value());
        prop_assert_eq!(vocabulary.parse(&read.to_value()).unwrap(), read.clone());
        prop_assert_eq!(vocabulary.parse_str(&text).unwrap(), read);
    }

    #[test]
    fn unknown_keys_are_always_refused(document in sample::sound_document(40), key in "(can|max)_x[a-z/~]{0,80}|[a-zé/~ ]{0,9}") {
        let vocabulary = sample::vocabulary();
        let mut document = document;
        document[&key] = json!(true);
        let found = vocabulary.parse(&document).unwrap_err();
        prop_assert_eq!(found.len(), 1);
        // The pointer leads back to the key.
        prop_assert_eq!(document.pointer(&found[0].pointer), Some(&json!(true)));
    }

    #[test]
    fn any_json_is_read_or_refused_with_places(document in any_json()) {
        let vocabulary = sample::vocabulary();
        match vocabulary.parse(&document) {
            Ok(read) => prop_assert_eq!(vocabulary.parse(&read.to_value()).unwrap(), read),
            Err(found) => {
                prop_assert!(!found.is_empty());
                for fault in found {
                    prop_assert!(document.pointer(&fault.pointer).is_some(), "{fault:?}");
                }
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        prop_assert!(sample::vocabulary().parse_str(&text).is_err());
    }

    #[test]
    fn a_damaged_text_grants_nothing_more_quietly(document in sample::sound_document(40), cut in any::<proptest::sample::Index>()) {
        let text = document.to_string();
        let cut = cut.index(text.len());
        prop_assert!(sample::vocabulary().parse_str(&text[..cut]).is_err());
    }

    #[test]
    fn a_key_that_is_written_twice_is_refused_whatever_it_says(
        document in sample::sound_document(40),
        pick in any::<proptest::sample::Index>(),
        again in prop_oneof![Just("true"), Just("false"), Just("\"own\""), Just("0"), Just("null")],
        first in any::<bool>(),
    ) {
        let keys: Vec<String> = document.as_object().unwrap().keys().cloned().collect();
        prop_assume!(!keys.is_empty());
        let key = pick.get(&keys);
        let text = document.to_string();
        let inner = &text[1..text.len() - 1];
        let entry = format!("{}:{again}", json!(key));
        let doubled = if first { format!("{{{entry},{inner}}}") } else { format!("{{{inner},{entry}}}") };
        let found = sample::vocabulary().parse_str(&doubled).unwrap_err();
        prop_assert_eq!(found[0].code, code::DUPLICATE_KEY);
        prop_assert_eq!(&found[0].pointer, &format!("/{key}"));
    }

    #[test]
    fn nesting_of_any_depth_is_refused_and_never_overflows(depth in 1..100_000_usize, object in any::<bool>()) {
        let (open, close) = if object { ("{\"can_comment\":", "}") } else { ("[", "]") };
        let nested = format!("{}0{}", open.repeat(depth), close.repeat(depth));
        let document = format!("{{\"can_comment\": {nested}}}");
        let found = sample::vocabulary().parse_str(&document).unwrap_err();
        let codes = [code::UNKNOWN_SCOPE, code::MALFORMED_JSON, code::TOO_LARGE];
        prop_assert!(codes.contains(&found[0].code), "{found:?}");
    }

    #[test]
    fn a_huge_document_is_one_fault(keys in MAX_KEYS + 1..4 * MAX_KEYS, length in 1..400_usize) {
        let document: Map<_, _> = (0..keys).map(|key| (format!("can_{key:0length$}"), json!(true))).collect();
        let text = serde_json::to_string(&document).unwrap();
        let expected = if text.len() > policy::MAX_TEXT_BYTES { code::TOO_LARGE } else { code::TOO_MANY };
        let found = sample::vocabulary().parse_str(&text).unwrap_err();
        prop_assert_eq!(brief(&found), [("", expected, None)]);
    }
}
