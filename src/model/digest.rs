//! The hashes by which the hub names files: SHA-256 for large ones, git's SHA-1 for those that git itself keeps.
//!
//! The same hash is the file's ETag and the name of its blob in the cache, so that what lies in the cache can be
//! checked without asking anybody.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha1::Sha1;
use sha2::Sha256;

/// A hash that a file should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hash {
    Sha256(String),
    /// SHA-1 of git's blob: a header with the length, then the content.
    Git(String),
}

impl Hash {
    /// Reads the name of a blob, which is an ETag of the hub; none where it has another form.
    pub fn from_name(name: &str) -> Option<Self> {
        if !name.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
            return None;
        }
        match name.len() {
            64 => Some(Self::Sha256(name.into())),
            40 => Some(Self::Git(name.into())),
            _ => None,
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Sha256(text) | Self::Git(text) => text,
        }
    }

    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Sha256(_) => "SHA-256",
            Self::Git(_) => "git SHA-1",
        }
    }
}

/// Hashes content while it passes.
pub(super) enum Hasher {
    Sha256(Sha256),
    Git(Sha1),
}

impl Hasher {
    /// For content of a length that is known beforehand, as git's header wants it.
    pub fn new(hash: &Hash, bytes: u64) -> Self {
        match hash {
            Hash::Sha256(_) => Self::Sha256(sha2::Digest::new()),
            Hash::Git(_) => Self::Git(sha1::Digest::new_with_prefix(format!("blob {bytes}\0"))),
        }
    }

    pub fn update(&mut self, block: &[u8]) {
        match self {
            Self::Sha256(hasher) => sha2::Digest::update(hasher, block),
            Self::Git(hasher) => sha1::Digest::update(hasher, block),
        }
    }

    pub fn finish(self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Self::Sha256(hasher) => hex(&sha2::Digest::finalize(hasher)),
            Self::Git(hasher) => hex(&sha1::Digest::finalize(hasher)),
        }
    }
}

/// The hash of a file, by the algorithm of `wanted`.
pub(super) fn hash_file(path: &Path, wanted: &Hash) -> io::Result<String> {
    let file = File::open(path)?;
    let mut hasher = Hasher::new(wanted, file.metadata()?.len());
    each_block(file, |block| hasher.update(block))?;
    Ok(hasher.finish())
}

pub(super) fn each_block(mut from: impl Read, mut act: impl FnMut(&[u8])) -> io::Result<()> {
    let mut block = vec![0; 1 << 18];
    loop {
        match from.read(&mut block)? {
            0 => return Ok(()),
            read => act(&block[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_git_and_sha256sum() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, "hello\n").unwrap();
        let git = Hash::from_name("ce013625030ba8dba906f756967f9e9ca394464a").unwrap();
        assert_eq!(hash_file(&path, &git).unwrap(), git.as_str());
        let sha =
            Hash::from_name("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03").unwrap();
        assert_eq!(hash_file(&path, &sha).unwrap(), sha.as_str());
        for bad in ["", "../x", "5891B5", "ce013625030ba8dba906f756967f9e9ca394464g"] {
            assert_eq!(Hash::from_name(bad), None, "{bad}");
        }
    }
}
