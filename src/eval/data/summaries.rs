//! Articles with reference summaries, in JSON Lines: `id`, `text`, `summary` (a string, or a list of several
//! references). Within a reference, a line is a sentence; one without line breaks is split by the segmenter.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::{distinct, records};
use crate::Article;
use crate::eval::EvalError;
use crate::eval::metrics::rouge::tokens;

/// An article and what its summary should say.
pub struct Summarised {
    pub article: Article,
    pub references: Vec<String>,
}

#[derive(Deserialize)]
struct Record {
    id: String,
    text: String,
    summary: OneOrMore,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// Reads articles and references; each needs words.
pub fn read_summaries(path: &Path) -> Result<Vec<Summarised>, EvalError> {
    let records = records::<Record>(path)?;
    distinct(path, records.iter().map(|(line, record)| (*line, record.id.as_str())))?;
    let each = records.into_iter().map(|(line, record)| {
        let references = match record.summary {
            OneOrMore::One(reference) => vec![reference],
            OneOrMore::More(references) => references,
        };
        let empty = references.iter().position(|reference| tokens(reference, false).is_empty());
        if references.is_empty() {
            return Err(EvalError::line(path, line, format!("'{}' has no reference", record.id)));
        } else if let Some(empty) = empty {
            return Err(EvalError::line(
                path,
                line,
                format!("reference {} of '{}' has no words", empty + 1, record.id),
            ));
        } else if tokens(&record.text, false).is_empty() {
            return Err(EvalError::line(path, line, format!("the text of '{}' has no words", record.id)));
        }
        Ok(Summarised { article: Article::new(record.id, record.text), references })
    });
    each.collect()
}

#[derive(Deserialize)]
struct Prediction {
    id: String,
    summary: String,
}

/// Summaries of the articles of `gold`, in their order; they may be empty, which scores 0.
pub fn read_predictions(path: &Path, gold: &[Summarised]) -> Result<Vec<String>, EvalError> {
    let records = records::<Prediction>(path)?;
    distinct(path, records.iter().map(|(line, record)| (*line, record.id.as_str())))?;
    if let Some((line, odd)) = records.iter().find(|(_, r)| !gold.iter().any(|g| g.article.id == r.id)) {
        return Err(EvalError::line(path, *line, format!("'{}' is not in the data", odd.id)));
    }
    let mut by_id: HashMap<String, String> = records.into_iter().map(|(_, r)| (r.id, r.summary)).collect();
    let each = gold.iter().map(|summarised| {
        let id = &summarised.article.id;
        by_id.remove(id).ok_or_else(|| EvalError::new(path, format!("has no summary of '{id}'")))
    });
    each.collect()
}
