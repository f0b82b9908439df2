//! MobileBERT (Sun et al. 2020).
//!
//! The embedding of a token includes those of its neighbours, padding too, so the result for a text would depend on its
//! batch. Inputs are therefore computed one by one.

use rust_bert::RustBertError;
use rust_bert::mobilebert::{MobileBertConfig, MobileBertForTokenClassification};
use tch::Tensor;

use super::{Classifier, EMPTY, Family, UNUSED_FOR_TOKENS, loaded};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What can be loaded of this family.
pub const FAMILY: Family = Family { model_types: &["mobilebert"], tokens: Some(tokens), ..EMPTY };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: MobileBertConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        UNUSED_FOR_TOKENS,
        |store| MobileBertForTokenClassification::new(store.root(), &config),
        |model: &MobileBertForTokenClassification, inputs| {
            let width = inputs.ids.size()[1];
            let alone = |row| {
                let one = inputs.row(row);
                let (ids, mask, types) = (Some(&one.ids), Some(&one.mask), Some(&one.types));
                let logits = model.forward_t(ids, types, None, None, mask, false)?.logits;
                let missing = width - logits.size()[1];
                Ok(logits.constant_pad_nd([0, 0, 0, missing]))
            };
            let rows: Vec<Tensor> =
                (0..inputs.ids.size()[0]).map(alone).collect::<Result<_, RustBertError>>()?;
            Ok(Tensor::cat(&rows, 0))
        },
    )
}
