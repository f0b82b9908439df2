//! The formats that are read: one table, from which everything that tells of them is made.
//!
//! A format is one way to keep articles in bytes: plain text, a web page, lines of JSON. Each is a row of [`FORMATS`]:
//! its name, how its files end, how it is recognised, and how it is read. Adding one means writing its reader and a
//! row here; `--help`, the table in docs/inputs.md (a test compares them) and the messages follow.
//!
//! What a file is, its content says first, and only then its name: people save error pages as `.csv` and JSON as
//! `.txt`. Content that says nothing leaves it to the name, and a name that is not known to whoever asked.

use std::io::Read;
use std::path::Path;

use super::documents::{agency, docx, factiva, lexis, mail, pdf, rtf, sgml, story, warc};
use super::packed::Packing;
use super::{Articles, InputOptions, feed, json, page, separated, tables, text};
use crate::Article;

/// A row of the table.
#[derive(Debug)]
pub struct Format {
    /// The word for it on the command line.
    pub name: &'static str,
    /// How the names of its files end, without the dot, in small letters.
    pub endings: &'static [&'static str],
    /// What it is, and what in it is an article.
    pub holds: &'static str,
    /// Whether bytes that start so are surely of this format: the first [`START`] of them, unpacked, as UTF-8 without
    /// a byte order mark. The rows are asked in their order. `None` where only the name tells.
    recognise: Option<fn(&[u8]) -> bool>,
    pub(super) reader: Reader,
}

/// How a format is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reader {
    /// All of a file.
    Whole(ReadWhole<Article>),
    /// All of a file of many documents, of which one that is damaged costs no other.
    Documents(ReadWhole<Result<Article, String>>),
    /// A stream, the place for messages, and the file's name without its ending → articles one by one, in bounded
    /// memory.
    Stream(fn(Box<dyn Read>, &str, &str, &InputOptions) -> Articles),
    /// A file of its own that is not packed, since it is not read from its beginning to its end.
    File(fn(&Path, &str, &str, &InputOptions) -> Articles),
}

/// All bytes, at most [`super::LARGEST`] of them, and the file's name without its ending → articles, with ids. No article
/// needs to have text: those without are refused later. It may panic: that costs this file alone.
pub(super) type ReadWhole<T> = fn(&[u8], &str, &InputOptions) -> Result<Vec<T>, String>;

/// Bytes of a file or stream that it is recognised by.
pub const START: usize = 4096;

