//! Parses a **reference**, by which a user names a model: `hub-standard`, `hub-standard/summary`,
//! `hub:owner/name@revision`, or a folder.

use std::path::{Path, PathBuf};

use super::StoreError;
use super::hub_model::{HubModel, SCHEME};
use super::registry::{ModelJob, Registry};

/// A parsed reference to a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// A pack of the registry, or one model of it.
    Pack {
        /// Name of the pack.
        pack: String,
        /// The job whose model is meant; none for all models of the pack.
        job: Option<ModelJob>,
    },
    /// A model of the hub.
    Hub(HubModel),
    /// A folder with a checkpoint.
    Folder(PathBuf),
}

impl Reference {
    /// Parses a reference. A pack is preferred to a folder of the same name; `./name` is always the folder.
    ///
    /// # Errors
    /// When it is none of the three. The message lists the packs, or the models of the pack.
    pub fn parse(text: &str, registry: &Registry) -> Result<Self, StoreError> {
        if text.starts_with(SCHEME) {
            return text.parse().map(Self::Hub);
        }
        let (pack, job) = match text.split_once('/') {
            Some((pack, job)) => (pack, Some(job)),
            None => (text, None),
        };
        if let Some(known) = registry.packs.get(pack) {
            let job = job
                .map(|job| {
                    known.job(job).ok_or_else(|| {
                        let jobs: Vec<String> =
                            known.models.keys().map(|job| format!("{pack}/{job}")).collect();
                        let there_is = if jobs.is_empty() { pack.into() } else { jobs.join(", ") };
                        StoreError::reference(text, format!("is not in the registry; there is {there_is}"))
                    })
                })
                .transpose()?;
            return Ok(Self::Pack { pack: pack.into(), job });
        }
        let path = Path::new(text);
        if path.is_dir() {
            return Ok(Self::Folder(path.into()));
        }
        let packs: Vec<&str> = registry.packs.keys().map(String::as_str).collect();
        Err(StoreError::reference(
            text,
            format!(
                "is neither a pack ({}), nor hub:owner/name[@revision], nor a folder that exists",
                packs.join(", ")
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_apart() {
        let registry = Registry::builtin();
        let parse = |text: &str| Reference::parse(text, &registry);
        assert_eq!(
            parse("hub-standard").unwrap(),
            Reference::Pack { pack: "hub-standard".into(), job: None }
        );
        let job = Some(ModelJob::Entities);
        assert_eq!(parse("hub-large/entities").unwrap(), Reference::Pack { pack: "hub-large".into(), job });
        assert!(matches!(parse(env!("CARGO_MANIFEST_DIR")).unwrap(), Reference::Folder(_)));
        assert!(
            parse("hub-headline/stance").unwrap_err().to_string().contains("there is hub-headline/summary")
        );
        assert!(parse("nosuch").unwrap_err().to_string().contains("neither a pack (base, compact, "));
    }
}
