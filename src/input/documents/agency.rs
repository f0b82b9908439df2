//! Reads the XML of news agencies: NITF, NewsML-G2, NewsML 1 and the Reuters Corpus Volume 1.

use super::super::{InputOptions, decode, xml};
use super::tree::{Element, Node};
use super::{Documents, dates, with_warnings};
use crate::article::Article;

/// The elements that are an article each, anywhere in a file.
const ARTICLES: [&str; 4] = ["nitf", "newsItem", "NewsItem", "newsitem"];

/// The outermost elements of files in these formats.
const ROOTS: [&str; 8] =
    ["nitf", "newsItem", "newsMessage", "packageItem", "NewsML", "NewsItem", "newsitem", "newsml"];

/// Elements inside the body of an article that are no part of its text.
const NO_TEXT: [&str; 18] = [
    "media",
    "table",
    "script",
    "style",
    "head",
    "title",
    "figure",
    "figcaption",
    "hedline",
    "byline",
    "dateline",
    "copyrite",
    "distributor",
    "abstract",
    "body.head",
    "body.end",
    "fn",
    "tagline",
];

/// Whether content is XML whose first element is one of these formats.
pub fn recognise(start: &[u8]) -> bool {
    xml::root(start).is_some_and(|name| ROOTS.contains(&name.as_str()))
}

/// The articles of a file. One without an id gets `stem`, or `<stem>:<number>` where there are several.
///
/// # Errors
/// When the bytes are no text or no XML, or hold no article.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Documents, String> {
    let (text, warnings) = decode::decode_html(bytes, options.encoding)?;
    Ok(with_warnings(warnings, documents(&text, stem)?))
}

/// # Errors
/// When it is no XML, or holds no article.
fn documents(text: &str, stem: &str) -> Result<Documents, String> {
    let root = Element::parse(text)?;
    let mut found = Vec::new();
    root.outermost(&ARTICLES, &mut found);
    if found.is_empty() {
        let kind = root.children().next().map_or("", |first| &first.name);
        return Err(format!(
            "is XML of a kind that is not read (<{kind}>): of news agencies, <nitf>, <newsItem>, <NewsML> and <newsitem> are"
        ));
    }
    let several = found.len() > 1;
    let article = |(n, element): (usize, &Element)| {
        let id = if several { format!("{stem}:{}", n + 1) } else { stem.to_owned() };
        let article = match element.name.as_str() {
            "nitf" => nitf(element, id),
            "newsitem" => corpus(element, id),
            _ => newsml(element, id),
        };
        match article.text.is_empty() {
            true => Err("has no text in its body".into()),
            false => Ok(article),
        }
    };
    Ok(found.into_iter().enumerate().map(article).collect())
}

/// The text of an article: its dateline, if any, and its paragraphs.
fn text(dateline: Option<String>, paragraphs: Vec<String>) -> String {
    if paragraphs.is_empty() {
        return String::new();
    }
    dateline.into_iter().chain(paragraphs).collect::<Vec<_>>().join("\n\n")
}

fn attribute_of(element: &Element, name: &str, attribute: &str) -> Option<String> {
    element.find(name)?.attribute(attribute).map(str::to_owned)
}

fn nitf(element: &Element, id: String) -> Article {
    let head = element.find("body.head");
    let headline = head.and_then(|head| head.find("hedline"));
    let published = ["date.issue", "date.release", "story.date"]
        .iter()
        .find_map(|name| attribute_of(element, name, "norm"));
    let published = published.or_else(|| attribute_of(element, "pubdata", "date.publication"));
    Article {
        id: attribute_of(element, "doc-id", "id-string").unwrap_or(id),
        title: headline
            .and_then(|headline| headline.text_of("hl1").or_else(|| headline.text()))
            .or_else(|| element.find("head").and_then(|head| head.text_of("title"))),
        source: attribute_of(element, "pubdata", "name")
            .or_else(|| attribute_of(element, "doc.copyright", "holder"))
            .or_else(|| head.and_then(|head| head.text_of("distributor"))),
        url: attribute_of(element, "pubdata", "ex-ref").filter(|url| url.starts_with("http")),
        published: published.or_else(|| head?.text_of("story.date")).and_then(|date| dates::published(&date)),
        text: text(head.and_then(|head| head.find("dateline")).and_then(place), nitf_body(element)),
        warnings: Vec::new(),
    }
}

