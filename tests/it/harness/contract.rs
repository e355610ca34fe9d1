//! The OpenAPI document as a contract: every answer in the tests is held against it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use reqwest::Method;
use serde_json::{Value, json};

use super::answer::Answer;

/// The document, ready to check answers with.
pub struct Contract {
    /// The document.
    pub document: Value,
    /// (method, path template, status) → the schema of the JSON body, if there is one.
    schemas: HashMap<(String, String, String), Option<Arc<jsonschema::Validator>>>,
}

impl Contract {
    /// Reads a document.
    pub fn new(document: Value) -> Self {
        let mut schemas = HashMap::new();
        // Most operations share their problems' schema: a validator each would take gigabytes.
        let mut built: HashMap<String, Arc<jsonschema::Validator>> = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                    let content = response["content"].as_object();
                    let json = content.and_then(|content| {
                        content.iter().find(|(kind, _)| kind.ends_with("json")).map(|(_, content)| &content["schema"])
                    });
                    let validator = json.map(|schema| {
                        let validator = built.entry(schema.to_string()).or_insert_with(|| {
                            let whole = json!({ "components": named_in(schema, &document), "allOf": [schema] });
                            let built = jsonschema::options().build(&whole);
                            Arc::new(built.unwrap_or_else(|error| panic!("{method} {path}: {error}")))
                        });
                        Arc::clone(validator)
                    });
                    schemas.insert((method.to_uppercase(), path.clone(), status.clone()), validator);
                }
            }
        }
        Self { document, schemas }
    }

    /// The template that a path fits; literal segments win.
    pub fn template(&self, method: &Method, path: &str) -> Option<String> {
        let fits = |template: &str| {
            let (template, path) = (template.split('/'), path.split('/'));
            template.clone().count() == path.clone().count()
                && template.zip(path).all(|(step, given)| step.starts_with('{') || step == given)
        };
        let method = method.as_str().to_lowercase();
        let paths = self.document["paths"].as_object()?;
        let mut found: Vec<&String> =
            paths.iter().filter(|(path, item)| fits(path) && !item[&method].is_null()).map(|(path, _)| path).collect();
        found.sort_by_key(|template| template.matches('{').count());
        found.first().map(|template| (*template).clone())
    }

    /// Panics when the answer is not one that the document promises.
    #[track_caller]
    pub fn check(&self, method: &Method, path: &str, answer: &Answer) {
        let Some(template) = self.template(method, path) else { return };
        if matches!(answer.status.as_u16(), 304 | 405 | 500..) {
            return;
        }
        let status = answer.status.as_u16().to_string();
        let kind = answer.header("content-type").split(';').next().unwrap_or_default();
        let content =
            &self.document["paths"][&template][method.as_str().to_lowercase()]["responses"][&status]["content"];
        if !kind.is_empty() && !kind.ends_with("json") && content[kind].is_object() {
            // A form of the answer that is listed beside JSON, as CSV.
            return;
        }
        let key = (method.to_string(), template, status);
        let Some(validator) = self.schemas.get(&key) else {
            panic!(
                "{} answered {}, which the OpenAPI document does not list: {}",
                answer.asked, answer.status, answer.json
            );
        };
        // What comes as another type that is promised is not JSON.
        let kind = answer.header("content-type").split(';').next().unwrap_or_default();
        let told = &self.document["paths"][&key.1][key.0.to_lowercase()]["responses"][&key.2]["content"];
        let is_other = !kind.ends_with("json") && told.get(kind).is_some();
        if let Some(validator) = validator
            && *method != Method::HEAD
            && !is_other
        {
            let faults: Vec<String> = validator
                .iter_errors(&answer.json)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(
                faults.is_empty(),
                "{} does not fit the OpenAPI document: {faults:?}\n{}",
                answer.asked,
                answer.json
            );
        }
    }
}

/// The components that a schema names, and those that they name.
fn named_in(schema: &Value, document: &Value) -> Value {
    let (mut named, mut waiting) = (BTreeSet::new(), vec![schema]);
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                let name = members.get("$ref").and_then(|name| name.as_str()?.strip_prefix("#/components/schemas/"));
                if let Some(name) = name
                    && named.insert(name.to_owned())
                {
                    waiting.push(&document["components"]["schemas"][name]);
                }
                waiting.extend(members.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    let schemas = named.into_iter().map(|name| (name.clone(), document["components"]["schemas"][&name].clone()));
    json!({ "schemas": schemas.collect::<serde_json::Map<_, _>>() })
}
