//! Reads feeds (RSS, RDF, Atom, JSON Feed) with `feed-rs`: one article for each entry.
//!
//! An entry's text is its content, or its summary where it has no content; HTML in it is converted to text. Of an export
//! of WordPress, the entries that are no articles are left out.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use feed_rs::model::{Entry, Feed, Link};
use feed_rs::parser::{Builder, ParseFeedError};
use regex::bytes::Regex;

use super::documents::dates;
use super::{HtmlFields, InputOptions, decode, markup, wordpress, xml};
use crate::Article;

/// Whether bytes begin as a feed does.
pub fn recognise(start: &[u8]) -> bool {
    let has = |text: &str| start.windows(text.len()).any(|part| part == text.as_bytes());
    if start.trim_ascii_start().starts_with(b"{") {
        return has("\"https://jsonfeed.org/version/1") || has("\"https:\\/\\/jsonfeed.org\\/version\\/1");
    }
    match xml::root(start).as_deref() {
        Some("rss" | "feed") => true,
        Some("RDF") => has("purl.org/rss/1.0"),
        Some("entry") => has("http://www.w3.org/2005/Atom"),
        _ => false,
    }
}

/// The entries of a feed. Those without an id get `<stem>:<number>`, counted from 1.
///
/// # Errors
/// When the bytes are no text, or not a feed.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Vec<Article>, String> {
    let (text, warnings) = decode::decode_xml(bytes, options.encoding)?;
    let text = without_declaration(&text);
    // The library must not make up ids: the caller gives them.
    let builder = || Builder::new().id_generator(|_, _, _| String::new());
    let (mut feed, text) = match parse(text, builder) {
        Ok(feed) => (feed, Cow::Borrowed(text)),
        Err(error) => {
            let text = escaped(text);
            let feed = parse(&text, builder);
            (feed.map_err(|_| format!("is not a feed that can be read: {error}"))?, text)
        }
    };
    if feed.entries.iter().any(|entry| entry.published.or(entry.updated).is_none())
        && let Ok(dated) = parse(&text, || builder().timestamp_parser(time))
    {
        for (entry, dated) in feed.entries.iter_mut().zip(dated.entries) {
            entry.published = entry.published.or(entry.updated).or(dated.published).or(dated.updated);
        }
    }
    let source = feed.title.map(|title| plain(&title.content)).filter(|title| !title.is_empty());
    let types = wordpress::types(&text);
    let is_export = types.len() == feed.entries.len() && types.iter().any(Option::is_some);
    let article = |(at, entry)| Article {
        warnings: warnings.clone(),
        ..article(entry, &format!("{stem}:{}", at + 1), source.clone(), is_export)
    };
    let entries = feed.entries.into_iter().enumerate();
    // An export of WordPress has pictures, menus and the like among its articles.
    let entries = entries.filter(|(at, _)| !is_export || types[*at].is_none_or(wordpress::is_article));
    Ok(entries.map(article).collect())
}

/// A feed by the library, of whatever version it is.
fn parse(feed: &str, builder: impl Fn() -> Builder) -> Result<Feed, ParseFeedError> {
    let of = |bytes: &[u8]| builder().build().parse(bytes);
    of(feed.as_bytes()).or_else(|error| match as_rss_2(feed.as_bytes()) {
        Some(again) => of(&again),
        None => Err(error),
    })
}

/// XML in which `&` only begins what XML knows: real feeds have "AT&T", and names of HTML such as `&nbsp;`.
fn escaped(feed: &str) -> Cow<'_, str> {
    static AMPERSAND: LazyLock<regex::Regex> = LazyLock::new(|| {
        let known = r"amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+";
        regex::Regex::new(&format!(r"(?s)<!\[CDATA\[.*?\]\]>|&(?:(?:{known});)?")).expect("a valid pattern")
    });
    AMPERSAND.replace_all(feed, |found: &regex::Captures| match &found[0] {
        "&" => "&amp;".to_owned(),
        known => known.to_owned(),
    })
}

