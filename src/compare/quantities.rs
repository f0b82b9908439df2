//! A *quantity*: a number in a sentence with its unit, the words for what it counts: "some 2,400 French soldiers". A range such as
//! "between 20 and 30 people" is one quantity.
//!
//! Numbers in words are included. Years, dates, times of day, ordinals and numbers in names are no quantities.

use std::sync::LazyLock;

use regex::Regex;

use super::numbers::{WrittenNumber, in_digits, is_date, is_label, is_part_of_word};
use super::units::{FoundUnit, Unit, before_whole, unit};
use crate::article::collapsed;

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number; of a range the lower end.
    pub value: f64,
    /// The upper end of a range; otherwise the number.
    pub high: f64,
    /// As it is written, with its unit and the words for its bound: "some 2,400 French soldiers".
    pub text: String,
    /// What it counts.
    pub unit: Unit,
    /// Whether it is exact, approximate, or a limit.
    pub bound: Bound,
}

/// What the words beside a number say about it.
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
    ("no less than", Bound::AtLeast),
    ("not fewer than", Bound::AtLeast),
    ("not less than", Bound::AtLeast),
    ("no more than", Bound::AtMost),
    ("not more than", Bound::AtMost),
    ("more than", Bound::AtLeast),
    ("upwards of", Bound::AtLeast),
    ("in excess of", Bound::AtLeast),
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

/// The quantities of a sentence, in order. `names` are the names in it; numbers inside them are left out.
pub fn quantities(sentence: &str, names: &[&str]) -> Vec<Quantity> {
    // In "157 of 338 seats" and "Of the 53 soldiers, 48" the larger number is the whole.
    static OF_WHOLE: LazyLock<Regex> = LazyLock::new(|| {
        let before = before_whole();
        Regex::new(&format!(r"(?:^Of|\d(?:\s?%|\spercent|\sper\scent)?\s+(?:out\s+)?of)\s+{before}$"))
            .expect("a valid pattern")
    });
    static OR_MORE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(?:\+|-plus\b|\sor\smore\b)").expect("a valid pattern"));
    let text = in_digits(sentence);
    let in_name = |digits: &str| {
        let numbers = |name: &&str| {
            let mut numbers = name.split(|c: char| !c.is_ascii_digit() && !",.".contains(c));
            numbers.any(|number| number.trim_matches([',', '.']) == digits)
        };
        names.iter().any(numbers)
    };
    let mut found: Vec<Quantity> = Vec::new();
    let mut at = 0;
    while let Some(first) = WrittenNumber::find(&text, at) {
        let range = first.range(&text).filter(|(last, ..)| !in_name(first.digits) && !in_name(last.digits));
        let (last, value, begin) = match &range {
            Some((last, low, begin)) => (last, *low, *begin),
            None => (&first, first.value(), first.start),
        };
        at = last.end;
        let (before, after) = (&text[..first.start], &text[last.end..]);
        let is_bare = first.is_bare() && last.is_bare();
        let is_dated =
            || is_date(first.digits, before, after) || is_date(last.digits, &text[..last.start], after);
        if in_name(first.digits)
            || OF_WHOLE.is_match(before)
            || is_part_of_word(before, after)
            || (is_bare && (is_label(before) || is_dated()))
        {
            continue;
        }
        let (mut bound, opening) = bound(&text[..begin]);
        let more = OR_MORE.find(after).map_or(0, |more| more.end());
        if more > 0 {
            bound = Bound::AtLeast;
        }
        let sign = if last.is_percent { Some("%") } else { first.sign.or(last.sign) };
        let counted = match sign {
            Some(sign) => Some(FoundUnit { unit: Unit::of_sign(sign), start: opening, end: 0 }),
            None => unit(&text[..opening], &after[more..], last.value() >= 1e6),
        };
        let Some(FoundUnit { unit, start, end }) = counted else { continue };
        let written = &text[start..last.end + more + end];
        found.push(Quantity { value, high: last.value(), text: collapsed(written), unit, bound });
    }
    found
}

/// Whether two sentences count the same thing and no number of one agrees with a number of the other.
pub fn contradict(a: &[Quantity], b: &[Quantity]) -> bool {
    a.iter().any(|one| {
        let mut theirs = b.iter().filter(|other| one.unit.is_same(&other.unit)).peekable();
        // "12 people killed and 30 people hurt" and "30 people": what has other words may count what the second number counts.
        let agrees = |other: &Quantity| {
            a.iter().any(|mine| {
                (mine.unit.is_same(&one.unit) || mine.unit.is_same(&other.unit)) && mine.agrees(other)
            })
        };
        theirs.peek().is_some() && !theirs.any(agrees)
    })
}

/// The bound that the words before a number give, and where they begin in `before`.
fn bound(before: &str) -> (Bound, usize) {
    let trimmed = before.trim_end();
    for (words, bound) in BOUNDS {
        let Some(at) = trimmed.len().checked_sub(words.len()) else { continue };
        if trimmed.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(words))
            && !trimmed[..at].ends_with(|c: char| c.is_alphanumeric())
        {
            return (*bound, at);
        }
    }
    (Bound::Exact, before.len())
}

