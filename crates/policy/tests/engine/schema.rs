//! The schemas say what the readers say: of every blueprint that ships, and of generated documents.

use jsonschema::Validator;
use policy::{Blueprint, code};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    blueprints::{SHIPPED, sound},
    documents::any_json,
    sample::{self, vocabulary},
};

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options().build(schema).unwrap()
}

/// A schema can't tell a number that is written `1.0` from `1`, which the reader can.
fn has_whole_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64() && number.as_f64().is_some_and(|number| number.fract() == 0.0),
        Value::Array(items) => items.iter().any(has_whole_float),
        Value::Object(entries) => entries.values().any(has_whole_float),
        _ => false,
    }
}

/// Faults that lie between the values of a blueprint, which a schema doesn't see.
const BETWEEN: [&str; 6] = [
    code::DUPLICATE_ROLE,
    code::UNKNOWN_ROLE,
    code::OWNER_NOT_ADMINISTRATOR,
    code::DEFAULT_IS_OWNER,
    code::UNATTENDED_AUTHORITY,
    code::PROMOTION_CYCLE,
];

/// Whether the reader finds the form of a blueprint sound.
fn well_formed(blueprint: &Value) -> bool {
    let faults = Blueprint::parse(&blueprint.to_string(), &vocabulary()).err().unwrap_or_default();
    faults.iter().all(|fault| BETWEEN.contains(&fault.code))
}

#[test]
fn the_schemas_are_schemas() {
    for schema in [vocabulary().role_schema(), vocabulary().blueprint_schema()] {
        assert!(jsonschema::draft202012::meta::is_valid(&schema));
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    }
}

#[test]
fn a_permission_is_described_with_the_values_that_it_takes() {
    let schema = vocabulary().role_schema();
    let of = |key: &str| &schema["properties"][key];
    assert_eq!(of("can_edit_projects")["description"], "Edit projects");
    assert_eq!(of("can_edit_projects")["enum"], json!([false, "own", "assigned", true, "any"]));
    assert_eq!(of("can_edit_profiles")["enum"], json!([false, "own", true, "any"]));
    assert_eq!(of("can_mark_notifications")["enum"], json!([false, "own"]));
    assert_eq!(of("*")["enum"], json!([false, true, "any"]));
    assert_eq!((&of("max_projects")["type"], &of("max_projects")["minimum"]), (&json!("integer"), &json!(0)));
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn the_shipped_blueprints_meet_the_schema() {
    let validator = validator(&vocabulary().blueprint_schema());
    for (name, text) in SHIPPED {
        let blueprint: Value = serde_json::from_str(text).unwrap();
        let faults: Vec<_> = validator.iter_errors(&blueprint).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{name}: {faults:?}");
        assert_eq!(blueprint["$schema"], "../schemas/blueprint.schema.json");
    }
}

#[test]
fn every_value_of_every_key_is_judged_alike() {
    let validator = validator(&vocabulary().role_schema());
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!("own"),
        json!("assigned"),
        json!("any"),
        json!("none"),
        json!("Own"),
        json!(""),
        json!(-1),
        json!(0),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(0.5),
        json!([]),
        json!({}),
    ];
    let vocabulary = vocabulary();
    let permissions = vocabulary.permissions().map(|(_, permission)| permission.key);
    let limits = vocabulary.limits().map(|(_, limit)| limit.key);
    for key in permissions.chain(limits).chain(["*", "", "can_fly", "max_fun", "$schema"]) {
        for value in &values {
            let document = json!({ key: value });
            assert_eq!(validator.is_valid(&document), vocabulary.parse(&document).is_ok(), "{document}");
        }
    }
}

#[test]
fn the_number_of_keys_is_bounded_alike() {
    // Keys beyond the vocabulary are refused anyway: the bound shows in what is said.
    let document: Value = (0..=policy::MAX_KEYS).map(|key| (format!("can_{key}"), json!(true))).collect();
    let said: Vec<_> = validator(&vocabulary().role_schema()).iter_errors(&document).map(|it| it.to_string()).collect();
    assert!(said.iter().any(|said| said.contains("512")), "{said:?}");
}

