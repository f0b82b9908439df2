//! Reads text exports of LexisNexis and Nexis Uni: many documents in a file, each an article.
//!
//! In the older layout a document begins with `1 of 2 DOCUMENTS`; in the newer one (Nexis Uni) it ends with `End of
//! Document`. A document is blocks of lines: first source, date, headline and fields such as `LENGTH: 55 words`; then the
//! text, folded at a fixed width; then fields again.

use std::sync::LazyLock;

use regex::Regex;

use super::super::{InputOptions, decode};
use super::{Documents, dates, lines};
use crate::article::{Article, MONTHS, WEEKDAYS};

/// Fields before the text.
const HEADS: [&str; 14] = [
    "byline",
    "section",
    "length",
    "dateline",
    "highlight",
    "headline",
    "title",
    "author",
    "edition",
    "series",
    "type",
    "column",
    "kicker",
    "subhead",
];
/// Fields after the text whose names do not occur in texts.
const CLOSING: [&str; 9] = [
    "load-date",
    "language",
    "publication-type",
    "publication type",
    "journal-code",
    "journal code",
    "document-type",
    "acc-no",
    "correction-date",
];
/// Fields after the text whose names may begin a line of the text. Inside the text they count only in capitals.
const TAILS: [&str; 20] = [
    "graphic",
    "graphics",
    "subject",
    "organization",
    "person",
    "people",
    "geographic",
    "city",
    "state",
    "country",
    "industry",
    "company",
    "ticker",
    "url",
    "notes",
    "classification",
    "names",
    "terms",
    "issn",
    "isbn",
];
/// Headings of groups of such fields in Nexis Uni, on a line of their own.
const HEADINGS: [&str; 3] = ["Classification", "Graphic", "Notes"];

/// Whether content begins as an export of LexisNexis or Nexis Uni.
pub fn recognise(start: &[u8]) -> bool {
    let start = &*String::from_utf8_lossy(start);
    let opened = start.trim_start_matches('\u{feff}').lines().map(str::trim).find(|line| !line.is_empty());
    opened.is_some_and(|line| opener().is_match(line)) || start.lines().any(is_end) || is_nexis_uni(start)
}

/// Whether it has the lines above the text of a Nexis Uni document: `Length: 523 words` and `Body`. The end of a document
/// is not in the first bytes of a file.
fn is_nexis_uni(start: &str) -> bool {
    static LENGTH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^\s*Length:\s*[\d,.]+ words\s*$").expect("a valid pattern"));
    LENGTH.is_match(start) && start.lines().any(|line| line.trim() == "Body")
}

/// The line that begins a document in the older layout.
fn opener() -> &'static Regex {
    static OPENER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^\s*(?:\d+ (?:of|von|de|di|van) \d+ (?:documents?|dokumenten?|documentos?|documenti)|(?:document|dokument|documento) \d+ (?:of|von|de|di|van) \d+)\s*$",
        )
        .expect("a valid pattern")
    });
    &OPENER
}

fn is_end(line: &str) -> bool {
    line.trim().eq_ignore_ascii_case("end of document")
}

/// The documents of an export. Ids are `<stem>:<number>`, counted from 1.
///
/// # Errors
/// When the bytes are not valid in their encoding.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Documents, String> {
    Ok(documents(&decode::decode(bytes, options.encoding)?, stem))
}

/// Whether a text has documents of the older layout: the line that begins one, and a field that each has.
fn is_older(text: &str) -> bool {
    let is_field = |line: &str| {
        field(line, Part::Head).is_some_and(|(name, _)| matches!(name.as_str(), "length" | "load-date"))
    };
    text.lines().any(|line| opener().is_match(line)) && text.lines().any(is_field)
}

/// The documents of an export that the file of a word processor holds; any other file is one article.
pub(super) fn split(article: Article, stem: &str) -> Documents {
    let text = &article.text;
    match (is_nexis_uni(text) && text.lines().any(is_end)) || is_older(text) {
        true => documents(text, stem),
        false => vec![Ok(article)],
    }
}

