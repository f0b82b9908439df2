//! Converts dates in documents to ISO 8601, so that results from different sources can be compared and sorted.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat};
use regex::Regex;

use crate::article::{MONTHS, collapsed};

/// A date in ISO 8601: `2010-01-11`, or `2010-01-11T10:35:00` where a time is given, with the zone where that is GMT, UTC
/// or an offset. An ambiguous date, such as `03/04/2010`, stays as it is written. `None` for white space.
pub fn published(written: &str) -> Option<String> {
    let written = collapsed(written);
    (!written.is_empty()).then(|| iso(&written).unwrap_or(written))
}

/// As [`published`], but `None` where the text is no date, or ambiguous.
pub fn iso(written: &str) -> Option<String> {
    let written = written.trim();
    if let Ok(date) = DateTime::parse_from_rfc2822(written) {
        return Some(date.to_rfc3339_opts(SecondsFormat::Secs, true));
    }
    already_iso(written).or_else(|| compact(written)).or_else(|| in_words(written))
}

/// A date that is in ISO 8601 already: `2010-01-11`, and whatever time follows.
fn already_iso(written: &str) -> Option<String> {
    let date = written.get(..10)?;
    NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    let after = &written[10..];
    (after.is_empty() || after.starts_with(['T', 't', ' '])).then(|| written.to_owned())
}

/// `20100111` and `20100111T103500+0100`, the form of NITF and NewsML.
fn compact(written: &str) -> Option<String> {
    static COMPACT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?)?$")
            .expect("a valid pattern")
    });
    let found = COMPACT.captures(written)?;
    let number = |at: usize| found.get(at).and_then(|part| part.as_str().parse::<u32>().ok());
    let date = NaiveDate::from_ymd_opt(number(1)? as i32, number(2)?, number(3)?)?;
    let Some(hour) = number(4) else { return Some(date.to_string()) };
    let time = NaiveTime::from_hms_opt(hour, number(5)?, number(6).unwrap_or(0))?;
    let zone = match found.get(7).map_or("", |zone| zone.as_str()) {
        zone if zone.len() == 5 => format!("{}:{}", &zone[..3], &zone[3..]),
        zone => zone.to_owned(),
    };
    Some(format!("{date}T{time}{zone}"))
}

/// `January 11, 2010 Monday 10:35 AM GMT`, `Monday, 11 January 2010`, `26-FEB-1987 15:01:01.79`.
fn in_words(written: &str) -> Option<String> {
    static WORDS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[A-Za-z]+|[0-9]+").expect("a valid pattern"));
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:\.\d+)?)?\s*([ap]\.?m\b\.?)?\s*(gmt|utc)?")
            .expect("a valid pattern")
    });
    if written.len() > 200 {
        return None;
    }
    let words: Vec<&str> = WORDS.find_iter(written).map(|word| word.as_str()).collect();
    let month_at = words.iter().position(|word| month(word).is_some())?;
    let month = month(words[month_at])?;
    let number = |at: Option<usize>| words.get(at?).and_then(|word| word.parse::<u32>().ok());
    // The ending of an ordinal number is matched as a separate word: `11th January`.
    let ordinal = |at: usize| words.get(at).is_some_and(|word| matches!(*word, "st" | "nd" | "rd" | "th"));
    let before = month_at.checked_sub(1).map(|at| at - usize::from(at > 0 && ordinal(at)));
    let after = month_at + 1;
    let year_after_day = after + 1 + usize::from(ordinal(after + 1));
    let is_year = |number: &u32| (1000..3000).contains(number);
    let is_day = |number: &u32| (1..=31).contains(number);
    let (day, year) = match (number(before).filter(is_day), number(Some(after))) {
        (Some(day), Some(year)) if is_year(&year) => (day, year),
        (_, Some(day)) if is_day(&day) => (day, number(Some(year_after_day)).filter(is_year)?),
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(year as i32, month, day)?;
    let time = TIME.captures(written).and_then(|found| {
        let number = |at: usize| found.get(at).and_then(|part| part.as_str().parse::<u32>().ok());
        let half = found.get(4).map(|half| half.as_str().to_ascii_lowercase());
        let hour = match (number(1)?, half.as_deref().map(|half| half.starts_with('p'))) {
            (12, Some(false)) => 0,
            (hour @ 1..=11, Some(true)) => hour + 12,
            (hour, _) => hour,
        };
        let time = NaiveTime::from_hms_opt(hour, number(2)?, number(3).unwrap_or(0))?;
        Some(format!("T{time}{}", if found.get(5).is_some() { "Z" } else { "" }))
    });
    Some(format!("{date}{}", time.unwrap_or_default()))
}

fn month(word: &str) -> Option<u32> {
    let word = word.to_ascii_lowercase();
    let is = |name: &&str| *name == word || (name[..3] == word) || (word == "sept" && **name == *"september");
    MONTHS.iter().position(is).map(|at| at as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_iso_where_they_are_certain() {
        for (written, wanted) in [
            ("January 11, 2010 Monday", "2010-01-11"),
            ("January 11, 2010 Monday 10:35 AM GMT", "2010-01-11T10:35:00Z"),
            ("Monday, 11 January 2010", "2010-01-11"),
            ("13 January 2017", "2017-01-13"),
            ("Sept. 3, 2019", "2019-09-03"),
            ("11th May 2001 9.05 pm", "2001-05-11T21:05:00"),
            ("May 1st, 2001 12:05 a.m.", "2001-05-01T00:05:00"),
            ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01"),
            (" 5-MAR-1987 09:01:01.79", "1987-03-05T09:01:01"),
            ("Tue, 13 Jan 2015 10:00:00 +0100", "2015-01-13T10:00:00+01:00"),
            ("Tue, 13 Jan 2015 10:00:00 GMT", "2015-01-13T10:00:00Z"),
            ("20100131T120000Z", "2010-01-31T12:00:00Z"),
            ("20100131T1200-0500", "2010-01-31T12:00:00-05:00"),
            ("20100131", "2010-01-31"),
            ("2010-01-31T12:00:00+01:00", "2010-01-31T12:00:00+01:00"),
            ("2010-01-31", "2010-01-31"),
            ("03/04/2010", "03/04/2010"),
            ("February 31, 2010", "February 31, 2010"),
            ("last  May", "last May"),
            ("Spring 2010", "Spring 2010"),
        ] {
            assert_eq!(published(written).as_deref(), Some(wanted), "{written}");
        }
        assert_eq!(published(" \n"), None);
    }
}
