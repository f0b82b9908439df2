//! T5 (Raffel et al. 2019).

use rust_bert::t5::{T5Config, T5ForConditionalGeneration};

use super::generator::{Generate, loaded};
use super::{EMPTY, Family};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family { model_types: &["t5"], generator: Some(generator), ..EMPTY };

fn generator(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Generate>, ModelError> {
    let config: T5Config = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        &[("lm_head.weight", "shared.weight")],
        |store| Ok(T5ForConditionalGeneration::new(store.root(), &config)),
        |model: &T5ForConditionalGeneration, ids, mask| Ok(model.encode(ids, Some(mask))),
        |model, view, cache| {
            let (memory, mask, last) = (Some(view.memory), Some(view.mask), Some(view.last));
            let found = model.forward_t(None, mask, memory, last, None, None, None, cache, false);
            Ok((found.decoder_output, found.next_cache))
        },
    )
}
