//! Identifies a model of the hub by owner, name and revision: `hub:owner/name@revision`.
//!
//! A **revision** is a branch, tag or commit. All three parts become parts of paths in the cache and of addresses on
//! the hub. They are checked here, once, so that no path can leave the cache.

use std::fmt;
use std::str::FromStr;

use super::StoreError;

/// The revision of a reference without one.
pub const DEFAULT_REVISION: &str = "main";
/// What a reference to the hub starts with.
pub(super) const SCHEME: &str = "hub:";
/// The hub allows 96 characters for each part of a name.
const LONGEST_NAME: usize = 96;
const LONGEST_REVISION: usize = 200;

/// A model of the hub at a revision. All parts are safe in a path and in an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HubModel {
    owner: String,
    name: String,
    revision: String,
}

impl HubModel {
    /// Checks the parts.
    ///
    /// # Errors
    /// When a part has characters that the hub does not allow, or could be taken for a path.
    pub fn new(owner: &str, name: &str, revision: &str) -> Result<Self, StoreError> {
        let model = format!("{SCHEME}{owner}/{name}@{revision}");
        let bad = |what: &str, part: &str| {
            Err(StoreError::reference(&model, format!("'{part}' is not a valid {what} on the hub")))
        };
        if !is_plain(owner, LONGEST_NAME) || owner.contains("--") {
            return bad("owner", owner);
        }
        // The cache writes `owner/name` as `owner--name`: with a `--` of its own, a name could be taken for another model.
        if !is_plain(name, LONGEST_NAME) || name.contains("--") {
            return bad("name", name);
        }
        let parts_are_plain = revision.split('/').all(|part| is_plain(part, LONGEST_REVISION));
        if !parts_are_plain || revision.len() > LONGEST_REVISION || revision.ends_with(".lock") {
            return bad("revision", revision);
        }
        Ok(Self { owner: owner.into(), name: name.into(), revision: revision.into() })
    }

    /// `owner/name`.
    pub fn repository(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// The branch, tag or commit.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// The repository of the model at another revision. Files are pulled at a commit, because a branch may change meanwhile.
    pub(super) fn repo_at(&self, revision: &str) -> hf_hub::Repo {
        hf_hub::Repo::with_revision(self.repository(), hf_hub::RepoType::Model, revision.into())
    }
}

/// Whether a part has only letters, digits, `-`, `_` and `.`, does not start with `-`, and neither starts nor ends with
/// a dot nor has two in a row. So it is not `.` or `..`, no hidden file, and needs no escaping.
fn is_plain(part: &str, longest: usize) -> bool {
    !part.is_empty()
        && part.len() <= longest
        && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !part.starts_with(['.', '-'])
        && !part.ends_with('.')
        && !part.contains("..")
}

/// Whether a text is the full SHA-1 of a commit, in lower case as git writes it.
pub(super) fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
}

impl fmt::Display for HubModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.owner, self.name)?;
        if self.revision != DEFAULT_REVISION {
            write!(f, "@{}", self.revision)?;
        }
        Ok(())
    }
}

impl FromStr for HubModel {
    type Err = StoreError;

    /// Parses `hub:owner/name[@revision]`.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let bad =
            || StoreError::reference(text, "is not of the form hub:owner/name or hub:owner/name@revision");
        let rest = text.strip_prefix(SCHEME).ok_or_else(bad)?;
        let (path, revision) = rest.split_once('@').unwrap_or((rest, DEFAULT_REVISION));
        let (owner, name) = path.split_once('/').ok_or_else(bad)?;
        Self::new(owner, name, revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_hub_are_read_and_written() {
        let model: HubModel = "hub:facebook/bart-large-cnn".parse().unwrap();
        assert_eq!((model.repository().as_str(), model.revision()), ("facebook/bart-large-cnn", "main"));
        assert_eq!(model.to_string(), "hub:facebook/bart-large-cnn");
        let model: HubModel = "hub:o/n.v1_0@refs/pr/3".parse().unwrap();
        assert_eq!(model.revision(), "refs/pr/3");
        assert_eq!(model.to_string(), "hub:o/n.v1_0@refs/pr/3");
    }

    #[test]
    fn names_that_could_leave_the_cache_are_errors() {
        for bad in [
            "hub:../etc/passwd",
            "hub:a/..",
            "hub:a/../b",
            "hub:a/b/c",
            "hub:/b",
            "hub:a/",
            "hub:a",
            "hub:a/b@",
            "hub:a/b@../../x",
            "hub:a/b@/etc",
            "hub:a/b@x//y",
            "hub:a/b@x/../y",
            "hub:.a/b",
            "hub:a/.b",
            "hub:a\\b/c",
            "hub:a/b\\c",
            "hub:a/b c",
            "hub:a/b?c",
            "hub:a/b#c",
            "hub:a/b%2e",
            "hub:a--b/c",
            "hub:a/b--c",
            "hub:a/b\u{1b}[2J",
            "hub:a/b@-x",
            "hub:é/b",
            "facebook/bart",
        ] {
            assert!(bad.parse::<HubModel>().is_err(), "{bad}");
        }
        assert!(format!("hub:a/{}", "b".repeat(97)).parse::<HubModel>().is_err());
    }
}
