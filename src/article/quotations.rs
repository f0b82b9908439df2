//! Finds the text between quotation marks, of several kinds and languages.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::Span;
use super::words::leading_word;

/// The spans between quotation marks, the marks included, as bytes of `text`, which is one paragraph. A quotation may begin before
/// the paragraph or go on behind it; one in the middle of it without a closing mark ends with its sentence. Single marks count only
/// where they cannot be apostrophes. Of quotations inside quotations only the outer ones are given.
pub fn quotations(text: &str) -> Vec<Span> {
    Pairing::of(text).found
}

/// A text of the same length, with blanks in place of double marks that have no partner or one of another kind, and of single marks that
/// stand for letters; and the quotations with marks of two kinds, in the order of their ends: "“We go," he said."
pub(super) fn without_stray_marks(text: &str) -> (Cow<'_, str>, Vec<Span>) {
    let Pairing { mut stray, mixed, .. } = Pairing::of(text);
    stray.extend(mixed.iter().flatten());
    let quotations = mixed.iter().map(|[open, close]| Span::new(open.start, close.end)).collect();
    if stray.is_empty() {
        return (Cow::Borrowed(text), quotations);
    }
    let mut cleaned = text.to_owned();
    for span in stray {
        cleaned.replace_range(span.start..span.end, &" ".repeat(span.end - span.start));
    }
    (Cow::Owned(cleaned), quotations)
}

/// Whether a mark opens a quotation or closes one, by its form and the characters beside it.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Opens,
    Closes,
    /// What the marks before it leave open.
    Either,
}

/// The mark that closes a quotation with single marks.
const SINGLE: char = '’';
/// The mark that stands for all that close a quotation with double marks.
const DOUBLE: char = '”';
/// Most marks that wait for their partners; with more, the first have none.
const MOST_OPEN: usize = 100;

/// A mark that waits for its partner: [`SINGLE`], [`DOUBLE`] or `»`.
#[derive(Clone, Copy)]
struct OpenMark {
    partner: char,
    span: Span,
}

/// The marks of a paragraph in pairs.
struct Pairing<'a> {
    text: &'a str,
    /// Marks that opened a quotation, which is not closed yet.
    open: Vec<OpenMark>,
    found: Vec<Span>,
    /// Marks without a partner, and apostrophes that look like opening marks.
    stray: Vec<Span>,
    /// Pairs of double marks of two kinds, of which one is straight.
    mixed: Vec<[Span; 2]>,
}