/// Every format, the surest signs first.
pub static FORMATS: &[Format] = &[
    Format {
        name: "parquet",
        endings: &["parquet"],
        holds: "Parquet, one article a row",
        recognise: Some(|start| start.starts_with(b"PAR1")),
        reader: Reader::File(tables::parquet),
    },
    Format {
        name: "feed",
        endings: &["rss", "atom"],
        holds: "a feed (RSS, Atom, RDF or JSON Feed), one article an entry",
        recognise: Some(feed::recognise),
        reader: Reader::Whole(feed::read),
    },
    Format {
        name: "warc",
        endings: &["warc", "wet"],
        holds: "a web archive, one article an HTML page that was fetched",
        recognise: Some(warc::recognise),
        reader: Reader::Stream(warc::articles),
    },
    Format {
        name: "pdf",
        endings: &["pdf"],
        holds: "PDF with text (not scanned), one article a file",
        recognise: Some(pdf::recognise),
        reader: Reader::Whole(pdf::read),
    },
    Format {
        name: "docx",
        endings: &["docx", "docm"],
        holds: "a document of Microsoft Word, one article a file",
        recognise: Some(docx::recognise),
        reader: Reader::Whole(docx::read),
    },
    Format {
        name: "rtf",
        endings: &["rtf"],
        holds: "Rich Text Format, one article a file",
        recognise: Some(rtf::recognise),
        reader: Reader::Whole(rtf::read),
    },
    Format {
        name: "mbox",
        endings: &["mbox", "mbx"],
        holds: "a mailbox, one article a message",
        recognise: Some(mail::recognise_mailbox),
        reader: Reader::Stream(mail::mailbox),
    },
    Format {
        name: "agency",
        endings: &["nitf", "newsml"],
        holds: "XML of news agencies (NITF, NewsML-G2, NewsML 1, Reuters Corpus), one article an item",
        recognise: Some(agency::recognise),
        reader: Reader::Documents(agency::read),
    },
    Format {
        name: "sgml",
        endings: &["sgm", "sgml"],
        holds: "SGML of text collections (Reuters-21578, TREC, LDC), one article a document",
        recognise: Some(sgml::recognise),
        reader: Reader::Documents(sgml::read),
    },
    Format {
        name: "html",
        endings: &["html", "htm", "xhtml"],
        holds: "a web page, one article a file: the main text is extracted",
        recognise: Some(page::recognise),
        reader: Reader::Whole(page::read),
    },
    Format {
        name: "jsonl",
        endings: &["jsonl", "ndjson"],
        holds: "JSON Lines, one article an object",
        recognise: Some(json::recognise),
        reader: Reader::Stream(json::lines),
    },
    Format {
        name: "json",
        endings: &["json"],
        holds: "JSON: an object, an array of objects, or objects one behind the other, each an article",
        recognise: Some(json::recognise),
        reader: Reader::Stream(json::articles),
    },
    Format {
        name: "csv",
        endings: &["csv", "tsv", "tab"],
        holds: "values separated by commas, tabs, semicolons or bars, with a header, one article a record",
        recognise: Some(separated::recognise),
        reader: Reader::Stream(separated::articles),
    },
    Format {
        name: "eml",
        endings: &["eml"],
        holds: "an e-mail, one article a file",
        recognise: Some(mail::recognise),
        reader: Reader::Whole(mail::read),
    },
    Format {
        name: "lexis",
        endings: &[],
        holds: "a text export of LexisNexis or Nexis Uni, one article a document",
        recognise: Some(lexis::recognise),
        reader: Reader::Documents(lexis::read),
    },
    Format {
        name: "factiva",
        endings: &[],
        holds: "a text export of Factiva, one article a document",
        recognise: Some(factiva::recognise),
        reader: Reader::Documents(factiva::read),
    },
    Format {
        name: "story",
        endings: &["story"],
        holds: "a story of the CNN/DailyMail collection, without its highlights, one article a file",
        recognise: Some(story::recognise),
        reader: Reader::Whole(story::read),
    },
    Format {
        name: TXT,
        endings: &["txt", "text", "md"],
        holds: "plain text, one article a file",
        recognise: None,
        reader: Reader::Whole(text::read),
    },
];

/// The name of plain text, which is what is left where nothing else is known.
const TXT: &str = "txt";

impl Format {
    /// By its name, or by how its files end.
    pub fn named(name: &str) -> Option<&'static Format> {
        let of = |format: &&Format| format.name == name || format.endings.contains(&name);
        FORMATS.iter().find(|format| format.name == name).or_else(|| FORMATS.iter().find(of))
    }

    /// Going by the name of a file; a packed one is of the format that it unpacks to.
    pub fn of_name(path: &Path) -> Option<&'static Format> {
        let (_, inner) = Packing::of(path);
        let ending = ending(&inner)?;
        FORMATS.iter().find(|format| format.endings.contains(&ending.as_str()))
    }

    /// Going by the first bytes, unpacked.
    pub fn of_content(start: &[u8]) -> Option<&'static Format> {
        let start = super::decode::start_as_utf8(&start[..start.len().min(START)]);
        FORMATS.iter().find(|format| format.recognises(&start))
    }

    fn recognises(&self, start: &[u8]) -> bool {
        self.recognise.is_some_and(|recognise| recognise(start))
    }

    /// What a file of that name that starts so is read as: going by its content, where that fits several formats or none
    /// by its name, and a name without an ending may be that of plain text.
    pub fn of(path: &Path, start: &[u8]) -> Option<&'static Format> {
        let unnamed = || {
            let (_, inner) = Packing::of(path);
            (ending(&inner).is_none() && is_text(start)).then(Format::txt)
        };
        let named = Format::of_name(path);
        let fits = |format: &&Format| format.recognises(&super::decode::start_as_utf8(start));
        named.filter(fits).or_else(|| Format::of_content(start)).or(named).or_else(unnamed)
    }

    pub fn txt() -> &'static Format {
        Format::named(TXT).expect("a row of the table")
    }

    /// Whether records come one by one, in bounded memory.
    pub fn streams(&self) -> bool {
        !matches!(self.reader, Reader::Whole(_) | Reader::Documents(_))
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

/// The ending of a name, in small letters: what stands behind its last dot and looks like one. `2024.05` has none.
pub fn ending(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let fits = ending.len() <= 10 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (fits && ending.bytes().any(|byte| byte.is_ascii_alphabetic())).then_some(ending)
}

/// Whether bytes that start so may be text: none of those that no text has, or a mark that says so.
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
    fn every_name_and_ending_is_there_once() {
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
