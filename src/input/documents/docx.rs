//! Reads DOCX, the format of Microsoft Word: a ZIP archive of XML. The text is in the paragraphs of `word/document.xml`.

use std::io::Cursor;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::super::InputOptions;
use super::archive::unpacked;
use super::tree::{self, Element};
use super::{Documents, dates, lines, split};
use crate::article::Article;

/// The entry with the text.
const TEXT: &str = "word/document.xml";

/// Whether content begins as a ZIP archive of Word: its first entries have certain names.
pub fn recognise(start: &[u8]) -> bool {
    let has = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
    start.starts_with(b"PK\x03\x04")
        && (has(b"word/") || (has(b"[Content_Types].xml") && !has(b"xl/") && !has(b"ppt/")))
}

/// The article of a file, with `stem` as its id; or those of a download of a news database.
///
/// # Errors
/// When it is no DOCX file, encrypted, damaged, or larger than an article may be when it is decompressed.
pub fn read(bytes: &[u8], stem: &str, _: &InputOptions) -> Result<Documents, String> {
    let article = article(bytes, stem)?;
    let lines = article.text.replace("\n\n", "\n");
    Ok(split(article, &lines, stem))
}

fn article(bytes: &[u8], stem: &str) -> Result<Article, String> {
    // A document with a password is not a ZIP archive but an OLE container, as are the files of older versions of Word.
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err("is encrypted, or the .doc of an older Word; save it as .docx without a password".into());
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| format!("is not a DOCX file that can be read: {error}"))?;
    let mut article = Article::new(stem, paragraphs(&unpacked(&mut archive, TEXT)?)?.join("\n\n"));
    // The properties of a document may be missing or damaged: then only title and date are missing.
    if let Ok(Ok(about)) = unpacked(&mut archive, "docProps/core.xml").map(|text| Element::parse(&text)) {
        article.title = about.text_of("title").filter(|title| !title.starts_with("Microsoft Word"));
        article.published = about.text_of("created").and_then(|date| dates::published(&date));
    }
    match article.text.is_empty() {
        true => Err("has no text".into()),
        false => Ok(article),
    }
}

