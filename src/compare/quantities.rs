//! A *quantity*: a number in a sentence with its unit, the words for what it counts: "some 2,400 French soldiers".
//!
//! Numbers in words are included. Years, dates, times of day, ordinals and numbers in names are no quantities.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use text2num::{Language, replace_numbers_in_text};

use super::words::stem_of;
use crate::article::{MONTHS, WEEKDAYS, on_one_line};

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// As it is written, with its unit and the words for its bound: "some 2,400 French soldiers".
    pub text: String,
    /// Stems of the words for what is counted, the head last; or a sign such as "$".
    pub unit: Vec<String>,
    /// Whether it is exact, approximate, or a limit.
    pub bound: Bound,
}

/// What the words before a number say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Nothing.
    Exact,
    /// It is approximate: "some", "around", "nearly".
    About,
    /// It is a lower limit: "more than", "at least".
    AtLeast,
    /// It is an upper limit: "up to", "less than".
    AtMost,
}

/// Words before a number and their meaning; words that end with another entry come before it.
const BOUNDS: &[(&str, Bound)] = &[
    ("no fewer than", Bound::AtLeast),
    ("no more than", Bound::AtMost),
    ("more than", Bound::AtLeast),
    ("at least", Bound::AtLeast),
    ("fewer than", Bound::AtMost),
    ("less than", Bound::AtMost),
    ("as many as", Bound::AtMost),
    ("as much as", Bound::AtMost),
    ("at most", Bound::AtMost),
    ("up to", Bound::AtMost),
    ("an estimated", Bound::About),
    ("close to", Bound::About),
    ("over", Bound::AtLeast),
    ("under", Bound::AtMost),
    ("some", Bound::About),
    ("around", Bound::About),
    ("about", Bound::About),
    ("nearly", Bound::About),
    ("almost", Bound::About),
    ("roughly", Bound::About),
    ("approximately", Bound::About),
    ("estimated", Bound::About),
];

/// Function words, which a unit ends before. Those of the usual lists have "states" and "members" among them.
#[rustfmt::skip]
const ENDS_UNIT: &[&str] = &[
    "a", "after", "also", "an", "and", "are", "as", "at", "be", "because", "been", "before", "but", "by", "can", "could", "did", "do",
    "during", "each", "for", "from", "had", "has", "have", "he", "her", "his", "if", "in", "into", "is", "it", "its", "less", "may",
    "more", "most", "not", "of", "on", "or", "other", "others", "over", "per", "she", "since", "so", "than", "that", "the", "their",
    "them", "there", "these", "they", "this", "those", "to", "under", "until", "up", "was", "we", "were", "when", "where", "which",
    "while", "who", "whom", "will", "with", "within", "without", "would", "you",
];

/// Most words of a unit.
const MAX_UNIT_WORDS: usize = 3;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?P<sign>[A-Z]{0,2}[$€£¥])? (?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)
          (?P<scale>[\s-]?(?i:dozen|thousand|million|billion|trillion|bn|mn|[mk])\b)? (?P<percent>\s?%|\s(?i:percent|per\scent)\b)?",
    )
    .expect("a valid pattern")
});
static ENGLISH: LazyLock<Language> = LazyLock::new(Language::english);
/// A smaller number in words ("one of the …") is left out.
const MIN_IN_WORDS: f64 = 2.0;

/// The quantities of a sentence, in order. `names` are the names in it; numbers inside them are left out.
pub fn quantities(sentence: &str, names: &[&str]) -> Vec<Quantity> {
    let text = in_digits(sentence);
    let in_name = |digits: &str| {
        let numbers = |name: &&str| {
            let mut numbers = name.split(|c: char| !c.is_ascii_digit() && !",.".contains(c));
            numbers.any(|number| number.trim_matches([',', '.']) == digits)
        };
        names.iter().any(numbers)
    };
    let mut found: Vec<Quantity> = Vec::new();
    for number in NUMBER.captures_iter(&text) {
        let whole = number.get(0).expect("a match");
        let digits = &number["digits"];
        let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
        let scale = number.name("scale").map_or(1.0, |scale| factor(scale.as_str()));
        let Ok(value) = digits.replace(',', "").parse::<f64>() else { continue };
        let (sign, percent) = (number.name("sign"), number.name("percent"));
        // In "157 of 338 seats" the second number is the whole.
        static OF_WHOLE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\d\s+of\s+(?:(?:the|its|their|his|her|those|these)\s+)?$").expect("a valid pattern")
        });
        let bare = sign.is_none() && percent.is_none() && scale == 1.0;
        if in_name(digits)
            || OF_WHOLE.is_match(before)
            || is_part_of_word(before, after)
            || (bare && is_date(digits, before, after))
        {
            continue;
        }
        let (bound, opening) = bound(before);
        let (unit, end) = match (sign, percent) {
            (Some(sign), _) => (vec![sign.as_str().trim_start_matches("US").to_owned()], 0),
            (_, Some(_)) => (vec!["%".to_owned()], 0),
            _ => unit(after),
        };
        if unit.is_empty() {
            continue;
        }
        let written = &text[opening..whole.end() + end];
        found.push(Quantity {
            value: value * scale,
            text: written.split_whitespace().collect::<Vec<_>>().join(" "),
            unit,
            bound,
        });
    }
    found
}

