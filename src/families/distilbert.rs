//! DistilBERT (Sanh et al. 2019).

use rust_bert::distilbert::{DistilBertConfig, DistilBertForTokenClassification};

use super::{Classifier, EMPTY, Family, UNUSED_FOR_TOKENS, loaded};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family { model_types: &["distilbert"], tokens: Some(tokens), ..EMPTY };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: DistilBertConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_TOKENS,
        |store| DistilBertForTokenClassification::new(store.root(), &config),
        |model: &DistilBertForTokenClassification, inputs| {
            Ok(model.forward_t(Some(&inputs.ids), Some(&inputs.mask), None, false)?.logits)
        },
    )
}
