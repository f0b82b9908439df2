//! Finds **datelines**: the place, date and agency before an article's first sentence, such as "LONDON, Jan 13 (Reuters) -".

use std::sync::LazyLock;

use regex::Regex;

use super::lines::has_label;
use super::patterns::pattern;
use super::words::{MONTHS, WEEKDAYS, short_with_capitals};

/// The forms of datelines. The first two need no further test ([`is_believable`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// [`AGENCY`]
    Agency,
    /// [`DATED`]
    Dated,
    /// [`CAPITALS`]
    Capitals,
    /// [`COLON`]
    Colon,
    /// [`PLACE`]
    Place,
}

/// A dateline at the start of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dateline {
    /// Bytes, with the white space after it.
    pub length: usize,
    /// Whether its form is clear enough to accept it after captions or a standfirst. Others are accepted only where no
    /// prose stands before them.
    pub certain: bool,
    /// Whether it names an agency; such a dateline may also begin a later piece of a round-up.
    pub has_agency: bool,
}

/// Longest dateline, in bytes. A longer text is an ordinary sentence.
const LONGEST: usize = 100;

/// How many bytes of a paragraph are examined.
const EXAMINED: usize = 400;

/// Whether paragraphs are a transcript: at least two start with a label such as "ANNA SCHMIDT:".
pub(super) fn is_transcript<'a>(paragraphs: impl Iterator<Item = &'a str>) -> bool {
    paragraphs.filter(|paragraph| has_label(paragraph)).nth(1).is_some()
}

/// Whether a dateline with an agency is possible: the agency stands in brackets or slashes. Much faster than [`dateline`].
pub(super) fn may_name_agency(paragraph: &str) -> bool {
    paragraph[..paragraph.floor_char_boundary(LONGEST)].contains(['(', '[', '/'])
}

/// The dateline at the start of a paragraph, if any. In a `transcript`, a name before a colon is a speaker, not a place.
pub(super) fn dateline(paragraph: &str, transcript: bool) -> Option<Dateline> {
    let start = &paragraph[..paragraph.floor_char_boundary(EXAMINED)];
    let scraped = SCRAPED.find(start).map_or(0, |found| found.end());
    let scraped = scraped + start[scraped..].len()
        - start[scraped..].trim_start_matches(['\u{200B}', '\u{FEFF}']).len();
    let rest = &start[scraped..];
    let byline = BYLINE.captures(rest).map_or(0, |found| found["by"].len());
    let forms: [(&Regex, Form); 5] = [
        (&AGENCY, Form::Agency),
        (&DATED, Form::Dated),
        (&CAPITALS, Form::Capitals),
        (&COLON, Form::Colon),
        (&PLACE, Form::Place),
    ];
    let form_at = |from: usize| {
        forms.iter().find_map(|&(pattern, form)| {
            let end = from + pattern.find(&rest[from..])?.end();
            let (place, sentence) = rest.split_at(end);
            let possible = !(transcript && form == Form::Colon);
            (possible && is_believable(form, &place[from..], sentence)).then_some((end, form))
        })
    };
    let found = form_at(byline);
    let (length, form) = found.unwrap_or((0, Form::Agency));
    let has_agency = found.is_some_and(|(_, form)| form == Form::Agency);
    // "(ANSA) - ROME, APR 3 - Italy's government": the place stands behind the agency.
    let length = match form_at(length) {
        Some((end, Form::Dated | Form::Capitals)) if length > 0 && rest.starts_with('(') => end,
        _ => length,
    };
    let length = scraped + length;
    // Text follows a dateline. If nothing follows, or a lower-case letter, this is ordinary text.
    let follows = paragraph[length..].chars().next();
    let accepted = (1..=LONGEST).contains(&length) && follows.is_some_and(|c| !c.is_lowercase());
    let certain = !matches!(form, Form::Colon | Form::Place);
    accepted.then_some(Dateline { length, certain, has_agency })
}

