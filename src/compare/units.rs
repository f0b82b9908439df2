//! The *unit* of a number: what it counts, by the words beside it, or its currency. What has happened to people is a part of it, so
//! that the dead of one outlet are not compared with the wounded of another.

use std::sync::LazyLock;

use regex::Regex;

use super::words::stem_of;
use crate::article::{MONTHS, WEEKDAYS};

/// What a number counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unit {
    /// Stems of the words for what is counted, the head last; or a sign such as "$".
    pub stems: Vec<String>,
    /// What has happened to those who are counted, where the words beside the number say it.
    pub fate: Option<Fate>,
}

/// What has happened to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They have died.
    Dead,
    /// They are wounded.
    Hurt,
    /// They are under arrest.
    Held,
    /// Nobody knows where they are.
    Missing,
    /// They had to leave their homes.
    Displaced,
    /// They have been rescued.
    Rescued,
}

/// The words for each.
const FATES: &[(Fate, &[&str])] = &[
    (Fate::Dead, &["dead", "died", "killed", "killing", "kills", "slain"]),
    (Fate::Hurt, &["hurt", "injured", "injures", "injuring", "wounded", "wounding", "wounds"]),
    (Fate::Held, &["arrested", "arresting", "arrests", "detained", "detaining", "detains"]),
    (Fate::Missing, &["missing"]),
    (Fate::Displaced, &["displaced", "displaces", "displacing"]),
    (Fate::Rescued, &["rescued", "rescues", "rescuing"]),
];

/// Those of them that nobody does to anybody else: "12 people died", but "soldiers killed 12 people".
const STATES: &[&str] = &["dead", "died", "missing", "slain"];

/// Words that a unit ends before: function words, and words that begin to tell where or when. The usual lists have "states" and
/// "members" among them.
#[rustfmt::skip]
const ENDS_UNIT: &[&str] = &[
    "a", "aboard", "according", "across", "after", "against", "along", "also", "amid", "among", "an", "and", "are", "around", "as", "at", "be",
    "because", "been", "before", "between", "but", "by", "can", "could", "despite", "did", "do", "during", "each", "for", "from", "had",
    "has", "have", "he", "her", "his", "if", "in", "including", "inside", "into", "is", "it", "its", "less", "may", "more", "most",
    "near", "not", "of", "on", "or", "other", "others", "out", "outside", "over", "overnight", "per", "she", "since", "so", "than",
    "that", "the", "their", "them", "there", "these", "they", "this", "those", "through", "throughout", "to", "today", "tomorrow",
    "tonight", "toward", "towards", "under", "until", "up", "was", "we", "were", "when", "where", "which", "while", "who", "whom",
    "will", "with", "within", "without", "would", "yesterday", "you",
];

/// Words that a unit ends before if they do not begin it: "12 people last week", but "two late goals".
const ENDS_BEGUN_UNIT: &[&str] = &[
    "alone",
    "already",
    "currently",
    "early",
    "earlier",
    "last",
    "late",
    "later",
    "next",
    "reportedly",
    "still",
];

/// Short forms of months and days; "Sat" and "Sun" are mostly other words.
const SHORT_DAYS: &[&str] = &[
    "jan", "feb", "aug", "sept", "oct", "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thur", "thurs",
    "fri",
];

/// Most words of a unit.
const MAX_UNIT_WORDS: usize = 3;

/// Stands before the words for whose age a number is. It is no stem, so that no word is equal to it.
const AGE: &str = "years old";

/// A unit that was found beside a number.
pub struct FoundUnit {
    /// What the number counts.
    pub unit: Unit,
    /// Where the words for it begin in the text before the number; the end of that text where they all stand behind.
    pub start: usize,
    /// Where they end in the text behind the number.
    pub end: usize,
}

