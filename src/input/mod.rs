//! Reads articles from files, folders, glob patterns and standard input.
//!
//! [`articles`] gives articles and errors one by one, so that one bad input does not cost the others. The formats that are
//! read are the rows of one table, [`FORMATS`]; files of all of them but Parquet may be compressed with gzip or Zstandard.

mod brackets;
mod chat;
mod declared;
mod decode;
mod documents;
mod feed;
mod fields;
pub mod formats;
mod head;
mod html;
mod json;
mod json_ld;
mod markdown;
pub(crate) mod markup;
mod meta;
mod not_numbers;
mod object;
mod only_article;
pub(crate) mod packed;
mod page;
mod refusal;
mod separated;
mod sources;
mod split;
mod start;
mod state;
mod surroundings;
#[cfg(feature = "parquet")]
pub(crate) mod tables;
mod text;
mod transcoded;
mod unknown;
mod unparsed;
mod values;
mod wordpress;
mod wrapped;
mod xml;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub(crate) use decode::decode;
pub use decode::encoding;
pub use fields::Fields;
pub use formats::{FORMATS, Format};
pub use markup::HtmlFields;
pub use sources::{PassedOver, is_address, is_pattern, total_bytes};

use crate::article::Article;
use crate::panics::caught;
use documents::Documents;
use formats::{ReadMethod, ReadWhole};
use sources::{Source, expand};
use start::Opened;

/// The largest article, or file with one article, that is read, in bytes.
pub const LARGEST: u64 = 64 << 20;

/// Why an input gave no article: where, what is wrong, and what to do. A setting that would help is named in back quotes
/// (`` `text_field` ``); a caller may put its own name for that setting in its place.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct InputError {
    /// The record's own id, where that much could be read.
    pub id: Option<String>,
    /// The file, or the file and the line, row or record: `news.jsonl, line 7`.
    pub place: String,
    /// What is wrong, and what to do; at most 1,000 characters.
    pub reason: String,
    /// Whether the rest of the file could not be read.
    pub ends_file: bool,
}

impl InputError {
    fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { id: None, place: place.into(), reason: clipped(&reason.into(), REASON), ends_file: false }
    }

    /// An error after which the rest of the file is not read.
    fn at_end(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { ends_file: true, ..Self::new(place, reason) }
    }
}

/// Most characters of a reason, which may quote what was read.
const REASON: usize = 1_000;
/// Most characters of a field's name in a reason.
const NAME: usize = 60;
/// Most names of fields in a reason.
const NAMES: usize = 12;

/// The first `most` characters of a text.
fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The first names of a list, for a message.
fn listed(names: &[impl AsRef<str>]) -> String {
    let mut shown: Vec<String> = names.iter().take(NAMES).map(|name| clipped(name.as_ref(), NAME)).collect();
    if names.len() > NAMES {
        shown.push("…".into());
    }
    shown.join(", ")
}

/// How inputs are read.
#[derive(Debug, Clone, Default)]
pub struct InputOptions {
    /// The format of all inputs; `None`: each input's content and name tell it.
    pub format: Option<&'static Format>,
    /// The encoding of text without a byte order mark; `None`: UTF-8, or for web pages what they declare.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// Which fields of a record hold the article.
    pub fields: Fields,
    /// Whether fields of records hold HTML.
    pub html_fields: HtmlFields,
    /// The byte between the values of a CSV record; `None`: the header tells it.
    pub separator: Option<u8>,
    /// Files and folders that are not read where a folder or pattern holds them, such as the run's own output. Absolute
    /// paths, with links resolved.
    pub without: Vec<PathBuf>,
    /// Counts the bytes that are read from files, before they are decompressed.
    pub taken: Option<Arc<AtomicU64>>,
    /// Counts the files of folders and patterns that are not read, because their format is not known.
    pub passed_over: PassedOver,
}

/// Articles, or the reasons why there is none, in the order of the inputs.
pub type Articles = Box<dyn Iterator<Item = Result<Article, InputError>>>;

/// Streams the articles of `inputs`: paths of files and folders, glob patterns, `-` for standard input.
///
/// Folders are read in the order of names. Their files of unknown formats are skipped, and counted in
/// [`InputOptions::passed_over`].
///
/// ```
/// use wirelens::input::{InputOptions, articles};
///
/// for article in articles(&["eval/articles".to_owned()], InputOptions::default()) {
///     let article = article?;
///     assert!(!article.text.is_empty(), "{}", article.id);
/// }
/// # Ok::<(), wirelens::input::InputError>(())
/// ```
pub fn articles(inputs: &[String], options: InputOptions) -> Articles {
    let (inputs, walked) = (inputs.to_vec(), options.clone());
    let sources = inputs.into_iter().flat_map(move |input| expand(&input, &walked));
    Box::new(sources.flat_map(move |source| match source {
        Ok(Source::Stdin) => stdin_articles(&options),
        Ok(Source::File(path)) => file_articles(&path, &options),
        Err(error) => failed(error),
    }))
}

/// No article but an error.
fn failed(error: InputError) -> Articles {
    Box::new(std::iter::once(Err(error)))
}

fn stdin_articles(options: &InputOptions) -> Articles {
    let place = "standard input";
    match start::open(Box::new(io::stdin()), Path::new(""), options.format.is_some()) {
        Ok(Opened { start, stream, .. }) => {
            let format = options.format.or_else(|| Format::of_content(&start)).unwrap_or_else(Format::txt);
            stream_articles(stream, format, place, "stdin", options)
        }
        Err(error) => failed(InputError::new(place, format!("cannot be read: {error}"))),
    }
}

