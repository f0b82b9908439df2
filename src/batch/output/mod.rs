//! Where results go: a file of JSON Lines, compressed or not; a Parquet file; a folder of JSON files; or standard output.
//!
//! Every output takes the results of a window and returns when they are on the disk. When a run goes on, what an output
//! holds beyond the last window of the journal is cut off or written over.

mod folder;
mod lines;
#[cfg(feature = "parquet")]
mod table;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::BatchError;
use super::findings::Finding;
use super::journal::Progress;
use folder::Folder;
pub use lines::{LinesFile, StandardOutput};
#[cfg(feature = "parquet")]
use table::ParquetTable;

/// How a file of lines is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// Not compressed.
    Plain,
    /// gzip, one member for each window.
    Gzip,
    /// Zstandard, one frame for each window.
    Zstd,
}

/// The format of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputKind {
    /// A file of JSON Lines.
    Lines(Compression),
    /// A Parquet file.
    Parquet,
    /// A folder with one JSON file for each article.
    Folder,
}

/// An output, and the files beside it: its journal and its errors file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    pub(super) kind: OutputKind,
    pub(super) path: PathBuf,
}

impl Destination {
    /// The output at a path. Its name tells its kind: `.jsonl`, `.jsonl.gz`, `.jsonl.zst` (also `.ndjson`), `.parquet`, or
    /// a slash at the end or an existing folder for a folder of JSON files. `one_file_each`: it is such a folder whatever
    /// its name.
    ///
    /// # Errors
    /// When the name tells no kind, or the path is not valid.
    pub fn parse(path: &Path, one_file_each: bool) -> Result<Self, BatchError> {
        let name = path.to_string_lossy().into_owned();
        let lower = name.to_lowercase();
        let ends =
            |ending: &str| [".jsonl", ".ndjson"].iter().any(|e| lower.ends_with(&format!("{e}{ending}")));
        let kind = if one_file_each || name.ends_with(std::path::is_separator) || path.is_dir() {
            OutputKind::Folder
        } else if ends("") {
            OutputKind::Lines(Compression::Plain)
        } else if ends(".gz") {
            OutputKind::Lines(Compression::Gzip)
        } else if ends(".zst") {
            OutputKind::Lines(Compression::Zstd)
        } else if cfg!(feature = "parquet") && lower.ends_with(".parquet") {
            OutputKind::Parquet
        } else {
            return Err(BatchError::OutputKind { name });
        };
        let absolute = std::path::absolute(path);
        let path = absolute.map_err(|source| BatchError::Path { path: path.to_owned(), source })?;
        if path.file_name().is_none() {
            return Err(BatchError::OutputName { name });
        }
        // The components leave out the slash that a folder's name may end with.
        let path = path.components().collect();
        Ok(Self { kind, path })
    }