#[test]
fn texts_names_and_lists_are_judged_alike() {
    let validator = validator(&vocabulary().blueprint_schema());
    let role = |name: &str| json!({ "name": name, "title": "T", "description": "D", "permissions": {} });
    let many = |count: usize| Value::from((0..count).map(|number| role(&format!("r{number}"))).collect::<Vec<_>>());
    let (long, longest) = ("x".repeat(1001), "é".repeat(1000));
    let (title, too_long) = ("é".repeat(100), "x".repeat(101));
    let (name, long_name) = ("a".repeat(63), "a".repeat(64));
    let texts = json!([null, 1, "", "  ", " x ", "\u{a0}", "tïtle", long, longest, title, too_long]);
    let names = json!([null, "", "a", "A", "a b", "1st", "_a", "a-b_c9", "é", "a\n", name, long_name]);
    let flags = json!([null, true, false, 0, "true"]);
    let tried = [
        ("/name", &names),
        ("/title", &texts),
        ("/description", &texts),
        ("/$schema", &texts),
        ("/owner_role", &names),
        ("/default_role", &names),
        ("/registration", &json!([null, "open", "invite", "closed", "Open", "", 1])),
        ("/roles", &json!([null, {}, [], [1], [role("a")], many(64), many(65)])),
        ("/colour", &flags),
        ("/roles/1/name", &names),
        ("/roles/1/title", &texts),
        ("/roles/1/description", &texts),
        ("/roles/1/self_assignable", &flags),
        ("/roles/1/granted_by_plan", &flags),
        ("/roles/1/promotes_to", &names),
        ("/roles/1/directory", &names),
        ("/roles/1/permissions", &json!([null, [], {}, { "can_fly": true }, { "can_comment": "own" }])),
        ("/roles/1/rank", &flags),
    ];
    for (pointer, values) in tried {
        for value in values.as_array().unwrap() {
            let mut blueprint = sound();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            blueprint.pointer_mut(parent).unwrap()[key] = value.clone();
            assert_eq!(validator.is_valid(&blueprint), well_formed(&blueprint), "{pointer} {value}");
        }
    }
}

#[test]
fn what_is_required_is_required_alike() {
    let validator = validator(&vocabulary().blueprint_schema());
    for parent in ["", "/roles/2", "/roles/3"] {
        let keys: Vec<String> = sound().pointer(parent).unwrap().as_object().unwrap().keys().cloned().collect();
        for key in keys {
            let mut blueprint = sound();
            blueprint.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(&key);
            assert_eq!(validator.is_valid(&blueprint), well_formed(&blueprint), "{parent}/{key}");
        }
    }
}

proptest! {
    #[test]
    fn sound_documents_meet_the_schema(document in sample::sound_document(40)) {
        prop_assert!(validator(&vocabulary().role_schema()).is_valid(&document));
    }

    #[test]
    fn any_json_is_judged_alike(document in any_json().prop_filter("1.0", |it| !has_whole_float(it))) {
        let read = vocabulary().parse(&document).is_ok();
        prop_assert_eq!(validator(&vocabulary().role_schema()).is_valid(&document), read);
    }

    #[test]
    fn any_json_in_a_blueprint_is_judged_alike(
        value in any_json().prop_filter("1.0", |it| !has_whole_float(it)),
        place in proptest::sample::select(vec!["", "/roles", "/roles/1", "/roles/1/permissions", "/title", "/colour"]),
    ) {
        let mut blueprint = sound();
        if let Some(here) = blueprint.pointer_mut(place) {
            *here = value;
        } else {
            blueprint["colour"] = value;
        }
        prop_assert_eq!(validator(&vocabulary().blueprint_schema()).is_valid(&blueprint), well_formed(&blueprint));
    }
}
