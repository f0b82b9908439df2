//! Finding an alias in a sentence: whole words and signs, simple inflections, accents left out.
//!
//! Small letters in an alias match any case. A capital asks for a capital ("Apple" is not in "an apple"), and an
//! alias in capitals for capitals ("US" is not in "told us"). Where the place of a word explains its capital, as the
//! start of a sentence does, the capital proves nothing, and the find is not *certain*.

use serde::Serialize;

use super::words::{Letters, Piece, Words, is_loose, pieces};
use crate::article::{MONTHS, Span, WEEKDAYS};

/// How an article uses letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// As usual; also where the script has none.
    Usual,
    /// It has no capital letter, so an alias cannot ask for one.
    AllSmall,
    /// It has no small letter, so its capitals say nothing.
    AllCapitals,
}

impl Case {
    pub fn of(text: &str) -> Self {
        match (text.contains(char::is_uppercase), text.contains(char::is_lowercase)) {
            (false, true) => Self::AllSmall,
            (true, false) if mostly_cased(text) => Self::AllCapitals,
            _ => Self::Usual,
        }
    }
}

/// Whether hardly a letter is without case: "北约 (NATO)" is no text in capitals.
fn mostly_cased(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    10 * letters().filter(|c| c.is_uppercase() || c.is_lowercase()).count() > 9 * letters().count()
}

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

#[derive(Debug, Clone, Serialize)]
struct Wanted {
    /// Spellings of a word, folded; or a sign.
    spellings: Vec<String>,
    is_word: bool,
    capital: Capital,
    /// Signs that may stand before it.
    gap: String,
    /// Whether it has to touch what stands before it.
    attached: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
enum Capital {
    Any,
    /// The first letter.
    First,
    All,
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
            self.is_apart(pieces, at, behind.is_some_and(|p| p.attached).then_some(next.max(last + 1)), end);
        let certain = (certain || several || case != Case::Usual) && !self.is_date();
        apart.then_some(Found { span: Span::new(pieces[at].span.start, end), certain, guess })
    }

    /// Whether the alias is one word, and that a month or a weekday.
    fn is_date(&self) -> bool {
        matches!(&self.wanted[..], [word] if word.capital != Capital::Any && is_date(&word.spellings[0]))
    }

    /// Whether the place is no part of a longer word or a name with signs: "AT" in "AT&T", "C" in "C++", "F" in "F16".
    fn is_apart(&self, pieces: &[Piece], first: usize, behind: Option<usize>, end: usize) -> bool {
        let short = |piece: &Piece| piece.folded.chars().count() <= 2;
        let joins = |sign: &Piece| ["&", "/", "+", "#"].contains(&sign.folded.as_str());
        let before = first.checked_sub(1).map(|before| &pieces[before]).filter(|_| pieces[first].attached);
        let front = match before {
            Some(word) if word.is_word => !pieces[first].is_rest,
            Some(sign) if joins(sign) && pieces[first].is_word && short(&pieces[first]) => {
                // "AT" and "T" belong together where a word touches the sign on its other side, too.
                first < 2 || !sign.attached || !pieces[first - 2].is_word
            }
            _ => true,
        };
        let behind =
            behind.and_then(|at| pieces.get(at).filter(|p| p.span.start >= end).map(|piece| (at, piece)));
        let back = match behind {
            Some((_, word)) if word.is_word => !word.is_rest,
            Some((at, sign)) if joins(sign) && at > 0 && pieces[at - 1].is_word && short(&pieces[at - 1]) => {
                let closes = ["+", "#"].contains(&sign.folded.as_str());
                !closes && !pieces.get(at + 1).is_some_and(|p| p.attached && p.is_word)
            }
            _ => true,
        };
        front && back
    }
}

