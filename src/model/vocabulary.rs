//! Builds the tokenizer of a checkpoint that has no `tokenizer.json`, from the files of older checkpoints.
//!
//! These files are a **vocabulary**: `vocab.json` and `merges.txt` for byte-level BPE (BART, RoBERTa), or `vocab.txt`
//! for WordPiece (BERT).

use std::fs;
use std::path::Path;

use serde_json::Value;
use tokenizers::decoders::wordpiece::WordPiece as WordPieceDecoder;
use tokenizers::models::bpe::BPE;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::processors::roberta::RobertaProcessing;
use tokenizers::{AddedToken, Model, Tokenizer};

/// The tokenizer from the vocabulary in a folder; none if there is no vocabulary. The error says what is wrong with it.
pub fn tokenizer(folder: &Path) -> Option<Result<Tokenizer, String>> {
    let there = |name: &str| folder.join(name).is_file();
    if there("vocab.json") && there("merges.txt") {
        Some(byte_level(folder))
    } else if there("vocab.txt") {
        Some(word_piece(folder))
    } else {
        None
    }
}

/// Byte-level BPE from `vocab.json` and `merges.txt`.
fn byte_level(folder: &Path) -> Result<Tokenizer, String> {
    let path = |name: &str| folder.join(name).display().to_string();
    let model = BPE::from_file(&path("vocab.json"), &path("merges.txt"))
        .build()
        .map_err(|error| error.to_string())?;
    let id = |token: &str| model.token_to_id(token).ok_or_else(|| format!("vocab.json has no {token}"));
    let (begin, end) = (id("<s>")?, id("</s>")?);
    let prefix = setting(folder, "add_prefix_space") == Some(true);
    let mut tokenizer = Tokenizer::new(model);
    tokenizer.with_pre_tokenizer(Some(ByteLevel::default().add_prefix_space(prefix)));
    tokenizer.with_decoder(Some(ByteLevel::default()));
    let ends = RobertaProcessing::new(("</s>".into(), end), ("<s>".into(), begin));
    tokenizer.with_post_processor(Some(ends.add_prefix_space(prefix)));
    // In the reference, the mask token includes the blank before it.
    let mut special: Vec<AddedToken> = ["<s>", "<pad>", "</s>", "<unk>"].map(token).to_vec();
    special.push(token("<mask>").lstrip(true));
    tokenizer.add_special_tokens(special).map_err(|error| error.to_string())?;
    Ok(tokenizer)
}

/// WordPiece from `vocab.txt`.
fn word_piece(folder: &Path) -> Result<Tokenizer, String> {
    let path = folder.join("vocab.txt").display().to_string();
    let model =
        WordPiece::from_file(&path).unk_token("[UNK]".into()).build().map_err(|error| error.to_string())?;
    let id = |token: &str| model.token_to_id(token).ok_or_else(|| format!("vocab.txt has no {token}"));
    let ends = BertProcessing::new(("[SEP]".into(), id("[SEP]")?), ("[CLS]".into(), id("[CLS]")?));
    let lowercase = setting(folder, "do_lower_case").unwrap_or(true);
    let accents = setting(folder, "strip_accents");
    let chinese = setting(folder, "tokenize_chinese_chars").unwrap_or(true);
    let mut tokenizer = Tokenizer::new(model);
    let normalizer = BertNormalizer::new(true, chinese, accents, lowercase);
    tokenizer.with_normalizer(Some(normalizer)).map_err(|error| error.to_string())?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    tokenizer.with_post_processor(Some(ends));
    tokenizer.with_decoder(Some(WordPieceDecoder::default()));
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map(token);
    tokenizer.add_special_tokens(special).map_err(|error| error.to_string())?;
    Ok(tokenizer)
}

/// A special token.
fn token(text: &str) -> AddedToken {
    AddedToken::from(text, true)
}

/// A true-or-false setting of `tokenizer_config.json`, if it is there.
fn setting(folder: &Path, name: &str) -> Option<bool> {
    let text = fs::read_to_string(folder.join("tokenizer_config.json")).ok()?;
    serde_json::from_str::<Value>(&text).ok()?[name].as_bool()
}
