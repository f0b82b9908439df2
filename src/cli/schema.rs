//! `wirelens schema`: the contract of the JSON output.

use std::io::Write;

use clap::{Args, ValueEnum};

use super::Outcome;
use crate::{analysis, compare::comparison};

#[derive(Args)]
pub struct Schema {
    /// Whose output
    #[arg(value_enum, default_value = "analysis")]
    of: Contract,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Contract {
    /// One result of `analyze` and the other commands that read articles
    Analysis,
    /// What `compare` gives
    Comparison,
}

impl Schema {
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let schema = match self.of {
            Contract::Analysis => analysis::json_schema(),
            Contract::Comparison => comparison::json_schema(),
        };
        writeln!(anstream::stdout(), "{schema:#}")?;
        Ok(Outcome::Done)
    }
}
