//! BART (Lewis et al. 2019).

use rust_bert::RustBertError;
use rust_bert::bart::{BartConfig, BartForSequenceClassification, BartGenerator};
use rust_bert::pipelines::common::TokenizerOption;
use rust_bert::pipelines::generation_utils::GenerateConfig;

use super::generator::Generate;
use super::{Classifier, Family, loaded};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::reader::compute::Compute;

pub const FAMILY: Family =
    Family { model_types: &["bart"], tokens: None, sequences: Some(sequences), generator: Some(generator) };

fn sequences(checkpoint: &Checkpoint, compute: &Compute) -> Result<Box<dyn Classifier>, ModelError> {
    let config: BartConfig = checkpoint.config()?;
    loaded(
        checkpoint,
        compute,
        |store| BartForSequenceClassification::new(store.root(), &config),
        |model: &BartForSequenceClassification, inputs| {
            Ok(model.forward_t(&inputs.ids, Some(&inputs.mask), None, None, None, false).decoder_output)
        },
    )
}

fn generator(parts: GenerateConfig, tokenizer: TokenizerOption) -> Result<Box<dyn Generate>, RustBertError> {
    Ok(Box::new(BartGenerator::new_with_tokenizer(parts, tokenizer)?))
}
