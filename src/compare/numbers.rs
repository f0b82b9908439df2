//! Numbers as they stand in a sentence: words become digits, and years, dates, hours and numbers of things are told from counts.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use text2num::{Language, replace_numbers_in_text};

use super::units::unit;
use super::words::is_possessive;
use crate::article::{MONTHS, on_one_line};

static ENGLISH: LazyLock<Language> = LazyLock::new(Language::english);
/// A smaller number in words ("one of the …") is left out.
const MIN_IN_WORDS: f64 = 2.0;

/// Most bytes before a number that tell whether it begins a range.
const LONGEST_BEFORE: usize = 120;

/// Words before a year, behind which a noun may stand: "in 2016", "the 2016 election", "early 2016".
#[rustfmt::skip]
const BEFORE_YEAR: &[&str] = &[
    "a", "an", "autumn", "between", "by", "during", "early", "fall", "fiscal", "from", "her", "his", "in", "its", "late", "mid", "my", "of",
    "our", "post", "pre", "since", "spring", "summer", "that", "the", "their", "this", "through", "till", "to", "until", "winter", "year",
];

/// Words before the number of a thing, which is no count of what stands behind it: "Flight 370 passengers", "Category 4 hurricane".
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "Airbus", "Article", "Boeing", "Category", "Chapter", "Flight", "Formula", "Grade", "Highway", "Interstate", "Level", "No", "Number",
    "Phase", "Proposition", "Reactor", "Resolution", "Room", "Route", "Section", "Stage", "Tier", "Title", "Type", "Unit", "category",
    "chapter", "page", "phase",
];

/// Two numbers with a hyphen that are a name and no range: types of aircraft, a date, shops.
const NO_RANGES: &[(&str, &str)] = &[("7", "11"), ("9", "11"), ("737", "800"), ("737", "900")];

/// A number as it stands in a text.
pub struct WrittenNumber<'t> {
    /// Where it begins, with its sign.
    pub start: usize,
    /// Where it ends, with its scale and "percent".
    pub end: usize,
    /// Its digits.
    pub digits: &'t str,
    /// The value of its digits.
    digits_value: f64,
    /// What a word such as "million" behind it stands for.
    scale: Option<f64>,
    /// A sign or code of a currency before it.
    pub sign: Option<&'t str>,
    /// Whether it is a percentage.
    pub is_percent: bool,
}

impl<'t> WrittenNumber<'t> {
    /// The first number of a text from a place on.
    pub fn find(text: &'t str, from: usize) -> Option<Self> {
        static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"(?x) (?P<sign>(?:[A-Z]{0,2}[$€£¥₽]|\b(?:EUR|GBP|USD))\s?)? (?P<digits>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)
                  (?P<scale>[\s-]?(?i:dozen|thousand|million|billion|trillion|bn|mn|[mk])\b)?
                  (?P<percent>\s?%|[\s-](?i:percent|pct|per\scent)\b)?",
            )
            .expect("a valid pattern")
        });
        let found = NUMBER.captures_at(text, from)?;
        let (whole, digits) = (found.get(0)?, found.name("digits")?.as_str());
        Some(Self {
            start: whole.start(),
            end: whole.end(),
            digits,
            digits_value: digits.replace(',', "").parse().ok()?,
            scale: found.name("scale").map(|scale| factor(scale.as_str())),
            sign: found.name("sign").map(|sign| sign.as_str().trim_end()),
            is_percent: found.name("percent").is_some(),
        })
    }

    /// Its value.
    pub fn value(&self) -> f64 {
        self.digits_value * self.scale.unwrap_or(1.0)
    }

    /// Whether it is digits and nothing else.
    pub fn is_bare(&self) -> bool {
        self.sign.is_none() && self.scale.is_none() && !self.is_percent
    }

    /// The second number of a range that begins with this one, the lower value, and where the range begins: "between 20 and 30", "20 to
    /// 30", "five or six", "$5-6 million". "From 20 to 30" and "rose $3 to $95" are changes, and "voted 48 to 52" are two counts.
    pub fn range(&self, text: &'t str) -> Option<(Self, f64, usize)> {
        static JOINT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:(?P<between>\sand\s)|(?P<words>\s(?:to|or)\s)|-to-|[-–])")
                .expect("a valid pattern")
        });
        static BETWEEN: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?i)\bbetween\s$").expect("a valid pattern"));
        static CHANGE: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?i)(\brang\p{L}+\s)?\bfrom\s$").expect("a valid pattern"));
        static MOVE: LazyLock<Regex> = LazyLock::new(|| {
            let moves = "climb|declin|drop|eas|fall|fell|gain|increase|increasing|jump|lost|plung|rais|ris|rose|slid|slip|surg|tumbl";
            Regex::new(&format!(r"(?i)\b(?:(?:{moves})\p{{L}}*|cut|down|up)\s(?:by\s)?$"))
                .expect("a valid pattern")
        });
        static VOTE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?i)\b(?:vot(?:e|es|ed|ing)|won|lost|beat|odds|ratio)\s(?:\p{L}+\s){0,2}$")
                .expect("a valid pattern")
        });
        // A text without full stops is one sentence, and only its end is looked at here.
        let from = text.floor_char_boundary(self.start.saturating_sub(LONGEST_BEFORE));
        let before = &text[from..self.start];
        let joint = JOINT.captures(&text[self.end..])?;
        let at = self.end + joint[0].len();
        let last = Self::find(text, at).filter(|last| last.start == at)?;
        let is_change = || {
            CHANGE.captures(before).is_some_and(|found| found.get(1).is_none())
                || (!self.is_bare() && MOVE.is_match(before))
        };
        let start = match joint.name("between") {
            Some(_) => from + BETWEEN.find(before)?.start(),
            None if joint.name("words").is_some() && (is_change() || VOTE.is_match(before)) => return None,
            None => self.start,
        };
        // "$5 to 6 million", but "$5 to 6 people"
        let same_sign = self.sign == last.sign
            || (last.sign.is_none() && (joint.name("words").is_none() || last.scale.is_some()));
        let is_name = NO_RANGES.contains(&(self.digits, last.digits)) && joint[0].len() == 1;
        if !same_sign || is_name || (self.is_percent && !last.is_percent) {
            return None;
        }
        // "five to six million", but "500,000 to one million"
        let shared = self.digits_value * last.scale.unwrap_or(1.0);
        let low = match self.scale {
            None if shared < last.value() => shared,
            _ => self.value(),
        };
        (low < last.value()).then_some((last, low, start))
    }
}

