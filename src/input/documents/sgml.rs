//! Reads the SGML of text collections: Reuters-21578 (`<REUTERS …>`) and those of TREC and the LDC (`<DOC …>`), many
//! documents in a file; and the XML of trafilatura (`<doc …><main>`), which looks like them.
//!
//! Their elements are simple and not always closed, so they are found by their tags, and not with an XML parser.

use std::sync::LazyLock;

use regex::Regex;

use super::super::{InputOptions, decode};
use super::tree::unescaped;
use super::{Documents, dates, lines, with_warnings};
use crate::article::Article;

/// The tag that begins a document.
fn opening() -> &'static Regex {
    static OPENING: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)<(reuters|doc)(\s[^>]*)?>").expect("a valid pattern"));
    &OPENING
}

/// Whether content begins as such a collection.
pub fn recognise(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start);
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let doctype = start.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype lewis"));
    let opened = opening().find(start).is_some_and(|found| found.start() == 0);
    doctype || (opened && !start.contains("<?xml"))
}

/// The documents of a file. One without an id gets `<stem>:<number>`, counted from 1.
///
/// # Errors
/// When the bytes are no text, or hold no document.
pub fn read(bytes: &[u8], stem: &str, options: &InputOptions) -> Result<Documents, String> {
    let (text, warnings) = decode::decode_html(bytes, options.encoding)?;
    Ok(with_warnings(warnings, documents(&text, stem)?))
}

/// # Errors
/// When it holds none.
fn documents(text: &str, stem: &str) -> Result<Documents, String> {
    let openings: Vec<_> = opening().captures_iter(text).collect();
    if openings.is_empty() {
        return Err("holds no document: no <REUTERS> or <DOC>".into());
    }
    let ends = openings
        .iter()
        .skip(1)
        .map(|next| next.get(0).map_or(text.len(), |next| next.start()))
        .chain([text.len()]);
    let documents = openings.iter().zip(ends).enumerate().map(|(n, (opening, end))| {
        let group = |at: usize| opening.get(at).map_or("", |found| found.as_str());
        let inside = &text[opening.get(0).map_or(0, |whole| whole.end())..end];
        document(group(1), group(2), inside, format!("{stem}:{}", n + 1))
    });
    Ok(documents.collect())
}

fn document(kind: &str, attributes: &str, inside: &str, id: String) -> Result<Article, String> {
    let Some(end) = closing(inside, kind) else {
        return Err(format!("is cut off: its <{kind}> is never closed"));
    };
    let inside = &inside[..end];
    let part = |names: &[&str]| names.iter().find_map(|name| element(inside, name));
    let value = |names: &[&str]| {
        part(names).map(|part| lines::collapsed(&plain(part))).filter(|value| !value.is_empty())
    };
    let reuters = kind.eq_ignore_ascii_case("reuters");
    let mut article = Article::new(
        attribute(attributes, "newid")
            .or_else(|| attribute(attributes, "id"))
            .or_else(|| value(&["docno", "docid"]))
            .unwrap_or(id),
        "",
    );
    // In the XML of trafilatura attributes tell what it knows of the article, and <head> is a subheading.
    let main = part(&["main"]);
    let of_main =
        |name: &str| attribute(attributes, name).filter(|_| main.is_some()).map(|value| unescaped(&value));
    article.title = of_main("title")
        .or_else(|| value(&["title", "headline", "head", "hl", "ti"]))
        .or_else(|| attribute(attributes, "title"));
    article.url = attribute(attributes, "url").or_else(|| of_main("source"));
    article.source = if reuters {
        Some("Reuters".into())
    } else {
        let source = value(&["source", "doctype"]).filter(|_| element(inside, "source").is_some());
        source.or_else(|| of_main("sitename")).or_else(|| of_main("hostname"))
    };
    article.published = value(&["date", "date_time", "datetime", "pubdate", "dd"])
        .or_else(|| of_main("date"))
        .and_then(|date| dates::published(&date));
    let dateline = value(&["dateline"]);
    // Unprocessed documents of Reuters have only text in their TEXT, its briefs only a title.
    let body = part(&["body"])
        .map(str::to_owned)
        .or_else(|| part(&["text"]).map(|text| without_elements(text, &["title", "dateline", "author"])));
    let body = body.or_else(|| main.map(str::to_owned));
    // Texts of Wikipedia are in a <doc> without other tags.
    let body = body.or_else(|| (!inside.contains("</")).then(|| inside.to_owned()));
    let paragraphs = body.map(|body| paragraphs(&body)).unwrap_or_default();
    article.text = match (paragraphs.is_empty(), &article.title) {
        (false, _) => dateline.into_iter().chain(paragraphs).collect::<Vec<_>>().join("\n\n"),
        (true, Some(title)) if reuters => title.clone(),
        (true, _) => return Err("has no text in its <BODY> or <TEXT>".into()),
    };
    Ok(article)
}

