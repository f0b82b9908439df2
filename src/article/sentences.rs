//! Splits an article into sentences and gives each a [`Role`].
//!
//! Headings, datelines, captions, "READ MORE" lines and agency credits are kept, because they name people and places.
//! Their role keeps them out of summaries.

use std::sync::LazyLock;

use regex::Regex;

use super::Span;
use super::boilerplate::{is_in_capitals, is_notice};
use super::boundaries::boundaries;
use super::captions::{is_caption, is_labelled, points_into_picture};
use super::dateline::{dateline, is_transcript, may_name_agency};
use super::folds::unfolded;
use super::lines::ends_like_a_sentence;
use super::link_lists::{closes_links, opens_links};
use super::newsroom::mark_author;
use super::paragraphs::paragraphs;
use super::patterns::pattern;
use super::requests::is_request;
use super::role::{Role, Sentence};
use super::words::{SAYING, WEEKDAYS};

/// Splits a text into sentences. They are in order, do not overlap, have no white space at their ends, and cover
/// everything but white space and the quote marks of mail before a line.
///
/// A sentence may contain folds; [`unfolded`] removes them.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let paragraphs = paragraphs(text);
    let transcript = is_transcript(paragraphs.iter().map(|span| span.of(text)));
    let mut found: Vec<Sentence> = Vec::new();
    let mut opening = Opening { words: 0, dated: false };
    for (paragraph, span) in paragraphs.into_iter().enumerate() {
        let body = unfolded(span.of(text));
        // Far inside of an article only an agency is looked for.
        let is_possible = opening.allows_dateline(true) || may_name_agency(&body);
        let dateline = is_possible
            .then(|| dateline(&body, transcript))
            .flatten()
            .filter(|found| opening.allows_dateline(found.certain) || found.has_agency);
        let length = dateline.map_or(0, |dateline| dateline.length);
        if length > 0 {
            if opening.allows_dateline(true) && is_standfirst(text, &found) {
                found.iter_mut().filter(|s| s.role == Role::Prose).for_each(|s| s.role = Role::Caption);
            }
            let place = Span::new(0, length).trimmed(&body).shifted(span.start);
            found.push(Sentence { span: place, role: Role::Dateline, paragraph });
            opening.dated = true;
        }
        let mut mine = split(&body, length, paragraph);
        if opening.words > 0 && is_in_capitals(&body) {
            let headings = mine.iter_mut().filter(|sentence| sentence.role == Role::Heading);
            headings.for_each(|sentence| sentence.role = Role::Boilerplate);
        }
        opening.words +=
            mine.iter().filter(|s| s.role == Role::Prose).map(|s| words(s.span.of(&body))).sum::<usize>();
        mine.iter_mut().for_each(|sentence| sentence.span = sentence.span.shifted(span.start));
        found.append(&mut mine);
    }
    mark_author(text, &mut found);
    found
}

/// The number of the sentence that holds a byte of the article, or of the next one where the byte stands between sentences; the
/// number of sentences where none follows.
pub fn sentence_at(sentences: &[Sentence], at: usize) -> usize {
    sentences.partition_point(|sentence| sentence.span.end <= at)
}

/// How much of an article has been read, which tells whether a dateline may still follow.
struct Opening {
    /// Words of prose so far.
    words: usize,
    /// Whether a dateline was found.
    dated: bool,
}

/// How many words of captions and standfirst may precede a dateline.
const LONGEST_OPENING: usize = 60;

impl Opening {
    /// Whether a dateline may be here: at the start of an article or, if its form is `certain`, after captions and a
    /// standfirst.
    fn allows_dateline(&self, certain: bool) -> bool {
        self.words == 0 || (certain && !self.dated && self.words <= LONGEST_OPENING)
    }
}

/// Whether the prose before a dateline may be captions and a standfirst: paragraphs of one sentence, two of them at most,
/// that report nothing. "The ministry said so on Monday." is the lead of an article without a dateline.
fn is_standfirst(text: &str, before: &[Sentence]) -> bool {
    let mut prose = before.iter().filter(|sentence| sentence.role == Role::Prose).peekable();
    let mut count = 0;
    while let Some(sentence) = prose.next() {
        count += 1;
        let several = prose.peek().is_some_and(|next| next.paragraph == sentence.paragraph);
        if several || count > 2 || reports(sentence.span.of(text)) {
            return false;
        }
    }
    true
}

/// Whether a sentence says who said something, or on what day something happened.
fn reports(sentence: &str) -> bool {
    static REPORTS: LazyLock<Regex> = LazyLock::new(|| {
        let days = WEEKDAYS.join("|");
        pattern(&format!(r"(?i)\b(?:{SAYING}|announced|warned|on\s+(?:{days}))\b"))
    });
    REPORTS.is_match(sentence)
}

