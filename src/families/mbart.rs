//! mBART (Liu et al. 2020).

use rust_bert::mbart::{MBartConfig, MBartForConditionalGeneration};

use super::generator::{Generate, loaded};
use super::{EMPTY, Family};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family { model_types: &["mbart"], generator: Some(generator), ..EMPTY };

fn generator(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Generate>, ModelError> {
    let config: MBartConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        &[],
        |store| Ok(MBartForConditionalGeneration::new(store.root(), &config)),
        |model: &MBartForConditionalGeneration, ids, mask| Ok(model.encode(ids, Some(mask))),
        |model, view, cache| {
            let (memory, mask, last) = (Some(view.memory), Some(view.mask), Some(view.last));
            let found = model.forward_t(None, mask, memory, last, None, cache, false);
            Ok((found.decoder_output, found.cache))
        },
    )
}
