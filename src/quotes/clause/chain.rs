//! What stands directly before a verb and belongs to it: "has also", "was later", "to".

use super::small_words::{AUXILIARIES, BE, is, is_adverb};
use super::token::Token;

/// The chain of auxiliaries and adverbs that ends in a verb.
pub struct Chain {
    /// The number of its first token.
    pub start: usize,
    /// "was told"
    pub is_passive: bool,
    /// "to say"
    pub is_infinitive: bool,
}

pub fn chain(tokens: &[Token], verb: usize) -> Chain {
    let mut start = verb;
    let mut passive = false;
    while start > 0 && (is(AUXILIARIES, &tokens[start - 1]) || is_adverb(&tokens[start - 1])) {
        start -= 1;
        passive |= is(BE, &tokens[start]);
    }
    let is_infinitive = start > 0 && tokens[start - 1].lower == "to";
    Chain { start, is_passive: passive, is_infinitive }
}
