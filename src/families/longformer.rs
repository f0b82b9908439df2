//! Longformer (Beltagy et al. 2020).

use rust_bert::longformer::{LongformerConfig, LongformerForTokenClassification};

use super::{Classifier, EMPTY, Family, UNUSED_FOR_TOKENS, loaded};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family { model_types: &["longformer"], tokens: Some(tokens), ..EMPTY };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: LongformerConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_TOKENS,
        |store| LongformerForTokenClassification::new(store.root(), &config),
        |model: &LongformerForTokenClassification, inputs| {
            Ok(model.forward_t(Some(&inputs.ids), Some(&inputs.mask), None, None, None, None, false)?.logits)
        },
    )
}
