//! Model packs: what they are, where they are found, how they are checked and loaded.
//!
//! A pack is a folder with a `pack.toml` and the files it lists. Weights are data and are treated like
//! any other data from outside: only safetensors, checked by size and SHA-256 before they are read.

pub mod checkpoint;
mod files;
pub mod pack;
pub mod store;
pub mod tensors;
mod vocabulary;
pub mod weights;

use crate::compute::ComputeError;

/// What can be wrong with a pack or the machine it should run on.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error(transparent)]
    Store(#[from] store::StoreError),
    #[error("no model pack '{name}' was found; looked in {}", places.join(", "))]
    NoPack { name: String, places: Vec<String> },
    #[error("{file}: {reason}")]
    Pack { file: String, reason: String },
    #[error(transparent)]
    Compute(#[from] ComputeError),
    #[error("the model failed while reading: {0}")]
    Torch(#[from] tch::TchError),
    #[error("the tokenizer failed: {0}")]
    Tokenizer(String),
    #[error("the model failed while reading: {0}")]
    Encoder(String),
}

impl ModelError {
    pub(crate) fn pack(file: &std::path::Path, reason: impl Into<String>) -> Self {
        Self::Pack { file: file.display().to_string(), reason: reason.into() }
    }
}
