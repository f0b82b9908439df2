//! Other people's data and other systems' results, in the formats they come in.
//!
//! Every error names the file and the place in it. What is converted, left out or mended on the way is told in a note
//! of the report; nothing is skipped without a word.

pub mod analyses;
pub mod annotated;
pub mod brat;
pub mod conll;
pub mod documents;
pub mod entities;
pub mod events;
pub mod json;
pub mod labels;
pub mod marked;
pub mod mentions;
mod polarity;
pub mod quotes;
pub mod rows;
pub mod stance;
pub mod summaries;
pub mod tags;

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::Encoding;
use serde::de::DeserializeOwned;

use super::EvalError;
use crate::input::decode;

/// The largest file of data that is read, in bytes.
const LARGEST: u64 = 1 << 30;

/// A file's text, whatever is in it. A byte order mark decides over `encoding`; without either it is UTF-8.
fn read_any(path: &Path, encoding: Option<&'static Encoding>) -> Result<String, EvalError> {
    let unreadable = |error| EvalError::new(path, format!("cannot be read: {error}"));
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(EvalError::new(path, format!("is larger than {} MiB; split it", LARGEST >> 20)));
    }
    decode(&bytes, encoding).map_err(|reason| EvalError::new(path, reason))
}

/// A file's text, which must hold something.
fn read(path: &Path, encoding: Option<&'static Encoding>) -> Result<String, EvalError> {
    let text = read_any(path, encoding)?;
    match text.trim().is_empty() {
        true => Err(EvalError::new(path, "is empty")),
        false => Ok(text),
    }
}

/// Records of a JSON Lines file with their line numbers.
fn records<T: DeserializeOwned>(path: &Path) -> Result<Vec<(usize, T)>, EvalError> {
    let text = read(path, None)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let record =
                serde_json::from_str(line).map_err(|error| EvalError::line(path, number + 1, error))?;
            Ok((number + 1, record))
        })
        .collect()
}

/// Where in a file something stands; both count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Line(usize),
    /// Of a JSON array, or of a CSV file.
    Record(usize),
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Line(number) => write!(out, "line {number}"),
            Self::Record(number) => write!(out, "record {number}"),
        }
    }
}

impl EvalError {
    /// Something wrong at a place of a file.
    pub fn at(file: &Path, place: Place, reason: impl std::fmt::Display) -> Self {
        match place {
            Place::Line(number) => Self::line(file, number, reason),
            Place::Record(_) => {
                Self::File { file: format!("{}, {place}", file.display()), reason: reason.to_string() }
            }
        }
    }
}

/// Refuses an id that comes twice.
fn distinct<'a>(path: &Path, ids: impl Iterator<Item = (Place, &'a str)>) -> Result<(), EvalError> {
    let mut seen = HashSet::new();
    for (place, id) in ids {
        if !seen.insert(id) {
            return Err(EvalError::at(path, place, format!("the id '{id}' comes twice")));
        }
    }
    Ok(())
}
