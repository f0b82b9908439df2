//! The fields of a JSON object that are asked for, without the rest of it in memory: a record may hold anything, and
//! what it holds takes many times its length once it is parsed.
//!
//! A field inside another is named with a dot: `body.text`. The way may lead through lists, each item of which then adds
//! a paragraph. A field whose own name has the dot goes before.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{clipped, listed};

/// Between paragraphs that stand in a list.
const BLANK_LINE: &str = "\n\n";

pub struct Object<'a> {
    wanted: &'a [&'a str],
    found: Found,
}

#[derive(Debug, Clone)]
pub enum Cell {
    Text(String),
    /// As text.
    Number(String),
    /// A list of other things than text.
    List,
    Other,
}

impl<'a> Object<'a> {
    /// Of a field that is there twice the last counts. `NaN` and `Infinity`, which JSON does not have and many programs
    /// write, are nothing.
    pub fn parse(json: &str, wanted: &'a [&'a str]) -> serde_json::Result<Self> {
        let parse = |json: &str| {
            let mut found = Found { cells: wanted.iter().map(|_| None).collect(), ..Found::default() };
            let level = Level {
                wanted: wanted.iter().copied().enumerate().collect(),
                depth: 0,
                item: 0,
                found: &mut found,
            };
            let mut deserializer = serde_json::Deserializer::from_str(json);
            level.deserialize(&mut deserializer)?;
            deserializer.end()?;
            Ok(Self { wanted, found })
        };
        parse(json).or_else(|error| match without_numbers_that_are_none(json) {
            Cow::Borrowed(_) => Err(error),
            Cow::Owned(mended) => parse(&mended),
        })
    }

    fn cell(&self, name: &str) -> Option<&Cell> {
        let at = self.wanted.iter().position(|wanted| *wanted == name)?;
        self.found.cells[at].as_ref().map(|found| &found.cell)
    }

    /// The text or number in a field that was asked for.
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.cell(name)? {
            Cell::Text(text) | Cell::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The text, but no number, in a field that was asked for; a list of texts is its paragraphs.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.cell(name)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a field that was asked for holds a list of other things than text.
    pub fn is_list(&self, name: &str) -> bool {
        matches!(self.cell(name), Some(Cell::List))
    }

    /// For a message.
    pub fn names(&self) -> String {
        listed(&self.found.names)
    }
}

/// What was found of the fields that are wanted, in their order.
#[derive(Default)]
struct Found {
    cells: Vec<Option<Place>>,
    /// The first names that the object has.
    names: Vec<String>,
    /// Items of lists so far, which are told apart by their number.
    items: u64,
}

struct Place {
    cell: Cell,
    /// Objects around it.
    depth: usize,
    /// The item of a list that it is in, from 1.
    item: u64,
}

impl Found {
    /// Keeps what stands in a field, unless the same name was found further out.
    fn keep(&mut self, wanted: usize, cell: Cell, depth: usize, item: u64) {
        let slot = &mut self.cells[wanted];
        match slot {
            Some(there) if there.depth < depth => {}
            Some(there) if there.depth == depth && there.item != item => {
                there.item = item;
                match (&mut there.cell, cell) {
                    (Cell::Text(text), Cell::Text(more)) => *text += &(BLANK_LINE.to_owned() + &more),
                    (other, cell @ Cell::Text(_)) => *other = cell,
                    _ => {}
                }
            }
            _ => *slot = Some(Place { cell, depth, item }),
        }
    }
}

/// An object: which of the wanted fields are in it, and the rest of their names.
struct Level<'a, 'f> {
    wanted: Vec<(usize, &'a str)>,
    depth: usize,
    item: u64,
    found: &'f mut Found,
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Level<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { wanted, depth, item, found } = self;
        while let Some(name) = map.next_key::<String>()? {
            if depth == 0 && found.names.len() <= super::NAMES {
                found.names.push(clipped(&name, super::NAME));
            }
            let inside = wanted
                .iter()
                .filter_map(|&(at, rest)| Some((at, rest.strip_prefix(name.as_str())?.strip_prefix('.')?)));
            let inside: Vec<(usize, &str)> = inside.collect();
            let here: Vec<usize> =
                wanted.iter().filter(|(_, rest)| *rest == name).map(|(at, _)| *at).collect();
            if here.is_empty() && inside.is_empty() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = Value { inside: &inside, depth: depth + 1, item, in_list: false, found };
            let cell = map.next_value_seed(value)?;
            if let Some((last, others)) = here.split_last() {
                others.iter().for_each(|at| found.keep(*at, cell.clone(), depth, item));
                found.keep(*last, cell, depth, item);
            }
        }
        Ok(())
    }
}

