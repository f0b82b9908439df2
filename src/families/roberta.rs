//! RoBERTa (Liu et al. 2019) and XLM-RoBERTa (Conneau et al. 2019), which share their architecture.

use rust_bert::roberta::{RobertaConfig, RobertaForSequenceClassification, RobertaForTokenClassification};

use super::{Classifier, EMPTY, Family, UNUSED_FOR_SEQUENCES, UNUSED_FOR_TOKENS, loaded};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family {
    model_types: &["roberta", "xlm-roberta", "camembert"],
    tokens: Some(tokens),
    sequences: Some(sequences),
    ..EMPTY
};

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: RobertaConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_TOKENS,
        |store| RobertaForTokenClassification::new(store.root(), &config),
        |model: &RobertaForTokenClassification, inputs| {
            Ok(model.forward_t(Some(&inputs.ids), Some(&inputs.mask), None, None, None, false).logits)
        },
    )
}

fn sequences(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: RobertaConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_SEQUENCES,
        |store| RobertaForSequenceClassification::new(store.root(), &config),
        |model: &RobertaForSequenceClassification, inputs| {
            Ok(model.forward_t(Some(&inputs.ids), Some(&inputs.mask), None, None, None, false).logits)
        },
    )
}
