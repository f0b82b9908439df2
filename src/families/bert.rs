//! BERT (Devlin et al. 2018).

use rust_bert::bert::{BertConfig, BertForSequenceClassification, BertForTokenClassification};

use super::{Classifier, Family, SEQUENCES, TOKENS, loaded};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::reader::compute::Compute;

pub const FAMILY: Family =
    Family { model_types: &["bert"], tokens: Some(tokens), sequences: Some(sequences), generator: None };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: BertConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        TOKENS,
        |store| BertForTokenClassification::new(store.root(), &config),
        |model: &BertForTokenClassification, inputs| {
            Ok(model
                .forward_t(Some(&inputs.ids), Some(&inputs.mask), Some(&inputs.types), None, None, false)
                .logits)
        },
    )
}

fn sequences(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: BertConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        SEQUENCES,
        |store| BertForSequenceClassification::new(store.root(), &config),
        |model: &BertForSequenceClassification, inputs| {
            Ok(model
                .forward_t(Some(&inputs.ids), Some(&inputs.mask), Some(&inputs.types), None, None, false)
                .logits)
        },
    )
}
