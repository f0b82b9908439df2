//! ProphetNet (Qi et al. 2020).

use rust_bert::RustBertError;
use rust_bert::pipelines::common::TokenizerOption;
use rust_bert::pipelines::generation_utils::GenerateConfig;
use rust_bert::prophetnet::ProphetNetConditionalGenerator;

use super::Family;
use super::generator::Generate;

pub const FAMILY: Family =
    Family { model_types: &["prophetnet"], tokens: None, sequences: None, generator: Some(generator) };

fn generator(parts: GenerateConfig, tokenizer: TokenizerOption) -> Result<Box<dyn Generate>, RustBertError> {
    Ok(Box::new(ProphetNetConditionalGenerator::new_with_tokenizer(parts, tokenizer)?))
}
