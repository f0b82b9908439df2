//! MobileBERT (Sun et al. 2020). Each token's embedding takes in its neighbours', padding included, so that in a batch a
//! text would be read otherwise than alone; its inputs are therefore read one by one.

use rust_bert::RustBertError;
use rust_bert::mobilebert::{MobileBertConfig, MobileBertForTokenClassification};
use tch::Tensor;

use super::{Classifier, Family, NOTHING, TOKENS, loaded};
use crate::compute::Compute;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

pub const FAMILY: Family = Family { model_types: &["mobilebert"], tokens: Some(tokens), ..NOTHING };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: MobileBertConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        TOKENS,
        |store| MobileBertForTokenClassification::new(store.root(), &config),
        |model: &MobileBertForTokenClassification, inputs| {
            let width = inputs.ids.size()[1];
            let alone = |row| {
                let one = inputs.only(row);
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
