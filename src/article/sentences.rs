//! Sentences of an article, and the part each plays in it.
//!
//! Boundaries inside a paragraph come from the `sentencex` segmenter. Paragraphs are lines, except in
//! text that is hard-wrapped, where a blank line ends a paragraph. What is not prose (headings,
//! datelines, "READ MORE" lines, agency credits) is read like everything else, because it names people
//! and places, but it is marked, because it has no business in a summary.

use std::sync::LazyLock;

use regex::Regex;

use super::Span;

/// What a sentence is to the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Prose,
    Heading,
    /// "PARIS, February 17. /TASS/.", "LONDON (Reuters) -", a scraped date.
    Dateline,
    /// Links to other stories, credits, calls to subscribe.
    Boilerplate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub span: Span,
    pub role: Role,
    /// Counts paragraphs from 0; sentences of one paragraph follow each other without a break.
    pub paragraph: usize,
}

/// Splits a text into sentences: in order, not overlapping, without white space at their ends, and
/// covering everything that is not white space.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let mut found: Vec<Sentence> = Vec::new();
    let mut prose = false;
    for (paragraph, span) in paragraphs(text).into_iter().enumerate() {
        let body = span.of(text);
        let dateline = dateline(body, prose);
        if dateline > 0 {
            let span = Span::new(span.start, span.start + dateline).trimmed(text);
            found.push(Sentence { span, role: Role::Dateline, paragraph });
        }
        let start = span.start + dateline;
        let rest = &text[start..span.end];
        let whole = whole_paragraph_role(rest.trim());
        // The segmenter ends sentences at line breaks, which inside a paragraph only fold it.
        let unfolded = rest.replace(['\n', '\r'], " ");
        for piece in sentencex::get_sentence_boundaries("en", &unfolded) {
            let span = Span::new(start + piece.start_byte, start + piece.end_byte).trimmed(text);
            if span.start == span.end {
                continue;
            }
            let role = whole.unwrap_or_else(|| sentence_role(span.of(text)));
            prose |= role == Role::Prose;
            // A closing quotation mark or bracket that was split off belongs to what it closes.
            let stray = span.of(text).chars().all(|c| "\"”’')]»".contains(c));
            match found.last_mut() {
                Some(last) if stray && last.paragraph == paragraph => last.span.end = span.end,
                _ => found.push(Sentence { span, role, paragraph }),
            }
        }
    }
    found
}

/// Spans of the paragraphs, trimmed and not empty.
fn paragraphs(text: &str) -> Vec<Span> {
    let wrapped = is_hard_wrapped(text);
    let mut found: Vec<Span> = Vec::new();
    let (mut at, mut open) = (0, false);
    for line in text.split_inclusive(['\n', '\u{2028}', '\u{2029}']) {
        let span = Span::new(at, at + line.len()).trimmed(text);
        at += line.len();
        if span.start == span.end {
            open = false;
        } else if open && wrapped {
            found.last_mut().expect("an open paragraph").end = span.end;
        } else {
            found.push(span);
            open = true;
        }
    }
    found
}

/// Whether line breaks only fold the text: many lines, all of them short, and most of them ending
/// in the middle of a sentence.
fn is_hard_wrapped(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    if lines.len() < 4 {
        return false;
    }
    let short = lines.iter().all(|line| line.chars().count() <= 120);
    let open = lines.iter().filter(|line| !ends_like_a_sentence(line)).count();
    let long = lines.iter().filter(|line| line.chars().count() >= 40).count();
    short && open * 2 > lines.len() && long * 2 > lines.len()
}

fn ends_like_a_sentence(line: &str) -> bool {
    let bare = line.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', ' ']);
    bare.ends_with(['.', '!', '?', '…', ':', ';', '。'])
}

/// A role that a paragraph has as a whole: a heading, or boilerplate.
fn whole_paragraph_role(paragraph: &str) -> Option<Role> {
    let words = paragraph.split_whitespace().count();
    if words <= LONGEST_BOILERPLATE && is_boilerplate(paragraph) {
        return Some(Role::Boilerplate);
    }
    let sentences = paragraph.matches(['.', '!', '?']).count();
    let quoted = paragraph.starts_with(['"', '“', '‘', '\'']);
    if !ends_like_a_sentence(paragraph) && words <= 16 {
        return Some(Role::Heading);
    }
    // "Why are Western troops in Mali?" alone on its line asks for the reader, not for the article.
    (paragraph.ends_with('?') && sentences == 1 && words <= 12 && !quoted).then_some(Role::Heading)
}

