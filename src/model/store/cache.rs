//! Reads and writes the **cache**: the folders `models--owner--name/{blobs,refs,snapshots}` that Python's
//! `huggingface_hub` uses too.
//!
//! A **blob** is a file that is named by its hash. A **snapshot** is a folder of links to blobs, one for each commit. A
//! **ref** says which commit a branch pointed to. `transformers` uses the same folders: neither program pulls again
//! what the other has pulled.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::choose::choose_files;
use super::error::{AtPath, Damage};
use super::hub_model::{HubModel, is_commit};
use super::registry::Pin;
use crate::model::digest::{Hash, hash_file};

/// The cache in one folder.
#[derive(Debug, Clone)]
pub struct Cache {
    /// The folder of `models--owner--name` folders.
    root: PathBuf,
}

/// A model in the cache at one commit: a folder with all files that are needed to load it.
#[derive(Debug)]
pub struct Snapshot {
    /// The model.
    pub model: HubModel,
    /// Full hash of the commit.
    pub commit: String,
    /// Where the files are.
    pub folder: PathBuf,
    /// The files that make up the model.
    pub files: Vec<SnapshotFile>,
}

/// A file of a model.
#[derive(Debug)]
pub struct SnapshotFile {
    /// Its name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The hash in the name of its blob; none if the file is no link to a blob.
    pub hash: Option<Hash>,
}

impl Snapshot {
    /// Size of all files together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Compares every file with the hash in its blob's name and with the SHA-256 in the registry. Returns those that differ.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn verify(&self, pins: &BTreeMap<String, Pin>) -> Result<Vec<Damage>, StoreError> {
        let mut damages = Vec::new();
        for file in &self.files {
            let pinned = pins.get(&file.name).and_then(|pin| pin.sha256.as_deref());
            let pinned = pinned.map(|hash| Hash::Sha256(hash.to_ascii_lowercase()));
            let path = self.folder.join(&file.name);
            for wanted in file.hash.iter().chain(pinned.as_ref()) {
                let found = hash_file(&path, wanted).at(&path)?;
                if found != wanted.as_str() {
                    let (algorithm, wanted) = (wanted.algorithm(), wanted.as_str());
                    let reason = format!("was altered: its {algorithm} is {found}, and should be {wanted}");
                    damages.push(Damage { path: path.clone(), reason });
                }
            }
        }
        Ok(damages)
    }
}

impl Cache {
    /// The cache in the folder `root`, which need not exist.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder of a model with all its commits, whether or not it exists.
    pub fn folder(&self, model: &HubModel) -> PathBuf {
        self.root.join(model.repo_at(model.revision()).folder_name())
    }

    /// The paths of a model in the cache.
    fn layout(&self, model: &HubModel) -> hf_hub::CacheRepo {
        hf_hub::Cache::new(self.root.clone()).repo(model.repo_at(model.revision()))
    }

    /// The commit that the model's revision pointed to when it was last pulled.
    fn commit(&self, model: &HubModel) -> Option<String> {
        if is_commit(model.revision()) {
            return Some(model.revision().into());
        }
        let commit = fs::read_to_string(self.folder(model).join("refs").join(model.revision())).ok()?;
        let commit = commit.trim();
        is_commit(commit).then(|| commit.into())
    }

    /// The model in the cache. `offline` changes only the text of the error.
    ///
    /// # Errors
    /// When it is not in the cache, is not complete, or has only a pickle.
    pub fn snapshot(&self, model: &HubModel, offline: bool) -> Result<Snapshot, StoreError> {
        let absent = || StoreError::not_cached(model, &self.root, offline);
        let commit = self.commit(model).ok_or_else(absent)?;
        self.snapshot_at(model, &commit, absent)
    }

    /// The model in the cache at a commit. `absent` makes the error if there is no such snapshot.
    pub(super) fn snapshot_at(
        &self,
        model: &HubModel,
        commit: &str,
        absent: impl Fn() -> StoreError,
    ) -> Result<Snapshot, StoreError> {
        let folder = self.layout(model).pointer_path(commit);
        if !folder.is_dir() {
            return Err(absent());
        }
        let files = folder_files(&folder).map_err(|error| match error {
            StoreError::NotAModel { place, reason } => StoreError::NotAModel {
                place,
                reason: format!("{reason}; fetch what is missing with `wirelens models pull {model}`"),
            },
            other => other,
        })?;
        Ok(Snapshot { model: model.clone(), commit: commit.into(), folder, files })
    }

    /// The path of a blob.
    pub(super) fn blob_path(&self, model: &HubModel, hash: &Hash) -> PathBuf {
        self.layout(model).blob_path(hash.as_str())
    }

    /// The path of the file that is locked while a blob is pulled. `huggingface_hub` uses the same lock.
    pub(super) fn lock_path(&self, model: &HubModel, hash: &Hash) -> PathBuf {
        let folder = model.repo_at(model.revision()).folder_name();
        self.root.join(".locks").join(folder).join(format!("{}.lock", hash.as_str()))
    }

