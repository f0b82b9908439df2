//! What an export of WordPress (WXR) has in its feed: items that are no articles, and texts as their authors typed them.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::markup;

/// The types that WordPress itself gives to items that are no text of their own: files, menus, earlier versions of a text,
/// and the design of the site. A site may add types, such as `story`, and those are read.
const OTHER_TYPES: [&str; 14] = [
    "attachment",
    "custom_css",
    "customize_changeset",
    "nav_menu_item",
    "oembed_cache",
    "revision",
    "user_request",
    "wp_block",
    "wp_font_face",
    "wp_font_family",
    "wp_global_styles",
    "wp_navigation",
    "wp_template",
    "wp_template_part",
];

/// Whether items of a type are articles.
pub fn is_article(kind: &str) -> bool {
    !OTHER_TYPES.contains(&kind)
}

/// The type of each item of a feed, in their order. `None` for an item without one, as in a feed that is no export.
pub fn types(feed: &str) -> Vec<Option<&str>> {
    // Other texts and comments are passed over as a whole: they may have the name of an element in them.
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?sx) <wp:post_type> \s* (?:<!\[CDATA\[)? \s* (?P<type>[^<\]\s]+)
                | <!\[CDATA\[ .*? \]\]> | <!-- .*? --> | (?P<item> <item[\s>] )",
        )
        .expect("a valid pattern")
    });
    let mut types = Vec::new();
    for part in PART.captures_iter(feed) {
        if part.name("item").is_some() {
            types.push(None);
        } else if let (Some(kind), Some(last)) = (part.name("type"), types.last_mut()) {
            *last = Some(kind.as_str());
        }
    }
    types
}

/// The HTML of a text as its author typed it. A blank line begins a paragraph, also beside other elements; and what
/// WordPress makes of marks in brackets is a figure, or no text.
pub fn html(typed: &str) -> String {
    static CAPTION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\[(/?)(?:wp_)?caption\b[^\[\]]*\]").expect("a valid pattern"));
    static MEDIA: LazyLock<Regex> = LazyLock::new(|| {
        let names = "audio|embed|gallery|playlist|video";
        let pattern = format!(r"\[(?:{names})\b[^\[\]]*\](?:[^\[\]]*\[/(?:{names})\])?");
        Regex::new(&pattern).expect("a valid pattern")
    });
    static BLANK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\n[ \t\r]*\n\s*").expect("a valid pattern"));
    let figures = CAPTION.replace_all(typed, "<${1}figure>");
    let text = MEDIA.replace_all(&figures, "");
    if !markup::has_blocks(&text) {
        return text.into_owned();
    }
    let paragraph = |found: &Captures| {
        let blank = found.get(0).expect("the whole match");
        format!("{}{}", blank.as_str(), opened(&text[blank.end()..]))
    };
    format!("{}{}", opened(text.trim_start()), BLANK.replace_all(&text, paragraph))
}

/// The tag that opens a paragraph, if text comes next. An element that is a block begins a paragraph by itself.
fn opened(next: &str) -> &'static str {
    let has_tag = next.starts_with("<!--") || next.starts_with("</") || markup::begins_block(next);
    if has_tag { "" } else { "<p>" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_has_its_own_type() {
        let feed = "<rss><channel><item><wp:post_type><![CDATA[attachment]]></wp:post_type></item>\
            <!-- <item> --><item><content:encoded><![CDATA[An <item> of <wp:post_type>page]]></content:encoded>\
            <wp:post_type>post</wp:post_type></item><item ><title>T</title></item></channel></rss>";
        assert_eq!(types(feed), [Some("attachment"), Some("post"), None]);
        assert!(types("<feed><entry/></feed>").is_empty());
        assert!(is_article("post") && is_article("story") && !is_article("nav_menu_item"));
    }

    #[test]
    fn a_blank_line_begins_a_paragraph_and_marks_in_brackets_are_no_text() {
        let lines = |typed: &str| -> Vec<String> {
            let text = markup::html_to_text(&html(typed));
            let lines = text.lines().map(|line| line.trim().to_owned());
            lines.filter(|line| !line.is_empty()).collect()
        };
        let typed = "It rained.\n\nAnn left.<ul><li>One.</li></ul>";
        assert_eq!(html(typed), "<p>It rained.\n\n<p>Ann left.<ul><li>One.</li></ul>");
        let typed = "It rained.\n\n<strong>Ann</strong> left.\n\n<blockquote>So be it.</blockquote>\n\nBo [sic] stayed.";
        assert_eq!(lines(typed), ["It rained.", "Ann left.", "So be it.", "Bo [sic] stayed."]);
        let typed = "[caption id=\"a_4\" width=\"300\"]<img src=\"a.jpg\"/> The pier[/caption]\n\nIt rained.\n\n\
            [gallery ids=\"1,2\"]\n\n[embed]https://example.org/v[/embed]\n\nAnn left.";
        assert_eq!(lines(typed), ["The pier", "It rained.", "Ann left."]);
        assert_eq!(lines("It rained.\n\nAnn left."), ["It rained.", "Ann left."]);
    }
}
