//! Models by reference: a pack's name, `hub:owner/name[@revision]` or a folder → a plain local folder.
//!
//! [`Store::resolve`] never touches the network; [`Store::pull`] fetches what is missing into the cache that the
//! hub's own tools share, from `HF_ENDPOINT`. What comes from outside is checked before it gets a name: references
//! against what the hub allows, files against size and hash, weights against being a pickle.

mod cache;
mod choose;
mod digest;
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
pub use digest::Hash;
pub use error::{Damage, StoreError};
pub use hub::{HubFile, Listing};
pub use hub_model::{DEFAULT_REVISION, HubModel};
pub use reference::Reference;
pub use registry::{ModelEntry, ModelJob, PackEntry, Pin, Registry};
pub use settings::Settings;

use hub::Hub;
use transfer::{Transfer, persist};

/// Is told what a pull does while it does it.
pub trait Watcher {
    /// The pull is about to fetch these files; nothing was fetched yet.
    fn plan(&mut self, model: &HubModel, listing: &Listing);
    /// A file is begun.
    fn file(&mut self, name: &str, bytes: u64);
    /// So many bytes of the file are there, those of earlier pulls included.
    fn came(&mut self, bytes: u64);
    /// The file is there and right.
    fn done(&mut self);
    /// An attempt failed, and there will be another after a while.
    fn waiting(&mut self, reason: &str, wait: Duration);
    fn note(&mut self, text: &str);
}

/// The models of this machine, and the hub they come from.
pub struct Store {
    pub settings: Settings,
    pub registry: Registry,
    pub cache: Cache,
}

impl Store {
    /// The store that the environment describes (see [`Settings::from_environment`]).
    ///
    /// # Errors
    /// When a variable of it makes no sense.
    pub fn from_environment(offline: bool) -> Result<Self, StoreError> {
        let settings = Settings::from_environment(offline)?;
        Ok(Self { cache: Cache::new(settings.cache.clone()), settings, registry: Registry::builtin() })
    }

    /// The folder of the model for a job, from what is on this machine. A pack gives its model for the job; a folder
    /// or a model of the hub is taken as it is.
    ///
    /// # Errors
    /// When the reference means nothing, the model is not in the cache or not complete, it is there only as a
    /// pickle, or the pack has no model for the job.
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

    /// The models that a reference stands for, with what the registry knows of each. None for a folder and for the
    /// bundled pack, which are on this machine already.
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

    /// The model as it lies in the cache.
    ///
    /// # Errors
    /// As for [`Store::resolve`].
    pub fn snapshot(&self, model: &HubModel) -> Result<Snapshot, StoreError> {
        self.cache.snapshot(model, self.settings.offline.is_some())
    }

    /// Fetches what is missing of a model and checks all of it. Offline, what is in the cache has to do.
    ///
    /// # Errors
    /// When the hub refuses or cannot be reached, when what it sends is not what it announced or what `pins`
    /// expect, when there is only a pickle, or when the disk does not take it. What was fetched stays, and another
    /// pull goes on from there.
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
        let listing = persist(watcher, || 0, |_| hub.listing(model))?;
        check_pins(&listing, pins, model)?;
        watcher.plan(model, &listing);
        for file in &listing.files {
            Transfer { hub: &hub, cache: &self.cache, model, listing: &listing, file }.run(watcher)?;
        }
        let absent = || StoreError::not_cached(model, &self.settings.cache, false);
        let snapshot = self.cache.snapshot_at(model, &listing.commit, absent)?;
        check_content(&snapshot, pins)?;
        self.cache.note(model, &listing.commit)?;
        Ok(snapshot)
    }
}

/// Compares what the hub announces with what the registry expects, before anything is fetched.
fn check_pins(listing: &Listing, pins: &BTreeMap<String, Pin>, model: &HubModel) -> Result<(), StoreError> {
    for (name, pin) in pins {
        let place = format!("{model}: {name}");
        let differs = |expected: String, found: String| StoreError::NotThePinned {
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

/// Compares the small files, of which the hub announces no SHA-256, with the one that the registry expects.
fn check_content(snapshot: &Snapshot, pins: &BTreeMap<String, Pin>) -> Result<(), StoreError> {
    for file in snapshot.files.iter().filter(|file| matches!(file.hash, Some(Hash::Git(_)))) {
        let Some(expected) = pins.get(&file.name).and_then(|pin| pin.sha256.clone()) else { continue };
        let path = snapshot.folder.join(&file.name);
        let found = digest::hash_file(&path, &Hash::Sha256(expected.clone()))
            .map_err(|error| StoreError::disk(&path, &error))?;
        if !expected.eq_ignore_ascii_case(&found) {
            return Err(StoreError::NotThePinned {
                place: format!("{}: {}", snapshot.model, file.name),
                expected: format!("SHA-256 {expected}"),
                found: format!("SHA-256 {found}"),
            });
        }
    }
    Ok(())
}
