//! A folder with one JSON file for each article.
//!
//! A file gets its name when it is whole, so that whoever watches the folder never sees half of one. Names come
//! from [`crate::batch::names`] and depend on the input alone: a window that is read again writes the same files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{Output, remove, sync_folder};
use crate::batch::findings::Finding;

pub struct Folder {
    path: PathBuf,
}

/// A leading dot keeps it apart from any article's file.
const UNFINISHED: &str = ".unfinished";

impl Folder {
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned() })
    }
}

impl Output for Folder {
    fn append(&mut self, findings: &[Finding]) -> io::Result<u64> {
        for finding in findings {
            let (Ok(analysis), Some(name)) = (&finding.result, &finding.name) else {
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
pub fn clear(folder: &Path) -> anyhow::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    remove(&folder.join(UNFINISHED))?;
    let context = || format!("{}: cannot be read", folder.display());
    for entry in fs::read_dir(folder).with_context(context)? {
        let entry = entry.with_context(context)?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.path().extension().is_some_and(|extension| extension == "json") {
            remove(&entry.path())?;
        }
    }
    Ok(())
}
