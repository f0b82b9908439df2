//! Finds what a program put above an article in plain text: lines `title: …` between two lines `---` (web clippers of
//! notebooks, trafilatura), or fields with names that are known, such as `Title:`, `Date:` and `Source:` (exports, reader
//! services, mail that was saved as text).

use super::documents::dates;
use crate::article::collapsed;

/// The line above and below the fields of web clippers.
const FENCE: &str = "---";
/// Most lines of a head.
const MOST_LINES: usize = 100;
/// Least fields without a line `---` and without a title: fewer may be the text itself.
const LEAST: usize = 3;
/// Least fields of which one is the title.
const LEAST_WITH_TITLE: usize = 2;

const TITLES: [&str; 3] = ["title", "headline", "subject"];
const SOURCES: [&str; 10] = [
    "sitename",
    "site",
    "site name",
    "publication",
    "publisher",
    "outlet",
    "newspaper",
    "source",
    "hostname",
    "from",
];
const ADDRESSES: [&str; 5] = ["url", "source", "link", "url source", "source url"];
const DATES: [&str; 6] =
    ["published", "date", "published time", "publication date", "date published", "sent"];
/// Other names of fields.
#[rustfmt::skip]
const OTHERS: [&str; 18] = [
    "author", "authors", "by", "byline", "section", "category", "categories", "tags", "keywords", "language",
    "word count", "length", "to", "cc", "bcc", "attachments", "retrieved", "accessed",
];
/// Names of the field that holds the text.
const TEXTS: [&str; 6] = ["text", "full text", "body", "content", "article", "markdown content"];

/// What is known of an article.
pub struct Head {
    /// Names in small letters, and values.
    fields: Vec<(String, String)>,
    /// Where the text begins, in bytes.
    pub end: usize,
}

impl Head {
    /// The head of a text; `None` where it has none, or nothing else.
    pub fn of(text: &str) -> Option<Self> {
        fenced(text).or_else(|| unfenced(text))
    }

    /// The title.
    pub fn title(&self) -> Option<String> {
        self.value(&TITLES, |_| true)
    }

    /// The outlet.
    pub fn source(&self) -> Option<String> {
        self.value(&SOURCES, |value| !is_address(value))
    }

    /// The web address.
    pub fn url(&self) -> Option<String> {
        self.value(&ADDRESSES, is_address)
    }

    /// The date, in ISO 8601 where it is certain.
    pub fn published(&self) -> Option<String> {
        self.value(&DATES, |_| true).and_then(|date| dates::published(&date))
    }

    /// The first value that is not empty and fits; the names are tried in their order.
    fn value(&self, names: &[&str], fits: fn(&str) -> bool) -> Option<String> {
        let is_known = |value: &str| !value.is_empty() && fits(value);
        let found =
            |name: &&str| self.fields.iter().find(|(known, value)| known == name && is_known(value.as_str()));
        names.iter().find_map(found).map(|(_, value)| value.clone())
    }

    fn has(&self, names: &[&str]) -> bool {
        self.fields.iter().any(|(name, _)| names.contains(&name.as_str()))
    }
}

fn is_address(value: &str) -> bool {
    value.starts_with("https://") || value.starts_with("http://")
}

