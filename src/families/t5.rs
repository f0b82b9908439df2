//! T5 (Raffel et al. 2019).

use rust_bert::RustBertError;
use rust_bert::pipelines::common::TokenizerOption;
use rust_bert::pipelines::generation_utils::GenerateConfig;
use rust_bert::t5::T5Generator;

use super::Family;
use super::generator::Generate;

pub const FAMILY: Family =
    Family { model_types: &["t5"], tokens: None, sequences: None, generator: Some(generator) };

fn generator(parts: GenerateConfig, tokenizer: TokenizerOption) -> Result<Box<dyn Generate>, RustBertError> {
    Ok(Box::new(T5Generator::new_with_tokenizer(parts, tokenizer)?))
}
