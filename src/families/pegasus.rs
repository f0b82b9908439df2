//! PEGASUS (Zhang et al. 2019).

use rust_bert::pegasus::{PegasusConfig, PegasusForConditionalGeneration};

use super::generator::{Generate, loaded};
use super::{EMPTY, Family};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family { model_types: &["pegasus"], generator: Some(generator), ..EMPTY };

fn generator(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Generate>, ModelError> {
    let config: PegasusConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        &[],
        |store| Ok(PegasusForConditionalGeneration::new(store.root(), &config)),
        |model: &PegasusForConditionalGeneration, ids, mask| Ok(model.encode(ids, Some(mask))),
        |model, view, cache| {
            let (memory, mask, last) = (Some(view.memory), Some(view.mask), Some(view.last));
            let found = model.forward_t(None, mask, memory, last, None, cache, false);
            Ok((found.decoder_output, found.cache))
        },
    )
}
