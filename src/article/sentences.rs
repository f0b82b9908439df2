//! Sentences of an article, and the part each plays in it.
//!
//! What is not prose (headings, datelines, captions, "READ MORE" lines, agency credits) is read like everything else,
//! because it names people and places, but it is marked, because it has no business in a summary.

use super::Span;
use super::boilerplate::{is_notice, is_request};
use super::boundaries::boundaries;
use super::captions::is_caption;
use super::dateline::{dateline, is_talk};
use super::folds::unfolded;
use super::lines::ends_like_a_sentence;
use super::paragraphs::paragraphs;

/// What a sentence is to the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Prose,
    Heading,
    /// "PARIS, February 17. /TASS/.", "LONDON (Reuters) -", a scraped date.
    Dateline,
    /// What tells of a picture, or stands before the article's dateline.
    Caption,
    /// Links to other stories, credits, calls to subscribe or to agree to cookies.
    Boilerplate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub span: Span,
    pub role: Role,
    /// Counts paragraphs from 0; sentences of one paragraph follow each other without a break.
    pub paragraph: usize,
}

/// Splits a text into sentences: in order, not overlapping, without white space at their ends, and
/// covering everything that is neither white space nor the marks of quoted mail before a line.
///
/// A sentence may run over folds; [`unfolded`] gives it as it is read.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let paragraphs = paragraphs(text);
    let talk = is_talk(paragraphs.iter().map(|span| span.of(text)));
    let mut found: Vec<Sentence> = Vec::new();
    let mut opening = Opening { words: 0, dated: false };
    for (paragraph, span) in paragraphs.into_iter().enumerate() {
        let body = unfolded(span.of(text));
        let dateline = opening
            .admits(true)
            .then(|| dateline(&body, talk))
            .flatten()
            .filter(|found| opening.admits(found.sure));
        let length = dateline.map_or(0, |dateline| dateline.length);
        if length > 0 {
            let role = Role::Dateline;
            found.iter_mut().filter(|s| s.role == Role::Prose).for_each(|s| s.role = Role::Caption);
            found.push(Sentence {
                span: shifted(Span::new(0, length).trimmed(&body), span),
                role,
                paragraph,
            });
            opening.dated = true;
        }
        let mut mine = split(&body, length, paragraph);
        opening.words +=
            mine.iter().filter(|s| s.role == Role::Prose).map(|s| words(s.span.of(&body))).sum::<usize>();
        mine.iter_mut().for_each(|sentence| sentence.span = shifted(sentence.span, span));
        found.append(&mut mine);
    }
    found
}

/// What of an article has been seen, as far as a dateline may still come.
struct Opening {
    /// Words of prose.
    words: usize,
    dated: bool,
}

/// Words of captions and of a standfirst that may stand before a dateline.
const LONGEST_OPENING: usize = 60;

impl Opening {
    /// A dateline opens an article, or stands behind its captions and its standfirst.
    fn admits(&self, sure: bool) -> bool {
        self.words == 0 || (sure && !self.dated && self.words <= LONGEST_OPENING)
    }
}

/// The sentences of a paragraph without folds from byte `start` on, with spans in the paragraph.
fn split(body: &str, start: usize, paragraph: usize) -> Vec<Sentence> {
    let rest = &body[start..];
    let pieces = boundaries(rest);
    let several = pieces.len() > 1;
    // A heading is one sentence at most; a paragraph that breaks off in its last one is none.
    let whole = whole_paragraph_role(rest.trim()).filter(|role| !(several && *role == Role::Heading));
    let mut found: Vec<Sentence> = Vec::new();
    for piece in pieces {
        let span = Span::new(start + piece.start, start + piece.end).trimmed(body);
        if span.start == span.end {
            continue;
        }
        let role = whole.unwrap_or_else(|| sentence_role(span.of(body)));
        // A closing quotation mark or bracket that was split off belongs to what it closes.
        let stray = span.of(body).chars().all(|c| "\"”’')]»".contains(c));
        match found.last_mut() {
            Some(last) if stray => last.span.end = span.end,
            _ => found.push(Sentence { span, role, paragraph }),
        }
    }
    // What asks the reader for something in most of its sentences does so in the rest of them.
    let requests = found.iter().filter(|sentence| is_request(sentence.span.of(body))).count();
    if requests >= 2 && requests * 2 >= found.len() {
        found.iter_mut().for_each(|sentence| sentence.role = Role::Boilerplate);
    }
    found
}

