//! Brings the contents of quotes and the quotation marks of an article together: a content goes on to the end of its quotation, and
//! quotations that the attribution head missed become quotes.

use super::Quote;
use super::clause::{is_determiner, starts_phrase};
use super::parts::QuoteParts;
use super::speaker::{Speakers, is_bare, quoted, runs_on};
use crate::article::{Role, Sentence, Span, leading_word, sentence_at};

/// Marks of quotations that are never apostrophes.
const MARKS: [char; 4] = ['"', '“', '”', '«'];
/// Bytes of the full stop or comma that may follow a closing quotation mark.
const PUNCTUATION: usize = 1;
/// Fewest words of a quotation that is a quote by its marks alone; fewer may be a title.
const FEWEST_WORDS: usize = 5;
/// Fewest words with a capital of a heading in quotation marks.
const FEWEST_CAPITALS: usize = 3;
/// Most words of such a heading.
const LONGEST_HEADING: usize = 8;
/// The score of a quote that only its marks show.
const SCORE_OF_MARKS: f64 = 0.5;

/// Whether words tell where or to whom something is said.
fn begins_with_preposition(words: &str) -> bool {
    ["about", "at", "during", "in", "of", "on", "to"].contains(&leading_word(words))
}

/// Whether words are a heading between the paragraphs of an article, which may stand in quotation marks: "‘All Bets Are Off.’"
fn is_heading(words: &str) -> bool {
    let words: Vec<&str> =
        words.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let is_small = |word: &&str| starts_phrase(&word.to_lowercase()) || is_determiner(word);
    let (large, small): (Vec<&str>, Vec<&str>) =
        words.iter().copied().partition(|word| word.starts_with(char::is_uppercase));
    large.len() >= FEWEST_CAPITALS && words.len() <= LONGEST_HEADING && small.iter().all(is_small)
}

/// The contents of a quote, where those with only punctuation between them are one.
pub fn joined(text: &str, contents: &[Span]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::with_capacity(contents.len());
    let goes_on = |last: Span, next: Span| {
        let gap = text.get(last.end..next.start).unwrap_or_default();
        !gap.contains(|c: char| c.is_alphanumeric() || MARKS.contains(&c))
            && !next.of(text).starts_with(MARKS)
    };
    for &content in contents {
        match found.last_mut() {
            Some(last) if goes_on(*last, content) => last.end = content.end,
            _ => found.push(content),
        }
    }
    found
}

/// The quotation marks of an article.
pub struct Quotations<'a> {
    text: &'a str,
    sentences: &'a [Sentence],
    /// The spans between quotation marks in each sentence, as bytes of the sentence.
    pub marks: Vec<Vec<Span>>,
}

impl<'a> Quotations<'a> {
    /// Finds the quotations of an article in sentences.
    pub fn new(text: &'a str, sentences: &'a [Sentence]) -> Self {
        Self { text, sentences, marks: quoted(text, sentences) }
    }

    /// The number of the sentence in which a span begins.
    pub fn sentence_of(&self, span: Span) -> usize {
        sentence_at(self.sentences, span.start)
    }

    /// The quotations of a sentence, as bytes of the article.
    fn of_sentence(&self, number: usize) -> impl Iterator<Item = Span> {
        let start = self.sentences[number].span.start;
        self.marks[number].iter().map(move |mark| mark.shifted(start))
    }

    /// The quotations of the sentence in which a span begins, as bytes of the article.
    fn around(&self, span: Span) -> impl Iterator<Item = Span> {
        self.of_sentence(self.sentence_of(span))
    }

    /// Whether a span stands between quotation marks.
    pub fn contain(&self, span: Span) -> bool {
        self.around(span).any(|mark| Span::new(mark.start, mark.end + PUNCTUATION).contains(span))
    }

    /// Whether contents without a cue are shown to be said: by quotation marks, or by a colon before them.
    pub fn announce(&self, contents: &[Span]) -> bool {
        let has_marks = contents.iter().any(|content| content.of(self.text).contains(MARKS));
        has_marks
            || contents.iter().all(|content| self.contain(*content))
            || self.text[..contents[0].start].trim_end().ends_with(':')
    }