fn sentence_role(sentence: &str) -> Role {
    if is_boilerplate(sentence) { Role::Boilerplate } else { Role::Prose }
}

fn is_boilerplate(text: &str) -> bool {
    static OPENING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?xi)^\W*(?:
              (?:read|see|watch|learn)\s+(?:more|also|next|now|here)\b | also\s+read\b | more\s+on\s+this\b
            | related\s*(?:stories|articles|news|content|coverage)?\s*: | recommended\s*(?:for\ you)?\s*:
            | (?:watch|video|photo|photos|image|picture|file\ photo|graphic|listen|update[ds]?|editor['’]s\ note)\s*:
            | click\s+here\b | scroll\s+down\s+for\b | sign\s+up\s+(?:for|to|here)\b | subscribe\s+(?:to|now|here|for)\b
            | follow\s+(?:us|@)\b? | share\s+this\b | advertisement\b | copyright\b | ©
            | (?:additional\s+)?(?:reporting|writing|editing)\s+by\b | all\s+rights\s+reserved
            | (?:last\s+)?(?:published|posted|updated|created)\s*:
            | this\s+(?:article|story)\s+(?:was|has\ been)\s+(?:originally\s+)?(?:published|updated|produced)\b
            )",
        )
        .expect("a valid pattern")
    });
    // "(with wires)", "(AP)", "(Reporting by A; Editing by B)"
    static CREDIT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[(\[][^()\[\]]{1,160}[)\]]\.?$").expect("a valid pattern"));
    // "By John Smith and Ann Lee for the Daily Mail": capitals and small words only; "By Friday the troops
    // had left" is an ordinary sentence.
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\W*(?:[Bb]y|BY)\b(?:[\s.,|]+(?:\p{Lu}[\p{L}\p{M}.'’-]*|and|for|in|of|the|at|de|von|van|bin|al|el))*[\s.,|]*$")
            .expect("a valid pattern")
    });
    OPENING.is_match(text) || CREDIT.is_match(text) || (text.len() <= LONGEST_BYLINE && BYLINE.is_match(text))
}

/// Bytes; what is longer is a sentence of its own.
const LONGEST_BYLINE: usize = 80;
/// Words; what is longer than one link or credit is an article in one paragraph, judged sentence by sentence.
const LONGEST_BOILERPLATE: usize = 40;

/// Bytes; what is longer is a sentence of its own.
const LONGEST_DATELINE: usize = 80;

