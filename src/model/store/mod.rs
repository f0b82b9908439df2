//! Finds the folder of a model by its **reference**: a pack's name, `hub:owner/name[@revision]`, or a folder.
//!
//! [`Store::resolve`] never uses the network. [`Store::pull`] downloads missing files from the hub (`HF_ENDPOINT`) into
//! the cache, which is that of Python's `huggingface_hub`. A file gets its final name in the cache only after its size
//! and hash were checked. Pickles are refused.

mod cache;
mod choose;
mod error;
mod hub;
mod hub_model;
mod reference;
mod registry;
mod settings;
mod transfer;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

pub use cache::{Cache, Snapshot, SnapshotFile, folder_files};
pub use error::{Damage, StoreError};
pub use hub::{HubFile, Listing};
pub use hub_model::{DEFAULT_REVISION, HubModel};
pub use reference::Reference;
pub use registry::{ModelEntry, ModelJob, PackEntry, Pin, Registry};
pub use settings::HubSettings;

pub use super::digest::Hash;

use super::digest::hash_file;
use hub::Hub;
use transfer::{Transfer, with_retries};

/// Receives the progress of a pull.
pub trait Watcher {
    /// The pull is about to download these files.
    fn plan(&mut self, model: &HubModel, listing: &Listing);
    /// A file of `bytes` bytes is begun.
    fn file(&mut self, name: &str, bytes: u64);
    /// The file has now `bytes` bytes, those of earlier pulls included.
    fn received(&mut self, bytes: u64);
    /// The file is complete and was checked.
    fn done(&mut self);
    /// An attempt failed for `reason`; the next one follows after `wait`.
    fn waiting(&mut self, reason: &str, wait: Duration);
    /// A message for the user.
    fn note(&mut self, text: &str);
}

/// The models on this machine and on the hub.
pub struct Store {
    /// Where hub and cache are.
    pub settings: HubSettings,
    /// The packs that are known by name.
    pub registry: Registry,
    /// The models that were pulled.
    pub cache: Cache,
}

impl Store {
    /// The store that the environment describes (see [`HubSettings::from_environment`]).
    ///
    /// # Errors
    /// When a variable of the environment has an invalid value.
    pub fn from_environment(offline: bool) -> Result<Self, StoreError> {
        let settings = HubSettings::from_environment(offline)?;
        Ok(Self { cache: Cache::new(settings.cache.clone()), settings, registry: Registry::builtin() })
    }

    /// The folder of the model for a job, without using the network. For a pack it is the pack's model for that job; a
    /// folder or a model of the hub is used for any job.
    ///
    /// # Errors
    /// When the reference is invalid, the model is not in the cache, is not complete or has only a pickle, or the pack
    /// has no model for the job.
    pub fn resolve(&self, reference: &str, job: ModelJob) -> Result<PathBuf, StoreError> {
        match Reference::parse(reference, &self.registry)? {
            Reference::Folder(folder) => {
                folder_files(&folder)?;
                Ok(folder)
            }
            Reference::Hub(model) => self.snapshot(&model).map(|snapshot| snapshot.folder),
            Reference::Pack { pack, job: named } => {
                let entry =
                    self.registry.packs[&pack].models.get(&named.unwrap_or(job)).ok_or_else(|| {
                        StoreError::reference(
                            reference,
                            format!("has no model of its own for {job}; choose another pack"),
                        )
                    })?;
                self.snapshot(&entry.model()).map(|snapshot| snapshot.folder)
            }
        }
    }

    /// The models that must be pulled for a reference, with their entries in the registry. Empty for a folder and for
    /// the bundled pack.
    pub fn models(&self, reference: &Reference) -> Vec<(HubModel, Option<&ModelEntry>)> {
        match reference {
            Reference::Folder(_) => Vec::new(),
            Reference::Hub(model) => vec![(model.clone(), None)],
            Reference::Pack { pack, job } => {
                let entries = self.registry.packs.get(pack).into_iter().flat_map(|entry| &entry.models);
                entries
                    .filter(|(of, _)| job.is_none_or(|job| job == **of))
                    .map(|(_, entry)| (entry.model(), Some(entry)))
                    .collect()
            }
        }
    }

