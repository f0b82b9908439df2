//! ELECTRA (Clark et al. 2020).

use rust_bert::electra::{ElectraConfig, ElectraForTokenClassification};

use super::{Classifier, EMPTY, Family, UNUSED_FOR_TOKENS, loaded};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family { model_types: &["electra"], tokens: Some(tokens), ..EMPTY };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: ElectraConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_TOKENS,
        |store| ElectraForTokenClassification::new(store.root(), &config),
        |model: &ElectraForTokenClassification, inputs| {
            // rust-bert adds the mask to the scores unchanged. A mask of 0 and 1 would hide nothing, so padding gets
            // −10,000.
            let mask = (1 - &inputs.mask) * -10_000i64;
            Ok(model.forward_t(Some(&inputs.ids), Some(&mask), Some(&inputs.types), None, None, false).logits)
        },
    )
}