/// A sentence on one line with its numbers in digits, but a scale behind digits in a word ("3.5 million"). Vague numbers ("hundreds",
/// "several thousand") are none.
fn in_digits(sentence: &str) -> String {
    static HALF: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)\bhalf an?\s+(million|billion)\b").expect("a valid pattern"));
    static VAGUE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)(^|[^\d\s]\s*)\b(?:
              (?:several|few|many|couple)\s+(?:hundred|thousand|million|billion)(?:\s+(?:thousand|million|billion))?
            | hundreds|thousands|millions|billions)\b",
        )
        .expect("a valid pattern")
    });
    static SCALED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(\d[ -])(1000000000000|1000000000|1000000|1000)\b").expect("a valid pattern")
    });
    let line = on_one_line(sentence);
    let half = |found: &Captures| match found[1].eq_ignore_ascii_case("million") {
        true => "500 thousand",
        false => "500 million",
    };
    let line = HALF.replace_all(&line, half);
    let line = VAGUE.replace_all(&line, "${1}many");
    let digits = replace_numbers_in_text(&line, &*ENGLISH, MIN_IN_WORDS);
    let scaled = |found: &Captures| {
        let scale = match &found[2] {
            "1000" => "thousand",
            "1000000" => "million",
            "1000000000" => "billion",
            _ => "trillion",
        };
        format!("{}{scale}", &found[1])
    };
    SCALED.replace_all(&digits, scaled).into_owned()
}

/// Whether two units are the same: all words of one are among those of the other.
pub fn same_unit(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.iter().all(|word| long.contains(word))
}

/// Whether two sentences count the same thing and no number of one agrees with a number of the other.
pub fn contradict(a: &[Quantity], b: &[Quantity]) -> bool {
    a.iter().any(|one| {
        let counts_it = |other: &&Quantity| same_unit(&one.unit, &other.unit);
        let mut theirs = b.iter().filter(counts_it).peekable();
        theirs.peek().is_some()
            && !theirs.any(|other| a.iter().filter(counts_it).any(|mine| mine.agrees(other)))
    })
}

/// The years from 1600 to 2099 that a sentence names, sorted, each once.
pub fn years(sentence: &str) -> Vec<u32> {
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b(?:1[6-9]|20)\d\d\b").expect("a valid pattern"));
    static HOUR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\s?(?:GMT|UTC|hours|local\stime)\b").expect("a valid pattern"));
    let mut found: Vec<u32> = YEAR
        .find_iter(sentence)
        .filter(|year| {
            let (before, behind) = (&sentence[..year.start()], &sentence[year.end()..]);
            let in_number = behind.starts_with([',', '.', '-', '–']) && follows_digit(sentence, year.end());
            !in_number && !HOUR.is_match(behind) && !before.ends_with(['$', '€', '£', '¥'])
        })
        .filter_map(|year| year.as_str().parse().ok())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Whether the character behind the one at `at` is a digit.
fn follows_digit(sentence: &str, at: usize) -> bool {
    sentence[at..].chars().nth(1).is_some_and(|c| c.is_ascii_digit())
}

/// The number that a word such as "million" stands for; 1 for another.
fn factor(scale: &str) -> f64 {
    match scale.trim_start_matches([' ', '-']).to_lowercase().as_str() {
        "dozen" => 12.0,
        "thousand" | "k" => 1e3,
        "million" | "mn" | "m" => 1e6,
        "billion" | "bn" => 1e9,
        "trillion" => 1e12,
        _ => 1.0,
    }
}

/// Whether a number is part of a longer word or number: "F16", "2nd", "3.5.1", "10:30".
fn is_part_of_word(before: &str, after: &str) -> bool {
    let joined = |c: char| c.is_alphanumeric() || matches!(c, ':' | '/' | '_' | '#');
    let next = after.chars().next();
    let point = next.is_some_and(|c| matches!(c, '.' | ','))
        && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    before.chars().next_back().is_some_and(|c| joined(c) || matches!(c, '.' | '-'))
        || next.is_some_and(joined)
        || point
}

/// Whether a number is a year, a day of a month or an hour.
fn is_date(digits: &str, before: &str, after: &str) -> bool {
    let last =
        before.split_whitespace().next_back().unwrap_or("").trim_matches(|c: char| !c.is_alphanumeric());
    let next = after.split_whitespace().next().unwrap_or("").trim_matches(|c: char| !c.is_alphanumeric());
    let month = |word: &str| {
        let word = word.to_lowercase();
        word.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(&word))
    };
    let year = digits.len() == 4
        && matches!(digits.as_bytes()[0], b'1' | b'2')
        && !after.trim_start().starts_with(|c: char| c.is_lowercase());
    let preposition =
        ["in", "since", "until", "by", "of", "from", "to"].contains(&last.to_lowercase().as_str());
    let hour = ["am", "pm", "a.m", "p.m", "gmt", "oclock"].contains(&next.to_lowercase().as_str());
    // "In March, 300 people": the date ends before the number.
    let of_month = month(last) && !before.trim_end().ends_with(',');
    year || of_month
        || month(next)
        || WEEKDAYS.contains(&next.to_lowercase().as_str())
        || hour
        || (digits.len() == 4 && preposition && matches!(&digits[..2], "19" | "20"))
}

