//! Turns Markdown into the text that a reader of it would see. Web clippers, services that read pages for other programs,
//! and social networks write it.
//!
//! Only a text that certainly is Markdown is changed: in other text a star or a bracket stands for itself. Names of links and
//! the text of code stay; pictures, addresses, notes and the marks themselves go.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

use super::markup::html_to_text;

/// A text as it is shown.
pub struct Shown {
    /// The heading of the first level above it.
    pub title: Option<String>,
    /// Its text, without that heading.
    pub text: String,
}

/// The text of Markdown as it is shown; `None` where a text is not certainly Markdown, or nothing of it is shown.
pub fn shown(text: &str) -> Option<Shown> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_WIKILINKS;
    let events: Vec<_> = Parser::new_ext(text, options).into_offset_iter().collect();
    if !is_markdown(text, &events) {
        return None;
    }
    let mut events = visible(text, events);
    let title = title_of(&mut events);
    let text = rendered(events);
    (!text.is_empty()).then_some(Shown { title, text })
}

/// A part of Markdown, with its place in the text.
type Part<'a> = (Event<'a>, Range<usize>);

/// Whether a text certainly is Markdown: it has a link to a web address, or two headings or parts in bold type.
fn is_markdown(text: &str, parts: &[Part]) -> bool {
    let is_mark = |(event, place): &Part| match event {
        // A line of dashes or equals signs below another one stands in plain text, too.
        Event::Start(Tag::Heading { .. }) => text[place.clone()].starts_with('#'),
        // "f**k and s**t" has no bold part.
        Event::Start(Tag::Strong) => {
            !(text[..place.start].ends_with(char::is_alphanumeric)
                || text[place.end..].starts_with(char::is_alphanumeric))
        }
        _ => false,
    };
    let is_link = |(event, _): &Part| match event {
        Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) => {
            ["http://", "https://", "mailto:"].iter().any(|start| dest_url.starts_with(start))
        }
        _ => false,
    };
    parts.iter().any(is_link) || parts.iter().filter(|part| is_mark(part)).nth(1).is_some()
}

/// The parts without pictures, notes, rules, and marks of bold type that are left over. A line stays a line: in many texts it
/// is a paragraph.
fn visible<'a>(text: &str, parts: Vec<Part<'a>>) -> Vec<Event<'a>> {
    let mut hidden = 0_usize;
    let mut kept = Vec::with_capacity(parts.len());
    for (event, place) in parts {
        match event {
            Event::Start(Tag::Image { .. } | Tag::FootnoteDefinition(_)) => hidden += 1,
            Event::End(TagEnd::Image | TagEnd::FootnoteDefinition) => hidden -= 1,
            _ if hidden > 0 => {}
            Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_) => {}
            Event::SoftBreak => kept.push(Event::HardBreak),
            // "**Paris:**The strike": a mark that stands where CommonMark knows no end of a bold part.
            Event::Text(star) if &*star == "*" && is_one_of_two(text, &place) => {}
            event => kept.push(event),
        }
    }
    kept
}

/// Whether a star stands beside another one, and not behind the backslash that makes it a letter.
fn is_one_of_two(text: &str, place: &Range<usize>) -> bool {
    let before = &text[..place.start];
    !before.ends_with('\\') && (before.ends_with('*') || text[place.end..].starts_with('*'))
}

/// Takes the heading of the first level out of the events, where no text stands above it.
fn title_of(events: &mut Vec<Event>) -> Option<String> {
    let is_end = |event: &Event| *event == Event::End(TagEnd::Heading(HeadingLevel::H1));
    let end = events.iter().position(is_end)?;
    let start = events[..end].iter().position(|event| matches!(event, Event::Text(_) | Event::Code(_)))?;
    let first = events[..start]
        .iter()
        .rposition(|event| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })))?;
    let title = rendered(events.drain(first..=end).collect());
    (!title.is_empty()).then_some(title)
}

/// The text of events, without white space around it.
fn rendered(events: Vec<Event>) -> String {
    let mut markup = String::new();
    html::push_html(&mut markup, events.into_iter());
    html_to_text(&markup).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(markdown: &str) -> String {
        shown(markdown).unwrap().text
    }

    #[test]
    fn markdown_is_read_as_it_is_shown() {
        let found = shown(
            "\n# Strike *ends* #\n\n![Dockers](https://example.org/1.jpg \"x\")\n\n**Dockers** in [Piraeus](https://example.org/p_(city)) went\n\
             back, said **Emmanuel\nMacron**.\\\nIt rained.\n\n## What now?\n> \"We are *glad*,\" she said.[^1]\n\n---\n* The _United Nations_ met.\n\
             * [Angela `Merkel`][m] left: 2 \\* 3.\n\n[m]: https://example.org/m\n[^1]: In a note.\n",
        )
        .unwrap();
        assert_eq!(found.title.as_deref(), Some("Strike ends"));
        let lines: Vec<&str> = found.text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            lines,
            [
                "Dockers in Piraeus went",
                "back, said Emmanuel",
                "Macron.",
                "It rained.",
                "What now?",
                "\"We are glad,\" she said.",
                "The United Nations met.",
                "Angela Merkel left: 2 * 3.",
            ]
        );
        assert!(found.text.contains("It rained.\n\nWhat now?\n\n"), "{}", found.text);
        assert_eq!(
            text("*One* *two* ***three*** **four *five* six** [x](mailto:a@b.c)"),
            "One two three four five six x"
        );
        assert_eq!(
            text("[![x](https://a.b/1.jpg)](https://a.b/c) See [[page|Lima]] <https://a.b/c>."),
            "See Lima https://a.b/c."
        );
    }

    #[test]
    fn marks_that_are_left_over_go() {
        let found = text(
            "**Paris:**The strike ends.\n\n**Rome:**It \\*\\*rained\\*\\* &amp; 2 < 3, [a](https://example.org).",
        );
        assert_eq!(found, "Paris:The strike ends.\n\nRome:It **rained** & 2 < 3, a.");
    }

    #[test]
    fn html_inside_is_read_as_it_is_shown() {
        let found = text(
            "<div>Dockers <b>left</b>.</div>\n\nIt<br>rained. <script>x()</script>\n\n- [One](https://example.org)\n- Two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        );
        let lines: Vec<&str> = found.lines().filter(|line| !line.trim().is_empty()).collect();
        assert_eq!(lines[..5], ["Dockers left.", "It", "rained.", "One", "Two"], "{found}");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "They wrote \"f**k\" and \"s**t\" [sic] (twice).",
            "* Dockers left.\n* It rained.",
            "# Dockers left.\n\nIt rained [1](2).",
            "**Dockers left.**\n\nIt rained at 5 * 3 * 2.",
            "See https://example.org/a_b_c and file_name_1.",
            "![x](https://example.org/1.jpg)",
        ] {
            assert!(shown(text).is_none(), "{text}");
        }
    }
}
