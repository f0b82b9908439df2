//! Differences between outlets: another number, another year, or another speaker of the same words.
//!
//! A difference is only reported when it is fairly certain: the two sentences state the same fact, their numbers count the
//! same thing in the same places, and neither number is a rounded form of the other.

use std::collections::{BTreeMap, BTreeSet};

use super::account::Account;
use super::comparison::DifferenceKind;
use super::facts::Probabilities;
use super::names::Names;
use super::quantities::Quantity;
use super::statement::{Statement, Statements, common};
use super::units::Unit;
use super::words::words;
use crate::analysis::Quote;
use crate::article::{collapsed, on_one_line};

/// A difference, with statements by their indices.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundDifference {
    /// What is different.
    pub kind: DifferenceKind,
    /// What numbers count; empty for the other kinds.
    unit: Unit,
    /// The words that the statements share.
    pub about: String,
    /// Each value as it is written, and the statements that have it.
    pub sides: Vec<(String, BTreeSet<usize>)>,
}

/// Least share of the words of the shorter statement, weighted by rarity, that the other one has.
const MIN_SHARED: f32 = 0.5;
/// Least probability, by words and vectors, of the same fact. A joint reading is not asked, because it calls a fact with another
/// number another fact.
const MIN_ALIKE: f64 = 0.6;
/// Words on each side of a year in which two sentences have one in common, if their years are of the same.
const NEAR: usize = 4;
/// Least number of words of a quotation whose speakers are compared.
const MIN_QUOTED_WORDS: usize = 7;

/// The differences in numbers and years between statements of different outlets, among the given pairs. `outlets` has the
/// index of each account's outlet.
pub fn differences(
    probabilities: &mut Probabilities,
    pairs: &BTreeSet<(usize, usize)>,
    outlets: &[usize],
) -> Vec<FoundDifference> {
    let mut found: Vec<FoundDifference> = Vec::new();
    for &(a, b) in pairs {
        let statements = probabilities.statements;
        let (one, other) = (&statements.all[a], &statements.all[b]);
        let has_numbers = !(one.quantities.is_empty() || other.quantities.is_empty())
            || !(one.years.is_empty() || other.years.is_empty());
        if outlets[one.account] == outlets[other.account] || !has_numbers || !alike(statements, one, other) {
            continue;
        }
        if probabilities.of_words(a, b) < MIN_ALIKE {
            continue;
        }
        let about = about(one, other);
        for (left, right) in unequal(&one.quantities, &other.quantities) {
            let values = [(left.text.clone(), a), (right.text.clone(), b)];
            add(&mut found, DifferenceKind::Quantity, &left.unit, &about, values);
        }
        if let ([left], [right]) = (&one.years[..], &other.years[..])
            && left != right
            && one.quantities.is_empty() == other.quantities.is_empty()
            && !near(one, *left).is_disjoint(&near(other, *right))
        {
            let values = [(left.to_string(), a), (right.to_string(), b)];
            add(&mut found, DifferenceKind::Date, &Unit::default(), &about, values);
        }
    }
    found
}

/// Whether two statements name the same places and share many of their words, so that their numbers may be compared.
fn alike(statements: &Statements, a: &Statement, b: &Statement) -> bool {
    (a.places.is_subset(&b.places) || b.places.is_subset(&a.places)) && statements.overlap(a, b) >= MIN_SHARED
}

/// The content words close to a year. The year of "the 2015 nuclear deal" is not that of "left the deal with world powers in 2018".
fn near(statement: &Statement, year: u32) -> BTreeSet<u32> {
    let year = year.to_string();
    let split = words(&statement.place.text);
    let Some(at) = split.iter().position(|(stem, _)| *stem == year) else { return BTreeSet::new() };
    let around = &statement.words[at.saturating_sub(NEAR)..split.len().min(at + NEAR + 1)];
    around.iter().copied().filter(|stem| statement.content.binary_search(stem).is_ok()).collect()
}

