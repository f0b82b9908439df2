//! Styles of texts for the terminal.

use anstyle::{AnsiColor, Style};

/// What a reader looks for first: headings and names.
pub const BOLD: Style = Style::new().bold();
/// What stands beside the findings: numbers, places, what is left out.
pub const DIM: Style = Style::new().dimmed();
/// A warning.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
