//! The table of the formats that are read. Help, messages and the table in the documentation are made from it.
//!
//! A format is one way to keep articles in bytes: plain text, a web page, lines of JSON. Each is a row of [`FORMATS`]:
//! its name, how its files end, how it is recognised, and how it is read. Adding one means writing its reader and a
//! row here; `--help`, the table in docs/inputs.md (a test compares them) and the messages follow.
//!
//! The content of a file tells its format first, and its name second: people save error pages as `.csv` and JSON as
//! `.txt`. Where neither tells it, the file is not read.

use std::io::Read;
use std::path::Path;

use super::documents::{
    agency, docx, factiva, lexis, mail, mailbox, odt, pdf, proquest, rtf, sgml, story, subtitles, warc,
};
use super::packed::Packing;
#[cfg(feature = "parquet")]
use super::tables;
use super::{Articles, InputOptions, feed, json, page, separated, text};
use crate::Article;

/// A format: a row of the table.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// How the names of its files end, without the dot, in small letters.
    pub endings: &'static [&'static str],
    /// What it is, and what an article in it is, for help and documentation.
    pub holds: &'static str,
    /// Whether content that begins with these bytes is certainly of this format. It gets the first [`START`] bytes,
    /// decompressed, as UTF-8 without a byte order mark. The rows are tried in their order. `None`: only the name tells.
    recognise: Option<fn(&[u8]) -> bool>,
    pub(super) method: ReadMethod,
}

/// How a format is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum ReadMethod {
    /// From all bytes of a file.
    Whole(ReadWhole<Article>),
    /// From all bytes of a file of many documents; one that is damaged does not cost the others.
    Documents(ReadWhole<Result<Article, String>>),
    /// From a stream, one by one, in bounded memory. The arguments: the stream, its name in messages, the file's name
    /// without its ending, and the options.
    Stream(fn(Box<dyn Read>, &str, &str, &InputOptions) -> Articles),
    /// From a file that is not compressed, since it is not read from beginning to end. The arguments: its path, its name
    /// in messages, its name without its ending, and the options.
    #[cfg_attr(not(feature = "parquet"), allow(dead_code))]
    File(fn(&Path, &str, &str, &InputOptions) -> Articles),
}

/// Reads all bytes of a file, at most [`super::LARGEST`] of them. The second argument is the file's name without its ending,
/// for ids. Articles without text are refused by the caller, and a panic costs this file alone.
pub(super) type ReadWhole<T> = fn(&[u8], &str, &InputOptions) -> Result<Vec<T>, String>;

/// How many bytes at the beginning of a file or stream its format is recognised by.
pub const START: usize = 4096;

