//! An output that is a folder with one JSON file for each article.
//!
//! A file is written under another name and renamed when it is complete, so that other programs never find half of one.
//! Names come from [`crate::batch::names`] and depend on the input alone: a window that is analysed again writes the same
//! files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Output, remove, sync_folder};
use crate::batch::error::BatchError;
use crate::batch::findings::Finding;

/// The folder that is written.
pub struct Folder {
    path: PathBuf,
}

/// Name of a file that is being written. No article's file begins with a dot.
const UNFINISHED: &str = ".unfinished";

impl Folder {
    /// Makes the folder, if it is not there.
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned() })
    }
}

impl Output for Folder {
    fn append(&mut self, findings: &[Finding]) -> io::Result<u64> {
        for finding in findings {
            let (Ok(analysis), Some(name)) = (&finding.result, &finding.file_name) else {
                continue;
            };
            let unfinished = self.path.join(UNFINISHED);
            let mut file = File::create(&unfinished)?;
            let mut json = serde_json::to_vec_pretty(analysis)?;
            json.push(b'\n');
            file.write_all(&json)?;
            file.sync_data()?;
            fs::rename(&unfinished, self.path.join(name))?;
        }
        sync_folder(&self.path)?;
        Ok(0)
    }
}

/// Removes the `.json` files of a folder, and nothing else in it.
///
/// # Errors
/// When the folder cannot be read, or a file cannot be removed.
pub fn clear(folder: &Path) -> Result<(), BatchError> {
    if !folder.is_dir() {
        return Ok(());
    }
    remove(&folder.join(UNFINISHED))?;
    for entry in fs::read_dir(folder).map_err(BatchError::file(folder, "read"))? {
        let entry = entry.map_err(BatchError::file(folder, "read"))?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.path().extension().is_some_and(|extension| extension == "json") {
            remove(&entry.path())?;
        }
    }
    Ok(())
}
