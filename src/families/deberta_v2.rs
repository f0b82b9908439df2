//! DeBERTa v2 and v3 (He et al. 2020, 2021).

use rust_bert::deberta_v2::{
    DebertaV2Config, DebertaV2ForSequenceClassification, DebertaV2ForTokenClassification,
};

use super::{Classifier, Family, SEQUENCES, TOKENS, loaded};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::reader::compute::Compute;

pub const FAMILY: Family = Family {
    model_types: &["deberta-v2"],
    tokens: Some(tokens),
    sequences: Some(sequences),
    generator: None,
};

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: DebertaV2Config = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        TOKENS,
        |store| DebertaV2ForTokenClassification::new(store.root(), &config),
        |model: &DebertaV2ForTokenClassification, inputs| {
            Ok(model
                .forward_t(Some(&inputs.ids), Some(&inputs.mask), Some(&inputs.types), None, None, false)?
                .logits)
        },
    )
}

fn sequences(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: DebertaV2Config = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        SEQUENCES,
        |store| DebertaV2ForSequenceClassification::new(store.root(), &config),
        |model: &DebertaV2ForSequenceClassification, inputs| {
            Ok(model
                .forward_t(Some(&inputs.ids), Some(&inputs.mask), Some(&inputs.types), None, None, false)?
                .logits)
        },
    )
}
