//! `wirelens models`: lists, fetches, checks and removes models of the hub's cache and of packs.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use clap::{Args, Subcommand};
use indicatif::HumanBytes;

use super::pull_progress::PullProgress;
use super::{Outcome, tell};
use crate::Pack;
use crate::model::ModelError;
use crate::model::store::{
    HubModel, ModelEntry, PackEntry, Pin, Reference, Snapshot, Store, StoreError, folder_files,
};
use crate::report::printable;

/// The options of `wirelens models`.
#[derive(Args)]
#[command(after_help = "\
NAME is one of: a pack (hub-standard); a model of a pack (hub-standard/summary); a model of the hub
(hub:owner/name, or hub:owner/name@revision with a branch, tag or commit); a folder. Models are kept
in the cache that transformers and the hub's own tools use, too: HF_HUB_CACHE, or HF_HOME/hub.
HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE are obeyed.

Examples:
  wirelens models list
  wirelens models pull hub-standard
  wirelens models pull hub:facebook/bart-large-cnn
  wirelens models verify                     every model of the cache that Wirelens can read

Exit codes: 0 done; 1 verify found damage; 2 usage or model error.")]
pub struct Models {
    #[command(subcommand)]
    command: ModelsCommand,
    /// Do not use the network, only what is in the cache
    #[arg(long, global = true)]
    offline: bool,
}

#[derive(Subcommand)]
enum ModelsCommand {
    /// The packs that Wirelens knows, and the models in the cache
    List,
    /// The files of a pack or model, where it comes from, its licence, and whether it is on this machine
    Show {
        /// A pack, a model of a pack, a model of the hub, or a folder
        name: String,
    },
    /// Fetch the files that are missing and check all of them; a pull that was interrupted continues
    Pull {
        /// Packs, models of packs, or models of the hub
        #[arg(required = true)]
        name: Vec<String>,
    },
    /// Read files and compare them with their hashes, without the network
    Verify {
        /// A pack, a model of a pack, or a model of the hub [default: every model of the cache]
        name: Option<String>,
    },
    /// Delete a model, with all its revisions, from the cache, which other programs may use, too
    Remove {
        /// A pack, a model of a pack, or a model of the hub
        name: String,
    },
    /// Print the folder of each model of NAME; without a name that of the cache
    Where {
        /// A pack, a model of a pack, a model of the hub, or a folder
        name: Option<String>,
    },
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
            ModelsCommand::Where { name: None } => {
                print_line(&session.store.settings.cache.display().to_string())?
            }
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

