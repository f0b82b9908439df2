//! What follows from the id of an article: its shard, and the name of its file.
//!
//! Ids come from the input, so they are not trusted: an id becomes part of a path only if all its characters are harmless.

use std::collections::HashSet;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::model::digest::hex;

/// One of several runs that share an input: `2/8` is the second of eight. An article belongs to the shard whose
/// number, from 0, is the first eight bytes of the SHA-256 of its id, as a big-endian number, modulo their count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: u64,
    count: u64,
}

impl Shard {
    /// Whether the article with this id belongs to the shard.
    pub fn contains(self, id: &str) -> bool {
        first_bytes(id) % self.count == self.number - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((number, count)) if 1 <= number && number <= count => Ok(Self { number, count }),
            _ => Err(format!("'{text}' is no shard; write I/N with 1 ≤ I ≤ N, such as 2/8")),
        }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

/// The first eight bytes of a SHA-256, as a big-endian number.
fn first_bytes(text: &str) -> u64 {
    let digest = Sha256::digest(text);
    u64::from_be_bytes(digest[..8].try_into().expect("a SHA-256 has 32 bytes"))
}

/// Most ids that are remembered, in some 64 MiB. Of those after that, every file name gets a hash, and duplicates are not
/// counted.
const REMEMBERED: usize = 4_000_000;
/// Longest id, in bytes, that becomes a file name as it is.
const LONGEST: usize = 100;

/// The ids of the articles so far.
pub struct KnownIds {
    hashes: HashSet<u64>,
    wants_file_names: bool,
    /// Articles with the id of an earlier one.
    pub duplicates: u64,
}

impl KnownIds {
    /// `wants_file_names`: whether each article gets a file.
    pub fn new(wants_file_names: bool) -> Self {
        Self { hashes: HashSet::new(), wants_file_names, duplicates: 0 }
    }

    /// Remembers an id and returns the name of its file, where files are wanted. `record` is the record's number in the
    /// input. The same input gives the same names.
    pub fn file_name(&mut self, id: &str, record: u64) -> Option<String> {
        // Some file systems do not tell `A` from `a`.
        let key = if self.wants_file_names { first_bytes(&id.to_lowercase()) } else { first_bytes(id) };
        let room = self.hashes.len() < REMEMBERED;
        let known = if room { !self.hashes.insert(key) } else { self.hashes.contains(&key) };
        self.duplicates += u64::from(known);
        if !self.wants_file_names {
            return None;
        }
        if is_harmless(id) && !known && room {
            return Some(format!("{id}.json"));
        }
        let kept: String = id.chars().map(|c| if is_plain(c) { c } else { '_' }).take(40).collect();
        let kept = kept.trim_matches(['.', '_', '-']);
        let hash = &hex(&Sha256::digest(format!("{record}\0{id}")))[..HASH];
        Some(format!("{}{}{hash}.json", kept, if kept.is_empty() { "" } else { "-" }))
    }
}

/// Hexadecimal digits of the hash in a name that is not the id alone.
const HASH: usize = 16;

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Whether an id can be a file name on any system, and does not end like a name with a hash.
fn is_harmless(id: &str) -> bool {
    let hashed = id.len() >= HASH
        && id.is_char_boundary(id.len() - HASH)
        && id[id.len() - HASH..].chars().all(|c| c.is_ascii_hexdigit());
    let stem = id.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")));
    (1..=LONGEST).contains(&id.len())
        && id.chars().all(is_plain)
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !hashed
        && !device
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_harmless_ids_become_file_names_as_they_are() {
        let mut ids = KnownIds::new(true);
        assert_eq!(ids.file_name("news-7.a", 1).unwrap(), "news-7.a.json");
        let again = ids.file_name("NEWS-7.A", 2).unwrap();
        assert!(again.starts_with("NEWS-7.A-") && again.len() == 9 + HASH + 5, "{again}");
        assert_eq!(ids.duplicates, 1);
        for odd in [
            "../../etc/passwd",
            "",
            ".",
            "..",
            ".hidden",
            "a/b",
            "a\\b",
            "C:x",
            "nul",
            "COM1.txt",
            "ü",
            "a\0b",
        ] {
            let name = ids.file_name(odd, 3).unwrap();
            assert!(name != format!("{odd}.json") && name.len() >= HASH + 5, "{odd}: {name}");
        }
        let hashed = KnownIds::new(true).file_name("x y", 9).unwrap();
        let forged = hashed.trim_end_matches(".json");
        assert_ne!(ids.file_name(forged, 10).unwrap(), hashed);
    }

    proptest! {
        #[test]
        fn no_id_leaves_the_folder_and_no_two_records_share_a_name(list in prop::collection::vec("[a-bA./\\PC]{0,6}", 1..40)) {
            let mut ids = KnownIds::new(true);
            let mut names = HashSet::new();
            for (record, id) in list.iter().enumerate() {
                let name = ids.file_name(id, record as u64).unwrap();
                prop_assert!(name.chars().all(is_plain) && !name.starts_with('.') && name.len() < 200);
                prop_assert!(names.insert(name.to_lowercase()));
            }
        }

        #[test]
        fn each_id_is_in_one_shard(id in ".*", count in 1u64..9) {
            let shards = (1..=count).filter(|number| Shard { number: *number, count }.contains(&id));
            prop_assert_eq!(shards.count(), 1);
        }
    }

    #[test]
    fn shards_are_written_as_fractions() {
        assert_eq!("2/8".parse::<Shard>().unwrap().to_string(), "2/8");
        for bad in ["0/3", "4/3", "1", "a/b", "1/0"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
