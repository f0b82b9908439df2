//! Files, folders, globs and standard input → a stream of articles.
//!
//! Every input yields articles or errors one by one, so a bad one never costs another. Formats: plain
//! text, HTML (the main text is extracted), JSON Lines, CSV and Parquet (one article a record); all but the last
//! also packed with gzip or Zstandard.

mod decode;
mod described;
mod html;
mod object;
pub(crate) mod packed;
mod records;
pub(crate) mod tables;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub(crate) use decode::decode;
pub use decode::encoding;
use packed::{Counted, Packing};
use serde::Serialize;

use crate::article::Article;
use crate::panics::caught;

/// The largest single article or file of one article that is read, in bytes.
pub const LARGEST: u64 = 64 << 20;

/// An input that gave no article: which, and why, in words that say what to do.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct InputError {
    /// The record's own id, where that much could be read.
    pub id: Option<String>,
    /// Path, or path and line.
    pub place: String,
    pub reason: String,
}

impl InputError {
    fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { id: None, place: place.into(), reason: clipped(&reason.into(), REASON) }
    }
}

/// Most characters of a reason, and of a name that it quotes, and most of those names. A reason may quote what was read.
const REASON: usize = 1_000;
const NAME: usize = 60;
const NAMES: usize = 12;

fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The first of some names, for a message.
fn listed(names: &[impl AsRef<str>]) -> String {
    let mut shown: Vec<String> = names.iter().take(NAMES).map(|name| clipped(name.as_ref(), NAME)).collect();
    if names.len() > NAMES {
        shown.push("…".into());
    }
    shown.join(", ")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text, one article a file
    Txt,
    /// A web page, one article a file
    Html,
    /// JSON Lines, one article a line
    Jsonl,
    /// CSV with a header, one article a record
    Csv,
    /// Parquet, one article a row
    Parquet,
}

impl Format {
    /// Going by the name; a packed file is of the format that it unpacks to.
    fn of(path: &Path) -> Option<Self> {
        let (_, inner) = Packing::of(path);
        let extension = inner.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "txt" | "text" | "md" => Some(Self::Txt),
            "html" | "htm" | "xhtml" => Some(Self::Html),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// What a stream without a name seems to hold.
    pub(crate) fn sniff(start: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&start[..start.len().min(512)]).to_ascii_lowercase();
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with("<!doctype html") || text.starts_with("<html") {
            Self::Html
        } else if text.starts_with('{') && text[1..].trim_start().starts_with('"') {
            Self::Jsonl
        } else {
            Self::Txt
        }
    }
}

/// Names of the fields of a JSON Lines object, or of the columns of a CSV or Parquet file.
#[derive(Debug, Clone, Serialize)]
pub struct Fields {
    pub id: String,
    pub text: String,
    pub title: String,
    pub source: String,
    pub url: String,
    pub published: String,
}

impl Fields {
    fn names(&self) -> [&str; 6] {
        [&self.id, &self.text, &self.title, &self.source, &self.url, &self.published]
    }
}

impl Default for Fields {
    fn default() -> Self {
        let [id, text, title, source, url, published] =
            ["id", "text", "title", "source", "url", "published"].map(String::from);
        Self { id, text, title, source, url, published }
    }
}

#[derive(Debug, Clone, Default)]
pub struct InputOptions {
    /// Overrides what file names and contents suggest.
    pub format: Option<Format>,
    pub encoding: Option<&'static encoding_rs::Encoding>,
    pub fields: Fields,
    /// Files and folders that are no input although a folder or pattern may hold them, such as one's own output.
    /// Absolute, without links.
    pub without: Vec<PathBuf>,
    /// Counts the bytes that are taken from files, packed as they are.
    pub taken: Option<Arc<AtomicU64>>,
}

/// Articles, or the reason why there is none, in the order of the inputs.
pub type Articles = Box<dyn Iterator<Item = Result<Article, InputError>>>;

/// Streams the articles of `inputs`: paths of files and folders, glob patterns, `-` for standard input.
///
/// Folders are walked in name order; files of other kinds in them are passed over.
pub fn articles(inputs: &[String], options: InputOptions) -> Articles {
    let (inputs, walked) = (inputs.to_vec(), options.clone());
    let sources = inputs.into_iter().flat_map(move |input| expand(&input, &walked));
    Box::new(sources.flat_map(move |source| match source {
        Ok(Source::Stdin) => stdin_articles(&options),
        Ok(Source::File(path)) => file_articles(&path, &options),
        Err(error) => failed(error),
    }))
}

