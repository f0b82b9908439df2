//! The first bytes of a stream, looked at without taking them away: is it packed, and what is inside?

use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::formats::{self, Format};
use super::packed::{Counted, Packing};

/// A stream whose beginning is known.
pub struct Opened {
    /// Up to [`formats::START`] bytes, unpacked. Fewer where fewer told enough.
    pub start: Vec<u8>,
    /// All of it, unpacked, the start included.
    pub stream: Box<dyn Read>,
    pub packing: Option<Packing>,
}

/// Unpacks a stream if it is packed, going by its content; where that is no text, by its name. `known` says that the
/// format is known, so that no more is looked at than tells the packing.
///
/// # Errors
/// When it cannot be unpacked. What cannot be read is told by the stream, behind what can.
pub fn open(stream: Box<dyn Read>, path: &Path, known: bool) -> io::Result<Opened> {
    counted(stream, path, known, None)
}

/// As [`open`]; counts the bytes that are taken, packed as they are.
pub fn counted(
    stream: Box<dyn Read>,
    path: &Path,
    known: bool,
    taken: Option<Arc<AtomicU64>>,
) -> io::Result<Opened> {
    let (start, mut stream) = peek(stream, known);
    if let Some(taken) = taken {
        stream = Box::new(Counted { stream, taken });
    }
    let named = Packing::of(path).0.filter(|_| !start.is_empty() && !formats::is_text(&start));
    let Some(packing) = Packing::sniff(&start).or(named) else {
        return Ok(Opened { start, stream, packing: None });
    };
    let (start, stream) = peek(packing.unpack(stream)?, known);
    Ok(Opened { start, stream, packing: Some(packing) })
}

/// The start of a stream, and the stream as it was. A stream of records must not wait for its end, nor for a second
/// record, so no more is read than tells what it is; of a known format, only whether it is packed.
fn peek(mut stream: Box<dyn Read>, known: bool) -> (Vec<u8>, Box<dyn Read>) {
    let mut start = vec![0; formats::START];
    let mut filled = 0;
    let mut failed = None;
    while filled < start.len() {
        let told = &start[..filled];
        let line = told.contains(&b'\n');
        if (known && (line || filled >= 4)) || (line && is_lines(told)) {
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
        Some(error) => (start, Box::new(again.chain(Failed(Some(error))))),
        None => (start, Box::new(again.chain(stream))),
    }
}

fn is_lines(start: &[u8]) -> bool {
    Format::of_content(start).is_some_and(|format| format.name == "jsonl")
}

/// A stream that fails, as it did when it was looked at.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
