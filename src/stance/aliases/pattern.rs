//! An alias as a run of words and signs, and the places where it stands in a sentence.

use serde::Serialize;

use super::apart::is_apart;
use super::case::Case;
use super::wanted::{Capital, Wanted};
use crate::article::{MONTHS, Span, WEEKDAYS};
use crate::stance::words::{Letters, Words, is_loose, pieces};

/// A place that an alias was found at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the sentence.
    pub span: Span,
    /// Whether the words alone show that it is the alias that is meant.
    pub certain: bool,
    /// Whether the article's use of letter case leaves it open what is meant.
    pub guess: bool,
}

/// An alias as a run of words and signs.
#[derive(Debug, Clone, Serialize)]
pub struct Pattern {
    wanted: Vec<Wanted>,
    /// The alias is one word that is written small when it is not a name, or always large: "Will", "May", "WHO".
    ordinary: bool,
}

/// Months and weekdays are written with a capital that says nothing about whom they name.
fn is_date(word: &str) -> bool {
    MONTHS.contains(&word) || WEEKDAYS.contains(&word)
}

impl Pattern {
    /// `None` when the alias has no word.
    pub fn new(alias: &str) -> Option<Self> {
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut gap = String::new();
        let pieces = pieces(alias);
        let mut touches = true;
        for (number, piece) in pieces.iter().enumerate() {
            touches &= piece.attached;
            // ".NET": a full stop that opens a word is part of it.
            let opens = piece.folded == "."
                && wanted.is_empty()
                && pieces.get(number + 1).is_some_and(|p| p.attached);
            if !piece.is_word && is_loose(&piece.folded) && !opens {
                gap.push_str(&piece.folded);
                continue;
            }
            let tight = |sign: &str| !["&", "/"].contains(&sign);
            let sign = |last: &Wanted| !last.is_word && tight(&last.spellings[0]);
            let before = wanted.last().is_some_and(sign);
            wanted.push(Wanted {
                spellings: std::iter::once(piece.folded.clone()).chain(piece.wide.clone()).collect(),
                is_word: piece.is_word,
                capital: match piece.letters {
                    Letters::Caseless | Letters::Small => Capital::Any,
                    Letters::Capitalised => Capital::First,
                    Letters::Capitals => Capital::All,
                },
                attached: touches
                    && (before || (!piece.is_word && tight(&piece.folded)))
                    && !wanted.is_empty(),
                gap: std::mem::take(&mut gap),
            });
            touches = true;
        }
        let words: Vec<&Wanted> = wanted.iter().filter(|wanted| wanted.is_word).collect();
        let ordinary = match words[..] {
            [word] => {
                let stop_words = stop_words::get(stop_words::Language::English);
                word.spellings.iter().any(|s| is_date(s) || stop_words.contains(&s.as_str()))
            }
            _ => false,
        };
        (!words.is_empty()).then_some(Self { wanted, ordinary })
    }

    /// Whether finds that are not certain need more than a certain one elsewhere in the article.
    pub fn is_ordinary(&self) -> bool {
        self.ordinary
    }

    /// Whether the alias asks for a capital in one word only, "Apple", and so may name what is written small elsewhere.
    pub fn asks_for_first_capital(&self) -> bool {
        !self.ordinary && self.wanted.iter().any(|w| w.capital == Capital::First)
    }

    /// The places where the words stand one after another, with blanks or hyphens between.
    pub fn find(&self, words: &Words, case: Case) -> Vec<Found> {
        (0..words.pieces.len()).filter_map(|at| self.find_at(words, at, case)).collect()
    }

    fn find_at(&self, words: &Words, at: usize, case: Case) -> Option<Found> {
        let pieces = &words.pieces;
        let mut next = at;
        // One capital that its place explains proves nothing; several words are their own proof.
        let several = self.wanted.iter().filter(|wanted| wanted.is_word).count() > 1;
        let (mut certain, mut guess) = (true, false);
        for (number, wanted) in self.wanted.iter().enumerate() {
            if number > 0 {
                next = wanted.after_gap(pieces, next)?;
            }
            let piece = pieces.get(next)?;
            if !wanted.matches(piece) {
                return None;
            }
            match wanted.capital {
                Capital::Any => {}
                _ if case == Case::AllSmall => guess = true,
                _ if !wanted.has_its_capital(piece, self.wanted.len() > 1) => return None,
                _ => {
                    guess |= case == Case::AllCapitals;
                    let enough = wanted.capital == Capital::All && piece.letters == Letters::Capitals;
                    certain &= !words.all_capitals && (enough || !words.explains_capital(next));
                }
            }
            next += 1;
        }
        let last = next - 1;
        let mut end = pieces[last].span.end;
        let mut behind = pieces.get(next);
        // "F-16s", "the U.S."
        if let Some(plural) = behind.filter(|p| p.attached && p.is_word && p.folded == "s") {
            end = plural.span.end;
            behind = pieces.get(next + 1);
        } else if let Some(stop) = behind.filter(|p| p.attached && p.folded == ".")
            && pieces[last].span.end - pieces[last].span.start > pieces[last].folded.len()
            && pieces[last].letters == Letters::Capitals
        {
            end = stop.span.end;
        }
        let apart =
            is_apart(pieces, at, behind.is_some_and(|p| p.attached).then_some(next.max(last + 1)), end);
        let certain = (certain || several || case != Case::Usual) && !self.is_date();
        apart.then_some(Found { span: Span::new(pieces[at].span.start, end), certain, guess })
    }

    /// Whether the alias is one word, and that a month or a weekday.
    fn is_date(&self) -> bool {
        matches!(&self.wanted[..], [word] if word.capital != Capital::Any && is_date(&word.spellings[0]))
    }
}
