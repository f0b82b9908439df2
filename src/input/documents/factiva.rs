//! Reads text exports of Factiva: many documents in a file, each an article.
//!
//! A document ends with its accession number, `Document EXAM000020170113ed1d0003x`. Before it, fields begin with codes of
//! two or three letters (`HD` the headline, `LP` and `TD` the text, …). In the plain layout there are no codes, and fields
//! are known by their order: headline, byline, `40 words`, date, source, language, copyright, a blank line, the text.

use std::sync::LazyLock;

use regex::Regex;

use super::super::{InputOptions, decode};
use super::{Documents, dates, lines};
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
    let codes: Vec<&str> = start.lines().filter_map(code).map(|(code, _)| code).collect();
    let coded = codes.contains(&"HD")
        && codes.iter().filter(|code| ["WC", "PD", "SN", "LP", "LA", "SC"].contains(code)).count() >= 2;
    coded || start.lines().any(|line| ending().is_match(line)) || is_plain(start)
}

/// Whether it begins as the plain layout: a line with a number of words, then one with a date.
fn is_plain(start: &str) -> bool {
    let mut lines = start.lines().map(str::trim);
    lines.by_ref().any(|line| words().is_match(line))
        && lines.next().is_some_and(|line| line.len() < 40 && dates::iso(line).is_some())
}

/// The code at the beginning of a line, and the text after it, which follows two spaces or a tab.
fn code(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
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
    Ok(documents(&decode::decode(bytes, options.encoding)?, stem))
}

fn documents(text: &str, stem: &str) -> Documents {
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
    if is_coded(&document) || (documents.is_empty() || document.iter().any(|line| words().is_match(line))) {
        documents.push((document, None));
    }
    documents.retain(|(lines, id)| id.is_some() || lines.iter().any(|line| !line.trim().is_empty()));
    let article = |n: usize, (lines, id): (Vec<&str>, Option<&str>)| {
        let id = id.map_or_else(|| format!("{stem}:{}", n + 1), str::to_owned);
        let article = if is_coded(&lines) { coded(&lines, id) } else { plain(&lines, id) };
        match article.text.is_empty() {
            true => Err("has no text (LP and TD of Factiva's codes)".into()),
            false => Ok(article),
        }
    };
    documents.into_iter().enumerate().map(|(n, document)| article(n, document)).collect()
}

fn coded(lines: &[&str], id: String) -> Article {
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
    article.text = lines::unfolded(body).join("\n\n");
    article
}

fn plain(lines: &[&str], id: String) -> Article {
    let mut article = Article::new(id, "");
    let Some(count) = lines.iter().position(|line| words().is_match(line)) else {
        article.text = lines::unfolded(lines.iter().copied()).join("\n\n");
        return article;
    };
    let is_byline = |line: &&str| line.len() > 3 && line.as_bytes()[..3].eq_ignore_ascii_case(b"by ");
    // The headline is the block of lines above the number of words; what is further up belongs to the export.
    let above = lines[..count].iter().map(|line| line.trim()).filter(|line| !is_byline(line));
    let above: Vec<&str> = above.collect();
    let above = above.split(|line| line.is_empty()).rfind(|block| !block.is_empty());
    article.title = above.map(|block| lines::collapsed(&block.join(" "))).filter(|title| !title.is_empty());
    let mut below = lines[count + 1..].iter().map(|line| line.trim());
    let mut head = Vec::new();
    for line in below.by_ref() {
        match line.is_empty() {
            true if head.is_empty() => {}
            true => break,
            false => head.push(line),
        }
    }
    let mut head = head.into_iter();
    article.published = head.next().and_then(dates::published);
    static TIME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\d\d:\d\d\b").expect("a valid pattern"));
    let mut head = head.skip_while(|line| TIME.is_match(line));
    article.source = head.next().map(lines::collapsed);
    article.text = lines::unfolded(below).join("\n\n");
    article
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODED: &str = "HD\nHarbour Strike Ends\nin Piraeus\nBY\nBy JANE ROE\nWC\n40 words\nPD\n13 January 2017\nET\n10:15\nSN\nThe Example Times\nLA\nEnglish\nCY\nCopyright 2017 The Example Times Company\n\nLP\nATHENS - Dockers in Piraeus went back to work on Friday after the port\nauthority offered them a new contract, their union said.\n\nTD\nThe transport minister, Anna Papadaki, called it a fair deal.\n\nCO\npirport : Piraeus Port Authority\n\nIN\nTransport\n\nAN\nDocument EXAM000020170113ed1d0003x\n\n\nHD\tBank waits\nWC  12 words\nPD  14 January 2017\nSN  The Example Post\nLP  The bank waited.\nAN  Document EXAM000020170114ed1d0004y\n\nSearch Summary\nText: harbour\n";

    #[test]
    fn a_document_with_codes_is_read() {
        assert!(recognise(CODED.as_bytes()));
        let found: Vec<Article> = documents(CODED, "x").into_iter().map(Result::unwrap).collect();
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
        let found: Vec<Article> = documents(text, "x").into_iter().map(Result::unwrap).collect();
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
    fn a_document_without_text_does_not_cost_the_others() {
        let text = "HD\nA\nPD\n13 January 2017\nAN\nDocument EXAM000020170113ed1d0003x\nHD\nB\nLP\nText.\nHD\nC\nLP\nMore.\n";
        let found = documents(text, "x");
        assert!(found[0].is_err());
        let texts: Vec<&str> =
            found[1..].iter().map(|article| article.as_ref().unwrap().text.as_str()).collect();
        assert_eq!(texts, ["Text.", "More."]);
        assert!(!recognise(b"The IN crowd\nHD\nTV sets."));
    }
}
