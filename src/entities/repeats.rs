//! Finds names again that the model missed in some places of an article: where an article names Trump nine times, the tenth
//! "Trump" is him, too.
//!
//! A *repeat* is a place with the same letters as a name that was found elsewhere, or as the family name of a person whose full
//! name was found.

use std::collections::{HashMap, HashSet};

use super::families::with_families;
use super::gender::of_given_name;
use super::lengthened::lengthened;
use super::person::{ends_with_address, family_name, is_title};
use super::storms::with_bare_names;
use super::{EntityMention, EntityType};
use crate::article::{MONTHS, Span, WEEKDAYS, is_function_word, leading_word, trailing_word};

/// Least score of the surest mention of a name that is looked for again.
const LEAST_SCORE: f64 = 0.8;
/// The same where several mentions have this name.
const LEAST_SCORE_OF_SEVERAL: f64 = 0.5;
/// Fewest letters of such a name; "US" is mostly found by itself, and "AS" in capitals may be any word.
const FEWEST_LETTERS: usize = 3;

/// What was found under one name.
#[derive(Default)]
struct Known {
    /// Sums of scores by type, in the order of [`EntityType::ALL`].
    weights: [f64; 4],
    /// How many mentions consist of this name alone.
    alone: usize,
    highest: f64,
    lowest: f64,
}

impl Known {
    fn add(&mut self, mention: &EntityMention, alone: bool) {
        let kind = EntityType::ALL.iter().position(|kind| *kind == mention.kind).expect("one of all");
        self.weights[kind] += mention.score;
        self.lowest = if self.highest == 0.0 { mention.score } else { self.lowest.min(mention.score) };
        self.highest = self.highest.max(mention.score);
        self.alone += usize::from(alone);
    }

    /// The type, if nearly all mentions have it.
    fn kind(&self) -> Option<EntityType> {
        let total: f64 = self.weights.iter().sum();
        let clear = |number: &usize| self.weights[*number] >= 0.8 * total;
        let least = if self.alone > 1 { LEAST_SCORE_OF_SEVERAL } else { LEAST_SCORE };
        (0..4).find(clear).map(|number| EntityType::ALL[number]).filter(|_| self.highest >= least)
    }
}

/// The mentions of an article, [`lengthened`] and with the repeats of their names, in the order of the text. A repeat has the lowest
/// score of the mentions of its name. None is part of a longer row of capitalised words, because "Trump" in "Trump Tower" is no person.
pub fn with_repeats(text: &str, mentions: Vec<EntityMention>) -> Vec<EntityMention> {
    let named = with_families(text, without_offices(text, mentions));
    let mut mentions = lengthened(text, with_bare_names(text, named));
    let known = known_names(text, &mentions);
    let mut by_first: HashMap<&str, Vec<&str>> = HashMap::new();
    for name in known.keys() {
        by_first.entry(leading_word(name)).or_default().push(name);
    }
    // The longest first.
    by_first.values_mut().for_each(|names| names.sort_by_key(|name| (std::cmp::Reverse(name.len()), *name)));
    let mut taken: Vec<Span> = mentions.iter().map(|mention| mention.span).collect();
    taken.sort();
    let is_free = |span: Span| !span.overlaps_any(&taken);
    let mut found: Vec<EntityMention> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(char::is_alphanumeric).map(|skipped| at + skipped) {
        let word = leading_word(&text[start..]);
        at = start + word.len();
        // "Donald Trump", of whom only "Trump" was found elsewhere.
        let family = text[at..].strip_prefix(' ').map_or("", leading_word);
        let is_person = known.get(family).is_some_and(|(kind, _)| *kind == EntityType::Per);
        if is_person && of_given_name(&word.to_lowercase()).is_some() {
            let span = Span::new(start, at + 1 + family.len());
            if is_free(span) && stands_alone(text, span) {
                found.push(EntityMention {
                    span,
                    kind: EntityType::Per,
                    score: known[family].1.lowest,
                    label: None,
                });
                at = span.end;
                continue;
            }
        }
        let names = by_first.get(word).into_iter().flatten();
        let mut fitting = names.filter(|name| text[start..].starts_with(**name));
        let fits = |name: &&&str| {
            let span = Span::new(start, start + name.len());
            stands_alone(text, span) && (!is_month(name) || is_possessive(&text[span.end..]))
        };
        let Some(name) = fitting.find(fits) else {
            continue;
        };
        let span = Span::new(start, start + name.len());
        let (kind, known) = &known[name];
        // At the start of a sentence any word has a capital.
        let is_sure = known.alone > 1 && known.highest >= LEAST_SCORE;
        let is_certain = is_sure || name.contains(' ') || !opens_sentence(text, start);
        if is_free(span) && is_certain {
            found.push(EntityMention { span, kind: *kind, score: known.lowest, label: None });
            at = span.end;
        }
    }
    mentions.append(&mut found);
    mentions.sort_by_key(|mention| mention.span);
    mentions
}