impl<'a> Pairing<'a> {
    fn of(text: &'a str) -> Self {
        let mut pairing =
            Self { text, open: Vec::new(), found: Vec::new(), stray: Vec::new(), mixed: Vec::new() };
        let mut before = ' ';
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let mut end = at + c.len_utf8();
            let mut next = chars.peek().map_or(' ', |&(_, c)| c);
            // "''We go,'' he said." and "“We go,’’ he said.": two single marks in place of a double one.
            let is_double = next == c && (c == '\'' || (c == SINGLE && pairing.waiting(DOUBLE).is_some()));
            if is_double {
                chars.next();
                end += c.len_utf8();
                next = chars.peek().map_or(' ', |&(_, c)| c);
            }
            let span = Span::new(at, end);
            match c {
                '\'' | '‘' | '’' if !is_double => pairing.read_single(span, before, next),
                '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '\'' | '’' => {
                    pairing.read_double(c, span, before, next)
                }
                _ => {}
            }
            before = c;
        }
        pairing.finish();
        pairing
    }

    /// The place among the open marks of the last one with this partner.
    fn waiting(&self, partner: char) -> Option<usize> {
        self.open.iter().rposition(|mark| mark.partner == partner)
    }

    fn push(&mut self, partner: char, span: Span) {
        if self.open.len() == MOST_OPEN {
            self.stray.push(self.open.remove(0).span);
        }
        self.open.push(OpenMark { partner, span });
    }

    fn read_double(&mut self, mark: char, span: Span, before: char, next: char) {
        let is_german = self.open.last().is_some_and(|open| open.span.of(self.text) == "„");
        let side = match mark {
            '“' if is_german => Side::Closes,
            // "“It rains,“ he said.": the wrong mark.
            '“' if ",.?!".contains(before) && next == ' ' && !self.open.is_empty() => Side::Closes,
            '“' | '„' | '‟' | '«' => Side::Opens,
            '”' | '»' => Side::Closes,
            _ if self.is_misplaced(span, next) => Side::Closes,
            _ => side(before, next),
        };
        let partner = if "«»".contains(mark) { '»' } else { DOUBLE };
        match (side, self.waiting(partner)) {
            (Side::Closes | Side::Either, Some(waiting)) => {
                let opening = self.open[waiting].span;
                let is_straight = |mark: Span| mark.of(self.text) == "\"";
                if is_straight(opening) != is_straight(span) {
                    self.mixed.push([opening, span]);
                }
                self.found.push(Span::new(opening.start, span.end));
                self.stray.extend(self.open.drain(waiting..).skip(1).map(|mark| mark.span));
            }
            (Side::Opens | Side::Either, _) => self.push(partner, span),
            // A closing mark without an opening one: the quotation began before this text. Behind a number, '"' means inches.
            (Side::Closes, None) if self.found.is_empty() && (mark != '"' || ",.?!…—".contains(before)) =>
            {
                self.found.push(Span::new(0, span.end));
            }
            (Side::Closes, None) => self.stray.push(span),
        }
    }

    /// Whether a mark closes the sentence that another one opened, although the blank stands on its wrong side: "“It is over, "he said."
    fn is_misplaced(&self, span: Span, next: char) -> bool {
        let opened = self.waiting(DOUBLE).map(|waiting| self.open[waiting].span.end);
        opened.is_some_and(|from| {
            self.text[..span.start].ends_with(", ")
                && next.is_lowercase()
                && end_of_sentence(&self.text[..span.start], from) == span.start
        })
    }

    /// Reads a single mark, which may be an apostrophe: it opens a quotation only where none is open, and closes only such a one.
    fn read_single(&mut self, span: Span, before: char, next: char) {
        let mark = span.of(self.text);
        if mark == "‘" || (mark == "'" && !before.is_alphanumeric() && next.is_alphanumeric()) {
            if is_elision(&self.text[span.start..]) {
                self.stray.push(span);
            } else if self.open.is_empty() && !before.is_alphanumeric() {
                self.push(SINGLE, span);
            }
        } else if let Some(open) = self.open.last().copied().filter(|open| open.partner == SINGLE)
            && closes_single(&self.text[open.span.start..span.start], &self.text[span.end..])
        {
            self.found.push(Span::new(open.span.start, span.end));
            self.open.pop();
        }
    }

    /// Ends the quotations without a closing mark: the last one with the paragraph, the others with their sentences. Of quotations
    /// inside quotations the outer ones are kept.
    fn finish(&mut self) {
        let goes_on =
            |mark: &OpenMark| mark.partner != SINGLE || (mark.span.start == 0 && is_passage(self.text));
        let last = self.open.iter().rposition(goes_on);
        for (number, OpenMark { partner, span }) in std::mem::take(&mut self.open).into_iter().enumerate() {
            if Some(number) == last && self.found.iter().all(|other| other.start < span.start) {
                self.found.push(Span::new(span.start, self.text.len()));
                continue;
            }
            self.stray.push(span);
            let whole = Span::new(span.start, end_of_sentence(self.text, span.end));
            if partner != SINGLE && !self.found.iter().any(|other| other.overlaps(whole)) {
                self.found.push(whole);
            }
        }
        self.stray.sort();
        self.found.sort_by_key(|span| (span.start, Reverse(span.end)));
        let mut end = 0;
        self.found.retain(|span| {
            let is_outer = span.start >= end;
            end = end.max(span.end);
            is_outer
        });
    }
}

/// The side of a mark that may open and close, by what stands beside it.
fn side(before: char, next: char) -> Side {
    let is_apart = |c: char| c.is_whitespace() || "([{—–-".contains(c);
    match (is_apart(before), next.is_alphanumeric() || "$£€“‘'([.…".contains(next)) {
        (true, true) => Side::Opens,
        (false, false) => Side::Closes,
        _ => Side::Either,
    }
}

/// Where the sentence that a place is in ends: behind a full stop, question or exclamation mark with a blank behind it.
fn end_of_sentence(text: &str, from: usize) -> usize {
    let ends = text[from..].match_indices(['.', '?', '!']).map(|(at, _)| from + at + 1);
    ends.into_iter().find(|&end| text[end..].starts_with(char::is_whitespace)).unwrap_or(text.len())
}

