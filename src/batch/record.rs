//! The lines that are written for a record without an analysis: in the errors file, or among the results of a filter.

use serde::Serialize;

use crate::analysis::SCHEMA_VERSION;
use crate::input::InputError;

/// A line of the errors file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorRecord {
    /// The record's id; null where it could not be read.
    pub id: Option<String>,
    /// The input file, or `standard input`; null where the model failed on the article.
    pub input: Option<String>,
    /// Where in the input: a line, a row or a record. Null where the whole input is meant.
    pub place: Option<String>,
    /// Why there is no analysis, and what to do.
    pub reason: String,
}

impl From<InputError> for ErrorRecord {
    fn from(error: InputError) -> Self {
        let part = |place: &str| {
            ["line ", "row ", "from row ", "item ", "record ", "message ", "article "]
                .iter()
                .any(|word| place.starts_with(word))
        };
        let (input, place) = match error.place.rsplit_once(", ") {
            Some((input, place)) if part(place) => (input.to_owned(), Some(place.to_owned())),
            _ => (error.place, None),
        };
        Self { id: error.id, input: Some(input), place, reason: error.reason }
    }
}

/// A line of a filter's results for a record without an analysis: a filter writes one line for each record.
#[derive(Serialize)]
pub struct ErrorResult<'a> {
    /// The version of the schema of results.
    pub schema_version: u32,
    /// The record's id; null where it could not be read.
    pub id: Option<&'a str>,
    /// What went wrong.
    pub error: &'a ErrorRecord,
}

impl<'a> From<&'a ErrorRecord> for ErrorResult<'a> {
    fn from(error: &'a ErrorRecord) -> Self {
        Self { schema_version: SCHEMA_VERSION, id: error.id.as_deref(), error }
    }
}
