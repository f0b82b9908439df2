//! MobileBERT (Sun et al. 2020).

use rust_bert::mobilebert::{MobileBertConfig, MobileBertForTokenClassification};

use super::{Classifier, Family, TOKENS, loaded};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::reader::compute::Compute;

pub const FAMILY: Family =
    Family { model_types: &["mobilebert"], tokens: Some(tokens), sequences: None, generator: None };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: MobileBertConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        TOKENS,
        |store| MobileBertForTokenClassification::new(store.root(), &config),
        |model: &MobileBertForTokenClassification, inputs| {
            Ok(model
                .forward_t(Some(&inputs.ids), Some(&inputs.types), None, None, Some(&inputs.mask), false)?
                .logits)
        },
    )
}
