//! Corrects the ends of the parts that the attribution head finds: a source that holds the start of another clause, a content
//! that holds its cue, a source that is only an article.

mod content;
mod cue;
mod source;

use super::parts::{Part, PartKind};
use crate::article::Span;
use content::{contents, is_label};
use cue::bare_cue;
use source::{is_listener, is_own_part, sources, stands_in_content};

/// The parts of a sentence, in order, with corrected ends. Spans are bytes of `text`.
pub fn corrected(text: &str, parts: &[Part]) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::with_capacity(parts.len());
    for (number, &part) in parts.iter().enumerate() {
        match part.kind {
            PartKind::Source
                if is_listener(text, part.span)
                    || is_own_part(text, part.span)
                    || stands_in_content(text, parts, part) => {}
            PartKind::Source => {
                let behind = &parts[number + 1..];
                let cue = behind.iter().find(|other| other.kind == PartKind::Cue);
                let limit = behind.iter().map(|next| next.span.start).find(|&start| start >= part.span.end);
                found.extend(sources(text, part, cue.map(|cue| cue.span), limit.unwrap_or(text.len())));
            }
            PartKind::Cue => {
                let contents = parts.iter().filter(|other| other.kind == PartKind::Content);
                let governs = contents
                    .map(|content| content.span)
                    .any(|content| content.start > part.span.start && content.start <= part.span.end + 1);
                found.extend(bare_cue(text, part, governs));
            }
            PartKind::Content => {
                let cue = found.last().filter(|last| last.kind == PartKind::Cue).map(|cue| cue.span);
                let label =
                    parts.iter().find(|other| is_label(text, part.span, other)).map(|label| label.span);
                let next = parts[number + 1..].iter().find(|next| next.span.start >= part.span.end);
                let limit = next.map_or(text.len(), |next| next.span.start);
                found.extend(contents(text, part, label, cue, limit));
            }
        }
    }
    found.sort_by_key(|part| (part.span, part.kind));
    found
}

/// A text without the words at its end for which `is_loose` is true; one word always stays.
fn without_last(text: &str, is_loose: impl Fn(&str) -> bool) -> &str {
    let mut kept = text.trim_end();
    while let Some((rest, last)) = kept.rsplit_once(' ')
        && is_loose(last)
    {
        kept = rest.trim_end_matches([',', ';', ' ', '–', '—']);
    }
    kept
}