/// A dateline without the date that its element may hold.
fn place(dateline: &Element) -> Option<String> {
    Some(dateline.paragraphs(&["story.date"]).join(" ")).filter(|place| !place.is_empty())
}

fn nitf_body(element: &Element) -> Vec<String> {
    let Some(content) = element.find("body.content").or_else(|| element.find("body")) else {
        return Vec::new();
    };
    // The corpus of the New York Times has the first paragraphs twice; the block `full_text` has all of them once.
    let full = content.children().find(|child| child.attribute("class") == Some("full_text"));
    full.unwrap_or(content).paragraphs(&NO_TEXT)
}

fn corpus(element: &Element, id: String) -> Article {
    Article {
        id: element.attribute("itemid").map_or(id, str::to_owned),
        title: element.text_of("headline").or_else(|| element.text_of("title")),
        source: attribute_of(element, "dc.source", "value"),
        url: None,
        published: element.attribute("date").and_then(dates::published),
        text: text(
            element.text_of("dateline"),
            element.find("text").map(|text| text.paragraphs(&NO_TEXT)).unwrap_or_default(),
        ),
        warnings: Vec::new(),
    }
}

/// NewsML-G2 and NewsML 1: the names of their fields differ, but they hold text in the same way.
fn newsml(element: &Element, id: String) -> Article {
    let first = |names: &[&str]| names.iter().find_map(|name| element.text_of(name));
    let provider = || {
        let provider = element.find("provider").or_else(|| element.find("Provider"))?;
        let code = provider.attribute("qcode").map(|code| code.rsplit(':').next().unwrap_or(code));
        let named = || provider.find("Party")?.attribute("FormalName");
        provider.text().or_else(|| provider.attribute("literal").or(code).or_else(named).map(str::to_owned))
    };
    let inside = element.find("nitf").map(|inside| nitf(inside, String::new()));
    let paragraphs = match (&inside, element.find("inlineXML"), element.find("inlineData")) {
        (Some(_), ..) => nitf_body(element),
        (None, Some(xml), _) => xml.find("body").unwrap_or(xml).paragraphs(&NO_TEXT),
        (None, None, Some(data)) => plain(data),
        _ => element.find("DataContent").map(|data| data.paragraphs(&NO_TEXT)).unwrap_or_default(),
    };
    let inside = inside.unwrap_or_else(|| Article::new("", ""));
    let dateline = first(&["dateline", "DateLine"]);
    Article {
        id: element
            .attribute("guid")
            .map(str::to_owned)
            .or_else(|| first(&["PublicIdentifier", "NewsItemId"]))
            .unwrap_or(id),
        title: first(&["headline", "HeadLine"])
            .or(inside.title)
            .or_else(|| first(&["title", "NewsLineText"])),
        source: provider().or(inside.source).or_else(|| first(&["creditline", "CreditLine", "infoSource"])),
        url: inside.url,
        published: first(&["contentCreated", "firstCreated", "FirstCreated", "versionCreated", "DateId"])
            .and_then(|date| dates::published(&date))
            .or(inside.published),
        text: text(dateline, paragraphs),
        warnings: Vec::new(),
    }
}

