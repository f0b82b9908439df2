//! One file from the hub into a blob: under a lock, from where it stopped, checked before anybody can see it.
//!
//! A blob gets its name only after its size and hash were found right, so that a blob that is there is whole. Until
//! then it is `HASH.incomplete`, as with Python's `huggingface_hub`, which goes on with the same file.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use ureq::http::{StatusCode, header};

use super::cache::Cache;
use super::digest::{Hasher, each_block, hash_file};
use super::error::AtPath;
use super::hub::{Again, Failure, Hub, HubFile, Listing};
use super::hub_model::HubModel;
use super::{StoreError, Watcher};

/// Attempts in a row that bring nothing new.
const ATTEMPTS: u32 = 5;
/// The longest that a server may ask to wait before it is left to the user.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Runs an attempt until it succeeds, cannot succeed, or has failed too often without getting on. `progress` tells
/// how far the attempts have come.
pub(super) fn persist<T>(
    watcher: &mut dyn Watcher,
    progress: impl Fn() -> u64,
    mut attempt: impl FnMut(&mut dyn Watcher) -> Result<T, Failure>,
) -> Result<T, StoreError> {
    let mut failed = 0;
    loop {
        let before = progress();
        let Failure { error, again } = match attempt(watcher) {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        // A long file over a line that is often cut gets there, as long as each attempt brings it further.
        failed = if progress() > before { 1 } else { failed + 1 };
        let wait = match again {
            Again::Soon => Duration::from_secs(1 << (failed - 1).min(4)),
            Again::After(wait) if wait <= LONGEST_WAIT => wait,
            Again::After(_) | Again::Never => return Err(error),
        };
        if failed >= ATTEMPTS {
            return Err(error);
        }
        watcher.waiting(&error.to_string(), wait);
        thread::sleep(wait);
    }
}

/// A file of a model at a commit, on its way.
pub(super) struct Transfer<'a> {
    pub hub: &'a Hub,
    pub cache: &'a Cache,
    pub model: &'a HubModel,
    pub listing: &'a Listing,
    pub file: &'a HubFile,
}

impl Transfer<'_> {
    /// Sees to it that the file is in the cache and right, and puts it into the snapshot.
    pub fn run(&self, watcher: &mut dyn Watcher) -> Result<(), StoreError> {
        let hash = &self.file.hash;
        let blob = self.cache.blob(self.model, hash);
        for path in [&blob, &self.cache.lock(self.model, hash)] {
            let folder = path.parent().unwrap_or(path);
            fs::create_dir_all(folder).at(folder)?;
        }
        watcher.file(&self.file.name, self.file.bytes);
        let lock = self.locked(watcher)?;
        if self.is_whole(&blob)? {
            watcher.came(self.file.bytes);
        } else {
            let part = blob.with_file_name(format!("{}.incomplete", hash.as_str()));
            let progress = || fs::metadata(&part).map_or(0, |data| data.len());
            persist(watcher, progress, |watcher| self.fetch(&part, watcher))?;
            fs::rename(&part, &blob).at(&blob)?;
        }
        drop(lock);
        self.cache.link(self.model, &self.listing.commit, &self.file.name, hash)?;
        watcher.done();
        Ok(())
    }

    /// Takes the lock of the blob, after whoever else is fetching it. It is let go when the file is closed, so also
    /// when the program dies.
    fn locked(&self, watcher: &mut dyn Watcher) -> Result<File, StoreError> {
        let path = self.cache.lock(self.model, &self.file.hash);
        let file = File::create(&path).at(&path)?;
        if file.try_lock().is_err() {
            watcher.note(&format!("another program is fetching {}; waiting for it", self.file.name));
            file.lock().at(&path)?;
        }
        Ok(file)
    }

    /// Whether the blob is there already; a damaged one is cleared away.
    fn is_whole(&self, blob: &Path) -> Result<bool, StoreError> {
        let Ok(data) = fs::metadata(blob) else { return Ok(false) };
        if data.len() == self.file.bytes
            && hash_file(blob, &self.file.hash).at(blob)? == self.file.hash.as_str()
        {
            return Ok(true);
        }
        fs::remove_file(blob).at(blob)?;
        Ok(false)
    }

    /// One attempt: the rest of the file after what is there, and the check of the whole.
    fn fetch(&self, part: &Path, watcher: &mut dyn Watcher) -> Result<(), Failure> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(part).at(part)?;
        let wanted = self.file.bytes;
        let mut there = file.metadata().at(part)?.len();
        if there > wanted {
            file.set_len(0).at(part)?;
            there = 0;
        }
        let resumed = there > 0;
        if there < wanted || wanted == 0 {
            self.append(&mut file, part, there, watcher)?;
        }
        file.sync_all().at(part)?;
        let found = self.hash(&mut file, part)?;
        if found == self.file.hash.as_str() {
            return Ok(());
        }
        fs::remove_file(part).at(part)?;
        let error = StoreError::WrongHash {
            place: self.url(),
            algorithm: self.file.hash.algorithm(),
            wanted: self.file.hash.as_str().into(),
            found,
        };
        // Perhaps it was the part from before that was wrong: once more, from the start.
        Err(Failure { error, again: if resumed { Again::Soon } else { Again::Never } })
    }

    /// Asks for what is missing and writes it behind what is there.
    fn append(
        &self,
        file: &mut File,
        part: &Path,
        from: u64,
        watcher: &mut dyn Watcher,
    ) -> Result<(), Failure> {
        let response = self.hub.open(self.model, &self.listing.commit, &self.file.name, from)?;
        let mut there = from;
        if from > 0 && !continues_at(&response, from) {
            // The server sends the whole file, whatever was asked for.
            file.set_len(0).at(part)?;
            there = 0;
        }
        watcher.came(there);
        let mut body = response.into_body().into_reader();
        let mut block = vec![0; 1 << 17];
        loop {
            let read = match body.read(&mut block) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => return Err(self.cut(there, &error.to_string())),
            };
            there += read as u64;
            if there > self.file.bytes {
                drop(fs::remove_file(part));
                return Err(self.wrong_size(there).into());
            }
            file.write_all(&block[..read]).at(part)?;
            watcher.came(there);
        }
        if there < self.file.bytes {
            // A body that ends where its own header says, but before the file should.
            drop(fs::remove_file(part));
            return Err(self.wrong_size(there).into());
        }
        Ok(())
    }

    fn hash(&self, file: &mut File, part: &Path) -> Result<String, StoreError> {
        file.seek(SeekFrom::Start(0)).at(part)?;
        let mut hasher = Hasher::new(&self.file.hash, self.file.bytes);
        each_block(file, |block| hasher.update(block)).at(part)?;
        Ok(hasher.finish())
    }

    fn url(&self) -> String {
        self.hub.url(self.model, &self.listing.commit, &self.file.name)
    }

    fn wrong_size(&self, found: u64) -> StoreError {
        StoreError::WrongSize { place: self.url(), wanted: self.file.bytes, found }
    }

    fn cut(&self, there: u64, reason: &str) -> Failure {
        let reason = format!(
            "the connection broke after {there} of {} bytes ({reason}); pull again: what was fetched is kept, and the \
             pull goes on from there",
            self.file.bytes
        );
        Failure { error: StoreError::hub(&self.url(), reason), again: Again::Soon }
    }
}

/// Whether an answer is the part of the file from that byte on.
fn continues_at(response: &ureq::http::Response<ureq::Body>, from: u64) -> bool {
    let range = response.headers().get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
    response.status() == StatusCode::PARTIAL_CONTENT
        && range.is_some_and(|range| range.starts_with(&format!("bytes {from}-")))
}