/// Where an ASCII text begins, in any case.
fn position(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

/// Where a closing tag begins.
fn closing(text: &str, name: &str) -> Option<usize> {
    position(text, &format!("</{name}>")).or_else(|| position(text, &format!("</{name} ")))
}

/// Where an opening tag begins and ends.
fn tag(text: &str, name: &str) -> Option<(usize, usize)> {
    let opening = format!("<{name}");
    let mut from = 0;
    loop {
        let at = from + position(&text[from..], &opening)?;
        let behind = at + opening.len();
        if text[behind..].starts_with(|c: char| c == '>' || c.is_whitespace()) {
            return Some((at, behind + text[behind..].find('>')? + 1));
        }
        from = behind;
    }
}

/// The content of an element. One that is never closed ends before the next tag.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, begin) = tag(text, name)?;
    let inside = &text[begin..];
    Some(&inside[..closing(inside, name).unwrap_or(inside.find('<').unwrap_or(inside.len()))])
}

/// A text without the first element of each name.
fn without_elements(text: &str, names: &[&str]) -> String {
    let mut text = text.to_owned();
    for name in names {
        if let Some((begin, end)) = tag(&text, name) {
            let close =
                position(&text[end..], &format!("</{name}>")).map_or(end, |at| end + at + name.len() + 3);
            text.replace_range(begin..close, "\n\n");
        }
    }
    text
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    static ATTRIBUTE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"([A-Za-z]+)\s*=\s*"([^"]*)""#).expect("a valid pattern"));
    let value = ATTRIBUTE.captures_iter(attributes).find(|found| found[1].eq_ignore_ascii_case(name))?;
    Some(value[2].trim().to_owned()).filter(|value| !value.is_empty())
}

/// Text without tags, and with references replaced.
fn plain(text: &str) -> String {
    static TAG: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"</?[A-Za-z][^<>]{0,200}>").expect("a valid pattern"));
    unescaped(&TAG.replace_all(text, " "))
}

