//! DeBERTa v2 and v3 (He et al. 2020, 2021).

use super::disentangled::{self, Generation};
use super::{EMPTY, Family};

/// What can be loaded of this family.
pub const FAMILY: Family = Family {
    model_types: &["deberta-v2"],
    tokens: Some(|checkpoint, compute| disentangled::tokens(checkpoint, compute, Generation::Second)),
    sequences: Some(|checkpoint, compute| disentangled::sequences(checkpoint, compute, Generation::Second)),
    ..EMPTY
};