    /// The model in the cache.
    ///
    /// # Errors
    /// As for [`Store::resolve`].
    pub fn snapshot(&self, model: &HubModel) -> Result<Snapshot, StoreError> {
        self.cache.snapshot(model, self.settings.offline.is_some())
    }

    /// Downloads the missing files of a model and checks all of them. Offline, only looks in the cache.
    ///
    /// # Errors
    /// When the hub cannot be reached or refuses, when a file differs from what the hub stated or what `pins` expect,
    /// when there is only a pickle, or when the file system refuses. Downloaded bytes are kept, and the next pull
    /// continues from there.
    pub fn pull(
        &self,
        model: &HubModel,
        pins: &BTreeMap<String, Pin>,
        watcher: &mut dyn Watcher,
    ) -> Result<Snapshot, StoreError> {
        if let Some(reason) = self.settings.offline {
            return match self.snapshot(model) {
                Err(StoreError::NotCached { .. }) => {
                    Err(StoreError::Offline { model: model.to_string(), reason })
                }
                other => other,
            };
        }
        let hub = Hub::new(&self.settings)?;
        let listing = with_retries(watcher, || 0, |_| hub.listing(model))?;
        check_pins(&listing, pins, model)?;
        watcher.plan(model, &listing);
        for file in &listing.files {
            Transfer { hub: &hub, cache: &self.cache, model, listing: &listing, file }.run(watcher)?;
        }
        let absent = || StoreError::not_cached(model, &self.settings.cache, false);
        let snapshot = self.cache.snapshot_at(model, &listing.commit, absent)?;
        check_content(&snapshot, pins)?;
        self.cache.write_ref(model, &listing.commit)?;
        Ok(snapshot)
    }
}

/// Compares the hub's listing with what the registry expects, before any file is downloaded.
fn check_pins(listing: &Listing, pins: &BTreeMap<String, Pin>, model: &HubModel) -> Result<(), StoreError> {
    for (name, pin) in pins {
        let place = format!("{model}: {name}");
        let differs = |expected: String, found: String| StoreError::NotAsPinned {
            place: place.clone(),
            expected,
            found,
        };
        let Some(file) = listing.files.iter().find(|file| file.name == *name) else {
            match &pin.sha256 {
                Some(expected) => return Err(differs(format!("SHA-256 {expected}"), "no such file".into())),
                None => continue,
            }
        };
        if let Some(expected) = pin.bytes.filter(|bytes| *bytes != file.bytes) {
            return Err(differs(format!("{expected} bytes"), format!("{} bytes", file.bytes)));
        }
        if let (Some(expected), Hash::Sha256(found)) = (&pin.sha256, &file.hash)
            && !expected.eq_ignore_ascii_case(found)
        {
            return Err(differs(format!("SHA-256 {expected}"), format!("SHA-256 {found}")));
        }
    }
    Ok(())
}

/// Compares the SHA-256 of small files with the registry: the hub states only a git hash for them.
fn check_content(snapshot: &Snapshot, pins: &BTreeMap<String, Pin>) -> Result<(), StoreError> {
    for file in snapshot.files.iter().filter(|file| matches!(file.hash, Some(Hash::Git(_)))) {
        let Some(expected) = pins.get(&file.name).and_then(|pin| pin.sha256.clone()) else { continue };
        let path = snapshot.folder.join(&file.name);
        let found = hash_file(&path, &Hash::Sha256(expected.clone()))
            .map_err(|error| StoreError::disk(&path, &error))?;
        if !expected.eq_ignore_ascii_case(&found) {
            return Err(StoreError::NotAsPinned {
                place: format!("{}: {}", snapshot.model, file.name),
                expected: format!("SHA-256 {expected}"),
                found: format!("SHA-256 {found}"),
            });
        }
    }
    Ok(())
}
