//! Puts parts together to quotes: which source, cue and contents belong to one another.
//!
//! In each sentence, a cue is joined with the nearest source, and a content with the nearest cue. A sentence that is only
//! content continues the quote before it, or begins the quote behind it.

use super::checks::{OPENING, is_no_quote};
use super::extent::{complete_start, drop_cue, drop_strangers, is_next, subject_of_content};
use super::parts::{Part, PartKind, QuoteParts};
use crate::article::{Sentence, Span, sentence_at, trailing_word};

/// How far apart two spans are: the number of letters and digits between them.
fn distance(text: &str, a: Span, b: Span) -> usize {
    let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
    match text.get(first.end..second.start) {
        Some(between) => between.chars().filter(|c| c.is_alphanumeric()).count(),
        None => 0,
    }
}

/// Bytes that may stand before a content at the start of its sentence: a quotation mark, "And".
const MARGIN: usize = 6;

/// The quotes of an article, in the order of their contents. `parts` are those of each sentence, with spans of the article.
pub fn assemble(text: &str, sentences: &[Sentence], parts: &[Vec<Part>]) -> Vec<QuoteParts> {
    let mut found: Vec<QuoteParts> = Vec::new();
    for (number, (sentence, parts)) in sentences.iter().zip(parts).enumerate() {
        let opens = |span: Span| span.start <= sentence.span.start + MARGIN;
        // Whether a quote ends in the sentence before this one, in the same paragraph.
        let reaches = |quote: &QuoteParts| {
            quote.last + 1 == number && sentences[quote.last].paragraph == sentence.paragraph
        };
        for mut quote in of_sentence(text, number, parts) {
            match found.last_mut() {
                // "“We go,” he said. “We go now.”"
                Some(before) if !quote.is_attributed() && opens(quote.content[0]) && reaches(before) => {
                    for (&span, &score) in quote.content.iter().zip(&quote.scores) {
                        before.add(number, Part { kind: PartKind::Content, span, score });
                    }
                    continue;
                }
                // "“We go. We go now,” he said."
                Some(before)
                    if !before.is_attributed()
                        && opens(quote.content[0])
                        && reaches(before)
                        && before.content[0].of(text).starts_with(OPENING) =>
                {
                    quote.content.splice(0..0, before.content.drain(..));
                    quote.scores.append(&mut before.scores);
                    found.pop();
                }
                _ => {}
            }
            found.push(quote);
        }
    }
    for quote in &mut found {
        let sentence = sentences[sentence_at(sentences, quote.content[0].start)].span;
        let subject = subject_of_content(text, sentence, quote);
        quote.content.splice(0..0, subject);
    }
    let mut taken: Vec<Span> = parts.iter().flatten().map(|part| part.span).collect();
    taken.sort();
    for quote in &mut found {
        let sentence = sentences[sentence_at(sentences, quote.content[0].start)].span;
        // Only words that are no part of any quote are added.
        let near = taken.partition_point(|part| part.end <= sentence.start);
        let start =
            quote.content[0].start.min(quote.source.or(quote.cue).map_or(usize::MAX, |part| part.start));
        if taken.get(near).is_none_or(|part| part.start >= start) {
            complete_start(text, sentence, quote);
        }
    }
    found.sort_by_key(|quote| (quote.content[0], quote.cue));
    found
}