impl Quantity {
    /// Whether both can be true of the same thing: they are equal, or one is a rounded form or a limit of the other.
    pub fn agrees(&self, other: &Quantity) -> bool {
        if self.is_range() || other.is_range() {
            let ((low, high), (lower, higher)) = (self.possible(), other.possible());
            return low <= higher && lower <= high;
        }
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

    /// Whether both name the same number, or one of them a range that has it.
    pub fn shares_number(&self, other: &Quantity) -> bool {
        self.value <= other.high && other.value <= self.high
    }

    fn is_range(&self) -> bool {
        self.value < self.high
    }

    /// The smallest and the largest number that it can stand for. The ends of a range are not rounded.
    fn possible(&self) -> (f64, f64) {
        match self.bound {
            Bound::AtLeast => (self.value, 2.0 * self.high),
            Bound::AtMost => (self.value / 2.0, self.high),
            Bound::About if self.is_range() => (0.9 * self.value, 1.1 * self.high),
            Bound::Exact if self.is_range() => (self.value, self.high),
            _ => (self.value - self.rounding(), self.value + self.rounding()),
        }
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
        quantities(sentence, &[]).into_iter().map(|q| (q.value, q.unit.stems.join(" "))).collect()
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
    fn quantities_are_shown_as_they_are_written() {
        for (sentence, wanted) in [
            ("It displaced six million people there.", "6 million people"),
            ("Between 20 and 30 soldiers were there.", "Between 20 and 30 soldiers"),
            ("About 20 to 30 soldiers were there.", "About 20 to 30 soldiers"),
            ("A bomb killed at least 12 in Kabul.", "killed at least 12"),
            ("It left 12 dead.", "12 dead"),
            ("12 soldiers Monday", "12 soldiers"),
            ("No less than 12 soldiers were there.", "No less than 12 soldiers"),
            ("20 or more soldiers were there.", "20 or more soldiers"),
            ("It cost 5 million euros.", "5 million euros"),
            ("À Nîmes, ABOUT 12 soldiers were there.", "ABOUT 12 soldiers"),
            ("Mali’s 12 soldiers were there.", "12 soldiers"),
        ] {
            assert_eq!(quantities(sentence, &[])[0].text, wanted, "{sentence}");
        }
    }

    #[test]
    fn a_whole_is_no_count_of_its_part() {
        assert_eq!(found("12 out of 15 soldiers were there."), [(12.0, "soldier".into())]);
        assert_eq!(found("48 of the more than 300 soldiers were there."), [(48.0, "soldier".into())]);
        assert_eq!(found("20 percent of the 300 workers were there."), [(20.0, "%".into())]);
        assert_eq!(found("Of the 53 soldiers there, 48 soldiers were hurt."), [(48.0, "soldier".into())]);
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
            ("Between 20 and 30 people died.", "25 people died.", false),
            ("Between 20 and 30 people died.", "35 people died.", true),
            ("20-30 people died.", "Up to 30 people died.", false),
            ("20 to 30 people died.", "40 to 50 people died.", true),
            ("It cost 5 million euros.", "It cost €5 million.", false),
            ("It cost 3 million U.S. dollars.", "It cost $4 million.", true),
            ("12 people died Monday.", "12 people died Tuesday.", false),
            ("A bomb killed 12 people and wounded 30.", "A bomb killed 12 and wounded 30 people.", false),
            ("A bomb killed 12 in Kabul.", "A bomb left 15 dead in Kabul.", true),
            ("12 people killed and 30 people left.", "30 people left.", false),
            ("A 12-year-old girl was killed.", "Five girls were killed.", false),
            ("No less than 20 soldiers left.", "25 soldiers left.", false),
            ("He won the 2016 presidential election.", "He won the 2020 presidential election.", false),
            ("It is a Category 4 hurricane.", "It is one of three hurricanes.", false),
            (
                "Of the 53 soldiers killed, 48 of them died in Mali.",
                "48 of the 53 soldiers killed died.",
                false,
            ),
        ] {
            assert_eq!(contradict(&quantities(one, &[]), &quantities(other, &[])), wanted, "{one} {other}");
        }
    }

    #[test]
    fn dates_and_names_are_no_quantities() {
        assert!(found("On February 17, 2022, at 10:30, in 2013 and since 2014.").is_empty());
        assert!(found("On 17 February the 2nd F16 left.").is_empty());
        assert!(quantities("The 5 Star 5 movement", &["5 Star 5"]).is_empty());
        assert!(
            found("From June 6-10 and 3-5 July, in 2014-2016 and between 2014 and 2016 prices rose.")
                .is_empty()
        );
        assert!(found("It came on 2022-02-17 between 9 and 10 a.m.").is_empty());
        assert!(found("It came at 3 o'clock and left at 1500 UTC.").is_empty());
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
        assert!(one("20 to 30 soldiers").shares_number(&one("25 soldiers")));
        assert!(!one("24 soldiers").shares_number(&one("25 soldiers")));
    }
}
