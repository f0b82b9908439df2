//! Datelines: the place, day and agency that stand before an article's first sentence and are no part of it.

use std::sync::LazyLock;

use regex::Regex;

use super::lines::has_label;
use super::patterns::pattern;

/// What makes an opening a dateline; the first two are sure by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Agency,
    Dated,
    Capitals,
    Colon,
    Place,
}

/// An opening of a paragraph that is a dateline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dateline {
    /// Bytes.
    pub length: usize,
    /// Whether it is one wherever it stands, and not only where nothing of the article stands before it.
    pub sure: bool,
}

/// Bytes; what is longer is a sentence of its own.
const LONGEST: usize = 100;

/// Bytes of a paragraph that are looked at.
const START: usize = 400;

/// Whether paragraphs are turns of a talk, each after the name of who speaks.
pub(super) fn is_talk<'a>(paragraphs: impl Iterator<Item = &'a str>) -> bool {
    paragraphs.filter(|paragraph| has_label(paragraph)).nth(1).is_some()
}

/// The dateline that a paragraph opens with, if any. In a `talk`, a name before a colon is who speaks.
pub(super) fn dateline(paragraph: &str, talk: bool) -> Option<Dateline> {
    let start = &paragraph[..paragraph.floor_char_boundary(START)];
    let scraped = SCRAPED.find(start).map_or(0, |found| found.end());
    let rest = &start[scraped..];
    let byline = BYLINE.captures(rest).map_or(0, |found| found["by"].len());
    let shapes: [(&Regex, Shape); 5] = [
        (&AGENCY, Shape::Agency),
        (&DATED, Shape::Dated),
        (&CAPITALS, Shape::Capitals),
        (&COLON, Shape::Colon),
        (&PLACE, Shape::Place),
    ];
    let found = shapes.into_iter().find_map(|(pattern, shape)| {
        let end = byline + pattern.find(&rest[byline..])?.end();
        let (place, sentence) = rest.split_at(end);
        let possible = !(talk && shape == Shape::Colon);
        (possible && is_believable(shape, &place[byline..], sentence)).then_some((end, shape))
    });
    let (length, shape) = found.unwrap_or((0, Shape::Agency));
    let length = scraped + length;
    // A dateline introduces something: alone, or before a small letter, it is ordinary text.
    let follows = paragraph[length..].chars().next();
    let believed = (1..=LONGEST).contains(&length) && follows.is_some_and(|c| !c.is_lowercase());
    let sure = !matches!(shape, Shape::Colon | Shape::Place);
    believed.then_some(Dateline { length, sure })
}

/// Whether what looks like a place without an agency or a day may be one, and a sentence follows.
fn is_believable(shape: Shape, place: &str, rest: &str) -> bool {
    if matches!(shape, Shape::Agency | Shape::Dated) {
        return true;
    }
    // "EU - China summit", "CRICKET - ENGLAND WIN": a pair of names, a headline.
    let letters = place.chars().filter(|c| c.is_alphabetic()).count();
    let sentence = rest.chars().any(char::is_lowercase) && rest.split_whitespace().nth(2).is_some();
    let first = rest.split(". ").next().unwrap_or_default();
    let of_shape = match shape {
        // "ANNA SCHMIDT: “We …”": somebody speaks.
        Shape::Colon => !rest.starts_with(['"', '“', '‘', '«', '„']),
        // "Macron — France's president — said": words between two dashes belong to the sentence.
        Shape::Place => !first.contains(['–', '—']) && !first.contains(" - "),
        _ => true,
    };
    letters >= 3 && sentence && of_shape
}

const MONTH: &str = r"(?i:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?i:[a-z]*)\.?";

fn date() -> String {
    let weekday = r"(?:(?i:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?i:day),?\s+)?";
    format!(r"{weekday}(?:{MONTH} \d\d?(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d\d? {MONTH}(?:,? \d{{4}})?)")
}

