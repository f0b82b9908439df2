//! The offices that people hold, as the article introduces them: "French President Emmanuel Macron".
//!
//! The *qualifier* of an office is the words before it, which tell it from others of its kind: "French", "Republican". The *body* is
//! what stands behind it: "the UN" of "a spokesman for the UN".

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::referent::only;
use crate::article::{Span, collapsed, leading_word, trailing_word};
use crate::entities::gender::{self, Gender};
use crate::entities::letters::without_possessive;
use crate::entities::{Entity, EntityType};

/// Titles as a pattern. Those of several words stand before those that are a part of them.
const OFFICE: &str = concat!(
    r"president|prime\s+minister|minister|chancellor|premier|secretary[\s-]general|secretary\s+of\s+state",
    r"|secretary|commissioner|spokes(?:man|woman|person)|attorney\s+general|surgeon\s+general|general|gen",
    r"|colonel|col|captain|commander|admiral|ambassador|envoy|negotiator|governor|gov|mayor|senator|sen",
    r"|congress(?:man|woman)|representative|rep|lawmaker|council(?:man|woman|l?or)|nominee|candidate",
    r"|leader|chair(?:man|woman|person)|director|chief\s+executive(?:\s+officer)?|ceo|boss|founder|owner",
    r"|manager|chief\s+of\s+staff|chief\s+justice|justice",
    r"|(?:aid|army|eu|fire|intelligence|nato|police|rights|security|spy|un|u\.n\.)\s+chief|superintendent",
    r"|inspector|sheriff|coroner|ombuds(?:man|woman|person)|coach|striker|midfielder|defender|goalkeeper",
    r"|judge|officer|lawyer|attorney|professor|prosecutor|detective|principal|archbishop|bishop|cardinal",
    r"|ayatollah|rabbi|imam|pastor|king|queen|prince|princess|emir|sultan|pope|first\s+lady",
    r"|speaker\s+of\s+the\s+house|speaker|singer|rapper|actor|actress|author",
);
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
        r"^,\s+(?:the|a|an|its|their)?\s*((?:[\p{{L}}'’-]+\s+){{0,2}}?)(?i:({OFFICE}))(?:$|[^\p{{L}}\s-]|\s+(?:(?:of|for|in|at|from)\s+(?:the\s+)?((?:(?:(?:\p{{Lu}}\.){{2,}}|[\p{{L}}'’-]+) ?){{1,3}})|(?:of|for|in|at|from|on|to|and|who|since|until|under)\b))"
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
    "information", "interior", "justice", "labour", "press", "security", "sports", "state", "trade", "transport", "treasury",
];
/// Bodies without a name that speak through somebody.
const BODIES: &[&str] = &[
    "church",
    "court",
    "government",
    "hospital",
    "military",
    "ministry",
    "navy",
    "opposition",
    "palace",
    "police",
    "prison",
    "school",
];
/// Words of names of the military.
const ARMED: &[&str] = &["defence", "forces", "guard", "guards", "idf", "pentagon", "rsf", "saf"];
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

/// Titles with a full stop behind them.
const ABBREVIATIONS: &[&str] = &["gov", "sen", "gen", "col", "rep"];

/// Whether a sentence ends between an office and the name behind it: "his time as attorney general. Macron left".
fn ends_sentence(found: &Captures) -> bool {
    let whole = found.get_match();
    found.get(2).is_some_and(|title| {
        let is_short = ABBREVIATIONS.contains(&title.as_str().to_lowercase().as_str());
        !is_short && whole.as_str()[title.end() - whole.start()..].starts_with('.')
    })
}

/// Bytes around a name that are searched for an office.
const CONTEXT: usize = 80;

/// For each word of a name, in the form that [`plain`] gives, the people, bodies and places of which it is a word, by their names.
type Names<'a> = HashMap<String, HashMap<&'a str, &'a Entity>>;

/// A word in small letters, without a possessive ending, and in one form for the same thing: "GOP" and "Republican".
fn plain(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let word = without_possessive(&word);
    let same = match word {
        "gop" => "republican",
        "defense" => "defence",
        "labor" => "labour",
        "u.s" | "american" => "us",
        "u.k" | "uk" => "british",
        "army" | "armed" => "military",
        _ => word,
    };
    same.replace('.', "")
}

/// The words that tell an office from others, in plain form.
fn plain_words(words: &str) -> Vec<String> {
    let says_nothing = |word: &&str| ["a", "an", "and", "at", "for", "in", "of", "the", "to"].contains(word);
    let words = words.split_whitespace().filter(|word| !says_nothing(word));
    words.map(plain).filter(|word| !word.is_empty()).collect()
}

/// An office with its qualifier and its body, in small letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Office {
    title: String,
    qualifier: Vec<String>,
    body: Vec<String>,
}

impl Office {
    /// The office in the groups of a match: its qualifier, its title, its body.
    fn new(found: &Captures) -> Option<Self> {
        let title = collapsed(&found.get(2)?.as_str().to_lowercase());
        let words = |group: usize| plain_words(found.get(group).map_or("", |words| words.as_str()));
        let (mut qualifier, body) = (words(1), words(3));
        let title = match title.as_str() {
            "gov" => "governor".to_owned(),
            "sen" => "senator".to_owned(),
            "gen" => "general".to_owned(),
            "col" => "colonel".to_owned(),
            "rep" | "congressman" | "congresswoman" => "representative".to_owned(),
            "chief executive" | "chief executive officer" => "ceo".to_owned(),
            "speaker of the house" => "speaker".to_owned(),
            "secretary of state" => {
                qualifier.push("state".to_owned());
                "secretary".to_owned()
            }
            _ => title.replace('.', ""),
        };
        Some(Self { title, qualifier, body })
    }

