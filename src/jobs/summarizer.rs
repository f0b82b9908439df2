//! Abstractive summaries by a generator: articles → chunks → generated text.
//!
//! A **chunk** is a series of sentences that the model can take at once. A longer article is split between sentences
//! into chunks. Each chunk is summarized, and the summaries are summarized again until one chunk is left.

use serde::Serialize;
use tokenizers::{Encoding, Tokenizer};

use crate::article::{collapsed, sentences};
use crate::compute::Compute;
use crate::compute::inputs::batches;
use crate::families::generator::Generator;
use crate::families::writer::Search;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// Settings of generation that a user may give. Without a value, the model's own setting is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Writing {
    /// Number of beams; with 1 the search is greedy.
    pub beams: Option<u16>,
    /// Exponent of the length by which the log probability of a text is divided; a larger one favours longer texts.
    pub length_penalty: Option<f64>,
    /// No sequence of this many tokens occurs twice; 0 allows all.
    pub no_repeat_ngram: Option<u16>,
}

/// A generated summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// How often the text was summarized: 1 if the model took the article at once, more if summaries were summarized
    /// again; 0 for an article without sentences.
    pub levels: usize,
    /// Whether it reached its greatest length without an end, or a part of the article was left out.
    pub cut: bool,
}

/// A loaded generator with its tokenizer.
pub struct Summarizer {
    generator: Generator,
    tokenizer: Tokenizer,
    search: Search,
    /// What the model expects before the text, such as "summarize: "; may be empty.
    prefix: String,
    max_tokens: usize,
    batch_tokens: usize,
}

/// Tokens per word of English news; a little more than the average.
const TOKENS_PER_WORD: f64 = 1.5;
/// The most levels of summarizing. At the last one, all chunks but the first are left out. A model shortens text to a
/// quarter or less at each level, so five are enough for megabytes.
const MOST_LEVELS: usize = 5;

impl Summarizer {
    /// Loads a checkpoint. `batch_tokens` is the most tokens in a batch, padding and beams included.
    ///
    /// # Errors
    /// When the checkpoint cannot be loaded, or is no generator.
    pub fn load(
        checkpoint: &Checkpoint,
        compute: &Compute,
        batch_tokens: usize,
        writing: Writing,
    ) -> Result<Self, ModelError> {
        let generator = Generator::load(checkpoint, compute)?;
        let mut search = generator.search.clone();
        search.beams = writing.beams.map_or(search.beams, usize::from);
        search.length_penalty = writing.length_penalty.unwrap_or(search.length_penalty);
        search.no_repeat_ngram = writing.no_repeat_ngram.map_or(search.no_repeat_ngram, usize::from);
        let prefix =
            checkpoint.value("task_specific_params")["summarization"]["prefix"].as_str().unwrap_or_default();
        Ok(Self {
            generator,
            tokenizer: checkpoint.tokenizer()?,
            search,
            prefix: prefix.to_owned(),
            max_tokens: checkpoint.max_tokens(),
            batch_tokens,
        })
    }

    /// The search for a text of about `words` words, or of the length in the model's settings.
    fn search(&self, words: Option<usize>) -> Search {
        let mut search = self.search.clone();
        if let Some(words) = words {
            search.max_length = (words as f64 * TOKENS_PER_WORD).ceil() as usize + 2;
            search.min_length = words;
        }
        // A text cannot be longer than the decoder's positions, whatever the configuration says.
        search.max_length = search.max_length.clamp(2, self.max_tokens);
        search.min_length = search.min_length.min(search.max_length - 1);
        search
    }

    /// The summaries of articles, each given as its sentences. The summary of an article without sentences is empty.
    /// `words` is their approximate length; with none, the model's own settings are used.
    ///
    /// # Errors
    /// When the tokenizer or the model reports one.
    pub fn summarize(
        &self,
        articles: &[Vec<&str>],
        words: Option<usize>,
    ) -> Result<Vec<Written>, ModelError> {
        let search = self.search(words);
        let mut texts: Vec<Vec<String>> =
            articles.iter().map(|sentences| sentences.iter().map(|s| s.to_string()).collect()).collect();
        let mut written: Vec<Written> =
            articles.iter().map(|_| Written { text: String::new(), levels: 0, cut: false }).collect();
        for level in 1..=MOST_LEVELS {
            let mut chunks: Vec<(usize, Encoding)> = Vec::new();
            let mut counts = vec![0; texts.len()];
            for (article, sentences) in
                texts.iter().enumerate().filter(|(_, sentences)| !sentences.is_empty())
            {
                // A model that does not shorten the text would never end. At the last level only the first chunk is used.
                let most = if level == MOST_LEVELS { 1 } else { usize::MAX };
                let of_article = self.chunks(sentences)?;
                written[article].cut = of_article.len() > most;
                counts[article] = of_article.len().min(most);
                chunks.extend(of_article.into_iter().take(most).map(|chunk| (article, chunk)));
            }
            if chunks.is_empty() {
                break;
            }
            let generated =
                self.write(&chunks.iter().map(|(_, encoding)| encoding).collect::<Vec<_>>(), &search)?;
            let mut next: Vec<Vec<String>> = texts.iter().map(|_| Vec::new()).collect();
            for ((article, _), (text, cut)) in chunks.iter().zip(generated) {
                written[*article].levels = level;
                match counts[*article] {
                    1 => {
                        let text = words.map_or_else(|| text.clone(), |words| shortened(&text, words));
                        written[*article].text = text;
                        written[*article].cut |= cut;
                    }
                    _ => next[*article].push(text),
                }
            }
            texts = next;
        }
        Ok(written)
    }

