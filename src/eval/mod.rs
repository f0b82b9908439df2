//! The evaluation harness: how good are the findings, how sure is that number, and where exactly are the errors?
//!
//! ```text
//! gold + findings → score → items → metrics with bootstrap intervals → report, comparison, gate
//! ```
//!
//! One way for all data: whatever is scored becomes a list of [`item::Item`]s, and every number is a function of
//! such a list ([`catalogue`]). How findings are made is not known here, except to the runs in `run` and
//! `tasks`, which call the analyzer or take stored predictions.

pub mod agreement;
pub mod attributions;
pub mod baselines;
pub mod bootstrap;
pub mod catalogue;
pub(crate) mod check;
pub mod compare;
pub mod data;
pub mod evaluation;
pub mod facts;
pub mod gold;
pub mod gold_set;
pub mod item;
pub mod metrics;
pub mod quotes;
pub mod run;
pub mod score;
pub mod tasks;
mod text;
mod words;

use std::fmt::Display;
use std::path::Path;

/// Something wrong with a file that the evaluation was given.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    #[error("{file}: {reason}")]
    File { file: String, reason: String },
    #[error("the gold is wrong in {} places:\n  {}", .0.len(), .0.join("\n  "))]
    Gold(Vec<String>),
    #[error(transparent)]
    Targets(#[from] crate::stance::TargetError),
    #[error(transparent)]
    Model(#[from] crate::model::ModelError),
}

impl EvalError {
    pub fn new(file: &Path, reason: impl Display) -> Self {
        Self::File { file: file.display().to_string(), reason: reason.to_string() }
    }

    /// The same with a line number, from 1.
    pub fn line(file: &Path, line: usize, reason: impl Display) -> Self {
        Self::File { file: format!("{}:{line}", file.display()), reason: reason.to_string() }
    }
}
