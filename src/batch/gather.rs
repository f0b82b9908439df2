//! Puts the records of the input into *windows*: records that the model analyses together.
//!
//! A window is full when it has a given number of records or bytes. Where it ends depends on the input alone, counted
//! from its first record, never on time or on where a run was killed. So the window that a killed run left unfinished
//! has the same records when it is read again, and gives the same numbers. Only a filter, which keeps no journal, also
//! closes a window when its input pauses.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::error::BatchError;
use super::journal::Progress;
use super::names::{KnownIds, Shard};
use super::record::ErrorRecord;
use crate::Article;
use crate::input::{self, InputError, InputOptions};
use crate::model::digest::hex;

/// A record of the input.
pub struct InputRecord {
    /// Its number in the input, counted from 1.
    pub number: u64,
    /// Name of its file, where the output is a folder with one file for each article.
    pub file_name: Option<String>,
    /// The article, or why the record gave none.
    pub article: Result<Article, ErrorRecord>,
}

impl InputRecord {
    /// How many bytes of a window it takes.
    fn bytes(&self) -> usize {
        let length = |field: &Option<String>| field.as_ref().map_or(0, String::len);
        match &self.article {
            Ok(Article { id, title, source, url, published, text, warnings }) => {
                let fields = [title, source, url, published].map(length).iter().sum::<usize>();
                id.len() + text.len() + fields + warnings.iter().map(String::len).sum::<usize>()
            }
            Err(error) => length(&error.id) + error.reason.len(),
        }
    }
}

/// Records that are analysed together.
#[derive(Default)]
pub struct RecordWindow {
    /// The records, in the order of the input.
    pub records: Vec<InputRecord>,
    /// How many records of the input there are up to the end of the window, those of other shards included.
    pub consumed: u64,
    /// SHA-256 over these `consumed` records, in hexadecimal digits.
    pub digest: String,
    /// Bytes taken from the input files so far, as they are on the disk.
    pub taken: u64,
}

/// What [`Gather`] sends.
pub enum Gathered {
    /// A window that is closed.
    Window(RecordWindow),
    /// The input ended. Sent once, as the last.
    End(InputEnd),
}

/// What is known of the input when it ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InputEnd {
    /// Articles with the id of an earlier one.
    pub duplicates: u64,
    /// Files that could not be read to their end.
    pub unread: u64,
}

/// Which records to put into windows, and how large windows are.
pub struct Gather {
    /// Files, folders, patterns, or `-` for standard input.
    pub inputs: Vec<String>,
    /// How to read them.
    pub options: InputOptions,
    /// Leave out the records of other shards.
    pub shard: Option<Shard>,
    /// Most records in a window.
    pub window: usize,
    /// Bytes of records that close a window. Since a window never divides an article, these bytes and the largest
    /// article ([`input::LARGEST`]) bound the memory of a run.
    pub window_bytes: usize,
    /// How long a window that has records waits for the next one; `None`: without limit.
    pub longest_wait: Option<Duration>,
    /// Whether each article gets a file, so that file names are needed.
    pub wants_file_names: bool,
    /// What an earlier run finished. Its records are read again, compared with its digest, and left out.
    pub done: Progress,
}

impl Gather {
    /// Reads on two threads of its own. The channel ends with [`Gathered::End`] or an error; without either, a thread
    /// panicked.
    pub fn start(self) -> Receiver<Result<Gathered, BatchError>> {
        let (records, from_input) = mpsc::sync_channel(2);
        let (inputs, options) = (self.inputs.clone(), self.options.clone());
        thread::spawn(move || {
            for article in input::articles(&inputs, options) {
                if records.send(Some(article)).is_err() {
                    return;
                }
            }
            // A thread that panics closes the channel, too. So the end of the input is sent as a message.
            let _ = records.send(None);
        });
        let (windows, to_model) = mpsc::sync_channel(1);
        thread::spawn(move || {
            if let Err(error) = self.gather(&from_input, &windows) {
                let _ = windows.send(Err(error));
            }
        });
        to_model
    }

