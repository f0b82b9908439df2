//! Why a run does not begin or go on, and what would mend that; a command line says the latter in its own words.

/// A run that was refused.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Refused {
    reason: String,
    pub remedy: Remedy,
}

/// What a user can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Write over what is there.
    Restart,
    /// Write somewhere else.
    OtherOutput,
    /// Either.
    OtherOutputOrRestart,
    /// Allow more errors.
    MoreErrors,
}

impl Refused {
    pub fn new(reason: impl Into<String>, remedy: Remedy) -> Self {
        Self { reason: reason.into(), remedy }
    }
}
