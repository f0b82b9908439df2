//! The offices that people hold, as the article introduces them: "French President Emmanuel Macron".
//!
//! The *qualifier* of an office is the words before it, which tell it from others of its kind: "French", "Republican".

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::referent::only;
use crate::article::Span;
use crate::entities::{Entity, EntityType};

const OFFICE: &str = r"president|prime\s+minister|minister|chancellor|premier|secretary[\s-]general|secretary|commissioner|spokes(?:man|woman|person)|attorney\s+general|general|gen|colonel|col|commander|ambassador|governor|gov|mayor|senator|sen|congress(?:man|woman)|nominee|candidate|leader|chairman|chairwoman|director|sheriff|coach|judge|officer|lawyer|attorney|professor|prosecutor|detective|king|queen|pope";
/// "French President Emmanuel", "spokesman Colonel Abdoulaye", "Gov. Mike": an office before a name.
static OFFICE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"((?:[\p{{L}}\p{{M}}.'’-]+\s+){{0,2}}?(?:(?i:vice|deputy|ex)-)?)(?i:\b({OFFICE}))\.?(?:\s+\p{{Lu}}[\p{{L}}.]*)?\s+$"
    ))
    .expect("a valid pattern")
});
/// "Olivier Salgado, the spokesman,": an office behind a name. In "… of Olivier Salgado, the interior minister says" it is
/// another person's.
static OFFICE_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"^,\s+(?:the|a|an|its|their)?\s*((?:[\p{{L}}'’-]+\s+){{0,2}}?)(?i:({OFFICE}))(?:$|[^\p{{L}}\s-]|\s+(?:of|for|in|at|from|on|to|and|who|since|until|under)\b)"
    ))
    .expect("a valid pattern")
});
/// "The French president": an office in place of a name.
static OFFICE_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"^(?i:(?:the|his|her|its|their)\s+)?((?:[\p{{L}}.'’-]+\s+){{0,3}}?(?:(?i:vice|deputy|ex)-)?)(?i:({OFFICE}))$"))
        .expect("a valid pattern")
});

/// What ministers and secretaries are for.
#[rustfmt::skip]
const FIELDS: &[&str] = &[
    "agriculture", "culture", "defence", "economy", "education", "energy", "environment", "finance", "foreign", "health", "home",
    "information", "interior", "justice", "labour", "press", "security", "sports", "trade", "transport", "treasury",
];
const PARTIES: &[&str] = &["democratic", "republican"];
/// Words for nations, besides those with the endings below.
#[rustfmt::skip]
const NATIONS: &[&str] = &[
    "afghan", "african", "cuban", "czech", "dutch", "emirati", "filipino", "french", "german", "greek", "iraqi", "israeli", "kenyan",
    "libyan", "mexican", "moroccan", "philippine", "qatari", "rwandan", "saudi", "swiss", "thai", "ugandan", "us", "yemeni",
];
const NATION_ENDINGS: [&str; 5] = ["ian", "ean", "ish", "ese", "tani"];

fn is_nation(word: &str) -> bool {
    NATIONS.contains(&word)
        || (NATION_ENDINGS.iter().any(|ending| word.ends_with(ending))
            && !["christian", "civilian", "jewish"].contains(&word))
}

/// Bytes around a name that are searched for an office.
const CONTEXT: usize = 80;

/// An office with its qualifier, both in small letters.
#[derive(Debug, PartialEq)]
struct Office {
    title: String,
    qualifier: Vec<String>,
}

impl Office {
    /// The office in the groups of a match: its qualifier, its title.
    fn new(found: &Captures) -> Option<Self> {
        let title = found.get(2)?.as_str().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let title = match title.as_str() {
            "gov" => "governor".to_owned(),
            "sen" => "senator".to_owned(),
            "gen" => "general".to_owned(),
            "col" => "colonel".to_owned(),
            _ => title,
        };
        let words = found.get(1).map_or("", |words| words.as_str()).split_whitespace();
        let plain = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
        let qualifier = plain.map(|word| match word.as_str() {
            "gop" => "republican".to_owned(),
            "defense" => "defence".to_owned(),
            "labor" => "labour".to_owned(),
            "u.s" | "american" => "us".to_owned(),
            "u.k" | "uk" => "british".to_owned(),
            _ => word,
        });
        let qualifier = qualifier.collect();
        Some(Self { title, qualifier })
    }

