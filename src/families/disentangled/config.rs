//! Parses the `config.json` of both generations.
//!
//! rust-bert's types are not used. They panic on unknown names in `pos_att_type` or `norm_rel_ebd` (such as "none"),
//! require values that checkpoints of the hub leave out, and ignore some that change the result.

use rust_bert::Activation;
use serde::Deserialize;

use super::Generation;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// The values in the file, with the reference's defaults.
#[derive(Deserialize)]
struct RawConfig {
    vocab_size: i64,
    hidden_size: i64,
    num_hidden_layers: i64,
    num_attention_heads: i64,
    intermediate_size: i64,
    #[serde(default = "gelu")]
    hidden_act: Activation,
    #[serde(default = "max_positions")]
    max_position_embeddings: i64,
    #[serde(default)]
    type_vocab_size: i64,
    #[serde(default = "epsilon")]
    layer_norm_eps: f64,
    #[serde(default)]
    relative_attention: bool,
    position_biased_input: Option<bool>,
    max_relative_positions: Option<i64>,
    pos_att_type: Option<NameList>,
    embedding_size: Option<i64>,
    attention_head_size: Option<i64>,
    pooler_hidden_act: Option<Activation>,
    talking_head: Option<bool>,
    // In the second generation only.
    share_att_key: Option<bool>,
    position_buckets: Option<i64>,
    norm_rel_ebd: Option<NameList>,
    conv_kernel_size: Option<i64>,
    conv_groups: Option<i64>,
    conv_act: Option<Activation>,
}

/// A list of names, written `"c2p|p2c"` or `["c2p", "p2c"]`.
#[derive(Deserialize)]
#[serde(untagged)]
enum NameList {
    Joined(String),
    Listed(Vec<String>),
}

fn gelu() -> Activation {
    Activation::gelu
}

fn max_positions() -> i64 {
    512
}

fn epsilon() -> f64 {
    1e-7
}

impl NameList {
    fn into_list(self) -> Vec<String> {
        match self {
            Self::Joined(names) => names.to_lowercase().split('|').map(|name| name.trim().into()).collect(),
            Self::Listed(names) => names,
        }
    }
}

impl RawConfig {
    /// Checks what the file says of the attention heads.
    fn check_heads(&self) -> Result<(), String> {
        let (hidden, heads) = (self.hidden_size, self.num_attention_heads);
        if heads < 1 || hidden < 1 || hidden % heads != 0 {
            return Err(format!("has a hidden_size of {hidden}, which {heads} heads do not divide evenly"));
        }
        if let Some(size) = self.attention_head_size.filter(|&size| size != hidden / heads) {
            return Err(unknown(&format!(
                "an attention_head_size of {size} where {hidden}/{heads} is usual"
            )));
        }
        if self.talking_head == Some(true) {
            return Err(unknown("talking_head"));
        }
        Ok(())
    }
}

/// The names in a field, each of which has to be one of those that are `known`.
fn names(list: Option<NameList>, field: &str, known: [&str; 2]) -> Result<Vec<String>, String> {
    let names = list.map(NameList::into_list).unwrap_or_default();
    if let Some(odd) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(unknown(&format!("the {field} '{odd}'")));
    }
    Ok(names)
}

/// The error for a configuration that asks for something that is not implemented.
fn unknown(what: &str) -> String {
    format!("asks for {what}, which Wirelens does not support")
}

/// A configuration that was checked: all that it asks for is implemented here.
pub struct DebertaConfig {
    /// Generation of the architecture.
    pub generation: Generation,
    /// Number of tokens in the vocabulary.
    pub vocab_size: i64,
    /// Length of a token vector.
    pub hidden_size: i64,
    /// Number of layers.
    pub layers: i64,
    /// Attention heads of a layer.
    pub heads: i64,
    /// Length of the vector between the two products of the feed-forward part.
    pub intermediate_size: i64,
    /// Activation of the feed-forward part.
    pub hidden_act: Activation,
    /// Activation of the pooler in front of a sequence classifier.
    pub pooler_hidden_act: Activation,
    /// Epsilon of the layer norms.
    pub layer_norm_eps: f64,
    /// Length of an embedding.
    pub embedding_size: i64,
    /// Rows of the table of absolute positions; none without such a table.
    pub positions: Option<i64>,
    /// Rows of the table of token types; 0 without such a table.
    pub types: i64,
    /// Whether content attends to positions (c2p).
    pub content_to_position: bool,
    /// Whether positions attend to content (p2c).
    pub position_to_content: bool,
    /// Relative positions, if there are any.
    pub relative: Option<Relative>,
    /// The convolution, if there is one.
    pub conv: Option<Conv>,
}

/// Settings of the relative positions.
#[derive(Clone, Copy)]
pub struct Relative {
    /// Largest relative position on either side; larger distances get the same one.
    pub span: i64,
    /// How distances share positions, if they do.
    pub buckets: Option<Buckets>,
    /// Whether the table has a layer norm.
    pub normed: bool,
    /// Whether positions use the projections of the content.
    pub shares_projections: bool,
}

/// Distances up to half of `count` have a position each. Larger ones, up to `furthest`, share positions, the more the
/// larger they are.
#[derive(Clone, Copy)]
pub struct Buckets {
    /// Number of positions on either side.
    pub count: i64,
    /// The largest distance, in tokens.
    pub furthest: i64,
}

/// Settings of the convolution that is added to the output of the first layer.
#[derive(Clone, Copy)]
pub struct Conv {
    /// Width of the kernel in tokens; an odd number.
    pub kernel: i64,
    /// Groups of channels.
    pub groups: i64,
    /// Activation after it.
    pub act: Activation,
}

