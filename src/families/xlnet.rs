//! XLNet (Yang et al. 2019).

use rust_bert::xlnet::{XLNetConfig, XLNetForTokenClassification};

use super::{Classifier, Family, loaded};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::reader::compute::Compute;

pub const FAMILY: Family =
    Family { model_types: &["xlnet"], tokens: Some(tokens), sequences: None, generator: None };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: XLNetConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        |store| XLNetForTokenClassification::new(store.root(), &config),
        |model: &XLNetForTokenClassification, inputs| {
            Ok(model
                .forward_t(
                    Some(&inputs.ids),
                    Some(&inputs.mask),
                    None,
                    None,
                    None,
                    Some(&inputs.types),
                    None,
                    false,
                )
                .logits)
        },
    )
}