    /// Whether a quote is a heading in quotation marks, of which nothing says that somebody says it.
    pub fn is_heading(&self, quote: &Quote) -> bool {
        quote.cue.is_none()
            && quote.source.is_none()
            && self.stands_as_heading(self.sentence_of(quote.content[0]))
    }

    /// Whether a sentence is a heading in quotation marks, which is a paragraph of its own.
    fn stands_as_heading(&self, number: usize) -> bool {
        let Some(sentence) = self.sentences.get(number) else { return false };
        let words = sentence.span.of(self.text);
        let is_beside = |other: usize| {
            self.sentences.get(other).is_some_and(|other| other.paragraph == sentence.paragraph)
        };
        words.starts_with(['"', '“', '‘', '\''])
            && is_heading(words)
            && !is_beside(number + 1)
            && number.checked_sub(1).is_none_or(|before| !is_beside(before))
    }

    /// Lengthens each content that begins with a quotation to its end, if no other part of a quote stands in it.
    pub fn complete(&self, quotes: &mut [QuoteParts]) {
        let of_quote =
            |quote: &QuoteParts| quote.cue.into_iter().chain(quote.source).chain(quote.content.clone());
        let mut parts: Vec<Span> = quotes.iter().flat_map(of_quote).collect();
        parts.sort();
        for content in quotes.iter_mut().flat_map(|quote| &mut quote.content) {
            let Some(whole) = self.around(*content).find(|mark| mark.start == content.start) else {
                continue;
            };
            let behind = parts.partition_point(|part| part.start < content.end);
            let is_free = parts.get(behind).is_none_or(|next| next.start >= whole.end);
            if is_free {
                content.end = content.end.max(whole.end);
            }
        }
    }

    /// A quote with indirect speech and whole sentences in quotation marks, as two quotes: "He said it rains. “It has always
    /// rained.”" Beside such a sentence, "to members of Congress" is no content, nor is "the rain" in "he said of the rain".
    pub fn with_sentences_apart(&self, quote: Quote) -> Vec<Quote> {
        if quote.is_direct || quote.cue.is_none() {
            return vec![quote];
        }
        let (mut indirect, mut direct): (Vec<Span>, Vec<Span>) = (Vec::new(), Vec::new());
        let contents = quote.content.iter().filter(|content| !self.is_topic(quote.cue, **content));
        for &content in contents {
            match self.first_sentence(content) {
                Some(sentence) => {
                    indirect.extend(
                        (sentence.start > content.start)
                            .then(|| Span::new(content.start, sentence.start).trimmed(self.text)),
                    );
                    direct.push(Span::new(sentence.start, content.end.max(sentence.end)));
                }
                None if !direct.is_empty() && begins_with_preposition(content.of(self.text)) => {}
                None => indirect.push(content),
            }
        }
        if direct.is_empty() {
            return vec![quote];
        }
        let part = |content: Vec<Span>, is_direct| Quote { content, is_direct, ..quote.clone() };
        let parts =
            [(indirect, false), (direct, true)].into_iter().filter(|(content, _)| !content.is_empty());
        parts.map(|(content, is_direct)| part(content, is_direct)).collect()
    }

    /// Whether a content only tells of what somebody speaks: it stands behind a cue with "of", as in "recalled of the proceedings", and
    /// not between quotation marks.
    fn is_topic(&self, cue: Option<Span>, content: Span) -> bool {
        let Some(cue) = cue else { return false };
        let Some(between) = self.text.get(cue.end..content.start).map(str::trim) else { return false };
        let is_of = between == "of" || (between.is_empty() && cue.of(self.text).ends_with(" of"));
        is_of && !content.of(self.text).starts_with(MARKS)
    }

