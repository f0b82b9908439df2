//! What can go wrong with a model of the hub: each says what, where, and what to do next.

use std::io;
use std::path::{Path, PathBuf};

use super::hub_model::HubModel;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("'{given}' {reason}")]
    Reference { given: String, reason: String },
    #[error("{variable} {reason}")]
    Setting { variable: &'static str, reason: String },
    #[error("{model} is not in the cache {cache}; fetch it with `wirelens models pull {model}`{offline}")]
    NotCached { model: String, cache: String, offline: &'static str },
    #[error("{model} cannot be fetched: {reason}; go online, or set HF_HUB_CACHE to a cache that has it")]
    Offline { model: String, reason: &'static str },
    #[error("{place} is not a model that can be read: {reason}")]
    NotAModel { place: String, reason: String },
    #[error(
        "{place} has its weights only as a pickle ({}), and a pickle can run any program when it is read; only \
         .safetensors and rust_model.ot are accepted. If you trust where it comes from, fetch it with another \
         program, convert it with `python3 scripts/convert.py FOLDER NEW_FOLDER`, and use ./NEW_FOLDER as the model",
        files.join(", ")
    )]
    OnlyPickle { place: String, files: Vec<String> },
    #[error("{url}: {reason}")]
    Hub { url: String, reason: String },
    #[error(
        "{place}: has {found} bytes where {wanted} were announced; nothing of it was kept. Run the pull again; if it \
         stays so, what stands between here and the hub alters files"
    )]
    WrongSize { place: String, wanted: u64, found: u64 },
    #[error(
        "{place}: its {algorithm} is {found}, and {wanted} was announced; nothing of it was kept. Run the pull again; \
         if it stays so, do not trust this source"
    )]
    WrongHash { place: String, algorithm: &'static str, wanted: String, found: String },
    #[error(
        "{place}: the registry expects {expected} and the hub has {found}: the file has changed since it was measured. \
         Pull hub:owner/name@revision if you want the new one"
    )]
    NotThePinned { place: String, expected: String, found: String },
    #[error("{path}: {reason}")]
    Disk { path: String, reason: String },
}

impl StoreError {
    pub(super) fn reference(given: &str, reason: impl Into<String>) -> Self {
        Self::Reference { given: given.into(), reason: reason.into() }
    }

    pub(super) fn hub(url: &str, reason: impl Into<String>) -> Self {
        Self::Hub { url: url.into(), reason: reason.into() }
    }

    /// An error of the file system, with what helps against the ones that users meet.
    pub(super) fn disk(path: &Path, error: &io::Error) -> Self {
        let next = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                "; make room there, or set HF_HUB_CACHE to a folder with more, and pull again: what was fetched \
                 is kept, and the pull goes on from there"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "; set HF_HUB_CACHE to a folder that you may write to"
            }
            _ => "",
        };
        Self::Disk { path: path.display().to_string(), reason: format!("{error}{next}") }
    }

    /// Nothing of a model is in the cache.
    pub(super) fn not_cached(model: &HubModel, cache: &Path, offline: bool) -> Self {
        Self::NotCached {
            model: model.to_string(),
            cache: cache.display().to_string(),
            offline: if offline {
                " while online (HF_HUB_OFFLINE or --offline keeps this run off the network)"
            } else {
                ""
            },
        }
    }
}

/// Turns an `io::Result` into one that names the path.
pub(super) trait AtPath<T> {
    fn at(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::disk(path, &error))
    }
}

/// A file of a snapshot that is not what it should be.
#[derive(Debug)]
pub struct Damage {
    pub path: PathBuf,
    pub reason: String,
}