/// The bound that the words before a number give, and where they begin in `before`.
fn bound(before: &str) -> (Bound, usize) {
    let trimmed = before.trim_end();
    let lower = trimmed.to_ascii_lowercase();
    for (words, bound) in BOUNDS {
        if let Some(rest) = lower.strip_suffix(words)
            && !rest.ends_with(|c: char| c.is_alphanumeric())
        {
            return (*bound, rest.len());
        }
    }
    (Bound::Exact, before.len())
}

/// The unit: stems of the words for what is counted, and where these words end in `after`.
fn unit(after: &str) -> (Vec<String>, usize) {
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s+of\s+(?:(?:the|its|their|his|her|those|these)(?:\s+\d[\d,.]*)?|\d[\d,.]*)")
            .expect("a valid pattern")
    });
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[\s-]((?:\p{L}\.){2,}|[\p{L}’'.]*\p{L})").expect("a valid pattern"));
    // The unit of 48 in "48 of the 53 soldiers" is soldiers.
    let mut at = PART.find(after).map_or(0, |part| part.end());
    let mut stems = Vec::new();
    // "10 years", "35-year-old man" and "two years ago" do not count the same.
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[\s-](year|month|week|day|hour|minute)s?[\s-](olds?|ago|earlier|later)\b")
            .expect("a valid pattern")
    });
    if let Some(time) = TIME.captures(&after[at..]) {
        let end = at + time[0].len();
        if !time[2].starts_with("old") {
            return (vec![format!("{} {}", &time[1], &time[2])], end);
        }
        stems.push("age".to_owned());
        at = end;
    }
    while stems.len() < MAX_UNIT_WORDS
        && let Some(word) = WORD.captures(&after[at..])
    {
        let word = word.get(1).expect("a word");
        if ENDS_UNIT.contains(&word.as_str().to_lowercase().as_str()) {
            break;
        }
        stems.push(stem_of(&word.as_str().replace('.', "")));
        at += word.end();
    }
    let end = if stems.is_empty() { 0 } else { at };
    (stems, end)
}

impl Quantity {
    /// Whether both can be true of the same thing: they are equal, or one is a rounded form or a limit of the other.
    pub fn agrees(&self, other: &Quantity) -> bool {
        let (a, b) = (self.value, other.value);
        let least = |bound: &Quantity, value: f64| {
            bound.bound == Bound::AtLeast && value >= bound.value && value <= 2.0 * bound.value
        };
        let most = |bound: &Quantity, value: f64| {
            bound.bound == Bound::AtMost && value <= bound.value && value >= bound.value / 2.0
        };
        // "At least 75" is not 70, although 70 may be a rounded 74.
        let is_limit = |bound: &Quantity| matches!(bound.bound, Bound::AtLeast | Bound::AtMost);
        let rounding = match (is_limit(self), is_limit(other)) {
            (true, false) => self.rounding(),
            (false, true) => other.rounding(),
            _ => self.rounding().max(other.rounding()),
        };
        a == b
            || least(self, b)
            || least(other, a)
            || most(self, b)
            || most(other, a)
            || (a - b).abs() <= rounding
    }