    /// The first quotation in a content that is a sentence of its own: it has a capital and several words, and stands at the start of the
    /// content or behind the end of a sentence or a colon.
    fn first_sentence(&self, content: Span) -> Option<Span> {
        let (first, last) = (self.sentence_of(content), sentence_at(self.sentences, content.end - 1));
        let mut marks = (first..=last.min(self.marks.len() - 1)).flat_map(|number| self.of_sentence(number));
        // A quotation behind the content is one of its own, which somebody else may have said.
        let is_inside = |mark: &Span| (content.start..content.end).contains(&mark.start);
        let is_sentence = |mark: &Span| {
            let before = self.text[content.start..mark.start].trim_end();
            let inside = mark.of(self.text).trim_start_matches(|c: char| !c.is_alphanumeric());
            (before.is_empty() || before.ends_with(['.', '!', '?', ':']))
                && inside.starts_with(char::is_uppercase)
                && inside.split_whitespace().count() >= FEWEST_WORDS
        };
        marks.find(|mark| is_inside(mark) && is_sentence(mark))
    }

    /// Adds the second half of quotations that the attribution head missed: “and storms” in "“It brings rain,” Ann said, pointing at the
    /// sky, “and storms.”"
    pub fn add_second_halves(&self, quotes: &mut [Quote]) {
        let mut covered: Vec<Span> = quotes.iter().flat_map(|quote| quote.content.iter().copied()).collect();
        covered.sort();
        let goes_on = |mark: &Span| {
            let inside = mark.of(self.text).trim_start_matches(|c: char| !c.is_alphanumeric());
            inside.starts_with(char::is_lowercase) && self.text[..mark.start].trim_end().ends_with(',')
        };
        for quote in quotes.iter_mut().filter(|quote| quote.is_direct) {
            let (Some(cue), Some(last)) = (quote.cue, quote.content.last().copied()) else { continue };
            let is_open = last
                .of(self.text)
                .trim_end_matches(|c: char| c != ',' && !c.is_alphanumeric())
                .ends_with(',');
            if !is_open || last.end > cue.start || self.sentence_of(last) != self.sentence_of(cue) {
                continue;
            }
            let next = self.around(last).find(|mark| mark.start >= cue.end);
            quote.content.extend(next.filter(|mark| !mark.overlaps_any(&covered) && goes_on(mark)));
        }
    }

    /// Adds what the attribution head missed: quotations at the start of a sentence go on with the quote before them, or are
    /// quotes of their own where their speaker is known.
    pub fn add_missed(&self, speakers: &Speakers, quotes: &mut Vec<Quote>) {
        let mut covered: Vec<Span> = quotes.iter().flat_map(|quote| quote.content.iter().copied()).collect();
        covered.sort();
        for (number, sentence) in self.sentences.iter().enumerate() {
            let is_covered = sentence.span.overlaps_any(&covered);
            let Some(first) = self.marks[number].first().filter(|first| first.start == 0 && !is_covered)
            else {
                continue;
            };
            let is_whole = is_bare(sentence, &self.marks[number]);
            let content = if is_whole { sentence.span } else { first.shifted(sentence.span.start) };
            let is_long = content.of(self.text).split_whitespace().count() >= FEWEST_WORDS;
            let is_no_quote = sentence.role != Role::Prose || self.stands_as_heading(number);
            if is_no_quote || (!is_whole && !is_long) {
                continue;
            }
            if let Some(quote) = self.quote_before(number, quotes) {
                quote.content.push(content);
                quote.content = joined(self.text, &quote.content);
            } else if let Some(speaker) = speakers.of_sentence(number).filter(|_| is_long) {
                quotes.push(Quote {
                    content: vec![content],
                    cue: None,
                    source: None,
                    speaker: Some(speaker.to_owned()),
                    is_direct: true,
                    score: SCORE_OF_MARKS,
                });
            }
        }
        quotes.sort_by_key(|quote| (quote.content[0], quote.cue));
    }

