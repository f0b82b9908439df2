//! `wirelens schema`: the contract of the JSON output.

use std::io::Write;

use super::Outcome;
use crate::analysis::json_schema;

pub(super) fn run() -> anyhow::Result<Outcome> {
    writeln!(anstream::stdout(), "{:#}", json_schema())?;
    Ok(Outcome::Done)
}