/// The quotes of one sentence. Contents without a source and a cue make one quote.
fn of_sentence(text: &str, sentence: usize, parts: &[Part]) -> Vec<QuoteParts> {
    let of = |kind: PartKind| parts.iter().copied().filter(|part| part.kind == kind).collect::<Vec<Part>>();
    let (sources, cues) = (of(PartKind::Source), of(PartKind::Cue));
    let nearest = |to: Span, among: &[Part]| {
        let apart = among.iter().enumerate().filter(|(_, part)| !part.span.overlaps(to));
        apart.min_by_key(|(_, part)| distance(text, part.span, to)).map(|(number, _)| number)
    };
    let of_cue = |cue: &Part| {
        // Behind "told" stands who is told, not who speaks.
        let speaks = |source: &&Part| !(tells(cue.span.of(text)) && is_next(text, cue.span, source.span));
        let is_asked = asks_subject(cue.span.of(text));
        let speakers: Vec<Part> = sources.iter().filter(speaks).filter(|_| !is_asked).copied().collect();
        let source = nearest(cue.span, &speakers).map(|number| speakers[number]);
        QuoteParts::new(sentence, source, Some(*cue))
    };
    let mut quotes: Vec<QuoteParts> = cues.iter().map(of_cue).collect();
    if cues.is_empty() {
        // "Emmanuel Macron: “…”"
        quotes.push(QuoteParts::new(sentence, sources.first().copied(), None));
    }
    for content in of(PartKind::Content) {
        quotes[nearest(content.span, &cues).unwrap_or(0)].add(sentence, content);
    }
    for quote in &mut quotes {
        drop_cue(text, quote);
    }
    quotes.retain(|quote| !quote.content.is_empty() && !is_no_quote(text, quote));
    quotes.iter_mut().for_each(|quote| drop_strangers(text, quote));
    quotes.sort_by_key(|quote| quote.content[0]);
    quotes
}

/// Whether a cue says that somebody is told something.
fn tells(cue: &str) -> bool {
    ["told", "tell", "tells", "telling", "informed", "assured", "reminded"].contains(&trailing_word(cue))
}