/// Quantities of the same thing that do not agree. Where a sentence has several of one thing, none of them is taken.
fn unequal<'a>(a: &'a [Quantity], b: &'a [Quantity]) -> Vec<(&'a Quantity, &'a Quantity)> {
    let single = |all: &'a [Quantity], unit: &Unit| -> Option<&'a Quantity> {
        let mut of_unit = all.iter().filter(|quantity| quantity.unit.is_same(unit));
        let first = of_unit.next()?;
        of_unit.next().is_none().then_some(first)
    };
    a.iter()
        .filter_map(|one| {
            single(a, &one.unit)?;
            let other = single(b, &one.unit)?;
            // "30 people" may be the killed or the hurt of "12 people killed and 30 people hurt".
            single(a, &other.unit)?;
            (!one.agrees(other)).then_some((one, other))
        })
        .collect()
}

/// Adds two values, each with its statement, to the difference that counts the same and has one of the statements, or as a new
/// difference.
fn add(
    found: &mut Vec<FoundDifference>,
    kind: DifferenceKind,
    unit: &Unit,
    about: &str,
    values: [(String, usize); 2],
) {
    let known = found.iter().position(|difference| {
        difference.kind == kind
            && difference.unit.is_same(unit)
            && values.iter().any(|(_, number)| difference.sides.iter().any(|(_, side)| side.contains(number)))
    });
    let place = known.unwrap_or_else(|| {
        found.push(FoundDifference { kind, unit: unit.clone(), about: about.to_owned(), sides: Vec::new() });
        found.len() - 1
    });
    for (value, number) in values {
        let sides = &mut found[place].sides;
        match sides.iter_mut().find(|(written, side)| *written == value || side.contains(&number)) {
            Some((_, side)) => drop(side.insert(number)),
            None => sides.push((value, BTreeSet::from([number]))),
        }
    }
}

/// The words that two statements share, in the order of the first.
fn about(a: &Statement, b: &Statement) -> String {
    let shared: BTreeSet<u32> = common(&a.content, &b.content).collect();
    let split = words(&a.place.text);
    let written: Vec<&str> = a.place.text.split_whitespace().collect();
    // Stems and written words can be matched only where both are equally many; otherwise the whole sentence is taken.
    if written.len() != split.len() {
        return collapsed(&a.place.text);
    }
    let kept = written.iter().zip(&a.words).filter(|(_, stem)| shared.contains(stem));
    let kept: Vec<&str> = kept.map(|(word, _)| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    kept.join(" ")
}

/// Direct quotations of the same words by different speakers.
pub fn attributions(accounts: &[Account], names: &Names, statements: &Statements) -> Vec<FoundDifference> {
    // For each speaker's entity its name and the statements with the words.
    type BySpeaker = BTreeMap<usize, (String, BTreeSet<usize>)>;
    // For the stems of what is said the words as the first article has them.
    let mut by_words: BTreeMap<Vec<String>, (String, BySpeaker)> = BTreeMap::new();
    for (account, article) in accounts.iter().enumerate() {
        for quote in article.analysis.quotes.iter().flatten().filter(|quote| quote.direct) {
            let Some((words, speaker)) = key(quote) else { continue };
            let Some(entity) = names.called(account, speaker) else { continue };
            let Some(number) = statements.at(account, quote.content[0].start) else { continue };
            let (_, said) = by_words.entry(words).or_insert_with(|| (written(quote), BTreeMap::new()));
            said.entry(entity)
                .or_insert_with(|| (names.all[entity].0.clone(), BTreeSet::new()))
                .1
                .insert(number);
        }
    }
    let several = by_words
        .into_values()
        .filter(|(_, said)| are_different(said.values().map(|(name, _)| name.as_str())));
    several
        .map(|(about, said)| FoundDifference {
            kind: DifferenceKind::Attribution,
            unit: Unit::default(),
            about,
            sides: said.into_values().collect(),
        })
        .collect()
}

/// What a quote says, as it is written, on one line.
fn written(quote: &Quote) -> String {
    let parts: Vec<&str> = quote.content.iter().map(|part| part.text.as_str()).collect();
    on_one_line(&parts.join(" … "))
}

/// Whether at least two of the names cannot be of one person, unlike "Trump" and "Donald Trump".
fn are_different<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let names: Vec<BTreeSet<String>> =
        names.map(|name| words(name).into_iter().map(|(word, _)| word).collect()).collect();
    let apart = |a: &BTreeSet<String>, b: &BTreeSet<String>| !a.is_subset(b) && !b.is_subset(a);
    names.iter().enumerate().any(|(at, one)| names[at + 1..].iter().any(|other| apart(one, other)))
}

