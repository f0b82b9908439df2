//! Converts HTML in a field of a record or an entry of a feed to text as a browser would show it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::LazyLock;

use dom_query::Document;
use regex::Regex;
use serde::Serialize;

use super::html;
use crate::panics::caught;

/// Whether the fields of records are taken for HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HtmlFields {
    /// Text with HTML tags or character references is converted; other text stays as it is.
    #[default]
    Auto,
    /// Every text is HTML.
    Always,
    /// No text is HTML.
    Never,
}

impl FromStr for HtmlFields {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(format!("'{text}' is none of auto, always and never")),
        }
    }
}

/// A text with its HTML converted, as far as `fields` says that it is HTML.
pub fn strip(text: &str, fields: HtmlFields) -> String {
    match fields {
        HtmlFields::Never => text.to_owned(),
        HtmlFields::Always => html_to_text(text),
        HtmlFields::Auto if has_tags(text) => html_to_text(text),
        HtmlFields::Auto if REFERENCE.is_match(text) => replace_references(text),
        HtmlFields::Auto => text.to_owned(),
    }
}

/// The text of a piece of HTML: a blank line between paragraphs, without scripts and the like. Of a whole page it is the
/// main text, where one is found.
pub fn html_to_text(markup: &str) -> String {
    if is_too_deep(markup) {
        let lines = BLOCK.replace_all(markup, "\n\n");
        return replace_references(&ANY.replace_all(&lines, ""));
    }
    if is_page(markup)
        && let Ok(Ok(article)) = caught(|| html::extract("page", markup))
        && !article.text.trim().is_empty()
    {
        return article.text;
    }
    let lines = match has_blocks(markup) {
        true => Cow::Borrowed(markup),
        // Without block elements, only the lines tell where paragraphs end.
        false => Cow::Owned(markup.replace('\n', "<br>")),
    };
    let piece = Document::fragment(lines.as_ref());
    piece.select("script, style, noscript, template, iframe, svg, object, head").remove();
    // The library breaks no line around these.
    piece.select("figcaption, figure, aside, header, footer, main, address, dt, dd").rename("div");
    piece.formatted_text().to_string()
}

/// Most elements inside each other: the time of the HTML parser grows with the square of the depth.
const DEEPEST: usize = 500;

/// Elements that are not counted: they end where the next of their kind begins, or hold nothing.
const SHALLOW: [&str; 16] = [
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "br", "hr", "img", "input", "meta", "link", "source",
    "wbr",
];

/// Whether there may be more elements inside each other than [`DEEPEST`]. Only tags are counted, without parsing, so the
/// count may be too high where tags are not closed.
fn is_too_deep(markup: &str) -> bool {
    let (mut open, mut depth): (HashMap<String, usize>, usize) = (HashMap::new(), 0);
    for tag in ANY.captures_iter(markup) {
        let name = tag[2].to_ascii_lowercase();
        if SHALLOW.contains(&name.as_str()) {
            continue;
        }
        let times = open.entry(name).or_default();
        if tag[1].is_empty() {
            (*times, depth) = (*times + 1, depth + 1);
        } else if *times > 0 {
            (*times, depth) = (*times - 1, depth - 1);
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// Whether HTML has an element that begins a line or paragraph of its own.
pub fn has_blocks(markup: &str) -> bool {
    BLOCK.is_match(markup)
}

/// Whether HTML begins with such an element.
pub fn begins_block(markup: &str) -> bool {
    let end = markup.bytes().take(LONGEST_TAG).position(|byte| byte == b'>');
    let tag = end.map(|end| &markup[..=end]);
    tag.and_then(|tag| BLOCK.find(tag)).is_some_and(|block| block.start() == 0)
}

/// Bytes within which a tag has to end, so that no text is searched again and again.
const LONGEST_TAG: usize = 500;

fn is_page(markup: &str) -> bool {
    let start = markup.trim_start().get(..14).unwrap_or_default().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// Tags that are common in text from editors and content management systems.
const NAMES: &str = "a|abbr|article|b|blockquote|body|center|cite|code|div|em|figcaption|figure|font|h[1-6]|head|html|i|\
                     iframe|li|main|mark|ol|p|pre|q|s|script|section|small|span|strong|style|sub|sup|table|tbody|td|th|tr|u|ul";

static TAG: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(
        r"(?i)<(?:(?P<open>{NAMES})(?:\s[^<>]*)?|/(?P<close>{NAMES})\s*|(?P<alone>(?:br|hr)\s*/?|img\s[^<>]*))>"
    );
    Regex::new(&pattern).expect("a valid pattern")
});

static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    let names = "article|blockquote|body|br|div|figure|h[1-6]|hr|html|li|main|ol|p|pre|section|table|tr|ul";
    Regex::new(&format!(r"(?i)<(?:{names})(?:\s[^<>]*)?/?>")).expect("a valid pattern")
});

