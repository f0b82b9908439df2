//! Regular expressions over articles, which are read sentence by sentence and by the gigabyte.

use regex::Regex;

/// A pattern of this program's own. `\b` is a boundary of ASCII words: in text that has any other letter or a curly quotation
/// mark, boundaries of Unicode words leave the engine only its slowest way.
pub(super) fn pattern(pattern: &str) -> Regex {
    Regex::new(&pattern.replace(r"\b", r"(?-u:\b)")).expect("a valid pattern")
}
