//! Abstractive summaries by an encoder-decoder: articles → chunks → generated text.
//!
//! What fits the model is read at once. A longer article is cut between sentences into chunks, each is summarised, and
//! the summaries are summarised again, as often as it takes.

use serde::Serialize;
use tokenizers::{Encoding, Tokenizer};

use crate::article::sentences;
use crate::compute::Compute;
use crate::compute::inputs::batches;
use crate::families::generator::Generator;
use crate::families::writer::Search;
use crate::model::ModelError;
use crate::model::checkpoint::Checkpoint;

/// Settings of the search that a user may give; the model's own hold otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Writing {
    pub beams: Option<u16>,
    pub length_penalty: Option<f64>,
    pub no_repeat_ngram: Option<u16>,
}

/// A summary as it was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    /// 1 where the model saw the article at once; each further level summarised summaries.
    pub levels: usize,
    /// Whether it came to the greatest length without an end.
    pub cut: bool,
}

/// A loaded generator with its tokenizer.
pub struct Summarizer {
    generator: Generator,
    tokenizer: Tokenizer,
    search: Search,
    /// What some models are to be told before the text ("summarize: ").
    prefix: String,
    max_tokens: usize,
    batch_tokens: usize,
}

/// Tokens for a word of English news, with room to spare.
const TOKENS_PER_WORD: f64 = 1.5;
/// Levels after which what is left is cut off. A model shortens four times and more at each, so five take an article of
/// megabytes.
const MOST_LEVELS: usize = 5;

impl Summarizer {
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

    /// The search for a text of about so many words, or of the length that the model's settings say.
    fn search(&self, words: Option<usize>) -> Search {
        let mut search = self.search.clone();
        if let Some(words) = words {
            search.max_length = (words as f64 * TOKENS_PER_WORD).ceil() as usize + 2;
            search.min_length = words;
        }
        // Whatever a configuration says, a text ends where the decoder's positions do.
        search.max_length = search.max_length.clamp(2, self.max_tokens);
        search.min_length = search.min_length.min(search.max_length - 1);
        search
    }

    /// Summaries of articles, each given as its sentences; of one without any, an empty one. `words` is about how many
    /// words they should have; without, the model's own settings hold.
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
                // A model that does not shorten would go on for ever; then its first part has to do.
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

    /// Sentences joined into as few inputs as the model can take, each as full as it gets. A sentence longer than that is
    /// cut.
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

    fn encode(&self, text: &str) -> Result<Encoding, ModelError> {
        let encoded = self.tokenizer.encode(format!("{}{text}", self.prefix), true);
        encoded.map_err(|error| ModelError::Tokenizer(error.to_string()))
    }

    fn cut(&self, mut encoding: Encoding) -> Encoding {
        encoding.truncate(self.max_tokens, 0, tokenizers::TruncationDirection::Right);
        encoding
    }

    /// A text for each input, and whether it came to its greatest length without an end.
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
                // Pegasus writes its line breaks out.
                let text = text.replace("<n>", " ").split_whitespace().collect::<Vec<_>>().join(" ");
                texts[i] = if cut { complete(&text) } else { (text, false) };
            }
        }
        Ok(texts)
    }
}

/// The sentences of a text that was broken off, without the last one where that has no end; and whether one was lost, or
/// the only one is broken.
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

/// As many whole sentences as have at most so many words, and at least one.
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
    fn a_text_that_was_broken_off_ends_with_a_sentence() {
        assert_eq!(complete("One came. Two wen"), ("One came.".into(), true));
        assert_eq!(complete("One came. Two went."), ("One came. Two went.".into(), false));
        assert_eq!(complete("no end at all"), ("no end at all".into(), true));
    }

    #[test]
    fn whole_sentences_are_kept_up_to_so_many_words() {
        let text = "One two three. Four five six. Seven.";
        assert_eq!(shortened(text, 6), "One two three. Four five six.");
        assert_eq!(shortened(text, 2), "One two three.");
        assert_eq!(shortened(text, 60), text);
        assert_eq!(shortened("", 5), "");
    }
}
