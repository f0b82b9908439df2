//! Rows of a file: objects of JSON Lines or of a JSON array, or records of CSV or TSV with a header.
//!
//! A row is a JSON value with its place. Fields are asked for by the names that data sets give them, so that an error
//! can say which names would do.

use std::path::Path;

use serde_json::{Map, Value};

use super::{EvalError, Place};

/// One row; `value` is an object, or for spaCy's pairs an array.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub place: Place,
    pub value: Value,
}

/// Whether a text is JSON or JSON Lines: how it begins tells, as no word and no column name begins so.
pub fn is_json(text: &str) -> bool {
    let mut signs = text.chars().filter(|c| !c.is_whitespace());
    matches!(
        (signs.next(), signs.next()),
        (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | '[' | ']' | '"'))
    )
}

/// Rows of a text, in their order. What is no JSON is a table with a header.
///
/// # Errors
/// When a line is no JSON, or a record has not as many fields as the header.
pub fn rows(path: &Path, text: &str) -> Result<Vec<Row>, EvalError> {
    let rows = match is_json(text) {
        true => json_rows(path, text)?,
        false => table_rows(path, text)?,
    };
    match rows.is_empty() {
        true => Err(EvalError::new(path, "has no rows")),
        false => Ok(rows),
    }
}

/// One value (an array is its elements, an object the only row), or one value a line.
fn json_rows(path: &Path, text: &str) -> Result<Vec<Row>, EvalError> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let first = lines.next().map(|(number, line)| (number, serde_json::from_str::<Value>(line)));
    // Text whose first line is no value by itself may be one value over many lines.
    match first {
        Some((number, Ok(value))) => {
            let single = lines.clone().next().is_none();
            match value {
                Value::Array(values) if single && !is_pair(&values) => Ok(numbered(values)),
                value => {
                    let mut rows = vec![Row { place: Place::Line(number + 1), value }];
                    for (number, line) in lines {
                        let value = serde_json::from_str(line)
                            .map_err(|error| EvalError::line(path, number + 1, error))?;
                        rows.push(Row { place: Place::Line(number + 1), value });
                    }
                    Ok(rows)
                }
            }
        }
        Some((number, Err(error))) => match serde_json::from_str::<Value>(text) {
            Ok(Value::Array(values)) => Ok(numbered(values)),
            Ok(value) => Ok(vec![Row { place: Place::Record(1), value }]),
            // Which of the two errors helps depends on whether the lines are rows: those of an object end.
            Err(whole) if text.trim_start().starts_with('[') => Err(EvalError::new(path, whole)),
            Err(_) => Err(EvalError::line(path, number + 1, error)),
        },
        None => Ok(Vec::new()),
    }
}

/// A text with what is said of it, as spaCy 2 wants its training data: a row, and not a list of rows.
fn is_pair(values: &[Value]) -> bool {
    matches!(values, [Value::String(_), Value::Object(_)])
}

fn numbered(values: Vec<Value>) -> Vec<Row> {
    let each = values.into_iter().enumerate();
    each.map(|(number, value)| Row { place: Place::Record(number + 1), value }).collect()
}

/// The longest name of a column, in bytes: every record carries the names, and a text that is no table may have a first
/// line of any length.
const LONGEST_NAME: usize = 100;

/// Records of a table. Its separator is the one that the header has most of: comma, tab or semicolon.
fn table_rows(path: &Path, text: &str) -> Result<Vec<Row>, EvalError> {
    let header = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| header.bytes().filter(|byte| byte == separator).count();
    let separator = [b';', b'\t', b','].into_iter().max_by_key(count).expect("there are three");
    let no_table = || EvalError::new(path, "is neither JSON nor JSON Lines nor a table with a header");
    if count(&separator) == 0 {
        return Err(no_table());
    }
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    let names: Vec<String> =
        reader.headers().map_err(|error| EvalError::new(path, error))?.iter().map(str::to_owned).collect();
    if names.iter().any(|name| name.len() > LONGEST_NAME) {
        return Err(no_table());
    }
    let records = reader.records().enumerate().map(|(number, record)| {
        let place = Place::Record(number + 1);
        let record = record.map_err(|error| EvalError::at(path, place, error))?;
        let fields = names.iter().cloned().zip(record.iter().map(Value::from));
        Ok(Row { place, value: Value::Object(fields.collect()) })
    });
    records.collect()
}

impl Row {
    /// An error about this row.
    pub fn error(&self, path: &Path, reason: impl std::fmt::Display) -> EvalError {
        EvalError::at(path, self.place, reason)
    }