impl Wanted {
    /// The number of the piece that has to be this one: `next`, or behind signs that may stand between.
    fn after_gap(&self, pieces: &[Piece], next: usize) -> Option<usize> {
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

    fn matches(&self, piece: &Piece) -> bool {
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

    fn has_its_capital(&self, piece: &Piece, is_one_of_many: bool) -> bool {
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
    use crate::entities::letters::{is_apostrophe, is_hyphen};
    sign.chars().all(|c| is_hyphen(c) || is_apostrophe(c))
}

/// Whether one of two folded words is an inflection of the other.
fn is_form_of(word: &str, wanted: &str) -> bool {
    word == wanted || inflects(wanted, word) || inflects(word, wanted)
}

/// Whether `form` is `base` with a regular English ending: plural, past, participle.
fn inflects(base: &str, form: &str) -> bool {
    // "a" and "as", "be" and "bed" are no pair; nor is anything that short.
    let Some(last) = base.chars().last().filter(|_| base.chars().count() >= 3) else {
        return false;
    };
    let stem = &base[..base.len() - last.len_utf8()];
    let vowel = "aeiou".contains(last);
    let ending = |of: &str| form.strip_prefix(of).map(str::to_owned);
    match ending(base).as_deref() {
        Some("s" | "ing" | "ed") => return true,
        Some("es")
            if base.ends_with(['s', 'x', 'z', 'o']) || base.ends_with("ch") || base.ends_with("sh") =>
        {
            return true;
        }
        Some("d") if last == 'e' => return true,
        Some(doubled)
            if !vowel && [format!("{last}ed"), format!("{last}ing")].contains(&doubled.to_owned()) =>
        {
            return true;
        }
        _ => {}
    }
    match ending(stem).as_deref() {
        Some("ing") => last == 'e',
        Some("ies" | "ied") => last == 'y',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_are_simple() {
        for (wanted, word) in [
            ("withdrawal", "withdrawals"),
            ("pull", "pulled"),
            ("pull", "pulling"),
            ("leave", "leaving"),
            ("agree", "agreed"),
            ("stop", "stopped"),
            ("authority", "authorities"),
            ("authorities", "authority"),
            ("troops", "troop"),
            ("clash", "clashes"),
        ] {
            assert!(is_form_of(word, wanted), "{wanted} {word}");
        }
        for (wanted, word) in [
            ("mali", "malian"),
            ("france", "francs"),
            ("us", "use"),
            ("withdrawal", "withdraw"),
            ("chad", "chadian"),
            ("niger", "nigeria"),
        ] {
            assert!(!is_form_of(word, wanted), "{wanted} {word}");
        }
    }

    /// What an alias finds in a sentence of an ordinary article; `?` behind what is not certain.
    fn found(alias: &str, text: &str) -> Vec<String> {
        let found = Pattern::new(alias).unwrap().find(&Words::of(text), Case::Usual);
        let show = |f: Found| format!("{}{}", f.span.of(text), if f.certain { "" } else { "?" });
        found.into_iter().map(show).collect()
    }

    #[test]
    fn words_must_stand_together() {
        let text = "They pulled out. A pull-out! He pulled, out of fear. Pull  out; pullout.";
        assert_eq!(found("pull out", text), ["pulled out", "pull-out", "Pull  out"]);
        assert_eq!(found("mali", "MALI's and Mali’s, not Malian"), ["MALI", "Mali"]);
    }

    #[test]
    fn signs_are_part_of_an_alias() {
        for (alias, text, wanted) in [
            ("AT&T", "AT&T fell; AT & T's rose", &["AT&T", "AT & T"][..]),
            ("S&P", "The S&P 500 rose", &["S&P"]),
            ("S&P 500", "The S&P 500 and the S&P-500", &["S&P 500", "S&P-500"]),
            ("9/11", "After 9/11 and 9 of 11", &["9/11"]),
            ("24/7", "News 24/7.", &["24/7"]),
            ("C++", "In C++, not C, nor C+", &["C++"]),
            ("C#", "In C# or C", &["C#"]),
            ("C", "In C++ or C# or in C", &["C"]),
            (".NET", "Uses .NET; the net", &[".NET"]),
            ("F-16", "Two F-16s, an F16 and an F 16, no F-160 or F-1", &["F-16s", "F16", "F 16"]),
            ("F16", "Two F-16s", &["F-16s"]),
            ("F", "Two F-16s and F16", &["F"]),
            ("COVID-19", "Covid-19 and COVID19", &["Covid-19", "COVID19"]),
            ("#MeToo", "The #MeToo movement", &["#MeToo"]),
            ("MeToo", "The #MeToo movement", &["MeToo"]),
            ("Yahoo!", "He left Yahoo and Yahoo!", &["Yahoo", "Yahoo"]),
            (
                "Marks & Spencer",
                "At Marks and Spencer and Marks & Spencer",
                &["Marks and Spencer", "Marks & Spencer"],
            ),
            ("AT", "At AT&T in Rome", &[]),
            ("Johnson", "He left Johnson&Johnson", &["Johnson", "Johnson"]),
            ("St. Petersburg", "In St Petersburg and St. Petersburg", &["St Petersburg", "St. Petersburg"]),
            ("St Petersburg", "In St. Petersburg", &["St. Petersburg"]),
            ("UN", "The U.N. and the UN", &["U.N.", "UN"]),
            ("U.N.", "The U.N. and the UN’s", &["U.N.", "UN"]),
            ("Guns N' Roses", "He saw Guns N’ Roses", &["Guns N’ Roses"]),
            ("LGBTQ+", "The LGBTQ+ vote", &["LGBTQ+"]),
            ("R&D", "On R&D.", &["R&D"]),
        ] {
            assert_eq!(found(alias, text), wanted, "{alias}");
        }
    }

    #[test]
    fn accents_apostrophes_and_invisible_characters_do_not_matter() {
        for (alias, text) in [
            ("Côte d'Ivoire", "In Côte d’Ivoire"),
            ("Cote d’Ivoire", "In Côte d'Ivoire"),
            ("Erdogan", "Mr Erdoğan"),
            ("Erdoğan", "Mr Erdogan"),
            ("Erdoğan", "Mr Erdog\u{306}an"),
            ("Müller", "Mr Mueller"),
            ("Mueller", "Mr Müller"),
            ("Wałęsa", "Mr Walesa"),
            ("Støre", "Mr Store"),
            ("Stoere", "Mr Støre"),
            ("Strauss", "Mr Strauß"),
            ("Berlin", "In Ber\u{AD}lin"),
            ("Berlin", "In Ber\u{200B}lin"),
            ("São Tomé", "On Sao Tome"),
            ("O'Brien", "Mr O’Brien’s"),
            ("Xi Jinping", "Mr Xi\u{A0}Jinping"),
        ] {
            assert_eq!(found(alias, text).len(), 1, "{alias} in {text}");
        }
        let text = "In \u{200B}Ber\u{AD}lin\u{200B}, he";
        let span = Pattern::new("Berlin").unwrap().find(&Words::of(text), Case::Usual)[0].span;
        assert_eq!(span.of(text), "Ber\u{AD}lin");
    }

    #[test]
    fn a_capital_asks_for_a_capital() {
        for (alias, text) in [
            ("US", "He told us that the plan would hurt us all."),
            ("US", "Us too."),
            ("IS", "It is late. Is it?"),
            ("WHO", "Who knows who?"),
            ("IT", "It works."),
            ("Apple", "He ate an apple."),
            ("Turkey", "They had a turkey."),
            ("May", "It may rain."),
            ("Shell", "In a shell."),
            ("White House", "In a white house. White house paint."),
            ("C++", "vitamin c++"),
        ] {
            assert!(found(alias, text).is_empty(), "{alias} in {text}");
        }
        for (alias, text, wanted) in [
            ("US", "The US told us.", "US"),
            ("US", "The U.S. told us.", "U.S."),
            ("WHO", "The WHO knows.", "WHO"),
            ("NATO", "That Nato knows.", "Nato"),
            ("MPs", "Most MPs know.", "MPs"),
            ("NGO", "Many NGOs know.", "NGOs"),
            ("BORIS JOHNSON", "Boris Johnson left.", "Boris Johnson"),
            ("Apple", "At Apple all is well.", "Apple"),
            ("Apple", "Apple said so.", "Apple?"),
            ("Apple", "“Apple is good,” he said.", "Apple?"),
            ("Apple", "APPLE FELL", "APPLE?"),
            ("May", "He met May.", "May?"),
            ("Boris Johnson", "Boris Johnson left.", "Boris Johnson"),
            ("White House", "White House paint.", "White House"),
            ("withdrawal", "Withdrawal is near.", "Withdrawal"),
            ("troops", "TROOPS LEFT", "TROOPS"),
            ("us", "He told us.", "us"),
        ] {
            assert_eq!(found(alias, text), [wanted], "{alias} in {text}");
        }
    }

    #[test]
    fn text_without_letter_case_leaves_it_open() {
        let find =
            |alias: &str, text: &str| Pattern::new(alias).unwrap().find(&Words::of(text), Case::of(text));
        for (alias, text) in [("US", "he told us that"), ("US", "HE TOLD US THAT"), ("Apple", "apple fell")] {
            let found = find(alias, text);
            assert!(found.len() == 1 && found[0].guess, "{text}");
        }
        assert!(!find("troops", "the troops left")[0].guess);
        let found = find("NATO", "北约 NATO 说");
        assert!(found.len() == 1 && !found[0].guess);
        assert_eq!(find("北约", "北约说").len(), 1);
    }
}
