//! Reads the **registry**, `models/registry.toml`: the packs that Wirelens knows by name, with the models of the hub
//! they consist of.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::hub_model::HubModel;

const TEXT: &str = include_str!("../../../models/registry.toml");
const SCHEMA: u32 = 1;

/// What a model of a pack is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelJob {
    /// Writing summaries.
    Summary,
    /// Finding named entities.
    Entities,
    /// Judging stance.
    Stance,
}

impl fmt::Display for ModelJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Summary => "summary",
            Self::Entities => "entities",
            Self::Stance => "stance",
        })
    }
}

/// The registry. Unknown fields are errors, as in a pack's manifest.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    schema: u32,
    /// The packs by name.
    pub packs: BTreeMap<String, PackEntry>,
}

/// A pack in the registry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackEntry {
    /// What the pack is, in a sentence.
    pub description: String,
    /// Whether it comes with Wirelens, as a folder with a manifest.
    #[serde(default)]
    pub bundled: bool,
    /// Its models of the hub by their job; none for a bundled pack.
    #[serde(default)]
    pub models: BTreeMap<ModelJob, ModelEntry>,
}

/// A model of a pack in the registry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelEntry {
    repository: String,
    revision: String,
    /// Licence, as the model's page states it.
    pub licence: String,
    /// The expected files by name, with what is known of each.
    pub files: BTreeMap<String, Pin>,
}

/// What a file must be. A value that the registry does not give is not checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Its size.
    pub bytes: Option<u64>,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: Option<String>,
}

impl Registry {
    /// The registry that is compiled into the program.
    ///
    /// # Panics
    /// When it is invalid; a test excludes that.
    pub fn builtin() -> Self {
        let registry: Self = toml::from_str(TEXT).expect("models/registry.toml is valid");
        assert_eq!(registry.schema, SCHEMA, "models/registry.toml");
        registry
    }
}

impl PackEntry {
    /// The job of that name, if the pack has a model for it.
    pub fn job(&self, name: &str) -> Option<ModelJob> {
        self.models.keys().copied().find(|job| job.to_string() == name)
    }
}

impl ModelEntry {
    /// The model of the hub.
    ///
    /// # Panics
    /// When the registry names it wrongly; a test excludes that.
    pub fn model(&self) -> HubModel {
        let (owner, name) = self.repository.split_once('/').expect("owner/name in models/registry.toml");
        HubModel::new(owner, name, &self.revision).expect("a valid model in models/registry.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_valid() {
        let registry = Registry::builtin();
        assert_eq!(
            registry.packs.keys().collect::<Vec<_>>(),
            ["base", "compact", "hub-headline", "hub-large", "hub-standard"]
        );
        for (name, pack) in &registry.packs {
            assert_eq!(pack.bundled, pack.models.is_empty(), "{name}");
            for entry in pack.models.values() {
                entry.model();
                assert!(entry.files.contains_key("config.json"), "{}", entry.repository);
                for pin in entry.files.values() {
                    let is_sha256 =
                        |text: &String| text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit());
                    assert!(pin.sha256.as_ref().is_none_or(is_sha256), "{}", entry.repository);
                }
            }
        }
    }
}
