//! Stance by natural language inference: does the sentence entail "The author supports …"?
//!
//! Zero-shot classification (Yin et al. 2019), as the reference pipeline does it: one hypothesis for each label, and a
//! softmax over how much the sentence entails each. Any proposition can be a target; nothing was trained for it.

use serde::{Deserialize, Serialize};
use tch::{Device, Kind};
use tokenizers::{Encoding, Tokenizer, TruncationParams, TruncationStrategy};

use crate::compute::Compute;
use crate::compute::inputs::{Inputs, batches, softmax};
use crate::families::{Classifier, sequence_classifier};
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;
use crate::stance::Scores;

/// One hypothesis for each label; `{}` is where the target goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    favor: String,
    neutral: String,
    against: String,
}

impl Templates {
    /// Reads TOML with `favor`, `neutral` and `against`.
    ///
    /// # Errors
    /// When one is missing, or has not exactly one `{}`.
    pub fn parse(toml: &str) -> Result<Self, String> {
        let templates: Self = toml::from_str(toml).map_err(|error| error.to_string())?;
        let all =
            [("favor", &templates.favor), ("neutral", &templates.neutral), ("against", &templates.against)];
        match all.iter().find(|(_, template)| template.matches("{}").count() != 1) {
            Some((name, _)) => Err(format!("'{name}' must have one {{}}, where the target goes")),
            None => Ok(templates),
        }
    }

    /// Hypotheses in the order favor, neutral, against.
    pub(crate) fn hypotheses(&self, target: &str) -> [String; 3] {
        [&self.favor, &self.neutral, &self.against].map(|template| template.replace("{}", target))
    }
}

impl Default for Templates {
    fn default() -> Self {
        Self::parse(include_str!("templates.toml")).expect("the templates in the program are sound")
    }
}

/// A loaded NLI model with its tokenizer.
pub struct Nli {
    model: Box<dyn Classifier>,
    tokenizer: Tokenizer,
    templates: Templates,
    labels: usize,
    entailment: usize,
    device: Device,
    pad: i64,
    batch_tokens: usize,
}

impl Nli {
    /// Loads a checkpoint. Which output means entailment is taken from its configuration: the order differs
    /// between checkpoints.
    pub fn load(
        checkpoint: &Checkpoint,
        compute: &Compute,
        batch_tokens: usize,
        templates: Templates,
    ) -> Result<Self, ModelError> {
        let model = sequence_classifier(checkpoint, compute)?;
        let labels = checkpoint.labels()?;
        let entailment = labels.iter().position(|label| label.to_lowercase().starts_with("entail"));
        let entailment = entailment.ok_or_else(|| {
            let reason =
                format!("has no label 'entailment' among {}: is it an NLI model?", labels.join(", "));
            ModelError::pack(&checkpoint.config_path(), reason)
        })?;
        let mut tokenizer = checkpoint.tokenizer()?;
        // A long sentence is cut, the hypothesis never.
        let cut = TruncationParams {
            max_length: checkpoint.max_tokens(),
            strategy: TruncationStrategy::OnlyFirst,
            ..TruncationParams::default()
        };
        tokenizer.with_truncation(Some(cut)).map_err(|error| ModelError::Tokenizer(error.to_string()))?;
        Ok(Self {
            model,
            tokenizer,
            templates,
            labels: labels.len(),
            entailment,
            device: compute.device,
            pad: checkpoint.value("pad_token_id").as_i64().unwrap_or(0),
            batch_tokens,
        })
    }

    /// How each sentence stands towards the target beside it.
    pub fn judge(&self, pairs: &[(&str, &str)]) -> Result<Vec<Scores>, ModelError> {
        let hypotheses: Vec<[String; 3]> =
            pairs.iter().map(|(_, target)| self.templates.hypotheses(target)).collect();
        let inputs: Vec<(&str, &str)> = pairs
            .iter()
            .zip(&hypotheses)
            .flat_map(|((sentence, _), three)| {
                three.iter().map(move |hypothesis| (*sentence, hypothesis.as_str()))
            })
            .collect();
        let logits = self.logits(&inputs)?;
        let scores = logits.chunks(3).map(|three| {
            let entailed: Vec<f32> = three.iter().map(|row| row[self.entailment]).collect();
            let shares = softmax(&entailed);
            Scores { favor: shares[0], neutral: shares[1], against: shares[2] }
        });
        Ok(scores.collect())
    }

    /// Probability that each premise entails its hypothesis.
    pub fn entailment(&self, pairs: &[(&str, &str)]) -> Result<Vec<f64>, ModelError> {
        Ok(self.logits(pairs)?.iter().map(|row| softmax(row)[self.entailment]).collect())
    }

    /// A premise and a hypothesis as the model reads them.
    pub fn encode(&self, pair: (&str, &str)) -> Result<Encoding, ModelError> {
        self.tokenizer.encode(pair, true).map_err(|error| ModelError::Tokenizer(error.to_string()))
    }

    /// For each premise and hypothesis, one number per label of the model.
    pub fn logits(&self, pairs: &[(&str, &str)]) -> Result<Vec<Vec<f32>>, ModelError> {
        let encodings: Vec<Encoding> =
            pairs.iter().map(|&pair| self.encode(pair)).collect::<Result<_, _>>()?;
        let lengths: Vec<usize> = encodings.iter().map(Encoding::len).collect();
        let mut found = vec![Vec::new(); pairs.len()];
        for batch in batches(&lengths, self.batch_tokens) {
            let members: Vec<&Encoding> = batch.iter().map(|&i| &encodings[i]).collect();
            let logits = self.model.logits(&Inputs::new(&members, self.pad, self.device))?;
            let flat = Vec::<f32>::try_from(
                logits.to_kind(Kind::Float).to_device(Device::Cpu).contiguous().view(-1),
            )?;
            for (row, &i) in flat.chunks(self.labels).zip(&batch) {
                found[i] = row.to_vec();
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_have_a_place_for_the_target() {
        let found = Templates::default().hypotheses("the junta");
        assert!(found.iter().all(|hypothesis| hypothesis.contains("the junta")));
        let bad = |toml: &str| Templates::parse(toml).unwrap_err();
        assert!(
            bad("favor = \"{}\"\nneutral = \"x\"\nagainst = \"{}\"").contains("'neutral' must have one {}")
        );
        assert!(bad("favor = \"{}\"").contains("missing field"));
    }
}
