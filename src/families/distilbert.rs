//! DistilBERT (Sanh et al. 2019).

use rust_bert::distilbert::{DistilBertConfig, DistilBertForTokenClassification};

use super::{Classifier, Family, TOKENS, loaded};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::reader::compute::Compute;

pub const FAMILY: Family =
    Family { model_types: &["distilbert"], tokens: Some(tokens), sequences: None, generator: None };

fn tokens(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: DistilBertConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        TOKENS,
        |store| DistilBertForTokenClassification::new(store.root(), &config),
        |model: &DistilBertForTokenClassification, inputs| {
            Ok(model.forward_t(Some(&inputs.ids), Some(&inputs.mask), None, false)?.logits)
        },
    )
}