/// The paragraphs of text without markup: between blank lines, or one a line.
fn plain(data: &Element) -> Vec<String> {
    // The data may be an encoded file, which is not read.
    if data.attribute("encoding").is_some() {
        return Vec::new();
    }
    let mut text = String::new();
    for node in &data.content {
        if let Node::Text(more) = node {
            text.push_str(more);
        }
    }
    super::lines::unfolded(text.lines())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Article {
        assert!(recognise(text.as_bytes()), "{text}");
        let mut found = documents(text, "file").unwrap();
        assert_eq!(found.len(), 1);
        found.remove(0).unwrap()
    }

    #[test]
    fn nitf_gives_each_part_of_an_article() {
        let article = one(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE nitf SYSTEM \"http://example.org/nitf.dtd\" [<!ENTITY x \"y\">]>\n<nitf><head><title>Harbour</title><docdata><date.issue norm=\"20170113T100000Z\"/></docdata><pubdata name=\"The Example\"/></head><body><body.head><hedline><hl1>Strike ends\n in Piraeus</hl1><hl2>It is over</hl2></hedline><byline>By <person>Jane Roe</person></byline><dateline><location>Athens</location><story.date>Jan. 13</story.date></dateline></body.head><body.content><media><media-caption>A crane</media-caption></media><p>Dockers in <location>Piraeus</location> went back.</p><p>It was caf&eacute;.</p></body.content><body.end><tagline>The end</tagline></body.end></body></nitf>",
        );
        assert_eq!((article.id.as_str(), article.title.as_deref()), ("file", Some("Strike ends in Piraeus")));
        assert_eq!(
            (article.source.as_deref(), article.published.as_deref()),
            (Some("The Example"), Some("2017-01-13T10:00:00Z"))
        );
        assert_eq!(article.text, "Athens\n\nDockers in Piraeus went back.\n\nIt was café.");
    }

    #[test]
    fn newsml_g2_holds_xhtml_nitf_or_text() {
        let item = |content: &str| {
            format!(
                "<newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"urn:x:1\"><itemMeta><provider qcode=\"nprov:AFP\"/><versionCreated>2017-01-13T10:00:00Z</versionCreated><title>T</title></itemMeta><contentMeta><headline>Strike ends</headline><by>Jane Roe</by></contentMeta><contentSet>{content}</contentSet></newsItem>"
            )
        };
        for content in [
            "<inlineXML contenttype=\"application/xhtml+xml\"><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>no</title></head><body><p>One.</p><p>Two.</p></body></html></inlineXML>",
            "<inlineXML><nitf xmlns=\"x\"><body><body.content><p>One.</p><p>Two.</p></body.content></body></nitf></inlineXML>",
            "<inlineData contenttype=\"text/plain\">One.\n\nTwo.</inlineData>",
        ] {
            let article = one(&item(content));
            assert_eq!(article.text, "One.\n\nTwo.");
            assert_eq!((article.id.as_str(), article.title.as_deref()), ("urn:x:1", Some("Strike ends")));
            assert_eq!(
                (article.source.as_deref(), article.published.as_deref()),
                (Some("AFP"), Some("2017-01-13T10:00:00Z"))
            );
        }
        let message = format!(
            "<newsMessage><itemSet>{}{}</itemSet></newsMessage>",
            item("<inlineData>One.</inlineData>"),
            item("<remoteContent href=\"x\"/>")
        );
        let found = documents(&message, "file").unwrap();
        assert!(found[0].is_ok() && found[1].is_err());
    }

    #[test]
    fn older_formats_are_read() {
        let article = one(
            "<NewsML><NewsItem><Identification><NewsIdentifier><NewsItemId>77</NewsItemId></NewsIdentifier></Identification><NewsManagement><FirstCreated>20030103T120000Z</FirstCreated></NewsManagement><NewsComponent><NewsLines><HeadLine>Rain</HeadLine><DateLine>LIMA, Jan 3</DateLine></NewsLines><ContentItem><DataContent><p>It rained.</p><p>It poured.</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>",
        );
        assert_eq!(
            (article.id.as_str(), article.text.as_str()),
            ("77", "LIMA, Jan 3\n\nIt rained.\n\nIt poured.")
        );
        assert_eq!(
            (article.title.as_deref(), article.published.as_deref()),
            (Some("Rain"), Some("2003-01-03T12:00:00Z"))
        );
        let article = one(
            "<?xml version=\"1.0\"?><newsitem itemid=\"2286\" date=\"1996-08-20\"><title>MEXICO: x</title><headline>Recovery</headline><text><p>Emily.</p></text><copyright>(c) R</copyright></newsitem>",
        );
        assert_eq!(
            (article.id.as_str(), article.title.as_deref(), article.text.as_str()),
            ("2286", Some("Recovery"), "Emily.")
        );
        assert!(!recognise(b"<rss version=\"2.0\">") && !recognise(b"text") && !recognise(b""));
    }
}
