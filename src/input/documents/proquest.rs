//! Reads exports of ProQuest, as text or in the file of a word processor: many documents in a file, each an article.
//!
//! Documents stand between lines of strokes, or begin with `Document 1 of 2`. A document is its headline, fields such as
//! `Publication info: …`, the text behind `Full text:`, and more fields, among them `Publication title: …`. In newer files
//! of word processors headings in capitals (`FULL TEXT`, `DETAILS`) stand above these parts.

use std::sync::LazyLock;

use regex::Regex;

use super::super::{InputOptions, decode};
use super::lines::{self, Layout};
use super::{Documents, dates};
use crate::article::Article;

/// Fields that only these exports have.
const CERTAIN: [&str; 5] =
    ["full text", "publication info", "publication title", "proquest document id", "document url"];
/// Fields, and a heading, that may stand between the text and the name of the newspaper.
const DETAILS: [&str; 23] = [
    "abstract",
    "author",
    "business indexing term",
    "caption",
    "classification",
    "company / organization",
    "company / organisation",
    "correspondence author",
    "credit",
    "details",
    "identifier / keyword",
    "identifiers / keywords",
    "illustration",
    "links",
    "location",
    "people",
    "person",
    "product name",
    "subject",
    "sub title",
    "subtitle",
    "title",
    "url",
];
/// Headings in capitals, each on a line of its own.
const HEADINGS: [&str; 5] = ["ABSTRACT", "FULL TEXT", "DETAILS", "LINKS", "ABSTRACT (ENGLISH)"];

/// The line before a document: strokes, or its number.
fn separator() -> &'static Regex {
    static SEPARATOR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)^\s*(?:_{20,}|document \d+ of \d+)\s*$").expect("a valid pattern"));
    &SEPARATOR
}

/// Whether content begins as an export of ProQuest.
pub fn recognise(start: &[u8]) -> bool {
    is_export(&String::from_utf8_lossy(start))
}

/// Whether a text has what separates documents, and two fields that only these exports have.
fn is_export(text: &str) -> bool {
    let mut certain: Vec<&str> =
        text.lines().filter_map(part).filter_map(|(name, _)| known(&name, &CERTAIN)).collect();
    certain.sort_unstable();
    certain.dedup();
    certain.len() >= 2 && text.lines().any(|line| separator().is_match(line))
}

/// The name of the field or heading that begins in a line, in small letters, and the value behind it.
fn part(line: &str) -> Option<(String, &str)> {
    let line = line.trim();
    if HEADINGS.contains(&line) {
        return Some((line.to_lowercase(), ""));
    }
    let (name, value) = line.split_once(':')?;
    let is_name = name.starts_with(char::is_uppercase) && name.len() <= 40;
    is_name.then(|| (name.to_lowercase(), value.trim()))
}

/// A name as it stands in a list of names.
fn known<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    names.iter().find(|known| **known == name).copied()
}

/// The documents of an export. Ids are those of ProQuest, or else `<stem>:<number>`, counted from 1.
///
/// # Errors
/// When the bytes are not valid in their encoding.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Documents, String> {
    Ok(documents(&decode::decode(bytes, options.encoding)?, stem, Layout::Folded))
}

/// The documents of an export that the file of a word processor holds, from its paragraphs, one a line; `None` for any
/// other file.
pub(super) fn split(text: &str, stem: &str) -> Option<Documents> {
    is_export(text).then(|| documents(&text.replace(lines::SOFT_BREAK, "\n"), stem, Layout::Whole))
}

fn documents(text: &str, stem: &str, layout: Layout) -> Documents {
    let lines: Vec<&str> = text.lines().collect();
    let pieces = lines.split(|line| separator().is_match(line));
    // Above the first document there may be a table of contents, and below the last one an address.
    let has_fields = |piece: &&[&str]| {
        piece.iter().filter_map(|line| part(line)).any(|(name, _)| known(&name, &CERTAIN).is_some())
    };
    let pieces = pieces.filter(has_fields).enumerate();
    pieces.map(|(n, piece)| document(piece, format!("{stem}:{}", n + 1), layout)).collect()
}