/// A span without the "s" at its start that belongs to the word before it: "Trump's order" is not "s order".
fn behind_possessive(text: &str, span: Span) -> Span {
    let owned = text[..span.start].ends_with(['\'', '’']) && span.of(text).starts_with("s ");
    if owned { Span::new(span.start + 2, span.end) } else { span }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_parts_are_corrected() {
        use PartKind::{Content, Cue, Source};
        for (text, parts, wanted) in [
            (
                "said coach Ann Lee, while captain Jill Hart said no",
                &[(Source, "coach Ann Lee, while captain Jill Hart")][..],
                &[(Source, "coach Ann Lee"), (Source, "captain Jill Hart")][..],
            ),
            (
                "but prosecutor Ann Poe replied",
                &[(Source, "but prosecutor Ann Poe")],
                &[(Source, "prosecutor Ann Poe")],
            ),
            (
                "an angry Novak Djokovic told us",
                &[(Source, "an"), (Cue, "told")],
                &[(Source, "an angry Novak Djokovic"), (Cue, "told")],
            ),
            ("in the words of Ban Ki-moon", &[(Source, "Ban Ki-")], &[(Source, "Ban Ki-moon")]),
            (
                "Xi said growth was slowing",
                &[(Content, "said growth was slowing")],
                &[(Cue, "said"), (Content, "growth was slowing")],
            ),
            (
                "Xi said it fell",
                &[(Cue, "said"), (Content, "said it fell")],
                &[(Cue, "said"), (Content, "it fell")],
            ),
            (
                "Lee said: “No.”",
                &[(Cue, "said:"), (Content, ": “No.”")],
                &[(Cue, "said"), (Content, "“No.”")],
            ),
            (
                "He had to collect it",
                &[(Cue, "had"), (Content, "to collect it")],
                &[(Content, "to collect it")],
            ),
            (
                "Lee said it fell, but",
                &[(Cue, "said"), (Content, "it fell, but")],
                &[(Cue, "said"), (Content, "it fell")],
            ),
            ("Lee said on Monday it fell", &[(Cue, "said on")], &[(Cue, "said")]),
            (
                "Lee called on us to go on Friday",
                &[(Cue, "called on"), (Content, "us to go on")],
                &[(Cue, "called on"), (Content, "us to go")],
            ),
            ("Lee's order on it", &[(Content, "s order on it")], &[(Content, "order on it")]),
            (
                "But sources who know him said",
                &[(Source, "who"), (Cue, "said")],
                &[(Source, "sources"), (Cue, "said")],
            ),
            ("Ann, who said", &[(Source, "who"), (Cue, "said")], &[(Source, "who"), (Cue, "said")]),
            ("Mr Lee told us", &[(Source, "Mr"), (Cue, "told")], &[(Source, "Mr Lee"), (Cue, "told")]),
            ("said the", &[(Cue, "said"), (Source, "the")], &[(Cue, "said")]),
            ("The woman whose house", &[(Source, "The woman whose")], &[(Source, "The woman")]),
            (
                "The organizers of the fair",
                &[(Source, "The organizers of the")],
                &[(Source, "The organizers")],
            ),
            (
                "in a joint statement signed by France",
                &[(Source, "a joint")],
                &[(Source, "a joint statement")],
            ),
            (
                "The elderly doctors report that",
                &[(Source, "The elderly doctors"), (Cue, "report")],
                &[(Source, "The elderly doctors"), (Cue, "report")],
            ),
            ("told us it fell", &[(Cue, "told"), (Source, "us")], &[(Cue, "told")]),
            ("it fell, according to him", &[(Source, "him")], &[(Source, "him")]),
            (
                "police say, he fled",
                &[(Source, "he"), (Cue, "say"), (Content, "he fled")],
                &[(Cue, "say"), (Content, "he fled")],
            ),
            ("It fell, according to Ann", &[(Source, "according to Ann")], &[(Source, "Ann")]),
            (
                "listed a series of laws",
                &[(Cue, "listed a"), (Content, "series of laws")],
                &[(Cue, "listed"), (Content, "a series of laws")],
            ),
            (
                "from almost any submarine or warship.",
                &[(Content, "from almost any")],
                &[(Content, "from almost any submarine or warship")],
            ),
            (
                "it fell by 4.6 points, he said",
                &[(Content, "it fell by 4.")],
                &[(Content, "it fell by 4.6 points")],
            ),
            ("it fell on Monday, he said", &[(Content, "it fell")], &[(Content, "it fell")]),
            (
                "said Tuesday morning 17 fires burned",
                &[(Cue, "said"), (Content, "Tuesday morning 17 fires burned")],
                &[(Cue, "said"), (Content, "17 fires burned")],
            ),
            (
                "said Monday would do",
                &[(Cue, "said"), (Content, "Monday would do")],
                &[(Cue, "said"), (Content, "Monday would do")],
            ),
            ("it fell, but also", &[(Content, "it fell, but also")], &[(Content, "it fell")]),
            (
                "“LEE: Will you come?”",
                &[(Content, "“LEE: Will you come?”"), (Source, "LEE")],
                &[(Source, "LEE"), (Content, "Will you come?”")],
            ),
            ("“LEE: No.”", &[(Content, "“"), (Source, "LEE")], &[(Source, "LEE")]),
            ("Ann, Bo, and Cy said", &[(Source, "Ann, Bo, and Cy")], &[(Source, "Ann, Bo, and Cy")]),
            ("Ann Poe, as head, said", &[(Source, "Ann Poe, as head")], &[(Source, "Ann Poe, as head")]),
            ("Ann Poe, who later said", &[(Source, "Ann Poe, who later")], &[(Source, "Ann Poe")]),
            ("Ann Poe ( above ) said", &[(Source, "Ann Poe (")], &[(Source, "Ann Poe")]),
            ("experts broadly agree", &[(Source, "experts broadly")], &[(Source, "experts")]),
            ("John Kelly said", &[(Source, "John Kelly")], &[(Source, "John Kelly")]),
            ("Ann's family said", &[(Source, "Ann's family")], &[(Source, "Ann's family")]),
            ("Ann Poe on Monday said", &[(Source, "Ann Poe on Monday")], &[(Source, "Ann Poe")]),
            (
                "a poll released on Monday",
                &[(Source, "a poll released on Monday")],
                &[(Source, "a poll released on Monday")],
            ),
            ("Ann, for her part, said", &[(Source, "Ann"), (Source, "her part")], &[(Source, "Ann")]),
            (
                "Over the protests of Democrats, Ann Poe said",
                &[(Source, "Democrats, Ann Poe"), (Cue, "said")],
                &[(Source, "Ann Poe"), (Cue, "said")],
            ),
            (
                "In Austin, Texas, officials said",
                &[(Source, "Austin, Texas, officials"), (Cue, "said")],
                &[(Source, "officials"), (Cue, "said")],
            ),
            (
                "After Ann Poe, the mayor, said",
                &[(Source, "Ann Poe, the mayor"), (Cue, "said")],
                &[(Source, "Ann Poe, the mayor"), (Cue, "said")],
            ),
            (
                "Lee critics said",
                &[(Source, "Lee"), (Cue, "said")],
                &[(Source, "Lee critics"), (Cue, "said")],
            ),
            (
                "The US president, who left, said",
                &[(Source, "US"), (Cue, "said")],
                &[(Source, "US president"), (Cue, "said")],
            ),
            ("Lee aide Ann Poe said", &[(Source, "Lee"), (Cue, "said")], &[(Source, "Lee"), (Cue, "said")]),
        ] {
            let place = |(kind, part): &(PartKind, &str)| {
                let start = text.find(part).unwrap();
                Part { kind: *kind, span: Span::new(start, start + part.len()), score: 1.0 }
            };
            let parts: Vec<Part> = parts.iter().map(place).collect();
            let found: Vec<(PartKind, &str)> =
                corrected(text, &parts).into_iter().map(|part| (part.kind, part.span.of(text))).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
