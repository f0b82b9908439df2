//! BART (Lewis et al. 2019).

use rust_bert::bart::{BartConfig, BartForConditionalGeneration, BartForSequenceClassification};

use super::generator::{self, Generate};
use super::{Classifier, EMPTY, Family, UNUSED_FOR_SEQUENCES, loaded};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family =
    Family { model_types: &["bart"], sequences: Some(sequences), generator: Some(generator), ..EMPTY };

fn sequences(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: BartConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_SEQUENCES,
        |store| BartForSequenceClassification::new(store.root(), &config),
        |model: &BartForSequenceClassification, inputs| {
            Ok(model.forward_t(&inputs.ids, Some(&inputs.mask), None, None, None, false).decoder_output)
        },
    )
}

fn generator(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Generate>, ModelError> {
    let config: BartConfig = checkpoint.config()?;
    generator::loaded(
        checkpoint,
        compute,
        &[],
        |store| Ok(BartForConditionalGeneration::new(store.root(), &config)),
        |model: &BartForConditionalGeneration, ids, mask| Ok(model.encode(ids, Some(mask))),
        |model, view, cache| {
            let (memory, mask, last) = (Some(view.memory), Some(view.mask), Some(view.last));
            let found = model.forward_t(None, mask, memory, last, None, cache, false);
            Ok((found.decoder_output, found.cache))
        },
    )
}
