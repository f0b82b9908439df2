//! Reads data for comparisons: rows of sentence pairs (`a`, `b`, `same`: 1 or 0), or of events (`id`; `articles`, each with
//! `text` and, if known, `outlet`; and `roundup`: a neutral summary, as a string or a list of sentences).

use std::path::Path;

use encoding_rs::Encoding;
use serde_json::Value;

use super::rows::{Row, rows};
use super::{EvalError, read};
use crate::Article;

/// Two sentences and whether they say the same.
#[derive(Debug, Clone, PartialEq)]
pub struct SentencePair {
    /// The id of the row, or its place in the file.
    pub id: String,
    /// The two sentences.
    pub sentences: [String; 2],
    /// Whether they say the same.
    pub same: bool,
}

/// The articles of one event, and a neutral summary of it.
#[derive(Debug, Clone)]
pub struct AnnotatedEvent {
    /// The id of the row, or its place in the file.
    pub id: String,
    /// The articles.
    pub articles: Vec<Article>,
    /// The summary, one sentence or a few on each line; `None` if there is none.
    pub roundup: Option<String>,
}

/// The content of a file.
#[derive(Debug)]
pub enum ComparisonData {
    /// Rows of sentence pairs.
    Pairs(Vec<SentencePair>),
    /// Rows of events.
    Events(Vec<AnnotatedEvent>),
}

/// Reads a file of pairs or of events; its first row decides which.
///
/// # Errors
/// When the file cannot be read, or a row is not of the same kind as the first.
pub fn read_comparison_data(
    path: &Path,
    encoding: Option<&'static Encoding>,
) -> Result<ComparisonData, EvalError> {
    parse(path, &read(path, encoding)?)
}

/// Parses the text of such a file.
///
/// # Errors
/// As [`read_comparison_data`].
pub fn parse(path: &Path, text: &str) -> Result<ComparisonData, EvalError> {
    let rows = rows(path, text)?;
    let is_event = rows.first().is_some_and(|row| row.value.get("articles").is_some());
    let of = |reason: String, row: &Row| row.error(path, reason);
    match is_event {
        true => {
            let each = rows.iter().map(|row| event(row).map_err(|reason| of(reason, row)));
            Ok(ComparisonData::Events(each.collect::<Result<_, _>>()?))
        }
        false => {
            let each = rows.iter().map(|row| pair(row).map_err(|reason| of(reason, row)));
            Ok(ComparisonData::Pairs(each.collect::<Result<_, _>>()?))
        }
    }
}

fn pair(row: &Row) -> Result<SentencePair, String> {
    let fields = row.fields()?;
    let sentences = [fields.text(&["a"])?.to_owned(), fields.text(&["b"])?.to_owned()];
    match fields.number("same")? {
        same if same == 0.0 || same == 1.0 => Ok(SentencePair { id: row.id(), sentences, same: same == 1.0 }),
        same => Err(format!("`same` is {same}, and not 0 or 1")),
    }
}

fn event(row: &Row) -> Result<AnnotatedEvent, String> {
    let fields = row.fields()?;
    let id = row.id();
    let (_, articles) = fields.first(&["articles"])?;
    let articles = articles.as_array().ok_or("`articles` is no list")?;
    let article = |(number, article): (usize, &Value)| -> Result<Article, String> {
        let text =
            article.get("text").and_then(Value::as_str).ok_or(format!("article {number} has no `text`"))?;
        let string = |name: &str| article.get(name).and_then(Value::as_str).map(String::from);
        Ok(Article {
            source: string("outlet"),
            title: string("title"),
            url: string("url"),
            published: string("date"),
            ..Article::new(format!("{id}/{number}"), text)
        })
    };
    let articles = articles.iter().enumerate().map(article).collect::<Result<Vec<_>, _>>()?;
    let roundup = match fields.get("roundup") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Array(list)) => {
            let lines: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            Some(lines.ok_or("`roundup` has something that is no string")?.join("\n"))
        }
        Some(_) => return Err("`roundup` is no string and no list".into()),
    };
    Ok(AnnotatedEvent { id, articles, roundup })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_events_are_told_apart() {
        let pairs = r#"{"id": 1, "a": "x", "b": "y", "same": 1}"#;
        let found = parse(Path::new("data"), pairs).unwrap();
        assert!(
            matches!(found, ComparisonData::Pairs(pairs) if pairs[0].same && pairs[0].sentences[1] == "y")
        );
        let events = r#"{"id": "e", "articles": [{"text": "x", "outlet": "O"}], "roundup": ["t", "u"]}"#;
        let ComparisonData::Events(events) = parse(Path::new("data"), events).unwrap() else {
            panic!("events")
        };
        assert_eq!((events[0].articles[0].id.as_str(), events[0].roundup.as_deref()), ("e/0", Some("t\nu")));
        for bad in [r#"{"a": "x", "b": "y", "same": 2}"#, r#"{"a": "x"}"#, r#"{"articles": [{}]}"#] {
            assert!(parse(Path::new("data"), bad).is_err(), "{bad}");
        }
    }
}