/// Length in bytes of what stands before the first sentence of a paragraph and is no part of it.
///
/// A dateline of an agency may open any article but only its first prose paragraph; so may a date
/// left behind by a scraper.
fn dateline(paragraph: &str, prose_before: bool) -> usize {
    const MONTH: &str = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?";
    static AGENCY: LazyLock<Regex> = LazyLock::new(|| {
        // PLACE, [COUNTRY,] [date] then an agency in slashes or brackets, or a dash; then the text.
        let name = r"\p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*)*";
        let place = format!("{name}(?:, {name})*");
        let date = format!(r"(?:,? {MONTH} \d\d?(?:, \d{{4}})?|,? \d\d? {MONTH}(?: \d{{4}})?)");
        let agency = r"(?:/[\p{L} .-]+/|[(\[][\p{L}/ .,-]+[)\]])";
        Regex::new(&format!(
            r"^(?:{place})?(?:{date})?\.?\s?{agency}\s?(?:[-–—.:]+\s*)+|^{place}{date}\.?\s?[-–—:]+\s+|^[\p{{Lu}}][\p{{Lu}} ,.]+\s?(?:[–—]|--|-\s)\s*"
        ))
        .expect("a valid pattern")
    });
    static SCRAPED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?i)^(?:(?:published|posted|updated|date|issued)(?:\s+on)?\s*:?\s+)?(?:\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})\s+[-–—|:]?\s*|^(?:published|posted|updated)\s*:\s+(?:\d{{1,2}}\s{MONTH}|{MONTH}\s\d{{1,2}}),?\s\d{{4}}\s+[-–—|:]?\s*"
        ))
        .expect("a valid pattern")
    });
    if prose_before {
        return 0;
    }
    let scraped = SCRAPED.find(paragraph).map_or(0, |m| m.end());
    let agency = AGENCY.find(&paragraph[scraped..]).map_or(0, |m| m.end());
    let length = scraped + agency;
    if length > LONGEST_DATELINE {
        return 0;
    }
    // A dateline introduces something: alone, or before a small letter, it is ordinary text.
    let follows = paragraph[length..].chars().next();
    if follows.is_some_and(|c| !c.is_lowercase()) { length } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn roles(text: &str) -> Vec<(&str, Role)> {
        sentences(text).iter().map(|s| (s.span.of(text), s.role)).collect()
    }

    #[test]
    fn abbreviations_and_quotations_do_not_end_a_sentence() {
        let text = "The U.S. President met Mr. Smith. \"We are leaving. It is over,\" he said.";
        assert_eq!(sentences(text).len(), 2);
    }

    #[test]
    fn datelines_are_cut_off() {
        for (text, first) in [
            ("PARIS, February 17. /TASS/. France said so.", "PARIS, February 17. /TASS/."),
            ("LONDON (Reuters) - Britain said so.", "LONDON (Reuters) -"),
            ("BAMAKO, Mali (AP) — Mali said so.", "BAMAKO, Mali (AP) —"),
            ("date 2017-07-11 France said so.", "date 2017-07-11"),
            ("WASHINGTON — The president said so.", "WASHINGTON —"),
        ] {
            let found = roles(text);
            assert_eq!(found[0], (first, Role::Dateline), "{text}");
            assert_eq!(found[1].1, Role::Prose, "{text}");
            assert_eq!(found.len(), 2, "{text}");
        }
    }

    #[test]
    fn ordinary_openings_are_no_datelines() {
        for text in [
            "France (and Mali) - said so, again and again.",
            "Paris said so.",
            "The U.N. - and others - said so.",
            "Macron, Le Drian and others met in Paris.",
        ] {
            assert_eq!(roles(text), [(text, Role::Prose)]);
        }
    }

    #[test]
    fn headings_and_boilerplate_are_marked() {
        let text = "Allies to leave\nThey left on Monday.\nWhy did they leave?\nThey had to.\nREAD MORE: Soldier dies\n(with wires)\n";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        use Role::*;
        assert_eq!(found, [Heading, Prose, Heading, Prose, Boilerplate, Boilerplate]);
    }

    #[test]
    fn bylines_are_names_and_not_sentences() {
        for byline in [
            "By John Smith",
            "by Ann-Marie O’Neill and Jo Li for the Daily Mail",
            "By MAIL REPORTER",
            "By Reuters",
        ] {
            assert_eq!(roles(byline), [(byline, Role::Boilerplate)]);
        }
        for sentence in ["By Friday the troops had left.", "By then it was over.", "By 2025 Mali will vote."]
        {
            assert_eq!(roles(sentence), [(sentence, Role::Prose)]);
        }
    }

    #[test]
    fn an_article_in_one_paragraph_is_not_all_boilerplate() {
        let rest = "The troops left the city on Monday after nine years in the country. ".repeat(4);
        let text = format!("Published: 9 January 2014 by the agency. {rest}");
        assert!(roles(text.trim()).iter().any(|(_, role)| *role == Role::Prose));
    }

    #[test]
    fn hard_wrapped_lines_are_joined() {
        let text = "The government said on Monday that it would\nsend its soldiers home before the end of the\nyear. The minister told reporters that there\nwas no other way to keep them safe.";
        assert_eq!(sentences(text).len(), 2);
    }

    proptest! {
        #[test]
        fn sentences_cover_the_text_in_order(text in "[\\PC\r\n.\"” ]{0,300}") {
            let found = sentences(&text);
            let mut at = 0;
            for sentence in &found {
                prop_assert!(sentence.span.start >= at && sentence.span.end > sentence.span.start);
                prop_assert!(text[at..sentence.span.start].trim().is_empty());
                at = sentence.span.end;
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}
