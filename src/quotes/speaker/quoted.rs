//! The text between quotation marks in each sentence.

use crate::article::{Sentence, Span, quotations};

/// The spans between quotation marks in each sentence, as bytes of the sentence. A quotation may go on over several
/// sentences of a paragraph.
pub fn quoted(text: &str, sentences: &[Sentence]) -> Vec<Vec<Span>> {
    let mut found = Vec::with_capacity(sentences.len());
    for paragraph in sentences.chunk_by(|a, b| a.paragraph == b.paragraph) {
        let (start, end) = (paragraph[0].span.start, paragraph[paragraph.len() - 1].span.end);
        let quotes = quotations(&text[start..end]);
        let mut from = 0;
        for sentence in paragraph {
            let (first, last) = (sentence.span.start - start, sentence.span.end - start);
            while quotes.get(from).is_some_and(|quote| quote.end <= first) {
                from += 1;
            }
            let here = quotes[from..].iter().take_while(|quote| quote.start < last);
            let place = |quote: &Span| Span::new(quote.start.max(first) - first, quote.end.min(last) - first);
            found.push(here.map(place).collect());
        }
    }
    found
}

/// Whether more than nine tenths of a sentence stand between quotation marks.
pub fn is_bare(sentence: &Sentence, quotes: &[Span]) -> bool {
    quotes.iter().map(|quote| quote.end - quote.start).sum::<usize>() * 10
        > (sentence.span.end - sentence.span.start) * 9
}

/// Whether a quotation of the sentence `number` goes on in the next one. `quoted` are the [`quoted`] spans of each sentence.
pub fn runs_on(text: &str, sentences: &[Sentence], quoted: &[Vec<Span>], number: usize) -> bool {
    let (span, next) = (sentences[number].span, number + 1);
    sentences.get(next).is_some_and(|sentence| sentence.paragraph == sentences[number].paragraph)
        && quoted[number].last().is_some_and(|quote| quote.end == span.end - span.start)
        && quoted[next].first().is_some_and(|quote| quote.start == 0)
        && !text[..span.end].ends_with(['”', '"', '»'])
}