/// Every format; those that are recognised most surely come first.
pub static FORMATS: &[Format] = &[
    #[cfg(feature = "parquet")]
    Format {
        name: "parquet",
        endings: &["parquet"],
        holds: "Parquet, one article a row",
        recognise: Some(|start| start.starts_with(b"PAR1")),
        method: ReadMethod::File(tables::parquet),
    },
    Format {
        name: "feed",
        endings: &["rss", "atom"],
        holds: "a feed (RSS, Atom, RDF or JSON Feed), one article an entry",
        recognise: Some(feed::recognise),
        method: ReadMethod::Whole(feed::read),
    },
    Format {
        name: "warc",
        endings: &["warc", "wet"],
        holds: "a web archive, one article an HTML page that was fetched",
        recognise: Some(warc::recognise),
        method: ReadMethod::Stream(warc::articles),
    },
    Format {
        name: "pdf",
        endings: &["pdf"],
        holds: "PDF with text (not scanned), one article a file; a download of a news database has many",
        recognise: Some(pdf::recognise),
        method: ReadMethod::Documents(pdf::read),
    },
    Format {
        name: "docx",
        endings: &["docx", "docm"],
        holds: "a document of Microsoft Word, one article a file; a download of a news database has many",
        recognise: Some(docx::recognise),
        method: ReadMethod::Documents(docx::read),
    },
    Format {
        name: "odt",
        endings: &["odt"],
        holds: "a document of LibreOffice or OpenOffice, one article a file; a download of a news database has many",
        recognise: Some(odt::recognise),
        method: ReadMethod::Documents(odt::read),
    },
    Format {
        name: "rtf",
        endings: &["rtf"],
        holds: "Rich Text Format, one article a file; a download of a news database has many",
        recognise: Some(rtf::recognise),
        method: ReadMethod::Documents(rtf::read),
    },
    Format {
        name: "mbox",
        endings: &["mbox", "mbx"],
        holds: "a mailbox, one article a message",
        recognise: Some(mailbox::recognise),
        method: ReadMethod::Stream(mailbox::articles),
    },
    Format {
        name: "agency",
        endings: &["nitf", "newsml"],
        holds: "XML of news agencies (NITF, NewsML-G2, NewsML 1, Reuters Corpus), one article an item",
        recognise: Some(agency::recognise),
        method: ReadMethod::Documents(agency::read),
    },
    Format {
        name: "sgml",
        endings: &["sgm", "sgml"],
        holds: "SGML of text collections (Reuters-21578, TREC, LDC) and XML of trafilatura, one article a document",
        recognise: Some(sgml::recognise),
        method: ReadMethod::Documents(sgml::read),
    },
    Format {
        name: "html",
        endings: &["html", "htm", "xhtml"],
        holds: "a web page, one article a file: the main text is extracted",
        recognise: Some(page::recognise),
        method: ReadMethod::Whole(page::read),
    },
    Format {
        name: "jsonl",
        endings: &["jsonl", "ndjson"],
        holds: "JSON Lines, one article an object",
        recognise: Some(json::recognise),
        method: ReadMethod::Stream(json::lines),
    },
    Format {
        name: "json",
        endings: &["json"],
        holds: "JSON: an object, an array of objects, or objects one behind the other, each an article",
        recognise: Some(json::recognise),
        method: ReadMethod::Stream(json::articles),
    },
    Format {
        name: "csv",
        endings: &["csv", "tsv", "tab"],
        holds: "values separated by commas, tabs, semicolons or bars, with a header, one article a record",
        recognise: Some(separated::recognise),
        method: ReadMethod::Stream(separated::articles),
    },
    Format {
        name: "eml",
        endings: &["eml", "mht", "mhtml"],
        holds: "an e-mail, or a page that a browser saved as MHTML, one article a file",
        recognise: Some(mail::recognise),
        method: ReadMethod::Whole(mail::read),
    },
    Format {
        name: "proquest",
        endings: &[],
        holds: "a text export of ProQuest, one article a document",
        recognise: Some(proquest::recognise),
        method: ReadMethod::Documents(proquest::read),
    },
    Format {
        name: "lexis",
        endings: &[],
        holds: "a text export of LexisNexis or Nexis Uni, one article a document",
        recognise: Some(lexis::recognise),
        method: ReadMethod::Documents(lexis::read),
    },
    Format {
        name: "factiva",
        endings: &[],
        holds: "a text export of Factiva, one article a document",
        recognise: Some(factiva::recognise),
        method: ReadMethod::Documents(factiva::read),
    },
    Format {
        name: "story",
        endings: &["story"],
        holds: "a story of the CNN/DailyMail collection, without its highlights, one article a file",
        recognise: Some(story::recognise),
        method: ReadMethod::Whole(story::read),
    },
    Format {
        name: "subtitles",
        endings: &["srt", "vtt"],
        holds: "subtitles of a film or a broadcast (SubRip, WebVTT), without their times, one article a file",
        recognise: Some(subtitles::recognise),
        method: ReadMethod::Whole(subtitles::read),
    },
    Format {
        name: TXT,
        endings: &["txt", "text", "md"],
        holds: "plain text, one article a file",
        recognise: None,
        method: ReadMethod::Whole(text::read),
    },
];

/// The name of plain text, the format of content that no other row recognises.
const TXT: &str = "txt";