    /// A file beside the output: its name with an ending.
    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(ending);
        self.path.with_file_name(name)
    }

    /// Path of the journal.
    pub fn journal(&self) -> PathBuf {
        self.beside(".journal")
    }

    /// Path of the errors file.
    pub fn errors(&self) -> PathBuf {
        self.beside(".errors.jsonl")
    }

    /// The compressed lines that a Parquet file is made from at the end.
    fn part(&self) -> PathBuf {
        self.beside(".part")
    }

    /// The Parquet file while it is made.
    fn assembly(&self) -> PathBuf {
        self.beside(".assembly")
    }

    /// Makes the folder that the output is in.
    pub(super) fn make_folder(&self) -> Result<(), BatchError> {
        let Some(folder) = self.path.parent() else { return Ok(()) };
        fs::create_dir_all(folder).map_err(BatchError::file(folder, "made"))
    }

    /// The paths of everything that a run writes, with links resolved where the file or its folder exists.
    pub(super) fn written(&self) -> Vec<PathBuf> {
        let all = [self.path.clone(), self.journal(), self.errors(), self.part(), self.assembly()];
        all.iter().map(|path| resolved(path)).collect()
    }

    /// Whether there is something that a new run would write over.
    pub(super) fn is_occupied(&self) -> bool {
        match self.kind {
            OutputKind::Folder if self.path.is_dir() => {
                fs::read_dir(&self.path).is_ok_and(|mut entries| entries.next().is_some())
            }
            _ => self.path.exists(),
        }
    }

    /// Removes what an earlier run wrote. Of a folder, only the `.json` files.
    pub(super) fn clear(&self) -> Result<(), BatchError> {
        match self.kind {
            OutputKind::Folder => folder::clear(&self.path)?,
            _ => remove(&self.path)?,
        }
        remove(&self.part())?;
        remove(&self.assembly())?;
        remove(&self.errors())
    }

    /// Whether output and errors file are at least as long as at `progress`; a file that was cut or torn is not. The
    /// files of a folder are counted by [`has_all_files`](Self::has_all_files).
    pub(super) fn has(&self, progress: &Progress) -> bool {
        let length = |path: &Path| path.metadata().map_or(0, |meta| meta.len());
        let output = match self.kind {
            OutputKind::Folder => 0,
            OutputKind::Lines(_) => length(&self.path),
            OutputKind::Parquet => length(&self.part()),
        };
        output >= progress.output_bytes && length(&self.errors()) >= progress.error_bytes
    }

    /// Whether a folder has at least as many files as there were articles. It is checked once and not for each window,
    /// since a folder may hold millions. Which files are missing is not known, so all have to be written again.
    pub(super) fn has_all_files(&self, progress: &Progress) -> bool {
        self.kind != OutputKind::Folder
            || fs::read_dir(&self.path).map_or(0, |files| files.count() as u64) >= progress.articles
    }

    /// Checks that no file was removed or cut while it was open, because what is written to such a file is lost.
    pub(super) fn check_uncut(&self, progress: &Progress) -> Result<(), BatchError> {
        match self.has(progress) && self.journal().exists() {
            true => Ok(()),
            false => Err(BatchError::OutputCut { path: self.path.clone() }),
        }
    }

    /// Opens the output to go on from `progress`.
    pub(super) fn open(&self, progress: &Progress) -> Result<Box<dyn Output>, BatchError> {
        let opened: io::Result<Box<dyn Output>> = match self.kind {
            OutputKind::Lines(compression) => LinesFile::open(&self.path, compression, progress.output_bytes)
                .map(|lines| Box::new(lines) as Box<dyn Output>),
            #[cfg(feature = "parquet")]
            OutputKind::Parquet => LinesFile::open(&self.part(), Compression::Zstd, progress.output_bytes)
                .map(|part| {
                    let (path, assembly) = (self.path.clone(), self.assembly());
                    Box::new(ParquetTable { part, part_path: self.part(), path, assembly }) as Box<dyn Output>
                }),
            #[cfg(not(feature = "parquet"))]
            OutputKind::Parquet => unreachable!("without the feature no name of an output gives this kind"),
            OutputKind::Folder => Folder::open(&self.path).map(|f| Box::new(f) as Box<dyn Output>),
        };
        opened.map_err(BatchError::file(&self.path, "written"))
    }

    /// Removes the file that only an unfinished run needs.
    pub(super) fn remove_part(&self) -> Result<(), BatchError> {
        remove(&self.part())
    }
}

/// An output that is open.
pub trait Output: Send {
    /// Appends the results of a window. Returns when they are on the disk: the length of a file, the bytes that were added
    /// to standard output, 0 for a folder.
    ///
    /// # Errors
    /// When they cannot be written or synced.
    fn append(&mut self, findings: &[Finding]) -> io::Result<u64>;

    /// Completes the output after the last window.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(&mut self) -> Result<(), BatchError> {
        Ok(())
    }
}

/// The absolute path of a file, with links resolved where it or its folder exists.
pub fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().and_then(|parent| parent.canonicalize().ok());
    match (path.canonicalize(), folder, path.file_name()) {
        (Ok(path), ..) => path,
        (_, Some(folder), Some(name)) => folder.join(name),
        _ => path.clone(),
    }
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> Result<(), BatchError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(BatchError::file(path, "removed")(error))
        }
        _ => Ok(()),
    }
}

/// Makes the names of a folder's files durable: syncing a file does not sync its name.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_kind() {
        let kind = |path: &str| Destination::parse(Path::new(path), false).map(|found| found.kind).ok();
        assert_eq!(kind("a.jsonl"), Some(OutputKind::Lines(Compression::Plain)));
        assert_eq!(kind("a.JSONL.gz"), Some(OutputKind::Lines(Compression::Gzip)));
        assert_eq!(kind("a.jsonl.zst"), Some(OutputKind::Lines(Compression::Zstd)));
        assert_eq!(kind("a.parquet"), Some(OutputKind::Parquet));
        assert_eq!(kind("no/such/folder/"), Some(OutputKind::Folder));
        assert_eq!(kind("a.xlsx"), None);
        let folder = Destination::parse(Path::new("a/b/"), false).unwrap();
        assert!(folder.journal().ends_with("a/b.journal") && folder.errors().ends_with("a/b.errors.jsonl"));
    }
}