/// The words of a direct quotation, and its speaker's name; `None` where it is short or has no speaker.
fn key(quote: &Quote) -> Option<(Vec<String>, &str)> {
    let said: Vec<String> =
        quote.content.iter().flat_map(|part| words(&part.text)).map(|(stem, _)| stem).collect();
    Some((said, quote.speaker.as_deref()?)).filter(|(said, _)| said.len() >= MIN_QUOTED_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::SameFact;

    #[test]
    fn numbers_of_other_things_are_other_differences() {
        let mut found = Vec::new();
        let mut add = |unit: &str, values: [(&str, usize); 2]| {
            let values = values.map(|(value, number)| (value.to_owned(), number));
            let unit = Unit { stems: vec![unit.to_owned()], fate: None };
            add(&mut found, DifferenceKind::Quantity, &unit, "killed and wounded", values);
        };
        add("people", [("12 people", 0), ("15 people", 1)]);
        add("soldier", [("30 soldiers", 0), ("50 soldiers", 2)]);
        add("people", [("12 people", 0), ("16 people", 3)]);
        let sides: Vec<usize> = found.iter().map(|difference| difference.sides.len()).collect();
        assert_eq!(sides, [3, 2]);
    }

    /// The kinds of the differences between two sentences of two outlets.
    fn kinds(one: &str, other: &str) -> Vec<DifferenceKind> {
        let accounts = [Account::of_sentences("A", &[one]), Account::of_sentences("B", &[other])];
        let statements = Statements::of(&accounts, &Names::of(&accounts));
        let mut probabilities = Probabilities::new(&statements, SameFact::of_one_event("compact"));
        let found = differences(&mut probabilities, &BTreeSet::from([(0, 1)]), &[0, 1]);
        found.into_iter().map(|difference| difference.kind).collect()
    }

    #[test]
    fn numbers_are_compared_where_they_count_the_same() {
        let told = |what: &str| {
            format!(
                "{what} when a bomb exploded near a crowded market in the capital Kabul early in the day, police officers said"
            )
        };
        for (one, other, wanted) in [
            ("12 people were killed", "15 people were killed", 1),
            ("25 people were killed", "between 20 and 30 people were killed", 0),
            ("12 people were killed", "between 20 and 30 people were killed", 1),
            ("12 people killed and 30 people hurt", "30 people were hurt", 0),
            ("12 people killed and 30 hurt", "12 killed and 30 people hurt", 0),
            ("a loss of 5 million euros", "a loss of €5 million", 0),
            ("a loss of 5 million euros", "a loss of €6 million", 1),
        ] {
            assert_eq!(kinds(&told(one), &told(other)).len(), wanted, "{one} {other}");
        }
    }

    #[test]
    fn years_are_compared_where_the_same_stands_beside_them() {
        for (one, other, wanted) in [
            (
                "President Donald Trump pulled the United States out of the 2015 nuclear deal with Iran and world powers.",
                "President Donald Trump pulled the United States out of the nuclear deal with Iran and world powers in 2018.",
                false,
            ),
            (
                "President Donald Trump pulled the United States out of the 2015 nuclear deal with Iran and world powers.",
                "President Donald Trump pulled the United States out of the 2016 nuclear deal with Iran and world powers.",
                true,
            ),
        ] {
            let wanted = if wanted { vec![DifferenceKind::Date] } else { Vec::new() };
            assert_eq!(kinds(one, other), wanted, "{other}");
        }
    }
}