static ANY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>?").expect("a valid pattern"));

/// A reference to a character, such as `&amp;` or `&#8217;`.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"&(?:[A-Za-z]{2,8}[0-9]{0,2}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});").expect("a valid pattern")
});

/// Whether a text is HTML: it has a tag that is opened and closed, one at its beginning, or one that needs no end. A text
/// that only mentions a tag has none of these.
fn has_tags(text: &str) -> bool {
    let mut opened: Vec<String> = Vec::new();
    for tag in TAG.captures_iter(text) {
        if tag.name("alone").is_some() {
            return true;
        } else if let Some(close) = tag.name("close") {
            if opened.iter().any(|open| open.eq_ignore_ascii_case(close.as_str())) {
                return true;
            }
        } else if let Some(open) = tag.name("open") {
            if text[..tag.get(0).map_or(0, |found| found.start())].trim().is_empty() {
                return true;
            }
            let name = open.as_str().to_ascii_lowercase();
            if !opened.contains(&name) {
                opened.push(name);
            }
        }
    }
    false
}

/// Replaces character references in a text without tags. Its lines stay.
fn replace_references(text: &str) -> String {
    Document::fragment(text.replace('<', "&lt;").as_str()).text().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(text: &str) -> String {
        strip(text, HtmlFields::Auto)
    }

    #[test]
    fn html_becomes_text_as_it_is_shown() {
        let html = "<p>Emmanuel Macron &amp; Angela Merkel met.<br/>France&#39;s army.</p><script>x()</script><p>Second.</p>";
        assert_eq!(auto(html), "Emmanuel Macron & Angela Merkel met.\nFrance's army.\n\nSecond.");
        assert_eq!(auto("First line.\nA <b>bold</b> word."), "First line.\nA bold word.");
        assert_eq!(auto("AT&amp;T said &ldquo;no&rdquo;\n\n  to it"), "AT&T said “no”\n\n  to it");
        assert_eq!(auto("<div><ul><li>One</li><li>Two</li></ul></div>"), "One\nTwo");
        assert_eq!(auto("Line one<br>Line two"), "Line one\nLine two");
        let figure = "<p>One.</p><figure><img src=x><figcaption>Dockers wait.</figcaption></figure><aside>Two.</aside>";
        assert_eq!(auto(figure), "One.\n\nDockers wait.\n\nTwo.");
    }

    #[test]
    fn text_that_is_not_html_stays_as_it_is() {
        for text in [
            "a < b and c > d",
            "The <p> tag opens a paragraph.",
            "R&D; Q&A;",
            "<Reuters> said\n so",
            "i <3 u </3",
            "5 &lt 6",
        ] {
            assert_eq!(auto(text), text);
        }
        assert_eq!(strip("<p>a</p>", HtmlFields::Never), "<p>a</p>");
        assert_eq!(strip("The <wbr>end &amp; more", HtmlFields::Always), "The end & more");
    }

    #[test]
    fn a_whole_page_gives_its_main_text() {
        let body = "<p>France said on Thursday that it would withdraw its soldiers from Mali. It would take months.</p>".repeat(5);
        let page = format!(
            "<html><head><title>T</title></head><body><nav><a href=x>Home</a></nav><article>{body}</article></body></html>"
        );
        let text = auto(&page);
        assert!(text.starts_with("France said") && !text.contains("Home"), "{text}");
    }

    #[test]
    fn deeply_nested_html_takes_little_time() {
        for tag in ["div", "b", "x", "font color=red", "table><tr><td"] {
            let text = html_to_text(&format!("{}word &amp; more", format!("<{tag}></y>").repeat(50_000)));
            assert_eq!(text.trim(), "word & more", "{tag}");
        }
        let long = "<p>A paragraph<br>of <b>two</b> lines.<ul><li>One<li>Two</ul>".repeat(5_000);
        assert!(html_to_text(&long).starts_with("A paragraph\nof two lines."));
    }
}
