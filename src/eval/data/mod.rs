//! Reads annotated data sets, and stored results of other systems, in their own formats.
//!
//! Every error names the file and the place in it. What is converted, left out or repaired is said in a note of the
//! report.

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

/// Larger files are refused; in bytes.
const LARGEST: u64 = 1 << 30;

/// The text of a file, which may be empty. A byte order mark overrides `encoding`; without both it is UTF-8.
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

/// The text of a file that must not be empty.
fn read(path: &Path, encoding: Option<&'static Encoding>) -> Result<String, EvalError> {
    let text = read_any(path, encoding)?;
    match text.trim().is_empty() {
        true => Err(EvalError::new(path, "is empty")),
        false => Ok(text),
    }
}

/// The records of a JSON Lines file with their line numbers, counted from 1.
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

/// Where a row is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilePosition {
    /// The number of its line, counted from 1.
    Line(usize),
    /// Its number in a JSON array or a CSV file, counted from 1.
    Record(usize),
}

impl std::fmt::Display for FilePosition {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Line(number) => write!(out, "line {number}"),
            Self::Record(number) => write!(out, "record {number}"),
        }
    }
}

impl EvalError {
    /// An error about a row of a file.
    pub fn at(file: &Path, place: FilePosition, reason: impl std::fmt::Display) -> Self {
        match place {
            FilePosition::Line(number) => Self::line(file, number, reason),
            FilePosition::Record(_) => {
                Self::File { file: format!("{}, {place}", file.display()), reason: reason.to_string() }
            }
        }
    }
}

/// Gives an error if an id comes twice.
fn distinct<'a>(path: &Path, ids: impl Iterator<Item = (FilePosition, &'a str)>) -> Result<(), EvalError> {
    let mut seen = HashSet::new();
    for (place, id) in ids {
        if !seen.insert(id) {
            return Err(EvalError::at(path, place, format!("the id '{id}' comes twice")));
        }
    }
    Ok(())
}
