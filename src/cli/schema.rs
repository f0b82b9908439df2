//! `wirelens schema`: the JSON Schema of the JSON output.

use std::io::Write;

use clap::{Args, ValueEnum};

use super::Outcome;
use crate::{analysis, compare::comparison};

/// The options of `wirelens schema`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens schema > analysis.schema.json
  wirelens schema comparison > comparison.schema.json")]
pub struct Schema {
    /// Which output to describe
    #[arg(value_enum, default_value = "analysis")]
    of: DescribedOutput,
}

/// The outputs that have a schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DescribedOutput {
    /// One result of `analyze` and the other commands that read articles
    Analysis,
    /// The result of `compare`
    Comparison,
}

impl Schema {
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let schema = match self.of {
            DescribedOutput::Analysis => analysis::json_schema(),
            DescribedOutput::Comparison => comparison::json_schema(),
        };
        writeln!(anstream::stdout(), "{schema:#}")?;
        Ok(Outcome::Done)
    }
}
