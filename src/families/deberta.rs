//! DeBERTa (He et al. 2020).

use rust_bert::deberta::{DebertaConfig, DebertaForSequenceClassification, DebertaForTokenClassification};

use super::{Classifier, Family, SEQUENCES, TOKENS, loaded};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::reader::compute::Compute;

pub const FAMILY: Family =
    Family { model_types: &["deberta"], tokens: Some(tokens), sequences: Some(sequences), generator: None };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: DebertaConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        TOKENS,
        |store| DebertaForTokenClassification::new(store.root(), &config),
        |model: &DebertaForTokenClassification, inputs| {
            Ok(model
                .forward_t(Some(&inputs.ids), Some(&inputs.mask), Some(&inputs.types), None, None, false)?
                .logits)
        },
    )
}

fn sequences(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: DebertaConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        SEQUENCES,
        |store| DebertaForSequenceClassification::new(store.root(), &config),
        |model: &DebertaForSequenceClassification, inputs| {
            Ok(model
                .forward_t(Some(&inputs.ids), Some(&inputs.mask), Some(&inputs.types), None, None, false)?
                .logits)
        },
    )
}