/// A sentence on one line with its numbers in digits, but a scale behind digits in a word ("3.5 million"). Vague numbers ("hundreds",
/// "several thousand") are none.
pub fn in_digits(sentence: &str) -> String {
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
    // "Six million" has become "6000000", and "two to three thousand" "2 to 3000".
    static MILLIONS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b(\d{1,3})(000000000|000000)\b").expect("a valid pattern"));
    static THOUSANDS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b(\d{1,3}) (to|or|and) (\d{1,3})000\b").expect("a valid pattern"));
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
    let digits = SCALED.replace_all(&digits, scaled);
    let millions = |found: &Captures| {
        format!("{} {}", &found[1], if found[2].len() == 6 { "million" } else { "billion" })
    };
    let digits = MILLIONS.replace_all(&digits, millions);
    let value = |digits: &str| digits.parse::<u32>().unwrap_or_default();
    let thousands = |found: &Captures| match value(&found[1]) < value(&found[3]) {
        true => format!("{} {} {} thousand", &found[1], &found[2], &found[3]),
        false => found[0].to_owned(),
    };
    THOUSANDS.replace_all(&digits, thousands).into_owned()
}

/// The years from 1600 to 2099 that a sentence names, sorted, each once. The number of "2000 soldiers" is none.
pub fn years(sentence: &str) -> Vec<u32> {
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b(?:1[6-9]|20)\d\d\b").expect("a valid pattern"));
    let mut found: Vec<u32> = YEAR
        .find_iter(sentence)
        .filter(|year| {
            let (before, behind) = (&sentence[..year.start()], &sentence[year.end()..]);
            let in_number = behind.starts_with([',', '.', '-', '–']) && follows_digit(sentence, year.end());
            let counts = || !is_date(year.as_str(), before, behind) && unit("", behind, false).is_some();
            !in_number
                && !is_hour(year.as_str(), behind)
                && !before.ends_with(['$', '€', '£', '¥'])
                && !counts()
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
pub fn is_part_of_word(before: &str, after: &str) -> bool {
    let joined = |c: char| c.is_alphanumeric() || matches!(c, ':' | '/' | '_' | '#');
    let next = after.chars().next();
    let point = next.is_some_and(|c| matches!(c, '.' | ','))
        && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    before.chars().next_back().is_some_and(|c| joined(c) || matches!(c, '.' | '-'))
        || next.is_some_and(joined)
        || point
}

/// Whether a number is the number of a thing, by the word before it: "Phase 3", "Boeing 737".
pub fn is_label(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or("");
    LABELS.contains(&last.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Whether a number is a year, a day of a month or an hour.
pub fn is_date(digits: &str, before: &str, after: &str) -> bool {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let last = bare(before.split_whitespace().next_back().unwrap_or(""));
    let next = bare(after.split_whitespace().next().unwrap_or(""));
    let month = |word: &str| word.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(word));
    let is_short = digits.len() <= 2;
    let is_year = digits.len() == 4
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && ["16", "17", "18", "19", "20"].contains(&&digits[..2]);
    // "In March, 300 people": the date ends before the number.
    let of_month = month(&last) && !before.trim_end().ends_with(',') && (is_short || is_year);
    of_month
        || (is_short && month(&next))
        || is_hour(digits, after)
        || (is_year && is_of_year(digits, before, after))
}

/// Whether a number is an hour by what is behind it: "9 a.m.", "1500 GMT", "2030 hours". "48 hours", "12.5 hours" and "1200 hours of
/// work" are none.
fn is_hour(digits: &str, after: &str) -> bool {
    static HOUR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s?(?i:[ap]m|[ap]\.m|GMT|UTC|o['’]clock|local\stime)\b").expect("a valid pattern")
    });
    let is_of_clock = digits.len() == 4
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits <= "2359"
        && &digits[2..] < "60";
    let is_before_hours =
        after.trim_start().strip_prefix("hours").is_some_and(|rest| !rest.starts_with(" of "));
    HOUR.is_match(after) || (is_of_clock && is_before_hours)
}

/// Whether four digits are a year, by what stands beside them, and not a count such as "2000 soldiers".
fn is_of_year(digits: &str, before: &str, after: &str) -> bool {
    // "the Sept. 11, 2001 attacks", "the 2015 and 2016 elections"
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:\b\d\d?,|\b(?:19|20)\d\d\s(?:and|or|to))\s$").expect("a valid pattern")
    });
    if !after.trim_start().starts_with(char::is_lowercase) {
        return true;
    }
    let last = before.split_whitespace().next_back().unwrap_or("");
    let word = last.trim_matches(|c: char| !c.is_alphanumeric());
    // "the Tokyo 2020 organisers"
    let is_name = word.starts_with(char::is_uppercase) && before.trim() != last && !digits.ends_with("00");
    matches!(&digits[..2], "19" | "20")
        && (last.is_empty()
            || is_possessive(last)
            || is_name
            || BEFORE_YEAR.contains(&word.to_lowercase().as_str())
            || DATE.is_match(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_found() {
        assert_eq!(years("In 2013 and 2,014 of 2014."), [2013, 2014]);
        assert_eq!(years("At 1700 GMT in 2014 it paid $2000."), [2014]);
        assert_eq!(years("Some 2000 soldiers left in 2013 before the 2016 election."), [2013, 2016]);
    }

    #[test]
    fn years_before_a_noun_are_dates() {
        for (text, wanted) in [
            ("He won the 2016 presidential election", true),
            ("It was Mr Trump’s 2016 campaign", true),
            ("After the Sept. 11, 2001 attacks", true),
            ("In the 2015 and 2016 elections", true),
            ("The army has 2016 soldiers", false),
            ("They killed 1200 Palestinians", false),
            ("In 2016, he won", true),
            ("Since January 1,200 people died", false),
        ] {
            let number = WrittenNumber::find(text, text.find(['1', '2']).unwrap());
            let numbers = std::iter::successors(number, |number| WrittenNumber::find(text, number.end));
            let last = numbers.last().unwrap();
            let (before, after) = (&text[..last.start], &text[last.end..]);
            assert_eq!(is_date(last.digits, before, after), wanted, "{text}");
        }
        assert!(is_label("In a Phase ") && is_label("No. ") && !is_label("a phase of "));
    }

    #[test]
    fn hours_of_the_clock_are_told_from_how_long_something_takes() {
        for (digits, before, after, wanted) in [
            ("2030", "It left at ", " hours on Monday.", true),
            ("12.5", "It took ", " hours.", false),
            ("1080", "It took ", " hours.", false),
            ("1200", "It took ", " hours of work.", false),
        ] {
            assert_eq!(is_date(digits, before, after), wanted, "{digits}{after}");
        }
    }

    #[test]
    fn numbers_in_words_are_read_as_people_write_them() {
        for (written, wanted) in [
            ("six million people", "6 million people"),
            ("3.5 million people", "3.5 million people"),
            ("two to three thousand people", "2 to 3 thousand people"),
            ("between twenty and thirty people", "between 20 and 30 people"),
            ("twelve people", "12 people"),
        ] {
            assert_eq!(in_digits(written), wanted);
        }
    }

    #[test]
    fn ranges_are_told_from_changes_and_votes() {
        let found = |text: &str| {
            let first = WrittenNumber::find(text, 0)?;
            first.range(text).map(|(last, low, start)| (low, last.value(), start))
        };
        for (text, wanted) in [
            ("between 20 and 30 people", Some((20.0, 30.0, 0))),
            ("20 to 30 people", Some((20.0, 30.0, 0))),
            ("20-30 people", Some((20.0, 30.0, 0))),
            ("20–30 people", Some((20.0, 30.0, 0))),
            ("5 or 6 people", Some((5.0, 6.0, 0))),
            ("$5-6 million", Some((5e6, 6e6, 0))),
            ("$5 million to $6 million", Some((5e6, 6e6, 0))),
            ("500,000 to 1 million people", Some((5e5, 1e6, 0))),
            ("20% to 30%", Some((20.0, 30.0, 0))),
            ("ranging from 20 to 30 people", Some((20.0, 30.0, 13))),
            ("It rose from 20 to 30 percent", None),
            ("Oil rose $3 to $95 a barrel", None),
            ("Prices rose 2 to 3 percent", Some((2.0, 3.0, 12))),
            ("The Senate voted 48 to 52 against it", None),
            ("20 and 30 people", None),
            ("a 6-3 ruling", None),
            ("a 737-800 jet", None),
            ("7 to 11 people", Some((7.0, 11.0, 0))),
            ("gave $5 to 6 people", None),
        ] {
            assert_eq!(found(text), wanted, "{text}");
        }
    }
}
