//! The names of the fields of a record, and the article that is made from them.
//!
//! A *record* is one of many in a file: a JSON object, a CSV record, a row of a Parquet file. Programs that collect news
//! use different names for fields; those of the best known programs are tried where the usual name is missing.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use super::markdown::{self, Shown};
use super::{HtmlFields, InputOptions, checked, markup};
use crate::Article;

/// Names of the fields of a record.
#[derive(Debug, Clone, Serialize)]
pub struct Fields {
    /// The article's id.
    pub id: String,
    /// Its text, without which there is no article.
    pub text: String,
    /// Its title.
    pub title: String,
    /// The outlet that published it.
    pub source: String,
    /// Its web address.
    pub url: String,
    /// When it was published.
    pub published: String,
}

/// Other names that are tried where a field is to have its usual name and the record has no such field: those of
/// news-please, trafilatura, schema.org (JSON-LD), newspaper, NewsAPI, JSON Feed, the Guardian, Diffbot, Aylien, Webz.io,
/// Media Cloud, Newscatcher, Fundus, goose, data sets of news, WordPress and the New York Times, in this order; then those of
/// services that read pages as Markdown, and of social networks (Reddit, Bluesky, X, Mastodon).
#[rustfmt::skip]
const TEXTS: [&str; 25] = [
    "maintext", "articleBody", "content", "body", "fields.bodyText", "fields.body", "plaintext", "cleaned_text",
    "full_text", "article_text", "text_content", "Text", "Content", "Body", "full text", "article",
    "content.rendered", "plain_text", "markdown", "selftext", "data.selftext", "data.body", "post.record.text",
    "tweet.full_text", "object.content",
];
#[rustfmt::skip]
const TITLES: [&str; 8] = [
    "headline", "webTitle", "Title", "Headline", "title.rendered", "headline.main", "metadata.title", "data.title",
];
#[rustfmt::skip]
const SOURCES: [&str; 26] = [
    "source_domain", "source-hostname", "hostname", "source.name", "source.title", "publisher.name", "publication",
    "outlet", "siteName", "site_name", "sitename", "media_name", "source_name", "name_source", "publisher", "newspaper",
    "source.domain", "thread.site", "domain", "clean_url", "Source", "Publication", "Publisher", "publication title",
    "post.author.displayName", "account.display_name",
];
#[rustfmt::skip]
const ADDRESSES: [&str; 11] = [
    "webUrl", "link", "pageUrl", "links.permalink", "URL", "Url", "Link", "requested_url", "web_url", "metadata.sourceURL",
    "data.url",
];
#[rustfmt::skip]
const DATES: [&str; 20] = [
    "date_publish", "datePublished", "publish_date", "publishedAt", "published_at", "date_published",
    "webPublicationDate", "pubDate", "date", "Date", "publishing_date", "published_date", "publication_date",
    "publishedTime", "pub_date", "created_at", "createdAt", "post.record.createdAt", "tweet.created_at", "object.published",
];

impl Default for Fields {
    fn default() -> Self {
        let [id, text, title, source, url, published] =
            ["id", "text", "title", "source", "url", "published"].map(String::from);
        Self { id, text, title, source, url, published }
    }
}

impl Fields {
    /// The names of all fields that are read.
    pub(super) fn names(&self) -> Vec<&str> {
        let others = [self.titles(), self.sources(), self.dates()].into_iter().flatten();
        self.texts().into_iter().chain([self.id.as_str()]).chain(self.addresses()).chain(others).collect()
    }

    /// Names that the text may have, the best first.
    pub(super) fn texts(&self) -> Vec<&str> {
        tried(&self.text, "text", &TEXTS)
    }

    fn titles(&self) -> Vec<&str> {
        tried(&self.title, "title", &TITLES)
    }

    fn sources(&self) -> Vec<&str> {
        tried(&self.source, "source", &SOURCES)
    }

    fn addresses(&self) -> Vec<&str> {
        tried(&self.url, "url", &ADDRESSES)
    }

    fn dates(&self) -> Vec<&str> {
        tried(&self.published, "published", &DATES)
    }
}

/// A name, and the others where it is the usual name.
fn tried<'a>(name: &'a str, usual: &str, others: &[&'a str]) -> Vec<&'a str> {
    let others = if name == usual { others } else { &[] };
    std::iter::once(name).chain(others.iter().copied()).collect()
}

/// The warning for a text that a news service cut off.
const CUT_OFF: &str = "the news service cut the text off, so it is only the beginning of the article";

/// What stands in the fields of an article that the news service does not have any more, in small letters.
const REMOVED: &str = "[removed]";

/// A text without the mark behind it by which a news service says that it cut the text off, such as "… [+2319 chars]" of
/// NewsAPI, and whether there was one.
fn without_mark(mut text: String) -> (String, bool) {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*(?:…|\.\.\.)?\s*\[\+?\d+ char(?:acter)?s\]\s*$").expect("a valid pattern")
    });
    let Some(mark) = MARK.find(&text).map(|mark| mark.start()) else { return (text, false) };
    text.truncate(mark);
    (text, true)
}

/// Least line breaks that are written as `\n` before they are taken for line breaks: a path may have one.
const LEAST_BREAKS: usize = 2;

/// A text in which line breaks and quotes are written as in a program (`\n`, `\"`), as it is where it was encoded twice, with
/// these as they were. A text with line breaks of its own stays as it is.
fn with_breaks(text: &str) -> Cow<'_, str> {
    // "C:\news" and "C:\new" have none.
    let breaks = text.split("\\n").skip(1).filter(|rest| !rest.starts_with(char::is_lowercase)).count();
    if breaks < LEAST_BREAKS || text.contains('\n') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\\"", "\""))
}