/// The names that are looked for again, each with its type and what was found under it.
fn known_names<'t>(text: &'t str, mentions: &[EntityMention]) -> HashMap<&'t str, (EntityType, Known)> {
    let mut all: HashMap<&str, Known> = HashMap::new();
    for mention in mentions {
        let name = mention.span.of(text);
        all.entry(name).or_default().add(mention, true);
        if let Some(family) = family_name(name).filter(|_| mention.kind == EntityType::Per) {
            all.entry(family).or_default().add(mention, false);
        }
    }
    let telling = all.into_iter().filter(|(name, _)| is_telling(name));
    telling.filter_map(|(name, known)| Some((name, (known.kind()?, known)))).collect()
}

/// Whether a name is one that can be told from ordinary words.
fn is_telling(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with(char::is_uppercase)
        && name.chars().filter(|c| c.is_alphabetic()).count() >= FEWEST_LETTERS
        && (!is_function_word(name) || is_month(name))
        && !WEEKDAYS.contains(&lower.as_str())
        && !is_title(name)
}

/// Whether a name is also that of a month: "May".
fn is_month(name: &str) -> bool {
    MONTHS.contains(&name.to_lowercase().as_str())
}

/// Mentions of people without those that are only an office ("President"). "King" beside "Steve King" is a family name.
fn without_offices(text: &str, mut mentions: Vec<EntityMention>) -> Vec<EntityMention> {
    let is_person = |mention: &EntityMention| mention.kind == EntityType::Per;
    let families: HashSet<&str> = mentions
        .iter()
        .filter(|mention| is_person(mention))
        .filter_map(|mention| {
            let (given, family) = mention.span.of(text).rsplit_once(' ')?;
            of_given_name(&leading_word(given).to_lowercase()).map(|_| family)
        })
        .collect();
    mentions.retain(|mention| {
        let name = mention.span.of(text);
        !is_person(mention) || !is_title(name) || families.contains(name)
    });
    mentions
}