fn document(lines: &[&str], id: String, layout: Layout) -> Result<Article, String> {
    let named = |wanted: &str, from: usize| {
        let is_wanted = |line: &&str| part(line).is_some_and(|(name, _)| name == wanted);
        lines[from..].iter().position(is_wanted).map(|at| from + at)
    };
    let Some(begin) = named("full text", 0) else {
        return Err("has no full text, only what ProQuest says of it".into());
    };
    // A line of the text may begin like a field, so its end is searched from the name of the newspaper upwards.
    let mut end = named("publication title", begin).unwrap_or(lines.len());
    while let Some(before) = lines[begin + 1..end].iter().rposition(|line| !line.trim().is_empty()) {
        let at = begin + 1 + before;
        let is_detail = part(lines[at]).is_some_and(|(name, _)| known(&name, &DETAILS).is_some());
        if !is_detail {
            break;
        }
        end = at;
    }
    let first = part(lines[begin]).map_or("", |(_, value)| value);
    let text = std::iter::once(first).chain(lines[begin + 1..end].iter().copied());
    let text = lines::exported(text, layout).join("\n\n");
    if text.is_empty() {
        return Err("has no text behind 'Full text:'".into());
    }
    let value = |wanted: &str| {
        let (_, value) = part(lines[named(wanted, end)?])?;
        Some(lines::collapsed(value)).filter(|value| !value.is_empty())
    };
    let headline = || lines.iter().find(|line| !line.trim().is_empty()).map(|line| lines::collapsed(line));
    // The place of the newspaper follows its name.
    let newspaper = |name: String| name.split("; ").next().map(str::to_owned);
    Ok(Article {
        title: value("title").or_else(headline),
        source: value("publication title").and_then(newspaper),
        url: value("document url").filter(|url| url.starts_with("http")),
        published: value("publication date").and_then(|date| dates::published(&date)),
        ..Article::new(value("proquest document id").unwrap_or(id), text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STROKES: &str = "____________________________________________________________";
    const FIRST: &str = "Strike ends in Piraeus\n\nAuthor: Roe, Jane\n\nPublication info: The Example Times; London (UK) [London (UK)]13 Jan 2017: 4.\n\nAbstract: Dockers went back.\n\nLinks: https://example.org/link\n\nFull text: Dockers went back to work.\n\nTitle: so the play is named.\n\nIt rained.\n\nCredit: By Jane Roe\n\nSubject: Strikes; Ports\n\nLocation: Piraeus Greece\n\nTitle: Strike ends in Piraeus\n\nPublication title: The Example Times; London (UK)\n\nPages: 4\n\nPublication year: 2017\n\nPublication date: Jan 13, 2017\n\nISSN: 12345678\n\nProQuest document ID: 1858000001\n\nDocument URL: https://www.proquest.com/docview/1858000001\n\nDatabase: Example Newsstream\n";
    const SECOND: &str = "Bank waits\n\nPublication info: Post [Lyon]14 Jan 2017.\n\nFull text: The bank waited.\n\nTitle: Bank waits\n\nPublication title: Post\n\nPublication date: Jan 14, 2017\n";

    #[test]
    fn documents_between_strokes_are_read() {
        let text = format!(
            "{STROKES}\n\n{FIRST}\n{STROKES}\n\n{SECOND}\n{STROKES}\n\nCited\n\nPublication title: Post\n\n{STROKES}\n\nContact us at: http://example.org\n"
        );
        assert!(recognise(text.as_bytes()));
        let found = documents(&text, "x", Layout::Folded);
        assert_eq!(found.len(), 3);
        let first = found[0].as_ref().unwrap();
        assert_eq!(first.text, "Dockers went back to work.\n\nTitle: so the play is named.\n\nIt rained.");
        assert_eq!(
            (first.id.as_str(), first.title.as_deref()),
            ("1858000001", Some("Strike ends in Piraeus"))
        );
        assert_eq!(
            (first.source.as_deref(), first.published.as_deref()),
            (Some("The Example Times"), Some("2017-01-13"))
        );
        assert_eq!(first.url.as_deref(), Some("https://www.proquest.com/docview/1858000001"));
        let second = found[1].as_ref().unwrap();
        assert_eq!(
            (second.id.as_str(), second.text.as_str(), second.title.as_deref()),
            ("x:2", "The bank waited.", Some("Bank waits"))
        );
        assert!(found[2].as_ref().unwrap_err().contains("no full text"));
    }

    #[test]
    fn documents_in_the_file_of_a_word_processor_are_read() {
        let newer = "Document 1 of 1\nStrike ends in Piraeus\nRoe, Jane. The Example Times; London (UK). 13 Jan 2017: 4.\nABSTRACT\nDockers went back.\nFULL TEXT\nDockers went back to work.\nIt rained.\nDETAILS\nSubject: Strikes\nTitle: Strike ends in Piraeus\nPublication title: The Example Times; London (UK)\nPublication date: Jan 13, 2017\nLINKS\nLinking Service\n";
        let older = format!("Document 1 of 2\n{FIRST}\nDocument 2 of 2\n{SECOND}").replace("\n\n", "\n");
        let texts = |text: &str| -> Vec<String> {
            split(text, "x").unwrap().into_iter().map(|article| article.unwrap().text).collect()
        };
        assert_eq!(texts(newer), ["Dockers went back to work.\n\nIt rained."]);
        assert_eq!(texts(&older)[1], "The bank waited.");
        for text in ["Document 1 of 2\n\nFull text: x", "Publication title: x\nFull text: y", ""] {
            assert_eq!(split(text, "x"), None, "{text}");
        }
    }
}
