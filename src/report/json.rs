//! Analyses as JSON, as [`crate::analysis`] defines them: one array, or one object on each line (JSON Lines).

use std::io::{self, Write};

use super::Report;
use crate::{Analysis, Article};

/// Writes one array.
#[derive(Default)]
pub struct JsonReport {
    /// Elements so far.
    written: usize,
}

impl Report for JsonReport {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "[")
    }

    fn article(&mut self, out: &mut dyn Write, _: &Article, analysis: &Analysis) -> io::Result<()> {
        writeln!(out, "{}", if self.written == 0 { "" } else { "," })?;
        self.written += 1;
        write!(out, "{}", serde_json::to_string_pretty(analysis)?)
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}]", if self.written == 0 { "" } else { "\n" })
    }
}

/// Writes one object on each line.
pub struct JsonLinesReport;

impl Report for JsonLinesReport {
    fn article(&mut self, out: &mut dyn Write, _: &Article, analysis: &Analysis) -> io::Result<()> {
        writeln!(out, "{}", serde_json::to_string(analysis)?)
    }
}
