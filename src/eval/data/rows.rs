//! Reads the rows of a file: objects of JSON Lines or of a JSON array, or records of CSV or TSV with a header.
//!
//! A *row* is a JSON value with its position in the file. A field is looked up by all names that data sets give it, so
//! that an error can list the names that are accepted.

use std::path::Path;

use serde_json::{Map, Value};

use super::{EvalError, FilePosition};

/// One row of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it is in the file.
    pub place: FilePosition,
    /// An object, or an array for the pairs of spaCy.
    pub value: Value,
}

/// Whether a text is JSON or JSON Lines, by its first two characters; no word and no name of a column begins with these.
pub fn is_json(text: &str) -> bool {
    let mut signs = text.chars().filter(|c| !c.is_whitespace());
    matches!(
        (signs.next(), signs.next()),
        (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | '[' | ']' | '"'))
    )
}

/// The rows of a text, in their order. A text that is no JSON is read as a table with a header.
///
/// # Errors
/// When there is no row, a line is no JSON, or a record has another number of fields than the header.
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

/// The rows of one JSON value (the elements of an array, or an object as the only row), or of one value on each line.
fn json_rows(path: &Path, text: &str) -> Result<Vec<Row>, EvalError> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let first = lines.next().map(|(number, line)| (number, serde_json::from_str::<Value>(line)));
    // If the first line is no JSON value by itself, the text may be one value over many lines.
    match first {
        Some((number, Ok(value))) => {
            let single = lines.clone().next().is_none();
            match value {
                Value::Array(values) if single && !is_pair(&values) => Ok(numbered(values)),
                value => {
                    let mut rows = vec![Row { place: FilePosition::Line(number + 1), value }];
                    for (number, line) in lines {
                        let value = serde_json::from_str(line)
                            .map_err(|error| EvalError::line(path, number + 1, error))?;
                        rows.push(Row { place: FilePosition::Line(number + 1), value });
                    }
                    Ok(rows)
                }
            }
        }
        Some((number, Err(error))) => match serde_json::from_str::<Value>(text) {
            Ok(Value::Array(values)) => Ok(numbered(values)),
            Ok(value) => Ok(vec![Row { place: FilePosition::Record(1), value }]),
            // For an array the error of the whole text helps more, for JSON Lines that of the first line.
            Err(whole) if text.trim_start().starts_with('[') => Err(EvalError::new(path, whole)),
            Err(_) => Err(EvalError::line(path, number + 1, error)),
        },
        None => Ok(Vec::new()),
    }
}

/// Whether a list is one row: a text with its annotations, as in the training data of spaCy 2.
fn is_pair(values: &[Value]) -> bool {
    matches!(values, [Value::String(_), Value::Object(_)])
}

fn numbered(values: Vec<Value>) -> Vec<Row> {
    let each = values.into_iter().enumerate();
    each.map(|(number, value)| Row { place: FilePosition::Record(number + 1), value }).collect()
}

/// The longest name of a column, in bytes. Every record keeps a copy of the names, and a text that is no table may have
/// a first line of any length.
const LONGEST_NAME: usize = 100;

/// The records of a table. Its separator is the one of comma, tab and semicolon that the header has most of.
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
        let place = FilePosition::Record(number + 1);
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
    pub fn fields(&self) -> Result<RowFields<'_>, String> {
        match &self.value {
            Value::Object(fields) => Ok(RowFields(fields)),
            other => Err(format!("is {}, and not an object", kind(other))),
        }
    }

    /// The field `id`, a string or a number; the position in the file if there is none.
    pub fn id(&self) -> String {
        let id = self.value.get("id");
        id.and_then(id_of).unwrap_or_else(|| self.place.to_string())
    }
}

/// An id as text. `1.0` becomes `1`, since some programs write whole numbers of tables with a fraction.
fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.trim().is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string().trim_end_matches(".0").to_owned()),
        _ => None,
    }
}

/// The kind of a JSON value in words, for errors.
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

/// The fields of a row, looked up by their names.
#[derive(Clone, Copy)]
pub struct RowFields<'a>(pub &'a Map<String, Value>);

impl<'a> RowFields<'a> {
    /// The value of a field.
    pub fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    /// The first of `names` that the row has, with its value.
    ///
    /// # Errors
    /// When it has none of them.
    pub fn first<'n>(self, names: &[&'n str]) -> Result<(&'n str, &'a Value), String> {
        let found = names.iter().find_map(|name| Some((*name, self.0.get(*name)?)));
        found.ok_or_else(|| format!("missing field `{}`; it has: {}", names.join("` or `"), self.names()))
    }

    /// The string in the first field of `names` that the row has.
    ///
    /// # Errors
    /// When there is no such field, or it is no string.
    pub fn text(self, names: &[&str]) -> Result<&'a str, String> {
        let (name, value) = self.first(names)?;
        value.as_str().ok_or_else(|| format!("`{name}` is {}, and not a string", kind(value)))
    }

    /// The number in a field. A string with a number counts, too, since all values of tables are strings.
    ///
    /// # Errors
    /// When there is no such field, or it is no number.
    pub fn number(self, name: &str) -> Result<f64, String> {
        let (_, value) = self.first(&[name])?;
        number(value).ok_or_else(|| format!("`{name}` is {value}, and not a number"))
    }

    /// The offset in a field, counted from 0.
    ///
    /// # Errors
    /// When there is no such field, or it is no whole number from 0.
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
        let expected = |place: fn(usize) -> FilePosition| {
            [json!({"id": "a", "n": "1"}), json!({"id": "b", "n": "2"})]
                .into_iter()
                .enumerate()
                .map(|(number, value)| Row { place: place(number + 1), value })
                .collect::<Vec<_>>()
        };
        let (one, two) = (r#"{"id": "a", "n": "1"}"#, r#"{"id": "b", "n": "2"}"#);
        assert_eq!(read(&format!("{one}\n{two}\n")).unwrap(), expected(FilePosition::Line));
        assert_eq!(read(&format!("[{one}, {two}]")).unwrap(), expected(FilePosition::Record));
        assert_eq!(read(&format!("[\n {one},\n {two}\n]\n")).unwrap(), expected(FilePosition::Record));
        for table in ["id,n\na,1\nb,2\n", "id\tn\na\t1\nb\t2\n", "id;n\n\"a\";1\nb;2"] {
            assert_eq!(read(table).unwrap(), expected(FilePosition::Record), "{table}");
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
    fn text_that_begins_with_a_bracket_is_not_always_json() {
        for text in ["[ O\nPeter B-PER", "{ O", "[\tO", "Peter B-PER", ""] {
            assert!(!is_json(text), "{text}");
        }
        for text in ["[{\"a\": 1}]", "\n { \"a\": 1}", "[[\"text\", {}]]", "[\n]"] {
            assert!(is_json(text), "{text}");
        }
    }

    #[test]
    fn ids_may_be_numbers_or_missing() {
        let id = |value| Row { place: FilePosition::Line(3), value }.id();
        assert_eq!(id(json!({"id": 1})), "1");
        assert_eq!(id(json!({"id": 1.0})), "1");
        assert_eq!(id(json!({"id": "x"})), "x");
        assert_eq!(id(json!({})), "line 3");
    }
}
