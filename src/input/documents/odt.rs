//! Reads ODT, the format of LibreOffice and OpenOffice: a ZIP archive of XML. The text is in the paragraphs of `content.xml`.

use std::io::Cursor;
use std::sync::LazyLock;

use regex::Regex;
use zip::ZipArchive;

use super::super::InputOptions;
use super::archive::unpacked;
use super::tree::Element;
use super::{Documents, dates, split};
use crate::article::Article;

/// The kind that the first entry of the archive names.
const KIND: &[u8] = b"application/vnd.oasis.opendocument.text";
/// The entry with the text.
const TEXT: &str = "content.xml";

/// Elements that are no part of the text: deleted text, notes, comments, tables of contents, and what is said of pictures.
const OTHERS: [&str; 8] = [
    "tracked-changes",
    "note",
    "annotation",
    "table-of-content",
    "alphabetical-index",
    "bibliography",
    "desc",
    "forms",
];

/// Whether content begins as an archive of that kind.
pub fn recognise(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04") && start.windows(KIND.len()).any(|part| part == KIND)
}

/// The article of a file, with `stem` as its id; or those of a download of a news database.
///
/// # Errors
/// When it is no ODT file, has a password, is damaged, or is larger than an article may be when it is decompressed.
pub fn read(bytes: &[u8], stem: &str, _: &InputOptions) -> Result<Documents, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| format!("is not an ODT file that can be read: {error}"))?;
    let manifest = unpacked(&mut archive, "META-INF/manifest.xml").unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err("has a password; save it without one".into());
    }
    let paragraphs = paragraphs(&unpacked(&mut archive, TEXT)?)?;
    if paragraphs.is_empty() {
        return Err("has no text".into());
    }
    let mut article = Article::new(stem, paragraphs.join("\n\n"));
    // The properties of a document may be missing or damaged: then only title and date are missing.
    if let Ok(Ok(about)) = unpacked(&mut archive, "meta.xml").map(|text| Element::parse(&text)) {
        article.title = about.text_of("title");
        article.published = about.text_of("creation-date").and_then(|date| dates::published(&date));
    }
    Ok(split(article, &paragraphs.join("\n"), stem))
}

/// The paragraphs and headings of the text.
fn paragraphs(content: &str) -> Result<Vec<String>, String> {
    static BLANKS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"<text:(?:s|tab|line-break)(?:\s[^<>]*)?/>").expect("a valid pattern"));
    let tree = Element::parse(&BLANKS.replace_all(content, " "));
    let tree = tree.map_err(|error| format!("its {TEXT} {error}"))?;
    Ok(tree.find("body").map(|body| body.paragraphs(&OTHERS)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::archive::packed;
    use super::*;

    fn content(text: &str) -> String {
        format!(
            "<office:document-content><office:body><office:text>{text}</office:text></office:body></office:document-content>"
        )
    }

    #[test]
    fn paragraphs_and_properties_are_read() {
        let text = content(
            "<text:tracked-changes><text:p>Gone.</text:p></text:tracked-changes><text:h text:outline-level=\"1\">Strike ends</text:h>\
             <text:p>Dockers in<text:s text:c=\"2\"/><text:span>Piraeus &amp; Athens</text:span><text:note><text:note-body><text:p>A note.</text:p>\
             </text:note-body></text:note> went back.<text:line-break/>It rained.</text:p><text:list><text:list-item><text:p>One</text:p>\
             </text:list-item></text:list>",
        );
        let meta = "<office:document-meta><office:meta><dc:title>Harbour</dc:title><meta:creation-date>2017-01-13T10:00:00</meta:creation-date>\
            </office:meta></office:document-meta>";
        let bytes = packed(&[(TEXT, &text), ("meta.xml", meta)]);
        let article = read(&bytes, "a", &InputOptions::default()).unwrap().remove(0).unwrap();
        assert_eq!(
            (article.title.as_deref(), article.published.as_deref()),
            (Some("Harbour"), Some("2017-01-13T10:00:00"))
        );
        assert_eq!(article.text, "Strike ends\n\nDockers in Piraeus & Athens went back. It rained.\n\nOne");
        assert!(recognise(b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.textPK"));
    }

    #[test]
    fn files_that_cannot_be_read_say_why() {
        let error =
            |entries: &[(&str, &str)]| read(&packed(entries), "a", &InputOptions::default()).unwrap_err();
        assert!(error(&[("a.xml", "<a/>")]).contains("no content.xml"));
        assert!(error(&[(TEXT, &content(""))]).contains("has no text"));
        assert!(error(&[(TEXT, "<a><b>")]).contains("its content.xml breaks off"));
        let manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
        assert!(error(&[("META-INF/manifest.xml", manifest), (TEXT, "x")]).contains("has a password"));
        assert!(read(b"PK\x03\x04", "a", &InputOptions::default()).unwrap_err().contains("not an ODT file"));
    }
}
