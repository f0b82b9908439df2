//! What a run has finished, line by line, so that a run that was killed goes on where it stopped.
//!
//! A journal is append-only JSON Lines: one line for the settings, one for each window that is safe in the output,
//! one for the end. Each line carries a part of its own SHA-256: a line that does not fit it, as a power cut may
//! leave one, counts as not written, and so does everything behind it. The journal is also the lock: whoever
//! holds it may write the output.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::refused::{Refused, Remedy};
use crate::model::digest::hex;

/// What a run depends on, by name. Two runs with the same settings and input give the same output.
pub type Settings = BTreeMap<String, Value>;

/// How far a run has come: everything up to here is safe. All numbers count from the run's very start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub windows: u64,
    /// Records of the input, those of other shards included.
    pub consumed: u64,
    /// SHA-256 over all of them.
    pub digest: String,
    pub output_bytes: u64,
    pub error_bytes: u64,
    pub articles: u64,
    pub failed: u64,
    pub tokens: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Entry {
    Start {
        settings: Settings,
    },
    Window(Mark),
    /// The output is complete. `input_bytes` tells a later run whether the input grew since.
    Done {
        articles: u64,
        failed: u64,
        input_bytes: Option<u64>,
        /// Files that could not be read to their end.
        #[serde(default, skip_serializing_if = "is_none")]
        unread: u64,
    },
}

fn is_none(count: &u64) -> bool {
    *count == 0
}

#[derive(Serialize, Deserialize)]
struct Line {
    entry: Entry,
    check: String,
}

fn check(entry: &Entry) -> io::Result<String> {
    Ok(hex(&Sha256::digest(serde_json::to_vec(entry)?)[..8]))
}

/// The entries at the beginning of a journal that were written whole, each with the length up to its end.
pub(crate) fn entries(mut journal: impl BufRead) -> io::Result<Vec<(Entry, u64)>> {
    let mut entries = Vec::new();
    let mut good = 0;
    loop {
        let mut line = Vec::new();
        let read = journal.read_until(b'\n', &mut line)?;
        let Ok(Line { entry, check: wanted }) = serde_json::from_slice(&line) else {
            break;
        };
        if !line.ends_with(b"\n") || check(&entry)? != wanted {
            break;
        }
        good += read as u64;
        entries.push((entry, good));
    }
    Ok(entries)
}

pub struct Journal {
    file: File,
    path: PathBuf,
}

impl Journal {
    /// Opens or creates a journal, alone.
    ///
    /// # Errors
    /// When another run holds it.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.with_context(|| format!("{}: cannot be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, path: path.to_owned() }),
            Err(TryLockError::WouldBlock) => {
                let reason = format!("{}: another run is writing this output; wait for it", path.display());
                Err(Refused::new(reason, Remedy::OtherOutput).into())
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{}: cannot be locked", path.display()))
            }
        }
    }

    /// The entries that were written whole, each with the length of the journal up to its end. What stands behind
    /// them is cut off.
    pub fn recover(&mut self) -> anyhow::Result<Vec<(Entry, u64)>> {
        let context = || format!("{}: cannot be read", self.path.display());
        self.file.rewind().with_context(context)?;
        let entries = entries(BufReader::new(&self.file)).with_context(context)?;
        let good = entries.last().map_or(0, |(_, end)| *end);
        self.cut(good)?;
        Ok(entries)
    }

    /// Forgets everything behind the first `length` bytes.
    pub fn cut(&mut self, length: u64) -> anyhow::Result<()> {
        let cut = self.file.set_len(length).and_then(|()| self.file.seek(SeekFrom::End(0)));
        cut.map(drop).with_context(|| format!("{}: cannot be written", self.path.display()))
    }

    /// Returns when the entry is on the disk.
    pub fn append(&mut self, entry: Entry) -> io::Result<()> {
        let mut line = serde_json::to_vec(&Line { check: check(&entry)?, entry })?;
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
    fn what_was_not_written_whole_counts_for_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mark = |windows| Entry::Window(Mark { windows, ..Mark::default() });
        let mut journal = Journal::open(&path).unwrap();
        assert!(Journal::open(&path).is_err(), "the journal is a lock");
        journal
            .append(Entry::Start {
                settings: Settings::from([("a".into(), json!({ "b": [0.1 + 0.2, 2.0, 1e-7], "a": null }))]),
            })
            .unwrap();
        for windows in 1..=3 {
            journal.append(mark(windows)).unwrap();
        }
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        for torn in 1..40 {
            std::fs::write(&path, &whole[..whole.len() - torn]).unwrap();
            let mut journal = Journal::open(&path).unwrap();
            let entries = recovered(&mut journal);
            assert_eq!(entries[1..], [mark(1), mark(2)]);
            journal.append(mark(3)).unwrap();
            drop(journal);
            assert_eq!(std::fs::read(&path).unwrap(), whole);
        }
        let altered = String::from_utf8(whole).unwrap().replacen("\"windows\":2", "\"windows\":7", 1);
        std::fs::write(&path, altered).unwrap();
        assert_eq!(recovered(&mut Journal::open(&path).unwrap())[1..], [mark(1)]);
    }
}