impl Unit {
    /// The unit of a percentage, or of money with this sign or code. "US$" and "USD" are "$".
    pub fn of_sign(written: &str) -> Self {
        let sign = match written {
            "US$" | "USD" => "$",
            "AU$" => "A$",
            "CA$" => "C$",
            "EUR" => "€",
            "GBP" => "£",
            sign => sign,
        };
        Self { stems: vec![sign.to_owned()], fate: None }
    }

    /// Whether both are the same: all words of one are among those of the other, both or neither are ages, and nothing different has
    /// happened to those who are counted.
    pub fn is_same(&self, other: &Self) -> bool {
        let (short, long) = if self.stems.len() <= other.stems.len() { (self, other) } else { (other, self) };
        let is_age = |unit: &Self| unit.stems.first().is_some_and(|stem| stem == AGE);
        is_age(self) == is_age(other)
            && short.stems.iter().all(|stem| long.stems.contains(stem))
            && (self.fate == other.fate || self.fate.is_none() || other.fate.is_none())
    }
}

/// The unit of a number that stands between two texts; `None` where they do not say what it counts. `in_millions` tells whether it is
/// one of millions or more.
pub fn unit(before: &str, after: &str, in_millions: bool) -> Option<FoundUnit> {
    if let Some((unit, end)) = currency(after, in_millions) {
        return Some(FoundUnit { unit, start: before.len(), end });
    }
    let (mut unit, end) = described(after);
    let mut start = before.len();
    if unit.fate.is_none() {
        if let Some((fate, verb)) = fate_before(before) {
            unit.fate = Some(fate);
            if unit.stems.is_empty() {
                start = verb;
            }
        } else if !unit.stems.is_empty() {
            unit.fate = fate_behind(&after[end..]);
        }
    }
    // "killed 12", "12 dead"
    if unit.stems.is_empty() && unit.fate.is_some() {
        unit.stems.push(stem_of("people"));
    }
    (!unit.stems.is_empty()).then_some(FoundUnit { unit, start, end })
}

/// The currency whose name or sign stands behind a number, and where it ends.
fn currency(after: &str, in_millions: bool) -> Option<(Unit, usize)> {
    static SIGN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(?:\s?([€£¥₽])(?:\D|$)|\s(EUR|GBP|USD)\b)").expect("a valid pattern"));
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^[\s-]((?:\p{Lu}[\p{L}.]*\s){0,2})((?:dollar|euro|pound|rouble|ruble|yen)s?)\b(?:\s(of|sterling)\b)?",
        )
        .expect("a valid pattern")
    });
    if let Some(found) = SIGN.captures(after) {
        let sign = found.get(1).or(found.get(2))?;
        return Some((Unit::of_sign(sign.as_str()), sign.end()));
    }
    let found = NAME.captures(after)?;
    let behind = found.get(3).map_or("", |word| word.as_str());
    let name = found.get(2)?;
    let sign = match (found[1].trim_end(), name.as_str().trim_end_matches('s')) {
        ("" | "US" | "U.S." | "American", "dollar") => "$",
        ("Australian", "dollar") => "A$",
        ("Canadian", "dollar") => "C$",
        ("Hong Kong", "dollar") => "HK$",
        ("New Zealand", "dollar") => "NZ$",
        ("Singapore", "dollar") => "S$",
        ("", "euro") => "€",
        ("" | "Japanese", "yen") => "¥",
        ("" | "Russian", "rouble" | "ruble") => "₽",
        ("British", "pound") => "£",
        // Otherwise it may be a weight.
        ("", "pound") if behind == "sterling" || (in_millions && behind.is_empty()) => "£",
        _ => return None,
    };
    Some((Unit::of_sign(sign), name.end()))
}

/// Words before a whole, as alternatives of a pattern: "48 of the 53 soldiers".
const DEFINITE: &str = "the|its|their|his|her|those|these";

