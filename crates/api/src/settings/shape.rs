//! The shape of the configuration is that of its defaults: what isn't there is unknown, what is of another type is wrong.
//! Environment variables are text; here they become what the default says they are.

use serde_json::{Map, Value};

/// Lays `given` over `defaults`; faults name their key.
pub(super) fn overlay(defaults: &mut Value, given: &Value, key: &str, faults: &mut Vec<String>) {
    // The one table whose keys are names: each entry has the shape of the others.
    if key == "database.modules" {
        *defaults = modules(given, faults);
        return;
    }
    match (&mut *defaults, given) {
        (Value::Object(known), Value::Object(given)) => {
            for (name, value) in given {
                let inner = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                match known.get_mut(name) {
                    Some(default) => overlay(default, value, &inner, faults),
                    None => faults.push(format!("{inner}: there is no such key")),
                }
            }
        }
        (default, given) => match coerce(default, given) {
            Some(value) => *default = value,
            None => faults.push(format!("{key}: expected {}", kind(default))),
        },
    }
}

fn modules(given: &Value, faults: &mut Vec<String>) -> Value {
    let mut modules = Map::new();
    let Value::Object(entries) = given else {
        faults.push("database.modules: expected a table".to_owned());
        return Value::Object(modules);
    };
    for (name, entry) in entries {
        if !migration::MODULES.contains(&name.as_str()) {
            faults.push(format!(
                "database.modules.{name}: there is no such module; there are {}",
                migration::MODULES.join(", ")
            ));
        }
        let mut module = serde_json::json!({ "url": "" });
        overlay(&mut module, entry, &format!("database.modules.{name}"), faults);
        modules.insert(name.clone(), module);
    }
    Value::Object(modules)
}

fn coerce(default: &Value, given: &Value) -> Option<Value> {
    match (default, given) {
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Array(_), Value::Array(_)) => Some(given.clone()),
        (Value::Number(_), Value::String(text)) => Some(Value::from(text.trim().parse::<u64>().ok()?)),
        (Value::Bool(_), Value::String(text)) => Some(Value::from(text.trim().parse::<bool>().ok()?)),
        (Value::Array(_), Value::String(text)) => {
            Some(text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect::<Vec<_>>().into())
        }
        _ => None,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a whole number, 0 or more",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_fault_is_named_at_once() {
        let mut settings = json!({ "server": { "workers": 0, "cors_origins": [] }, "database": { "modules": {} } });
        let given = json!({
            "server": { "workers": "many", "cors_origins": "https://a, https://b", "lisen": "x" },
            "database": { "modules": { "galery": { "url": "x" } } },
            "servr": {},
        });
        let mut faults = Vec::new();
        overlay(&mut settings, &given, "", &mut faults);
        faults.sort();
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert!(faults[0].starts_with("database.modules.galery"));
        assert!(faults[1].starts_with("server.lisen"));
        assert!(faults[2].starts_with("server.workers: expected a whole number"));
        assert!(faults[3].starts_with("servr"));
        assert_eq!(settings["server"]["cors_origins"], json!(["https://a", "https://b"]));
    }
}
