//! Greedy and beam search over an encoder-decoder, as in the reference (`transformers` 5, `GenerationMixin`).
//!
//! A **beam** is an unfinished text with its score. The model scores the next token; this module decides which tokens
//! are allowed, which beams are continued, and which texts are finished. Texts are few and short, so it is plain Rust
//! on the processor.

use std::cmp::Ordering;

use rust_bert::RustBertError;
use tch::{Device, Kind, Tensor};

use super::writer::{DecoderCache, DecoderInput, EarlyStopping, EncoderDecoder, LayerCache, Search};
use crate::compute::inputs::Inputs;

/// What is subtracted from the score of a beam that must not be continued, as in the reference.
const EXCLUDED: f32 = 1e9;

/// Greedy search: chooses the most probable token at each step. Returns the ids of each input, the start token included.
///
/// # Errors
/// When libtorch or rust-bert reports one.
pub fn greedy<M, L: LayerCache>(
    model: &EncoderDecoder<M, L>,
    inputs: &Inputs,
    search: &Search,
) -> Result<Vec<Vec<i64>>, RustBertError> {
    let memory = model.encode(inputs)?;
    let mut texts = vec![vec![search.start]; memory.size()[0] as usize];
    let mut open = vec![true; texts.len()];
    let mut cache: DecoderCache<L> = None;
    let mut length = 1;
    while length < search.max_length && open.contains(&true) {
        let (scores, next) = model.step(
            &DecoderInput { memory: &memory, mask: &inputs.mask, last: &last(&texts, inputs) },
            cache,
        )?;
        cache = next;
        let scores = permitted(scores.select(1, -1).to_kind(Kind::Float), &texts, search);
        let chosen = integers(&scores.argmax(-1, false))?;
        for ((text, open), token) in texts.iter_mut().zip(&mut open).zip(chosen) {
            // A text that has ended keeps its row in the batch; the tokens after its end are cut off below.
            text.push(token);
            *open &= !search.ends.contains(&token);
        }
        length += 1;
    }
    Ok(texts.into_iter().map(|text| ended(text, search)).collect())
}

/// A text so far with its log probability, which is divided by a power of the length when the text is finished.
#[derive(Clone)]
struct Beam {
    score: f32,
    tokens: Vec<i64>,
}

/// The beams of one input.
struct InputBeams {
    /// Unfinished texts.
    running: Vec<Beam>,
    /// Finished texts, best first; at most as many as there are beams.
    done: Vec<Beam>,
    /// Whether a better text may still be found.
    improvable: bool,
}

impl InputBeams {
    fn new(search: &Search) -> Self {
        // All beams start with the same text. Only the first may be continued in the first step, or all would stay the same.
        let running = (0..search.beams)
            .map(|beam| Beam { score: if beam == 0 { 0.0 } else { -EXCLUDED }, tokens: vec![search.start] });
        Self { running: running.collect(), done: Vec::new(), improvable: true }
    }

    /// One step. `candidates` are the best continuations, best first, each with the number of the beam that it
    /// continues. The numbers of the rows to continue are added to `rows`; `from` is the first row of this input.
    /// Returns whether a candidate has not ended.
    fn advance(
        &mut self,
        candidates: Vec<(usize, Beam)>,
        search: &Search,
        from: usize,
        rows: &mut Vec<i64>,
    ) -> bool {
        let length = candidates[0].1.tokens.len();
        let has_ended =
            |beam: &Beam| length >= search.max_length || search.ends.contains(&beam.tokens[length - 1]);
        let full = search.stop == EarlyStopping::Yes && self.done.len() == search.beams;
        let penalty = ((length - 1) as f64).powf(search.length_penalty) as f32;
        if self.improvable && !full {
            // Only ended texts among the best `beams` candidates count. The other candidates are there to continue with.
            for (_, beam) in candidates.iter().take(search.beams).filter(|(_, beam)| has_ended(beam)) {
                self.done.push(Beam { score: beam.score / penalty, tokens: beam.tokens.clone() });
            }
            self.done.sort_by(best_first);
            self.done.truncate(search.beams);
        }
        let goes_on = candidates.iter().any(|(_, beam)| !has_ended(beam));
        let mut next: Vec<(usize, Beam)> = candidates
            .into_iter()
            .map(|(of, beam)| {
                let score = if has_ended(&beam) { beam.score - EXCLUDED } else { beam.score };
                (of, Beam { score, ..beam })
            })
            .collect();
        next.sort_by(|a, b| best_first(&a.1, &b.1));
        next.truncate(search.beams);
        rows.extend(next.iter().map(|(of, _)| (from + of) as i64));
        self.running = next.into_iter().map(|(_, beam)| beam).collect();
        let reachable = match search.stop {
            EarlyStopping::Never if search.length_penalty > 0.0 => search.max_length - 1,
            _ => length,
        };
        let possible = self.running[0].score / (reachable as f64).powf(search.length_penalty) as f32;
        self.improvable &= self.done.len() < search.beams || possible > self.done[search.beams - 1].score;
        goes_on
    }

    /// The best text.
    fn best(mut self) -> Vec<i64> {
        let best = if self.done.is_empty() { &mut self.running } else { &mut self.done };
        best.swap_remove(0).tokens
    }
}

fn best_first(a: &Beam, b: &Beam) -> Ordering {
    b.score.total_cmp(&a.score)
}

