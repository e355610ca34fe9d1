//! Reads JSON text more strictly than `serde_json` does: a key that occurs twice is a fault, not silently the last one.

use std::{collections::HashSet, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::fault::{Fault, code, step};

/// The longest text that is read, in bytes.
pub const MAX_TEXT_BYTES: usize = 256 * 1024;

/// The value of a JSON text, and a fault for every key that an object in it repeats.
pub(crate) fn read(text: &str) -> Result<(Value, Vec<Fault>), Fault> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Fault::new("", code::TOO_LARGE, format!("This is longer than {MAX_TEXT_BYTES} bytes.")));
    }
    read_whole(text)
        .map_err(|error| Fault::new("", code::MALFORMED_JSON, format!("This isn't well-formed JSON: {error}.")))
}

fn read_whole(text: &str) -> serde_json::Result<(Value, Vec<Fault>)> {
    let value = serde_json::from_str(text)?;
    let mut repeated = Vec::new();
    Repetitions { pointer: String::new(), repeated: &mut repeated }
        .deserialize(&mut serde_json::Deserializer::from_str(text))?;
    Ok((value, repeated))
}

/// Walks over a value and notes the keys that repeat. It keeps nothing else: the value was read before.
struct Repetitions<'a> {
    pointer: String,
    repeated: &'a mut Vec<Fault>,
}

impl Repetitions<'_> {
    fn below(&mut self, step: &str) -> Repetitions<'_> {
        Repetitions { pointer: format!("{}{step}", self.pointer), repeated: self.repeated }
    }
}

impl<'de> DeserializeSeed<'de> for Repetitions<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Repetitions<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        while items.next_element_seed(self.below(&format!("/{index}")))?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            let below = self.below(&step(&key));
            if !seen.insert(key) {
                let fault = Fault::new(&below.pointer, code::DUPLICATE_KEY, "This key occurs more than once.");
                below.repeated.push(fault);
            }
            entries.next_value_seed(below)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(text: &str) -> Vec<String> {
        read(text).map_or_else(
            |fault| vec![fault.code.to_owned()],
            |(_, faults)| faults.into_iter().map(|fault| fault.pointer).collect(),
        )
    }

    #[test]
    fn every_repeated_key_is_named_wherever_it_is() {
        assert_eq!(
            repeated(r#"{"a": 1, "b": [{"c": null, "c": -1}], "a": {"d": 1.5, "d": "x"}}"#),
            ["/b/0/c", "/a", "/a/d"]
        );
    }

    #[test]
    fn every_item_of_a_list_has_its_place() {
        assert_eq!(repeated(r#"[0, {"a": 1, "a": 2}, [[], {"b": 1, "b": 2}]]"#), ["/1/a", "/2/1/b"]);
    }

    #[test]
    fn a_text_of_the_greatest_length_is_read() {
        assert_eq!(MAX_TEXT_BYTES, 262_144);
        let text = |length: usize| format!("{}{{}}", " ".repeat(length - 2));
        assert!(repeated(&text(MAX_TEXT_BYTES)).is_empty());
        assert_eq!(repeated(&text(MAX_TEXT_BYTES + 1)), [code::TOO_LARGE]);
    }

    #[test]
    fn escaped_spellings_of_a_key_are_the_same_key() {
        assert_eq!(repeated(r#"{"a/b": true, "a\u002fb": false}"#), ["/a~1b"]);
    }

    #[test]
    fn equal_keys_of_different_objects_are_no_repetition() {
        assert!(repeated(r#"[{"a": 1}, {"a": {"a": 1}}]"#).is_empty());
    }

    #[test]
    fn what_is_not_json_is_one_fault() {
        for text in ["", "{", "{} {}", "{\"a\": 01}", "nul", "{\"a\": 1e999}", &"[".repeat(1000)] {
            assert_eq!(repeated(text), [code::MALFORMED_JSON], "{text}");
        }
        assert_eq!(repeated(&" ".repeat(MAX_TEXT_BYTES + 1)), [code::TOO_LARGE]);
    }
}