/// Words with capitals, joined as places are.
const NAME: &str =
    r"\p{Lu}(?:-?[\p{L}\p{M}.'’])*(?:[ -]\p{Lu}(?:-?[\p{L}\p{M}.'’])*){0,3}(?: \[\p{Lu}[\p{L} ]{2,20}\])?";
const CAPITAL_NAME: &str = r"\p{Lu}(?:-?[\p{Lu}\p{M}.'’])+(?:[ -]\p{Lu}(?:-?[\p{Lu}\p{M}.'’])*){0,3}";
/// What stands between places.
const AND: &str = r"(?:, ?|/| and | & | \| )";
/// Agencies that need no dash behind them.
const AGENCIES: &str = "Reuters|REUTERS|AP|AFP|UPI|PTI|ANI|IANS|TNN|PA|dpa|DPA|Xinhua|TASS|EFE|ANSA|AA|Bloomberg|CNN|BBC|Interfax|Sputnik|Kyodo|Yonhap|Bernama|ANTARA|SPA|WAM|KUNA|GLOBE NEWSWIRE|BUSINESS WIRE|PRNewswire";

/// PLACE, COUNTRY, day, then an agency in slashes or brackets; all but the agency may be missing.
static AGENCY: LazyLock<Regex> = LazyLock::new(|| {
    let date = date();
    let agency = r"(?:/[\p{L} .-]+/|[(\[][\p{L}\d/ .,&-]+[)\]])";
    pattern(&format!(
        r"^(?:{NAME}(?:{AND}{NAME}){{0,3}})?(?:(?:^|[,.]? ){date})?(?:[,.:]?\s?|--|\s?[–—]\s?)(?:{agency}\s?(?:[-–—.:]+\s*)+|[(\[](?:{AGENCIES})[)\]]\s+)"
    ))
});

/// "WASHINGTON, Jan. 13 —", "London, UK – 13 January 2020 –"; behind capitals, without a dash too.
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    let date = date();
    pattern(&format!(
        r"^{NAME}(?:{AND}{NAME}){{0,3}}[,.]? (?:[-–—] )?{date}[,.]?\s?[-–—:]+\s+|^{CAPITAL_NAME}(?:{AND}{NAME}){{0,2}}, {date},?\s+"
    ))
});

/// "KYIV, Ukraine —", "LONDON/PARIS -", "[LONDON]".
static CAPITALS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^{CAPITAL_NAME}(?:{AND}{NAME}){{0,3}}[,.]?\s?(?:[–—―]|--|\s\||-\s)[-–—]*\s*|^\[{CAPITAL_NAME}\]\s+"
    ))
});

/// "NEW DELHI:", and in small letters the towns whose newspapers write so.
static COLON: LazyLock<Regex> = LazyLock::new(|| {
    let towns = "New Delhi|Delhi|Mumbai|Kolkata|Chennai|Bengaluru|Bangalore|Hyderabad|Ahmedabad|Pune|Jaipur|Lucknow|Patna|Bhopal|Chandigarh|Srinagar|Jammu|Guwahati|Thiruvananthapuram|Kochi|Ranchi|Islamabad|Karachi|Lahore|Peshawar|Dhaka|Kathmandu|Colombo|Kabul|Kuala Lumpur|Putrajaya|Singapore|Jakarta|Manila|Dubai|Abu Dhabi|Riyadh|Doha|Beirut|Cairo|Amman|Ankara|Istanbul|Tehran|Jerusalem|Nairobi|Accra|Lagos|Abuja";
    pattern(&format!(
        r"^(?:{CAPITAL_NAME}(?:{AND}{NAME}){{0,2}}|(?:{towns})(?:/(?:{towns}))?(?:, {NAME})?):\s+"
    ))
});

/// "Paris —", "Kyiv, Ukraine –", "London -".
static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"^{NAME}(?:, {NAME})?,?\s[–—-]\s")));