/// The sentences of a paragraph without folds, from byte `start` on. Spans are relative to the paragraph.
fn split(body: &str, start: usize, paragraph: usize) -> Vec<Sentence> {
    let rest = &body[start..];
    let pieces = boundaries(rest);
    let several = pieces.len() > 1;
    // A heading is at most one sentence. A paragraph of several that ends without a full stop is no heading.
    let whole = whole_paragraph_role(rest.trim()).filter(|role| !(several && *role == Role::Heading));
    let mut found: Vec<Sentence> = Vec::new();
    for piece in pieces {
        let span = piece.shifted(start).trimmed(body);
        if span.start == span.end {
            continue;
        }
        let role = whole.unwrap_or_else(|| sentence_role(span.of(body)));
        // A closing quotation mark or bracket that was split off belongs to the sentence before it.
        let stray = span.of(body).chars().all(|c| "\"”’')]»".contains(c));
        match found.last_mut() {
            Some(last) if stray => last.span.end = span.end,
            _ => found.push(Sentence { span, role, paragraph }),
        }
    }
    // If at least half of the sentences, and two, are requests to the reader, the whole paragraph is boilerplate.
    let requests = found.iter().filter(|sentence| is_request(sentence.span.of(body))).count();
    if requests >= 2 && requests * 2 >= found.len() {
        found.iter_mut().for_each(|sentence| sentence.role = Role::Boilerplate);
    }
    // The headlines of a list of links look like sentences of their own.
    for at in 0..found.len() {
        if opens_links(found[at].span.of(body)) {
            let near = at..found.len().min(at + MOST_LINKS);
            let last = near.clone().find(|&end| closes_links(found[end].span.of(body))).unwrap_or(at);
            found[at..=last].iter_mut().for_each(|sentence| sentence.role = Role::Boilerplate);
        }
    }
    found
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Most sentences of a list of links in the middle of a paragraph.
const MOST_LINKS: usize = 6;

/// Longest paragraph, in words, that can be boilerplate as a whole. In a longer one each sentence gets its own role.
const LONGEST_BOILERPLATE: usize = 40;

/// The role of a whole paragraph; none where each sentence has its own.
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
    if is_labelled(paragraph) || points_into_picture(paragraph) {
        return Some(Role::Caption);
    }
    // A short question that is its own paragraph ("Why are Western troops in Mali?") is a heading.
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
    fn captions_with_a_label_are_marked() {
        use Role::*;
        let text = "The army left.\n\nRemote spot: Officers stand watch near the site of the mass grave on the outskirts of the small \
            town in Mexico\n\nIt was late.";
        assert_eq!(roles(text).iter().map(|r| r.1).collect::<Vec<_>>(), [Prose, Caption, Prose]);
    }

    #[test]
    fn bylines_are_boilerplate() {
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
    fn links_between_paragraphs_are_boilerplate() {
        use Role::*;
        let text = "NATO LEAVES THE CITY TODAY\n\nThe army left the city on Monday.\n\nMore:Senate votes on Jerusalem\n\n\
                    CLICK HERE TO GET THE FOX NEWS APP\n\nWHAT NOW\n\nANNA SCHMIDT:We welcome the decision. It was late.";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        assert_eq!(found, [Heading, Prose, Boilerplate, Boilerplate, Heading, Prose, Prose]);
    }

    #[test]
    fn a_list_of_links_behind_a_name_is_boilerplate_up_to_its_end() {
        use Role::*;
        let text = "Sen. Mitt Romney Willard (Mitt) Mitt RomneyJon Huntsman expected to run for governor in Utah. \
                    A poll says why. He is ahead MORE (R-Utah) voted for it. The bill passed on Monday.";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        assert_eq!(found, [Boilerplate, Boilerplate, Boilerplate, Prose]);
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
    fn a_dateline_after_a_caption_or_standfirst_is_cut_off() {
        use Role::*;
        let text = "A photograph shows the fish market in Piraeus last year.\n\nATHENS — Greece will reopen its largest harbour \
            on Monday, the ministry said.\n\nPARIS — a town in Texas — has none.";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        assert_eq!(found, [Caption, Dateline, Prose, Prose]);
        let text = "Dockers wait for work in the port of the capital.\n\nBy Jane Roe, Athens\n\nATHENS (AP) — Greece will reopen \
            its harbour.";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        assert_eq!(found, [Caption, Boilerplate, Dateline, Prose]);
        let text = "FILE - In this Sept. 5, 2018, file photo, Jane Roe speaks in Lyon. The port was closed on Monday.";
        assert!(roles(text).iter().all(|(_, role)| *role == Caption));
        // Far inside an article a place before a dash is no dateline.
        let text = format!(
            "{}\n\nATHENS — Greece will reopen its harbour.",
            "The army left the town on Monday. ".repeat(20).trim()
        );
        assert!(roles(&text).iter().all(|(_, role)| *role == Prose));
    }

    #[test]
    fn a_last_paragraph_about_the_author_is_boilerplate() {
        let story = "The port will reopen on Monday.\n\nIt was closed in May.\n\nAnn Poe leads the port.\n\n";
        let last = |end: &str| roles(&format!("{story}{end}")).pop().map(|(_, role)| role);
        assert_eq!(
            last("Jane Roe is a columnist for The Example Times. She lives in Lyon."),
            Some(Role::Boilerplate)
        );
        assert_eq!(last("Ann Poe is the director of the port. She lives in Lyon."), Some(Role::Prose));
    }

    #[test]
    fn the_lead_before_a_late_dateline_is_prose() {
        use Role::*;
        let text = "Norway will ban cod fishing from June, the government said on Monday.\n\nOSLO — Fishermen protested in the harbour.";
        let found: Vec<Role> = roles(text).iter().map(|r| r.1).collect();
        assert_eq!(found, [Prose, Dateline, Prose]);
        let brief =
            "Soldiers left the town after a week of fighting in which many houses were destroyed. ".repeat(3);
        let text = format!("ATHENS (AP) — {}\n\nCAIRO (AP) — Egypt's navy sank a boat.", brief.trim());
        let found: Vec<Role> = roles(&text).iter().map(|r| r.1).collect();
        assert_eq!(found, [Dateline, Prose, Prose, Prose, Dateline, Prose]);
    }

    #[test]
    fn a_speaker_in_a_transcript_is_no_dateline() {
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
