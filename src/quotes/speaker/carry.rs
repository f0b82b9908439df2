//! Quotations of several sentences: the speaker stands with one of them and says the others, too.

use super::attribution::Attribution;
use super::quoted::is_bare;
use crate::article::{Sentence, Span};

/// Sentences that are all quotation have the speaker who stands with the rest of it: behind it in the same paragraph,
/// before it, or in a line of its own.
pub(super) fn carry(
    text: &str,
    sentences: &[Sentence],
    quoted: &[Vec<Span>],
    found: &mut [Option<Attribution>],
) {
    let bare: Vec<bool> =
        sentences.iter().zip(quoted).map(|(sentence, quotes)| is_bare(sentence, quotes)).collect();
    // Backwards: "“We go. We go now,” he said.", where the quotation runs on.
    for number in (0..sentences.len().saturating_sub(1)).rev() {
        let next = number + 1;
        let same = sentences[number].paragraph == sentences[next].paragraph;
        let runs_on = quoted[number]
            .last()
            .is_some_and(|quote| quote.end == sentences[number].span.end - sentences[number].span.start)
            && quoted[next].first().is_some_and(|quote| quote.start == 0)
            && !text[..sentences[number].span.end].ends_with(['”', '"', '»']);
        let signed = is_signature(sentences[next].span.of(text));
        if found[number].is_none() && bare[number] && ((same && runs_on) || signed) {
            found[number] = found[next];
        }
    }
    for number in 1..sentences.len() {
        if found[number].is_some() || !bare[number] {
            continue;
        }
        let before = number - 1;
        let same = sentences[number].paragraph == sentences[before].paragraph;
        // A quotation that goes on in the next paragraph has not been closed before it.
        let left_open = sentences[number].paragraph == sentences[before].paragraph + 1
            && quoted[before]
                .last()
                .is_some_and(|quote| quote.end == sentences[before].span.end - sentences[before].span.start);
        if same || left_open {
            found[number] = found[before];
        }
    }
}

/// "– Emmanuel Macron" alone.
fn is_signature(sentence: &str) -> bool {
    sentence.starts_with(['–', '—', '―', '-']) && sentence.split_whitespace().count() <= 12
}
