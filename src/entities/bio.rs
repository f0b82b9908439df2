//! BIO labels (Ramshaw and Marcus 1995, in the IOB2 form), and how label probabilities are decoded into entities.
//!
//! `B-TYPE` is the first word of an entity, `I-TYPE` a further word of it, and `O` a word outside of entities.

use std::ops::Range;

use super::EntityType;

/// The label that one output of the entity head stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BioLabel {
    Outside,
    Begin(EntityType),
    Inside(EntityType),
}

/// The labels of an entity head, in the order of its outputs.
#[derive(Debug, Clone)]
pub struct BioLabels(Vec<BioLabel>);

/// An entity as a range of the words of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct WordEntity {
    /// Indices of its words.
    pub words: Range<usize>,
    /// Its type.
    pub kind: EntityType,
    /// Mean probability of the chosen labels.
    pub score: f64,
}

/// Penalty, a log probability, for two entities of one type without a word between them. It is the logarithm of the odds
/// against that: 2 of the 24,733 mentions of the training sets (CoNLL-2003 and CrossNER politics) follow another one
/// like that. Without it, long names are split into several.
const ADJACENT_PENALTY: f64 = 9.4;

impl BioLabels {
    /// Reads the labels of a head, in the order of its outputs.
    ///
    /// # Errors
    /// When a label is not `O`, `B-TYPE` or `I-TYPE` with a known type, or when there is no `O`.
    pub fn parse<S: AsRef<str>>(names: &[S]) -> Result<Self, String> {
        let mut labels = Vec::with_capacity(names.len());
        for name in names {
            let name = name.as_ref();
            labels.push(match name.split_once('-') {
                None if name == "O" => BioLabel::Outside,
                Some(("B", kind)) => BioLabel::Begin(kind.parse()?),
                Some(("I", kind)) => BioLabel::Inside(kind.parse()?),
                _ => return Err(format!("'{name}' is no BIO label; expected O, B-TYPE or I-TYPE")),
            });
        }
        if !labels.contains(&BioLabel::Outside) {
            return Err("the entity labels have no O".into());
        }
        Ok(Self(labels))
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no label.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The penalty for the label `next` behind the label `before` (`None` at the start); infinite where it cannot stand there:
    /// `I-TYPE` only follows a label of its type.
    fn cost(&self, before: Option<usize>, next: usize) -> f64 {
        use BioLabel::{Begin, Inside};
        match (before.map(|label| self.0[label]), self.0[next]) {
            (Some(Begin(kind) | Inside(kind)), Begin(same)) if kind == same => ADJACENT_PENALTY,
            (Some(Begin(kind) | Inside(kind)), Inside(same)) if kind == same => 0.0,
            (_, Inside(_)) => f64::INFINITY,
            _ => 0.0,
        }
    }

    /// The entities of the most probable valid label sequence (Viterbi 1967). `scores` are log probabilities, one row for
    /// each word and one number for each label.
    pub fn decode(&self, scores: &[Vec<f64>]) -> Vec<WordEntity> {
        let path = best_path(scores, |before, next| self.cost(before, next));
        let mut found: Vec<WordEntity> = Vec::new();
        for (word, &label) in path.iter().enumerate() {
            let probability = scores[word][label].exp();
            match self.0[label] {
                BioLabel::Outside => {}
                BioLabel::Begin(kind) => {
                    found.push(WordEntity { words: word..word + 1, kind, score: probability })
                }
                BioLabel::Inside(_) => {
                    let last = found.last_mut().expect("an I label follows a B label");
                    last.words.end = word + 1;
                    last.score += probability;
                }
            }
        }
        for entity in &mut found {
            entity.score /= entity.words.len() as f64;
        }
        found
    }
}

/// The index of the label of each word in the label sequence with the highest score (Viterbi 1967). `scores` are log
/// probabilities, one row for each word and one number for each label; `cost` is subtracted for a label behind another one
/// (`None` at the start).
pub fn best_path(scores: &[Vec<f64>], cost: impl Fn(Option<usize>, usize) -> f64) -> Vec<usize> {
    let Some(first) = scores.first() else {
        return Vec::new();
    };
    let mut best: Vec<f64> =
        first.iter().enumerate().map(|(label, score)| score - cost(None, label)).collect();
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(scores.len());
    for row in &scores[1..] {
        let mut pointers = Vec::with_capacity(row.len());
        let mut next = Vec::with_capacity(row.len());
        for (label, score) in row.iter().enumerate() {
            let (from, value) = (0..row.len())
                .map(|from| (from, best[from] - cost(Some(from), label)))
                .fold((0, f64::NEG_INFINITY), |a, b| if b.1 > a.1 { b } else { a });
            pointers.push(from);
            next.push(value + score);
        }
        best = next;
        back.push(pointers);
    }
    let mut label = (0..best.len()).fold(0, |a, b| if best[b] > best[a] { b } else { a });
    let mut path = vec![label];
    for pointers in back.iter().rev() {
        label = pointers[label];
        path.push(label);
    }
    path.reverse();
    path
}

/// The log probabilities that the logits of one word give.
pub fn log_softmax(logits: &[f32]) -> Vec<f64> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|&x| f64::from(x - highest).exp()).sum();
    logits.iter().map(|&x| f64::from(x - highest) - sum.ln()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> BioLabels {
        BioLabels::parse(&["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]).unwrap()
    }

    fn scores(rows: &[[f32; 5]]) -> Vec<Vec<f64>> {
        rows.iter().map(|row| log_softmax(row)).collect()
    }

    #[test]
    fn an_entity_never_begins_with_an_inside_label() {
        // Word by word the best would be I-LOC, I-PER; no valid labelling has either at the start.
        let found = labels().decode(&scores(&[[0., 1., 0., 2., 4.], [0., 0., 5., 0., 4.5]]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].words.clone(), found[0].kind), (0..2, EntityType::Loc));
    }

    #[test]
    fn adjacent_entities_of_one_type_are_joined_unless_very_probable() {
        let words = |second: [f32; 5]| -> Vec<(usize, usize)> {
            let found = labels().decode(&scores(&[[0., 15., 0., 0., 0.], second, [9., 0., 0., 0., 0.]]));
            found.iter().map(|found| (found.words.start, found.words.end)).collect()
        };
        assert_eq!(words([0., 9., 2., 0., 0.]), [(0, 2)]);
        assert_eq!(words([0., 15., 2., 0., 0.]), [(0, 1), (1, 2)]);
        assert_eq!(words([0., 0., 0., 9., 0.]), [(0, 1), (1, 2)]);
        assert!(labels().decode(&[]).is_empty());
    }

    #[test]
    fn labels_are_checked() {
        for bad in [&["O", "B-DOG"][..], &["B-PER"], &["O", "PER"]] {
            assert!(BioLabels::parse(bad).is_err(), "{bad:?}");
        }
    }
}
