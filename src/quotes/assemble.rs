//! Puts parts together to quotes: which source, cue and contents belong to one another.
//!
//! In each sentence, a cue is joined with the nearest source, and a content with the nearest cue. A sentence that is only
//! content continues the quote before it, or begins the quote behind it. A sentence that only announces what is said ("He said:") gives
//! its source and its cue to the quote behind it.

use std::collections::HashSet;

use super::checks::{OPENING, is_no_quote};
use super::clause::FORMS_OF_BE;
use super::cues::ASKED;
use super::extent::{complete_start, drop_cue, drop_strangers, is_next, subject_of_content};
use super::parts::{Part, PartKind, QuoteParts};
use super::second_cues::with_cues_apart;
use crate::article::{Sentence, Span, sentence_at, trailing_word};

/// Tells how far apart parts of a sentence are. A text without full stops is one sentence, with very many parts, so the letters
/// between them are counted once.
struct Distances {
    /// Where the first part begins.
    start: usize,
    /// For each byte from there on, how many letters and digits stand before it.
    before: Vec<usize>,
}

impl Distances {
    fn new(text: &str, parts: &[Part]) -> Self {
        let start = parts.iter().map(|part| part.span.start).min().unwrap_or(0);
        let end = parts.iter().map(|part| part.span.end).max().unwrap_or(0);
        let (mut before, mut count) = (Vec::with_capacity(end - start + 1), 0);
        for c in text[start..end].chars() {
            before.extend(std::iter::repeat_n(count, c.len_utf8()));
            count += usize::from(c.is_alphanumeric());
        }
        before.push(count);
        Self { start, before }
    }

    /// The number of letters and digits between two parts.
    fn between(&self, a: Span, b: Span) -> usize {
        let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
        let before = |place: usize| self.before[place - self.start];
        before(second.start).saturating_sub(before(first.end))
    }
}

/// Bytes that may stand before a content at the start of its sentence: a quotation mark, "And".
const MARGIN: usize = 6;

