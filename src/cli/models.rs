//! `wirelens models`: what there is, what is here, fetching, checking and removing it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use clap::{Args, Subcommand};
use indicatif::HumanBytes;

use super::fetching::Fetching;
use super::{Outcome, tell};
use crate::Pack;
use crate::model::ModelError;
use crate::model::store::{
    HubModel, ModelEntry, PackEntry, Pin, Reference, Snapshot, Store, StoreError, folder_files,
};
use crate::report::printable;

#[derive(Args)]
#[command(after_help = "\
NAME is a pack (hub-standard), a model of one (hub-standard/summary), hub:owner/name or hub:owner/name@revision with a
branch, tag or commit, or a folder. Models are kept in the cache that transformers and the hub's own tools share:
HF_HUB_CACHE, or HF_HOME/hub. HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE are honoured.

Examples:
  wirelens models list
  wirelens models pull hub-standard
  wirelens models pull hub:facebook/bart-large-cnn
  wirelens models verify                     every model of the cache that Wirelens can read

Exit codes: 0 fine; 1 verify found damage; 2 usage or model error.")]
pub struct Models {
    #[command(subcommand)]
    command: ModelsCommand,
    /// Stay off the network: what is in the cache has to do
    #[arg(long, global = true)]
    offline: bool,
}

#[derive(Subcommand)]
enum ModelsCommand {
    /// The packs that Wirelens knows, and the models in the cache
    List,
    /// What a pack or model is made of, where it comes from, under which licence, and whether it is here
    Show { name: String },
    /// Fetch what is missing and check all of it; a pull that was cut off goes on from there
    Pull {
        #[arg(required = true)]
        name: Vec<String>,
    },
    /// Read files and compare them with their hashes, without the network
    Verify { name: Option<String> },
    /// Delete a model, with all its revisions, from the cache that other programs share
    Remove { name: String },
    /// The folder of each model, or without a name that of the cache
    Where { name: Option<String> },
}

impl Models {
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let session = Session { store: Store::from_environment(self.offline)? };
        match &self.command {
            ModelsCommand::List => session.list()?,
            ModelsCommand::Show { name } => session.show(name)?,
            ModelsCommand::Pull { name } => {
                for name in name {
                    session.pull(name)?;
                }
            }
            ModelsCommand::Verify { name } => return session.verify(name.as_deref()),
            ModelsCommand::Remove { name } => session.remove(name)?,
            ModelsCommand::Where { name: Some(name) } => session.locate(name)?,
            ModelsCommand::Where { name: None } => say(&session.store.settings.cache.display().to_string())?,
        }
        Ok(Outcome::Done)
    }
}

struct Session {
    store: Store,
}

impl Session {
    fn parse(&self, name: &str) -> Result<Reference, StoreError> {
        Reference::parse(name, &self.store.registry)
    }