    /// The row as an object.
    ///
    /// # Errors
    /// When it is something else.
    pub fn fields(&self) -> Result<Fields<'_>, String> {
        match &self.value {
            Value::Object(fields) => Ok(Fields(fields)),
            other => Err(format!("is {}, and not an object", kind(other))),
        }
    }

    /// The row's own `id`, a string or a number; its place where it has none.
    pub fn id(&self) -> String {
        let id = self.value.get("id");
        id.and_then(id_of).unwrap_or_else(|| self.place.to_string())
    }
}

/// An id as text: numbers lose a fraction of zero, which tables give to whole numbers.
fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.trim().is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string().trim_end_matches(".0").to_owned()),
        _ => None,
    }
}

/// What a value is, in words.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Fields of a row, asked for by their names.
#[derive(Clone, Copy)]
pub struct Fields<'a>(pub &'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    /// The first of `names` that the row has, with its value.
    pub fn first<'n>(self, names: &[&'n str]) -> Result<(&'n str, &'a Value), String> {
        let found = names.iter().find_map(|name| Some((*name, self.0.get(*name)?)));
        found.ok_or_else(|| format!("missing field `{}`; it has: {}", names.join("` or `"), self.names()))
    }

    /// A string.
    pub fn text(self, names: &[&str]) -> Result<&'a str, String> {
        let (name, value) = self.first(names)?;
        value.as_str().ok_or_else(|| format!("`{name}` is {}, and not a string", kind(value)))
    }

    /// A number; tables write it as a string.
    pub fn number(self, name: &str) -> Result<f64, String> {
        let (_, value) = self.first(&[name])?;
        number(value).ok_or_else(|| format!("`{name}` is {value}, and not a number"))
    }

    /// A place in a text, counted from 0.
    pub fn offset(self, name: &str) -> Result<usize, String> {
        let number = self.number(name)?;
        match number.fract() == 0.0 && (0.0..1e15).contains(&number) {
            true => Ok(number as usize),
            false => Err(format!("`{name}` is {number}, and no place in a text")),
        }
    }

    fn names(self) -> String {
        let names: Vec<&str> = self.0.keys().map(String::as_str).take(12).collect();
        if names.is_empty() { "nothing".into() } else { names.join(", ") }
    }
}

/// A number, or a string that is one.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Vec<Row>, String> {
        rows(Path::new("data"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn rows_come_in_five_forms() {
        let expected = |place: fn(usize) -> Place| {
            [json!({"id": "a", "n": "1"}), json!({"id": "b", "n": "2"})]
                .into_iter()
                .enumerate()
                .map(|(number, value)| Row { place: place(number + 1), value })
                .collect::<Vec<_>>()
        };
        let (one, two) = (r#"{"id": "a", "n": "1"}"#, r#"{"id": "b", "n": "2"}"#);
        assert_eq!(read(&format!("{one}\n{two}\n")).unwrap(), expected(Place::Line));
        assert_eq!(read(&format!("[{one}, {two}]")).unwrap(), expected(Place::Record));
        assert_eq!(read(&format!("[\n {one},\n {two}\n]\n")).unwrap(), expected(Place::Record));
        for table in ["id,n\na,1\nb,2\n", "id\tn\na\t1\nb\t2\n", "id;n\n\"a\";1\nb;2"] {
            assert_eq!(read(table).unwrap(), expected(Place::Record), "{table}");
        }
    }

    #[test]
    fn one_object_over_many_lines_is_one_row() {
        assert_eq!(read("{\n \"id\": 1\n}").unwrap()[0].id(), "1");
        assert!(read("[]").unwrap_err().contains("has no rows"));
        assert!(read("{\"id\": 1}\nnot json").unwrap_err().starts_with("data:2: "));
        assert!(read("{\"id\": 1").unwrap_err().starts_with("data:1: "));
        assert!(read("one word").unwrap_err().contains("neither JSON"));
    }

    #[test]
    fn words_in_brackets_are_no_json() {
        for text in ["[ O\nPeter B-PER", "{ O", "[\tO", "Peter B-PER", ""] {
            assert!(!is_json(text), "{text}");
        }
        for text in ["[{\"a\": 1}]", "\n { \"a\": 1}", "[[\"text\", {}]]", "[\n]"] {
            assert!(is_json(text), "{text}");
        }
    }

    #[test]
    fn ids_may_be_numbers_or_missing() {
        let id = |value| Row { place: Place::Line(3), value }.id();
        assert_eq!(id(json!({"id": 1})), "1");
        assert_eq!(id(json!({"id": 1.0})), "1");
        assert_eq!(id(json!({"id": "x"})), "x");
        assert_eq!(id(json!({})), "line 3");
    }
}
