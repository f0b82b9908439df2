//! Parts → attributions: which source, cue and contents belong together.
//!
//! Sentence by sentence: a cue takes the source that stands nearest to it, and a content the nearest cue. A sentence that is
//! all content goes on with what was said before it, or begins what is said behind it.

use super::parts::{Part, PartKind};
use crate::article::{Sentence, Span};

/// Parts that belong together. Spans are bytes of the article.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub source: Option<Span>,
    pub cue: Option<Span>,
    /// In order; at least one.
    pub content: Vec<Span>,
    /// Means of probabilities, one for each part.
    scores: Vec<f64>,
    /// Number of the last sentence that it has a part in.
    last: usize,
}

impl Draft {
    fn new(sentence: usize, source: Option<Part>, cue: Option<Part>) -> Self {
        Self {
            source: source.map(|part| part.span),
            cue: cue.map(|part| part.span),
            content: Vec::new(),
            scores: source.iter().chain(&cue).map(|part| part.score).collect(),
            last: sentence,
        }
    }

    /// Mean over its parts.
    pub fn score(&self) -> f64 {
        self.scores.iter().sum::<f64>() / self.scores.len() as f64
    }

    fn take(&mut self, sentence: usize, content: Part) {
        self.content.push(content.span);
        self.content.sort();
        self.scores.push(content.score);
        self.last = self.last.max(sentence);
    }

    fn is_attributed(&self) -> bool {
        self.cue.or(self.source).is_some()
    }
}

/// Letters and digits between two places count as distance.
fn distance(text: &str, a: Span, b: Span) -> usize {
    let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
    match text.get(first.end..second.start) {
        Some(between) => between.chars().filter(|c| c.is_alphanumeric()).count(),
        None => 0,
    }
}

/// Bytes in front of a content that still let it open its sentence: a quotation mark, "And".
const EDGE: usize = 6;

/// `parts` are those of each sentence, as bytes of the article. In the order of their contents.
pub fn assemble(text: &str, sentences: &[Sentence], parts: &[Vec<Part>]) -> Vec<Draft> {
    let mut found: Vec<Draft> = Vec::new();
    for (number, (sentence, parts)) in sentences.iter().zip(parts).enumerate() {
        let opens = |span: Span| span.start <= sentence.span.start + EDGE;
        // Whether a draft reaches up to this sentence, in its paragraph.
        let reaches =
            |draft: &Draft| draft.last + 1 == number && sentences[draft.last].paragraph == sentence.paragraph;
        for mut draft in of_sentence(text, number, parts) {
            match found.last_mut() {
                // "“We go,” he said. “We go now.”"
                Some(before) if !draft.is_attributed() && opens(draft.content[0]) && reaches(before) => {
                    for (&span, &score) in draft.content.iter().zip(&draft.scores) {
                        before.take(number, Part { kind: PartKind::Content, span, score });
                    }
                    continue;
                }
                // "“We go. We go now,” he said."
                Some(before) if !before.is_attributed() && opens(draft.content[0]) && reaches(before) => {
                    draft.content.splice(0..0, before.content.drain(..));
                    draft.scores.append(&mut before.scores);
                    found.pop();
                }
                _ => {}
            }
            found.push(draft);
        }
    }
    found.sort_by_key(|draft| (draft.content[0], draft.cue));
    found
}

/// The attributions of one sentence by itself; the contents that have neither source nor cue are one.
fn of_sentence(text: &str, sentence: usize, parts: &[Part]) -> Vec<Draft> {
    let of = |kind: PartKind| parts.iter().copied().filter(|part| part.kind == kind).collect::<Vec<Part>>();
    let (sources, cues) = (of(PartKind::Source), of(PartKind::Cue));
    let nearest = |to: Span, among: &[Part]| {
        let apart = among.iter().enumerate().filter(|(_, part)| !part.span.overlaps(to));
        apart.min_by_key(|(_, part)| distance(text, part.span, to)).map(|(number, _)| number)
    };
    let of_cue = |cue: &Part| {
        let source = nearest(cue.span, &sources).map(|number| sources[number]);
        Draft::new(sentence, source, Some(*cue))
    };
    let mut drafts: Vec<Draft> = cues.iter().map(of_cue).collect();
    if cues.is_empty() {
        // "Emmanuel Macron: “…”"
        drafts.push(Draft::new(sentence, sources.first().copied(), None));
    }
    for content in of(PartKind::Content) {
        drafts[nearest(content.span, &cues).unwrap_or(0)].take(sentence, content);
    }
    drafts.retain(|draft| !draft.content.is_empty());
    drafts.sort_by_key(|draft| draft.content[0]);
    drafts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::sentences;

    /// Each attribution as (source, cue, contents), where the parts are marked: `s[…]`, `c[…]`, `k[…]`.
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
        let drafts = assemble(&text, &sentences, &parts).into_iter().map(|draft| {
            let content = draft.content.into_iter().map(word).collect();
            (draft.source.map(word).unwrap_or_default(), draft.cue.map(word).unwrap_or_default(), content)
        });
        drafts.collect()
    }

    #[test]
    fn parts_go_together_by_nearness() {
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
            ("s[Ann]: k[“It rains.”]", vec![quote("Ann", "", &["“It rains.”"])]),
            ("s[Ann] c[spoke] on Monday.", vec![]),
        ] {
            assert_eq!(assembled(marked), wanted, "{marked}");
        }
    }

    #[test]
    fn sentences_that_are_all_content_belong_to_their_neighbour() {
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
        let apart = assembled("s[Ann] c[said] k[it rains].\n\nk[“It pours.”]");
        assert_eq!(apart.len(), 2, "another paragraph: {apart:?}");
    }
}