/// A day that a scraper left behind.
static SCRAPED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)^(?:(?:published|posted|updated|date|issued)(?:\s+on)?\s*:?\s+)?(?:\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})\s+[-–—|:]?\s*|^(?:published|posted|updated)\s*:\s+(?:\d{{1,2}}\s{MONTH}|{MONTH}\s\d{{1,2}}),?\s\d{{4}}\s+[-–—|:]?\s*"
    ))
});

/// "By Jane Roe and Sam Poe LONDON (Reuters) - …": who wrote it, before a place in capitals.
static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^(?P<by>[Bb]y \p{{Lu}}[\p{{L}}.'’-]+(?:,? (?:and )?\p{{Lu}}[\p{{L}}.'’-]*){{0,7}}?,? ){CAPITAL_NAME}[^.!?]{{0,40}}?(?:[)\]] ?[-–—:]|—|--| - )"
    ))
});

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn found(paragraph: &str) -> Option<&str> {
        dateline(paragraph, false).map(|dateline| paragraph[..dateline.length].trim())
    }

    #[test]
    fn datelines_of_every_house_are_found() {
        for opening in [
            "ATHENS —",
            "ATHENS -",
            "KYIV, Ukraine —",
            "LONDON/PARIS (Reuters) -",
            "MOSCOW/KYIV, March 1 (Reuters) -",
            "Jan 13 (Reuters) -",
            "13 January (AFP) -",
            "LONDON, Jan 13 (Reuters) -",
            "(Reuters) -",
            "(CNN) --",
            "Washington (CNN) --",
            "CNN —",
            "NEW DELHI:",
            "New Delhi:",
            "ISLAMABAD:",
            "Mumbai/New Delhi:",
            "WASHINGTON, Jan. 13 —",
            "WASHINGTON, JAN. 13 –",
            "FLINT, Mich., Oct. 4 (UPI) —",
            "NEW YORK (AP) —",
            "PORT-AU-PRINCE, Haiti (AP) —",
            "SÃO PAULO –",
            "BEIJING, Jan. 13 (Xinhua) --",
            "PARIS, February 17. /TASS/.",
            "Kyiv, Ukraine —",
            "Paris —",
            "WASHINGTON, Monday, January 13, 2020 —",
            "By Jane Roe LONDON (Reuters) -",
            "By Jane Roe and Sam Poe, ATHENS (AP) —",
            "2017-07-11 ATHENS —",
            "Port-au-Prince, Haiti –",
            "London, UK – 13 January 2020 –",
            "SAN FRANCISCO--(BUSINESS WIRE)--",
            "New Delhi [India], January 13 (ANI):",
            "New Delhi, Jan 13 (PTI)",
            "ATHENS (AP)",
            "ATHENS: (Reuters)",
            "[LONDON]",
            "London -",
            "MEXICO CITY, Jan. 13",
            "WASHINGTON |",
        ] {
            let paragraph = format!("{opening} Greece will reopen its harbour on Monday, the ministry said.");
            assert_eq!(found(&paragraph), Some(opening));
        }
    }

    #[test]
    fn what_only_looks_like_a_dateline_is_none() {
        for paragraph in [
            "Paris said so on Monday.",
            "EU - China summit ends without a word on trade.",
            "CRICKET - ENGLAND WIN AT LORDS",
            "Macron — France's president — said so on Monday.",
            "Macron, who met Merkel, said so — and left.",
            "Emmanuel Macron: France must leave Mali now.",
            "Emmanuel Macron: “We must leave Mali now.”",
            "MACRON: “We must leave Mali now.”",
            "The U.N. - and others - said so.",
            "NATO and the EU (both in Brussels) met on Monday.",
            "Apple (AAPL) shares fell on Monday.",
            "It was over: France left.",
            "Macron - France's president - said so on Monday.",
            "The Example Party (EP) Congress met on Monday.",
        ] {
            assert_eq!(found(paragraph), None, "{paragraph}");
        }
    }
}