/// Pattern of what may stand between "of" and the number of a whole: "48 of the nearly 53 soldiers".
pub fn before_whole() -> String {
    let about = r"about|almost|around|at\sleast|more\sthan|nearly|over|roughly|some";
    format!(r"(?:(?:{DEFINITE})\s+)?(?:(?:{about})\s+)?")
}

/// What the words behind a number say that it counts, and where these words end. It may have no stems, or a fate and no stems.
fn described(after: &str) -> (Unit, usize) {
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        let before = before_whole();
        Regex::new(&format!(r"^\s+(?:out\s+)?of\s+{before}\d[\d,.]*")).expect("a valid pattern")
    });
    static OF_THE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(r"^\s+(?:out\s+)?of\s+(?:{DEFINITE})\b")).expect("a valid pattern")
    });
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[\s-]((?:\p{L}\.){2,}|[\p{L}’'.]*\p{L})").expect("a valid pattern"));
    // "10 years", "35-year-old man" and "two years ago" do not count the same.
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[\s-](year|month|week|day|hour|minute)s?[\s-](olds?|ago|earlier|later)\b")
            .expect("a valid pattern")
    });
    // The unit of 48 in "48 of the 53 soldiers" is soldiers.
    let part = PART.find(after).or_else(|| OF_THE.find(after));
    let mut at = part.map_or(0, |part| part.end());
    let mut stems = Vec::new();
    let mut fate = None;
    if let Some(time) = TIME.captures(&after[at..]) {
        let end = at + time[0].len();
        if !time[2].starts_with("old") {
            return (Unit { stems: vec![format!("{} {}", &time[1], &time[2])], fate }, end);
        }
        stems.push(AGE.to_owned());
        at = end;
    }
    while stems.len() < MAX_UNIT_WORDS
        && let Some(word) = WORD.captures(&after[at..])
    {
        let word = word.get(1).expect("a word");
        let lower = word.as_str().to_lowercase();
        let has_begun = !stems.is_empty() || fate.is_some();
        if ENDS_UNIT.contains(&lower.as_str())
            || is_day(word.as_str())
            || (has_begun && ENDS_BEGUN_UNIT.contains(&lower.as_str()))
        {
            break;
        }
        match fate_of(&lower).filter(|_| !lower.ends_with('s')) {
            // "30 wounded soldiers"
            Some(known) if !has_begun => fate = Some(known),
            Some(_) => break,
            None => stems.push(stem_of(&word.as_str().replace('.', ""))),
        }
        at += word.end();
    }
    let end = if stems.is_empty() && fate.is_none() { 0 } else { at };
    (Unit { stems, fate }, end)
}

/// Whether a word is the name of a day of the week or of a month, which has a capital: "12 people Monday".
fn is_day(word: &str) -> bool {
    let lower = word.to_lowercase();
    word.starts_with(char::is_uppercase)
        && WEEKDAYS.iter().chain(&MONTHS).chain(SHORT_DAYS).any(|name| *name == lower)
}

/// The fate that a word in small letters is for.
fn fate_of(word: &str) -> Option<Fate> {
    FATES.iter().find(|(_, words)| words.contains(&word)).map(|(fate, _)| *fate)
}

/// What the verb directly before a number does to those whom it counts, and where the verb begins: "killed " before "12".
fn fate_before(before: &str) -> Option<(Fate, usize)> {
    static VERB: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(\p{L}+)\s+(?:(?:another|all|a\s+further|a\s+total\s+of)\s+)?$")
            .expect("a valid pattern")
    });
    let verb = VERB.captures(before)?.get(1)?;
    let lower = verb.as_str().to_lowercase();
    let fate = fate_of(&lower).filter(|_| !STATES.contains(&lower.as_str()))?;
    Some((fate, verb.start()))
}