/// Bytes of all files that `inputs` stand for; `None` where that cannot be known beforehand.
pub fn total_bytes(inputs: &[String], options: &InputOptions) -> Option<u64> {
    let sources = inputs.iter().flat_map(|input| expand(input, options));
    sources
        .map(|source| match source {
            Ok(Source::File(path)) => path.metadata().ok().filter(|meta| meta.is_file()).map(|m| m.len()),
            Ok(Source::Stdin) => None,
            Err(_) => Some(0),
        })
        .sum()
}

enum Source {
    Stdin,
    File(PathBuf),
}

fn failed(error: InputError) -> Articles {
    Box::new(std::iter::once(Err(error)))
}

/// Found as they are asked for: a folder may hold more files than there is memory for.
type Sources = Box<dyn Iterator<Item = Result<Source, InputError>>>;

fn one(source: Result<Source, InputError>) -> Sources {
    Box::new(std::iter::once(source))
}

/// What was found, or else the reason why it is nothing.
fn or_error(found: impl Iterator<Item = Result<Source, InputError>> + 'static, none: InputError) -> Sources {
    let (mut found, mut none) = (found, Some(none));
    Box::new(std::iter::from_fn(move || match found.next() {
        Some(source) => {
            none = None;
            Some(source)
        }
        None => none.take().map(Err),
    }))
}

fn expand(input: &str, options: &InputOptions) -> Sources {
    let path = Path::new(input);
    if input == "-" {
        one(Ok(Source::Stdin))
    } else if path.is_dir() {
        folder(path, options)
    } else if path.exists() {
        one(Ok(Source::File(path.to_owned())))
    } else if is_pattern(input) {
        pattern(input, options)
    } else {
        one(Err(InputError::new(input, "there is no such file or folder")))
    }
}

/// Whether an input that is no file stands for those that match it.
pub fn is_pattern(input: &str) -> bool {
    input.contains(['*', '?', '['])
}

fn folder(path: &Path, options: &InputOptions) -> Sources {
    let (path, options) = (path.to_owned(), options.clone());
    let reason = "the folder holds no .txt, .html, .jsonl, .csv or .parquet file, packed or not";
    let none = InputError::new(path.display().to_string(), reason);
    let entries = walkdir::WalkDir::new(&path).follow_links(true).sort_by_file_name().into_iter();
    let found = entries.filter_map(move |entry| match entry {
        Ok(entry) => {
            let known = Format::of(entry.path()).is_some() || options.format.is_some();
            let wanted = entry.file_type().is_file() && known && !is_left_out(entry.path(), &options);
            wanted.then(|| Ok(Source::File(entry.into_path())))
        }
        Err(error) => {
            let place = error.path().unwrap_or(&path).display().to_string();
            Some(Err(InputError::new(place, error.to_string())))
        }
    });
    or_error(found, none)
}

fn is_left_out(path: &Path, options: &InputOptions) -> bool {
    !options.without.is_empty()
        && path.canonicalize().is_ok_and(|path| options.without.iter().any(|out| path.starts_with(out)))
}

fn pattern(input: &str, options: &InputOptions) -> Sources {
    let options = options.clone();
    let paths = match glob::glob(input) {
        Ok(paths) => paths,
        Err(error) => return one(Err(InputError::new(input, format!("not a valid pattern: {error}")))),
    };
    let found = paths.filter_map(move |path| match path {
        Ok(path) => (path.is_file() && !is_left_out(&path, &options)).then_some(Ok(Source::File(path))),
        Err(error) => Some(Err(InputError::new(error.path().display().to_string(), error.to_string()))),
    });
    or_error(found, InputError::new(input, "the pattern matches no file"))
}

fn stdin_articles(options: &InputOptions) -> Articles {
    let opened = || -> io::Result<(Box<dyn Read>, Format)> {
        let known = options.format.is_some();
        let (start, mut stream) = peek(Box::new(io::stdin()), known)?;
        let Some(packing) = Packing::sniff(&start) else {
            return Ok((stream, options.format.unwrap_or_else(|| Format::sniff(&start))));
        };
        stream = packing.unpack(stream)?;
        let (start, stream) = peek(stream, known)?;
        Ok((stream, options.format.unwrap_or_else(|| Format::sniff(&start))))
    };
    match opened() {
        Ok((stream, format)) => stream_articles(stream, format, "standard input", "stdin", options),
        Err(error) => failed(InputError::new("standard input", format!("cannot be read: {error}"))),
    }
}

