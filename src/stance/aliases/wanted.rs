//! One word or sign of an alias, and whether a piece of a sentence is it.

use serde::Serialize;

use super::inflection::is_form_of;
use crate::entities::letters::{is_apostrophe, is_hyphen};
use crate::stance::words::{Letters, Piece, is_loose};

#[derive(Debug, Clone, Serialize)]
pub(super) struct Wanted {
    /// Spellings of a word, folded; or a sign.
    pub(super) spellings: Vec<String>,
    pub(super) is_word: bool,
    pub(super) capital: Capital,
    /// Signs that may stand before it.
    pub(super) gap: String,
    /// Whether it has to touch what stands before it.
    pub(super) attached: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Capital {
    Any,
    /// The first letter.
    First,
    All,
}

impl Wanted {
    /// The number of the piece that has to be this one: `next`, or behind signs that may stand between.
    pub(super) fn after_gap(&self, pieces: &[Piece], next: usize) -> Option<usize> {
        let mut at = next;
        while let Some(piece) = pieces.get(at).filter(|p| !p.is_word && is_loose(&p.folded)) {
            let short = || {
                at.checked_sub(1).is_some_and(|b| pieces[b].is_word && pieces[b].folded.chars().count() <= 3)
            };
            let joins = is_joint(&piece.folded) || self.gap.contains(&piece.folded);
            // "St. Petersburg" where the alias is "St Petersburg".
            if self.attached || !(joins || (piece.folded == "." && piece.attached && short())) {
                return None;
            }
            at += 1;
        }
        pieces.get(at).filter(|piece| piece.attached || !self.attached).map(|_| at)
    }

    pub(super) fn matches(&self, piece: &Piece) -> bool {
        let given = || std::iter::once(&piece.folded).chain(&piece.wide);
        let mut wanted = self.spellings.iter();
        match (self.is_word, piece.is_word) {
            (true, true) if self.capital == Capital::All => wanted.any(|wanted| {
                given().any(|given| {
                    let plural = |a: &str, b: &str| a.strip_suffix('s') == Some(b);
                    given == wanted || plural(given, wanted) || plural(wanted, given)
                })
            }),
            (true, true) => wanted.any(|wanted| given().any(|given| is_form_of(given, wanted))),
            (false, false) => self.spellings[0] == piece.folded,
            // "Marks & Spencer", "Marks and Spencer".
            (false, true) => self.spellings[0] == "&" && !self.attached && piece.folded == "and",
            (true, false) => self.spellings[0] == "and" && piece.folded == "&",
        }
    }

    pub(super) fn has_its_capital(&self, piece: &Piece, is_one_of_many: bool) -> bool {
        match (self.capital, piece.letters) {
            (_, Letters::Capitals | Letters::Caseless) | (Capital::First, Letters::Capitalised) => true,
            // "Nato", but not "Who"; and "Boris Johnson" where the alias is "BORIS JOHNSON".
            (Capital::All, Letters::Capitalised) => is_one_of_many || piece.folded.chars().count() >= 4,
            (Capital::Any, _) => true,
            _ => false,
        }
    }
}

/// Hyphens and apostrophes may stand between any two words.
fn is_joint(sign: &str) -> bool {
    sign.chars().all(|c| is_hyphen(c) || is_apostrophe(c))
}
