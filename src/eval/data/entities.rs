//! Which of the formats of annotated entities a file or folder is of, and its reading.

use std::path::Path;

use super::annotated::{AnnotatedText, EntityData, Reading, overlaps};
use super::labels::Labels;
use super::{EvalError, brat, conll, json, read, rows};
use crate::eval::metrics::spans::Typed;

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
