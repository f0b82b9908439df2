//! Downloads one file from the hub into a blob of the cache: under a lock, and continuing an earlier download.
//!
//! A blob gets its name only after its size and hash were checked, so every blob is complete. Until then it is called
//! `HASH.incomplete`, as in Python's `huggingface_hub`, which can continue the same file.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use ureq::http::{StatusCode, header};

use super::cache::Cache;
use super::error::AtPath;
use super::hub::{FailedRequest, Hub, HubFile, Listing, Retry};
use super::hub_model::HubModel;
use super::{StoreError, Watcher};
use crate::model::digest::{Hasher, hash_all, hash_file};

/// How many attempts in a row may fail without new bytes.
const ATTEMPTS: u32 = 5;
/// The longest pause that a server may ask for. If it asks for more, the pull fails and the user decides.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Repeats an attempt until it succeeds, cannot succeed, or has failed too often without progress. `progress` returns
/// how many bytes the attempts have downloaded.
///
/// # Errors
/// The error of the last attempt.
pub(super) fn with_retries<T>(
    watcher: &mut dyn Watcher,
    progress: impl Fn() -> u64,
    mut attempt: impl FnMut(&mut dyn Watcher) -> Result<T, FailedRequest>,
) -> Result<T, StoreError> {
    let mut failed = 0;
    loop {
        let before = progress();
        let FailedRequest { error, retry } = match attempt(watcher) {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        // An attempt with progress resets the count, so a long file can be downloaded over an unreliable connection.
        failed = if progress() > before { 1 } else { failed + 1 };
        let wait = match retry {
            Retry::Soon => Duration::from_secs(1 << (failed - 1).min(4)),
            Retry::After(wait) if wait <= LONGEST_WAIT => wait,
            Retry::After(_) | Retry::Never => return Err(error),
        };
        if failed >= ATTEMPTS {
            return Err(error);
        }
        watcher.waiting(&error.to_string(), wait);
        thread::sleep(wait);
    }
}

/// The download of one file of a model at a commit.
pub(super) struct Transfer<'a> {
    /// Where the file comes from.
    pub hub: &'a Hub,
    /// Where the file goes to.
    pub cache: &'a Cache,
    /// The model that it belongs to.
    pub model: &'a HubModel,
    /// What the hub states about the model.
    pub listing: &'a Listing,
    /// The file.
    pub file: &'a HubFile,
}

impl Transfer<'_> {
    /// Downloads the file if the cache does not have it, checks it, and links it into the snapshot.
    ///
    /// # Errors
    /// As for [`super::Store::pull`].
    pub fn run(&self, watcher: &mut dyn Watcher) -> Result<(), StoreError> {
        let hash = &self.file.hash;
        let blob = self.cache.blob_path(self.model, hash);
        for path in [&blob, &self.cache.lock_path(self.model, hash)] {
            let folder = path.parent().unwrap_or(path);
            fs::create_dir_all(folder).at(folder)?;
        }
        watcher.file(&self.file.name, self.file.bytes);
        let lock = self.lock(watcher)?;
        if self.is_whole(&blob)? {
            watcher.received(self.file.bytes);
        } else {
            let part = blob.with_file_name(format!("{}.incomplete", hash.as_str()));
            let progress = || fs::metadata(&part).map_or(0, |data| data.len());
            with_retries(watcher, progress, |watcher| self.fetch(&part, watcher))?;
            fs::rename(&part, &blob).at(&blob)?;
        }
        drop(lock);
        self.cache.link(self.model, &self.listing.commit, &self.file.name, hash)?;
        watcher.done();
        Ok(())
    }

    /// Locks the blob, after waiting for any other program that downloads it. Closing the file unlocks it, so a killed
    /// program leaves no lock.
    fn lock(&self, watcher: &mut dyn Watcher) -> Result<File, StoreError> {
        let path = self.cache.lock_path(self.model, &self.file.hash);
        let file = File::create(&path).at(&path)?;
        if file.try_lock().is_err() {
            watcher.note(&format!("another program is fetching {}; waiting for it", self.file.name));
            file.lock().at(&path)?;
        }
        Ok(file)
    }

    /// Whether the cache has the complete blob; a damaged one is deleted.
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

    /// One attempt: downloads the missing bytes and checks the whole file.
    fn fetch(&self, part: &Path, watcher: &mut dyn Watcher) -> Result<(), FailedRequest> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(part).at(part)?;
        let wanted = self.file.bytes;
        let mut length = file.metadata().at(part)?.len();
        if length > wanted {
            file.set_len(0).at(part)?;
            length = 0;
        }
        let resumed = length > 0;
        if length < wanted || wanted == 0 {
            self.append(&mut file, part, length, watcher)?;
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
        // If the bytes of an earlier download may be wrong, try once more from the start.
        Err(FailedRequest { error, retry: if resumed { Retry::Soon } else { Retry::Never } })
    }

    /// Downloads the file from byte `from` on and appends it.
    fn append(
        &self,
        file: &mut File,
        part: &Path,
        from: u64,
        watcher: &mut dyn Watcher,
    ) -> Result<(), FailedRequest> {
        let response = self.hub.open(self.model, &self.listing.commit, &self.file.name, from)?;
        let mut length = from;
        if from > 0 && !continues_at(&response, from) {
            // The server ignored the range and sends the whole file.
            file.set_len(0).at(part)?;
            length = 0;
        }
        watcher.received(length);
        let mut body = response.into_body().into_reader();
        let mut block = vec![0; 1 << 17];
        loop {
            let read = match body.read(&mut block) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => return Err(self.broken_connection(length, &error.to_string())),
            };
            length += read as u64;
            if length > self.file.bytes {
                drop(fs::remove_file(part));
                return Err(self.wrong_size(length).into());
            }
            file.write_all(&block[..read]).at(part)?;
            watcher.received(length);
        }
        if length < self.file.bytes {
            // The body is complete by its own header, but shorter than the file.
            drop(fs::remove_file(part));
            return Err(self.wrong_size(length).into());
        }
        Ok(())
    }

    /// The digest of the downloaded file.
    fn hash(&self, file: &mut File, part: &Path) -> Result<String, StoreError> {
        file.seek(SeekFrom::Start(0)).at(part)?;
        hash_all(Hasher::new(&self.file.hash, self.file.bytes), file).at(part)
    }

    /// The address of the file.
    fn url(&self) -> String {
        self.hub.url(self.model, &self.listing.commit, &self.file.name)
    }

    /// The error that the file has `found` bytes instead of the stated size.
    fn wrong_size(&self, found: u64) -> StoreError {
        StoreError::WrongSize { place: self.url(), wanted: self.file.bytes, found }
    }

    /// The error that the connection broke after `length` bytes.
    fn broken_connection(&self, length: u64, reason: &str) -> FailedRequest {
        let reason = format!(
            "the connection broke after {length} of {} bytes ({reason}); pull again: what was fetched is kept, and the \
             pull goes on from there",
            self.file.bytes
        );
        FailedRequest { error: StoreError::hub(&self.url(), reason), retry: Retry::Soon }
    }
}

/// Whether a response contains the file from byte `from` on, as requested.
fn continues_at(response: &ureq::http::Response<ureq::Body>, from: u64) -> bool {
    let range = response.headers().get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
    response.status() == StatusCode::PARTIAL_CONTENT
        && range.is_some_and(|range| range.starts_with(&format!("bytes {from}-")))
}
