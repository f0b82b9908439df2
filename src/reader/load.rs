//! Loads the encoder of a pack, with the weights that are left for its heads.

use serde_json::Value;
use tch::Kind;

use crate::compute::Compute;
use crate::families::encoder::Encoder;
use crate::families::{self, EncoderError};
use crate::model::ModelError;
use crate::model::pack::{EncoderSpec, MANIFEST, Pack};
use crate::model::tensors::Tensors;
use crate::model::weights::is_ignorable;

/// Loads the encoder of a pack, and the tensors of its files that are not the encoder's. `updates` are added to its weights.
///
/// # Errors
/// When a file is missing or damaged, or the files do not fit together.
pub(super) fn load_encoder(
    pack: &Pack,
    compute: &Compute,
    updates: Option<Tensors>,
) -> Result<(Box<dyn Encoder>, Tensors), ModelError> {
    let EncoderSpec { family, weights, config, base, .. } = &pack.manifest.encoder;
    let bad_config = |reason: String| ModelError::pack(&pack.path(config), reason);
    let settings: Value = serde_json::from_slice(&pack.read(config)?)
        .map_err(|error| bad_config(format!("is not JSON: {error}")))?;
    let precision = |name: &str| match name.starts_with(family) {
        // A third of all weights, of which a batch uses some rows; only those are converted, for each batch.
        true if name.ends_with("word_embeddings.weight") => None,
        true => Some(compute.kind),
        // Users compare probabilities, and the heads are only a few percent of the work.
        false => Some(Kind::Float),
    };
    let mut tensors = match base {
        None => pack.weights(weights, precision, compute.device)?,
        Some(base) => {
            // Updates are added in single precision, whatever the precision of the encoder.
            let single = |_: &str| Some(Kind::Float);
            let whole = pack.weights(&base.weights, single, compute.device)?;
            let mut whole = whole.rename(|name| format!("{family}.{name}")).without(is_ignorable);
            whole.update(pack.weights(weights, single, compute.device)?)?;
            whole.to(precision, compute.device)
        }
    };
    if let Some(updates) = updates {
        tensors.update(updates)?;
    }
    let encoder = families::encoder(family, &settings, &mut tensors).map_err(|error| match error {
        EncoderError::Family(reason) => ModelError::pack(&pack.path(MANIFEST), reason),
        EncoderError::Config(reason) => bad_config(reason),
    })?;
    Ok((encoder, tensors))
}
