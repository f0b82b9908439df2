//! Greedy and beam search over an encoder-decoder, as the reference (`transformers` 5, `GenerationMixin`) does them.
//!
//! The model gives scores of the next token; what of them may be chosen, which texts go on, and which are done is
//! decided here. Texts are few and short, so that part is plain Rust on the CPU.

use std::cmp::Ordering;

use rust_bert::RustBertError;
use tch::{Device, Kind, Tensor};

use super::writer::{Cache, Layer, Search, Stop, View, Writer};
use crate::compute::inputs::Inputs;

/// What is no longer in the running is marked down by so much, as in the reference.
const OUT: f32 = 1e9;

/// Takes the likeliest token each time.
pub fn greedy<M, L: Layer>(
    model: &Writer<M, L>,
    inputs: &Inputs,
    search: &Search,
) -> Result<Vec<Vec<i64>>, RustBertError> {
    let memory = model.encode(inputs)?;
    let mut texts = vec![vec![search.start]; memory.size()[0] as usize];
    let mut open = vec![true; texts.len()];
    let mut cache: Cache<L> = None;
    let mut length = 1;
    while length < search.max_length && open.contains(&true) {
        let (scores, next) =
            model.step(&View { memory: &memory, mask: &inputs.mask, last: &last(&texts, inputs) }, cache)?;
        cache = next;
        let scores = permitted(scores.select(1, -1).to_kind(Kind::Float), &texts, search);
        let chosen = integers(&scores.argmax(-1, false))?;
        for ((text, open), token) in texts.iter_mut().zip(&mut open).zip(chosen) {
            // A text that has ended keeps its place in the batch; what comes behind its end is cut off below.
            text.push(token);
            *open &= !search.ends.contains(&token);
        }
        length += 1;
    }
    Ok(texts.into_iter().map(|text| ended(text, search)).collect())
}

/// A text so far, with its log probability; divided by a power of its length once it is done.
#[derive(Clone)]
struct Beam {
    score: f32,
    tokens: Vec<i64>,
}

/// What one article has become so far.
struct Article {
    running: Vec<Beam>,
    /// Best first, at most as many as there are beams.
    done: Vec<Beam>,
    /// Whether something better may still come.
    hopeful: bool,
}

impl Article {
    fn new(search: &Search) -> Self {
        // All beams start alike; all but the first wait until their like is no longer found twice.
        let running = (0..search.beams)
            .map(|beam| Beam { score: if beam == 0 { 0.0 } else { -OUT }, tokens: vec![search.start] });
        Self { running: running.collect(), done: Vec::new(), hopeful: true }
    }

    /// Takes the best continuations, best first, each with the beam that it continues; true where at least one has not
    /// ended. `from` is the number of this article's first row.
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
        let full = search.stop == Stop::Early && self.done.len() == search.beams;
        let penalty = ((length - 1) as f64).powf(search.length_penalty) as f32;
        if self.hopeful && !full {
            // Only those among the best count; the rest is there so that enough are left to go on with.
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
                let score = if has_ended(&beam) { beam.score - OUT } else { beam.score };
                (of, Beam { score, ..beam })
            })
            .collect();
        next.sort_by(|a, b| best_first(&a.1, &b.1));
        next.truncate(search.beams);
        rows.extend(next.iter().map(|(of, _)| (from + of) as i64));
        self.running = next.into_iter().map(|(_, beam)| beam).collect();
        let reachable = match search.stop {
            Stop::Sure if search.length_penalty > 0.0 => search.max_length - 1,
            _ => length,
        };
        let possible = self.running[0].score / (reachable as f64).powf(search.length_penalty) as f32;
        self.hopeful &= self.done.len() < search.beams || possible > self.done[search.beams - 1].score;
        goes_on
    }

    fn best(mut self) -> Vec<i64> {
        let best = if self.done.is_empty() { &mut self.running } else { &mut self.done };
        best.swap_remove(0).tokens
    }
}

fn best_first(a: &Beam, b: &Beam) -> Ordering {
    b.score.total_cmp(&a.score)
}

