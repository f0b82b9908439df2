//! The pattern of an alias, a sequence of words and signs, and its matches in a sentence.

use serde::Serialize;

use super::apart::is_apart;
use super::case::TextCase;
use super::part::{Capital, PatternPart};
use crate::article::{MONTHS, Span, WEEKDAYS, is_function_word};
use crate::stance::words::{WordCase, Words, is_loose, tokens};

/// A match of an alias in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AliasMatch {
    /// Bytes of the sentence.
    pub span: Span,
    /// Whether the words alone show that the alias is meant.
    pub certain: bool,
    /// Whether letter case cannot show it, because the article does not use capital and small letters as usual.
    pub guess: bool,
}

/// An alias as a sequence of words and signs.
#[derive(Debug, Clone, Serialize)]
pub struct Pattern {
    wanted: Vec<PatternPart>,
    /// Whether the alias is a single word that is also an ordinary word of English: "Will", "May", "WHO".
    ordinary: bool,
}

/// Whether a word is a month or a weekday, which has a capital whether it is a person's name or not.
fn is_date(word: &str) -> bool {
    MONTHS.contains(&word) || WEEKDAYS.contains(&word)
}

impl Pattern {
    /// The pattern of an alias; `None` when the alias has no word.
    pub fn new(alias: &str) -> Option<Self> {
        let mut wanted: Vec<PatternPart> = Vec::new();
        let mut gap = String::new();
        let tokens = tokens(alias);
        let mut touches = true;
        for (number, token) in tokens.iter().enumerate() {
            touches &= token.attached;
            // ".NET": a full stop directly before the first word is part of it.
            let opens = token.folded == "."
                && wanted.is_empty()
                && tokens.get(number + 1).is_some_and(|p| p.attached);
            if !token.is_word && is_loose(&token.folded) && !opens {
                gap.push_str(&token.folded);
                continue;
            }
            let tight = |sign: &str| !["&", "/"].contains(&sign);
            let sign = |last: &PatternPart| !last.is_word && tight(&last.spellings[0]);
            let before = wanted.last().is_some_and(sign);
            let singular = token.folded.strip_suffix('s').filter(|_| token.is_plural).map(str::to_owned);
            let spellings = std::iter::once(token.folded.clone()).chain(token.wide.clone()).chain(singular);
            wanted.push(PatternPart {
                spellings: spellings.collect(),
                is_word: token.is_word,
                capital: match token.case {
                    WordCase::Caseless | WordCase::Small => Capital::Any,
                    WordCase::Capitalised => Capital::First,
                    WordCase::Capitals => Capital::All,
                },
                attached: touches
                    && (before || (!token.is_word && tight(&token.folded)))
                    && !wanted.is_empty(),
                gap: std::mem::take(&mut gap),
            });
            touches = true;
        }
        let words: Vec<&PatternPart> = wanted.iter().filter(|wanted| wanted.is_word).collect();
        let ordinary = match words[..] {
            [word] => word.spellings.iter().any(|spelling| is_date(spelling) || is_function_word(spelling)),
            _ => false,
        };
        (!words.is_empty()).then_some(Self { wanted, ordinary })
    }

    /// Whether the alias is an ordinary word, so that a certain match elsewhere does not confirm an uncertain one.
    pub fn is_ordinary(&self) -> bool {
        self.ordinary
    }

    /// Whether a word of the alias needs a capital first letter ("Apple"), so that the same word in small letters does not
    /// match.
    pub fn needs_first_capital(&self) -> bool {
        !self.ordinary && self.wanted.iter().any(|w| w.capital == Capital::First)
    }

    /// The matches in a sentence: the words one after another, with blanks or hyphens between them. `case` is that of the
    /// whole article.
    pub fn find(&self, words: &Words, case: TextCase) -> Vec<AliasMatch> {
        (0..words.tokens.len()).filter_map(|at| self.find_at(words, at, case)).collect()
    }

    /// The match that begins with the token `at`.
    fn find_at(&self, words: &Words, at: usize, case: TextCase) -> Option<AliasMatch> {
        let tokens = &words.tokens;
        let mut next = at;
        // Several words in sequence are certain, whatever their capitals.
        let several = self.wanted.iter().filter(|wanted| wanted.is_word).count() > 1;
        let (mut certain, mut guess) = (true, false);
        for (number, wanted) in self.wanted.iter().enumerate() {
            if number > 0 {
                next = wanted.after_gap(tokens, next)?;
            }
            let token = tokens.get(next)?;
            if !wanted.matches(token, !several) {
                return None;
            }
            match wanted.capital {
                Capital::Any => {}
                _ if case == TextCase::AllSmall => guess = true,
                _ if !wanted.has_its_capital(token, self.wanted.len() > 1) => return None,
                _ => {
                    guess |= case == TextCase::AllCapitals;
                    let enough = wanted.capital == Capital::All && token.case == WordCase::Capitals;
                    certain &= !words.all_capitals && (enough || !words.explains_capital(next));
                }
            }
            next += 1;
        }
        let last = next - 1;
        let mut end = tokens[last].span.end;
        let mut behind = tokens.get(next);
        // "F-16s", "the U.S."
        if let Some(plural) = behind.filter(|p| p.attached && p.is_word && p.folded == "s") {
            end = plural.span.end;
            behind = tokens.get(next + 1);
        } else if let Some(stop) = behind.filter(|p| p.attached && p.folded == ".")
            && tokens[last].span.end - tokens[last].span.start > tokens[last].folded.len()
            && tokens[last].case == WordCase::Capitals
        {
            end = stop.span.end;
        }
        let apart =
            is_apart(tokens, at, behind.is_some_and(|p| p.attached).then_some(next.max(last + 1)), end);
        let certain = (certain || several || case != TextCase::Usual) && !self.is_date();
        apart.then_some(AliasMatch { span: Span::new(tokens[at].span.start, end), certain, guess })
    }

    /// Whether the alias is the name of a month or a weekday.
    fn is_date(&self) -> bool {
        matches!(&self.wanted[..], [word] if word.capital != Capital::Any && is_date(&word.spellings[0]))
    }
}