/// The start of a stream, and the stream as it was. A stream of records must not wait for its end, nor for a
/// second record, so no more is read than tells what it is; of a known format, only whether it is packed.
fn peek(mut stream: Box<dyn Read>, known: bool) -> io::Result<(Vec<u8>, Box<dyn Read>)> {
    let mut start = vec![0; 512];
    let mut filled = 0;
    while filled < start.len() {
        let told = &start[..filled];
        let line = told.contains(&b'\n');
        if (known && (line || filled >= 4)) || (line && Format::sniff(told) == Format::Jsonl) {
            break;
        }
        match stream.read(&mut start[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    start.truncate(filled);
    Ok((start.clone(), Box::new(io::Cursor::new(start).chain(stream))))
}

fn file_articles(path: &Path, options: &InputOptions) -> Articles {
    let place = path.display().to_string();
    let (packing, inner) = Packing::of(path);
    let stem = inner.file_stem().map_or_else(|| place.clone(), |stem| stem.to_string_lossy().into_owned());
    let format = options.format.or_else(|| Format::of(path)).unwrap_or(Format::Txt);
    if format == Format::Parquet && packing.is_none() {
        return tables::parquet(path, &place, &stem, options);
    }
    let opened = || -> io::Result<Box<dyn Read>> {
        let mut stream: Box<dyn Read> = Box::new(File::open(path)?);
        if let Some(taken) = options.taken.clone() {
            stream = Box::new(Counted { stream, taken });
        }
        match packing {
            Some(packing) => packing.unpack(stream),
            None => Ok(stream),
        }
    };
    match opened() {
        Ok(stream) => stream_articles(stream, format, &place, &stem, options),
        Err(error) => failed(InputError::new(place, format!("cannot be opened: {error}"))),
    }
}

pub(crate) fn stream_articles(
    stream: Box<dyn Read>,
    format: Format,
    place: &str,
    stem: &str,
    options: &InputOptions,
) -> Articles {
    match format {
        Format::Txt | Format::Html => {
            let article =
                whole(stream, format, stem, options).map_err(|reason| InputError::new(place, reason));
            Box::new(std::iter::once(article))
        }
        Format::Jsonl => records::jsonl(stream, place, stem, options),
        Format::Csv => records::csv(stream, place, stem, options),
        Format::Parquet => {
            let reason = "Parquet is read from its end, so it must be a file, and one that is not packed";
            failed(InputError::new(place, reason))
        }
    }
}

/// An article that is a whole stream.
fn whole(
    stream: Box<dyn Read>,
    format: Format,
    stem: &str,
    options: &InputOptions,
) -> Result<Article, String> {
    let mut bytes = Vec::new();
    stream.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("is larger than {} MiB, the most one article may have", LARGEST >> 20));
    }
    if bytes.is_empty() {
        return Err("is empty".into());
    }
    if format == Format::Html {
        let page = decode::decode_html(bytes, options.encoding)?;
        let article = caught(|| html::extract(stem, &page));
        return checked(article.unwrap_or_else(|said| Err(format!("reading the page broke off: {said}")))?);
    }
    checked(Article::new(stem, decode::decode(bytes, options.encoding)?))
}

/// Refuses an article without text.
fn checked(article: Article) -> Result<Article, String> {
    if article.text.trim().is_empty() {
        return Err("has no text, only white space".into());
    }
    Ok(article)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(inputs: &[&str]) -> Vec<Result<Article, String>> {
        let inputs: Vec<String> = inputs.iter().map(|s| s.to_string()).collect();
        articles(&inputs, InputOptions::default()).map(|a| a.map_err(|e| e.to_string())).collect()
    }

    #[test]
    fn folders_are_walked_in_order_and_bad_files_cost_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("b.txt"), "Second.").unwrap();
        fs::write(path("a.txt"), "First.").unwrap();
        fs::write(path("c.txt"), " \n\t ").unwrap();
        fs::write(path("d.txt"), b"ok\nbad \xff").unwrap();
        fs::write(path("e.png"), b"\x89PNG\0").unwrap();
        fs::write(path("f.txt"), "").unwrap();
        let found = read(&[folder.path().to_str().unwrap()]);
        assert_eq!(found.len(), 5);
        assert_eq!(found[0].as_ref().unwrap().id, "a");
        assert_eq!(found[1].as_ref().unwrap().text, "Second.");
        assert!(found[2].as_ref().unwrap_err().ends_with("has no text, only white space"));
        let invalid = found[3].as_ref().unwrap_err();
        assert!(invalid.contains("byte 7") && invalid.contains("line 2"), "{invalid}");
        assert!(found[4].as_ref().unwrap_err().ends_with("is empty"));
    }

    #[test]
    fn what_is_not_there_is_named() {
        let found = read(&["no/such.txt", "no/such/*.txt"]);
        assert!(found[0].as_ref().unwrap_err().starts_with("no/such.txt: there is no such file"));
        assert!(found[1].as_ref().unwrap_err().contains("matches no file"));
    }

    #[test]
    fn streams_are_recognised() {
        assert_eq!(Format::sniff(b"  <!DOCTYPE html><p>"), Format::Html);
        assert_eq!(Format::sniff(b"{\"text\": 1}"), Format::Jsonl);
        assert_eq!(Format::sniff(b"{curly} text"), Format::Txt);
    }
}
