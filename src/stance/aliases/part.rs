//! One word or sign of an alias, and whether a token of a sentence matches it.

use serde::Serialize;

use super::inflection::{is_form_of, is_form_of_name};
use crate::entities::letters::{is_apostrophe, is_hyphen};
use crate::stance::words::{TextToken, WordCase, is_loose};

/// One word or sign of an alias.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PatternPart {
    /// Spellings of a word, folded; or a sign.
    pub(super) spellings: Vec<String>,
    /// Whether it is a word, not a sign.
    pub(super) is_word: bool,
    /// The letters that have to be capitals.
    pub(super) capital: Capital,
    /// Signs that may stand before it.
    pub(super) gap: String,
    /// Whether nothing may stand between this and the word or sign before it.
    pub(super) attached: bool,
}

/// The letters of a word that have to be capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Capital {
    /// None: any letter case matches.
    Any,
    /// The first letter.
    First,
    /// All letters.
    All,
}

impl PatternPart {
    /// The index of the token that has to match: `next`, or the one behind signs that may stand between. `None` where a
    /// sign stands there that may not.
    pub(super) fn after_gap(&self, tokens: &[TextToken], next: usize) -> Option<usize> {
        let mut at = next;
        while let Some(token) = tokens.get(at).filter(|p| !p.is_word && is_loose(&p.folded)) {
            let short = || {
                at.checked_sub(1).is_some_and(|b| tokens[b].is_word && tokens[b].folded.chars().count() <= 3)
            };
            let joins = is_joint(&token.folded) || self.gap.contains(&token.folded);
            // "St. Petersburg" where the alias is "St Petersburg".
            if self.attached || !(joins || (token.folded == "." && token.attached && short())) {
                return None;
            }
            at += 1;
        }
        tokens.get(at).filter(|token| token.attached || !self.attached).map(|_| at)
    }

    /// Whether a token is this word or sign, letter case aside. A word with a capital that is the only one of its alias is a name.
    pub(super) fn matches(&self, token: &TextToken, is_only_word: bool) -> bool {
        let given = || std::iter::once(&token.folded).chain(&token.wide);
        let mut wanted = self.spellings.iter();
        match (self.is_word, token.is_word) {
            (true, true) if self.capital == Capital::All => wanted.any(|wanted| {
                given().any(|given| {
                    given == wanted || (token.is_plural && given.strip_suffix('s') == Some(wanted.as_str()))
                })
            }),
            (true, true) if self.capital == Capital::First && is_only_word => {
                wanted.any(|wanted| given().any(|given| is_form_of_name(given, wanted)))
            }
            (true, true) => wanted.any(|wanted| given().any(|given| is_form_of(given, wanted))),
            (false, false) => self.spellings[0] == token.folded,
            // "Marks & Spencer" and "Marks and Spencer" are the same.
            (false, true) => self.spellings[0] == "&" && !self.attached && token.folded == "and",
            (true, false) => self.spellings[0] == "and" && token.folded == "&",
        }
    }

    /// Whether a token has the capitals that this word needs.
    pub(super) fn has_its_capital(&self, token: &TextToken, is_one_of_many: bool) -> bool {
        match (self.capital, token.case) {
            (_, WordCase::Capitals | WordCase::Caseless) | (Capital::First, WordCase::Capitalised) => true,
            // "Nato" matches "NATO", but "Who" does not match "WHO"; and "Boris Johnson" matches "BORIS JOHNSON".
            (Capital::All, WordCase::Capitalised) => is_one_of_many || token.folded.chars().count() >= 4,
            (Capital::Any, _) => true,
            _ => false,
        }
    }
}

/// Whether a sign may stand between any two words: hyphens and apostrophes.
fn is_joint(sign: &str) -> bool {
    sign.chars().all(|c| is_hyphen(c) || is_apostrophe(c))
}
