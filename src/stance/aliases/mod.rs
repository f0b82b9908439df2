//! Finds an alias in a sentence: whole words and signs, with simple inflections and without regard to accents.
//!
//! A word in small letters matches any letter case. A word with a capital needs a capital in the text ("Apple" does not
//! match "an apple"), and a word in capitals needs capitals ("US" does not match "told us"). A match is *certain* unless
//! the word would have a capital in any case, as at the start of a sentence.

mod apart;
mod case;
mod inflection;
mod part;
mod pattern;
#[cfg(test)]
mod tests;

pub use case::TextCase;
pub use pattern::{AliasMatch, Pattern};
