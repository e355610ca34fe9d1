//! The role models that a workspace can start with.

use std::{collections::BTreeMap, fs, io, path::Path};

use policy::{Blueprint, Fault, Vocabulary};

/// The name of the blueprint of a workspace that names none.
pub(crate) const DEFAULT: &str = "lobby";

/// Those that come with the program: where they are, and what they say.
const BUILT_IN: &[(&str, &str)] = &[
    ("config/blueprints/lobby.json", include_str!("../../../config/blueprints/lobby.json")),
    ("config/blueprints/devhub.json", include_str!("../../../config/blueprints/devhub.json")),
    ("config/blueprints/crafo.json", include_str!("../../../config/blueprints/crafo.json")),
    ("config/blueprints/gallery.json", include_str!("../../../config/blueprints/gallery.json")),
];

/// Every blueprint of this instance, by name.
#[derive(Clone, Debug)]
pub struct Blueprints(BTreeMap<String, Blueprint>);

/// Why blueprints can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BlueprintError {
    /// The folder can't be read.
    #[error("the blueprints in {path} can't be read")]
    Unreadable {
        /// The folder or file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Some are at fault.
    #[error("{}", told(.0))]
    Faulty(Vec<(String, Fault)>),
    /// The one that is used where none is named is missing.
    #[error("there is no blueprint `{DEFAULT}`")]
    NoDefault,
}

fn told(faults: &[(String, Fault)]) -> String {
    let lines = faults.iter().map(|(source, fault)| {
        let suggestion = fault.suggestion.as_ref().map(|word| format!(" Did you mean `{word}`?")).unwrap_or_default();
        format!("{source}#{}: {}{suggestion}", fault.pointer, fault.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl Blueprints {
    /// The built-in blueprints and those in `folder`, of which one with a built-in's name takes its place.
    pub fn load(vocabulary: &Vocabulary, folder: Option<&Path>) -> Result<Self, BlueprintError> {
        let mut texts: Vec<(String, String)> =
            BUILT_IN.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        if let Some(folder) = folder {
            texts.extend(read_folder(folder)?);
        }
        Self::parse(vocabulary, texts)
    }

    /// The blueprints of these texts, each with where it comes from; a later one takes the place of an earlier.
    pub fn parse(
        vocabulary: &Vocabulary,
        texts: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, BlueprintError> {
        let mut blueprints = BTreeMap::new();
        let mut faulty = Vec::new();
        for (source, text) in texts {
            match Blueprint::parse(&text, vocabulary) {
                Ok(blueprint) => {
                    blueprints.insert(blueprint.name.clone(), blueprint);
                }
                Err(faults) => faulty.extend(faults.into_iter().map(|fault| (source.clone(), fault))),
            }
        }
        if !faulty.is_empty() {
            return Err(BlueprintError::Faulty(faulty));
        }
        if blueprints.contains_key(DEFAULT) { Ok(Self(blueprints)) } else { Err(BlueprintError::NoDefault) }
    }

    /// The blueprint of this name.
    pub fn get(&self, name: &str) -> Option<&Blueprint> {
        self.0.get(name)
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Blueprint> {
        self.0.values()
    }

    /// Their names.
    pub(crate) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, BlueprintError> {
    let unreadable = |path: &Path| {
        let path = path.display().to_string();
        move |source| BlueprintError::Unreadable { path, source }
    };
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(unreadable(folder))?;
    let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = paths.iter().map(|path| {
        let text = fs::read_to_string(path).map_err(unreadable(path))?;
        Ok((path.display().to_string(), text))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"{
        "name": "lobby", "title": "Small", "description": "One role and another.",
        "owner_role": "admin", "default_role": "user", "registration": "open",
        "roles": [
            {"name": "admin", "title": "A", "description": "All.", "permissions": {"*": true}},
            {"name": "user", "title": "U", "description": "Some.", "permissions": {"can_view_workspace": true}}
        ]
    }"#;

    fn vocabulary() -> Vocabulary {
        Vocabulary::new(&[crate::DECLARATIONS]).unwrap().governed_by(crate::GOVERNING).unwrap()
    }

    fn text(source: &str, text: &str) -> (String, String) {
        (source.to_owned(), text.to_owned())
    }

    #[test]
    fn a_later_one_takes_the_place_of_an_earlier() {
        let other = SMALL.replace("Small", "Other");
        let blueprints = Blueprints::parse(&vocabulary(), [text("a", SMALL), text("b", &other)]).unwrap();
        assert_eq!(blueprints.names(), ["lobby"]);
        assert_eq!(blueprints.get("lobby").unwrap().title, "Other");
    }

    #[test]
    fn every_fault_of_every_text_is_named_with_its_place() {
        let one = SMALL.replace("can_view_workspace", "can_veiw_workspace");
        let other = SMALL.replace("\"user\", \"registration\"", "\"guest\", \"registration\"");
        let error = Blueprints::parse(&vocabulary(), [text("one.json", &one), text("other.json", &other)]).unwrap_err();
        let told = error.to_string();
        assert!(told.contains("one.json#/roles/1/permissions/can_veiw_workspace"), "{told}");
        assert!(told.contains("Did you mean `can_view_workspace`?"), "{told}");
        assert!(told.contains("other.json#/default_role"), "{told}");
    }

    #[test]
    fn the_default_one_is_always_there() {
        let renamed = SMALL.replace("\"name\": \"lobby\"", "\"name\": \"small\"");
        let error = Blueprints::parse(&vocabulary(), [text("a", &renamed)]).unwrap_err();
        assert!(matches!(error, BlueprintError::NoDefault));
    }
}