/// The paragraphs `<w:p>`, whose text is in `<w:t>`. Deleted text (`<w:delText>`), text at the place from which it was moved
/// (`<w:moveFrom>`), hidden text (a run `<w:r>` with `<w:vanish>`), field codes and comments are left out.
fn paragraphs(text: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader::from_str(text);
    let mut paragraphs = Vec::new();
    // A text box has paragraphs inside a paragraph. It is there a second time for older programs, in `Fallback`.
    let mut open: Vec<String> = Vec::new();
    let (mut in_text, mut left_out) = (0usize, 0usize);
    let mut hidden = false;
    loop {
        let at = reader.buffer_position();
        let damaged = |error: &dyn std::fmt::Display| format!("its {TEXT} is damaged at byte {at}: {error}");
        let event = reader.read_event().map_err(|error| damaged(&error))?;
        let end = |open: &mut Vec<String>, paragraphs: &mut Vec<String>| {
            paragraphs.extend(open.pop().iter().flat_map(|text| lines::softly_broken(text)));
        };
        let is_shown = left_out == 0 && !hidden;
        match event {
            Event::Start(start) => match tree::local_name(&start).as_str() {
                "p" => open.push(String::new()),
                "t" => in_text += 1,
                "r" => hidden = false,
                "vanish" => hidden = is_on(&start),
                "Fallback" | "moveFrom" => left_out += 1,
                _ => {}
            },
            Event::Empty(start) => match tree::local_name(&start).as_str() {
                "vanish" => hidden = is_on(&start),
                name => {
                    if let Some(text) = open.last_mut().filter(|_| is_shown) {
                        text.extend(character_of(name));
                    }
                }
            },
            Event::End(element) => match element.local_name().into_inner() {
                "p" => end(&mut open, &mut paragraphs),
                "t" => in_text = in_text.saturating_sub(1),
                // A paragraph's own mark may be hidden, too, and what follows is no part of it.
                "r" | "pPr" => hidden = false,
                "Fallback" | "moveFrom" => left_out = left_out.saturating_sub(1),
                _ => {}
            },
            Event::Text(more) if in_text > 0 && is_shown => add(&mut open, &more),
            Event::GeneralRef(reference) if in_text > 0 && is_shown => {
                add(&mut open, &tree::unescaped(&format!("&{};", &*reference)));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(paragraphs)
}

/// Adds to the innermost paragraph that is open.
fn add(open: &mut [String], more: &str) {
    if let Some(text) = open.last_mut() {
        text.push_str(more);
    }
}

/// The character for which an element without content stands.
fn character_of(name: &str) -> Option<char> {
    match name {
        "tab" | "ptab" => Some(' '),
        "br" | "cr" => Some(lines::SOFT_BREAK),
        "noBreakHyphen" => Some('-'),
        _ => None,
    }
}

/// Whether a property of a run is on; without a value it is.
fn is_on(property: &BytesStart) -> bool {
    let value =
        property.attributes().flatten().find(|attribute| attribute.key.local_name().into_inner() == "val");
    !value.is_some_and(|value| matches!(&*value.value, "0" | "false" | "off"))
}

#[cfg(test)]
mod tests {
    use super::super::archive::packed;
    use super::*;
    use crate::input::LARGEST;

    fn document(body: &str) -> String {
        format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")
    }

    #[test]
    fn paragraphs_and_properties_are_read() {
        let body = "<w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t>Strike ends</w:t></w:r></w:p><w:p><w:r><w:t xml:space=\"preserve\">Dockers in </w:t></w:r><w:del><w:r><w:delText>Athens</w:delText></w:r></w:del><w:r><w:t>Piraeus &amp; Athens</w:t><w:tab/><w:t>went back.</w:t><w:br/><w:t>It rained.</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        let core = "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\" xmlns:dcterms=\"t\"><dc:title>Harbour &amp; strike</dc:title><dcterms:created>2017-01-13T10:00:00Z</dcterms:created></cp:coreProperties>";
        let bytes = packed(&[
            ("[Content_Types].xml", "<Types/>"),
            (TEXT, &document(body)),
            ("docProps/core.xml", core),
        ]);
        assert!(recognise(&bytes));
        let article = article(&bytes, "a").unwrap();
        assert_eq!(article.title.as_deref(), Some("Harbour & strike"));
        assert_eq!(article.published.as_deref(), Some("2017-01-13T10:00:00Z"));
        assert_eq!(
            article.text,
            "Strike ends\n\nDockers in Piraeus & Athens went back.\n\nIt rained.\n\nCell"
        );
    }

    #[test]
    fn text_that_was_moved_is_read_once() {
        let run = "<w:r><w:t>It rained.</w:t></w:r>";
        let body = format!(
            "<w:p><w:moveFromRangeStart/><w:moveFrom>{run}</w:moveFrom><w:moveFromRangeEnd/></w:p>\
             <w:p><w:r><w:t>Dockers left.</w:t></w:r></w:p><w:p><w:moveTo>{run}</w:moveTo></w:p>"
        );
        let bytes = packed(&[(TEXT, &document(&body))]);
        assert_eq!(article(&bytes, "a").unwrap().text, "Dockers left.\n\nIt rained.");
    }

    #[test]
    fn hidden_text_is_left_out() {
        let body = "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>Shown</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden &amp; more</w:t><w:tab/></w:r><w:r><w:rPr><w:vanish w:val=\"false\"/></w:rPr><w:t>, too</w:t></w:r></w:p>";
        let bytes = packed(&[(TEXT, &document(body))]);
        assert_eq!(article(&bytes, "a").unwrap().text, "Shown, too");
    }

    #[test]
    fn archives_that_are_damaged_or_too_large_are_refused() {
        let bytes = packed(&[(TEXT, &document(&" ".repeat(LARGEST as usize)))]);
        assert!(bytes.len() < 1 << 20);
        assert!(article(&bytes, "a").unwrap_err().contains("unpacks to more than 64 MiB"));
        let bytes = packed(&[(TEXT, &document("<w:p><w:r><w:t>Text</w:t></w:r></w:p>"))]);
        assert_eq!(article(&bytes, "a").unwrap().text, "Text");
        assert!(article(&bytes[..bytes.len() / 2], "a").unwrap_err().contains("not a DOCX file"));
        let bytes = packed(&[("other.xml", "<a/>")]);
        assert!(article(&bytes, "a").unwrap_err().contains("no word/document.xml"));
        assert!(article(&[0xd0, 0xcf, 0x11, 0xe0, 1, 2], "a").unwrap_err().contains("encrypted"));
        let bytes = packed(&[(TEXT, "<w:document><w:p></w:document>")]);
        assert!(article(&bytes, "a").unwrap_err().contains("damaged"));
    }
}
