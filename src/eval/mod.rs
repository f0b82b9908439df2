//! Evaluation: scores findings against gold annotations, with confidence intervals, baselines and every error.
//!
//! ```text
//! gold + findings → score → items → metrics with bootstrap intervals → report, comparison, gate
//! ```
//!
//! All data takes the same way: what is scored becomes a list of [`item::ScoredItem`]s, and every metric is a function
//! of such a list ([`catalogue`]). Only [`run`] and [`tasks`] know how findings are made: they call the analyzer or read
//! stored results.
//!
//! The metrics alone, for any texts:
//!
//! ```
//! use wirelens::eval::metrics::rouge::rouge;
//!
//! let scores = rouge("France leaves Mali.", "France will leave Mali.", true);
//! assert!((scores.rouge1.f1 - 6.0 / 7.0).abs() < 1e-9);
//! ```

pub mod agreement;
pub mod attributions;
pub mod baselines;
pub mod bootstrap;
pub mod catalogue;
pub(crate) mod check;
pub mod data;
pub mod evaluation;
pub mod facts;
pub mod gold;
pub mod gold_set;
pub mod item;
pub mod metrics;
pub mod quotes;
pub mod run;
pub mod run_comparison;
pub mod score;
pub mod tasks;
mod text;
mod words;

use std::fmt::Display;
use std::path::Path;

/// Why an evaluation cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A file cannot be read, or its content is wrong.
    #[error("{file}: {reason}")]
    File {
        /// The file, with the line if it is known.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The gold is wrong; one message for each place.
    #[error("the gold is wrong in {} places:\n  {}", .0.len(), .0.join("\n  "))]
    Gold(Vec<String>),
    /// The file of targets is wrong.
    #[error(transparent)]
    Targets(#[from] crate::stance::TargetError),
    /// A model cannot be loaded or run.
    #[error(transparent)]
    Model(#[from] crate::model::ModelError),
}

impl EvalError {
    /// An error about a file.
    pub fn new(file: &Path, reason: impl Display) -> Self {
        Self::File { file: file.display().to_string(), reason: reason.to_string() }
    }

    /// An error about a line of a file; lines are counted from 1.
    pub fn line(file: &Path, line: usize, reason: impl Display) -> Self {
        Self::File { file: format!("{}:{line}", file.display()), reason: reason.to_string() }
    }
}
