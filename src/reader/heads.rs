//! The heads on the shared encoder, as `scripts/train/model.py` defines and names them.
//!
//! They compute in single precision whatever the encoder's: they are a few percent of the work, and
//! probabilities are what users compare.

use tch::Tensor;

use super::mentions::{MentionHead, mean_over};
use crate::families::encoder::Linear;
use crate::model::pack::HeadsSpec;
use crate::model::tensors::Tensors;
use crate::quotes::PartKind;
use crate::stance::ArticleStance;

pub struct Heads {
    pub entities: Linear,
    /// The tone of a sentence towards a mention.
    pub stance: MentionHead,
    /// What one mention holds of another; packs of version 1 have none.
    pub directed: Option<MentionHead>,
    /// Source, cue and content of what is said: O, B, I of each; packs of version 1 have none.
    pub attribution: Option<Linear>,
    /// From [CLS] and the mean of the token vectors to the sentence's vector; packs of version 1 have none, and give the mean.
    sentence: Option<Linear>,
    /// From an article's judged mentions to its own stance; packs of version 1 have none.
    pub article: Option<ArticleStance>,
    salience: Salience,
}

struct Salience {
    hidden: Linear,
    out: Linear,
    /// Numbers of a sentence that it takes.
    features: i64,
}

/// Outputs of the attribution head for a word: O, B and I of each part.
pub const PART_LABELS: usize = 3 * PartKind::ALL.len();

impl Heads {
    /// Takes the heads' variables. `hidden` is the encoder's, `labels` the number of labels of the entity head; sizes that
    /// neither they nor `spec` tell are those of the tensors.
    ///
    /// # Errors
    /// When the labels or heads that `spec` names are none that this program knows. Tensors that do not fit are told by
    /// [`Tensors::finish`].
    pub fn take(tensors: &mut Tensors, spec: &HeadsSpec, hidden: i64, labels: i64) -> Result<Self, String> {
        let attention: i64 = spec.stance_attention_heads.into();
        if attention < 1 || hidden % attention != 0 {
            return Err(format!(
                "heads.stance_attention_heads is {attention}, which does not divide {hidden}"
            ));
        }
        let known = |what: &str, found: &[String], wanted: &[&str]| match found == wanted {
            true => Ok(()),
            false => Err(format!("heads.{what} must be {wanted:?}")),
        };
        let stances = ["against", "neutral", "favor"];
        known("stance", &spec.stance, &stances)?;
        if let Some(labels) = &spec.directed {
            known("directed", labels, &stances)?;
        }
        if let Some(parts) = &spec.attribution {
            known("attribution", parts, &PartKind::ALL.map(PartKind::name))?;
        }
        let size = tensors.size("salience.hidden.weight").unwrap_or_default();
        let (units, features) = (size.first().copied().unwrap_or(0), size.get(1).copied().unwrap_or(0));
        let directed = spec.directed.as_ref();
        let attribution = spec.attribution.as_ref();
        Ok(Self {
            stance: MentionHead::take(tensors, "stance", hidden, attention, 1),
            directed: directed.map(|_| MentionHead::take(tensors, "directed", hidden, attention, 2)),
            article: match tensors.size("article.weight") {
                Some(_) => Some(article(tensors)?),
                None => None,
            },
            sentence: tensors
                .size("sentence.weight")
                .map(|_| Linear::take(tensors, "sentence", 2 * hidden, hidden).packed()),
            entities: Linear::take(tensors, "entities", hidden, labels).packed(),
            attribution: attribution
                .map(|_| Linear::take(tensors, "attribution", hidden, PART_LABELS as i64).packed()),
            salience: Salience {
                hidden: Linear::take(tensors, "salience.hidden", features, units).packed(),
                out: Linear::take(tensors, "salience.out", units, 1).packed(),
                features,
            },
        })
    }

    /// Vectors of sentences (n, hidden), from token vectors (n, tokens, hidden) and their mask.
    pub fn sentence_vectors(&self, states: &Tensor, mask: &Tensor) -> Tensor {
        let means = mean_over(states, mask);
        match &self.sentence {
            Some(head) => head.forward(&Tensor::cat(&[states.select(1, 0), means], -1)),
            None => means,
        }
    }

    /// Numbers of a sentence that the salience head takes.
    pub fn salience_features(&self) -> i64 {
        self.salience.features
    }

    /// Features (sentences, features) of the sentences of one article → probabilities (sentences).
    pub fn salience(&self, features: &Tensor) -> Tensor {
        let inner = self.salience.hidden.forward(features).tanh();
        self.salience.out.forward(&inner).squeeze_dim(-1).sigmoid()
    }
}

/// The regression's weights as plain numbers: it is computed where stance is, which knows no tensors.
fn article(tensors: &mut Tensors) -> Result<ArticleStance, String> {
    let (labels, features) = (ArticleStance::LABELS, ArticleStance::FEATURES);
    let numbers = |tensor: Tensor| -> Result<Vec<f64>, String> {
        let flat = tensor.to_kind(tch::Kind::Double).to_device(tch::Device::Cpu).view(-1);
        Vec::<f64>::try_from(flat).map_err(|error| format!("article weights cannot be read: {error}"))
    };
    let weight = numbers(tensors.take("article.weight", &[labels as i64, features as i64]))?;
    let bias = numbers(tensors.take("article.bias", &[labels as i64]))?;
    Ok(ArticleStance::new(&weight, &bias))
}
