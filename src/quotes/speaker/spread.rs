//! Quotations of several sentences: the speaker, who is named with one of them, is copied to the others.

use super::quoted::{is_bare, runs_on};
use super::referent::Referent;
use crate::article::{Sentence, Span};

/// Gives sentences that are only quotation the speaker of a neighbouring sentence of the same quotation: the next one, the
/// one before, or a signature line ("– Emmanuel Macron"). `found` are the speakers known so far.
pub(super) fn spread_speakers(
    text: &str,
    sentences: &[Sentence],
    quoted: &[Vec<Span>],
    found: &mut [Option<Referent>],
) {
    let bare: Vec<bool> =
        sentences.iter().zip(quoted).map(|(sentence, quotes)| is_bare(sentence, quotes)).collect();
    // From the sentence behind: "“We go. We go now,” he said.", where the quotation goes on.
    for number in (0..sentences.len().saturating_sub(1)).rev() {
        let next = number + 1;
        let signed = is_signature(sentences[next].span.of(text));
        if found[number].is_none() && bare[number] && (runs_on(text, sentences, quoted, number) || signed) {
            found[number] = found[next];
        }
    }
    for number in 1..sentences.len() {
        if found[number].is_some() || !bare[number] {
            continue;
        }
        let before = number - 1;
        let same = sentences[number].paragraph == sentences[before].paragraph;
        // A quotation that goes on in the next paragraph has no closing mark at the end of this one.
        let left_open = sentences[number].paragraph == sentences[before].paragraph + 1
            && quoted[before]
                .last()
                .is_some_and(|quote| quote.end == sentences[before].span.end - sentences[before].span.start);
        if same || left_open {
            found[number] = found[before];
        } else if sentences[number].paragraph == sentences[before].paragraph + 1 {
            // "“The boat was full,” said Tom Reed.", and a paragraph that is only quotation: he goes on.
            found[number] = only_speaker(sentences, found, sentences[before].paragraph);
        }
    }
}

/// The speaker of a paragraph, if it has only one.
fn only_speaker<'a>(
    sentences: &[Sentence],
    found: &[Option<Referent<'a>>],
    paragraph: usize,
) -> Option<Referent<'a>> {
    let first = sentences.partition_point(|sentence| sentence.paragraph < paragraph);
    let end = sentences.partition_point(|sentence| sentence.paragraph <= paragraph);
    let mut speakers = found[first..end].iter().flatten();
    let speaker = *speakers.next()?;
    speakers.all(|other| *other == speaker).then_some(speaker)
}

/// Whether a sentence is a signature: "– Emmanuel Macron".
fn is_signature(sentence: &str) -> bool {
    sentence.starts_with(['–', '—', '―', '-']) && sentence.split_whitespace().count() <= 12
}