    /// Joins sentences into as few chunks as possible. A sentence that is longer than the model's limit is truncated.
    fn chunks(&self, sentences: &[String]) -> Result<Vec<Encoding>, ModelError> {
        let mut chunks: Vec<Encoding> = Vec::new();
        let mut open = String::new();
        let mut last: Option<Encoding> = None;
        for sentence in sentences {
            let longer = if open.is_empty() { sentence.clone() } else { format!("{open} {sentence}") };
            let encoding = self.encode(&longer)?;
            if encoding.len() > self.max_tokens && last.is_some() {
                chunks.extend(last.take());
                open = sentence.clone();
                last = Some(self.cut(self.encode(&open)?));
            } else {
                open = longer;
                last = Some(self.cut(encoding));
            }
        }
        chunks.extend(last);
        Ok(chunks)
    }

    /// The tokens of a text, with the prefix.
    fn encode(&self, text: &str) -> Result<Encoding, ModelError> {
        let encoded = self.tokenizer.encode(format!("{}{text}", self.prefix), true);
        encoded.map_err(|error| ModelError::Tokenizer(error.to_string()))
    }

    /// The tokens up to the model's limit.
    fn cut(&self, mut encoding: Encoding) -> Encoding {
        encoding.truncate(self.max_tokens, 0, tokenizers::TruncationDirection::Right);
        encoding
    }

    /// Generates a text for each chunk, and tells whether it reached its greatest length without an end.
    fn write(&self, chunks: &[&Encoding], search: &Search) -> Result<Vec<(String, bool)>, ModelError> {
        let lengths: Vec<usize> = chunks.iter().map(|chunk| chunk.len() * search.beams).collect();
        let mut texts = vec![(String::new(), false); chunks.len()];
        for batch in batches(&lengths, self.batch_tokens) {
            let members: Vec<&Encoding> = batch.iter().map(|&i| chunks[i]).collect();
            for (ids, &i) in self.generator.generate(&members, search)?.iter().zip(&batch) {
                let cut = ids.len() >= search.max_length;
                let ids: Vec<u32> = ids.iter().filter_map(|&id| u32::try_from(id).ok()).collect();
                let text = self.tokenizer.decode(&ids, true);
                let text = text.map_err(|error| ModelError::Tokenizer(error.to_string()))?;
                // Pegasus writes line breaks as "<n>".
                let text = collapsed(&text.replace("<n>", " "));
                texts[i] = if cut { complete(&text) } else { (text, false) };
            }
        }
        Ok(texts)
    }
}

/// Removes the last sentence of a truncated text if it is incomplete and not the only one. Also returns whether it was
/// incomplete.
fn complete(text: &str) -> (String, bool) {
    if text.ends_with(['.', '!', '?', '"', '”', '’', ')']) {
        return (text.to_owned(), false);
    }
    let sentences = sentences(text);
    let whole = match sentences.as_slice() {
        [_, .., last] => text[..last.span.start].trim_end(),
        _ => text,
    };
    (whole.to_owned(), true)
}

/// The first sentences of a text, as many as have at most `words` words together, but at least one.
fn shortened(text: &str, words: usize) -> String {
    let mut count = 0;
    let mut end = 0;
    for sentence in sentences(text) {
        count += sentence.span.of(text).split_whitespace().count();
        if end > 0 && count > words {
            break;
        }
        end = sentence.span.end;
    }
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truncated_text_ends_with_a_complete_sentence() {
        assert_eq!(complete("One came. Two wen"), ("One came.".into(), true));
        assert_eq!(complete("One came. Two went."), ("One came. Two went.".into(), false));
        assert_eq!(complete("no end at all"), ("no end at all".into(), true));
    }

    #[test]
    fn whole_sentences_are_kept_up_to_a_number_of_words() {
        let text = "One two three. Four five six. Seven.";
        assert_eq!(shortened(text, 6), "One two three. Four five six.");
        assert_eq!(shortened(text, 2), "One two three.");
        assert_eq!(shortened(text, 60), text);
        assert_eq!(shortened("", 5), "");
    }
}