impl Format {
    /// The format with this name, or whose files have this ending (without the dot).
    pub fn named(name: &str) -> Option<&'static Format> {
        let of = |format: &&Format| format.name == name || format.endings.contains(&name);
        FORMATS.iter().find(|format| format.name == name).or_else(|| FORMATS.iter().find(of))
    }

    /// The format that the name of a file tells. The ending of a compressed file (`.gz`, `.zst`) is left out.
    pub fn of_name(path: &Path) -> Option<&'static Format> {
        let (_, inner) = Packing::of(path);
        let ending = ending(&inner)?;
        FORMATS.iter().find(|format| format.endings.contains(&ending.as_str()))
    }

    /// The format that the first bytes of a file tell; they have to be decompressed.
    pub fn of_content(start: &[u8]) -> Option<&'static Format> {
        let start = super::decode::start_as_utf8(&start[..start.len().min(START)]);
        FORMATS.iter().find(|format| format.recognises(&start))
    }

    fn recognises(&self, start: &[u8]) -> bool {
        self.recognise.is_some_and(|recognise| recognise(start))
    }

    /// The format of a file with this name and these first bytes, decompressed. The content tells it; where that fits
    /// several formats or none, the name does. A file without an ending may be plain text.
    pub fn of(path: &Path, start: &[u8]) -> Option<&'static Format> {
        let unnamed = || {
            let (_, inner) = Packing::of(path);
            (ending(&inner).is_none() && is_text(start)).then(Format::txt)
        };
        let named = Format::of_name(path);
        let fits = |format: &&Format| format.recognises(&super::decode::start_as_utf8(start));
        named.filter(fits).or_else(|| Format::of_content(start)).or(named).or_else(unnamed)
    }

    /// Plain text.
    pub fn txt() -> &'static Format {
        Format::named(TXT).expect("a row of the table")
    }

    /// Whether its articles are read one by one, in bounded memory.
    pub fn streams(&self) -> bool {
        !matches!(self.method, ReadMethod::Whole(_) | ReadMethod::Documents(_))
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl serde::Serialize for Format {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

/// The ending of a file's name, in small letters without the dot. `2024.05` has none: an ending has a letter, and at most
/// ten letters and digits.
pub fn ending(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let fits = ending.len() <= 10 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (fits && ending.bytes().any(|byte| byte.is_ascii_alphabetic())).then_some(ending)
}

/// Whether content that begins with these bytes may be text: it has a byte order mark, or no control characters but those
/// of text.
pub fn is_text(start: &[u8]) -> bool {
    let odd = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    !start.is_empty() && (encoding_rs::Encoding::for_bom(start).is_some() || !start.iter().any(odd))
}

/// Endings of all formats, for a message or a line of help: `.parquet, .html, …`.
pub fn all_endings() -> String {
    let endings = FORMATS.iter().flat_map(|format| format.endings);
    endings.map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(", ")
}

/// The table as Markdown, as docs/inputs.md has it.
pub fn markdown() -> String {
    let mut lines = vec![
        "| format | files that end in | what it is | streamed |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    for format in FORMATS {
        let endings: Vec<String> = format.endings.iter().map(|ending| format!("`.{ending}`")).collect();
        let streams = if format.streams() { "yes" } else { "no" };
        let Format { name, holds, .. } = format;
        lines.push(format!("| `{name}` | {} | {holds} | {streams} |", endings.join(", ")));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_ending_is_unique() {
        let mut endings: Vec<&str> = FORMATS.iter().flat_map(|format| format.endings).copied().collect();
        let names: std::collections::BTreeSet<&str> = FORMATS.iter().map(|format| format.name).collect();
        assert_eq!(names.len(), FORMATS.len());
        let all = endings.len();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), all);
        assert!(endings.iter().all(|e| ending(Path::new(&format!("a.{e}"))).as_deref() == Some(*e)));
        for format in FORMATS {
            assert_eq!(Format::named(format.name), Some(format));
        }
    }

    #[test]
    fn content_decides_before_the_name() {
        let of = |name: &str, start: &[u8]| Format::of(Path::new(name), start).map(|format| format.name);
        assert_eq!(of("a.csv", b"  <!DOCTYPE html><p>"), Some("html"));
        assert_eq!(of("a.txt", b"{\"text\": 1}"), Some("jsonl"));
        assert_eq!(of("a.json", b"{\"text\": 1}"), Some("json"));
        assert_eq!(of("a.json.gz", b"[]"), Some("json"));
        assert_eq!(of("a.txt", b"\xef\xbb\xbf{\"text\": 1}"), Some("jsonl"));
        assert_eq!(of("a.txt", b"\xff\xfe{\0\"\0t\0\"\0"), Some("jsonl"));
        assert_eq!(of("a.txt", b"{curly} text"), Some("txt"));
        assert_eq!(of("a.csv.gz", b"id,text"), Some("csv"));
        assert_eq!(of("README", b"Some text."), Some("txt"));
        assert_eq!(of("speech 2024.05", b"Some text."), Some("txt"));
        assert_eq!(of("core", b"\x7fELF\0"), None);
        assert_eq!(of("empty", b""), None);
        assert_eq!(of("a.log", b"Some text."), None);
    }
}
