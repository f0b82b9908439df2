//! Reads annotated entities in any of the supported formats, which it recognises by the content and name of the file.

use std::path::Path;

use super::annotated::{AnnotatedText, EntityData, EntityDataOptions, overlaps};
use super::labels::Labels;
use super::{EvalError, brat, conll, json, read, rows};
use crate::eval::metrics::spans::TypedSpan;

/// A format that is recognised but not supported: its name, how to recognise it, and how to convert it.
type RefusedFormat = (&'static str, fn(&Path, &str) -> bool, &'static str);

fn named(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

/// Formats of text that are not supported.
const REFUSED: &[RefusedFormat] = &[
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

/// Binary formats that are not supported: the ending of their files, their name, and how to convert them. They are
/// recognised before the file is read.
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

/// Reads a file or, in the format of brat, a folder.
///
/// # Errors
/// When the file cannot be read, something in it is not valid, or the format is not supported; the error then says how to
/// convert it.
pub fn read_entities(path: &Path, options: &EntityDataOptions) -> Result<EntityData, EvalError> {
    if brat::is_brat(path) {
        return brat::read_texts(path, options);
    }
    if let Some((_, format, what)) = REFUSED_BINARY.iter().find(|(ending, ..)| named(path, &[ending])) {
        return Err(EvalError::new(path, format!("is {format}, which is not read here; {what}")));
    }
    let text = read(path, options.encoding)?;
    parse(path, &text, options)
}

/// Parses the text of a file in any format but that of brat.
///
/// # Errors
/// As [`read_entities`].
pub fn parse(path: &Path, text: &str, options: &EntityDataOptions) -> Result<EntityData, EvalError> {
    if let Some((format, _, what)) = REFUSED.iter().find(|(_, shows, _)| shows(path, text)) {
        return Err(EvalError::new(path, format!("is {format}, which is not read here; {what}")));
    }
    let mut labels = Labels::new(&options.map);
    let (texts, mut notes) = match rows::is_json(text) || named(path, &["json", "jsonl", "ndjson"]) {
        true => json::parse(path, text, &mut labels)?,
        false => conll::parse(path, text, options.columns, &mut labels)?,
    };
    notes.extend(labels.finish().map_err(|reason| EvalError::new(path, reason))?);
    notes.extend(overlaps(&texts));
    Ok(EntityData { texts, notes })
}

/// Reads predictions for the texts of `gold`. The file must have the same texts in the same order.
///
/// # Errors
/// As [`read_entities`], and when the texts differ.
pub fn read_predictions(
    path: &Path,
    options: &EntityDataOptions,
    gold: &[AnnotatedText],
) -> Result<Vec<Vec<TypedSpan>>, EvalError> {
    let given = read_entities(path, options)?.texts;
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
