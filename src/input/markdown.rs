//! Turns Markdown into the text that a reader of it would see. Web clippers, services that read pages for other programs,
//! and social networks write it.
//!
//! Only a text that certainly is Markdown is changed: in other text a star or a bracket stands for itself. Names of links and
//! the text of code stay; pictures, addresses, notes and the marks themselves go.

use std::sync::LazyLock;

use regex::Regex;

/// A text as it is shown.
pub struct Shown {
    /// The heading of the first level above it.
    pub title: Option<String>,
    /// Its text, without that heading.
    pub text: String,
}

/// The text of Markdown as it is shown; `None` where a text is not certainly Markdown, or nothing of it is shown.
pub fn shown(text: &str) -> Option<Shown> {
    if !is_markdown(text) {
        return None;
    }
    let (title, lines) = blocks(text);
    let text = inline(&lines).trim().to_owned();
    let title = title.map(|title| inline(&title).trim().to_owned()).filter(|title| !title.is_empty());
    (!text.is_empty()).then_some(Shown { title, text })
}

/// What a link or a picture points to, with its title.
const TARGET: &str =
    r#"\(\s*(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)"#;

/// A heading: "## What now".
static HEADING: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(#{1,6})[ \t]+(\S.*?)[ \t]*#*$").expect("a valid pattern"));

/// Whether a text certainly is Markdown: it has a link to a web address, or two headings or parts in bold type.
fn is_markdown(text: &str) -> bool {
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\[[^\[\]]*\]\(\s*<?(?:https?://|mailto:)[^\s()]*").expect("a valid pattern")
    });
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?m)^#{1,6}[ \t]+\S|(?:^|[^\w*])(?:\*\*[^\s*](?:[^*\n]*[^\s*])?\*\*|__[^\s_](?:[^_\n]*[^\s_])?__)(?:$|[^\w*])",
        )
        .expect("a valid pattern")
    });
    LINK.is_match(text) || MARK.find_iter(text).nth(1).is_some()
}

/// The title, and the lines without what marks blocks: headings, quotations, rules, code and definitions.
fn blocks(text: &str) -> (Option<String>, String) {
    // The address of a link, or a note, which stands apart from its place in the text.
    static DEFINITION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\[(?:\^[^\[\]\s]{1,40}\]:|[^\[\]]{1,80}\]:\s*<?(?:https?://|/|#|mailto:))")
            .expect("a valid pattern")
    });
    let (mut title, mut kept, mut in_code) = (None, String::with_capacity(text.len()), false);
    for line in text.lines() {
        let bare = line.trim();
        if bare.starts_with("```") || bare.starts_with("~~~") {
            in_code = !in_code;
        } else if in_code {
            kept.push_str(line);
        } else {
            let bare = bare.trim_start_matches(['>', ' ']);
            match HEADING.captures(bare) {
                Some(found) if &found[1] == "#" && title.is_none() && kept.trim().is_empty() => {
                    title = Some(found[2].to_owned());
                }
                // A blank line keeps a heading apart from its text.
                Some(found) => kept.extend(["\n", &found[2], "\n"]),
                None if is_rule(bare) || DEFINITION.is_match(bare) => {}
                None => kept.push_str(bare.strip_suffix('\\').unwrap_or(bare)),
            }
        }
        kept.push('\n');
    }
    (title, kept)
}

/// Whether a line is a rule, or the line below a heading.
fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let first = marks.next().filter(|c| "-*_=".contains(*c));
    line.len() >= 3 && first.is_some_and(|first| marks.all(|c| c == first))
}

/// A text without what marks parts of lines: links, pictures, notes, code and emphasis.
fn inline(text: &str) -> String {
    // Patterns in the order in which they are replaced, and what stands in their place.
    static PARTS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        // The text between two marks.
        let within = |mark: &str| format!(r"[^\s{mark}](?:(?:[^{mark}\n]|\n[^{mark}\n])*[^\s{mark}])?");
        let (starred, underlined) = (within("*"), within("_"));
        let parts = [
            (format!(r"!\[[^\[\]]*\](?:{TARGET}|\[[^\[\]\n]*\])"), ""),
            (format!(r"\[((?:[^\[\]\n]|\n[^\[\]\n])*)\]{TARGET}"), "$1"),
            // Links of notebooks: [[page]], [[page|name]].
            (r"!?\[\[(?:[^\[\]|\n]*\|)?([^\[\]|\n]+)\]\]".to_owned(), "$1"),
            (r"\[\^[^\[\]\s]{1,40}\]".to_owned(), ""),
            (r"\[([^\[\]\n]+)\]\[[^\[\]\n]{0,60}\]".to_owned(), "$1"),
            (r"<(https?://[^<>\s]+)>".to_owned(), "$1"),
            ("`([^`\n]+)`".to_owned(), "$1"),
            (format!(r"\*\*\*({starred})\*\*\*"), "$1"),
            // A space between two parts belongs to the first, so the second is found in a second turn.
            (format!(r"(^|[^\w*\\])\*({starred})\*($|[^\w*])"), "$1$2$3"),
            (format!(r"(^|[^\w*\\])\*({starred})\*($|[^\w*])"), "$1$2$3"),
            (format!(r"(^|[^\w*\\])\*\*({starred})\*\*"), "$1$2"),
            (format!(r"(^|[^\w\\])__({underlined})__($|\W)"), "$1$2$3"),
            (format!(r"(^|[^\w\\])_({underlined})_($|\W)"), "$1$2$3"),
            (r"~~([^~\n]+)~~".to_owned(), "$1"),
            (r"\\([\\`*_{}\[\]()#+.!~>|$-])".to_owned(), "$1"),
        ];
        parts.into_iter().map(|(part, by)| (Regex::new(&part).expect("a valid pattern"), by)).collect()
    });
    PARTS.iter().fold(text.to_owned(), |text, (part, by)| part.replace_all(&text, *by).into_owned())
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
                "* The United Nations met.",
                "* Angela Merkel left: 2 * 3.",
            ]
        );
        assert!(found.text.contains("It rained.\n\n\nWhat now?\n\n"), "{}", found.text);
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
