//! Opens a stream: decompresses it, and keeps its first bytes, by which its format is recognised.

use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::formats::{self, Format};
use super::packed::{Counted, Packing};

/// A stream, decompressed, and its first bytes.
pub struct Opened {
    /// Up to [`formats::START`] bytes, decompressed. Fewer where fewer were enough to recognise the format.
    pub start: Vec<u8>,
    /// All of it, decompressed, with the first bytes.
    pub stream: Box<dyn Read>,
    /// How the stream was compressed.
    pub packing: Option<Packing>,
}

/// Decompresses a stream if its content, or for content that is no text its name, says that it is compressed.
/// `format_is_known`: no more is read than tells the compression.
///
/// # Errors
/// When decompression cannot begin. An error of reading comes from the stream, after the bytes before it.
pub fn open(stream: Box<dyn Read>, path: &Path, format_is_known: bool) -> io::Result<Opened> {
    open_counted(stream, path, format_is_known, None)
}

/// As [`open`]; `taken` counts the bytes that are read, before they are decompressed.
pub fn open_counted(
    stream: Box<dyn Read>,
    path: &Path,
    format_is_known: bool,
    taken: Option<Arc<AtomicU64>>,
) -> io::Result<Opened> {
    let (start, mut stream) = peek(stream, format_is_known);
    if let Some(taken) = taken {
        stream = Box::new(Counted { stream, taken });
    }
    let named = Packing::of(path).0.filter(|_| !start.is_empty() && !formats::is_text(&start));
    let Some(packing) = Packing::sniff(&start).or(named) else {
        return Ok(Opened { start, stream, packing: None });
    };
    let (start, stream) = peek(packing.unpack(stream)?, format_is_known);
    Ok(Opened { start, stream, packing: Some(packing) })
}

/// The first bytes of a stream, and the stream with them. A stream of records must not wait for a second record. So no
/// more is read than tells its format; if that is known, no more than tells its compression.
fn peek(mut stream: Box<dyn Read>, format_is_known: bool) -> (Vec<u8>, Box<dyn Read>) {
    let mut start = vec![0; formats::START];
    let mut filled = 0;
    let mut failed = None;
    while filled < start.len() {
        let known = &start[..filled];
        let line = known.contains(&b'\n');
        if (format_is_known && (line || filled >= 4)) || (line && is_json_lines(known)) {
            break;
        }
        match stream.read(&mut start[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    start.truncate(filled);
    let again = Cursor::new(start.clone());
    match failed {
        Some(error) => (start, Box::new(again.chain(FailedRead(Some(error))))),
        None => (start, Box::new(again.chain(stream))),
    }
}

fn is_json_lines(start: &[u8]) -> bool {
    Format::of_content(start).is_some_and(|format| format.name == "jsonl")
}

/// A stream that gives an error which occurred when its first bytes were read.
struct FailedRead(Option<io::Error>);

impl Read for FailedRead {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
