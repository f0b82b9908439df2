//! Reads exports of Factiva, as text or in the file of a word processor: many documents in a file, each an article.
//!
//! A document ends with its accession number, `Document EXAM000020170113ed1d0003x`. Before it, fields begin with codes of
//! two or three letters (`HD` the headline, `LP` and `TD` the text, …); in RTF the codes are the first column of a table. In
//! the plain layout there are no codes, and fields are known by their order: headline, byline, `40 words`, date, source,
//! language, copyright, a blank line, the text.

use std::sync::LazyLock;

use regex::Regex;

use super::super::{InputOptions, decode};
use super::lines::{self, Layout};
use super::{Documents, dates};
use crate::article::Article;

/// The codes of fields, as <https://developer.dowjones.com> lists them.
const CODES: [&str; 36] = [
    "SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "NGC", "GC", "ED", "PG", "VOL", "LA", "CY", "CX",
    "LP", "TD", "CT", "RF", "ART", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "CLM", "DLN", "PBY",
    "DE", "FDS", "RIC",
];

/// The line that ends a document.
fn ending() -> &'static Regex {
    static ENDING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(?:AN\s+)?Document ([A-Za-z0-9]{12,40})\s*$").expect("a valid pattern")
    });
    &ENDING
}

/// The line with the number of words.
fn words() -> &'static Regex {
    static WORDS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\s*[\d,.]+ words\s*$").expect("a valid pattern"));
    &WORDS
}

/// Whether content begins as an export of Factiva.
pub fn recognise(start: &[u8]) -> bool {
    let start = &*String::from_utf8_lossy(start);
    has_codes(start) || start.lines().any(|line| ending().is_match(line)) || is_plain(start)
}

/// Whether lines begin with the code of a headline and with those of two other fields.
fn has_codes(text: &str) -> bool {
    let codes: Vec<&str> = text.lines().filter_map(code).map(|(code, _)| code).collect();
    codes.contains(&"HD")
        && codes.iter().filter(|code| ["WC", "PD", "SN", "LP", "LA", "SC"].contains(code)).count() >= 2
}

/// Whether it begins as the plain layout: a line with a number of words, then one with a date.
fn is_plain(start: &str) -> bool {
    let mut lines = start.lines().map(str::trim);
    lines.by_ref().any(|line| words().is_match(line))
        && lines.next().is_some_and(|line| line.len() < 40 && dates::iso(line).is_some())
}

/// The code at the beginning of a line, and the text after it, which follows two spaces or a tab.
fn code(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let end = line.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(line.len());
    let (code, rest) = line.split_at(end);
    let apart = rest.is_empty() || rest.starts_with('\t') || rest.starts_with("  ");
    (apart && CODES.contains(&code)).then(|| (code, rest.trim()))
}

/// The documents of an export. Ids are their accession numbers, or else `<stem>:<number>`, counted from 1.
///
/// # Errors
/// When the bytes are not valid in their encoding.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Documents, String> {
    Ok(documents(&decode::decode(bytes, options.encoding)?, stem, Layout::Folded))
}

/// The documents of an export that the file of a word processor holds, from its paragraphs, one a line; `None` for any
/// other file.
pub(super) fn split(text: &str, stem: &str) -> Option<Documents> {
    let text = text.replace(lines::SOFT_BREAK, "\n");
    let is_export = text.lines().any(|line| ending().is_match(line)) && (has_codes(&text) || is_plain(&text));
    is_export.then(|| documents(&text, stem, Layout::Whole))
}