    /// Links a blob into the snapshot of a commit under a file's name.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(super) fn link(
        &self,
        model: &HubModel,
        commit: &str,
        name: &str,
        hash: &Hash,
    ) -> Result<(), StoreError> {
        let folder = self.layout(model).pointer_path(commit);
        let (pointer, target) = (folder.join(name), Path::new("../../blobs").join(hash.as_str()));
        if fs::read_link(&pointer).is_ok_and(|found| found == target) {
            return Ok(());
        }
        fs::create_dir_all(&folder).at(&folder)?;
        let part = folder.join(format!(".{name}.{}", unique()));
        link_file(&target, &self.blob_path(model, hash), &part).at(&part)?;
        fs::rename(&part, &pointer).at(&pointer)
    }

    /// Writes the ref of the model's revision. Must be done last, so that a ref never points to an incomplete snapshot.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(super) fn write_ref(&self, model: &HubModel, commit: &str) -> Result<(), StoreError> {
        if is_commit(model.revision()) {
            return Ok(());
        }
        let folder = self.folder(model);
        let path = folder.join("refs").join(model.revision());
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent).at(parent)?;
        let part = folder.join(format!(".ref.{}", unique()));
        fs::write(&part, commit).at(&part)?;
        fs::rename(&part, &path).at(&path)
    }

    /// Every model at every branch and tag that was pulled, by any program. Folders whose names are not valid names of
    /// models are ignored.
    pub fn models(&self) -> Vec<HubModel> {
        let mut models = Vec::new();
        for entry in fs::read_dir(&self.root).into_iter().flatten().flatten() {
            let folder = entry.file_name();
            let Some((owner, name)) =
                folder.to_str().and_then(|name| name.strip_prefix("models--")?.split_once("--"))
            else {
                continue;
            };
            let refs = entry.path().join("refs");
            for file in
                walkdir::WalkDir::new(&refs).into_iter().flatten().filter(|file| file.file_type().is_file())
            {
                let revision = file.path().strip_prefix(&refs).ok().and_then(Path::to_str);
                models.extend(revision.and_then(|revision| HubModel::new(owner, name, revision).ok()));
            }
        }
        models.sort();
        models
    }

    /// Deletes a model with all its commits, and returns the number of bytes that this freed.
    ///
    /// # Errors
    /// When it is not in the cache or cannot be deleted.
    pub fn remove(&self, model: &HubModel) -> Result<u64, StoreError> {
        let folder = self.folder(model);
        if !folder.is_dir() {
            return Err(StoreError::not_cached(model, &self.root, false));
        }
        let files = walkdir::WalkDir::new(&folder).into_iter().flatten();
        let bytes = files
            .filter_map(|file| file.metadata().ok())
            .filter(|data| data.is_file())
            .map(|data| data.len())
            .sum();
        fs::remove_dir_all(&folder).at(&folder)?;
        Ok(bytes)
    }
}

/// The files of a folder that make up a model.
///
/// # Errors
/// When necessary files are missing, there is only a pickle, or a file is a broken link.
pub fn folder_files(folder: &Path) -> Result<Vec<SnapshotFile>, StoreError> {
    let entries: io::Result<Vec<_>> = fs::read_dir(folder).and_then(Iterator::collect);
    let names: Vec<String> =
        entries.at(folder)?.iter().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let place = folder.display().to_string();
    choose_files(names.iter().map(String::as_str), &place)?
        .into_iter()
        .map(|name| {
            let path = folder.join(name);
            let data = fs::metadata(&path).map_err(|_| StoreError::NotAModel {
                place: path.display().to_string(),
                reason: "it is a link to a file that does not exist".into(),
            })?;
            Ok(SnapshotFile { name: name.into(), bytes: data.len(), hash: blob_hash(&path) })
        })
        .collect()
}

/// The hash in the name of the blob that a link points to; none if it points to no blob.
fn blob_hash(path: &Path) -> Option<Hash> {
    let real = fs::canonicalize(path).ok()?;
    if real.parent()?.file_name()? != "blobs" {
        return None;
    }
    Hash::from_name(real.file_name()?.to_str()?)
}

/// A part of a file name that no other thread or process uses at the same time.
fn unique() -> String {
    format!("{}-{:?}", std::process::id(), std::thread::current().id())
}

/// Creates a link at `pointer` to a blob.
#[cfg(unix)]
fn link_file(target: &Path, _blob: &Path, pointer: &Path) -> io::Result<()> {
    let _ = fs::remove_file(pointer);
    std::os::unix::fs::symlink(target, pointer)
}

/// Copies the blob: on systems where links need a privilege, `huggingface_hub` does so, too.
#[cfg(not(unix))]
fn link_file(_target: &Path, blob: &Path, pointer: &Path) -> io::Result<()> {
    fs::copy(blob, pointer).map(drop)
}
