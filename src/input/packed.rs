//! Packed streams: gzip (of any number of members) and Zstandard (of any number of frames) → plain bytes.
//!
//! Unpacking is streamed, and whoever reads records from it holds at most one of [`super::LARGEST`] bytes, so
//! that a small file which unpacks to a huge one costs time but no memory.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// How a file is packed, going by its name, and the name it has when unpacked.
    pub fn of(path: &Path) -> (Option<Self>, PathBuf) {
        let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        let packing = match extension.as_deref() {
            Some("gz") => Some(Self::Gzip),
            Some("zst") => Some(Self::Zstd),
            _ => None,
        };
        let inner = if packing.is_some() { path.with_extension("") } else { path.to_owned() };
        (packing, inner)
    }

    /// How a stream is packed, going by its first bytes.
    pub fn sniff(start: &[u8]) -> Option<Self> {
        match start {
            // The third byte is the only method that there is.
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    pub fn unpack(self, stream: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(stream)),
            Self::Zstd => Box::new(zstd::Decoder::new(stream)?),
        })
    }
}

/// Counts the bytes that are taken from a file, for whoever shows how far a run has come.
pub struct Counted<R> {
    pub stream: R,
    pub taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream.read(buffer)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_the_packing_and_what_is_inside() {
        let of = |name: &str| Packing::of(Path::new(name));
        assert_eq!(of("a/news.jsonl.GZ"), (Some(Packing::Gzip), "a/news.jsonl".into()));
        assert_eq!(of("news.csv.zst"), (Some(Packing::Zstd), "news.csv".into()));
        assert_eq!(of("news.csv"), (None, "news.csv".into()));
    }
}
