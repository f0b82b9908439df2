//! Finds, verifies and loads models: packs and checkpoints.
//!
//! A **pack** is a folder with a `pack.toml` and the files it lists: an encoder with Wirelens' own heads. A
//! **checkpoint** is a folder as the hub publishes models. The weights of a pack are safetensors only, checked by size
//! and SHA-256.

pub mod checkpoint;
// Without the hub, no blob is named by its digest.
#[cfg_attr(not(feature = "hub"), allow(dead_code))]
pub(crate) mod digest;
mod files;
pub mod pack;
#[cfg(feature = "hub")]
pub mod store;
pub mod tensors;
mod vocabulary;
pub mod weights;

use crate::compute::ComputeError;

/// What can go wrong when a model is found, loaded or run.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A model of the hub cannot be found or pulled.
    #[cfg(feature = "hub")]
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// No pack has this name.
    #[error(
        "no model pack '{name}' was found; looked in {}; `wirelens models list` names the packs that are known",
        places.join(", ")
    )]
    NoPack {
        /// The pack that was asked for.
        name: String,
        /// The folders that were searched.
        places: Vec<String>,
    },
    /// A file of a pack or checkpoint cannot be used.
    #[error("{file}: {reason}")]
    Pack {
        /// Its path.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The requested device or precision is not available.
    #[error(transparent)]
    Compute(#[from] ComputeError),
    /// libtorch reported an error.
    #[error("the model failed while reading: {0}")]
    Torch(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The tokenizer reported an error.
    #[error("the tokenizer failed: {0}")]
    Tokenizer(String),
    /// rust-bert reported an error.
    #[error("the model failed while reading: {0}")]
    Encoder(String),
}

impl From<tch::TchError> for ModelError {
    fn from(error: tch::TchError) -> Self {
        Self::Torch(Box::new(error))
    }
}

impl ModelError {
    /// An error about the file at a path.
    pub(crate) fn pack(file: &std::path::Path, reason: impl Into<String>) -> Self {
        Self::Pack { file: file.display().to_string(), reason: reason.into() }
    }
}
