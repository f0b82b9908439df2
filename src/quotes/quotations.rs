//! Finds the text between quotation marks, of several kinds and languages.

use crate::article::{Span, leading_word};

/// The spans between quotation marks, the marks included, as bytes of `text`. A quotation without a closing mark goes on to
/// the end. Single marks count only where they cannot be apostrophes.
pub fn quotations(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    // The closing mark to look for, and where the quotation began.
    let mut open: Option<(char, usize)> = None;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |&(_, c)| c);
        // "''We go,'' he said.": two single marks in place of a double one.
        if c == '\'' && next == '\'' {
            chars.next();
            open = match open {
                Some(('\'', start)) => {
                    found.push(Span::new(start, at + 2));
                    None
                }
                None => Some(('\'', at)),
                other => other,
            };
            before = c;
            continue;
        }
        let width = c.len_utf8();
        // "“We go,’’ he said."
        if c == '’' && next == '’' && matches!(open, Some(('”' | '"', _))) {
            let start = open.take().map_or(at, |(_, start)| start);
            chars.next();
            found.push(Span::new(start, at + 2 * width));
            before = c;
            continue;
        }
        let c = match c {
            '\'' if !before.is_alphanumeric() && next.is_alphanumeric() => '‘',
            '\'' => '’',
            other => other,
        };
        match (c, open) {
            ('"', None) => open = Some(('"', at)),
            ('“' | '„' | '‟', None) => open = Some(('”', at)),
            ('«', None) => open = Some(('»', at)),
            ('‘', None) if !before.is_alphanumeric() && !is_elision(&text[at..]) => open = Some(('’', at)),
            // The closing mark in German is the opening mark in English.
            ('“', Some(('”', start))) if text[start..].starts_with('„') => {
                found.push(Span::new(start, at + c.len_utf8()));
                open = None;
            }
            ('’', Some(('’', start))) if closes_single(&text[start..at], &text[at + width..]) => {
                found.push(Span::new(start, at + width));
                open = None;
            }
            ('’', Some(('’', _))) => {}
            // "“We go," he said.": marks of two kinds.
            ('"', Some(('”', start))) if !next.is_alphanumeric() && ",.?!…—".contains(before) => {
                found.push(Span::new(start, at + width));
                open = None;
            }
            ('”', Some(('"', start))) => {
                found.push(Span::new(start, at + width));
                open = None;
            }
            (mark, Some((close, start))) if mark == close => {
                found.push(Span::new(start, at + width));
                open = None;
            }
            // A closing mark without an opening one: the quotation began before this text.
            ('”' | '»', None) if found.is_empty() => found.push(Span::new(0, at + c.len_utf8())),
            _ => {}
        }
        before = c;
    }
    match open {
        // A single mark without a closing one is an apostrophe ("‘90s"), unless a quotation goes on in the next paragraph.
        Some(('’', start)) if start > 0 || !is_passage(text) => {}
        None => {}
        Some((_, start)) => found.push(Span::new(start, text.len())),
    }
    found
}

/// Whether a single mark at the start of this text stands for letters that are left out: "‘90s", "'em", or the "s" that some
/// tokenizers part from its word.
fn is_elision(text: &str) -> bool {
    let word = leading_word(text.trim_start_matches(['‘', '\''])).to_lowercase();
    word.is_empty()
        || word.starts_with(|c: char| c.is_ascii_digit())
        || ["s", "t", "d", "m", "n", "re", "ve", "ll", "em", "til", "tis", "twas", "cause", "round", "bout"]
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
        ] {
            let found: Vec<&str> = quotations(text).into_iter().map(|span| span.of(text)).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
