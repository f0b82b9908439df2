//! JSON Lines, to a file or to standard output.
//!
//! A packed file gets one gzip member or Zstandard frame for each window. Members and frames that stand one
//! behind another are one valid file, and each is whole, so that the file can be cut off behind any of them.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::write::GzEncoder;
use serde::Serialize;

use super::{Output, Packing};
use crate::batch::findings::Finding;
use crate::batch::record::ErrorResult;

pub struct Lines {
    file: File,
    packing: Packing,
    length: u64,
}

impl Lines {
    /// Opens or creates a file, and cuts off all but its first `length` bytes.
    pub fn open(path: &Path, packing: Packing, length: u64) -> io::Result<Self> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        file.sync_all()?;
        Ok(Self { file, packing, length })
    }

    /// Adds values as lines and returns the length of the file when they are on the disk.
    pub fn add<T: Serialize>(&mut self, values: impl Iterator<Item = T>) -> io::Result<u64> {
        let lines = lines(values)?;
        match lines.is_empty() {
            true => Ok(self.length),
            false => self.write(lines),
        }
    }

    fn write(&mut self, lines: Vec<u8>) -> io::Result<u64> {
        let bytes = match self.packing {
            Packing::Plain => lines,
            Packing::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
                encoder.write_all(&lines)?;
                encoder.finish()?
            }
            Packing::Zstd => zstd::encode_all(lines.as_slice(), zstd::DEFAULT_COMPRESSION_LEVEL)?,
        };
        self.file.write_all(&bytes)?;
        self.file.sync_data()?;
        self.length += bytes.len() as u64;
        Ok(self.length)
    }
}

fn lines<T: Serialize>(values: impl Iterator<Item = T>) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for value in values {
        serde_json::to_writer(&mut lines, &value)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

impl Output for Lines {
    fn append(&mut self, findings: &[Finding]) -> io::Result<u64> {
        self.add(findings.iter().filter_map(|finding| finding.result.as_ref().ok()))
    }

    /// Without any article, too, what says that it is packed has to be.
    fn finish(&mut self) -> anyhow::Result<()> {
        if self.length == 0 {
            self.write(Vec::new())?;
        }
        Ok(())
    }
}

/// Standard output: one line for each record, errors among them. Flushed, for whoever waits behind the pipe.
pub struct Standard;

impl Output for Standard {
    fn append(&mut self, findings: &[Finding]) -> io::Result<u64> {
        let mut found = Vec::new();
        for finding in findings {
            found.extend(match &finding.result {
                Ok(analysis) => lines(std::iter::once(analysis))?,
                Err(error) => lines(std::iter::once(ErrorResult::from(error)))?,
            });
        }
        let mut out = io::stdout().lock();
        out.write_all(&found)?;
        out.flush()?;
        Ok(found.len() as u64)
    }
}
