//! Reads the wanted fields of a JSON object, without keeping its other fields in memory: a record may hold anything, and
//! parsed values take many times the memory of their text.
//!
//! A field inside another one is named with a dot: `body.text`. If the outer field is a list, the field of each item adds a
//! paragraph. A field whose own name has the dot goes before one inside another.
//!
//! A text with marks may be a list of its parts, those with marks as objects, as in exports of Telegram:
//! `["In ", {"type": "bold", "text": "Lima"}, " it rained."]`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::not_numbers::with_null_for_nan;
use super::{clipped, listed};

/// Put between the items of a list, which become paragraphs.
const BLANK_LINE: &str = "\n\n";

/// The field of an object in a list that holds its part of the text.
const PART: &str = "text";

/// The wanted fields of an object.
pub struct Object<'a> {
    wanted: &'a [&'a str],
    found: FoundFields,
}

/// The value of a field.
#[derive(Debug, Clone)]
enum Cell {
    /// A text, or a list of texts as its paragraphs.
    Text(String),
    /// A number, written out.
    Number(String),
    /// The text of an object that is in a list.
    Part(String),
    /// A list with something else than texts and numbers.
    List,
    /// An object, a boolean or null.
    Other,
}

impl<'a> Object<'a> {
    /// The fields `wanted` of the object `json`. If a field is there twice, the last counts. `NaN` and `Infinity`, which are
    /// no JSON but are written by many programs, count as null.
    ///
    /// # Errors
    /// When it is not a JSON object.
    pub fn parse(json: &str, wanted: &'a [&'a str]) -> serde_json::Result<Self> {
        let parse = |json: &str| {
            let mut found =
                FoundFields { cells: wanted.iter().map(|_| None).collect(), ..FoundFields::default() };
            let visitor = ObjectVisitor {
                wanted: wanted.iter().copied().enumerate().collect(),
                depth: 0,
                item: 0,
                found: &mut found,
            };
            let mut deserializer = serde_json::Deserializer::from_str(json);
            visitor.deserialize(&mut deserializer)?;
            deserializer.end()?;
            Ok(Self { wanted, found })
        };
        parse(json).or_else(|error| match with_null_for_nan(json) {
            Cow::Borrowed(_) => Err(error),
            Cow::Owned(mended) => parse(&mended),
        })
    }

    fn cell(&self, name: &str) -> Option<&Cell> {
        let at = self.wanted.iter().position(|wanted| *wanted == name)?;
        self.found.cells[at].as_ref().map(|found| &found.cell)
    }

    /// The text or number in a wanted field.
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.cell(name)? {
            Cell::Text(text) | Cell::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The text in a wanted field, but no number; a list of texts gives paragraphs.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.cell(name)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a wanted field holds a list with something else than texts and numbers.
    pub fn is_list(&self, name: &str) -> bool {
        matches!(self.cell(name), Some(Cell::List))
    }

    /// The first names of the object's fields, for a message.
    pub fn names(&self) -> String {
        listed(&self.found.names)
    }
}

/// The values of the wanted fields.
#[derive(Default)]
struct FoundFields {
    /// In the order of the wanted names.
    cells: Vec<Option<FoundCell>>,
    /// The first names that the object has.
    names: Vec<String>,
    /// How many items of lists were read so far; an item is known by its number.
    items: u64,
}

/// A value, and where it was.
struct FoundCell {
    cell: Cell,
    /// How many objects are around it.
    depth: usize,
    /// The number of the list item that it is in, from 1; 0: in no list.
    item: u64,
}

impl FoundFields {
    /// Keeps the value of a field, unless one with the same name was found that is inside fewer objects. Values from
    /// different items of a list are joined.
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
            _ => *slot = Some(FoundCell { cell, depth, item }),
        }
    }
}

/// Reads an object. `wanted` has the number of each wanted field and the rest of its name, below the outer fields.
struct ObjectVisitor<'a, 'f> {
    wanted: Vec<(usize, &'a str)>,
    depth: usize,
    item: u64,
    found: &'f mut FoundFields,
}

impl<'de> DeserializeSeed<'de> for ObjectVisitor<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectVisitor<'_, '_> {
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
            let value = ValueVisitor { inside: &inside, depth: depth + 1, item, in_list: false, found };
            let cell = map.next_value_seed(value)?;
            if let Some((last, others)) = here.split_last() {
                others.iter().for_each(|at| found.keep(*at, cell.clone(), depth, item));
                found.keep(*last, cell, depth, item);
            }
        }
        Ok(())
    }
}

/// Reads a value, in which there may be wanted fields.
struct ValueVisitor<'a, 'f> {
    inside: &'a [(usize, &'a str)],
    depth: usize,
    item: u64,
    in_list: bool,
    found: &'f mut FoundFields,
}

impl<'de> DeserializeSeed<'de> for ValueVisitor<'_, '_> {
    type Value = Cell;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cell, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, '_> {
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

    /// The items as paragraphs; where the list is in another list, as the sentences of one paragraph. Texts among objects with
    /// a text are parts of one.
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Cell, A::Error> {
        let Self { inside, depth, in_list, found, .. } = self;
        let (mut texts, mut is_text, mut parts) = (Vec::new(), true, 0);
        loop {
            found.items += 1;
            let item = ValueVisitor { inside, depth, item: found.items, in_list: true, found };
            match items.next_element_seed(NullableVisitor(item))? {
                Some(Some(Cell::Text(text) | Cell::Number(text))) => texts.push(text),
                Some(Some(Cell::Part(text))) => {
                    texts.push(text);
                    parts += 1;
                }
                Some(Some(_)) => is_text = false,
                Some(None) => {}
                None => break,
            }
        }
        let is_space = |pair: &[String]| {
            pair[0].ends_with(char::is_whitespace) || pair[1].starts_with(char::is_whitespace)
        };
        let between = match in_list {
            _ if parts > 0 && texts.windows(2).any(is_space) => "",
            true => " ",
            false => BLANK_LINE,
        };
        is_text &= parts == 0 || parts < texts.len();
        Ok(if is_text { Cell::Text(texts.join(between)) } else { Cell::List })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        let Self { inside, depth, item, in_list, found } = self;
        if !inside.is_empty() {
            ObjectVisitor { wanted: inside.to_vec(), depth, item, found }.visit_map(map)?;
            return Ok(Cell::Other);
        }
        let mut part = Cell::Other;
        while let Some(name) = map.next_key::<String>()? {
            if !in_list || name != PART {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = ValueVisitor { inside: &[], depth, item, in_list: false, found: &mut *found };
            if let Cell::Text(text) = map.next_value_seed(value)? {
                part = Cell::Part(text);
            }
        }
        Ok(part)
    }
}

/// Reads an item of a list, which may be null.
struct NullableVisitor<'a, 'f>(ValueVisitor<'a, 'f>);

impl<'de> DeserializeSeed<'de> for NullableVisitor<'_, '_> {
    type Value = Option<Cell>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Cell>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for NullableVisitor<'_, '_> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wanted_fields_are_kept() {
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
    fn fields_inside_others_are_found_by_their_dotted_names() {
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
        assert_eq!(parse(r#"{"text": [{"text": "One."}, {"text": "Two."}]}"#), (None, true));
        let parts = r#"{"text": ["In ", {"type": "bold", "text": "Lima"}, " it rained."]}"#;
        assert_eq!(parse(parts), text("In Lima it rained."));
        assert_eq!(parse(r#"{"text": ["One.", {"text": "Two."}]}"#), text("One.\n\nTwo."));
    }

    #[test]
    fn nan_and_infinity_do_not_cost_the_record() {
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
