//! Puts parts together to quotes: which source, cue and contents belong to one another.
//!
//! In each sentence, a cue is joined with the nearest source, and a content with the nearest cue. A sentence that is only
//! content continues the quote before it, or begins the quote behind it.

use super::parts::{Part, PartKind};
use crate::article::{Sentence, Span, trailing_word};

/// The parts of one quote. Spans are bytes of the article.
#[derive(Debug, Clone, PartialEq)]
pub struct QuoteParts {
    /// The words for the speaker.
    pub source: Option<Span>,
    /// The words that show that something is said.
    pub cue: Option<Span>,
    /// What is said, in order; at least one span.
    pub content: Vec<Span>,
    /// The scores of the parts.
    scores: Vec<f64>,
    /// Index of the last sentence with one of its parts.
    last: usize,
}

impl QuoteParts {
    fn new(sentence: usize, source: Option<Part>, cue: Option<Part>) -> Self {
        Self {
            source: source.map(|part| part.span),
            cue: cue.map(|part| part.span),
            content: Vec::new(),
            scores: source.iter().chain(&cue).map(|part| part.score).collect(),
            last: sentence,
        }
    }

    /// The mean score of its parts.
    pub fn score(&self) -> f64 {
        self.scores.iter().sum::<f64>() / self.scores.len() as f64
    }

    fn add(&mut self, sentence: usize, content: Part) {
        self.content.push(content.span);
        self.content.sort();
        self.scores.push(content.score);
        self.last = self.last.max(sentence);
    }

    fn is_attributed(&self) -> bool {
        self.cue.or(self.source).is_some()
    }
}

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
        let sentence = sentences.partition_point(|sentence| sentence.span.end <= quote.content[0].start);
        let subject = subject_of_content(text, sentences[sentence].span, quote);
        quote.content.splice(0..0, subject);
    }
    found.sort_by_key(|quote| (quote.content[0], quote.cue));
    found
}

/// Cues of the passive, which stand inside the content: "The firm is said to have tested it".
const PASSIVES: &[&str] =
    &["said", "reported", "believed", "thought", "alleged", "rumored", "rumoured", "understood", "expected"];
/// Words that may stand between the subject of such a cue and the cue.
const AUXILIARIES: &[&str] =
    &["is", "are", "was", "were", "has", "have", "had", "been", "be", "also", "now", "being"];
/// Most words of such a subject.
const LONGEST_SUBJECT: usize = 8;

/// The subject of what is said, where the cue is a passive without a source and the content behind it begins with "to".
fn subject_of_content(text: &str, sentence: Span, quote: &QuoteParts) -> Option<Span> {
    let cue = quote.cue.filter(|cue| quote.source.is_none() && cue.start > sentence.start)?;
    let is_passive = PASSIVES.iter().any(|passive| cue.of(text).ends_with(passive));
    let first =
        quote.content.first().filter(|first| first.start > cue.end && first.of(text).starts_with("to "))?;
    if !is_passive || text[cue.end..first.start].trim() != "" {
        return None;
    }
    let before = &text[sentence.start..cue.start];
    let from = before.rfind([',', ';', ':', '—', '–', '"', '“', '”', '(']).unwrap_or(0);
    let mut subject = before[from..].trim_matches(|c: char| !c.is_alphanumeric());
    while let Some((rest, _)) = subject.rsplit_once(' ').filter(|(_, last)| AUXILIARIES.contains(last)) {
        subject = rest;
    }
    let words = subject.split_whitespace().count();
    let start = sentence.start + before.rfind(subject).filter(|_| (1..=LONGEST_SUBJECT).contains(&words))?;
    Some(Span::new(start, start + subject.len()))
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
    quotes.retain(|quote| !quote.content.is_empty());
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

/// Whether only blanks stand between one span and the next.
fn is_next(text: &str, span: Span, next: Span) -> bool {
    text.get(span.end..next.start).is_some_and(|between| between.trim().is_empty())
}

/// Marks that open a quotation.
const OPENING: [char; 5] = ['"', '“', '„', '«', '‘'];

/// Removes what is no part of the content: words before the cue, where what is said directly follows it ("Mexican immigrants" of
/// "Mexican immigrants, calling them rapists"), or stands in quotation marks behind a colon. In "The plan, he said, would fail" both
/// parts are said.
fn drop_strangers(text: &str, quote: &mut QuoteParts) {
    let Some(cue) = quote.cue else { return };
    let is_quoted = |span: &Span| span.of(text).starts_with(OPENING);
    let end = quote.content.last().map_or(cue.end, |last| last.end.max(cue.end));
    if let Some(mark) = colon_before_mark(text, Span::new(cue.end, end)) {
        let behind = |span: &Span| span.end > mark;
        quote.content.retain(|span| behind(span) || is_quoted(span));
        for span in &mut quote.content {
            // What lies between the cue and the colon is said, too: "said the sign read: “Stop”".
            if span.end > mark && span.start < cue.start {
                span.start = mark;
            }
        }
        return;
    }
    if quote.content.iter().any(|content| is_next(text, cue, *content) && !is_quoted(content)) {
        quote.content.retain(|content| content.start > cue.start || is_quoted(content));
    }
}

/// Most bytes between a cue and the colon behind it: "told reporters in Paris on Monday:".
const LONGEST_ANNOUNCEMENT: usize = 80;

/// Where a quotation begins that follows a colon, if no other mark stands before it.
fn colon_before_mark(text: &str, span: Span) -> Option<usize> {
    let mark = span.of(text).find(OPENING)?;
    let before = &span.of(text)[..mark];
    (mark <= LONGEST_ANNOUNCEMENT && before.trim_end().ends_with(':')).then_some(span.start + mark)
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