fn documents(text: &str, stem: &str, layout: Layout) -> Documents {
    let text = text.trim_start_matches('\u{feff}').replace('\u{c}', "\n");
    let mut documents = Vec::new();
    let mut document: Vec<&str> = Vec::new();
    let mut has_text = false;
    for line in text.lines() {
        let marked = code(line).map(|(code, _)| code);
        // A document without its number: the next one begins.
        if has_text && matches!(marked, Some("HD" | "SE" | "CLM")) {
            documents.push((std::mem::take(&mut document), None));
            has_text = false;
        }
        has_text |= matches!(marked, Some("LP" | "TD"));
        if let Some(found) = ending().captures(line) {
            documents.push((std::mem::take(&mut document), found.get(1).map(|id| id.as_str())));
            has_text = false;
        } else {
            document.push(line);
        }
    }
    let is_coded =
        |lines: &[&str]| lines.iter().any(|line| matches!(code(line), Some(("HD" | "LP" | "TD", _))));
    // After the last document there is a summary of the search, or nothing.
    if is_coded(&document) || documents.is_empty() || document.iter().any(|line| words().is_match(line)) {
        documents.push((document, None));
    }
    documents.retain(|(lines, id)| id.is_some() || lines.iter().any(|line| !line.trim().is_empty()));
    let article = |n: usize, (lines, id): (Vec<&str>, Option<&str>)| {
        let id = id.map_or_else(|| format!("{stem}:{}", n + 1), str::to_owned);
        let article = if is_coded(&lines) { coded(&lines, id, layout) } else { plain(&lines, id, layout) };
        match article.text.is_empty() {
            true => Err("has no text (LP and TD of Factiva's codes)".into()),
            false => Ok(article),
        }
    };
    documents.into_iter().enumerate().map(|(n, document)| article(n, document)).collect()
}

fn coded(lines: &[&str], id: String, layout: Layout) -> Article {
    let mut article = Article::new(id, "");
    let mut body: Vec<&str> = Vec::new();
    let mut fields: Vec<(&str, String)> = Vec::new();
    let mut now = "";
    for line in lines {
        let line = match code(line) {
            Some((code, rest)) => {
                now = code;
                if matches!(code, "LP" | "TD") {
                    body.push("");
                } else {
                    fields.push((code, String::new()));
                }
                rest
            }
            None => line,
        };
        match (now, fields.last_mut()) {
            ("LP" | "TD", _) => body.push(line),
            (_, Some((_, value))) => {
                value.push(' ');
                value.push_str(line);
            }
            // Before the first code.
            _ => {}
        }
    }
    let value = |wanted: &str| {
        let (_, value) = fields.iter().find(|(code, value)| *code == wanted && !value.trim().is_empty())?;
        Some(lines::collapsed(value))
    };
    article.title = value("HD");
    article.source = value("SN").or_else(|| value("SC"));
    article.published = value("PD").and_then(|date| {
        let time = value("ET").unwrap_or_default();
        dates::iso(&format!("{date} {time}")).or_else(|| dates::published(&date))
    });
    article.text = lines::exported(body, layout).join("\n\n");
    article
}

fn plain(lines: &[&str], id: String, layout: Layout) -> Article {
    let mut article = Article::new(id, "");
    let Some(count) = lines.iter().position(|line| words().is_match(line)) else {
        article.text = lines::exported(lines.iter().copied(), layout).join("\n\n");
        return article;
    };
    let is_byline = |line: &&str| line.len() > 3 && line.as_bytes()[..3].eq_ignore_ascii_case(b"by ");
    // The headline is the block of lines above the number of words; what is further up belongs to the export.
    let above = lines[..count].iter().map(|line| line.trim()).filter(|line| !is_byline(line));
    let above: Vec<&str> = above.collect();
    let above: Vec<&[&str]> = above.split(|line| line.is_empty()).filter(|block| !block.is_empty()).collect();
    let above = match above.as_slice() {
        // In the file of a word processor the headline stands apart, and a name may stand below it without "By".
        [title, [name]] if layout == Layout::Whole && title.len() <= 2 && is_name(name) => Some(title),
        blocks => blocks.last(),
    };
    article.title = above.map(|block| lines::collapsed(&block.join(" "))).filter(|title| !title.is_empty());
    let below: Vec<&str> = lines[count + 1..].iter().map(|line| line.trim()).collect();
    let (head, below) = below.split_at(head(&below));
    let mut head = head.iter().copied().filter(|line| !line.is_empty());
    article.published = head.next().and_then(dates::published);
    static TIME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\d\d:\d\d\b").expect("a valid pattern"));
    let mut head = head.skip_while(|line| TIME.is_match(line));
    article.source = head.next().map(lines::collapsed);
    article.text = lines::exported(below.iter().copied(), layout).join("\n\n");
    article
}