    /// The pack that comes with Wirelens, if that is what the reference means.
    fn bundled(&self, reference: &Reference) -> Result<Option<Pack>, ModelError> {
        match reference {
            Reference::Pack { pack, .. } if self.store.registry.packs[pack].bundled => {
                Pack::find(Some(pack)).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// "433 MB here", or why it is not.
    fn state(&self, model: &HubModel) -> String {
        match self.store.snapshot(model) {
            Ok(snapshot) => format!("{} here", HumanBytes(snapshot.bytes())),
            Err(StoreError::NotCached { .. }) => "not fetched".into(),
            Err(StoreError::OnlyPickle { .. }) => "only a pickle is here".into(),
            Err(_) => "not complete".into(),
        }
    }

    fn list(&self) -> anyhow::Result<()> {
        let mut known = Vec::new();
        for (name, pack) in &self.store.registry.packs {
            say(&format!("{name:<14}{}", pack.description))?;
            for (job, entry) in &pack.models {
                let model = entry.model();
                say(&format!("  {:<10}{model}  ({})", job.to_string(), self.state(&model)))?;
                known.push(model);
            }
        }
        let mut others = self.store.cache.models();
        others.retain(|model| !known.contains(model) && self.store.snapshot(model).is_ok());
        if !others.is_empty() {
            say(&format!("also in {}", shown(&self.store.settings.cache)))?;
        }
        for model in others {
            say(&format!("  {model}  ({})", self.state(&model)))?;
        }
        Ok(())
    }

    fn show(&self, name: &str) -> anyhow::Result<()> {
        let reference = self.parse(name)?;
        if let Reference::Pack { pack, .. } = &reference {
            let PackEntry { description, .. } = &self.store.registry.packs[pack];
            say(&format!("{pack}: {description}"))?;
        }
        if let Some(pack) = self.bundled(&reference)? {
            say(&format!("licence   {}", pack.manifest.licence))?;
            say(&format!("folder    {}", shown(&pack.folder)))?;
        }
        if let Reference::Folder(folder) = &reference {
            let snapshot = folder_files(folder)?;
            say(&format!("folder    {}", shown(folder)))?;
            for file in snapshot {
                say(&format!("  {:<28}{}", file.name, HumanBytes(file.bytes)))?;
            }
        }
        for (model, entry) in self.store.models(&reference) {
            say(&model.to_string())?;
            say(&format!("  page    {}", self.page(&model)))?;
            let licence = entry.map_or("see the model's page", |entry| entry.licence.as_str());
            say(&format!("  licence {licence}"))?;
            match self.store.snapshot(&model) {
                Ok(snapshot) => {
                    say(&format!("  commit  {}", snapshot.commit))?;
                    say(&format!("  folder  {}", shown(&snapshot.folder)))?;
                    for file in &snapshot.files {
                        say(&format!("    {:<26}{}", file.name, HumanBytes(file.bytes)))?;
                    }
                }
                Err(error) => say(&format!("  here    no: {}", printable(&error.to_string())))?,
            }
        }
        Ok(())
    }

    fn pull(&self, name: &str) -> anyhow::Result<()> {
        let reference = self.parse(name)?;
        if let Some(pack) = self.bundled(&reference)? {
            return say(&format!("{name} comes with Wirelens, in {}: nothing to fetch", shown(&pack.folder)));
        }
        if let Reference::Folder(folder) = &reference {
            return say(&format!("{} is a folder on this machine: nothing to fetch", shown(folder)));
        }
        for (model, entry) in self.store.models(&reference) {
            let licence = entry.map(|entry| entry.licence.clone());
            let mut watcher = Fetching::new(licence, self.page(&model));
            let snapshot = self.store.pull(&model, pins(entry), &mut watcher)?;
            say(&format!("{model} is in {}", shown(&snapshot.folder)))?;
        }
        Ok(())
    }

    fn verify(&self, name: Option<&str>) -> anyhow::Result<Outcome> {
        let mut damaged = 0;
        let mut check = |snapshot: &Snapshot, entry: Option<&ModelEntry>| -> anyhow::Result<()> {
            let damages = snapshot.verify(pins(entry))?;
            let model = &snapshot.model;
            for damage in &damages {
                tell(&format!("{}: {}", shown(&damage.path), damage.reason));
            }
            let unchecked = snapshot.files.iter().filter(|file| file.hash.is_none()).count();
            match (damages.len(), unchecked) {
                (0, 0) => say(&format!("{model} is sound: {} files", snapshot.files.len()))?,
                (0, n) => {
                    say(&format!("{model}: {n} files are no links to blobs, so their hashes are not known"))?
                }
                (n, _) => {
                    damaged += n;
                    say(&format!(
                        "{model} is damaged; `wirelens models pull {model}` fetches what is wrong anew"
                    ))?;
                }
            }
            Ok(())
        };
        match name {
            None => {
                for model in self.store.cache.models() {
                    // Models of other kinds, which other programs keep there, are theirs to check.
                    if let Ok(snapshot) = self.store.snapshot(&model) {
                        check(&snapshot, None)?;
                    }
                }
            }
            Some(name) => {
                let reference = self.parse(name)?;
                if let Some(pack) = self.bundled(&reference)? {
                    return Ok(match pack.verify() {
                        Ok(()) => {
                            say(&format!("{name} is sound: {} files", pack.manifest.files.len()))?;
                            Outcome::Done
                        }
                        Err(error) => {
                            tell(&error.to_string());
                            Outcome::SomeFailed
                        }
                    });
                }
                if let Reference::Folder(folder) = &reference {
                    anyhow::bail!(
                        "{}: a folder says no hashes of its files; only models of the cache and packs can be verified",
                        shown(folder)
                    );
                }
                for (model, entry) in self.store.models(&reference) {
                    check(&self.store.snapshot(&model)?, entry)?;
                }
            }
        }
        Ok(if damaged == 0 { Outcome::Done } else { Outcome::SomeFailed })
    }

    fn remove(&self, name: &str) -> anyhow::Result<()> {
        let reference = self.parse(name)?;
        let models = self.store.models(&reference);
        if models.is_empty() {
            anyhow::bail!(
                "{name} is not in the cache; only what was fetched can be removed, delete a folder yourself"
            );
        }
        let mut absent = None;
        let mut removed = 0;
        for (model, _) in models {
            match self.store.cache.remove(&model) {
                Ok(bytes) => {
                    removed += 1;
                    say(&format!(
                        "{model} was removed, with all its revisions: {} are free again",
                        HumanBytes(bytes)
                    ))?;
                }
                Err(error @ StoreError::NotCached { .. }) => absent = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        match absent {
            Some(error) if removed == 0 => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn locate(&self, name: &str) -> anyhow::Result<()> {
        let reference = self.parse(name)?;
        if let Some(pack) = self.bundled(&reference)? {
            return say(&shown(&pack.folder));
        }
        if let Reference::Folder(folder) = &reference {
            return say(&shown(folder));
        }
        for (model, _) in self.store.models(&reference) {
            say(&shown(&self.store.snapshot(&model)?.folder))?;
        }
        Ok(())
    }

    fn page(&self, model: &HubModel) -> String {
        format!("{}/{}", self.store.settings.endpoint, model.repository())
    }
}

/// What the registry knows of a model's files.
fn pins(entry: Option<&ModelEntry>) -> &BTreeMap<String, Pin> {
    static NONE: BTreeMap<String, Pin> = BTreeMap::new();
    entry.map_or(&NONE, |entry| &entry.files)
}

/// A path as it may be shown: names of folders come from outside.
fn shown(path: &Path) -> String {
    printable(&path.display().to_string())
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(anstream::stdout(), "{line}")?;
    Ok(())
}
