//! Other people's data and other systems' results, in the formats they come in.
//!
//! Every error names the file and the line; nothing is skipped without a word.

pub mod analyses;
pub mod conll;
pub mod mentions;
pub mod summaries;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::EvalError;

/// A file's text, which must hold something.
fn read(path: &Path) -> Result<String, EvalError> {
    let text =
        fs::read_to_string(path).map_err(|error| EvalError::new(path, format!("cannot be read: {error}")))?;
    match text.trim().is_empty() {
        true => Err(EvalError::new(path, "is empty")),
        false => Ok(text),
    }
}

/// Records of a JSON Lines file with their line numbers.
fn records<T: DeserializeOwned>(path: &Path) -> Result<Vec<(usize, T)>, EvalError> {
    let text = read(path)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let record =
                serde_json::from_str(line).map_err(|error| EvalError::line(path, number + 1, error))?;
            Ok((number + 1, record))
        })
        .collect()
}

/// Refuses an id that comes twice.
fn distinct<'a>(path: &Path, ids: impl Iterator<Item = (usize, &'a str)>) -> Result<(), EvalError> {
    let mut seen = HashSet::new();
    for (line, id) in ids {
        if !seen.insert(id) {
            return Err(EvalError::line(path, line, format!("the id '{id}' comes twice")));
        }
    }
    Ok(())
}