    /// Whether both are of the present or both of the past, and of the same rank: "the former president" and "the vice president"
    /// are not "President Trump".
    fn is_of_rank_of(&self, other: &Self) -> bool {
        const RANKS: [&[&str]; 2] =
            [&["former", "ex", "late"], &["vice", "deputy", "lieutenant", "lt", "assistant"]];
        let is =
            |office: &Self, rank: &[&str]| office.qualifier.iter().any(|word| rank.contains(&word.as_str()));
        RANKS.iter().all(|rank| is(self, rank) == is(other, rank))
    }

    /// Whether both tell their nation, party or field, and not the same: "the French president" is not "US President Trump".
    fn is_apart_from(&self, other: &Self) -> bool {
        let kinds: [fn(&str) -> bool; 3] =
            [is_nation, |word| PARTIES.contains(&word), |word| FIELDS.contains(&word)];
        kinds.iter().any(|is_kind| {
            let of_kind = |office: &Self| office.qualifier.iter().any(|word| is_kind(word));
            let shares = self.qualifier.iter().any(|word| is_kind(word) && other.qualifier.contains(word));
            of_kind(self) && of_kind(other) && !shares
        })
    }

    fn shares_qualifier(&self, other: &Self) -> bool {
        self.qualifier.iter().any(|word| other.qualifier.contains(word))
    }
}

/// The offices of an article, each with the person who holds it.
pub(super) struct Offices<'a>(Vec<(Office, &'a Entity)>);

impl<'a> Offices<'a> {
    /// Finds the offices of people near their names.
    pub(super) fn of(text: &str, names: &[(Span, &'a Entity)]) -> Self {
        let people = names.iter().filter(|(_, entity)| entity.kind == EntityType::Per);
        let held = people.flat_map(|(span, entity)| {
            // Only a part of the text is searched, because an article of megabytes has many names.
            let (from, to) = (span.start.saturating_sub(CONTEXT), (span.end + CONTEXT).min(text.len()));
            let before = OFFICE_BEFORE.captures(&text[text.ceil_char_boundary(from)..span.start]);
            let behind = OFFICE_BEHIND.captures(&text[span.end..text.ceil_char_boundary(to)]);
            let offices: Vec<Office> = [before, behind].iter().flatten().filter_map(Office::new).collect();
            offices.into_iter().map(|office| (office, *entity))
        });
        Self(held.collect())
    }

    /// The person who holds the office that a noun names ("the French president"), if exactly one does; of several with the
    /// same title, the one with the same qualifier. "A spokesman" introduces somebody new.
    pub(super) fn holder(&self, noun: &str) -> Option<&'a Entity> {
        let is_new =
            |(first, _): (&str, &str)| ["a", "an", "another", "one"].contains(&first.to_lowercase().as_str());
        if noun.split_once(' ').is_some_and(is_new) {
            return None;
        }
        let office = Office::new(&OFFICE_ALONE.captures(noun)?)?;
        let of_title = self.0.iter().filter(|(held, _)| held.title == office.title);
        let apart = of_title.clone().filter(|(held, _)| held.is_apart_from(&office));
        let others: HashSet<*const Entity> =
            apart.map(|(_, entity)| std::ptr::from_ref::<Entity>(entity)).collect();
        let same = of_title.filter(|(held, entity)| {
            held.is_of_rank_of(&office) && !others.contains(&std::ptr::from_ref::<Entity>(entity))
        });
        only(same.clone().map(|(_, entity)| *entity)).or_else(|| {
            only(same.filter(|(held, _)| held.shares_qualifier(&office)).map(|(_, entity)| *entity))
        })
    }
}