    /// "433 MB here", or why the model cannot be used: "not fetched".
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
            print_line(&format!("{name:<14}{}", pack.description))?;
            match self.bundled(&Reference::Pack { pack: name.clone(), job: None }) {
                Ok(Some(pack)) => print_unfetched(&pack)?,
                Ok(None) => {}
                // An archive of the program may have fewer packs than a checkout.
                Err(error) => {
                    print_line(&format!("  cannot be used here: {}", printable(&error.to_string())))?
                }
            }
            for (job, entry) in &pack.models {
                let model = entry.model();
                print_line(&format!("  {:<10}{model}  ({})", job.to_string(), self.state(&model)))?;
                known.push(model);
            }
        }
        let mut others = self.store.cache.models();
        others.retain(|model| !known.contains(model) && self.store.snapshot(model).is_ok());
        if !others.is_empty() {
            print_line(&format!("also in {}", printable_path(&self.store.settings.cache)))?;
        }
        for model in others {
            print_line(&format!("  {model}  ({})", self.state(&model)))?;
        }
        Ok(())
    }

    fn show(&self, name: &str) -> anyhow::Result<()> {
        let reference = self.parse(name)?;
        if let Reference::Pack { pack, .. } = &reference {
            let PackEntry { description, .. } = &self.store.registry.packs[pack];
            print_line(&format!("{pack}: {description}"))?;
        }
        if let Some(pack) = self.bundled(&reference)? {
            print_line(&format!("licence   {}", pack.manifest.licence))?;
            print_line(&format!("folder    {}", printable_path(&pack.folder)))?;
            print_unfetched(&pack)?;
        }
        if let Reference::Folder(folder) = &reference {
            let snapshot = folder_files(folder)?;
            print_line(&format!("folder    {}", printable_path(folder)))?;
            for file in snapshot {
                print_line(&format!("  {:<28}{}", file.name, HumanBytes(file.bytes)))?;
            }
        }
        for (model, entry) in self.store.models(&reference) {
            print_line(&model.to_string())?;
            print_line(&format!("  page    {}", self.page(&model)))?;
            let licence = entry.map_or("see the model's page", |entry| entry.licence.as_str());
            print_line(&format!("  licence {licence}"))?;
            match self.store.snapshot(&model) {
                Ok(snapshot) => {
                    print_line(&format!("  commit  {}", snapshot.commit))?;
                    print_line(&format!("  folder  {}", printable_path(&snapshot.folder)))?;
                    for file in &snapshot.files {
                        print_line(&format!("    {:<26}{}", file.name, HumanBytes(file.bytes)))?;
                    }
                }
                Err(error) => print_line(&format!("  here    no: {}", printable(&error.to_string())))?,
            }
        }
        Ok(())
    }

    fn pull(&self, name: &str) -> anyhow::Result<()> {
        let reference = self.parse(name)?;
        if let Some(pack) = self.bundled(&reference)? {
            let folder = printable_path(&pack.folder);
            if let Some(base) = pack.unfetched_base() {
                anyhow::bail!(
                    "{name} is in {folder}, but not the encoder that it is made on: fetch that with `{}`",
                    printable(&base.fetch)
                );
            }
            return print_line(&format!("{name} comes with Wirelens, in {folder}: nothing to fetch"));
        }
        if let Reference::Folder(folder) = &reference {
            return print_line(&format!(
                "{} is a folder on this machine: nothing to fetch",
                printable_path(folder)
            ));
        }
        for (model, entry) in self.store.models(&reference) {
            let licence = entry.map(|entry| entry.licence.clone());
            let mut watcher = PullProgress::new(licence, self.page(&model));
            let snapshot = self.store.pull(&model, pins(entry), &mut watcher)?;
            print_line(&format!("{model} is in {}", printable_path(&snapshot.folder)))?;
        }
        Ok(())
    }

    fn verify(&self, name: Option<&str>) -> anyhow::Result<Outcome> {
        let mut damaged = 0;
        let mut check = |snapshot: &Snapshot, entry: Option<&ModelEntry>| -> anyhow::Result<()> {
            let damages = snapshot.verify(pins(entry))?;
            let model = &snapshot.model;
            for damage in &damages {
                tell(&format!("{}: {}", printable_path(&damage.path), damage.reason));
            }
            let unchecked = snapshot.files.iter().filter(|file| file.hash.is_none()).count();
            match (damages.len(), unchecked) {
                (0, 0) => print_line(&format!("{model} is sound: {} files", snapshot.files.len()))?,
                (0, n) => print_line(&format!(
                    "{model}: the hashes of {n} files are not known, as they are no links to blobs of the cache"
                ))?,
                (n, _) => {
                    damaged += n;
                    print_line(&format!(
                        "{model} is damaged; `wirelens models pull {model}` fetches the damaged files again"
                    ))?;
                }
            }
            Ok(())
        };
        match name {
            None => {
                for model in self.store.cache.models() {
                    // Models of other kinds belong to other programs and are not checked.
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
                            print_line(&format!("{name} is sound: {} files", pack.manifest.files.len()))?;
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
                        "{}: a folder has no hashes to compare its files with; only models of the cache and packs can be verified",
                        printable_path(folder)
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
                "{name} is not in the cache; only fetched models can be removed. Delete a folder yourself"
            );
        }
        let mut absent = None;
        let mut removed = 0;
        for (model, _) in models {
            match self.store.cache.remove(&model) {
                Ok(bytes) => {
                    removed += 1;
                    print_line(&format!(
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
            return print_line(&printable_path(&pack.folder));
        }
        if let Reference::Folder(folder) = &reference {
            return print_line(&printable_path(folder));
        }
        for (model, _) in self.store.models(&reference) {
            print_line(&printable_path(&self.store.snapshot(&model)?.folder))?;
        }
        Ok(())
    }

    fn page(&self, model: &HubModel) -> String {
        format!("{}/{}", self.store.settings.endpoint, model.repository())
    }
}

/// The files of a model with the sizes and hashes that the registry gives; empty for a model that it does not know.
fn pins(entry: Option<&ModelEntry>) -> &BTreeMap<String, Pin> {
    static NONE: BTreeMap<String, Pin> = BTreeMap::new();
    entry.map_or(&NONE, |entry| &entry.files)
}

/// Says so where a pack cannot be used yet, because its encoder was not fetched.
fn print_unfetched(pack: &Pack) -> anyhow::Result<()> {
    let Some(base) = pack.unfetched_base() else { return Ok(()) };
    print_line(&format!("  its encoder is not here yet: fetch it with `{}`", printable(&base.fetch)))
}

/// A path without characters that could change the terminal.
fn printable_path(path: &Path) -> String {
    printable(&path.display().to_string())
}

fn print_line(line: &str) -> anyhow::Result<()> {
    writeln!(anstream::stdout(), "{line}")?;
    Ok(())
}