/// Follows several texts at once and gives the one that is the likeliest for its length.
pub fn beams<M, L: Layer>(
    model: &Writer<M, L>,
    inputs: &Inputs,
    search: &Search,
) -> Result<Vec<Vec<i64>>, RustBertError> {
    let beams = search.beams as i64;
    let memory = model.encode(inputs)?.repeat_interleave_self_int(beams, 0, None);
    let mask = inputs.mask.repeat_interleave_self_int(beams, 0, None);
    let mut articles: Vec<Article> = (0..inputs.ids.size()[0]).map(|_| Article::new(search)).collect();
    let kept = beams * (1 + search.ends.len() as i64).max(2);
    let mut cache: Cache<L> = None;
    loop {
        let rows: Vec<Vec<i64>> = articles
            .iter()
            .flat_map(|article| article.running.iter().map(|beam| beam.tokens.clone()))
            .collect();
        let (scores, next) =
            model.step(&View { memory: &memory, mask: &mask, last: &last(&rows, inputs) }, cache)?;
        cache = next;
        let scores = scores.select(1, -1).to_kind(Kind::Float).log_softmax(-1, Kind::Float);
        let scores = permitted(scores, &rows, search);
        let vocabulary = scores.size()[1];
        let so_far: Vec<f32> =
            articles.iter().flat_map(|article| article.running.iter().map(|beam| beam.score)).collect();
        let scores = scores + Tensor::from_slice(&so_far).to_device(inputs.ids.device()).unsqueeze(-1);
        let (best, places) =
            scores.view([articles.len() as i64, -1]).topk(kept.min(beams * vocabulary), -1, true, true);
        let best = Vec::<f32>::try_from(best.to_device(Device::Cpu).view(-1))?;
        let places = integers(&places.view(-1))?;
        let each = best.len() / articles.len();
        let mut order: Vec<i64> = Vec::with_capacity(rows.len());
        let mut goes_on = false;
        for (i, article) in articles.iter_mut().enumerate() {
            let of_article = best.iter().zip(&places).skip(i * each).take(each);
            let candidates = of_article.map(|(&score, &place)| {
                let of = (place / vocabulary) as usize;
                let mut tokens = article.running[of].tokens.clone();
                tokens.push(place % vocabulary);
                (of, Beam { score, tokens })
            });
            let candidates = candidates.collect();
            goes_on |= article.advance(candidates, search, i * search.beams, &mut order);
        }
        let hopeful = articles.iter().any(|article| article.hopeful);
        let complete =
            search.stop == Stop::Early && articles.iter().all(|article| article.done.len() == search.beams);
        if !goes_on || !hopeful || complete {
            break;
        }
        let order = Tensor::from_slice(&order).to_device(inputs.ids.device());
        // Keys and values of the input are the same for all beams of an article and stay where they are.
        for (own, _) in cache.iter_mut().flatten() {
            own.iter_mut().for_each(|layer| layer.reorder(&order));
        }
    }
    Ok(articles.into_iter().map(|article| ended(article.best(), search)).collect())
}

/// The last token of each row, (rows, 1).
fn last(rows: &[Vec<i64>], inputs: &Inputs) -> Tensor {
    let last: Vec<i64> = rows.iter().map(|row| row[row.len() - 1]).collect();
    Tensor::from_slice(&last).unsqueeze(-1).to_device(inputs.ids.device())
}

/// Scores (rows, vocabulary) with those struck out that may not come next.
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

/// Tokens that would make an n-gram of the text come twice.
fn repeats(tokens: &[i64], n: usize) -> Vec<i64> {
    let Some(open) = (tokens.len() + 1).checked_sub(n) else { return Vec::new() };
    let open = &tokens[open..];
    tokens.windows(n).filter(|gram| gram[..n - 1] == *open).map(|gram| gram[n - 1]).collect()
}

/// A text up to its end; some families also start with the token that ends.
fn ended(mut text: Vec<i64>, search: &Search) -> Vec<i64> {
    if let Some(end) = text.iter().skip(1).position(|token| search.ends.contains(token)) {
        text.truncate(end + 2);
    }
    text
}

fn integers(tensor: &Tensor) -> Result<Vec<i64>, RustBertError> {
    Ok(Vec::<i64>::try_from(tensor.to_device(Device::Cpu))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n_grams_that_came_may_not_come_again() {
        assert_eq!(repeats(&[5, 1, 2, 3, 1, 2], 3), [3]);
        assert_eq!(repeats(&[5, 1, 2, 1, 3, 1], 2), [2, 3]);
        assert_eq!(repeats(&[4, 4], 1), [4, 4]);
        assert!(repeats(&[1, 2], 3).is_empty() && repeats(&[1], 3).is_empty() && repeats(&[], 2).is_empty());
    }
}