    /// The words of its qualifier and its body.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.qualifier.iter().chain(&self.body).map(String::as_str)
    }

    fn has(&self, word: &str) -> bool {
        self.words().any(|own| own == word)
    }

    /// The people, bodies and places that its words name, by their names.
    fn named<'a>(&self, names: &Names<'a>) -> HashMap<&'a str, &'a Entity> {
        let is_kind =
            |word: &str| is_nation(word) || [PARTIES, FIELDS].iter().any(|list| list.contains(&word));
        let known = self.words().filter(|word| !is_kind(word)).filter_map(|word| names.get(word));
        known.flatten().map(|(name, entity)| (*name, *entity)).collect()
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

    /// Whether both tell their nation, party, field or body, and not the same: "the French president" is not "US President Trump".
    fn is_apart_from(&self, other: &Self, names: &Names) -> bool {
        let kinds: [fn(&str) -> bool; 4] = [
            is_nation,
            |word| PARTIES.contains(&word),
            |word| FIELDS.contains(&word),
            |word| BODIES.contains(&word),
        ];
        let differ = kinds.iter().any(|is_kind| {
            let of_kind = |office: &Self| office.words().any(is_kind);
            let shares = self.words().any(|word| is_kind(word) && other.has(word));
            of_kind(self) && of_kind(other) && !shares
        });
        let (own, others) = (self.named(names), other.named(names));
        let differ_by_name =
            !own.is_empty() && !others.is_empty() && !own.keys().any(|name| others.contains_key(name));
        // "The army spokesman" is not the spokesman of the UN.
        let speaks_for_other = |one: &Self, two: &Self| {
            let is_body = |office: &Self| office.words().any(|word| BODIES.contains(&word));
            let is_armed = one.has("military") && two.words().any(|word| ARMED.contains(&word));
            is_body(one) && !is_body(two) && !two.named(names).is_empty() && !is_armed
        };
        differ
            || differ_by_name
            || (self.title.starts_with("spokes")
                && (speaks_for_other(self, other) || speaks_for_other(other, self)))
    }

    /// Whether both have a word in common, or words for the same person, body or place: "the UN" and "the United Nations".
    fn shares_words(&self, other: &Self, names: &Names) -> bool {
        let others = other.named(names);
        self.words().any(|word| other.has(word))
            || self.named(names).keys().any(|name| others.contains_key(name))
    }
}

/// The offices of an article.
pub(super) struct Offices<'a> {
    /// Each with the person who holds it.
    held: Vec<(Office, &'a Entity)>,
    names: Names<'a>,
}

impl<'a> Offices<'a> {
    /// Finds the offices of people near their names.
    pub(super) fn of(text: &str, names: &[(Span, &'a Entity)]) -> Self {
        let people = names.iter().filter(|(_, entity)| entity.kind == EntityType::Per);
        let held = people.flat_map(|(span, entity)| {
            // Only a part of the text is searched, because an article of megabytes has many names.
            let (from, to) = (span.start.saturating_sub(CONTEXT), (span.end + CONTEXT).min(text.len()));
            let before = OFFICE_BEFORE.captures(&text[text.ceil_char_boundary(from)..span.start]);
            let before = before.filter(|found| !ends_sentence(found));
            let behind = OFFICE_BEHIND.captures(&text[span.end..text.ceil_char_boundary(to)]);
            let offices: Vec<Office> = [before, behind].iter().flatten().filter_map(Office::new).collect();
            offices.into_iter().map(|office| (office, *entity))
        });
        // "President Trump" may stand in an article thousands of times.
        let mut known: HashSet<(Office, *const Entity)> = HashSet::new();
        let held = held
            .filter(|(office, entity)| known.insert((office.clone(), std::ptr::from_ref(*entity))))
            .collect();
        let mut words: Names = HashMap::new();
        for &(span, entity) in names.iter().filter(|(_, entity)| entity.kind != EntityType::Misc) {
            for word in plain_words(span.of(text)) {
                words.entry(word).or_default().insert(&entity.name, entity);
            }
        }
        Self { held, names: words }
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
        let of_title = self.held.iter().filter(|(held, _)| held.title == office.title);
        let apart = of_title.clone().filter(|(held, _)| held.is_apart_from(&office, &self.names));
        let others: HashSet<*const Entity> =
            apart.map(|(_, entity)| std::ptr::from_ref::<Entity>(entity)).collect();
        let same = of_title.filter(|(held, entity)| {
            held.is_of_rank_of(&office)
                && !others.contains(&std::ptr::from_ref::<Entity>(entity))
                && shows_gender_of(noun, entity)
                && self.may_be_owned(held, noun)
        });
        only(same.clone().map(|(_, entity)| *entity)).or_else(|| {
            only(same.filter(|(held, _)| held.shares_words(&office, &self.names)).map(|(_, entity)| *entity))
        })
    }

    /// Whether the people whose office it is may be "he" of "his lawyer", or "she" of "her lawyer".
    fn may_be_owned(&self, held: &Office, noun: &str) -> bool {
        let owner = match leading_word(noun).to_lowercase().as_str() {
            "his" => Gender::Male,
            "her" => Gender::Female,
            _ => return true,
        };
        held.named(&self.names).values().all(|other| other.gender.is_none_or(|gender| gender == owner))
    }
}

/// Whether the last word of a noun may stand for a person: "the congresswoman" is no man.
fn shows_gender_of(noun: &str, person: &Entity) -> bool {
    let shown = gender::of_word(trailing_word(noun));
    shown.is_none_or(|shown| person.gender.is_none_or(|gender| gender == shown))
}
