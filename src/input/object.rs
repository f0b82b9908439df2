//! The fields of a JSON object that are asked for, without the rest of it in memory: a line may hold anything, and what
//! it holds takes many times its length once it is parsed.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{clipped, listed};

pub struct Object {
    cells: BTreeMap<String, Cell>,
    /// The first names that it has.
    names: Vec<String>,
}

pub enum Cell {
    Text(String),
    /// As text.
    Number(String),
    Other,
}

impl Object {
    /// Of a field that is there twice the last counts.
    pub fn parse(json: &str, wanted: &[&str]) -> serde_json::Result<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let object = Wanted(wanted).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(object)
    }

    /// The text or number in a field that was asked for.
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.cells.get(name)? {
            Cell::Text(text) | Cell::Number(text) => Some(text),
            Cell::Other => None,
        }
    }

    /// The text, but no number, in a field that was asked for.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.cells.get(name)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// For a message.
    pub fn names(&self) -> String {
        listed(&self.names)
    }
}

struct Wanted<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Object;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Object, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let (mut cells, mut names) = (BTreeMap::new(), Vec::new());
        while let Some(name) = map.next_key::<String>()? {
            if names.len() <= super::NAMES {
                names.push(clipped(&name, super::NAME));
            }
            if self.0.contains(&name.as_str()) {
                cells.insert(name, map.next_value::<Cell>()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Object { cells, names })
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Value)
    }
}

struct Value;

impl<'de> Visitor<'de> for Value {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Text(text.to_owned()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
        Ok(Cell::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell, E> {
        Ok(serde_json::Number::from_f64(number)
            .map_or(Cell::Other, |number| Cell::Number(number.to_string())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Cell, E> {
        Ok(Cell::Other)
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Cell, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_asked_for_is_kept() {
        let json = r#"{"id": 1.5, "text": "a", "more": [{"text": 7}], "text": "b\u00e9", "url": {"x": [1]}, "n": -7, "t": true}"#;
        let object = Object::parse(json, &["id", "text", "url", "n", "t", "absent"]).unwrap();
        let found = ["id", "text", "url", "n", "t", "absent"].map(|name| object.get(name));
        assert_eq!(found, [Some("1.5"), Some("bé"), None, Some("-7"), None, None]);
        assert_eq!((object.text("text"), object.text("n")), (Some("bé"), None));
        assert_eq!(object.names(), "id, text, more, text, url, n, t");
        for bad in ["[]", "7", "{\"text\": \"a\"} x", "{\"text\": \"\\ud800\"}", "{"] {
            assert!(Object::parse(bad, &["text"]).is_err(), "{bad}");
        }
    }

    #[test]
    fn long_names_and_many_are_cut() {
        let json = format!("{{\"{}\": 1{}}}", "x".repeat(1 << 20), ", \"a\": 2".repeat(1 << 12));
        let names = Object::parse(&json, &[]).unwrap().names();
        assert!(names.len() < 200 && names.ends_with(", a, …"), "{names}");
    }
}
