//! Hashes of files and their hexadecimal form.
//!
//! A **digest** is the hash of a file or of bytes. The hub names large files by their SHA-256 and small ones by git's
//! SHA-1. The same digest is the file's ETag and the name of its blob in the cache, so the cache can be checked without
//! the network.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha1::Sha1;
use sha2::Sha256;

/// The digest that a file should have, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256 of the content.
    Sha256(String),
    /// SHA-1 as git computes it for a blob: of a header with the length, then the content.
    Git(String),
}

impl Hash {
    /// Parses the name of a blob, which is an ETag of the hub; none if it is no lower-case SHA-256 or SHA-1.
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

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sha256(text) | Self::Git(text) => text,
        }
    }

    /// Name of the algorithm, for messages.
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Sha256(_) => "SHA-256",
            Self::Git(_) => "git SHA-1",
        }
    }
}

/// Computes a digest block by block.
pub(crate) enum Hasher {
    /// Plain SHA-256.
    Sha256(Sha256),
    /// SHA-1 of a git blob.
    Git(Sha1),
}

impl Hasher {
    /// A hasher by the algorithm of `hash`, for content of `bytes` bytes: git's header needs the length first.
    pub fn new(hash: &Hash, bytes: u64) -> Self {
        match hash {
            Hash::Sha256(_) => Self::Sha256(sha2::Digest::new()),
            Hash::Git(_) => Self::Git(sha1::Digest::new_with_prefix(format!("blob {bytes}\0"))),
        }
    }

    /// Adds a block of the content.
    pub fn update(&mut self, block: &[u8]) {
        match self {
            Self::Sha256(hasher) => sha2::Digest::update(hasher, block),
            Self::Git(hasher) => sha1::Digest::update(hasher, block),
        }
    }

    /// The digest in hexadecimal digits.
    pub fn finish(self) -> String {
        match self {
            Self::Sha256(hasher) => hex(&sha2::Digest::finalize(hasher)),
            Self::Git(hasher) => hex(&sha1::Digest::finalize(hasher)),
        }
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of a file, in hexadecimal digits.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn sha256_file(path: &Path) -> io::Result<String> {
    hash_all(Hasher::Sha256(sha2::Digest::new()), File::open(path)?)
}

/// The digest of a file in hexadecimal digits, by the algorithm of `wanted`.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn hash_file(path: &Path, wanted: &Hash) -> io::Result<String> {
    let file = File::open(path)?;
    hash_all(Hasher::new(wanted, file.metadata()?.len()), file)
}

/// Adds all that can be read from `from` to a hasher and returns its digest.
///
/// # Errors
/// When reading fails.
pub(crate) fn hash_all(mut hasher: Hasher, mut from: impl Read) -> io::Result<String> {
    let mut block = vec![0; 1 << 18];
    loop {
        match from.read(&mut block)? {
            0 => return Ok(hasher.finish()),
            read => hasher.update(&block[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_git_and_sha256sum() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, "hello\n").unwrap();
        let git = Hash::from_name("ce013625030ba8dba906f756967f9e9ca394464a").unwrap();
        assert_eq!(hash_file(&path, &git).unwrap(), git.as_str());
        let sha =
            Hash::from_name("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03").unwrap();
        assert_eq!(hash_file(&path, &sha).unwrap(), sha.as_str());
        assert_eq!(sha256_file(&path).unwrap(), sha.as_str());
        for bad in ["", "../x", "5891B5", "ce013625030ba8dba906f756967f9e9ca394464g"] {
            assert_eq!(Hash::from_name(bad), None, "{bad}");
        }
    }
}
