//! The *journal* of a run: a file that records what is finished, so that a run that was killed can go on.
//!
//! It is JSON Lines, and lines are only appended: one for the settings, one for each window that is safe in the output,
//! one for the end. Each line has a checksum (the first 8 bytes of its SHA-256). A line with a wrong checksum, as a power
//! cut may leave one, counts as not written, and so does everything after it. The journal is also the lock: only the
//! process that holds it may write the output.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::error::BatchError;
use crate::model::digest::hex;

/// What the results of a run depend on, by name. Two runs with the same settings and input give the same output.
pub type Settings = BTreeMap<String, Value>;

/// How far a run has come: everything up to here is safe on the disk. All numbers count from the first record of the
/// input, over all runs that wrote this output.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Windows that are written.
    pub windows: u64,
    /// Records of the input that are finished, those of other shards included.
    pub consumed: u64,
    /// SHA-256 over these records, in hexadecimal digits.
    pub digest: String,
    /// Length of the output; 0 where it is a folder.
    pub output_bytes: u64,
    /// Length of the errors file.
    pub error_bytes: u64,
    /// Articles with a result.
    pub articles: u64,
    /// Records without one.
    pub failed: u64,
    /// Tokens of all articles.
    pub tokens: u64,
}

/// A line of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Entry {
    /// The first entry.
    Start {
        /// What the run began with.
        settings: Settings,
    },
    /// A window is safe in the output.
    Window(Progress),
    /// The output is complete.
    Done {
        /// Articles with a result.
        articles: u64,
        /// Records without one.
        failed: u64,
        /// Bytes of the input files, by which a later run notices that the input grew.
        input_bytes: Option<u64>,
        /// Files that could not be read to their end.
        #[serde(default, skip_serializing_if = "is_zero")]
        unread: u64,
    },
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// An entry as it is written.
#[derive(Serialize, Deserialize)]
struct JournalLine {
    entry: Entry,
    check: String,
}

/// The checksum of an entry: the first 8 bytes of its SHA-256, in hexadecimal digits.
fn checksum(entry: &Entry) -> io::Result<String> {
    Ok(hex(&Sha256::digest(serde_json::to_vec(entry)?)[..8]))
}

/// The entries of a journal up to the first line that is not valid, each with the length of the journal up to its end.
pub(crate) fn entries(mut journal: impl BufRead) -> io::Result<Vec<(Entry, u64)>> {
    let mut entries = Vec::new();
    let mut valid_bytes = 0;
    loop {
        let mut line = Vec::new();
        let read = journal.read_until(b'\n', &mut line)?;
        let Ok(JournalLine { entry, check }) = serde_json::from_slice(&line) else {
            break;
        };
        if !line.ends_with(b"\n") || checksum(&entry)? != check {
            break;
        }
        valid_bytes += read as u64;
        entries.push((entry, valid_bytes));
    }
    Ok(entries)
}

/// A journal that this process holds: no other run can open it.
pub struct Journal {
    file: File,
    path: PathBuf,
}

impl Journal {
    /// Opens or creates a journal, and locks it.
    ///
    /// # Errors
    /// When another process holds the lock, or the file cannot be opened or locked.
    pub fn open(path: &Path) -> Result<Self, BatchError> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(BatchError::file(path, "opened"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, path: path.to_owned() }),
            Err(TryLockError::WouldBlock) => Err(BatchError::Locked { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => Err(BatchError::file(path, "locked")(error)),
        }
    }

    /// The valid entries, each with the length of the journal up to its end. What follows them is cut off.
    ///
    /// # Errors
    /// When the file cannot be read or cut.
    pub fn recover(&mut self) -> Result<Vec<(Entry, u64)>, BatchError> {
        self.file.rewind().map_err(BatchError::file(&self.path, "read"))?;
        let entries = entries(BufReader::new(&self.file)).map_err(BatchError::file(&self.path, "read"))?;
        self.cut(entries.last().map_or(0, |(_, end)| *end))?;
        Ok(entries)
    }

    /// Cuts the journal off after its first `length` bytes.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn cut(&mut self, length: u64) -> Result<(), BatchError> {
        let cut = self.file.set_len(length).and_then(|()| self.file.seek(SeekFrom::End(0)));
        cut.map(drop).map_err(BatchError::file(&self.path, "written"))
    }

    /// Appends an entry, and returns when it is on the disk.
    ///
    /// # Errors
    /// When the file cannot be written or synced.
    pub fn append(&mut self, entry: Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(&JournalLine { check: checksum(&entry)?, entry })?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn recovered(journal: &mut Journal) -> Vec<Entry> {
        journal.recover().unwrap().into_iter().map(|(entry, _)| entry).collect()
    }

    #[test]
    fn a_line_that_is_torn_or_altered_counts_as_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let window = |windows| Entry::Window(Progress { windows, ..Progress::default() });
        let mut journal = Journal::open(&path).unwrap();
        assert!(Journal::open(&path).is_err(), "the journal is a lock");
        journal
            .append(Entry::Start {
                settings: Settings::from([("a".into(), json!({ "b": [0.1 + 0.2, 2.0, 1e-7], "a": null }))]),
            })
            .unwrap();
        for windows in 1..=3 {
            journal.append(window(windows)).unwrap();
        }
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        for torn in 1..40 {
            std::fs::write(&path, &whole[..whole.len() - torn]).unwrap();
            let mut journal = Journal::open(&path).unwrap();
            let entries = recovered(&mut journal);
            assert_eq!(entries[1..], [window(1), window(2)]);
            journal.append(window(3)).unwrap();
            drop(journal);
            assert_eq!(std::fs::read(&path).unwrap(), whole);
        }
        let altered = String::from_utf8(whole).unwrap().replacen("\"windows\":2", "\"windows\":7", 1);
        std::fs::write(&path, altered).unwrap();
        assert_eq!(recovered(&mut Journal::open(&path).unwrap())[1..], [window(1)]);
    }
}