/// Whether an opening without agency and date can be a place before a sentence. `place` is the opening, `rest` what
/// follows it.
fn is_believable(form: Form, place: &str, rest: &str) -> bool {
    // "FILE - In this photo": agencies begin the caption of an old picture with it.
    if place.strip_prefix("FILE").is_some_and(|behind| !behind.starts_with(char::is_alphanumeric)) {
        return false;
    }
    if matches!(form, Form::Agency | Form::Dated) {
        return true;
    }
    // Not "EU - China summit" (a pair of names) nor "CRICKET - ENGLAND WIN" (a headline).
    let letters = place.chars().filter(|c| c.is_alphabetic()).count();
    let sentence = rest.chars().any(char::is_lowercase) && rest.split_whitespace().nth(2).is_some();
    let first = rest.split(". ").next().unwrap_or_default();
    let of_form = match form {
        // Not "ANNA SCHMIDT: “We …”": that is a speaker.
        Form::Colon => !rest.starts_with(['"', '“', '‘', '«', '„']),
        // Not "Macron — France's president — said": words between two dashes belong to the sentence.
        Form::Place => !first.contains(['–', '—']) && !first.contains(" - "),
        _ => true,
    };
    letters >= 3 && sentence && of_form
}

/// Pattern of a month, whole or short.
fn month() -> String {
    format!(r"(?i:{})(?i:[a-z]*)\.?", short_with_capitals(&MONTHS))
}

/// Pattern of a date, with or without weekday and year.
fn date() -> String {
    let month = month();
    let weekday = format!(r"(?:(?i:{}),?\s+)?", WEEKDAYS.join("|"));
    format!(
        r"{weekday}(?:{month} \d\d?(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d\d?(?:st|nd|rd|th)? {month}(?:,? \d{{4}})?)"
    )
}

/// Pattern of a place: one to four capitalised words.
const NAME: &str =
    r"\p{Lu}(?:-?[\p{L}\p{M}.'’])*(?:[ -]\p{Lu}(?:-?[\p{L}\p{M}.'’])*){0,3}(?: \[\p{Lu}[\p{L} ]{2,20}\])?";
const CAPITAL_NAME: &str = r"\p{Lu}(?:-?[\p{Lu}\p{M}.'’])+(?:[ -]\p{Lu}(?:-?[\p{Lu}\p{M}.'’])*){0,3}";
/// Separators between two places.
const AND: &str = r"(?:, ?|/| and | & | \| )";
/// Agencies that need no dash after them.
const AGENCIES: &str = "Reuters|REUTERS|AP|AFP|UPI|PTI|ANI|IANS|TNN|PA|dpa|DPA|Xinhua|TASS|EFE|ANSA|AA|Bloomberg|CNN|BBC|Interfax|Sputnik|Kyodo|Yonhap|Bernama|ANTARA|SPA|WAM|KUNA|GLOBE NEWSWIRE|BUSINESS WIRE|PRNewswire";

/// Place, country, date, then an agency in slashes or brackets. Only the agency is required. A byline may stand before a place
/// with a date: "By Jane Roe Washington, Jul 18 (PTI)".
static AGENCY: LazyLock<Regex> = LazyLock::new(|| {
    let date = date();
    let agency = r"(?:/[\p{L} .-]+/|[(\[][\p{L}\d/ .,&-]+[)\]])";
    pattern(&format!(
        r"^(?:{NAME}(?:{AND}{NAME}){{0,3}}(?: \(\p{{Lu}}[\p{{L}}.& ]{{1,30}}\))?)?(?:(?:^|[,.]? ){date})?(?: \(\p{{Lu}}[\p{{L}} ]{{2,30}}\))?(?:[,.:]?\s*|--|\s*[–—]\s*)(?:{agency}\s*(?:[-–—.:_]+\s*)+|[(\[](?:{AGENCIES})(?: Business| Politics| Sport| Travel)?[)\]](?:\s+|\b))|^(?:By|From)(?: \p{{Lu}}[\p{{L}}.'’-]*){{2,8}}, {date} \((?:{AGENCIES})\)\s*(?:[-–—:]+\s*)?"
    ))
});

/// "WASHINGTON, Jan. 13 —", "London, UK – 13 January 2020 –". After a place in capitals the dash may be missing.
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    let date = date();
    pattern(&format!(
        r"^{NAME}(?:{AND}{NAME}){{0,3}}[,.]? (?:[-–—] )?{date}[,.]?\s*[-–—:]+\s+|^{CAPITAL_NAME}(?:{AND}{NAME}){{0,2}}, {date},?\s+(?:(?:{AGENCIES})\s*[-–—:]+\s+)?"
    ))
});