/// The article of a record with this text. `field` gives the value of a field by its name.
///
/// # Errors
/// When the text is empty or white space, or only says that the news service removed it.
pub fn article(
    text: &str,
    fallback_id: &str,
    options: &InputOptions,
    field: impl Fn(&str) -> Option<String>,
) -> Result<Article, String> {
    let fields = &options.fields;
    let known =
        |names: &[&str]| names.iter().filter_map(|name| field(name)).find(|value| !value.trim().is_empty());
    // trafilatura has the address of the article in "source".
    let is_address = |value: &String| ["http://", "https://"].iter().any(|start| value.starts_with(start));
    let names_outlet = |value: &String| !value.trim().is_empty() && !is_address(value);
    let first_source = known(&fields.sources());
    let outlet = fields.sources().into_iter().filter_map(&field).find(names_outlet);
    let title = known(&fields.titles()).map(|title| markup::strip(&title, options.html_fields));
    if text.trim().eq_ignore_ascii_case(REMOVED) {
        return Err("was removed by the news service, which keeps no text of it".into());
    }
    let (text, is_cut_off) = without_mark(markup::strip(&with_breaks(text), options.html_fields));
    let is_plain = options.html_fields == HtmlFields::Never;
    let (heading, text) = match markdown::shown(&text).filter(|_| !is_plain) {
        Some(Shown { title, text }) => (title, text),
        None => (None, text),
    };
    checked(Article {
        id: known(&[&fields.id]).unwrap_or_else(|| fallback_id.to_owned()),
        title: title.filter(|title| !title.trim().is_empty()).or(heading),
        url: known(&fields.addresses()).or_else(|| first_source.clone().filter(is_address)),
        source: outlet.or(first_source),
        published: known(&fields.dates()),
        text,
        warnings: is_cut_off.then(|| CUT_OFF.to_owned()).into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Article {
        article(text, "a", &InputOptions::default(), |_| None).unwrap()
    }

    #[test]
    fn the_mark_of_a_text_that_was_cut_off_becomes_a_warning() {
        for mark in [
            "… [+2319 chars]",
            "... [+2319 chars]",
            "...[512 chars]\r\n",
            " [+1 characters]",
            "…\r\n [+2319 chars]",
        ] {
            let found = read(&format!("Dockers left. It rai{mark}"));
            assert_eq!(
                (found.text.as_str(), found.warnings.as_slice()),
                ("Dockers left. It rai", &[CUT_OFF.to_owned()][..])
            );
        }
        assert!(article("… [+2319 chars]", "a", &InputOptions::default(), |_| None).is_err());
        for text in ["It has [+20 chars] here.", "Dockers left…", "They wrote [20 words]"] {
            assert_eq!(read(text), Article::new("a", text));
        }
    }

    #[test]
    fn markdown_in_a_field_is_read_as_it_is_shown() {
        let text = "# Strike ends\n\n**Dockers** in [Lima](https://example.org/1) left.";
        let found = read(text);
        assert_eq!(
            (found.title.as_deref(), found.text.as_str()),
            (Some("Strike ends"), "Dockers in Lima left.")
        );
        let never = InputOptions { html_fields: HtmlFields::Never, ..InputOptions::default() };
        assert_eq!(article(text, "a", &never, |_| None).unwrap().text, text);
    }

    #[test]
    fn an_article_that_was_removed_is_none() {
        let error = article("[Removed]", "a", &InputOptions::default(), |_| None).unwrap_err();
        assert!(error.contains("removed by the news service"), "{error}");
        assert_eq!(read("[Removed] It rained.").text, "[Removed] It rained.");
    }

    #[test]
    fn line_breaks_of_a_text_that_was_encoded_twice_are_line_breaks() {
        assert_eq!(
            read(r#"He said \"no\".\n\nIt rained.\r\nThe end."#).text,
            "He said \"no\".\n\nIt rained.\nThe end."
        );
        for text in [r"See C:\new\news and C:\News.", "One line.\nAnd \\n\\n more.", r"It rained.\n"] {
            assert_eq!(read(text).text, text);
        }
    }

    /// Title, source, address and date of a record with these fields.
    fn told(fields: &[(&str, &str)]) -> [String; 4] {
        let field = |name: &str| {
            fields.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let found = article("Text.", "a", &InputOptions::default(), field).unwrap();
        [found.title, found.source, found.url, found.published].map(Option::unwrap_or_default)
    }

    #[test]
    fn fields_of_many_programs_are_known() {
        let wanted = ["T", "The Paper", "https://example.org/1", "2024-01-01"];
        for names in [
            ["title", "siteName", "pageUrl", "date"],
            ["title", "thread.site", "url", "published"],
            ["title", "media_name", "url", "publish_date"],
            ["title", "clean_url", "link", "published_date"],
            ["Title", "Publication", "URL", "Date"],
            ["title.rendered", "sitename", "link", "date"],
            ["headline.main", "source", "web_url", "pub_date"],
            ["title", "publisher", "requested_url", "published_date"],
            ["metadata.title", "post.author.displayName", "metadata.sourceURL", "created_at"],
        ] {
            let fields: Vec<(&str, &str)> = names.into_iter().zip(wanted).collect();
            assert_eq!(told(&fields), wanted, "{names:?}");
        }
    }
}
