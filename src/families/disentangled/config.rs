//! `config.json` of both generations.
//!
//! Not rust-bert's own types: they panic where `pos_att_type` or `norm_rel_ebd` has a name that they do not know
//! ("none" is one), want values that the hub leaves out, and pass over some that change what is computed.

use rust_bert::Activation;
use serde::Deserialize;

use super::Generation;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// What the file says, or the reference's default where it says nothing.
#[derive(Deserialize)]
struct Raw {
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
    pos_att_type: Option<Names>,
    embedding_size: Option<i64>,
    attention_head_size: Option<i64>,
    pooler_hidden_act: Option<Activation>,
    talking_head: Option<bool>,
    // Of the second generation only.
    share_att_key: Option<bool>,
    position_buckets: Option<i64>,
    norm_rel_ebd: Option<Names>,
    conv_kernel_size: Option<i64>,
    conv_groups: Option<i64>,
    conv_act: Option<Activation>,
}

/// `"c2p|p2c"` or `["c2p", "p2c"]`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Names {
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

impl Names {
    fn into_list(self) -> Vec<String> {
        match self {
            Self::Joined(names) => names.to_lowercase().split('|').map(|name| name.trim().into()).collect(),
            Self::Listed(names) => names,
        }
    }
}

/// A configuration of which everything is implemented here.
pub struct Config {
    pub generation: Generation,
    pub vocab_size: i64,
    pub hidden_size: i64,
    pub layers: i64,
    pub heads: i64,
    pub intermediate_size: i64,
    pub hidden_act: Activation,
    pub pooler_hidden_act: Activation,
    pub layer_norm_eps: f64,
    pub embedding_size: i64,
    /// Rows of the table of absolute positions, where there is one.
    pub positions: Option<i64>,
    /// Rows of the table of parts, 0 where there is none.
    pub types: i64,
    /// Whether content attends to positions (c2p), and positions to content (p2c).
    pub content_to_position: bool,
    pub position_to_content: bool,
    pub relative: Option<Relative>,
    pub conv: Option<Conv>,
}

/// Relative positions.
#[derive(Clone, Copy)]
pub struct Relative {
    /// Largest distance on either side; what is farther looks equally far.
    pub span: i64,
    pub buckets: Option<Buckets>,
    pub normed: bool,
    /// Positions go through the projections of the content.
    pub shares_projections: bool,
}

/// Distances beyond half of `count` share positions, more of them the farther they are, up to `furthest`.
#[derive(Clone, Copy)]
pub struct Buckets {
    pub count: i64,
    pub furthest: i64,
}

/// The convolution over the first layer.
#[derive(Clone, Copy)]
pub struct Conv {
    pub kernel: i64,
    pub groups: i64,
    pub act: Activation,
}

impl Config {
    /// Reads the configuration of a checkpoint.
    ///
    /// # Errors
    /// When it asks for something that is not implemented here, or cannot be: says what.
    pub fn of(checkpoint: &Checkpoint, generation: Generation) -> Result<Self, ModelError> {
        Self::checked(checkpoint.config()?, generation)
            .map_err(|reason| ModelError::pack(&checkpoint.config_path(), reason))
    }

    fn checked(raw: Raw, generation: Generation) -> Result<Self, String> {
        let unknown = |what: String| Err(format!("asks for {what}, which Wirelens does not know"));
        let (hidden, heads) = (raw.hidden_size, raw.num_attention_heads);
        if heads < 1 || hidden < 1 || hidden % heads != 0 {
            return Err(format!("has a hidden_size of {hidden}, which {heads} heads cannot share"));
        }
        if let Some(size) = raw.attention_head_size.filter(|&size| size != hidden / heads) {
            return unknown(format!("an attention_head_size of {size} where {}/{heads} is usual", hidden));
        }
        if raw.talking_head == Some(true) {
            return unknown("talking_head".into());
        }
        let types = raw.pos_att_type.map(Names::into_list).unwrap_or_default();
        if let Some(odd) = types.iter().find(|name| !["c2p", "p2c"].contains(&name.as_str())) {
            return unknown(format!("the pos_att_type '{odd}'"));
        }
        let norms = raw.norm_rel_ebd.map(Names::into_list).unwrap_or_default();
        if let Some(odd) = norms.iter().find(|name| !["none", "layer_norm"].contains(&name.as_str())) {
            return unknown(format!("the norm_rel_ebd '{odd}'"));
        }
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
                return unknown(format!("{name} in a DeBERTa of the first generation"));
            }
        }
        if let Some(even) = kernel.filter(|size| size % 2 == 0) {
            return unknown(format!("a conv_kernel_size of {even}, an even number"));
        }
        let furthest = raw.max_relative_positions.filter(|&n| n > 0).unwrap_or(raw.max_position_embeddings);
        // Below two, or with no distance left to share them, the buckets' logarithms have no value.
        if let Some(count) = buckets.filter(|&count| count < 2 || furthest <= count / 2 + 1) {
            return unknown(format!("{count} position_buckets for {furthest} positions"));
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
            hidden_size: hidden,
            layers: raw.num_hidden_layers,
            heads,
            intermediate_size: raw.intermediate_size,
            hidden_act: raw.hidden_act,
            pooler_hidden_act: raw.pooler_hidden_act.unwrap_or(Activation::gelu),
            layer_norm_eps: raw.layer_norm_eps,
            embedding_size: raw.embedding_size.unwrap_or(hidden),
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

    fn read(generation: Generation, more: Value) -> Result<Config, String> {
        let mut config = json!({
            "vocab_size": 9, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
            "intermediate_size": 8, "relative_attention": true, "pos_att_type": "c2p | P2C",
        });
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Config::checked(serde_json::from_value(config).unwrap(), generation)
    }

    #[test]
    fn what_is_not_implemented_is_refused_by_name() {
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
    fn what_is_left_out_is_as_in_the_reference() {
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