/// Whether a text begins with a possessive ending.
fn is_possessive(behind: &str) -> bool {
    let ending = behind.strip_prefix(['\'', '’']).and_then(|rest| rest.strip_prefix('s'));
    ending.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// Whether no letter, digit or hyphen touches a span, and no capitalised word stands beside it but a title, or a function word
/// before it: "President Trump", "When Trump".
fn stands_alone(text: &str, span: Span) -> bool {
    let (before, behind) = (&text[..span.start], &text[span.end..]);
    let joins = |c: char| c.is_alphanumeric() || "-_@#/&".contains(c);
    if before.ends_with(joins) || behind.starts_with(joins) {
        return false;
    }
    let is_part = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let next = behind.strip_prefix(' ').map_or("", leading_word);
    let last = match before.strip_suffix(' ') {
        // The end of a sentence, unless it is an initial.
        Some(rest) if rest.ends_with('.') => trailing_word(rest.trim_end_matches('.')),
        Some(rest) => trailing_word(rest),
        None => "",
    };
    let ends = before.ends_with(". ") && last.chars().count() > 1;
    !is_part(next) && (ends || !is_part(last) || is_title(last) || is_function_word(last))
}

/// Whether a sentence may begin at a place: at the start of a line, behind a quotation mark or the end of a sentence. None begins
/// behind "Mr.".
fn opens_sentence(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end_matches([' ', '\t', '(', '[']);
    if ends_with_address(before) {
        return false;
    }
    before.is_empty() || before.ends_with(|c: char| "\n\r.!?:;…\"“”‘'’—–-•*".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that are found besides those marked with brackets, each of which is a mention.
    fn repeats(marked: &str, kinds: &[EntityType]) -> Vec<(String, EntityType)> {
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for (number, piece) in marked.split('[').enumerate() {
            let (name, rest) = if number == 0 { ("", piece) } else { piece.split_once(']').unwrap() };
            if number > 0 {
                let span = Span::new(text.len(), text.len() + name.len());
                mentions.push(EntityMention { span, kind: kinds[number - 1], score: 0.9, label: None });
            }
            text += name;
            text += rest;
        }
        let before = mentions.clone();
        let found = with_repeats(&text, mentions).into_iter().filter(|mention| !before.contains(mention));
        found.map(|mention| (mention.span.of(&text).to_owned(), mention.kind)).collect()
    }

    #[test]
    fn an_office_alone_is_no_person_but_a_family_name_is() {
        let names = |text: &str, names: &[&str]| {
            let place = |name: &&str| {
                let start = text.rfind(name).unwrap();
                let span = Span::new(start, start + name.len());
                EntityMention { span, kind: EntityType::Per, score: 0.9, label: None }
            };
            with_repeats(text, names.iter().map(place).collect()).len()
        };
        assert_eq!(names("Steve King spoke. King left.", &["Steve King", "King"]), 2);
        assert_eq!(names("He met Steve Jobs, the President said.", &["Steve Jobs", "President"]), 1);
    }

    #[test]
    fn several_mentions_that_are_not_sure_are_enough() {
        let text = "Aides of Trump met Trump. They say that Mr. Trump left. Trump cards won.";
        let found = |mentions: usize, score: f64| {
            let places = text.match_indices("Trump").take(mentions);
            let spans = places.map(|(start, name)| Span::new(start, start + name.len()));
            let mention = |span| EntityMention { span, kind: EntityType::Per, score, label: None };
            with_repeats(text, spans.map(mention).collect()).len()
        };
        assert_eq!((found(2, 0.6), found(1, 0.6), found(2, 0.4)), (3, 1, 2));
    }

    #[test]
    fn a_name_is_found_wherever_it_stands_alone() {
        use EntityType::{Loc, Org, Per};
        let trump = || ("Trump".to_owned(), Per);
        for (text, kinds, wanted) in [
            (
                "[Donald Trump] left. Aides of Trump stayed, and President Trump's plan failed.",
                &[Per][..],
                vec![trump(), trump()],
            ),
            ("[Trump] met [Trump]. Trump left.", &[Per, Per], vec![trump()]),
            ("Whether Donald Trump wins, [Trump] stays.", &[Per], vec![("Donald Trump".to_owned(), Per)]),
            ("[Ann Band] left. Mr. Band wrote so.", &[Per], vec![("Band".to_owned(), Per)]),
            // At the start of a sentence it may be another word.
            ("[Ann Brown] left. Brown bread is good.", &[Per], vec![]),
            (
                "[Donald Trump] left Trump Tower, Melania Trump and anti-Trump voters.",
                &[Per],
                vec![("Melania Trump".to_owned(), Per)],
            ),
            ("[Mali] and [Mali] again. The army left Mali.", &[Loc, Loc], vec![("Mali".to_owned(), Loc)]),
            // Whether it is the place or its team is not known.
            ("[Leeds] lost in [Leeds], says a fan of Leeds.", &[Org, Loc], vec![]),
            ("[Theresa May] left in May.", &[Per], vec![]),
            ("[Theresa May] left; it was May’s plan.", &[Per], vec![("May".to_owned(), Per)]),
            ("[Éamon Ó Cuív] left; they saw Cuív.", &[Per], vec![("Cuív".to_owned(), Per)]),
        ] {
            assert_eq!(repeats(text, kinds), wanted, "{text}");
        }
    }
}