/// "KYIV, Ukraine —", "LONDON/PARIS -", "[LONDON]".
static CAPITALS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^{CAPITAL_NAME}(?:{AND}{NAME}){{0,3}}[,.]?\s*(?:[–—―]|--|\s\||-\s)[-–—]*\s*|^\[{CAPITAL_NAME}\]\s+"
    ))
});

/// "NEW DELHI:". In mixed case only towns whose newspapers use this form: "Mumbai:".
static COLON: LazyLock<Regex> = LazyLock::new(|| {
    let towns = "New Delhi|Delhi|Mumbai|Kolkata|Chennai|Bengaluru|Bangalore|Hyderabad|Ahmedabad|Pune|Jaipur|Lucknow|Patna|Bhopal|Chandigarh|Srinagar|Jammu|Guwahati|Thiruvananthapuram|Kochi|Ranchi|Islamabad|Karachi|Lahore|Peshawar|Dhaka|Kathmandu|Colombo|Kabul|Kuala Lumpur|Putrajaya|Singapore|Jakarta|Manila|Dubai|Abu Dhabi|Riyadh|Doha|Beirut|Cairo|Amman|Ankara|Istanbul|Tehran|Jerusalem|Nairobi|Accra|Lagos|Abuja";
    pattern(&format!(
        r"^(?:{CAPITAL_NAME}(?:{AND}{NAME}){{0,2}}|(?:{towns})(?:/(?:{towns}))?(?:, {NAME})?):\s+"
    ))
});

/// "Paris —", "Kyiv, Ukraine –", "London -".
static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"^{NAME}(?:, {NAME})?,?\s+[–—-]\s+")));

/// A date that a scraper left at the start of the text.
static SCRAPED: LazyLock<Regex> = LazyLock::new(|| {
    let month = month();
    pattern(&format!(
        r"(?i)^(?:(?:published|posted|updated|date|issued)(?:\s+on)?\s*:?\s+)?(?:\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})\s+[-–—|:]?\s*|^(?:published|posted|updated)\s*:\s+(?:\d{{1,2}}\s{month}|{month}\s\d{{1,2}}),?\s\d{{4}}\s+[-–—|:]?\s*"
    ))
});

/// A byline before a place in capitals: "By Jane Roe and Sam Poe LONDON (Reuters) - …".
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
    fn datelines_of_all_forms_are_found() {
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
            "Farrukhabad (UP), Feb 16 (PTI)",
            "By Jane K Roe Washington, Jul 18 (PTI)",
            "From Jane K Roe Washington, May 6 (PTI)",
            "ATHENS (AP)",
            "ATHENS: (Reuters)",
            "[LONDON]",
            "London -",
            "MEXICO CITY, Jan. 13",
            "WASHINGTON |",
            "(CNN)",
            "London (CNN)",
            "New York (CNN Business)",
            "WASHINGTON  —  ",
            "Kyiv (Ukraine) (AFP) –",
            "(ANSA) - ROME, APR 3 -",
            "TOKYO, April 3, Kyodo -",
            "ABU DHABI, 3rd April, 2024 (WAM) --",
            "WASHINGTON (AP) _",
        ] {
            let paragraph = format!("{opening} Greece will reopen its harbour on Monday, the ministry said.");
            assert_eq!(found(&paragraph), Some(opening.trim()));
        }
        assert_eq!(found("(CNN)The harbour will reopen on Monday."), Some("(CNN)"));
        assert_eq!(
            found("\u{200B}PARIS (Reuters) – The harbour will reopen."),
            Some("\u{200B}PARIS (Reuters) –")
        );
    }

    #[test]
    fn text_that_only_looks_like_a_dateline_is_none() {
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
            "By Monday the Ministry of Health (MOH) had answered.",
            "From Paris to Rome, Jan 13 (a Monday) was cold.",
            "It was over: France left.",
            "Macron - France's president - said so on Monday.",
            "The Example Party (EP) Congress met on Monday.",
            "FILE - In this Sept. 5, 2018, file photo, Jane Roe speaks in Lyon.",
            "FILE — This Sept. 5, 2018, file photo shows the port.",
        ] {
            assert_eq!(found(paragraph), None, "{paragraph}");
        }
    }
}
