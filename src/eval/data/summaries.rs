//! Reads articles with reference summaries: rows with `id`, `text`, `summary` (a string, or a list of several references),
//! or with the names that other data sets give these fields.
//!
//! Each line of a reference is a sentence; a reference of one line is split by the segmenter. A list of `highlights`, as in
//! CNN/DailyMail, is one reference, and each of its elements a sentence.

use std::collections::HashMap;
use std::path::Path;

use encoding_rs::Encoding;
use serde_json::Value;

use super::rows::{Row, kind, rows};
use super::{EvalError, distinct, read};
use crate::Article;
use crate::eval::metrics::rouge::tokens;

/// The names that the fields of the text and of the summary may have; the first that a row has is read.
const TEXT: [&str; 3] = ["text", "article", "document"];
const SUMMARY: [&str; 3] = ["summary", HIGHLIGHTS, "abstract"];
const HIGHLIGHTS: &str = "highlights";

/// An article with its reference summaries.
pub struct SummarisedArticle {
    /// The article.
    pub article: Article,
    /// The references, one at least.
    pub references: Vec<String>,
}

/// How to read such data.
#[derive(Debug, Clone, Default)]
pub struct SummaryDataOptions {
    /// The field of the text; `None` for the usual names.
    pub text_field: Option<String>,
    /// The field of the summary; `None` for the usual names.
    pub summary_field: Option<String>,
    /// The encoding of files without a byte order mark; `None` for UTF-8.
    pub encoding: Option<&'static Encoding>,
}

impl SummaryDataOptions {
    fn text<'a>(&self, row: &'a Row) -> Result<&'a str, String> {
        match &self.text_field {
            Some(name) => row.fields()?.text(&[name]),
            None => row.fields()?.text(&TEXT),
        }
    }

    /// The references of a row: one, or several if the field has a list.
    fn summaries(&self, row: &Row) -> Result<Vec<String>, String> {
        let named = self.summary_field.as_deref().map(|name| [name]);
        let names = named.as_ref().map_or(SUMMARY.as_slice(), |name| name.as_slice());
        match row.fields()?.first(names)? {
            (_, Value::String(reference)) => Ok(vec![reference.clone()]),
            (name, Value::Array(list)) => {
                let list: Option<Vec<String>> =
                    list.iter().map(|one| Some(one.as_str()?.to_owned())).collect();
                let list = list.ok_or_else(|| format!("`{name}` has something that is no string"))?;
                Ok(if name == HIGHLIGHTS { vec![list.join("\n")] } else { list })
            }
            (name, other) => {
                Err(format!("`{name}` is {}, and not a string or a list of strings", kind(other)))
            }
        }
    }
}

/// Reads articles and references.
///
/// # Errors
/// When the file cannot be read, a row lacks a field, a text or a reference has no words, or an id comes twice.
pub fn read_summaries(
    path: &Path,
    options: &SummaryDataOptions,
) -> Result<Vec<SummarisedArticle>, EvalError> {
    parse(path, &read(path, options.encoding)?, options)
}

/// Parses the text of such a file.
///
/// # Errors
/// As [`read_summaries`].
pub fn parse(
    path: &Path,
    text: &str,
    options: &SummaryDataOptions,
) -> Result<Vec<SummarisedArticle>, EvalError> {
    let rows = rows(path, text)?;
    let each = rows.iter().map(|row| summarised(row, options).map_err(|reason| row.error(path, reason)));
    let each: Vec<SummarisedArticle> = each.collect::<Result<_, _>>()?;
    distinct(path, rows.iter().zip(&each).map(|(row, one)| (row.place, one.article.id.as_str())))?;
    Ok(each)
}

fn summarised(row: &Row, options: &SummaryDataOptions) -> Result<SummarisedArticle, String> {
    let (id, text, references) = (row.id(), options.text(row)?, options.summaries(row)?);
    let empty = references.iter().position(|reference| tokens(reference, false).is_empty());
    if references.is_empty() {
        return Err(format!("'{id}' has no reference"));
    } else if let Some(empty) = empty {
        return Err(format!("reference {} of '{id}' has no words", empty + 1));
    } else if tokens(text, false).is_empty() {
        return Err(format!("the text of '{id}' has no words"));
    }
    Ok(SummarisedArticle { article: Article::new(id, text), references })
}

/// Reads the summaries of the articles of `gold`, which are matched by their ids, and gives them in the order of `gold`. A
/// summary may be empty and scores 0 then.
///
/// # Errors
/// When the file cannot be read, or a summary is missing, comes twice or is of another article.
pub fn read_predictions(
    path: &Path,
    options: &SummaryDataOptions,
    gold: &[SummarisedArticle],
) -> Result<Vec<String>, EvalError> {
    let rows = rows(path, &read(path, options.encoding)?)?;
    let ids: Vec<String> = rows.iter().map(Row::id).collect();
    distinct(path, rows.iter().zip(&ids).map(|(row, id)| (row.place, id.as_str())))?;
    let known: HashMap<&str, usize> =
        gold.iter().enumerate().map(|(number, one)| (one.article.id.as_str(), number)).collect();
    let mut given: Vec<Option<String>> = vec![None; gold.len()];
    for (row, id) in rows.iter().zip(&ids) {
        let at = |reason: String| row.error(path, reason);
        let number = known.get(id.as_str()).ok_or_else(|| at(format!("'{id}' is not in the data")))?;
        let mut summaries = options.summaries(row).map_err(at)?;
        match (summaries.pop(), summaries.is_empty()) {
            (Some(summary), true) => given[*number] = Some(summary),
            _ => return Err(at("a prediction is one summary".into())),
        }
    }
    let each = given.into_iter().zip(gold).map(|(summary, one)| {
        summary.ok_or_else(|| EvalError::new(path, format!("has no summary of '{}'", one.article.id)))
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, options: &SummaryDataOptions) -> Result<Vec<(String, String, Vec<String>)>, String> {
        let all = parse(Path::new("data"), text, options).map_err(|error| error.to_string())?;
        Ok(all.into_iter().map(|one| (one.article.id, one.article.text, one.references)).collect())
    }

    #[test]
    fn fields_go_by_the_names_that_data_sets_give_them() {
        let expected = [("1".to_owned(), "Mali votes.".to_owned(), vec!["Mali .\nIt votes .".to_owned()])];
        for row in [
            r#"{"id": 1, "text": "Mali votes.", "summary": "Mali .\nIt votes ."}"#,
            r#"{"id": "1", "article": "Mali votes.", "highlights": "Mali .\nIt votes ."}"#,
            r#"{"id": 1.0, "article": "Mali votes.", "highlights": ["Mali .", "It votes ."]}"#,
            "id,article,highlights\n1,Mali votes.,\"Mali .\nIt votes .\"\n",
        ] {
            assert_eq!(found(row, &SummaryDataOptions::default()).unwrap(), expected, "{row}");
        }
        let options = SummaryDataOptions {
            text_field: Some("body".into()),
            summary_field: Some("text".into()),
            encoding: None,
        };
        let row = r#"{"id": 1, "text": "Mali .\nIt votes .", "body": "Mali votes."}"#;
        assert_eq!(found(row, &options).unwrap(), expected);
        let error =
            found(r#"{"id": 1, "story": "x", "gist": "y"}"#, &SummaryDataOptions::default()).unwrap_err();
        assert!(
            error.contains("missing field `text` or `article` or `document`; it has: gist, id, story"),
            "{error}"
        );
    }
}
