//! Decompresses gzip (any number of members) and Zstandard (any number of frames).
//!
//! Decompression is streamed, and readers of records hold at most one record of [`super::LARGEST`] bytes. So a small file
//! that decompresses to a huge one costs time, but no memory.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Packing {
    /// What the name of a file tells of its compression, and its name without that ending.
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

    /// What the first bytes of a stream tell of its compression.
    pub fn sniff(start: &[u8]) -> Option<Self> {
        match start {
            // The third byte is the compression method; 8 is the only one in use (RFC 1952).
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The stream, decompressed.
    ///
    /// # Errors
    /// When the decoder cannot be made.
    pub fn unpack(self, stream: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(stream)),
            Self::Zstd => Box::new(zstd::Decoder::new(stream)?),
        })
    }
}

/// A stream that counts the bytes that are read from it, so that the progress of a run can be shown.
pub struct Counted<R> {
    /// The stream.
    pub stream: R,
    /// The count.
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
    fn names_tell_the_compression() {
        let of = |name: &str| Packing::of(Path::new(name));
        assert_eq!(of("a/news.jsonl.GZ"), (Some(Packing::Gzip), "a/news.jsonl".into()));
        assert_eq!(of("news.csv.zst"), (Some(Packing::Zstd), "news.csv".into()));
        assert_eq!(of("news.csv"), (None, "news.csv".into()));
    }
}
