//! A model of the hub: owner, name and revision, as in `hub:owner/name@revision`.
//!
//! A name becomes part of paths in the cache and of addresses on the hub, so it is taken apart and checked here,
//! once, and nothing that could leave the cache gets further.

use std::fmt;
use std::str::FromStr;

use super::StoreError;

/// The branch that a reference without a revision means.
pub const DEFAULT_REVISION: &str = "main";
pub(super) const SCHEME: &str = "hub:";
/// The hub allows 96 characters for each part of a name.
const LONGEST_NAME: usize = 96;
const LONGEST_REVISION: usize = 200;

/// A model of the hub at a revision. Can only be made of parts that are safe in a path and in an address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HubModel {
    owner: String,
    name: String,
    revision: String,
}

impl HubModel {
    /// # Errors
    /// When a part has characters that the hub does not allow, or could be taken for a path.
    pub fn new(owner: &str, name: &str, revision: &str) -> Result<Self, StoreError> {
        let model = format!("{SCHEME}{owner}/{name}@{revision}");
        let bad = |what: &str, part: &str| {
            Err(StoreError::reference(&model, format!("'{part}' is no {what} that the hub allows")))
        };
        if !is_plain(owner, LONGEST_NAME) || owner.contains("--") {
            return bad("owner", owner);
        }
        // The cache writes the slash between owner and name as `--`: a name with one of its own could be another's.
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

    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// The same model at a commit: what a branch points to may change while files are fetched, a commit may not.
    pub(super) fn repo_at(&self, revision: &str) -> hf_hub::Repo {
        hf_hub::Repo::with_revision(self.repository(), hf_hub::RepoType::Model, revision.into())
    }
}

/// Letters, digits, `-`, `_` and `.`, but no dot in front or behind and no two in a row: not `.`, not `..`,
/// nothing hidden, nothing that needs escaping anywhere.
fn is_plain(part: &str, longest: usize) -> bool {
    !part.is_empty()
        && part.len() <= longest
        && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !part.starts_with(['.', '-'])
        && !part.ends_with('.')
        && !part.contains("..")
}

/// Whether a text is a full commit or another SHA-1, in lower case as git writes it.
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

    /// Reads `hub:owner/name[@revision]`.
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
    fn nothing_that_could_leave_the_cache_is_a_name() {
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