    /// How far the true number may be from a rounded one: half a unit of its last digit that is not zero; at least a tenth of
    /// it where it is approximate.
    fn rounding(&self) -> f64 {
        let is_whole = |step: &f64| (self.value / step - (self.value / step).round()).abs() < 1e-6;
        let mut step = [1.0, 0.1, 0.01].into_iter().find(is_whole).unwrap_or(0.001);
        while step >= 1.0 && self.value > 0.0 && self.value % (step * 10.0) == 0.0 && step < self.value {
            step *= 10.0;
        }
        let half = step / 2.0;
        if self.bound == Bound::About { half.max(self.value / 10.0) } else { half }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sentence: &str) -> Vec<(f64, String)> {
        quantities(sentence, &[]).into_iter().map(|q| (q.value, q.unit.join(" "))).collect()
    }

    #[test]
    fn quantities_have_their_units() {
        assert_eq!(found("Some 2,400 French soldiers of them"), [(2400.0, "french soldier".into())]);
        assert_eq!(
            found("It cost $3.5 million, or 12 percent more."),
            [(3.5e6, "$".into()), (12.0, "%".into())]
        );
        assert_eq!(found("48 of the 53 soldiers there")[0], (48.0, "soldier".into()));
        assert_eq!(
            found("It won 157 of 338 seats in 20 states"),
            [(157.0, "seat".into()), (20.0, "state".into())]
        );
        assert_eq!(found("twenty-five trainers were there"), [(25.0, "trainer".into())]);
        for (written, value) in [("$3.5 million", 3.5e6), ("$3 trillion", 3e12), ("€2.5 billion", 2.5e9)] {
            let found = &quantities(&format!("It cost {written}."), &[])[0];
            assert_eq!((found.text.as_str(), found.value), (written, value));
        }
        assert_eq!(found("It cost $3.5\u{a0}million."), [(3.5e6, "$".into())]);
        assert_eq!(found("It cost US$5 million."), [(5e6, "$".into())]);
        assert_eq!(found("half a million soldiers"), [(5e5, "soldier".into())]);
        assert_eq!(found("two dozen soldiers"), [(24.0, "soldier".into())]);
        assert!(found("Thousands marched with several hundred people.").is_empty());
        assert_eq!(quantities("Covid-19 killed 9 people", &["Covid-19"]).len(), 1);
    }

    #[test]
    fn sentences_contradict_where_no_number_of_a_thing_agrees() {
        for (one, other, wanted) in [
            ("12 people were killed.", "15 people were killed.", true),
            ("12 people were killed.", "Some 12 people died.", false),
            ("At least 12 people were killed.", "15 people were killed.", false),
            ("12 people were killed and 30 people hurt.", "30 people were hurt.", false),
            ("12 people were killed.", "15 houses burned.", false),
            ("On Monday, 12 people were killed.", "15 people were killed.", true),
            ("12 U.S. soldiers died.", "30 U.S. citizens fled.", false),
            ("12 U.S. soldiers died.", "30 US soldiers died.", true),
            ("The man was jailed for 10 years.", "The 35-year-old man was jailed.", false),
            ("He was jailed for 10 years.", "He was jailed three years ago.", false),
            ("It fell two weeks ago.", "It fell three weeks ago.", true),
            ("It has at least 75 stops.", "It has 70 stops.", true),
            ("It will pay up to $700 million.", "It will pay $575 million, of it $300 million now.", false),
            ("It will pay $700 million.", "It will pay $575 million, of it $300 million now.", true),
        ] {
            assert_eq!(contradict(&quantities(one, &[]), &quantities(other, &[])), wanted, "{one} {other}");
        }
    }

    #[test]
    fn dates_and_names_are_no_quantities() {
        assert!(found("On February 17, 2022, at 10:30, in 2013 and since 2014.").is_empty());
        assert!(found("On 17 February the 2nd F16 left.").is_empty());
        assert!(quantities("The 5 Star 5 movement", &["5 Star 5"]).is_empty());
    }

    #[test]
    fn rounded_numbers_agree_and_others_do_not() {
        let one = |sentence: &str| quantities(sentence, &[]).remove(0);
        assert!(one("some 2,400 soldiers").agrees(&one("2,412 soldiers")));
        assert!(one("more than 2,000 soldiers").agrees(&one("2,400 soldiers")));
        assert!(one("up to 60 people").agrees(&one("53 people")));
        assert!(one("5.8 percent").agrees(&one("6 percent")));
        assert!(!one("5.8 percent").agrees(&one("5.4 percent")));
        assert!(!one("2,412 soldiers").agrees(&one("2,538 soldiers")));
        assert!(!one("53 soldiers").agrees(&one("58 soldiers")));
        assert!(!one("4,300 soldiers").agrees(&one("2,400 soldiers")));
    }

    #[test]
    fn years_are_found() {
        assert_eq!(years("In 2013 and 2,014 of 2014."), [2013, 2014]);
        assert_eq!(years("At 1700 GMT in 2014 it paid $2000."), [2014]);
    }
}