/// Beam search: keeps several texts for each input and returns the one with the best score for its length. Ids include
/// the start token.
///
/// # Errors
/// When libtorch or rust-bert reports one.
pub fn beams<M, L: LayerCache>(
    model: &EncoderDecoder<M, L>,
    inputs: &Inputs,
    search: &Search,
) -> Result<Vec<Vec<i64>>, RustBertError> {
    let beams = search.beams as i64;
    let memory = model.encode(inputs)?.repeat_interleave_self_int(beams, 0, None);
    let mask = inputs.mask.repeat_interleave_self_int(beams, 0, None);
    let mut groups: Vec<InputBeams> = (0..inputs.ids.size()[0]).map(|_| InputBeams::new(search)).collect();
    let kept = beams * (1 + search.ends.len() as i64).max(2);
    let mut cache: DecoderCache<L> = None;
    loop {
        let rows: Vec<Vec<i64>> =
            groups.iter().flat_map(|group| group.running.iter().map(|beam| beam.tokens.clone())).collect();
        let (scores, next) =
            model.step(&DecoderInput { memory: &memory, mask: &mask, last: &last(&rows, inputs) }, cache)?;
        cache = next;
        let scores = scores.select(1, -1).to_kind(Kind::Float).log_softmax(-1, Kind::Float);
        let scores = permitted(scores, &rows, search);
        let vocabulary = scores.size()[1];
        let so_far: Vec<f32> =
            groups.iter().flat_map(|group| group.running.iter().map(|beam| beam.score)).collect();
        let scores = scores + Tensor::from_slice(&so_far).to_device(inputs.ids.device()).unsqueeze(-1);
        let (best, positions) =
            scores.view([groups.len() as i64, -1]).topk(kept.min(beams * vocabulary), -1, true, true);
        let best = Vec::<f32>::try_from(best.to_device(Device::Cpu).view(-1))?;
        let positions = integers(&positions.view(-1))?;
        let each = best.len() / groups.len();
        let mut order: Vec<i64> = Vec::with_capacity(rows.len());
        let mut goes_on = false;
        for (i, group) in groups.iter_mut().enumerate() {
            let of_group = best.iter().zip(&positions).skip(i * each).take(each);
            let candidates = of_group.map(|(&score, &position)| {
                let of = (position / vocabulary) as usize;
                let mut tokens = group.running[of].tokens.clone();
                tokens.push(position % vocabulary);
                (of, Beam { score, tokens })
            });
            let candidates = candidates.collect();
            goes_on |= group.advance(candidates, search, i * search.beams, &mut order);
        }
        let improvable = groups.iter().any(|group| group.improvable);
        let complete =
            search.stop == EarlyStopping::Yes && groups.iter().all(|group| group.done.len() == search.beams);
        if !goes_on || !improvable || complete {
            break;
        }
        let order = Tensor::from_slice(&order).to_device(inputs.ids.device());
        // Keys and values of the input are the same for all beams of an input and need no reordering.
        for (own, _) in cache.iter_mut().flatten() {
            own.iter_mut().for_each(|layer| layer.reorder(&order));
        }
    }
    Ok(groups.into_iter().map(|group| ended(group.best(), search)).collect())
}

/// The last token of each row, (rows, 1).
fn last(rows: &[Vec<i64>], inputs: &Inputs) -> Tensor {
    let last: Vec<i64> = rows.iter().map(|row| row[row.len() - 1]).collect();
    Tensor::from_slice(&last).unsqueeze(-1).to_device(inputs.ids.device())
}

/// The scores (rows, vocabulary), with −∞ for tokens that must not come next.
fn permitted(mut scores: Tensor, rows: &[Vec<i64>], search: &Search) -> Tensor {
    let length = rows[0].len();
    let forced = match (search.first, search.last) {
        (_, Some(last)) if length + 1 == search.max_length => Some(last),
        (Some(first), _) if length == 1 => Some(first),
        _ => None,
    };
    if let Some(token) = forced {
        let _ = scores.fill_(f64::NEG_INFINITY);
        let _ = scores.select(1, token).fill_(0.0);
        return scores;
    }
    if search.no_repeat_ngram > 0 {
        for (i, row) in rows.iter().enumerate() {
            let banned = repeats(row, search.no_repeat_ngram);
            if !banned.is_empty() {
                let banned = Tensor::from_slice(&banned).to_device(scores.device());
                let _ = scores.get(i as i64).index_fill_(0, &banned, f64::NEG_INFINITY);
            }
        }
    }
    if length < search.min_length {
        let ends = Tensor::from_slice(&search.ends).to_device(scores.device());
        let _ = scores.index_fill_(1, &ends, f64::NEG_INFINITY);
    }
    scores
}

/// Tokens that would repeat an n-gram of the text.
fn repeats(tokens: &[i64], n: usize) -> Vec<i64> {
    let Some(open) = (tokens.len() + 1).checked_sub(n) else { return Vec::new() };
    let open = &tokens[open..];
    tokens.windows(n).filter(|gram| gram[..n - 1] == *open).map(|gram| gram[n - 1]).collect()
}

/// A text up to its first end token. The first token is not tested: some families start with the end token.
fn ended(mut text: Vec<i64>, search: &Search) -> Vec<i64> {
    if let Some(end) = text.iter().skip(1).position(|token| search.ends.contains(token)) {
        text.truncate(end + 2);
    }
    text
}

/// The numbers of an integer tensor of one dimension.
fn integers(tensor: &Tensor) -> Result<Vec<i64>, RustBertError> {
    Ok(Vec::<i64>::try_from(tensor.to_device(Device::Cpu))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_grams_are_not_repeated() {
        assert_eq!(repeats(&[5, 1, 2, 3, 1, 2], 3), [3]);
        assert_eq!(repeats(&[5, 1, 2, 1, 3, 1], 2), [2, 3]);
        assert_eq!(repeats(&[4, 4], 1), [4, 4]);
        assert!(repeats(&[1, 2], 3).is_empty() && repeats(&[1], 3).is_empty() && repeats(&[], 2).is_empty());
    }
}
