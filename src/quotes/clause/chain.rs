//! The auxiliaries and adverbs directly before a verb: "has also", "was later", "to".

use super::token::Token;
use super::word_classes::{AUXILIARIES, BE, is, is_adverb};

/// The auxiliaries and adverbs before a verb, with the verb.
pub struct Chain {
    /// Index of the first token.
    pub start: usize,
    /// Whether it has a form of "be" or "get": "was told".
    pub is_passive: bool,
    /// Whether "to" stands before it: "to say".
    pub is_infinitive: bool,
}

/// The chain that ends with the token `verb`.
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
