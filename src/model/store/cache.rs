//! The cache of the hub's own tools on this machine: `models--owner--name/{blobs,refs,snapshots}`.
//!
//! A blob is a file under its hash; a snapshot is a folder of links to blobs, one folder for each commit; a ref says
//! which commit a branch was at. `transformers` reads and writes the same folders, so what it fetched is here
//! already, and what is fetched here is there for it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::choose::choose;
use super::digest::{Hash, hash_file};
use super::error::{AtPath, Damage};
use super::hub_model::{HubModel, is_commit};
use super::registry::Pin;

#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

/// A model in the cache at one commit: a plain folder with everything that is needed to read it.
#[derive(Debug)]
pub struct Snapshot {
    pub model: HubModel,
    pub commit: String,
    pub folder: PathBuf,
    pub files: Vec<SnapshotFile>,
}

#[derive(Debug)]
pub struct SnapshotFile {
    pub name: String,
    pub bytes: u64,
    /// What the name of the blob says; none where the file is no link to a blob.
    pub hash: Option<Hash>,
}

impl Snapshot {
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Reads every file and compares it with its hash and with what the registry knows of it; returns those that
    /// differ.
    ///
    /// # Errors
    /// When a file cannot be read at all.
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
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder of a model, with all its commits; whether or not it is there.
    pub fn folder(&self, model: &HubModel) -> PathBuf {
        self.root.join(model.repo_at(model.revision()).folder_name())
    }

    fn layout(&self, model: &HubModel) -> hf_hub::CacheRepo {
        hf_hub::Cache::new(self.root.clone()).repo(model.repo_at(model.revision()))
    }

    /// The commit that the model's revision was at when it was last fetched.
    fn commit(&self, model: &HubModel) -> Option<String> {
        if is_commit(model.revision()) {
            return Some(model.revision().into());
        }
        let commit = fs::read_to_string(self.folder(model).join("refs").join(model.revision())).ok()?;
        let commit = commit.trim();
        is_commit(commit).then(|| commit.into())
    }

    /// The model as it lies in the cache.
    ///
    /// # Errors
    /// When it is not there, is not complete, or is there only as a pickle.
    pub fn snapshot(&self, model: &HubModel, offline: bool) -> Result<Snapshot, StoreError> {
        let absent = || StoreError::not_cached(model, &self.root, offline);
        let commit = self.commit(model).ok_or_else(absent)?;
        self.snapshot_at(model, &commit, absent)
    }

    /// The model as it lies in the cache at a commit; `absent` makes the error where nothing does.
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

    pub(super) fn blob(&self, model: &HubModel, hash: &Hash) -> PathBuf {
        self.layout(model).blob_path(hash.as_str())
    }

    /// Where Python's `huggingface_hub` locks a blob while it is fetched; the two keep out of each other's way.
    pub(super) fn lock(&self, model: &HubModel, hash: &Hash) -> PathBuf {
        let folder = model.repo_at(model.revision()).folder_name();
        self.root.join(".locks").join(folder).join(format!("{}.lock", hash.as_str()))
    }

    /// Puts a blob into the snapshot of a commit under its name.
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
        link_file(&target, &self.blob(model, hash), &part).at(&part)?;
        fs::rename(&part, &pointer).at(&pointer)
    }

    /// Notes that the model's revision is at a commit. Done last, so that a ref never points to half a snapshot.
    pub(super) fn note(&self, model: &HubModel, commit: &str) -> Result<(), StoreError> {
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

    /// Every model at every branch and tag that was fetched, whoever fetched it. Names that this program could
    /// not have written are passed over.
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

    /// Deletes a model with all its commits, and returns how many bytes that freed.
    ///
    /// # Errors
    /// When it is not there or cannot be deleted.
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

/// The files of a folder that make up its model.
///
/// # Errors
/// When they do not, or one of them is a link to nothing.
pub fn folder_files(folder: &Path) -> Result<Vec<SnapshotFile>, StoreError> {
    let entries: io::Result<Vec<_>> = fs::read_dir(folder).and_then(Iterator::collect);
    let names: Vec<String> =
        entries.at(folder)?.iter().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let place = folder.display().to_string();
    choose(names.iter().map(String::as_str), &place)?
        .into_iter()
        .map(|name| {
            let path = folder.join(name);
            let data = fs::metadata(&path).map_err(|_| StoreError::NotAModel {
                place: path.display().to_string(),
                reason: "it is a link to a file that is gone".into(),
            })?;
            Ok(SnapshotFile { name: name.into(), bytes: data.len(), hash: blob_hash(&path) })
        })
        .collect()
}

/// The hash by which the blob behind a link is named.
fn blob_hash(path: &Path) -> Option<Hash> {
    let real = fs::canonicalize(path).ok()?;
    if real.parent()?.file_name()? != "blobs" {
        return None;
    }
    Hash::from_name(real.file_name()?.to_str()?)
}

/// Part of a name that no other thread or process uses at the same time.
fn unique() -> String {
    format!("{}-{:?}", std::process::id(), std::thread::current().id())
}

#[cfg(unix)]
fn link_file(target: &Path, _blob: &Path, pointer: &Path) -> io::Result<()> {
    let _ = fs::remove_file(pointer);
    std::os::unix::fs::symlink(target, pointer)
}

/// Where links need a privilege, the hub's own tools copy.
#[cfg(not(unix))]
fn link_file(_target: &Path, blob: &Path, pointer: &Path) -> io::Result<()> {
    fs::copy(blob, pointer).map(drop)
}