/// The quotes of an article, in the order of their contents. `parts` are those of each sentence, with spans of the article.
pub fn assemble(text: &str, sentences: &[Sentence], parts: &[Vec<Part>]) -> Vec<QuoteParts> {
    let mut found: Vec<QuoteParts> = Vec::new();
    let mut announced: Option<QuoteParts> = None;
    for (number, (sentence, parts)) in sentences.iter().zip(parts).enumerate() {
        let mut announcing = announced.take();
        announced = announcement(text, sentence.span, number, parts);
        let opens = |span: Span| span.start <= sentence.span.start + MARGIN;
        // Whether a quote ends in the sentence before this one, in the same paragraph.
        let reaches = |quote: &QuoteParts| {
            quote.last + 1 == number && sentences[quote.last].paragraph == sentence.paragraph
        };
        for mut quote in of_sentence(text, number, parts) {
            if !quote.is_attributed()
                && opens(quote.content[0])
                && let Some(mut before) = announcing.take()
            {
                (quote.source, quote.cue) = (before.source, before.cue);
                quote.scores.append(&mut before.scores);
                found.push(quote);
                continue;
            }
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
    complete_contents(text, sentences, parts, &mut found);
    found.sort_by_key(|quote| (quote.content[0], quote.cue));
    found
}

/// Adds to the contents of quotes what stands before them in their sentences: the subject of a passive, and the first words.
fn complete_contents(text: &str, sentences: &[Sentence], parts: &[Vec<Part>], quotes: &mut [QuoteParts]) {
    for quote in quotes.iter_mut() {
        let sentence = sentences[sentence_at(sentences, quote.content[0].start)].span;
        let subject = subject_of_content(text, sentence, quote);
        quote.content.splice(0..0, subject);
    }
    let mut taken: Vec<Span> = parts.iter().flatten().map(|part| part.span).collect();
    taken.sort();
    for quote in quotes.iter_mut() {
        let sentence = sentences[sentence_at(sentences, quote.content[0].start)].span;
        // Only words that are no part of any quote are added.
        let near = taken.partition_point(|part| part.end <= sentence.start);
        let start =
            quote.content[0].start.min(quote.source.or(quote.cue).map_or(usize::MAX, |part| part.start));
        if taken.get(near).is_none_or(|part| part.start >= start) {
            complete_start(text, sentence, quote);
        }
    }
}

/// The source and the cue of a sentence that announces what the next one says: "Macron continued:".
fn announcement(text: &str, sentence: Span, number: usize, parts: &[Part]) -> Option<QuoteParts> {
    let announces = sentence.of(text).trim_end().ends_with(':')
        && parts.iter().all(|part| part.kind != PartKind::Content);
    let cue = parts.iter().rfind(|part| part.kind == PartKind::Cue).filter(|_| announces)?;
    let sources = parts.iter().filter(|part| part.kind == PartKind::Source);
    let distances = Distances::new(text, parts);
    let source = sources.min_by_key(|source| distances.between(source.span, cue.span))?;
    Some(QuoteParts::new(number, Some(*source), Some(*cue)))
}

/// The quotes of one sentence. Contents without a source and a cue make one quote.
fn of_sentence(text: &str, sentence: usize, parts: &[Part]) -> Vec<QuoteParts> {
    let of = |kind: PartKind| parts.iter().copied().filter(|part| part.kind == kind).collect::<Vec<Part>>();
    let (sources, cues, contents) = (of(PartKind::Source), of(PartKind::Cue), of(PartKind::Content));
    let distances = Distances::new(text, parts);
    let nearest = |to: Span, among: &[Part]| {
        let apart = among.iter().enumerate().filter(|(_, part)| !part.span.overlaps(to));
        apart.min_by_key(|(_, part)| distances.between(part.span, to)).map(|(number, _)| number)
    };
    let is_before_cue = |source: &&Part| cues.iter().any(|cue| is_next(text, source.span, cue.span));
    let before_cues: HashSet<Span> = sources.iter().filter(is_before_cue).map(|source| source.span).collect();
    // Behind "told" stands who is told, who does not speak behind another cue either: "he told the group, adding that it rains".
    let is_listener = |source: &&Part| {
        cues.iter().any(|cue| tells(cue.span.of(text)) && is_next(text, cue.span, source.span))
    };
    let told: HashSet<Span> = sources.iter().filter(is_listener).map(|source| source.span).collect();
    let of_cue = |cue: &Part| {
        // "invoked the story that Merkel told"
        let said: Vec<Span> =
            contents.iter().map(|part| part.span).filter(|span| is_next(text, cue.span, *span)).collect();
        let is_in_content = |source: &Part| said.iter().any(|span| span.contains(source.span));
        let is_asked = asks_subject(text, cue.span);
        let speaks = |source: &&Part| !is_asked && !told.contains(&source.span) && !is_in_content(source);
        let speakers: Vec<Part> = sources.iter().filter(speaks).copied().collect();
        // A source behind this cue and directly before another one is the other's: "called a meeting, which experts said".
        let is_of_another =
            |source: &Part| source.span.start > cue.span.start && before_cues.contains(&source.span);
        let own: Vec<Part> = speakers.iter().filter(|source| !is_of_another(source)).copied().collect();
        let speakers = if own.is_empty() { speakers } else { own };
        let source = nearest(cue.span, &speakers).map(|number| speakers[number]);
        QuoteParts::new(sentence, source, Some(*cue))
    };
    let mut quotes: Vec<QuoteParts> = cues.iter().map(of_cue).collect();
    if cues.is_empty() {
        // "Emmanuel Macron: “…”"
        quotes.push(QuoteParts::new(sentence, sources.first().copied(), None));
    }
    for content in contents.iter().copied() {
        quotes[nearest(content.span, &cues).unwrap_or(0)].add(sentence, content);
    }
    for quote in &mut quotes {
        drop_cue(text, quote);
    }
    quotes.retain(|quote| !quote.content.is_empty() && !is_no_quote(text, quote));
    quotes.iter_mut().for_each(|quote| drop_strangers(text, quote));
    let mut quotes: Vec<QuoteParts> =
        quotes.into_iter().flat_map(|quote| with_cues_apart(text, quote)).collect();
    quotes.sort_by_key(|quote| quote.content[0]);
    quotes
}

/// Whether a cue says that somebody is told something.
pub(super) fn tells(cue: &str) -> bool {
    ["told", "tell", "tells", "telling", "informed", "assured", "reminded"].contains(&trailing_word(cue))
}

/// Whether a cue says that its subject was asked or told something: "was asked whether", "smiled when asked about", "Asked about it, he
/// left", "when pressed on it, he left".
pub(super) fn asks_subject(text: &str, cue: Span) -> bool {
    let words: Vec<String> = cue.of(text).split_whitespace().map(str::to_lowercase).collect();
    let is_loose = |word: &String| ["about", "by", "if", "on", "to", "whether"].contains(&word.as_str());
    let mut last = words.iter().rev().skip_while(|word| is_loose(word)).map(String::as_str);
    let Some(verb) = last.next() else { return false };
    if let Some(before) = last.next() {
        return ["asked", "told"].contains(&verb)
            && (FORMS_OF_BE.contains(&before) || ["been", "being", "when"].contains(&before));
    }
    // "Asked Macron" may be "Macron asked".
    let is_open = words.len() > 1 || text[cue.end..].trim_start().starts_with(char::is_lowercase);
    let opens = cue.of(text).starts_with(char::is_uppercase)
        || trailing_word(text[..cue.start].trim_end()).eq_ignore_ascii_case("when");
    is_open && opens && ASKED.contains(&verb)
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
            (
                "s[Ann] c[said] k[it rains and warned of floods].",
                vec![quote("Ann", "said", &["it rains"]), quote("Ann", "warned", &["of floods"])],
            ),
            ("c[Said] k[to be ill], Kim stayed.", vec![quote("", "Said", &["to be ill"])]),
            ("s[Ann]: k[“It rains.”]", vec![quote("Ann", "", &["“It rains.”"])]),
            ("s[Ann] c[spoke] on Monday.", vec![]),
            ("s[the] junta, s[who] c[said] k[it rains].", vec![quote("who", "said", &["it rains"])]),
            ("s[Ann] c[was asked] k[whether it rains].", vec![quote("", "was asked", &["whether it rains"])]),
            ("s[Ann] c[left when asked about] k[it].", vec![quote("", "left when asked about", &["it"])]),
            ("s[Ann] c[told] s[us] k[it rains].", vec![quote("Ann", "told", &["it rains"])]),
            (
                "k[“It rains,”] s[he] c[told] s[the group], c[adding] k[that it pours].",
                vec![quote("he", "told", &["“It rains,”"]), quote("he", "adding", &["that it pours"])],
            ),
            (
                "c[Pressed on] k[the rain], s[Ann] c[said] k[it pours].",
                vec![quote("", "Pressed on", &["the rain"]), quote("Ann", "said", &["it pours"])],
            ),
            ("He left when c[asked] k[to go] by s[Ann].", vec![quote("", "asked", &["to go"])]),
            ("c[Asked] s[Ann]: k[“Does it rain?”]", vec![quote("Ann", "Asked", &["“Does it rain?”"])]),
            (
                "s[Ann], who left, c[called] k[a meeting], which s[Bo] c[said] k[is late].",
                vec![quote("Ann", "called", &["a meeting"]), quote("Bo", "said", &["is late"])],
            ),
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
    fn letters_between_parts_are_counted_in_either_direction() {
        let text = "On Monday Zoë, é, said: it rains";
        let span =
            |words: &str| Span::new(text.find(words).unwrap(), text.find(words).unwrap() + words.len());
        let parts = ["Zoë", "said", "it rains"].map(|words| Part {
            kind: PartKind::Source,
            span: span(words),
            score: 1.0,
        });
        let distances = Distances::new(text, &parts);
        for (one, other, wanted) in
            [("Zoë", "said", 1), ("Zoë", "it rains", 5), ("said", "it rains", 0), ("Zoë, é", "é, said", 0)]
        {
            assert_eq!(distances.between(span(one), span(other)), wanted, "{one} {other}");
            assert_eq!(distances.between(span(other), span(one)), wanted, "{other} {one}");
        }
        assert_eq!(Distances::new("", &[]).before, [0]);
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
        assert_eq!(assembled("s[Ann] c[said]:\n\nk[“It rains,”]"), [ann(&["“It rains,”"])]);
        assert_eq!(
            assembled("s[Ann] c[said]:\n\nk[“It rains.] k[It pours.”]"),
            [ann(&["“It rains.", "It pours.”"])]
        );
        let apart = assembled("s[Ann] c[said] so.\n\nk[“It rains.”]");
        assert_eq!(apart[0].0, "", "nothing is announced: {apart:?}");
        let apart = assembled("k[It rains today.] k[It pours], s[Ann] c[said].");
        assert_eq!(apart.len(), 2, "the sentence before has no quotation mark: {apart:?}");
        let apart = assembled("s[Ann] c[said] k[it rains].\n\nk[“It pours.”]");
        assert_eq!(apart.len(), 2, "another paragraph: {apart:?}");
    }
}
