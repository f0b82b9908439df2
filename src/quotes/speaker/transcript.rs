//! Interviews and debates as text: paragraphs with the speaker's name and a colon in front.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::attribution::Attribution;
use crate::article::{Sentence, Span};
use crate::entities::Entity;

/// Labelled paragraphs, as interviews have them, at the least: one "PENCE: …" makes no transcript.
const LABELS: usize = 2;

/// "WALLACE: …": in a transcript, a paragraph's label names who says all of it, and what follows up to the next label.
pub(super) fn transcript<'a>(
    text: &str,
    sentences: &[Sentence],
    names: &[(Span, &'a Entity)],
    found: &mut [Option<Attribution<'a>>],
) {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^["“'‘]?((?:[\p{Lu}][\p{Lu}.'’-]+\s?){1,4}|(?:\p{Lu}[\p{L}.'’-]+\s?){1,4}):\s"#)
            .expect("a valid pattern")
    });
    let paragraphs: Vec<Range<usize>> = sentences
        .chunk_by(|a, b| a.paragraph == b.paragraph)
        .scan(0, |from, chunk| {
            *from += chunk.len();
            Some(*from - chunk.len()..*from)
        })
        .collect();
    // `None` where a label is nobody's that the article names: what follows is not the speaker's before.
    let label = |paragraph: &Range<usize>| -> Option<Option<Attribution<'a>>> {
        let span = sentences[paragraph.start].span;
        let found = LABEL.captures(span.of(text))?.get(1)?;
        let place = Span::new(span.start + found.start(), span.start + found.end());
        let first = names.partition_point(|(name, _)| name.end <= place.start);
        let named = names.get(first).filter(|(name, _)| name.end <= place.end);
        Some(named.map(|(_, entity)| Attribution::Name(entity)))
    };
    let labels: Vec<Option<Option<Attribution>>> = paragraphs.iter().map(label).collect();
    if labels.iter().flatten().flatten().count() < LABELS {
        return;
    }
    let mut speaker = None;
    for (paragraph, label) in paragraphs.into_iter().zip(labels) {
        speaker = label.unwrap_or(speaker);
        let quoted = text[sentences[paragraph.start].span.start..].starts_with(['"', '“', '\'', '‘']);
        if label.is_none() && !quoted {
            speaker = None;
        }
        if let Some(speaker) = speaker {
            found[paragraph].fill(Some(speaker));
        }
    }
}