/// A date that the library does not know: "Mon, 02 Dec 2024 18:30 +0100". Without a zone, it is taken as UTC.
fn time(written: &str) -> Option<DateTime<Utc>> {
    let iso = dates::iso(written)?;
    let naive = || iso.parse::<NaiveDateTime>().ok();
    let midnight = || iso.parse::<NaiveDate>().ok().map(|date| date.and_time(NaiveTime::MIN));
    let zoned = DateTime::parse_from_rfc3339(&iso).ok().map(|time| time.to_utc());
    zoned.or_else(|| naive().or_else(midnight).map(|time| time.and_utc()))
}

/// Bytes in which the first element is searched.
const ROOT_WITHIN: usize = 4096;

/// An RSS feed of a version that the library does not know, or of none, marked as version 2: the parser for version 2
/// reads the others, too. `None` where it is no RSS.
fn as_rss_2(feed: &[u8]) -> Option<Vec<u8>> {
    static ROOT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?-u)<rss(?:\s+version\s*=\s*(?:"[^"]*"|'[^']*'))?"#).expect("a valid pattern")
    });
    let root = ROOT.find(&feed[..feed.len().min(ROOT_WITHIN)])?;
    Some([&feed[..root.start()], b"<rss version=\"2.0\"", &feed[root.end()..]].concat())
}

/// XML without its declaration: decoded text no longer has the encoding that it declares.
fn without_declaration(text: &str) -> &str {
    let text = text.trim_start();
    text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or(text, |(_, rest)| rest)
}

/// The article of an entry. `is_export`: its feed is an export of WordPress.
fn article(entry: Entry, fallback_id: &str, source: Option<String>, is_export: bool) -> Article {
    let content = entry.content.and_then(|content| Some((content.body?, content.content_type)));
    let content = content.filter(|(body, _)| !body.trim().is_empty());
    let summary = entry.summary.map(|summary| (summary.content, summary.content_type));
    let text = content.or(summary).map_or(String::new(), |(text, kind)| match kind.subty().as_str() {
        "html" | "xhtml" | "xhtml+xml" if is_export => markup::html_to_text(&wordpress::html(&text)),
        "html" | "xhtml" | "xhtml+xml" => markup::html_to_text(&text),
        _ => markup::strip(&text, HtmlFields::Auto),
    });
    let id = entry.id.trim();
    Article {
        title: entry.title.map(|title| plain(&title.content)).filter(|title| !title.is_empty()),
        source,
        url: address(&entry.links),
        published: entry.published.or(entry.updated).map(date),
        ..Article::new(if id.is_empty() { fallback_id } else { id }, text)
    }
}

fn plain(text: &str) -> String {
    markup::strip(text, HtmlFields::Auto).trim().to_owned()
}

/// The address of an entry: its first link to the article itself, and not to something related.
fn address(links: &[Link]) -> Option<String> {
    let is_page = |link: &&Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    links.iter().find(is_page).or(links.first()).map(|link| link.href.clone()).filter(|href| !href.is_empty())
}