fn documents(text: &str, stem: &str) -> Documents {
    let text = text.trim_start_matches('\u{feff}').replace('\u{c}', "\n");
    let mut documents: Vec<Vec<&str>> = vec![Vec::new()];
    let (mut opened, mut ended) = (false, false);
    for line in text.lines() {
        if opener().is_match(line) {
            // Before the first document there is the cover page of the export.
            if !opened {
                documents.clear();
            }
            opened = true;
            documents.push(Vec::new());
        } else if is_end(line) {
            ended = true;
            documents.push(Vec::new());
        } else if let Some(document) = documents.last_mut() {
            document.push(line);
        }
    }
    if let Some(first) = documents.first_mut() {
        first.drain(..cover_page(first));
    }
    let has_text = |document: &Vec<&str>| document.iter().any(|line| !line.trim().is_empty());
    // After the last `End of Document` there is nothing, or a page number.
    if ended && !opened && documents.len() > 1 && documents.last().is_some_and(|last| last.len() < 5) {
        documents.pop();
    }
    let documents = documents.into_iter().filter(has_text);
    documents.enumerate().map(|(n, lines)| document(&lines, format!("{stem}:{}", n + 1))).collect()
}

/// How many of the first lines are the cover page that Nexis Uni puts before its documents: who downloaded them, when, and by
/// which search.
fn cover_page(lines: &[&str]) -> usize {
    static COVER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^(?:user name:|date and time:|job number:|documents? \(\d+\)|client/matter:|search terms:|search type:|narrowed by:?|content type\b|\d+\. \S|-none-|about lexisnexis\b)",
        )
        .expect("a valid pattern")
    });
    let is_cover = |line: &&&str| line.trim().is_empty() || COVER.is_match(line.trim());
    let cover = lines.iter().take_while(is_cover).count();
    let is_job = |line: &&str| line.trim().to_ascii_lowercase().starts_with("job number:");
    if lines[..cover].iter().any(is_job) { cover } else { 0 }
}

/// Lines without a blank one between them.
type Block<'a> = Vec<&'a str>;

fn blocks<'a>(lines: &[&'a str]) -> Vec<Block<'a>> {
    let split = lines.split(|line| line.trim().is_empty());
    split.filter(|block| !block.is_empty()).map(<[_]>::to_vec).collect()
}

/// The name of the field that begins in a line, in small letters, and its value.
fn field(line: &str, part: Part) -> Option<(String, &str)> {
    let (label, value) = line.trim().split_once(':')?;
    if !label.starts_with(|c: char| c.is_ascii_uppercase()) || label.len() > 20 {
        return None;
    }
    let capitals = !label.contains(|c: char| c.is_ascii_lowercase());
    let name = label.trim().to_ascii_lowercase();
    let known = CLOSING.contains(&&*name)
        || match part {
            Part::Head | Part::Tail => HEADS.contains(&&*name) || TAILS.contains(&&*name),
            Part::Body => capitals && TAILS.contains(&&*name),
        };
    known.then(|| (name, value.trim()))
}

fn is_copyright(line: &str) -> bool {
    let line = line.trim();
    let rest = line
        .strip_prefix("Copyright")
        .or_else(|| line.strip_prefix("COPYRIGHT"))
        .unwrap_or(line)
        .trim_start();
    let rest = rest.trim_start_matches('©').trim_start_matches("(c)").trim_start();
    (rest.len() < line.len() && rest.starts_with(|c: char| c.is_ascii_digit()))
        || line.eq_ignore_ascii_case("all rights reserved")
}

fn document(lines: &[&str], id: String) -> Result<Article, String> {
    let blocks = blocks(lines);
    let mut article = Article::new(id, "");
    let opens = |line: &&str| field(line, Part::Head).is_some() || is_body(line);
    let first_field = blocks.iter().position(|block| block.iter().any(opens));
    let text_from =
        describe(&mut article, &blocks[..first_field.unwrap_or(blocks.len())], first_field.is_some());

    let labelled = blocks.iter().flatten().any(|line| is_body(line));
    let mut body: Vec<&str> = Vec::new();
    // Without fields, the text is what follows the headline.
    let mut part = if first_field.is_some() { Part::Head } else { Part::Body };
    for block in &blocks[text_from..] {
        let mut lines = block.iter().peekable();
        while let Some(line) = lines.next() {
            let ends = move |line: &&&str| field(line, part).is_some() || is_body(line);
            if is_body(line) && part == Part::Head {
                part = Part::Body;
            } else if let Some((name, value)) = field(line, part) {
                // Its value may go on in the lines below, up to the next field.
                let mut value = value.to_owned();
                while let Some(more) = lines.next_if(|line| !ends(line)) {
                    value.push(' ');
                    value.push_str(more.trim());
                }
                keep(&mut article, &name, lines::collapsed(&value));
                if part == Part::Body {
                    part = Part::Tail;
                }
            } else if is_copyright(line) {
                // After the text only fields follow; above the text the owner's name may go on in the next line.
                if part == Part::Body && !body.is_empty() {
                    part = Part::Tail;
                }
                while lines.next_if(|line| !ends(line)).is_some() {}
            } else if part == Part::Body && block.len() == 1 && HEADINGS.contains(&line.trim()) {
                part = Part::Tail;
            } else if part == Part::Body && is_page(line.trim()) {
                // The number of a page, and the headline that may stand below it on each.
                let is_headline = |line: &str| article.title.as_deref() == Some(line.trim());
                while lines.next_if(|line| is_headline(line)).is_some() {}
            } else if part == Part::Body || (part == Part::Head && !labelled) {
                part = Part::Body;
                body.push(line);
            }
        }
        body.push("");
    }
    article.text = lines::paragraphs(body).join("\n\n");
    match article.text.is_empty() {
        true => Err("has no text between its fields".into()),
        false => Ok(article),
    }
}