fn file_articles(path: &Path, options: &InputOptions) -> Articles {
    let place = path.display().to_string();
    let inner = packed::Packing::of(path).1;
    let stem = inner.file_stem().map_or_else(|| place.clone(), |stem| stem.to_string_lossy().into_owned());
    let opened = File::open(path).and_then(|file| {
        start::open_counted(Box::new(file), path, options.format.is_some(), options.taken.clone())
    });
    let Opened { start, stream, packing } = match opened {
        Ok(opened) => opened,
        Err(error) => return failed(InputError::new(place, format!("cannot be opened: {error}"))),
    };
    let Some(format) = options.format.or_else(|| Format::of(path, &start)) else {
        return failed(InputError::new(place, unknown_format(&inner, &start)));
    };
    match format.method {
        ReadMethod::File(read) if packing.is_none() => {
            drop(stream);
            read(path, &place, &stem, options)
        }
        _ => stream_articles(stream, format, &place, &stem, options),
    }
}

/// Why a file of an unknown format is not read, and what to do.
fn unknown_format(path: &Path, start: &[u8]) -> String {
    if start.is_empty() {
        return "is empty".into();
    }
    let ending = formats::ending(path);
    let kind = ending.as_ref().map_or("its name has no ending".into(), |ending| format!(".{ending}"));
    let advice = match unknown::advice(ending.as_deref(), start) {
        Some(advice) => format!("; {advice}"),
        None if formats::is_text(start) => "; if it is plain text, say so with `input_format` txt".to_owned(),
        None => String::new(),
    };
    format!("is of no kind that is read ({kind}){advice}; what is read: {}", formats::all_endings())
}

/// The articles of a stream that is decompressed. `place` is its name in messages; articles without an id get one that
/// begins with `stem`.
pub(crate) fn stream_articles(
    stream: Box<dyn Read>,
    format: &Format,
    place: &str,
    stem: &str,
    options: &InputOptions,
) -> Articles {
    match format.method {
        ReadMethod::Whole(read) => {
            let read = whole(stream, read, stem, options);
            one_by_one(read.map(|articles| articles.into_iter().map(Ok).collect()), place)
        }
        ReadMethod::Documents(read) => one_by_one(whole(stream, read, stem, options), place),
        ReadMethod::Stream(read) => read(stream, place, stem, options),
        ReadMethod::File(_) => {
            let reason =
                "is of a format that is read from its end, so it must be a file, and one that is not packed";
            failed(InputError::new(place, reason))
        }
    }
}

/// The articles of a file that was read whole. Where there are several, an error tells which article it belongs to.
fn one_by_one(read: Result<Documents, String>, place: &str) -> Articles {
    let documents = match read {
        Ok(documents) => documents,
        Err(reason) => return failed(InputError::new(place, reason)),
    };
    let (place, many) = (place.to_owned(), documents.len() > 1);
    Box::new(documents.into_iter().enumerate().map(move |(at, document)| {
        let id = document.as_ref().ok().filter(|_| many).map(|article| article.id.clone());
        document.and_then(checked).map_err(|reason| {
            let place = if many { format!("{place}, article {}", at + 1) } else { place.clone() };
            InputError { id, ..InputError::new(place, reason) }
        })
    }))
}

/// Reads a whole stream, and gives what is in it: at least one article.
fn whole<T>(
    stream: Box<dyn Read>,
    read: ReadWhole<T>,
    stem: &str,
    options: &InputOptions,
) -> Result<Vec<T>, String> {
    let mut bytes = Vec::new();
    stream.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("is larger than {} MiB, the most one article may have", LARGEST >> 20));
    }
    if bytes.is_empty() {
        return Err("is empty".into());
    }
    let articles = caught(|| read(&bytes, stem, options));
    let articles = articles.unwrap_or_else(|panic| Err(format!("reading it broke off: {panic}")))?;
    if articles.is_empty() {
        return Err("has no article in it".into());
    }
    Ok(articles)
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
    fn folders_are_read_in_order_and_a_bad_file_does_not_cost_the_others() {
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
    fn inputs_that_do_not_exist_are_named() {
        let found = read(&["no/such.txt", "no/such/*.txt", ""]);
        assert!(found[0].as_ref().unwrap_err().starts_with("no/such.txt: there is no such file"));
        assert!(found[1].as_ref().unwrap_err().contains("matches no file"));
        assert!(found[2].as_ref().unwrap_err().starts_with("'': is an empty name"));
    }

    #[test]
    fn a_file_of_unknown_format_is_refused_where_it_is_named_and_skipped_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        for (name, content) in
            [("a.txt", "One."), ("b.log", "Text."), ("c.png", "\u{1}PNG"), ("d", "Two."), (".e", "No.")]
        {
            fs::write(path(name), content).unwrap();
        }
        let options = InputOptions::default();
        let found: Vec<_> =
            articles(&[path("")], options.clone()).map(|article| article.unwrap().id).collect();
        assert_eq!(found, ["a", "d"]);
        assert!(options.passed_over.note().unwrap().starts_with("3 files were skipped"));
        assert!(options.passed_over.note().unwrap().contains("1 .log"));
        let found = read(&[&path("b.log"), &path("c.png"), &path("*g")]);
        let reasons: Vec<&str> = found.iter().map(|found| found.as_ref().unwrap_err().as_str()).collect();
        assert!(reasons[0].contains(
            "b.log: is of no kind that is read (.log); if it is plain text, say so with `input_format` txt"
        ));
        assert!(reasons[1].contains("(.png); what is read: .parquet"), "{}", reasons[1]);
        assert!(reasons[2].contains("matches no file of a kind"), "{}", reasons[2]);
        let found = read(&["https://example.org/a?b=c"]);
        assert!(found[0].as_ref().unwrap_err().contains("fetch it first"));
    }
}