    fn gather(
        &self,
        records: &Receiver<Option<Result<Article, InputError>>>,
        windows: &SyncSender<Result<Gathered, BatchError>>,
    ) -> Result<(), BatchError> {
        let mut ids = KnownIds::new(self.wants_file_names);
        let mut digest = Sha256::new();
        let mut window = RecordWindow::default();
        let (mut consumed, mut unread, mut bytes, mut deadline) = (0, 0, 0, None);
        loop {
            let full = window.records.len() >= self.window || bytes >= self.window_bytes;
            let next = match deadline {
                _ if full => Err(RecvTimeoutError::Timeout),
                Some(at) => records.recv_timeout(Instant::saturating_duration_since(&at, Instant::now())),
                None => records.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            if !matches!(next, Ok(Some(_))) && !window.records.is_empty() {
                let ready = std::mem::take(&mut window);
                (bytes, deadline) = (0, None);
                if windows.send(Ok(Gathered::Window(ready))).is_err() {
                    return Ok(());
                }
            }
            let article = match next {
                Ok(Some(article)) => article,
                Ok(None) => break,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Err(BatchError::ReadingPanicked),
            };
            consumed += 1;
            unread += u64::from(matches!(&article, Err(InputError { ends_file: true, .. })));
            add_to_digest(&mut digest, &article);
            let record = self.record(consumed, article, &mut ids);
            if consumed <= self.done.consumed {
                if consumed == self.done.consumed && hex(&digest.clone().finalize()) != self.done.digest {
                    return Err(BatchError::InputChanged { records: consumed });
                }
                continue;
            }
            let Some(record) = record else { continue };
            bytes += record.bytes();
            window.records.push(record);
            window.consumed = consumed;
            window.digest = hex(&digest.clone().finalize());
            window.taken =
                self.options.taken.as_ref().map_or(0, |t| t.load(std::sync::atomic::Ordering::Relaxed));
            deadline = deadline.or_else(|| self.longest_wait.map(|wait| Instant::now() + wait));
        }
        if consumed < self.done.consumed {
            return Err(BatchError::InputShorter { records: consumed, read: self.done.consumed });
        }
        let _ = windows.send(Ok(Gathered::End(InputEnd { duplicates: ids.duplicates, unread })));
        Ok(())
    }

    /// The record with this number; `None` where it is another shard's.
    fn record(
        &self,
        number: u64,
        article: Result<Article, InputError>,
        ids: &mut KnownIds,
    ) -> Option<InputRecord> {
        let mine = |id: &str| self.shard.as_ref().is_none_or(|shard| shard.contains(id));
        match article {
            Ok(article) => mine(&article.id).then(|| {
                let file_name = ids.file_name(&article.id, number);
                InputRecord { number, file_name, article: Ok(article) }
            }),
            Err(error) => {
                let key = error.id.clone().unwrap_or_else(|| error.place.clone());
                mine(&key).then(|| InputRecord { number, file_name: None, article: Err(error.into()) })
            }
        }
    }
}

/// Adds everything of a record that its result depends on.
fn add_to_digest(digest: &mut Sha256, article: &Result<Article, InputError>) {
    let mut part = |text: Option<&str>| {
        digest.update(text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
        digest.update(text.unwrap_or_default());
    };
    match article {
        Ok(Article { id, title, source, url, published, text, warnings }) => {
            part(Some(id));
            [title, source, url, published].into_iter().for_each(|field| part(field.as_deref()));
            part(Some(text));
            if !warnings.is_empty() {
                part(Some(&warnings.join("\n")));
            }
        }
        Err(error) => {
            part(None);
            part(Some(&error.reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn windows(
        path: &std::path::Path,
        window: usize,
        done: Progress,
    ) -> Result<Vec<RecordWindow>, BatchError> {
        let gather = Gather {
            inputs: vec![path.to_str().unwrap().to_owned()],
            options: InputOptions::default(),
            shard: None,
            window,
            window_bytes: 1 << 20,
            longest_wait: None,
            wants_file_names: false,
            done,
        };
        let mut found = Vec::new();
        for event in gather.start() {
            match event? {
                Gathered::Window(window) => found.push(window),
                Gathered::End(_) => break,
            }
        }
        Ok(found)
    }

    #[test]
    fn every_field_counts_for_the_size_of_a_window() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let long = "x".repeat(600 << 10);
        let lines = ["text", "title", "id", "url", "more"]
            .map(|field| format!("{{\"{field}\":\"{long}\",\"text\":\"a\"}}\n"));
        fs::write(&path, lines.concat()).unwrap();
        let all = windows(&path, 99, Progress::default()).unwrap();
        // Of the two texts in the first line the last counts; the field `more` is not read, so it does not count.
        assert_eq!(all.iter().map(|w| w.records.len()).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn a_run_that_goes_on_has_the_same_windows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let line = |n: usize| format!("{{\"id\":{n},\"text\":\"Text {n}.\"}}\n");
        let text: String = (0..10).map(line).collect();
        fs::write(&path, &text).unwrap();
        let all = windows(&path, 4, Progress::default()).unwrap();
        assert_eq!(all.iter().map(|w| w.records.len()).collect::<Vec<_>>(), [4, 4, 2]);
        let done = Progress { consumed: 4, digest: all[0].digest.clone(), ..Progress::default() };
        let rest = windows(&path, 4, done.clone()).unwrap();
        assert_eq!(rest.len(), 2);
        assert_eq!(rest[1].digest, all[2].digest);
        assert_eq!(rest[0].records[0].number, 5);

        fs::write(&path, text.clone() + &line(10)).unwrap();
        assert_eq!(windows(&path, 4, done.clone()).unwrap()[1].records.len(), 3, "more at the end is fine");
        fs::write(&path, text.replacen("Text 2", "Other", 1)).unwrap();
        let error = windows(&path, 4, done.clone()).err().unwrap().to_string();
        assert!(error.contains("first 4 records are no longer"), "{error}");
        fs::write(&path, line(0)).unwrap();
        let error = windows(&path, 4, done).err().unwrap().to_string();
        assert!(error.contains("it has 1 records, and this run had already read 4"), "{error}");
    }
}