/// Keeps the value of a field that an article has, too.
fn keep(article: &mut Article, name: &str, value: String) {
    match name {
        "headline" | "title" if !value.is_empty() => article.title = Some(value),
        "load-date" if article.published.is_none() => article.published = dates::published(&value),
        "url" if value.starts_with("http") => article.url = Some(value),
        _ => {}
    }
}

/// The part of a document that a line belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// Fields before the text.
    Head,
    /// The text.
    Body,
    /// Fields after the text.
    Tail,
}

fn is_body(line: &str) -> bool {
    matches!(line.trim(), "Body" | "BODY" | "BODY:" | "Body:")
}

/// Most lines in which source, date and headline are searched.
const LONGEST_HEAD: usize = 100;

/// Takes source, date and headline from the blocks before the first field. Returns how many blocks were used.
fn describe(article: &mut Article, head: &[Block], fields_follow: bool) -> usize {
    let head_lines =
        head.iter().enumerate().flat_map(|(at, block)| block.iter().map(move |line| (at, line.trim())));
    let head_lines: Vec<(usize, &str)> =
        head_lines.filter(|(_, line)| !is_page(line)).take(LONGEST_HEAD).collect();
    let is_date = |line: &str| line.len() < 80 && dates::iso(line).is_some() && !is_copyright(line);
    // A headline may have a date, too; that of the document begins its line.
    let first =
        |wanted: fn(&str) -> bool| head_lines.iter().position(|(_, line)| is_date(line) && wanted(line));
    let Some(date) = first(begins_with_date).or_else(|| first(|_| true)) else {
        // Without a date, only a headline before the fields is certain.
        if let Some(block) = head.first().filter(|_| fields_follow) {
            article.title = Some(lines::collapsed(&block.join(" ")));
            return head.len();
        }
        return 0;
    };
    article.published = dates::published(head_lines[date].1);
    let owned = |at: usize| {
        let block = &head[head_lines[at].0];
        let from = block.iter().take(LONGEST_HEAD).position(|line| is_copyright(line));
        from.is_some_and(|from| {
            block[from..].iter().take(LONGEST_HEAD).any(|line| line.trim() == head_lines[at].1)
        })
    };
    let named: Vec<usize> = (0..date).filter(|&at| !owned(at)).collect();
    if let Some(&at) = named.last() {
        article.source = Some(lines::collapsed(head_lines[at].1));
    }
    // Nexis Uni: the headline is above the source.
    if let [above @ .., _] = named.as_slice()
        && !above.is_empty()
    {
        let from = head_lines[above[above.len() - 1]].0;
        let title = above.iter().filter(|&&at| head_lines[at].0 == from).map(|&at| head_lines[at].1);
        article.title = Some(lines::collapsed(&title.collect::<Vec<_>>().join(" ")));
        return head.len();
    }
    // The older layout: the headline is the first block below the date that is no edition and no copyright.
    let below = head_lines[date].0 + 1;
    for (at, block) in head.iter().enumerate().skip(below) {
        let line = block[0].trim();
        if !is_copyright(line) && !is_edition(line) {
            article.title = Some(lines::collapsed(&block.join(" ")));
            // Without fields, what follows is the text.
            return if fields_follow { head.len() } else { at + 1 };
        }
    }
    head.len()
}

/// Whether a line begins with a number, a month or a day of the week.
fn begins_with_date(line: &str) -> bool {
    let word = line.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let word = word.to_lowercase();
    word.starts_with(|c: char| c.is_ascii_digit())
        || (word.len() >= 3 && MONTHS.iter().chain(&WEEKDAYS).any(|name| name.starts_with(&word)))
}

fn is_edition(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.ends_with(" edition") || line.starts_with("edition ") || line == "correction appended"
}

fn is_page(line: &str) -> bool {
    static PAGE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)^page \d+ of \d+$").expect("a valid pattern"));
    PAGE.is_match(line)
}

#[cfg(test)]
mod tests;
