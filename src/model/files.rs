//! Which of several files hold the weights of a model: one choice for what is fetched, verified and loaded.
//!
//! Weights are data: safetensors, one file or several, or rust-bert's `.ot`. A pickle is a program, and is never chosen.

pub(super) const SAFETENSORS: &str = "model.safetensors";
pub(super) const INDEX: &str = "model.safetensors.index.json";
pub(super) const OT: &str = "rust_model.ot";
const PICKLES: [&str; 5] = [".bin", ".pt", ".pth", ".ckpt", ".pkl"];

/// The files of the weights, by name.
#[derive(Debug, PartialEq, Eq)]
pub enum Weights<'a> {
    One(&'a str),
    /// The parts in their order, and the index that spreads the weights over them.
    Parts {
        index: &'a str,
        parts: Vec<&'a str>,
    },
}

/// Why there are no weights to choose.
#[derive(Debug, PartialEq, Eq)]
pub enum NoWeights {
    None,
    /// There are pickles only.
    Pickles(Vec<String>),
    /// Not all parts are there that the index speaks of.
    Incomplete {
        parts: usize,
    },
}

/// Chooses among the names of all files of a model: one safetensors file, else its parts, else `.ot`.
///
/// # Errors
/// When there are no weights that are data, or not all parts of them.
pub fn weights<'a>(names: &[&'a str]) -> Result<Weights<'a>, NoWeights> {
    let has = |wanted: &str| names.iter().copied().find(|name| *name == wanted);
    if let Some(one) = has(SAFETENSORS) {
        return Ok(Weights::One(one));
    }
    if let Some(index) = has(INDEX) {
        return Ok(Weights::Parts { index, parts: parts(names)? });
    }
    if let Some(one) = has(OT) {
        return Ok(Weights::One(one));
    }
    let is_pickle = |name: &&&str| PICKLES.iter().any(|end| name.ends_with(end));
    let pickles: Vec<String> = names.iter().filter(is_pickle).map(|name| name.to_string()).collect();
    Err(if pickles.is_empty() { NoWeights::None } else { NoWeights::Pickles(pickles) })
}

/// The parts `model-00001-of-00003.safetensors` and so on: all of them or an error.
fn parts<'a>(names: &[&'a str]) -> Result<Vec<&'a str>, NoWeights> {
    let number = |text: &str| (text.len() == 5).then(|| text.parse::<usize>().ok()).flatten();
    let part = |name: &'a str| -> Option<(usize, usize, &'a str)> {
        let (at, of) = name.strip_prefix("model-")?.strip_suffix(".safetensors")?.split_once("-of-")?;
        Some((number(at)?, number(of)?, name))
    };
    let mut parts: Vec<(usize, usize, &str)> = names.iter().filter_map(|name| part(name)).collect();
    parts.sort_unstable();
    let total = parts.first().map_or(0, |&(_, total, _)| total);
    let complete = total > 0
        && parts.len() == total
        && parts.iter().zip(1..).all(|(&(at, of, _), expected)| at == expected && of == total);
    if !complete {
        return Err(NoWeights::Incomplete { parts: parts.len() });
    }
    Ok(parts.into_iter().map(|(_, _, name)| name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_goes_before_parts_and_parts_before_ot() {
        let parts = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
        let all = [OT, parts[1], INDEX, parts[0], SAFETENSORS, "pytorch_model.bin"];
        assert_eq!(weights(&all), Ok(Weights::One(SAFETENSORS)));
        let without_one: Vec<&str> = all.into_iter().filter(|name| *name != SAFETENSORS).collect();
        assert_eq!(weights(&without_one), Ok(Weights::Parts { index: INDEX, parts: parts.to_vec() }));
        assert_eq!(weights(&without_one[..3]), Err(NoWeights::Incomplete { parts: 1 }));
        assert_eq!(weights(&[OT, "pytorch_model.bin"]), Ok(Weights::One(OT)));
        assert_eq!(
            weights(&["pytorch_model.bin"]),
            Err(NoWeights::Pickles(vec!["pytorch_model.bin".into()]))
        );
        assert_eq!(weights(&["config.json"]), Err(NoWeights::None));
    }
}