impl DebertaConfig {
    /// Reads and checks the configuration of a checkpoint.
    ///
    /// # Errors
    /// When it is invalid or asks for something that is not implemented: the message says what.
    pub fn of(checkpoint: &Checkpoint, generation: Generation) -> Result<Self, ModelError> {
        Self::checked(checkpoint.config()?, generation)
            .map_err(|reason| ModelError::pack(&checkpoint.config_path(), reason))
    }

    /// Checks the values of a file; the error says what is wrong with them.
    fn checked(raw: RawConfig, generation: Generation) -> Result<Self, String> {
        raw.check_heads()?;
        let types = names(raw.pos_att_type, "pos_att_type", ["c2p", "p2c"])?;
        let norms = names(raw.norm_rel_ebd, "norm_rel_ebd", ["none", "layer_norm"])?;
        let normed = norms.iter().any(|name| name == "layer_norm");
        let shares_projections = raw.share_att_key == Some(true);
        let buckets = raw.position_buckets.filter(|&count| count > 0);
        let kernel = raw.conv_kernel_size.filter(|&size| size > 0);
        if generation == Generation::First {
            let later = [
                ("share_att_key", shares_projections),
                ("position_buckets", buckets.is_some()),
                ("norm_rel_ebd", normed),
                ("conv_kernel_size", kernel.is_some()),
            ];
            if let Some((name, _)) = later.iter().find(|(_, asked)| *asked) {
                return Err(unknown(&format!("{name} in a DeBERTa of the first generation")));
            }
        }
        if let Some(even) = kernel.filter(|size| size % 2 == 0) {
            return Err(unknown(&format!("a conv_kernel_size of {even}, an even number")));
        }
        let furthest = raw.max_relative_positions.filter(|&n| n > 0).unwrap_or(raw.max_position_embeddings);
        // With fewer than two buckets, or no distances that share them, the logarithms below have no value.
        if let Some(count) = buckets.filter(|&count| count < 2 || furthest <= count / 2 + 1) {
            return Err(unknown(&format!("{count} position_buckets for {furthest} positions")));
        }
        let relative = Relative {
            span: buckets.unwrap_or(furthest),
            buckets: buckets.map(|count| Buckets { count, furthest }),
            normed,
            shares_projections,
        };
        Ok(Self {
            generation,
            vocab_size: raw.vocab_size,
            hidden_size: raw.hidden_size,
            layers: raw.num_hidden_layers,
            heads: raw.num_attention_heads,
            intermediate_size: raw.intermediate_size,
            hidden_act: raw.hidden_act,
            pooler_hidden_act: raw.pooler_hidden_act.unwrap_or(Activation::gelu),
            layer_norm_eps: raw.layer_norm_eps,
            embedding_size: raw.embedding_size.unwrap_or(raw.hidden_size),
            positions: raw.position_biased_input.unwrap_or(true).then_some(raw.max_position_embeddings),
            types: raw.type_vocab_size,
            content_to_position: types.iter().any(|name| name == "c2p"),
            position_to_content: types.iter().any(|name| name == "p2c"),
            relative: raw.relative_attention.then_some(relative),
            conv: kernel.map(|kernel| Conv {
                kernel,
                groups: raw.conv_groups.unwrap_or(1),
                act: raw.conv_act.unwrap_or(Activation::tanh),
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(generation: Generation, more: Value) -> Result<DebertaConfig, String> {
        let mut config = json!({
            "vocab_size": 9, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
            "intermediate_size": 8, "relative_attention": true, "pos_att_type": "c2p | P2C",
        });
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        DebertaConfig::checked(serde_json::from_value(config).unwrap(), generation)
    }

    #[test]
    fn settings_that_are_not_implemented_are_named() {
        use Generation::{First, Second};
        for (generation, more, name) in [
            (First, json!({"talking_head": true}), "talking_head"),
            (First, json!({"position_buckets": 16}), "position_buckets"),
            (First, json!({"share_att_key": true}), "share_att_key"),
            (First, json!({"num_attention_heads": 3}), "3 heads"),
            (First, json!({"num_attention_heads": 0}), "0 heads"),
            (Second, json!({"attention_head_size": 3}), "attention_head_size"),
            (Second, json!({"pos_att_type": ["c2p", "p2p"]}), "'p2p'"),
            (Second, json!({"pos_att_type": ""}), "pos_att_type"),
            (Second, json!({"norm_rel_ebd": "batch_norm"}), "'batch_norm'"),
            (Second, json!({"conv_kernel_size": 2}), "conv_kernel_size"),
            (Second, json!({"position_buckets": 64, "max_relative_positions": 32}), "position_buckets"),
        ] {
            let error = read(generation, more.clone()).err().unwrap_or_else(|| panic!("{more} was taken"));
            assert!(error.contains(name), "{more}: {error}");
        }
    }

    #[test]
    fn defaults_are_those_of_the_reference() {
        let found =
            read(Generation::Second, json!({"norm_rel_ebd": "none", "attention_head_size": 4})).unwrap();
        assert!(found.content_to_position && found.position_to_content && found.conv.is_none());
        assert_eq!((found.positions, found.types, found.embedding_size), (Some(512), 0, 8));
        let relative = found.relative.unwrap();
        assert!(!relative.normed && !relative.shares_projections && relative.buckets.is_none());
        assert_eq!(relative.span, 512);
        let none =
            read(Generation::First, json!({"relative_attention": false, "pos_att_type": null})).unwrap();
        assert!(none.relative.is_none() && !none.content_to_position);
    }
}
