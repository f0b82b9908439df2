//! PEGASUS (Zhang et al. 2019).

use rust_bert::RustBertError;
use rust_bert::pegasus::PegasusConditionalGenerator;
use rust_bert::pipelines::common::TokenizerOption;
use rust_bert::pipelines::generation_utils::GenerateConfig;

use super::Family;
use super::generator::Generate;

pub const FAMILY: Family =
    Family { model_types: &["pegasus"], tokens: None, sequences: None, generator: Some(generator) };

fn generator(parts: GenerateConfig, tokenizer: TokenizerOption) -> Result<Box<dyn Generate>, RustBertError> {
    Ok(Box::new(PegasusConditionalGenerator::new_with_tokenizer(parts, tokenizer)?))
}