/// Whether a single mark at the start of this text stands for letters that are left out: "‘90s", "'em", or the "s" that some
/// tokenizers part from its word.
fn is_elision(text: &str) -> bool {
    let word = leading_word(text.trim_start_matches(['‘', '\''])).to_lowercase();
    word.is_empty()
        || word.starts_with(|c: char| c.is_ascii_digit())
        || [
            "s", "t", "d", "m", "n", "re", "ve", "ll", "em", "do", "til", "tis", "twas", "cause", "round",
            "bout",
        ]
        .contains(&word.as_str())
}

/// Whether a single mark closes the quotation before it. Behind a word with an "s" at its end it may be a possessive ("the partners'
/// plan"): there, a mark of punctuation has to follow, or the quotation is of a few words ("their 'attacks' on her").
fn closes_single(quotation: &str, behind: &str) -> bool {
    let before = quotation.chars().next_back().unwrap_or(' ');
    if behind.starts_with(char::is_alphanumeric) {
        return false;
    }
    let is_plural = before == 's' || before == 'S';
    let is_short = || quotation.split_whitespace().nth(FEWEST_WORDS).is_none();
    ",.?!…—".contains(before)
        || (before.is_alphanumeric()
            && (!is_plural || behind.starts_with(|c: char| ",.;:?!)".contains(c)) || is_short()))
}

/// Fewest words of a quotation whose closing mark is in a later paragraph.
const FEWEST_WORDS: usize = 5;

/// Whether a text is a passage: it ends like a sentence, and is no phrase.
fn is_passage(text: &str) -> bool {
    text.trim_end().ends_with(['.', '?', '!', '…']) && text.split_whitespace().count() >= FEWEST_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_kinds_of_quotation_marks_are_found() {
        for (text, wanted) in [
            ("“We go,” he said. “Now.”", &["“We go,”", "“Now.”"][..]),
            ("\"We go,\" he said.", &["\"We go,\""]),
            ("‘We don’t go,’ he said of the ‘90s.", &["‘We don’t go,’"]),
            ("«We go», he said, „we go“.", &["«We go»", "„we go“"]),
            ("We go,” he said. “Now", &["We go,”", "“Now"]),
            ("''We don't go,'' he said.", &["''We don't go,''"]),
            ("It’s Macron’s.", &[]),
            ("'We don't go,' he said of the '90s. 'Now.'", &["'We don't go,'", "'Now.'"]),
            (
                "The 'full attacks' on her; they 'just stopped bothering' with 'it'.",
                &["'full attacks'", "'just stopped bothering'", "'it'"],
            ),
            (
                "'We saw that all of the partners' plans failed,' he said.",
                &["'We saw that all of the partners' plans failed,'"],
            ),
            ("'We go. 'We stay.' He said so.", &["'We go. 'We stay.'"]),
            ("'We go now. We never stay.", &["'We go now. We never stay."]),
            ("The partners' plan, the boys' plan and Trump 's plan.", &[]),
            ("“We go,\" he said. “Now.”", &["“We go,\"", "“Now.”"]),
            ("\"We go.” He left.", &["\"We go.”"]),
            ("“We go,’’ he said. “Now.’’", &["“We go,’’", "“Now.’’"]),
            ("“It is called “Go” now,” he said.", &["“It is called “Go” now,”"]),
            ("“It is unusual,“ he said. “Go.” He left.", &["“It is unusual,“", "“Go.”"]),
            // A mark without a partner costs only its own sentence.
            ("\"We go, he said. It rains. \"We go,\" he said.", &["\"We go, he said.", "\"We go,\""]),
            ("We go,\" he said. \"Now.\"", &["We go,\"", "\"Now.\""]),
            ("A 6\" screen; \"We go,\" he said.", &["\"We go,\""]),
            ("\"It is over, \"he said.", &["\"It is over, \""]),
            (
                "\"We go. It rains. \"We go,\" he said. Now, \"they may go,\" he said.",
                &["\"We go.", "\"We go,\"", "\"they may go,\""],
            ),
            ("Nice 'do: he said: 'We go.'", &["'We go.'"]),
        ] {
            let found: Vec<&str> = quotations(text).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