/// A value, which is a cell, and in which there may be fields that are wanted.
struct Value<'a, 'f> {
    inside: &'a [(usize, &'a str)],
    depth: usize,
    item: u64,
    in_list: bool,
    found: &'f mut Found,
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_> {
    type Value = Cell;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cell, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_> {
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

    /// The items as paragraphs, or as the sentences of one where the list itself is in a list.
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Cell, A::Error> {
        let Self { inside, depth, in_list, found, .. } = self;
        let (mut texts, mut is_text) = (Vec::new(), true);
        loop {
            found.items += 1;
            let item = Value { inside, depth, item: found.items, in_list: true, found };
            match items.next_element_seed(Nullable(item))? {
                Some(Some(Cell::Text(text) | Cell::Number(text))) => texts.push(text),
                Some(Some(_)) => is_text = false,
                Some(None) => {}
                None => break,
            }
        }
        let between = if in_list { " " } else { BLANK_LINE };
        Ok(if is_text { Cell::Text(texts.join(between)) } else { Cell::List })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        let Self { inside, depth, item, found, .. } = self;
        if inside.is_empty() {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        } else {
            Level { wanted: inside.to_vec(), depth, item, found }.visit_map(map)?;
        }
        Ok(Cell::Other)
    }
}

/// An item of a list, which may be null.
struct Nullable<'a, 'f>(Value<'a, 'f>);

impl<'de> DeserializeSeed<'de> for Nullable<'_, '_> {
    type Value = Option<Cell>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Cell>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Nullable<'_, '_> {
    type Value = Option<Cell>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<Option<Cell>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<Cell>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Cell>, D::Error> {
        self.0.deserialize(deserializer).map(Some)
    }
}

/// JSON with `null` in the place of `NaN`, `Infinity` and `-Infinity`, outside of strings.
fn without_numbers_that_are_none(json: &str) -> Cow<'_, str> {
    const NONE: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    let bytes = json.as_bytes();
    let (mut mended, mut copied) = (String::new(), 0);
    let (mut at, mut in_string) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => in_string = !in_string,
            b'\\' if in_string => at += 1,
            b'-' | b'I' | b'N' if !in_string => {
                if let Some(none) = NONE.iter().find(|none| bytes[at..].starts_with(none.as_bytes())) {
                    mended += &json[copied..at];
                    mended += "null";
                    at += none.len();
                    copied = at;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    match copied {
        0 => Cow::Borrowed(json),
        _ => Cow::Owned(mended + &json[copied..]),
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
    fn fields_inside_others_are_found_by_their_way() {
        let json = r#"{"a": {"b": "inner", "c": {"d": 7}}, "a.b": "outer", "a": {"e": "again"},
                       "list": [{"p": "One."}, {"q": 1}, null, {"p": ["Two", "Three"]}], "both": {"x": "y"}}"#;
        let wanted = ["a.b", "a.c.d", "a.e", "list.p", "both", "both.x", "a.z"];
        let object = Object::parse(json, &wanted).unwrap();
        let found = wanted.map(|name| object.get(name));
        let list = Some("One.\n\nTwo\n\nThree");
        assert_eq!(found, [Some("outer"), Some("7"), Some("again"), list, None, Some("y"), None]);
    }

    #[test]
    fn lists_of_texts_are_paragraphs() {
        let parse = |json: &str| {
            let object = Object::parse(json, &["text"]).unwrap();
            (object.text("text").map(str::to_owned), object.is_list("text"))
        };
        let text = |text: &str| (Some(text.to_owned()), false);
        assert_eq!(parse(r#"{"text": ["One.", null, "Two."]}"#), text("One.\n\nTwo."));
        assert_eq!(parse(r#"{"text": [["A.", "B."], ["C."]]}"#), text("A. B.\n\nC."));
        assert_eq!(parse(r#"{"text": []}"#), text(""));
        assert_eq!(parse(r#"{"text": ["One.", {"image": 1}]}"#), (None, true));
    }

    #[test]
    fn numbers_that_are_none_cost_no_record() {
        let json =
            r#"{"a": NaN, "text": "NaN -Infinity \"Infinity", "b": [-Infinity, 1, Infinity], "id": 5}"#;
        let object = Object::parse(json, &["a", "text", "id"]).unwrap();
        assert_eq!(object.text("text"), Some("NaN -Infinity \"Infinity"));
        assert_eq!((object.get("a"), object.get("id")), (None, Some("5")));
        assert!(Object::parse("{\"a\": Nan}", &["a"]).is_err());
    }

    #[test]
    fn long_names_and_many_are_cut() {
        let json = format!("{{\"{}\": 1{}}}", "x".repeat(1 << 20), ", \"a\": 2".repeat(1 << 12));
        let names = Object::parse(&json, &[]).unwrap().names();
        assert!(names.len() < 200 && names.ends_with(", a, …"), "{names}");
    }
}
