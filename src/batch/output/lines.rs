//! Outputs of JSON Lines: a file, compressed or not, and standard output.
//!
//! A compressed file gets one gzip member or Zstandard frame for each window. Several members or frames one after another
//! are one valid file, and each is complete, so that the file can be cut off after any of them.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::write::GzEncoder;
use serde::Serialize;

use super::{Compression, Output};
use crate::batch::error::BatchError;
use crate::batch::findings::Finding;
use crate::batch::record::ErrorResult;

/// A file of JSON Lines.
pub struct LinesFile {
    file: File,
    compression: Compression,
    length: u64,
}

impl LinesFile {
    /// Opens or creates a file, and cuts off all but its first `length` bytes.
    pub fn open(path: &Path, compression: Compression, length: u64) -> io::Result<Self> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        file.sync_all()?;
        Ok(Self { file, compression, length })
    }

    /// Appends values as lines, and returns the length of the file in bytes when they are on the disk.
    pub fn add<T: Serialize>(&mut self, values: impl Iterator<Item = T>) -> io::Result<u64> {
        let lines = lines(values)?;
        match lines.is_empty() {
            true => Ok(self.length),
            false => self.write(lines),
        }
    }

    fn write(&mut self, lines: Vec<u8>) -> io::Result<u64> {
        let bytes = match self.compression {
            Compression::Plain => lines,
            Compression::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
                encoder.write_all(&lines)?;
                encoder.finish()?
            }
            Compression::Zstd => zstd::encode_all(lines.as_slice(), zstd::DEFAULT_COMPRESSION_LEVEL)?,
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

impl Output for LinesFile {
    fn append(&mut self, findings: &[Finding]) -> io::Result<u64> {
        self.add(findings.iter().filter_map(|finding| finding.result.as_ref().ok()))
    }

    /// A compressed file without any line still needs the header of its format.
    fn finish(&mut self) -> Result<(), BatchError> {
        if self.length == 0 {
            self.write(Vec::new()).map_err(BatchError::Disk)?;
        }
        Ok(())
    }
}

/// Standard output: one line for each record, with errors among them. It is flushed after each window, so that the
/// program that reads it does not have to wait.
pub struct StandardOutput;

impl Output for StandardOutput {
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
