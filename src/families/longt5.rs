//! LongT5 (Guo et al. 2021).

use rust_bert::RustBertError;
use rust_bert::longt5::LongT5Generator;
use rust_bert::pipelines::common::TokenizerOption;
use rust_bert::pipelines::generation_utils::GenerateConfig;

use super::Family;
use super::generator::Generate;

pub const FAMILY: Family =
    Family { model_types: &["longt5"], tokens: None, sequences: None, generator: Some(generator) };

fn generator(parts: GenerateConfig, tokenizer: TokenizerOption) -> Result<Box<dyn Generate>, RustBertError> {
    Ok(Box::new(LongT5Generator::new_with_tokenizer(parts, tokenizer)?))
}
