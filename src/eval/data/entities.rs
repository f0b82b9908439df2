//! Texts in which somebody marked the entities, from any of the formats that are read.
//!
//! A text made of tokens is a sentence, and its entities are runs of tokens; any other is a document, and its entities
//! are runs of characters.

use std::path::Path;

use encoding_rs::Encoding;

use super::conll::{self, Columns, joined};
use super::labels::{LabelMap, Labels};
use super::{EvalError, brat, json, read, rows};
use crate::article::Span;
use crate::eval::metrics::spans::Typed;

/// A text with the entities in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotatedText {
    /// What reports call it, such as "line 3".
    pub name: String,
    pub text: String,
    /// Byte spans of the tokens; `None` where the data marks characters.
    pub tokens: Option<Vec<Span>>,
    /// Spans of tokens where there are any, else of bytes; in the order of the text.
    pub entities: Vec<Typed>,
}

impl AnnotatedText {
    /// A sentence of tokens, joined by blanks; `entities` are spans of tokens.
    pub fn of_tokens(name: String, tokens: &[&str], entities: Vec<Typed>) -> Self {
        let (text, spans) = joined(tokens);
        Self { name, text, tokens: Some(spans), entities }
    }

    /// Spans of bytes as spans of what this text is made of: the tokens that they touch, or the same bytes.
    pub fn placed(&self, spans: Vec<Typed>) -> Vec<Typed> {
        let Some(tokens) = &self.tokens else { return spans };
        let each = spans.into_iter().filter_map(|typed| {
            let start = tokens.iter().position(|token| token.overlaps(typed.span))?;
            let end = tokens.iter().rposition(|token| token.overlaps(typed.span))? + 1;
            Some(Typed { span: Span::new(start, end), kind: typed.kind })
        });
        each.collect()
    }
}

/// What a file or folder of annotations holds.
#[derive(Debug)]
pub struct EntityData {
    pub texts: Vec<AnnotatedText>,
    /// What was converted, left out or mended.
    pub notes: Vec<String>,
}

/// How annotations are to be read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub map: LabelMap,
    /// Of the token and the tag, where the data is made of columns; they are guessed otherwise.
    pub columns: Option<Columns>,
    pub encoding: Option<&'static Encoding>,
}

/// A format that is known and not read: its name, how it shows, and how to convert it.
type Refused = (&'static str, fn(&Path, &str) -> bool, &'static str);

fn named(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// Those that are text; what is not text is told by its ending, before it is read.
const REFUSED: &[Refused] = &[
    (
        "WebAnno TSV",
        |_, text| text.starts_with("#FORMAT=WebAnno TSV"),
        "export it from INCEpTION as CoNLL 2002",
    ),
    (
        "CSV",
        |path, text| named(path, &["csv"]) || text.starts_with("Sentence #,"),
        "write tokens and tags with a tab between them, and a blank line between sentences",
    ),
    (
        "XML",
        |_, text| ["<?xml", "<!DOCTYPE"].iter().any(|start| text.trim_start().starts_with(start)),
        "export it as CoNLL columns, brat or JSON",
    ),
];

const REFUSED_BINARY: &[(&str, &str, &str)] = &[
    ("spacy", "a spaCy DocBin", "write a line of JSON for each document: json.dumps(doc.to_json())"),
    (
        "parquet",
        "Parquet",
        "write it as JSON Lines: pandas.read_parquet(…).to_json(…, orient='records', lines=True)",
    ),
    ("arrow", "Arrow", "write it as JSON Lines: datasets.Dataset.from_file(…).to_json(…)"),
    ("zip", "an archive", "unpack it"),
    ("gz", "packed", "unpack it"),
    ("zst", "packed", "unpack it"),
];

/// Reads a file or, in brat's format, a folder.
///
/// # Errors
/// Names the place and, for a format that is not read, the format and how to convert it.
pub fn read_entities(path: &Path, reading: &Reading) -> Result<EntityData, EvalError> {
    if brat::is_brat(path) {
        return brat::read_texts(path, reading);
    }
    if let Some((_, format, what)) = REFUSED_BINARY.iter().find(|(ending, ..)| named(path, &[ending])) {
        return Err(EvalError::new(path, format!("is {format}, which is not read here; {what}")));
    }
    let text = read(path, reading.encoding)?;
    parse(path, &text, reading)
}

/// Reads one file that is none of brat's.
pub fn parse(path: &Path, text: &str, reading: &Reading) -> Result<EntityData, EvalError> {
    if let Some((format, _, what)) = REFUSED.iter().find(|(_, shows, _)| shows(path, text)) {
        return Err(EvalError::new(path, format!("is {format}, which is not read here; {what}")));
    }
    let mut labels = Labels::new(&reading.map);
    let (texts, mut notes) = match rows::is_json(text) || named(path, &["json", "jsonl", "ndjson"]) {
        true => json::parse(path, text, &mut labels)?,
        false => conll::parse(path, text, reading.columns, &mut labels)?,
    };
    notes.extend(labels.conclude().map_err(|reason| EvalError::new(path, reason))?);
    notes.extend(overlaps(&texts));
    Ok(EntityData { texts, notes })
}

/// A note on mentions that lie over each other, of which a system that finds one name in one place misses all but one.
pub fn overlaps(texts: &[AnnotatedText]) -> Option<String> {
    let overlapping = |text: &AnnotatedText| {
        let mut end = 0;
        let each = text.entities.iter().filter(|entity| {
            let overlaps = entity.span.start < end;
            end = end.max(entity.span.end);
            overlaps
        });
        each.count()
    };
    let count: usize = texts.iter().map(overlapping).sum();
    (count > 0).then(|| {
        format!(
            "{count} mentions of the data overlap another one, and only one of them can be found in its place"
        )
    })
}

/// Predictions for `gold`, which must be about the same texts in the same order.
pub fn read_predictions(
    path: &Path,
    reading: &Reading,
    gold: &[AnnotatedText],
) -> Result<Vec<Vec<Typed>>, EvalError> {
    let given = read_entities(path, reading)?.texts;
    for (given, wanted) in given.iter().zip(gold) {
        if (&given.text, &given.tokens) != (&wanted.text, &wanted.tokens) {
            let what = if wanted.tokens.is_some() { "sentence" } else { "text" };
            let reason =
                format!("{}: the {what} differs from that at {} of the data", given.name, wanted.name);
            return Err(EvalError::new(path, reason));
        }
    }
    match given.len() == gold.len() {
        true => Ok(given.into_iter().map(|text| text.entities).collect()),
        false => {
            let what = if gold.iter().all(|text| text.tokens.is_some()) { "sentences" } else { "texts" };
            let reason = format!("has {} {what}, and the data has {}", given.len(), gold.len());
            Err(EvalError::new(path, reason))
        }
    }
}