/// A span of a paragraph as a span of the text.
fn shifted(span: Span, paragraph: Span) -> Span {
    Span::new(paragraph.start + span.start, paragraph.start + span.end)
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Words; what is longer than one link or credit is an article in one paragraph, judged sentence by sentence.
const LONGEST_BOILERPLATE: usize = 40;

/// A role that a paragraph has as a whole.
fn whole_paragraph_role(paragraph: &str) -> Option<Role> {
    let words = words(paragraph);
    if is_caption(paragraph) {
        return Some(Role::Caption);
    }
    if words <= LONGEST_BOILERPLATE && is_notice(paragraph) {
        return Some(Role::Boilerplate);
    }
    let sentences = paragraph.matches(['.', '!', '?']).count();
    let quoted = paragraph.starts_with(['"', '“', '‘', '\'']);
    if !ends_like_a_sentence(paragraph) && words <= 16 {
        return Some(Role::Heading);
    }
    // "Why are Western troops in Mali?" alone on its line asks for the reader, not for the article.
    (paragraph.ends_with('?') && sentences == 1 && words <= 12 && !quoted).then_some(Role::Heading)
}

fn sentence_role(sentence: &str) -> Role {
    if is_notice(sentence) || is_request(sentence) { Role::Boilerplate } else { Role::Prose }
}
#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn roles(text: &str) -> Vec<(&str, Role)> {
        sentences(text).iter().map(|s| (s.span.of(text), s.role)).collect()
    }

    #[test]
    fn abbreviations_and_quotations_do_not_end_a_sentence() {
        let text = "The U.S. President met Mr. Smith. \"We are leaving. It is over,\" he said.";
        assert_eq!(sentences(text).len(), 2);
    }

    #[test]
    fn datelines_are_cut_off() {
        for (text, first) in [
            ("PARIS, February 17. /TASS/. France said so.", "PARIS, February 17. /TASS/."),
            ("LONDON (Reuters) - Britain said so.", "LONDON (Reuters) -"),
            ("BAMAKO, Mali (AP) — Mali said so.", "BAMAKO, Mali (AP) —"),
            ("date 2017-07-11 France said so.", "date 2017-07-11"),
            ("WASHINGTON — The president said so.", "WASHINGTON —"),
        ] {
            let found = roles(text);
            assert_eq!(found[0], (first, Role::Dateline), "{text}");
            assert_eq!(found[1].1, Role::Prose, "{text}");
            assert_eq!(found.len(), 2, "{text}");
        }
    }

    #[test]
    fn ordinary_openings_are_no_datelines() {
        for text in [
            "France (and Mali) - said so, again and again.",
            "Paris said so.",
            "The U.N. - and others - said so.",
            "Macron, Le Drian and others met in Paris.",
        ] {
            assert_eq!(roles(text), [(text, Role::Prose)]);
        }
    }

    #[test]
    fn headings_and_boilerplate_are_marked() {
        let text = "Allies to leave\nThey left on Monday.\nWhy did they leave?\nThey had to.\nREAD MORE: Soldier dies\n(with wires)\n";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        use Role::*;
        assert_eq!(found, [Heading, Prose, Heading, Prose, Boilerplate, Boilerplate]);
    }

    #[test]
    fn bylines_are_names_and_not_sentences() {
        for byline in [
            "By John Smith",
            "by Ann-Marie O’Neill and Jo Li for the Daily Mail",
            "By MAIL REPORTER",
            "By Reuters",
        ] {
            assert_eq!(roles(byline), [(byline, Role::Boilerplate)]);
        }
        for sentence in ["By Friday the troops had left.", "By then it was over.", "By 2025 Mali will vote."]
        {
            assert_eq!(roles(sentence), [(sentence, Role::Prose)]);
        }
    }

    #[test]
    fn an_article_in_one_paragraph_is_not_all_boilerplate() {
        let rest = "The troops left the city on Monday after nine years in the country. ".repeat(4);
        let text = format!("Published: 9 January 2014 by the agency. {rest}");
        assert!(roles(text.trim()).iter().any(|(_, role)| *role == Role::Prose));
    }

    #[test]
    fn hard_wrapped_lines_are_joined() {
        let text = "The government said on Monday that it would\nsend its soldiers home before the end of the\nyear. The minister told reporters that there\nwas no other way to keep them safe.";
        assert_eq!(sentences(text).len(), 2);
    }

    #[test]
    fn a_dateline_behind_a_caption_or_standfirst_is_cut_off() {
        use Role::*;
        let text = "A photograph shows the fish market in Piraeus last year.\n\nATHENS — Greece will reopen its largest harbour \
            on Monday, the ministry said.\n\nPARIS — a town in Texas — has none.";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        assert_eq!(found, [Caption, Dateline, Prose, Prose]);
        let text = "Dockers wait for work in the port of the capital.\n\nBy Jane Roe, Athens\n\nATHENS (AP) — Greece will reopen \
            its harbour.";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        assert_eq!(found, [Caption, Boilerplate, Dateline, Prose]);
        // Far inside an article a place before a dash is no dateline.
        let text = format!(
            "{}\n\nATHENS — Greece will reopen its harbour.",
            "The army left the town on Monday. ".repeat(20).trim()
        );
        assert!(roles(&text).iter().all(|(_, role)| *role == Prose));
    }

    #[test]
    fn who_speaks_in_a_talk_is_no_place() {
        let text = "SCHMIDT: We welcome the decision that was made.\nPOE: I do not know what they mean.";
        assert!(roles(text).iter().all(|(_, role)| *role == Role::Prose));
    }

    #[test]
    fn requests_to_the_reader_are_boilerplate() {
        use Role::*;
        let text = "The fund will sell its shares in coal companies.\nYou have 4 free articles left this month. Subscribe to \
            continue reading.\nWe value your privacy. By clicking Accept you agree to our terms. Google may use them.";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        assert_eq!(found, [Prose, Boilerplate, Boilerplate, Boilerplate, Boilerplate, Boilerplate]);
    }

    #[test]
    fn a_folded_mail_keeps_its_fields_and_list() {
        let text = "From: press@example.org\nSubject: Statement on Sudan\n\nDear all,\n\nplease find below what Foreign Minister \
            Anna Schmidt said\nin Berlin today. She will be there at 3 p.m. on\nTuesday.\n\n> \"We expect Sudan to improve its human \
            rights\n> record. It must let aid workers travel.\"\n\n- Sanctions were imposed in 1997.\n- It takes effect in July.\n\n-- \n\
            Press Office\n";
        let found: Vec<&str> = roles(text).iter().map(|r| r.0).collect();
        assert_eq!(
            found,
            [
                "From: press@example.org",
                "Subject: Statement on Sudan",
                "Dear all,",
                "please find below what Foreign Minister Anna Schmidt said\nin Berlin today.",
                "She will be there at 3 p.m. on\nTuesday.",
                "\"We expect Sudan to improve its human rights\n> record. It must let aid workers travel.\"",
                "- Sanctions were imposed in 1997.",
                "- It takes effect in July.",
                "--",
                "Press Office",
            ]
        );
    }

    proptest! {
        #[test]
        fn sentences_cover_the_text_in_order(text in "[\\PC\r\n.\"”> ]{0,300}") {
            let found = sentences(&text);
            let is_between = |text: &str| text.chars().all(|c| c.is_whitespace() || c == '>');
            let mut at = 0;
            for sentence in &found {
                prop_assert!(sentence.span.start >= at && sentence.span.end > sentence.span.start);
                prop_assert!(is_between(&text[at..sentence.span.start]));
                at = sentence.span.end;
            }
            prop_assert!(is_between(&text[at..]));
        }
    }
}