fn date(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn articles(feed: &str) -> Vec<Article> {
        assert!(recognise(feed.as_bytes()), "{feed}");
        read(feed.as_bytes(), "feed", &InputOptions::default()).unwrap()
    }

    #[test]
    fn each_kind_of_feed_gives_its_entries() {
        let rss = "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>\
            <title>The &amp; Paper</title><link>https://example.org/</link><description>d</description>\
            <item><title>Strike &lt;b&gt;ends&lt;/b&gt;</title><link>https://example.org/1</link><guid>g1</guid>\
            <pubDate>Fri, 13 Dec 2024 18:30:02 +0100</pubDate><description>&lt;p&gt;Short.&lt;/p&gt;</description>\
            <content:encoded><![CDATA[<p>Anna &amp; Bo met.</p><p>They left.</p><script>x()</script>]]></content:encoded></item>\
            <item><title>Two</title><link>https://example.org/2</link><description>Said AT&amp;amp;T.</description></item>\
            </channel></rss>";
        let found = articles(rss);
        let Article { id, title, source, url, published, text, .. } = &found[0];
        assert_eq!((id.as_str(), text.as_str()), ("g1", "Anna & Bo met.\n\nThey left."));
        assert_eq!((title.as_deref(), source.as_deref()), (Some("Strike ends"), Some("The & Paper")));
        assert_eq!(
            (url.as_deref(), published.as_deref()),
            (Some("https://example.org/1"), Some("2024-12-13T17:30:02Z"))
        );
        assert_eq!((found[1].id.as_str(), found[1].text.as_str()), ("feed:2", "Said AT&T."));

        for version in ["", " version='0.93'", " version=\"2.01\""] {
            let other = rss.replace(" version=\"2.0\"", version);
            assert_eq!(articles(&other)[0].text, "Anna & Bo met.\n\nThey left.", "{version}");
        }

        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>F</title><id>f</id><updated>2024-12-13T18:30:02Z</updated>\
            <entry><title>T</title><id>urn:1</id><link rel=\"self\" href=\"https://example.org/self\"/><link href=\"https://example.org/a\"/>\
            <updated>2024-12-13T18:30:02Z</updated><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>A <b>bold</b> word.</p>\
            </div></content></entry></feed>";
        let found = articles(atom);
        assert_eq!((found[0].id.as_str(), found[0].text.as_str()), ("urn:1", "A bold word."));
        assert_eq!(found[0].url.as_deref(), Some("https://example.org/a"));

        let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
            xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel rdf:about=\"https://example.org/\"><title>R</title>\
            <link>https://example.org/</link><description>d</description></channel><item rdf:about=\"https://example.org/1\">\
            <title>T</title><link>https://example.org/1</link><description>One.</description><dc:date>2024-12-13</dc:date></item></rdf:RDF>";
        let found = articles(rdf);
        assert_eq!(
            (found[0].text.as_str(), found[0].url.as_deref()),
            ("One.", Some("https://example.org/1"))
        );
        assert!(found[0].published.as_deref().unwrap().starts_with("2024-12-13"), "{:?}", found[0]);

        let json = "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"J\", \"items\": [{\"id\": \"1\", \"url\": \
            \"https://example.org/1\", \"title\": \"T\", \"content_html\": \"<p>One &amp; two.</p>\", \"date_published\": \
            \"2024-12-13T18:30:02Z\"}, {\"id\": \"2\", \"content_text\": \"Two.\"}]}";
        let found = articles(json);
        assert_eq!((found[0].text.as_str(), found[1].text.as_str()), ("One & two.", "Two."));
        assert_eq!(
            (found[0].source.as_deref(), found[0].published.as_deref()),
            (Some("J"), Some("2024-12-13T18:30:02Z"))
        );
    }

    #[test]
    fn of_an_export_of_wordpress_only_articles_are_read() {
        let item = |id: &str, kind: &str, text: &str| {
            format!(
                "<item><title>T</title><guid>{id}</guid><content:encoded><![CDATA[{text}]]></content:encoded>\
                 <wp:post_type><![CDATA[{kind}]]></wp:post_type></item>"
            )
        };
        let export = |items: &str| {
            format!(
                "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
                 xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>Paper</title>{items}</channel></rss>"
            )
        };
        let [picture, post, menu, story] = [
            item("g1", "attachment", ""),
            item("g2", "post", "It rained in Lima.\n\n<ul><li>One.</li></ul>\n\nAnn left."),
            item("g3", "nav_menu_item", " "),
            item("g4", "story", "Bo stayed."),
        ];
        let found = articles(&export(&[picture.clone(), post, menu, story].concat()));
        let ids: Vec<&str> = found.iter().map(|article| article.id.as_str()).collect();
        assert_eq!(ids, ["g2", "g4"]);
        assert!(found[0].text.lines().any(|line| line.trim() == "Ann left."), "{}", found[0].text);
        assert!(articles(&export(&picture)).is_empty());
    }

    #[test]
    fn a_bare_ampersand_and_an_unusual_date_cost_nothing() {
        let rss = "<rss version=\"2.0\"><channel><title>Q&A</title><item><title>AT&T, R&amp;D</title>\
            <link>https://example.org/?a=1&b=2</link><pubDate>Fri, 13 Dec 2024 18:30 +0100</pubDate>\
            <description><![CDATA[<p>Ann &amp; Bo&nbsp;met.</p>]]></description></item>\
            <item><description>Caf&eacute;&nbsp;is open.</description><pubDate>13 December 2024</pubDate></item>\
            <item><description>No date.</description></item></channel></rss>";
        let found = articles(rss);
        let Article { title, source, url, text, .. } = &found[0];
        assert_eq!((title.as_deref(), source.as_deref()), (Some("AT&T, R&D"), Some("Q&A")));
        assert_eq!(url.as_deref(), Some("https://example.org/?a=1&b=2"));
        assert_eq!(text.replace('\u{a0}', " "), "Ann & Bo met.");
        assert_eq!(found[1].text.replace('\u{a0}', " "), "Café is open.");
        let dates: Vec<Option<&str>> = found.iter().map(|article| article.published.as_deref()).collect();
        assert_eq!(dates, [Some("2024-12-13T17:30:00Z"), Some("2024-12-13T00:00:00Z"), None]);
    }

    #[test]
    fn encodings_are_those_that_are_declared_or_asked_for() {
        let feed = |declared: &str| {
            let start = format!(
                "<?xml version=\"1.0\" encoding=\"{declared}\"?><rss version=\"2.0\"><channel><title>t</title><item><description>"
            );
            [start.as_bytes(), b"Caf\xe9", b"</description></item></channel></rss>"].concat()
        };
        let options =
            InputOptions { encoding: encoding_rs::Encoding::for_label(b"latin1"), ..InputOptions::default() };
        let declared = read(&feed("iso-8859-1"), "f", &InputOptions::default()).unwrap();
        let asked = read(&feed("utf-8"), "f", &options).unwrap();
        assert_eq!((declared[0].text.as_str(), asked[0].text.as_str()), ("Café", "Café"));
        let guessed = read(&feed("x-unknown"), "f", &InputOptions::default()).unwrap();
        assert_eq!((guessed[0].text.as_str(), guessed[0].warnings.len()), ("Café", 1));
        let utf16: Vec<u8> =
            String::from_utf8_lossy(&feed("utf-16")).encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16 = read(&[b"\xff\xfe".as_slice(), &utf16].concat(), "f", &InputOptions::default()).unwrap();
        assert_eq!(utf16[0].text, "Caf\u{fffd}");
    }

    #[test]
    fn hostile_feeds_take_little_time_and_memory() {
        let entities: String =
            (1..40).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(40))).collect();
        let bomb = format!(
            "<!DOCTYPE rss [<!ENTITY e0 \"ha\">{entities}]><rss version=\"2.0\"><channel><title>t</title>\
            <item><description>&e39; end</description></item></channel></rss>"
        );
        let found = read(bomb.as_bytes(), "f", &InputOptions::default());
        assert!(found.is_err() || found.unwrap()[0].text.len() < 1_000);
        let deep = format!("<rss version=\"2.0\"><channel>{}", "<item>".repeat(100_000));
        assert!(read(deep.as_bytes(), "f", &InputOptions::default()).is_err());
        let names: String = (0..20_000).map(|n| format!(" a{n}=\"\"")).collect();
        let _ = read(
            format!("<rss version=\"2.0\"{names}><channel/></rss>").as_bytes(),
            "f",
            &InputOptions::default(),
        );
    }
}
