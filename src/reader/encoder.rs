//! The encoder pass, behind a trait so that a faster forward over the same variables can replace it.

use std::path::Path;

use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use tch::{Tensor, nn};

use super::batches::Batch;
use super::compute::Compute;
use crate::model::ModelError;

/// Token vectors of a batch.
pub trait Encoder: Send {
    /// (windows, width) → (windows, width, hidden), in the encoder's own precision.
    fn encode(&self, batch: &Batch) -> Result<Tensor, ModelError>;

    fn hidden_size(&self) -> usize;
}

/// Reads a BERT `config.json`.
pub fn config(path: &Path) -> Result<BertConfig, ModelError> {
    let bad = |reason: String| ModelError::pack(path, reason);
    let text = std::fs::read_to_string(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
    serde_json::from_str(&text).map_err(|error| bad(format!("is not a BERT configuration: {error}")))
}

/// rust-bert's BERT, as it is.
pub struct BertEncoder {
    store: nn::VarStore,
    bert: BertModel<BertEmbeddings>,
    hidden: usize,
}

impl BertEncoder {
    /// Variables under `bert.`, of single precision and random until they are filled.
    pub fn new(config: &BertConfig, compute: &Compute) -> Self {
        let store = nn::VarStore::new(compute.device);
        let bert = BertModel::new_with_optional_pooler(store.root() / "bert", config, false);
        Self { store, bert, hidden: config.hidden_size as usize }
    }

    pub fn variables(&self) -> &nn::VarStore {
        &self.store
    }

    /// Fixes the weights and turns them to the precision of the reading.
    pub fn finish(mut self, compute: &Compute) -> Self {
        self.store.freeze();
        self.store.set_kind(compute.kind);
        self
    }
}

impl Encoder for BertEncoder {
    fn encode(&self, batch: &Batch) -> Result<Tensor, ModelError> {
        let (ids, mask, cases) = (Some(&batch.ids), Some(&batch.mask), Some(&batch.cases));
        self.bert
            .forward_t(ids, mask, cases, None, None, None, None, false)
            .map(|output| output.hidden_state)
            .map_err(|error| ModelError::Encoder(error.to_string()))
    }

    fn hidden_size(&self) -> usize {
        self.hidden
    }
}