/// Whether a cue says that its subject was asked or told something: "was asked whether".
fn asks_subject(cue: &str) -> bool {
    let lower = cue.to_lowercase();
    let mut words = lower
        .split_whitespace()
        .rev()
        .skip_while(|word| ["about", "if", "whether", "to", "by"].contains(word));
    words.next().is_some_and(|verb| ["asked", "told"].contains(&verb))
        && words.next().is_some_and(|before| ["was", "were", "is", "are", "been", "being"].contains(&before))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::sentences;

    /// Each quote as (source, cue, contents). `marked` is a text with marked parts: `s[…]`, `c[…]`, `k[…]`.
    fn assembled(marked: &str) -> Vec<(String, String, Vec<String>)> {
        let (mut text, mut parts, mut rest) = (String::new(), Vec::new(), marked);
        while let Some(open) = rest.find('[') {
            let (before, inside) = (&rest[..open - 1], &rest[open + 1..]);
            let kind = match rest.as_bytes()[open - 1] {
                b's' => PartKind::Source,
                b'c' => PartKind::Cue,
                _ => PartKind::Content,
            };
            let close = inside.find(']').unwrap();
            text += before;
            let start = text.len();
            text += &inside[..close];
            parts.push(Part { kind, span: Span::new(start, text.len()), score: 1.0 });
            rest = &inside[close + 1..];
        }
        text += rest;
        let sentences = sentences(&text);
        let of = |sentence: &Sentence| {
            parts.iter().copied().filter(|part| sentence.span.overlaps(part.span)).collect::<Vec<Part>>()
        };
        let parts: Vec<Vec<Part>> = sentences.iter().map(of).collect();
        let word = |span: Span| span.of(&text).to_owned();
        let quotes = assemble(&text, &sentences, &parts).into_iter().map(|quote| {
            let content = quote.content.into_iter().map(word).collect();
            (quote.source.map(word).unwrap_or_default(), quote.cue.map(word).unwrap_or_default(), content)
        });
        quotes.collect()
    }

    #[test]
    fn parts_are_joined_with_the_nearest() {
        let quote = |source: &str, cue: &str, content: &[&str]| {
            (source.to_owned(), cue.to_owned(), content.iter().map(|&part| part.to_owned()).collect())
        };
        for (marked, wanted) in [
            ("s[Ann] c[said] k[that it rains].", vec![quote("Ann", "said", &["that it rains"])]),
            (
                "k[“It rains,”] s[Ann] c[said], k[“and pours.”]",
                vec![quote("Ann", "said", &["“It rains,”", "“and pours.”"])],
            ),
            (
                "s[Ann] c[said] k[it rains], while s[Bo] c[said] k[it shines].",
                vec![quote("Ann", "said", &["it rains"]), quote("Bo", "said", &["it shines"])],
            ),
            (
                "s[Ann] c[said] k[it rains], c[adding] k[that it pours].",
                vec![quote("Ann", "said", &["it rains"]), quote("Ann", "adding", &["that it pours"])],
            ),
            (
                "On Monday, the firm is c[said] k[to have left].",
                vec![quote("", "said", &["the firm", "to have left"])],
            ),
            ("c[Said] k[to be ill], Kim stayed.", vec![quote("", "Said", &["to be ill"])]),
            ("s[Ann]: k[“It rains.”]", vec![quote("Ann", "", &["“It rains.”"])]),
            ("s[Ann] c[spoke] on Monday.", vec![]),
            ("s[the] junta, s[who] c[said] k[it rains].", vec![quote("who", "said", &["it rains"])]),
            ("s[Ann] c[was asked] k[whether it rains].", vec![quote("", "was asked", &["whether it rains"])]),
            ("s[Ann] c[told] s[us] k[it rains].", vec![quote("Ann", "told", &["it rains"])]),
            (
                "s[He] c[insulted] k[the guests], c[calling] k[them rude].",
                vec![quote("He", "insulted", &["the guests"]), quote("He", "calling", &["them rude"])],
            ),
            (
                "k[The guests] left, s[Ann] c[calling] k[them rude].",
                vec![quote("Ann", "calling", &["them rude"])],
            ),
            (
                "k[The plan], s[Ann] c[said], k[would fail].",
                vec![quote("Ann", "said", &["The plan", "would fail"])],
            ),
            (
                "k[The wave of rain], s[Ann] c[countered]: k[“It pours.”]",
                vec![quote("Ann", "countered", &["“It pours.”"])],
            ),
            // The start of what is said, which the head missed.
            (
                "The documents show, s[she] c[said] on Monday, k[that it rains].",
                vec![quote("she", "said", &["The documents show", "that it rains"])],
            ),
            ("The tax, s[she] c[said], k[fell].", vec![quote("she", "said", &["The tax", "fell"])]),
            (
                "The team, s[she] c[wrote], only k[expects rain].",
                vec![quote("she", "wrote", &["The team", "only expects rain"])],
            ),
            ("The team, s[she] c[wrote], while k[it rains].", vec![quote("she", "wrote", &["it rains"])]),
            ("In Paris, s[Ann] c[said] k[it rains].", vec![quote("Ann", "said", &["it rains"])]),
            (
                "Despite k[the rain they stay], s[Ann] c[says].",
                vec![quote("Ann", "says", &["Despite the rain they stay"])],
            ),
            ("And k[it rains], s[Ann] c[says].", vec![quote("Ann", "says", &["it rains"])]),
            (
                "k[Cars left] on Monday as s[Ann] c[said] online k[that it rains].",
                vec![quote("Ann", "said", &["that it rains"])],
            ),
            (
                "s[Ann] c[said] k[the sign read: “Stop.”]",
                vec![quote("Ann", "said", &["the sign read: “Stop.”"])],
            ),
        ] {
            assert_eq!(assembled(marked), wanted, "{marked}");
        }
    }

    #[test]
    fn sentences_of_content_join_a_neighbouring_quote() {
        let ann = |content: &[&str]| {
            (
                "Ann".to_owned(),
                "said".to_owned(),
                content.iter().map(|&part| part.to_owned()).collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            assembled("k[“It rains,”] s[Ann] c[said]. k[“It pours.”]"),
            [ann(&["“It rains,”", "“It pours.”"])]
        );
        assert_eq!(
            assembled("k[“It rains today.] k[It pours,”] s[Ann] c[said]."),
            [ann(&["“It rains today.", "It pours,”"])]
        );
        let apart = assembled("k[It rains today.] k[It pours], s[Ann] c[said].");
        assert_eq!(apart.len(), 2, "the sentence before has no quotation mark: {apart:?}");
        let apart = assembled("s[Ann] c[said] k[it rains].\n\nk[“It pours.”]");
        assert_eq!(apart.len(), 2, "another paragraph: {apart:?}");
    }
}
