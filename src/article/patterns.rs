//! Compiles the regular expressions of this room so that they are fast on gigabytes of sentences.

use regex::Regex;

/// Compiles a pattern in which `\b` is a boundary of ASCII words.
///
/// With Unicode word boundaries the engine must use its slowest method on any text with a letter or quotation mark
/// outside ASCII.
///
/// # Panics
/// When the pattern is invalid.
pub(super) fn pattern(pattern: &str) -> Regex {
    Regex::new(&pattern.replace(r"\b", r"(?-u:\b)")).expect("a valid pattern")
}
