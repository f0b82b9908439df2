//! Input → windows: articles that are read together, closed by count and bytes.
//!
//! Where a window ends depends on the input alone, counted from its very start, never on time or on where a run
//! was killed. So the window that a killed run left unfinished has the same members when it is read again, and gives
//! the same numbers. Only a filter, which has nothing to go on with, also closes a window when its input pauses.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;
use sha2::{Digest, Sha256};

use super::journal::Mark;
use super::names::{Ids, Shard};
use super::record::ErrorRecord;
use crate::Article;
use crate::input::{self, InputError, InputOptions};
use crate::model::digest::hex;

/// A record of the input.
pub struct Item {
    /// Its number, from 1.
    pub record: u64,
    /// Name of its file, where each article gets one.
    pub name: Option<String>,
    pub article: Result<Article, ErrorRecord>,
}

impl Item {
    /// What it takes of a window.
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

#[derive(Default)]
pub struct Window {
    pub items: Vec<Item>,
    /// Records up to the end of the window, and the digest over them.
    pub consumed: u64,
    pub digest: String,
    /// Bytes taken from the input files so far.
    pub taken: u64,
}

pub enum Event {
    Window(Window),
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

/// What to gather, and from where on.
pub struct Gather {
    pub inputs: Vec<String>,
    pub options: InputOptions,
    pub shard: Option<Shard>,
    /// Most records in a window, and bytes of them that close it. Together with an article that no window divides
    /// ([`input::LARGEST`]) they bound the memory of a run.
    pub window: usize,
    pub window_bytes: usize,
    /// How long a window waits for the next record; for ever without it.
    pub linger: Option<Duration>,
    pub named: bool,
    /// What an earlier run finished. Its records are read over, and compared with the digest.
    pub done: Mark,
}

impl Gather {
    /// Reads on threads of its own. The channel ends with [`Event::End`] or an error.
    pub fn start(self) -> Receiver<anyhow::Result<Event>> {
        let (records, from_input) = mpsc::sync_channel(2);
        let (inputs, options) = (self.inputs.clone(), self.options.clone());
        thread::spawn(move || {
            for article in input::articles(&inputs, options) {
                if records.send(Some(article)).is_err() {
                    return;
                }
            }
            // Said, not left to the closing of the channel: a thread that panics is no end of the input.
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
        windows: &SyncSender<anyhow::Result<Event>>,
    ) -> anyhow::Result<()> {
        let mut ids = Ids::new(self.named);
        let mut digest = Sha256::new();
        let mut window = Window::default();
        let (mut consumed, mut unread, mut bytes, mut deadline) = (0, 0, 0, None);
        loop {
            let full = window.items.len() >= self.window || bytes >= self.window_bytes;
            let next = match deadline {
                _ if full => Err(RecvTimeoutError::Timeout),
                Some(at) => records.recv_timeout(Instant::saturating_duration_since(&at, Instant::now())),
                None => records.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            if !matches!(next, Ok(Some(_))) && !window.items.is_empty() {
                let ready = std::mem::take(&mut window);
                (bytes, deadline) = (0, None);
                if windows.send(Ok(Event::Window(ready))).is_err() {
                    return Ok(());
                }
            }
            let found = match next {
                Ok(Some(found)) => found,
                Ok(None) => break,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => bail!("reading the input failed; see above"),
            };
            consumed += 1;
            unread += u64::from(matches!(&found, Err(InputError { ends_file: true, .. })));
            feed(&mut digest, &found);
            let item = self.item(consumed, found, &mut ids);
            if consumed <= self.done.consumed {
                if consumed == self.done.consumed && hex(&digest.clone().finalize()) != self.done.digest {
                    bail!(
                        "the input changed since this run began: its first {consumed} records are no longer those \
                         that were read; give the new input another --output, or begin anew with --restart"
                    );
                }
                continue;
            }
            let Some(item) = item else { continue };
            bytes += item.bytes();
            window.items.push(item);
            window.consumed = consumed;
            window.digest = hex(&digest.clone().finalize());
            window.taken =
                self.options.taken.as_ref().map_or(0, |t| t.load(std::sync::atomic::Ordering::Relaxed));
            deadline = deadline.or_else(|| self.linger.map(|wait| Instant::now() + wait));
        }
        if consumed < self.done.consumed {
            bail!(
                "the input has become shorter: it has {consumed} records, and this run had already read {}; \
                 restore it, or begin anew with --restart",
                self.done.consumed
            );
        }
        let _ = windows.send(Ok(Event::End(InputEnd { duplicates: ids.duplicates, unread })));
        Ok(())
    }

    /// The record as a member of a window, unless it is another shard's.
    fn item(&self, record: u64, found: Result<Article, InputError>, ids: &mut Ids) -> Option<Item> {
        let mine = |id: &str| self.shard.as_ref().is_none_or(|shard| shard.has(id));
        match found {
            Ok(article) => mine(&article.id).then(|| {
                let name = ids.name(&article.id, record);
                Item { record, name, article: Ok(article) }
            }),
            Err(error) => {
                let key = error.id.clone().unwrap_or_else(|| error.place.clone());
                mine(&key).then(|| Item { record, name: None, article: Err(error.into()) })
            }
        }
    }
}

/// Everything of a record that its result depends on.
fn feed(digest: &mut Sha256, found: &Result<Article, InputError>) {
    let mut part = |text: Option<&str>| {
        digest.update(text.map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
        digest.update(text.unwrap_or_default());
    };
    match found {
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

    fn windows(path: &std::path::Path, window: usize, done: Mark) -> anyhow::Result<Vec<Window>> {
        let gather = Gather {
            inputs: vec![path.to_str().unwrap().to_owned()],
            options: InputOptions::default(),
            shard: None,
            window,
            window_bytes: 1 << 20,
            linger: None,
            named: false,
            done,
        };
        let mut found = Vec::new();
        for event in gather.start() {
            match event? {
                Event::Window(window) => found.push(window),
                Event::End(_) => break,
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
        let all = windows(&path, 99, Mark::default()).unwrap();
        // The last text in the first line counts, and what nobody asks for does not.
        assert_eq!(all.iter().map(|w| w.items.len()).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn a_run_that_goes_on_meets_the_same_windows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        let line = |n: usize| format!("{{\"id\":{n},\"text\":\"Text {n}.\"}}\n");
        let text: String = (0..10).map(line).collect();
        fs::write(&path, &text).unwrap();
        let all = windows(&path, 4, Mark::default()).unwrap();
        assert_eq!(all.iter().map(|w| w.items.len()).collect::<Vec<_>>(), [4, 4, 2]);
        let done = Mark { consumed: 4, digest: all[0].digest.clone(), ..Mark::default() };
        let rest = windows(&path, 4, done.clone()).unwrap();
        assert_eq!(rest.len(), 2);
        assert_eq!(rest[1].digest, all[2].digest);
        assert_eq!(rest[0].items[0].record, 5);

        fs::write(&path, text.clone() + &line(10)).unwrap();
        assert_eq!(windows(&path, 4, done.clone()).unwrap()[1].items.len(), 3, "more at the end is fine");
        fs::write(&path, text.replacen("Text 2", "Other", 1)).unwrap();
        let error = windows(&path, 4, done.clone()).err().unwrap().to_string();
        assert!(error.contains("first 4 records are no longer"), "{error}");
        fs::write(&path, line(0)).unwrap();
        let error = windows(&path, 4, done).err().unwrap().to_string();
        assert!(error.contains("it has 1 records, and this run had already read 4"), "{error}");
    }
}