/// What the words behind a number and its unit say has happened: " were killed" behind "12 people". In "12 soldiers killed the driver"
/// it has not happened to them.
fn fate_behind(after: &str) -> Option<Fate> {
    static VERB: LazyLock<Regex> = LazyLock::new(|| {
        let helps = "also|are|be|been|being|confirmed|could|feared|had|has|have|is|known|left|may|might|reported|that|was|were|who";
        Regex::new(&format!(r"^\s(?:(?:{helps})\s){{0,4}}(\p{{L}}+)")).expect("a valid pattern")
    });
    static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s(?:\d|(?:a|an|at\sleast|her|his|its|more|some|the|their)\b)")
            .expect("a valid pattern")
    });
    let found = VERB.captures(after)?;
    let lower = found[1].to_lowercase();
    let acts = OBJECT.is_match(&after[found[0].len()..]) && !STATES.contains(&lower.as_str());
    fate_of(&lower).filter(|_| !acts && !lower.ends_with('s'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stems and the fate of the unit of the number 12 in a text.
    fn of_twelve(text: &str) -> (String, Option<Fate>) {
        let (before, after) = text.split_once("12").unwrap();
        let found = unit(before, after, false);
        found.map_or((String::new(), None), |found| (found.unit.stems.join(" "), found.unit.fate))
    }

    #[test]
    fn days_and_places_are_no_part_of_a_unit() {
        for text in [
            "12 soldiers Monday",
            "12 soldiers Sept. 3",
            "12 soldiers last week",
            "12 soldiers near Kabul",
            "12 soldiers overnight",
            "12 soldiers yesterday",
            "12 soldiers according to the army",
        ] {
            assert_eq!(of_twelve(text).0, "soldier", "{text}");
        }
        assert_eq!(of_twelve("He met 12 Monday"), (String::new(), None));
        assert_eq!(of_twelve("12 late goals").0.split(' ').count(), 2);
    }

    #[test]
    fn what_has_happened_to_people_is_a_part_of_their_unit() {
        use Fate::{Dead, Held, Hurt, Missing};
        let people = stem_of("people");
        let people = people.as_str();
        for (text, stems, fate) in [
            ("A bomb killed 12 soldiers", "soldier", Some(Dead)),
            ("A bomb killed another 12 in Kabul", people, Some(Dead)),
            ("It left 12 dead", people, Some(Dead)),
            ("12 soldiers were killed", "soldier", Some(Dead)),
            ("12 soldiers who died", "soldier", Some(Dead)),
            ("12 soldiers have been reported missing", "soldier", Some(Missing)),
            ("12 wounded soldiers", "soldier", Some(Hurt)),
            ("wounding 12, police said", people, Some(Hurt)),
            ("12 soldiers killed the driver", "soldier", None),
            ("12 soldiers were not hurt", "soldier", None),
            ("Police made 12 arrests", "arrest", None),
            ("Police arrested 12 on Monday", people, Some(Held)),
            ("He died 12 days after it", "day", None),
            ("The dead: 12", "", None),
        ] {
            assert_eq!(of_twelve(text), (stems.to_owned(), fate), "{text}");
        }
    }

    #[test]
    fn currencies_have_signs_and_names() {
        for (after, wanted) in [
            (" euros", "€"),
            ("-euro fine", "€"),
            (" €, he said", "€"),
            (" U.S. dollars", "$"),
            (" dollars", "$"),
            (" USD", "$"),
            (" Australian dollars", "A$"),
            (" pounds", "£"),
            (" yen", "¥"),
            (" roubles", "₽"),
        ] {
            let found = unit("", after, true).unwrap().unit;
            assert!(found.is_same(&Unit::of_sign(wanted)), "{after}");
        }
        // Weights.
        for (after, in_millions) in [(" pounds", false), (" pounds of beef", true)] {
            assert!(!unit("", after, in_millions).unwrap().unit.is_same(&Unit::of_sign("£")), "{after}");
        }
        assert_eq!(
            ["US$", "USD", "EUR", "HK$"].map(|sign| Unit::of_sign(sign).stems.concat()),
            ["$", "$", "€", "HK$"]
        );
    }
}
