//! Where results go: one file of lines, packed or not; a table; a folder of files; or standard output.
//!
//! Every output takes the results of a window and returns when they are on the disk. What it holds behind the
//! last window of the journal is cut off, or written over, when a run goes on.

mod folder;
mod lines;
mod table;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Serialize;

use super::findings::Finding;
use super::journal::Mark;
use folder::Folder;
pub use lines::{Lines, Standard};
use table::Table;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Packing {
    Plain,
    Gzip,
    Zstd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Lines(Packing),
    Parquet,
    Folder,
}

/// An output and the files beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    pub kind: Kind,
    pub path: PathBuf,
}

impl Destination {
    /// Goes by the name, unless the output is to be a folder.
    pub fn parse(path: &Path, one_file_each: bool) -> anyhow::Result<Self> {
        let name = path.to_string_lossy().into_owned();
        let lower = name.to_lowercase();
        let ends =
            |ending: &str| [".jsonl", ".ndjson"].iter().any(|e| lower.ends_with(&format!("{e}{ending}")));
        let kind = if one_file_each || name.ends_with(std::path::is_separator) || path.is_dir() {
            Kind::Folder
        } else if ends("") {
            Kind::Lines(Packing::Plain)
        } else if ends(".gz") {
            Kind::Lines(Packing::Gzip)
        } else if ends(".zst") {
            Kind::Lines(Packing::Zstd)
        } else if lower.ends_with(".parquet") {
            Kind::Parquet
        } else {
            bail!(
                "{name}: the name of an output has to end in .jsonl, .jsonl.gz, .jsonl.zst or .parquet, or in a slash \
                 for a folder of one file each; - is standard output"
            );
        };
        let path = std::path::absolute(path).with_context(|| name.to_string())?;
        if path.file_name().is_none() {
            bail!("{name}: give the folder by its name");
        }
        // Without a slash at its end, which a folder's name may have.
        let path = path.components().collect();
        Ok(Self { kind, path })
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(ending);
        self.path.with_file_name(name)
    }

    pub fn journal(&self) -> PathBuf {
        self.beside(".journal")
    }

    pub fn errors(&self) -> PathBuf {
        self.beside(".errors.jsonl")
    }

    /// What a table is put together from, once there is all of it.
    fn part(&self) -> PathBuf {
        self.beside(".part")
    }

    /// The table while it is put together.
    fn assembly(&self) -> PathBuf {
        self.beside(".assembly")
    }

    /// Makes the folder that it is in.
    pub fn make_folder(&self) -> anyhow::Result<()> {
        let Some(folder) = self.path.parent() else { return Ok(()) };
        fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))
    }

    /// Everything that a run writes, without links, as far as it is there, or its folder is.
    pub fn written(&self) -> Vec<PathBuf> {
        let folder = self.path.parent().and_then(|parent| parent.canonicalize().ok());
        let all = [self.path.clone(), self.journal(), self.errors(), self.part(), self.assembly()];
        all.iter()
            .map(|path| match (path.canonicalize(), &folder, path.file_name()) {
                (Ok(path), ..) => path,
                (_, Some(folder), Some(name)) => folder.join(name),
                _ => path.clone(),
            })
            .collect()
    }

    /// Whether there is something that a new run would write over.
    pub fn is_occupied(&self) -> bool {
        match self.kind {
            Kind::Folder if self.path.is_dir() => {
                fs::read_dir(&self.path).is_ok_and(|mut entries| entries.next().is_some())
            }
            _ => self.path.exists(),
        }
    }

    /// Removes what an earlier run wrote. Of a folder, only files such as this program puts there.
    pub fn clear(&self) -> anyhow::Result<()> {
        match self.kind {
            Kind::Folder => folder::clear(&self.path)?,
            _ => remove(&self.path)?,
        }
        remove(&self.part())?;
        remove(&self.assembly())?;
        remove(&self.errors())
    }

    /// Whether output and errors hold what a mark says. A torn file holds less. Of a folder, see
    /// [`has_files`](Self::has_files).
    pub fn has(&self, mark: &Mark) -> bool {
        let length = |path: &Path| path.metadata().map_or(0, |meta| meta.len());
        let output = match self.kind {
            Kind::Folder => 0,
            Kind::Lines(_) => length(&self.path),
            Kind::Parquet => length(&self.part()),
        };
        output >= mark.output_bytes && length(&self.errors()) >= mark.error_bytes
    }

    /// Whether a folder has a file for each article; not asked for each window, since a folder may hold millions. Which
    /// are missing cannot be said, so that all have to be written again.
    pub fn has_files(&self, mark: &Mark) -> bool {
        self.kind != Kind::Folder
            || fs::read_dir(&self.path).map_or(0, |files| files.count() as u64) >= mark.articles
    }

    /// Refuses to go on where a file was removed or cut while it was open: what is written to it is lost.
    pub fn check(&self, mark: &Mark) -> anyhow::Result<()> {
        if self.has(mark) && self.journal().exists() {
            return Ok(());
        }
        bail!(
            "{}: this output, its journal or its errors file was removed or cut while the run wrote it; \
             what is left may be gone on with, or begin anew with --restart",
            self.path.display()
        )
    }

    /// Opens the output to go on behind `mark`.
    pub fn open(&self, mark: &Mark) -> anyhow::Result<Box<dyn Output>> {
        let opened: io::Result<Box<dyn Output>> = match self.kind {
            Kind::Lines(packing) => {
                Lines::open(&self.path, packing, mark.output_bytes).map(|l| Box::new(l) as Box<dyn Output>)
            }
            Kind::Parquet => Lines::open(&self.part(), Packing::Zstd, mark.output_bytes).map(|part| {
                let (path, assembly) = (self.path.clone(), self.assembly());
                Box::new(Table { part, path, assembly, packed: self.part() }) as Box<dyn Output>
            }),
            Kind::Folder => Folder::open(&self.path).map(|f| Box::new(f) as Box<dyn Output>),
        };
        opened.with_context(|| format!("{}: cannot be written", self.path.display()))
    }

    /// Removes what only an unfinished run needs.
    pub fn tidy(&self) -> anyhow::Result<()> {
        remove(&self.part())
    }
}

pub trait Output: Send {
    /// Adds the results of a window, and returns how many bytes the output then has, all of them on the disk.
    fn append(&mut self, findings: &[Finding]) -> io::Result<u64>;

    /// Called once, behind the last window.
    fn finish(&mut self) -> anyhow::Result<()> {
        Ok(())
    }
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{}: cannot be removed", path.display()))
        }
        _ => Ok(()),
    }
}

/// Makes the names of a folder's files durable; a file's own sync says nothing about its name.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_the_kind() {
        let kind = |path: &str| Destination::parse(Path::new(path), false).map(|found| found.kind).ok();
        assert_eq!(kind("a.jsonl"), Some(Kind::Lines(Packing::Plain)));
        assert_eq!(kind("a.JSONL.gz"), Some(Kind::Lines(Packing::Gzip)));
        assert_eq!(kind("a.jsonl.zst"), Some(Kind::Lines(Packing::Zstd)));
        assert_eq!(kind("a.parquet"), Some(Kind::Parquet));
        assert_eq!(kind("no/such/folder/"), Some(Kind::Folder));
        assert_eq!(kind("a.xlsx"), None);
        let folder = Destination::parse(Path::new("a/b/"), false).unwrap();
        assert!(folder.journal().ends_with("a/b.journal") && folder.errors().ends_with("a/b.errors.jsonl"));
    }
}