/// Fields between two lines `---`, at the beginning of the text.
fn fenced(text: &str) -> Option<Head> {
    let (mut fields, mut end) = (Vec::new(), 0);
    for (number, line) in text.split_inclusive('\n').enumerate().take(MOST_LINES) {
        end += line.len();
        let line = line.trim_end();
        match line.split_once(':') {
            _ if number == 0 && line == FENCE => {}
            _ if number == 0 => return None,
            _ if line == FENCE => {
                let head = Head { fields, end };
                return head.has(&["title", "url", "source"]).then_some(head);
            }
            Some((name, value)) if is_name(name) => {
                fields.push((name.to_ascii_lowercase(), unquoted(value.trim()).to_owned()));
            }
            // The items of a list, and blank lines.
            _ if line.is_empty() || line.starts_with([' ', '\t', '-']) => {}
            _ => return None,
        }
    }
    None
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// A value without the quotes around it.
fn unquoted(value: &str) -> &str {
    let inside = |quote: char| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// Fields with known names, one a line, at the beginning of the text. Blank lines may be between them.
fn unfenced(text: &str) -> Option<Head> {
    let mut head = Head { fields: Vec::new(), end: 0 };
    let (mut at, mut is_labelled, mut is_open) = (0, false, false);
    for line in text.split_inclusive('\n').take(MOST_LINES) {
        at += line.len();
        let bare = line.trim();
        if bare.is_empty() {
            is_open = false;
            continue;
        }
        // A long value may go on in a line that is indented.
        if is_open
            && line.starts_with([' ', '\t'])
            && let Some((_, value)) = head.fields.last_mut()
        {
            *value = collapsed(&format!("{value} {bare}"));
            head.end = at;
            continue;
        }
        let Some((name, value)) = field(bare) else { break };
        if TEXTS.contains(&name.as_str()) {
            is_labelled = true;
            head.end = at - line.len() + line.trim_end().len() - value.len();
            break;
        }
        let is_known = [&TITLES[..], &SOURCES, &ADDRESSES, &DATES, &OTHERS]
            .iter()
            .any(|names| names.contains(&name.as_str()));
        if !is_known {
            break;
        }
        head.fields.push((name, value.to_owned()));
        (head.end, is_open) = (at, true);
    }
    let least = if head.has(&["title", "headline"]) { LEAST_WITH_TITLE } else { LEAST };
    let is_head = head.fields.len() + usize::from(is_labelled) >= least && !head.fields.is_empty();
    (is_head && !text[head.end..].trim().is_empty()).then_some(head)
}

/// The name of a field in small letters, and its value. The name may be in bold type of Markdown: `**Title:** …`.
fn field(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_matches(['*', ' ']);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphabetic() || c == ' ');
    is_name.then(|| (name.to_lowercase(), value.trim_start_matches(['*', ' ', '\t'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Title, source, address, date, and the text behind the head.
    fn told(text: &str) -> Option<[String; 5]> {
        let head = Head::of(text)?;
        let known =
            [head.title(), head.source(), head.url(), head.published()].map(Option::unwrap_or_default);
        let [title, source, url, published] = known;
        Some([title, source, url, published, text[head.end..].trim().to_owned()])
    }

    #[test]
    fn fields_above_plain_text_are_its_head() {
        for text in [
            "Title: Strike ends: so they say\nDate: 13 January 2017\nAuthor: Jane Roe\nSource: The Paper\nURL: https://example.org/1\n\nDockers left.\n",
            "\nHEADLINE:  Strike ends:\n  so they say\r\nPUBLICATION: The Paper\r\n\r\nDATE: January 13, 2017\r\nLINK: https://example.org/1\r\nDockers left.",
            "**Title:** Strike ends: so they say\n**Published:** 2017-01-13\n**Outlet:** The Paper\n**URL:** https://example.org/1\n**Text:** Dockers left.",
            "Title: Strike ends: so they say\n\nURL Source: https://example.org/1\n\nPublished Time: 2017-01-13\n\nSite: The Paper\n\nMarkdown Content:\nDockers left.",
            "From: The Paper\nSent: Friday, January 13, 2017\nTo: Desk\nSubject: Strike ends: so they say\nURL: https://example.org/1\n\nDockers left.",
        ] {
            let wanted = [
                "Strike ends: so they say",
                "The Paper",
                "https://example.org/1",
                "2017-01-13",
                "Dockers left.",
            ];
            assert_eq!(told(text).unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn other_lines_are_no_head() {
        for text in [
            "Title: Dockers left.\nIt rained.",
            "From: press@example.org\nSubject: Strike\n\nDear all,\nDockers left.",
            "Date: 13 January\nDockers left: they were paid.",
            "Title: Strike ends\nDate: 2017-01-13\n",
            "ANNA SCHMIDT: We welcome it.\nSAM POE: Why?\nTITLE: no",
            "Text: Dockers left.",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
