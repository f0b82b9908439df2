//! DeBERTa (He et al. 2020).

use super::disentangled::{self, Generation};
use super::{EMPTY, Family};

/// What can be loaded of this family.
pub const FAMILY: Family = Family {
    model_types: &["deberta"],
    tokens: Some(|checkpoint, compute| disentangled::tokens(checkpoint, compute, Generation::First)),
    sequences: Some(|checkpoint, compute| disentangled::sequences(checkpoint, compute, Generation::First)),
    ..EMPTY
};