    /// The quote that ends with the sentence before this one, if its quotation goes on in this one.
    fn quote_before<'q>(&self, number: usize, quotes: &'q mut [Quote]) -> Option<&'q mut Quote> {
        let before = number
            .checked_sub(1)
            .filter(|before| runs_on(self.text, self.sentences, &self.marks, *before))?;
        let (end, start) = (self.sentences[before].span.end, self.sentences[number].span.start);
        quotes.iter_mut().find(|quote| {
            quote.content.last().is_some_and(|last| last.end <= start && last.end + 2 * PUNCTUATION > end)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::sentences;

    #[test]
    fn headings_in_quotation_marks_are_no_quotes() {
        for (text, wanted) in [
            ("It rained.\n\n‘All Bets Are Off.’\n\nIt pours.", true),
            ("It rained.\n\n'Legend in the Coal Fields.'\n\nIt pours.", true),
            ("It rained.\n\n“All bets are off.”\n\nIt pours.", false),
            ("It rained.\n\n‘All Bets Are Off.’ It pours.", false),
            ("It rained.\n\nAll Bets Are Off.\n\nIt pours.", false),
        ] {
            let sentences = sentences(text);
            assert_eq!(Quotations::new(text, &sentences).stands_as_heading(1), wanted, "{text}");
        }
    }

    #[test]
    fn the_second_half_of_a_quotation_is_said_as_well() {
        for (text, wanted) in [
            ("“It rains,” Ann said, pointing up, “and pours.”", &["“It rains,”", "“and pours.”"][..]),
            ("“It rains.” Ann said, pointing up, “and pours.”", &["“It rains.”"]),
            ("“It rains,” Ann said, calling it “quite bad.”", &["“It rains,”"]),
            ("“It rains,” Ann said, naming, “Rain Today.”", &["“It rains,”"]),
        ] {
            let place = |part: &str| {
                let start = text.find(part).unwrap();
                Span::new(start, start + part.len())
            };
            let sentences = sentences(text);
            let mut quotes = [Quote {
                content: vec![place(wanted[0])],
                cue: Some(place("said")),
                source: None,
                speaker: None,
                is_direct: true,
                score: 1.0,
            }];
            Quotations::new(text, &sentences).add_second_halves(&mut quotes);
            let found: Vec<&str> = quotes[0].content.iter().map(|span| span.of(text)).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn what_somebody_speaks_of_is_no_quote_beside_a_quotation() {
        let mark = "“It has always rained here,”";
        for (text, cue, topic, wanted) in [
            (
                "“It has always rained here,” Ann recalled of the rain.",
                "recalled of",
                "the rain",
                &[mark][..],
            ),
            ("“It has always rained here,” Ann said of the rain.", "said", "the rain", &[mark]),
            (
                "“It has always rained here,” Ann said, fearing the rain.",
                "said",
                "the rain",
                &["the rain", mark],
            ),
        ] {
            let place = |part: &str| {
                let start = text.find(part).unwrap();
                Span::new(start, start + part.len())
            };
            let sentences = sentences(text);
            let quote = Quote {
                content: vec![place(mark), place(topic)],
                cue: Some(place(cue)),
                source: None,
                speaker: None,
                is_direct: false,
                score: 1.0,
            };
            let found = Quotations::new(text, &sentences).with_sentences_apart(quote);
            let found: Vec<&str> = found.iter().map(|quote| quote.content[0].of(text)).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
    #[test]
    fn a_quotation_behind_a_content_is_a_content_of_its_own() {
        let text = "Ann tweeted a picture and the words: “It has always rained here.”";
        let place = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let sentences = sentences(text);
        let quote = Quote {
            content: vec![place("a picture and the words"), place("“It has always rained here.”")],
            cue: Some(place("tweeted")),
            source: Some(place("Ann")),
            speaker: None,
            is_direct: false,
            score: 1.0,
        };
        let found = Quotations::new(text, &sentences).with_sentences_apart(quote);
        let found: Vec<Vec<&str>> =
            found.iter().map(|quote| quote.content.iter().map(|span| span.of(text)).collect()).collect();
        assert_eq!(found, [["a picture and the words"], ["“It has always rained here.”"]]);
    }
}
