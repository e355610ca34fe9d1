//! The fields of a blueprint's objects: read with the type they should have, or noted as a fault.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Registration;
use crate::{
    document::{Restored, RoleDocument},
    fault::{Fault, code, step},
    suggest::nearest,
    vocabulary::Vocabulary,
};

/// The longest name, in bytes.
pub(crate) const MAX_NAME: usize = 63;

/// An object being read. What is missing or wrong reads as empty, so that reading goes on to the next fault.
pub(super) struct Fields<'value, 'faults> {
    object: &'value Map<String, Value>,
    pointer: String,
    faults: &'faults mut Vec<Fault>,
}

impl<'value, 'faults> Fields<'value, 'faults> {
    /// Begins to read the object at `pointer`, which may have the known fields only. `None` if it isn't an object.
    pub(super) fn open(
        value: &'value Value,
        pointer: String,
        known: &[&str],
        faults: &'faults mut Vec<Fault>,
    ) -> Option<Self> {
        let Some(object) = value.as_object() else {
            faults.push(Fault::new(pointer, code::NOT_AN_OBJECT, "An object belongs here."));
            return None;
        };
        let mut fields = Self { object, pointer, faults };
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let fault = Fault::new(step(key), code::UNKNOWN_FIELD, "There is no such field.");
            fields.note(fault.suggesting(nearest(key, known.iter().copied())));
        }
        Some(fields)
    }

    /// A required text for people, of 1 to `longest` characters.
    pub(super) fn text(&mut self, key: &str, longest: usize) -> String {
        let text = self.required(key).map(|value| value.as_str().unwrap_or_default());
        if text.is_some_and(|text| text.trim().is_empty() || text.chars().count() > longest) {
            self.note(Fault::new(step(key), code::INVALID_FIELD, format!("A text of 1 to {longest} characters.")));
        }
        text.unwrap_or_default().to_owned()
    }

    /// A required name.
    pub(super) fn name(&mut self, key: &str) -> String {
        self.required(key).map(|value| self.checked_name(key, value)).unwrap_or_default()
    }

    /// A name that may be left out.
    pub(super) fn optional_name(&mut self, key: &str) -> Option<String> {
        self.object.get(key).map(|value| self.checked_name(key, value))
    }

    /// A text that may be left out and says nothing about the roles.
    pub(super) fn note_unless_text(&mut self, key: &str) {
        if self.object.get(key).is_some_and(|value| !value.is_string()) {
            self.note(Fault::new(step(key), code::INVALID_FIELD, "A text."));
        }
    }

    /// A truth value, false when it is left out.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        let flag = self.object.get(key).map(Value::as_bool);
        if flag == Some(None) {
            self.note(Fault::new(step(key), code::INVALID_FIELD, "true or false."));
        }
        flag.flatten().unwrap_or(false)
    }

    /// How people register.
    pub(super) fn registration(&mut self, key: &str) -> Registration {
        let registration = self.required(key).map(Registration::deserialize);
        if matches!(registration, Some(Err(_))) {
            self.note(Fault::new(step(key), code::INVALID_FIELD, "\"open\", \"invite\" or \"closed\"."));
        }
        registration.and_then(Result::ok).unwrap_or(Registration::Closed)
    }

    /// A required list of 1 to `most` values.
    pub(super) fn list(&mut self, key: &str, most: usize) -> &'value [Value] {
        let items = self.required(key).map(|value| value.as_array().map(Vec::as_slice).unwrap_or_default());
        if items.is_some_and(<[Value]>::is_empty) {
            self.note(Fault::new(step(key), code::INVALID_FIELD, "A list of one or more."));
        } else if items.is_some_and(|items| items.len() > most) {
            self.note(Fault::new(step(key), code::TOO_MANY, format!("There are more than {most}.")));
            return &[];
        }
        items.unwrap_or_default()
    }

    /// A required role document.
    pub(super) fn permissions(&mut self, key: &str, vocabulary: &Vocabulary) -> RoleDocument {
        let Some(value) = self.required(key) else { return RoleDocument::default() };
        let Restored { document, ignored } = vocabulary.restore(value);
        for fault in ignored {
            self.note(fault.under(&step(key)));
        }
        document
    }

    fn required(&mut self, key: &str) -> Option<&'value Value> {
        let value = self.object.get(key);
        if value.is_none() {
            self.note(Fault::new(step(key), code::MISSING_FIELD, "This field is required."));
        }
        value
    }

    /// The name as it is written, so that a malformed one that others refer to is one fault, not several.
    fn checked_name(&mut self, key: &str, value: &Value) -> String {
        let name = value.as_str().unwrap_or_default();
        if !is_name(name) {
            let message = format!("A lower-case letter, then up to {} of a-z, 0-9, _ and -.", MAX_NAME - 1);
            self.note(Fault::new(step(key), code::INVALID_NAME, message));
        }
        name.to_owned()
    }

    fn note(&mut self, fault: Fault) {
        self.faults.push(fault.under(&self.pointer));
    }
}

fn is_name(word: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    word.len() <= MAX_NAME && word.starts_with(|first: char| first.is_ascii_lowercase()) && word.bytes().all(part)
}
