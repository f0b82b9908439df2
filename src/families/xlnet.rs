//! XLNet (Yang et al. 2019).

use rust_bert::xlnet::{XLNetConfig, XLNetForTokenClassification};

use super::{Classifier, EMPTY, Family, UNUSED_FOR_TOKENS, loaded};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family { model_types: &["xlnet"], tokens: Some(tokens), ..EMPTY };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: XLNetConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_TOKENS,
        |store| XLNetForTokenClassification::new(store.root(), &config),
        |model: &XLNetForTokenClassification, inputs| {
            // No token types: the reference's tokenizer gives none, and rust-bert compares them across inputs of a batch.
            let (ids, mask) = (Some(&inputs.ids), Some(&inputs.mask));
            Ok(model.forward_t(ids, mask, None, None, None, None, None, false).logits)
        },
    )
}
