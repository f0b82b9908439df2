//! What stands for a record that gave no findings: a line of the errors file, or of a filter's results.

use serde::Serialize;

use crate::analysis::SCHEMA_VERSION;
use crate::input::InputError;

/// A line of the errors file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorRecord {
    /// Null where not even the id could be read.
    pub id: Option<String>,
    pub input: Option<String>,
    /// Where in the input: a line, a row or a record. Null where the whole input is meant.
    pub place: Option<String>,
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

/// An error among the results of a filter, which answers every record with one.
#[derive(Serialize)]
pub struct ErrorResult<'a> {
    pub schema_version: u32,
    pub id: Option<&'a str>,
    pub error: &'a ErrorRecord,
}

impl<'a> From<&'a ErrorRecord> for ErrorResult<'a> {
    fn from(error: &'a ErrorRecord) -> Self {
        Self { schema_version: SCHEMA_VERSION, id: error.id.as_deref(), error }
    }
}
