//! The contract of [`crate::analysis`], as one array or one object a line.

use std::io::{self, Write};

use super::Report;
use crate::{Analysis, Article};

#[derive(Default)]
pub struct Json {
    written: usize,
}

impl Report for Json {
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

pub struct Lines;

impl Report for Lines {
    fn article(&mut self, out: &mut dyn Write, _: &Article, analysis: &Analysis) -> io::Result<()> {
        writeln!(out, "{}", serde_json::to_string(analysis)?)
    }
}
