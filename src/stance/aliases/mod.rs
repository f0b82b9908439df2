//! Finding an alias in a sentence: whole words and signs, simple inflections, accents left out.
//!
//! Small letters in an alias match any case. A capital asks for a capital ("Apple" is not in "an apple"), and an
//! alias in capitals for capitals ("US" is not in "told us"). Where the place of a word explains its capital, as the
//! start of a sentence does, the capital proves nothing, and the find is not *certain*.

mod apart;
mod case;
mod inflection;
mod pattern;
#[cfg(test)]
mod tests;
mod wanted;

pub use case::Case;
pub use pattern::{Found, Pattern};
