//! Errors about models of the hub. Each message says what went wrong, where, and what to do next.

use std::io;
use std::path::{Path, PathBuf};

use super::hub_model::HubModel;

/// What can go wrong when a model is found or pulled.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A text is no reference to a model, or to none that there is.
    #[error("'{given}' {reason}")]
    Reference {
        /// The text.
        given: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A variable of the environment has an invalid value.
    #[error("{variable} {reason}")]
    Setting {
        /// Its name.
        variable: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The model was not pulled yet.
    #[error("{model} is not in the cache {cache}; fetch it with `wirelens models pull {model}`{offline}")]
    NotCached {
        /// The model.
        model: String,
        /// Folder of the cache.
        cache: String,
        /// What to add to the message if the run is offline.
        offline: &'static str,
    },
    /// The model is not in the cache, and the run is offline.
    #[error("{model} cannot be fetched: {reason}; go online, or set HF_HUB_CACHE to a cache that has it")]
    Offline {
        /// The model.
        model: String,
        /// Why the run is offline.
        reason: &'static str,
    },
    /// A folder or repository lacks files that a model needs.
    #[error("{place} is not a model that can be read: {reason}")]
    NotAModel {
        /// The folder or the reference.
        place: String,
        /// What is missing.
        reason: String,
    },
    /// The weights are only in a pickle, which is never read.
    #[error(
        "{place} has its weights only as a pickle ({}), and a pickle can run any program when it is read; only \
         .safetensors and rust_model.ot are accepted. If you trust where it comes from, fetch it with another \
         program, convert it with `python3 scripts/convert.py FOLDER NEW_FOLDER`, and use ./NEW_FOLDER as the model",
        files.join(", ")
    )]
    OnlyPickle {
        /// The folder or the reference.
        place: String,
        /// Names of the pickles.
        files: Vec<String>,
    },
    /// The hub cannot be reached, refuses, or sends an invalid answer.
    #[error("{url}: {reason}")]
    Hub {
        /// The address of the request.
        url: String,
        /// What went wrong, and what to do.
        reason: String,
    },
    /// A file from the hub has another size than the hub stated.
    #[error(
        "{place}: has {found} bytes where {wanted} were announced; nothing of it was kept. Run the pull again; if it \
         stays so, something between this machine and the hub alters files"
    )]
    WrongSize {
        /// Address of the file.
        place: String,
        /// Stated size in bytes.
        wanted: u64,
        /// Received bytes.
        found: u64,
    },
    /// A file from the hub has another hash than the hub stated.
    #[error(
        "{place}: its {algorithm} is {found}, and {wanted} was announced; nothing of it was kept. Run the pull again; \
         if it stays so, do not trust this source"
    )]
    WrongHash {
        /// Address of the file.
        place: String,
        /// Name of the hash.
        algorithm: &'static str,
        /// Stated hash.
        wanted: String,
        /// Hash of the received file.
        found: String,
    },
    /// A file of the hub is not the one that the registry pins.
    #[error(
        "{place}: the registry expects {expected} and the hub has {found}: the file has changed since it was measured. \
         Pull hub:owner/name@revision if you want the new one"
    )]
    NotAsPinned {
        /// Model and file.
        place: String,
        /// Size or hash in the registry.
        expected: String,
        /// Size or hash at the hub.
        found: String,
    },
    /// The file system refused an operation.
    #[error("{path}: {reason}")]
    Disk {
        /// The file or folder.
        path: String,
        /// The error of the system, and what to do.
        reason: String,
    },
}

impl StoreError {
    /// An error about a reference.
    pub(super) fn reference(given: &str, reason: impl Into<String>) -> Self {
        Self::Reference { given: given.into(), reason: reason.into() }
    }

    /// An error about a request to the hub.
    pub(super) fn hub(url: &str, reason: impl Into<String>) -> Self {
        Self::Hub { url: url.into(), reason: reason.into() }
    }

    /// An error of the file system, with advice for the common ones.
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

    /// The error that a model is not in the cache.
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

/// Adds the path to the error of an `io::Result`.
pub(super) trait AtPath<T> {
    /// The same result, with an error about `path`.
    fn at(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::disk(path, &error))
    }
}

/// A file of a snapshot that was altered.
#[derive(Debug)]
pub struct Damage {
    /// The file.
    pub path: PathBuf,
    /// How it differs.
    pub reason: String,
}