fn paragraphs(body: &str) -> Vec<String> {
    static PARAGRAPH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)</?p\s*>").expect("a valid pattern"));
    let text = plain(&PARAGRAPH.replace_all(body, "\n\n"));
    let mut paragraphs = lines::paragraphs(text.lines());
    // The agency's name below the text, and control characters of the transmission.
    while let Some(last) = paragraphs.last_mut() {
        let kept = last.trim_end_matches(|c: char| c.is_control() || c.is_whitespace());
        let kept = ["REUTER", "Reuter"]
            .iter()
            .find_map(|mark| kept.strip_suffix(mark))
            .filter(|kept| kept.is_empty() || kept.ends_with(' '))
            .unwrap_or(kept)
            .trim_end();
        if kept.len() < last.len() {
            *last = kept.to_owned();
        } else if last.is_empty() {
            paragraphs.pop();
        } else {
            break;
        }
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n<REUTERS TOPICS=\"YES\" LEWISSPLIT=\"TRAIN\" OLDID=\"9001\" NEWID=\"1\">\n<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TOPICS><D>coffee</D></TOPICS>\n<TEXT>&#2;\n<TITLE>COFFEE HARVEST &lt;CFE> LATE</TITLE>\n<DATELINE>    LIMA, Feb 26 - </DATELINE><BODY>Rain delayed the coffee harvest in the south of Peru, the growers' union\nsaid.\n    Exports of &lt;Cafe Co> were 12,400 tonnes.\n REUTER\n&#3;</BODY></TEXT>\n</REUTERS>\n<REUTERS NEWID=\"2\">\n<TEXT TYPE=\"UNPROC\">&#2;\n******rain stops\n the end\n Reuter\n&#3;</TEXT>\n</REUTERS>\n<REUTERS NEWID=\"3\"><TEXT TYPE=\"BRIEF\">\n<TITLE>BANK WAITS</TITLE>Blah&#3;</TEXT></REUTERS>\n<REUTERS NEWID=\"4\"><TEXT><TITLE>CUT";

    #[test]
    fn documents_of_reuters_are_read() {
        assert!(recognise(TWO.as_bytes()));
        let found = documents(TWO, "x").unwrap();
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.title.as_deref()), ("1", Some("COFFEE HARVEST <CFE> LATE")));
        assert_eq!(
            (first.source.as_deref(), first.published.as_deref()),
            (Some("Reuters"), Some("1987-02-26T15:01:01"))
        );
        assert_eq!(
            first.text,
            "LIMA, Feb 26 -\n\nRain delayed the coffee harvest in the south of Peru, the growers' union said.\n\nExports of <Cafe Co> were 12,400 tonnes."
        );
        assert_eq!(found[1].as_ref().unwrap().text, "******rain stops the end");
        assert!(found[3].as_ref().unwrap_err().contains("cut off"));
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn documents_of_trec_and_the_ldc_are_read() {
        let text = "<DOC id=\"NYT_ENG_19940701.0001\" type=\"story\" >\n<HEADLINE>\nBANK\nWAITS\n</HEADLINE>\n<DATELINE>\nNEW YORK (AP)\n</DATELINE>\n<TEXT>\n<P>\nThe bank\nwaited.\n</P>\n<P>\nIt rained.\n</P>\n</TEXT>\n</DOC>\n<DOC>\n<DOCNO> AP880212-0001 </DOCNO>\n<HEAD>Reports</HEAD>\n<TEXT>\nAlpha\nbeta.\n</TEXT>\n</DOC>\n";
        assert!(recognise(text.as_bytes()));
        let found: Vec<Article> = documents(text, "x").unwrap().into_iter().map(Result::unwrap).collect();
        assert_eq!(
            (found[0].id.as_str(), found[0].title.as_deref()),
            ("NYT_ENG_19940701.0001", Some("BANK WAITS"))
        );
        assert_eq!(found[0].text, "NEW YORK (AP)\n\nThe bank waited.\n\nIt rained.");
        assert_eq!((found[1].id.as_str(), found[1].text.as_str()), ("AP880212-0001", "Alpha beta."));
    }

    #[test]
    fn the_xml_of_trafilatura_is_read() {
        let text = "<doc sitename=\"The Paper\" title=\"Strike &amp; rain\" author=\"Jane Roe\" date=\"2017-01-13\" source=\"https://example.org/1\" hostname=\"example.org\">\n  <main>\n    <p>Dockers went back.</p>\n    <head rend=\"h2\">What now</head>\n    <p>It rained.</p>\n  </main>\n  <comments/>\n</doc>";
        assert!(recognise(text.as_bytes()));
        let found = documents(text, "x").unwrap().remove(0).unwrap();
        let Article { title, source, url, published, text, .. } = found;
        assert_eq!((title.as_deref(), source.as_deref()), (Some("Strike & rain"), Some("The Paper")));
        assert_eq!(
            (url.as_deref(), published.as_deref()),
            (Some("https://example.org/1"), Some("2017-01-13"))
        );
        assert_eq!(text, "Dockers went back.\n\nWhat now\n\nIt rained.");
    }
}