/// Whether a line is two to four words that begin with capitals.
fn is_name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    (2..=4).contains(&words.len()) && words.iter().all(|word| word.starts_with(char::is_uppercase))
}

/// Most lines of the head between the number of words and the text: date, time, source, its code, edition, page, language,
/// copyright, and blank lines.
const LONGEST_HEAD: usize = 16;

/// How many of the lines below the number of words are the head: up to those that say who owns the text, or else up to the
/// first blank line. Files of word processors may have no blank line there, or more than one.
fn head(lines: &[&str]) -> usize {
    let is_sentence = |line: &str| line.ends_with(['.', '!', '?', '"', '”']);
    let near = lines.iter().take(LONGEST_HEAD);
    let near = near.take_while(|line| is_owner(line) || !is_sentence(line)).count();
    if let Some(owner) = lines[..near].iter().position(|line| is_owner(line)) {
        return owner + lines[owner..].iter().take_while(|line| is_owner(line)).count();
    }
    let begin = lines.iter().take_while(|line| line.is_empty()).count();
    begin + lines[begin..].iter().take_while(|line| !line.is_empty()).count()
}

/// Whether a line says who owns the text: "Copyright 2017 The Example Times", "(c) 2017 Post", "© Post".
fn is_owner(line: &str) -> bool {
    static OWNER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^\W*(?:copyright\b|©)|^\(c\)|^all rights reserved").expect("a valid pattern")
    });
    OWNER.is_match(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODED: &str = "HD\nHarbour Strike Ends\nin Piraeus\nBY\nBy JANE ROE\nWC\n40 words\nPD\n13 January 2017\nET\n10:15\nSN\nThe Example Times\nLA\nEnglish\nCY\nCopyright 2017 The Example Times Company\n\nLP\nATHENS - Dockers in Piraeus went back to work on Friday after the port\nauthority offered them a new contract, their union said.\n\nTD\nThe transport minister, Anna Papadaki, called it a fair deal.\n\nCO\npirport : Piraeus Port Authority\n\nIN\nTransport\n\nAN\nDocument EXAM000020170113ed1d0003x\n\n\nHD\tBank waits\nWC  12 words\nPD  14 January 2017\nSN  The Example Post\nLP  The bank waited.\nAN  Document EXAM000020170114ed1d0004y\n\nSearch Summary\nText: harbour\n";

    #[test]
    fn a_document_with_codes_is_read() {
        assert!(recognise(CODED.as_bytes()));
        let found: Vec<Article> =
            documents(CODED, "x", Layout::Folded).into_iter().map(Result::unwrap).collect();
        assert_eq!(found.len(), 2);
        let first = &found[0];
        assert_eq!(
            (first.id.as_str(), first.title.as_deref()),
            ("EXAM000020170113ed1d0003x", Some("Harbour Strike Ends in Piraeus"))
        );
        assert_eq!(
            (first.source.as_deref(), first.published.as_deref()),
            (Some("The Example Times"), Some("2017-01-13T10:15:00"))
        );
        assert_eq!(
            first.text,
            "ATHENS - Dockers in Piraeus went back to work on Friday after the port authority offered them a new contract, their union said.\n\nThe transport minister, Anna Papadaki, called it a fair deal."
        );
        assert_eq!(
            (found[1].title.as_deref(), found[1].text.as_str()),
            (Some("Bank waits"), "The bank waited.")
        );
    }

    #[test]
    fn the_plain_layout_is_read() {
        let text = "Harbour Strike Ends\nBy Jane Roe\n40 words\n13 January 2017\n10:15\nThe Example Times\nEXAM\nEnglish\nCopyright 2017 The Example Times Company\n\nDockers went back to work.\n\nIt rained.\n\nDocument EXAM000020170113ed1d0003x\n\nBank waits\n3 words\n14 January 2017\nPost\n\nThe bank waited.\n\nDocument EXAM000020170114ed1d0004y\n";
        assert!(recognise(text.as_bytes()));
        let found: Vec<Article> =
            documents(text, "x", Layout::Folded).into_iter().map(Result::unwrap).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].title.as_deref(), Some("Harbour Strike Ends"));
        assert_eq!(
            (found[0].source.as_deref(), found[0].published.as_deref()),
            (Some("The Example Times"), Some("2017-01-13"))
        );
        assert_eq!(found[0].text, "Dockers went back to work.\n\nIt rained.");
        assert_eq!(
            (found[1].title.as_deref(), found[1].text.as_str()),
            (Some("Bank waits"), "The bank waited.")
        );
    }

    #[test]
    fn an_export_in_rtf_is_split_with_codes_and_without() {
        let coded = r"{\rtf1\ansi\trowd\pard\intbl\b HD\cell\b0 Harbour Strike Ends in Piraeus\cell\row\intbl WC\cell 40 words\cell\row\intbl PD\cell 13 January 2017\cell\row\intbl SN\cell The Example Times\cell\row\intbl LP\cell Dockers went back to work.\par It rained.\cell\row\intbl IN\cell Transport\cell\row\intbl AN\cell Document EXAM000020170113ed1d0003x\cell\row\pard\page\intbl HD\cell Bank waits\cell\row\intbl PD\cell 14 January 2017\cell\row\intbl SN\cell Post\cell\row\intbl LP\cell The bank waited.\cell\row\intbl AN\cell Document EXAM000020170114ed1d0004y\cell\row\pard Search Summary\par}";
        let plain = r"{\rtf1\ansi\b Harbour Strike Ends in Piraeus\b0\par\par Jane Roe\par 40 words\par 13 January 2017\par 10:15\par The Example Times\par EXAM\par English\par Copyright 2017 The Example Times Company. All Rights Reserved.\par\par Dockers went back to work.\par\par It rained.\par\par Document EXAM000020170113ed1d0003x\par\page Bank waits\par 3 words\par 14 January 2017\par Post\par English\par (c) 2017 Post\par The bank waited.\par Document EXAM000020170114ed1d0004y\par}";
        for rtf in [coded, plain] {
            let found =
                super::super::rtf::read(rtf.as_bytes(), "x", &InputOptions::default()).unwrap().into_iter();
            let told = found.map(|article| {
                let Article { id, title, source, published, text, .. } = article.unwrap();
                [id, title.unwrap(), source.unwrap(), published.unwrap(), text].join("|")
            });
            let wanted = [
                "EXAM000020170113ed1d0003x|Harbour Strike Ends in Piraeus|The Example Times|2017-01-13|Dockers went back to work.\n\nIt rained.",
                "EXAM000020170114ed1d0004y|Bank waits|Post|2017-01-14|The bank waited.",
            ];
            assert_eq!(told.collect::<Vec<_>>(), wanted);
        }
        assert_eq!(split("A report.\nDocument EXAM000020170113ed1d0003x", "x"), None);
    }

    #[test]
    fn a_document_without_text_does_not_cost_the_others() {
        let text = "HD\nA\nPD\n13 January 2017\nAN\nDocument EXAM000020170113ed1d0003x\nHD\nB\nLP\nText.\nHD\nC\nLP\nMore.\n";
        let found = documents(text, "x", Layout::Folded);
        assert!(found[0].is_err());
        let texts: Vec<&str> =
            found[1..].iter().map(|article| article.as_ref().unwrap().text.as_str()).collect();
        assert_eq!(texts, ["Text.", "More."]);
        assert!(!recognise(b"The IN crowd\nHD\nTV sets."));
    }
}
