//! The schemas that are kept beside the blueprints are those that the command prints, and the blueprints meet them.

use serde_json::Value;

use crate::harness::{lobby_command, run};

fn config(path: &str) -> String {
    format!("{}/../config/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// What `lobby schema` prints of a kind. `UPDATE_SCHEMAS=1` writes it to where it is kept.
async fn printed(kind: &str) -> Value {
    let said = lobby_command(&["schema", kind], None, &[]).await;
    assert!(said.well, "{said:?}");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(config(&format!("schemas/{kind}.schema.json")), &said.output).unwrap();
    }
    serde_json::from_str(&said.output).unwrap()
}

fn kept(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(config(path)).unwrap()).unwrap()
}

#[test]
fn the_schemas_that_are_kept_are_those_that_are_printed() {
    run(async {
        for kind in ["role", "blueprint"] {
            let printed = printed(kind).await;
            let path = format!("schemas/{kind}.schema.json");
            assert!(kept(&path) == printed, "config/{path} is out of date: run this test with UPDATE_SCHEMAS=1");
        }
    });
}

#[test]
fn every_blueprint_meets_the_schema_that_it_names() {
    let mut met = 0;
    for entry in std::fs::read_dir(config("blueprints")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let blueprint = kept(&format!("blueprints/{name}"));
        let schema = kept(&format!("blueprints/{}", blueprint["$schema"].as_str().unwrap()));
        let validator = jsonschema::draft202012::options().build(&schema).unwrap();
        let faults: Vec<_> = validator.iter_errors(&blueprint).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{name}: {faults:?}");
        let role_schema = jsonschema::draft202012::options().build(&kept("schemas/role.schema.json")).unwrap();
        for role in blueprint["roles"].as_array().unwrap() {
            assert!(role_schema.is_valid(&role["permissions"]), "{name} {}", role["name"]);
        }
        met += 1;
    }
    assert!(met >= 4, "there are {met}");
}
