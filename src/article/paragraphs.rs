//! Splits a text into paragraphs, also where a paragraph was wrapped to several lines.
//!
//! Every line break is either the end of a paragraph or a **fold**: a break that was made only because the line was
//! full. A blank line is always an end. For other breaks three things decide: whether the first word of the next line
//! would have fitted on this line, how this line ends, and how the next one starts. Headings, lists, verse, addresses,
//! fields (`Subject: …`) and tables are not joined.

use super::Span;
use super::boilerplate::{is_credit, is_notice};
use super::lines::{LineKind, TextLine, is_title_case, lines};
use super::words::{first_word, has_finite_verb, has_verb};

/// Widths, in columns, at which text is folded. Wider lines are not folded; the width of narrower ones is no evidence.
const WIDEST: usize = 130;
const NARROWEST: usize = 30;
/// How many lines before and after an item are searched for another item of its list.
const LIST_RADIUS: usize = 6;
/// By how many columns the indentation may differ inside a paragraph.
const MOST_SHIFT: usize = 8;

/// Spans of the paragraphs: in order, trimmed and not empty. Quote marks of mail are inside a paragraph only where they
/// belong to a fold.
pub(super) fn paragraphs(text: &str) -> Vec<Span> {
    let lines = lines(text);
    let blocks: Vec<&[TextLine]> = lines
        .chunk_by(|a, b| !a.is_empty() && !b.is_empty() && a.quoted == b.quoted)
        .filter(|block| !block[0].is_empty())
        .collect();
    let usual = usual_width(&blocks);
    let mut found: Vec<Span> = Vec::new();
    for block in blocks {
        let block = LineBlock::new(block, usual);
        for (number, line) in block.lines.iter().enumerate() {
            match found.last_mut() {
                Some(last) if number > 0 && block.is_fold(number - 1) => last.end = line.span.end,
                _ => found.push(line.span),
            }
        }
    }
    found
}

/// The width at which the text is folded, in columns; `None` if there is no evidence of one.
fn usual_width(blocks: &[&[TextLine]]) -> Option<usize> {
    let pairs = blocks.iter().flat_map(|block| block.windows(2));
    let folds = pairs.filter(|pair| is_plain_fold(&pair[0], &pair[1]));
    let (count, width) = folds.fold((0, 0), |(count, width), pair| (count + 1, width.max(pair[0].width)));
    (count >= 2).then_some(width)
}

/// Whether the break between two lines is certainly a fold: the first ends inside a sentence, the second starts in
/// lower case.
fn is_plain_fold(line: &TextLine, next: &TextLine) -> bool {
    (NARROWEST..=WIDEST).contains(&line.width)
        && next.width <= WIDEST
        && !line.ends_sentence
        && next.starts_mid_sentence()
        && line.kind != LineKind::Separate
        && next.kind == LineKind::Plain
}

/// Neighbouring lines without a blank line between them.
struct LineBlock<'a> {
    lines: &'a [TextLine<'a>],
    /// Columns that a full line has; `None` if the width is no evidence.
    width: Option<usize>,
    /// Whether there is evidence that it is folded at that width.
    folded: bool,
    /// Whether it seems to be verse, an address or a list of names: no line starts in lower case although lines end
    /// inside sentences.
    listed: bool,
    /// Number of the last line that ends a sentence.
    last_end: Option<usize>,
}

impl<'a> LineBlock<'a> {
    fn new(lines: &'a [TextLine<'a>], usual: Option<usize>) -> Self {
        let own = lines.iter().map(|line| line.width).max().unwrap_or_default();
        let narrow = |usual: &usize| own * 10 < usual * 7;
        let width = usual.filter(narrow).unwrap_or(own);
        let width = (NARROWEST..=WIDEST).contains(&width).then_some(width);
        let alike = usual.is_some_and(|usual| own * 10 >= usual * 9 && own <= usual + usual / 10);
        let folded = alike || lines.windows(2).any(|pair| is_plain_fold(&pair[0], &pair[1]));
        let last_end = lines.iter().rposition(|line| line.ends_sentence);
        let mut block = Self { lines, width, folded, listed: false, last_end };
        let broken_off = lines[..lines.len() - 1].iter().any(|line| !line.ends_sentence);
        let full = own >= 50 && (1..lines.len()).all(|next| block.is_full(next - 1, 0));
        block.listed = lines.len() >= 3
            && broken_off
            && !lines[1..].iter().any(TextLine::starts_mid_sentence)
            && !full
            && !(alike && lines.len() < 5);
        block
    }

    /// Whether a line is full: the first word of the next line would not have fitted, with a tolerance of `slack` columns.
    fn is_full(&self, line: usize, slack: usize) -> bool {
        let (line, next) = (&self.lines[line], &self.lines[line + 1]);
        let word = next.text.split_whitespace().next().unwrap_or_default().chars().count();
        self.width.is_some_and(|width| line.width + 1 + word + slack > width && line.width * 2 >= width)
    }

    /// Whether the break after a line is a fold.
    fn is_fold(&self, number: usize) -> bool {
        let (line, next) = (&self.lines[number], &self.lines[number + 1]);
        // Programs that balance line lengths leave some room.
        let full = self.is_full(number, self.width.unwrap_or_default() / 12);
        if self.is_end(number, full && self.folded) {
            return false;
        }
        let hanging = matches!(line.kind, LineKind::Item | LineKind::Label) && next.indent > line.indent;
        if next.starts_mid_sentence() {
            return full || hanging || self.last_end > Some(number);
        }
        if self.listed {
            return !line.ends_sentence && (hanging || (is_rest(line, next) && !next.starts_with_opener()));
        }
        if line.ends_sentence {
            return full && self.folded;
        }
        if next.starts_with_opener() && !line.is_unfinished() {
            return false;
        }
        let headline = line.is_capitals() && next.is_capitals();
        let full = full && (self.folded || self.lines.len() > 2 || headline);
        full || hanging || line.is_unfinished() || is_rest(line, next) || self.is_lone_rest(number)
    }

    /// Whether the next line continues this one, judged by their verbs only: this line is the start of a sentence, not
    /// a heading.
    fn is_lone_rest(&self, number: usize) -> bool {
        let (line, next) = (&self.lines[number], &self.lines[number + 1]);
        let sentence = next.ends_sentence || self.lines.len() <= 3;
        let begun = has_finite_verb(line.text) && (next.ends_sentence || !has_verb(next.text));
        let headless =
            next.ends_sentence && !has_verb(next.text) && line.text.split_whitespace().nth(2).is_some();
        line.kind != LineKind::Label && !first_word(next.text).is_empty() && sentence && (begun || headless)
    }

    /// Whether the break after a line is certainly an end. If the line is `full`, what looks like the start of an item
    /// or field may continue it.
    fn is_end(&self, number: usize, full: bool) -> bool {
        let (line, next) = (&self.lines[number], &self.lines[number + 1]);
        let begins = match next.kind {
            LineKind::Separate => true,
            // "13. The decision" may continue "on January".
            LineKind::Item => line.ends_sentence || !full || self.has_item_near(number + 1),
            // "Guardian: …" may continue "told the".
            LineKind::Label => {
                line.ends_sentence || !(full || line.is_unfinished()) || line.kind == LineKind::Label
            }
            LineKind::Plain => false,
        };
        begins
            || line.kind == LineKind::Separate
            || line.width.max(next.width) > WIDEST
            || next.indent.abs_diff(line.indent) > MOST_SHIFT
            || (line.ends_sentence && next.indent > line.indent + 1 && line.kind != LineKind::Item)
            || is_heading(line, next, number == 0 && !full)
            || is_credit(line.text)
            || (line.ends_sentence && is_notice(next.text))
    }

    /// Whether there are two items near a line, itself included.
    fn has_item_near(&self, number: usize) -> bool {
        let near =
            &self.lines[number.saturating_sub(LIST_RADIUS)..self.lines.len().min(number + LIST_RADIUS)];
        near.iter().filter(|line| line.kind == LineKind::Item).nth(1).is_some()
    }
}

/// Whether capitals tell that a paragraph ends between two lines: one is a heading or headline, the other is not.
/// `titles` says whether a line in title case may be a heading.
fn is_heading(line: &TextLine, next: &TextLine, titles: bool) -> bool {
    let several = |line: &TextLine| line.text.split_whitespace().nth(1).is_some();
    let capitals = line.is_capitals() && !next.is_capitals() && several(line);
    let unlike = is_title_case(line.text) && !is_title_case(next.text) && !next.starts_mid_sentence();
    let titled = titles && unlike && !line.ends_sentence && !line.is_unfinished();
    capitals || titled || (next.is_capitals() && !line.is_capitals() && several(next) && line.ends_sentence)
}

/// Whether `next` can only be the rest of `line`: `line` ends with a word that cannot end a sentence, or it has the
/// verb that `next` needs to be a sentence of its own.
fn is_rest(line: &TextLine, next: &TextLine) -> bool {
    let broken_off = line.is_unfinished() && !line.text.ends_with([',', '–', '—']);
    broken_off
        || (next.ends_sentence
            && !first_word(next.text).is_empty()
            && has_finite_verb(line.text)
            && !has_verb(next.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The paragraphs, with "/" for each fold.
    fn folded(text: &str) -> Vec<String> {
        paragraphs(text)
            .into_iter()
            .map(|span| span.of(text).replace("\r\n", "\n").replace('\n', "/"))
            .collect()
    }

    #[track_caller]
    fn is_not_joined(text: &str) {
        let lines: Vec<String> =
            text.lines().map(|line| line.trim().to_owned()).filter(|l| !l.is_empty()).collect();
        assert_eq!(folded(text), lines);
    }

    #[track_caller]
    fn is_one(text: &str) {
        assert_eq!(folded(text).len(), 1, "{:?}", folded(text));
    }

    #[test]
    fn two_lines_may_be_one_sentence() {
        for text in [
            "Ryan met Ada\nLovelace in London yesterday.",
            "Ryan met Ada\r\nLovelace in London yesterday.\r\n",
            "The army said that it would leave\nthe city on Monday.",
            "She works for the\nGuardian in London.",
            "The decision was made by the United\nNations last week.",
            "They were greeted by Mr.\nMacron in Paris.",
            "The talks with the U.S.\nSenate went on.",
            "Anna, Bill,\nClara and Dan came.",
            "He told the\nGuardian: “We are late.”",
            "It starts at 3 p.m.\non Tuesday.",
        ] {
            is_one(text);
        }
    }

    #[test]
    fn text_folded_at_any_width_is_joined() {
        let text = "Emmanuel Macron told reporters in Paris on Monday that France would withdraw its soldiers from Mali \
            before the end of the year, and that the United Nations had been told. The government in Bamako called the \
            decision a mistake. \"We were not asked,\" said Abdoulaye Maiga, who speaks for the ministers. Olaf Scholz, \
            the German chancellor, said that Germany would decide in May. No date was given for a vote in Berlin.";
        for width in [30, 40, 60, 72, 80, 100, 120] {
            let mut lines = vec![String::new()];
            for word in text.split_whitespace() {
                if lines.last().unwrap().len() + 1 + word.len() > width {
                    lines.push(String::new());
                }
                let line = lines.last_mut().unwrap();
                line.push_str(if line.is_empty() { "" } else { " " });
                line.push_str(word);
            }
            is_one(&lines.join("\n"));
            is_one(&lines.join("\r\n"));
            is_one(&lines.iter().map(|line| format!("> {line}\n")).collect::<String>());
            is_one(&lines.iter().map(|line| format!("   {line}\n")).collect::<String>());
            // A heading, and a second paragraph after a blank line or behind an indentation.
            let body = lines.join("\n");
            assert_eq!(folded(&format!("Troops to go\n{body}")).len(), 2, "{width}");
            assert_eq!(folded(&format!("{body}\n\n{body}")).len(), 2, "{width}");
            assert_eq!(folded(&format!("  {body}\n  {body}")).len(), 2, "{width}");
        }
    }

    #[test]
    fn a_short_last_line_ends_a_paragraph() {
        let text = "Anna Papadaki was asked to step down last night after a former minister\ncalled the port contract \
            a mistake.\nThe transport minister said she would stay in office until a new\ngovernment is formed.";
        assert_eq!(folded(text).len(), 2);
    }

    #[test]
    fn lines_that_are_no_wrapped_text_are_not_joined() {
        // One sentence a line.
        is_not_joined(
            "France left Mali on Monday.\nThe army stayed in Niger.\nGermany will decide in May.\nNo date was given.",
        );
        // Headings.
        is_not_joined("Allies to leave\nThey left on Monday.");
        is_not_joined("Bank of England waits\nThe Bank of England left its rate alone.");
        is_not_joined("Harbour Strike Ends in Piraeus\nDockers in Piraeus went back to work.");
        is_not_joined("Soldiers leave Mali\nFrance says it must go.");
        is_not_joined("HARBOUR STRIKE ENDS\nDockers in Piraeus went back to work.");
        is_not_joined("By Jane Roe\nDockers in Piraeus went back to work.");
        // Lists.
        is_not_joined("- Sanctions were imposed in 1997.\n- The decision takes effect in July.");
        is_not_joined("1. Mali\n2. Niger\n3. Chad");
        is_not_joined("• the army left the city\n• the mayor stayed\n• the bridge is closed");
        is_not_joined("milk\nbread\nbutter");
        // Fields and turns of a transcript.
        is_not_joined(
            "From: press@example.org\nTo: all@example.org\nSubject: Statement on Sudan\nDate: 3 May 2020",
        );
        is_not_joined("ANNA SCHMIDT: We welcome that.\nSAM POE: I do not know.\nANNA SCHMIDT: Why not?");
        is_not_joined("BYLINE: Jane Roe\nLENGTH: 55 words\nLOAD-DATE: January 11, 2010");
        // Addresses, verse, tables, rules, signatures.
        is_not_joined("The Example Post\n12 Harbour Street\nLondon SW1A 1AA\nUnited Kingdom");
        is_not_joined(
            "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\nCould frame thy fearful symmetry?",
        );
        is_not_joined("Town        Votes     Share\nBamako      1,200     40%\nGao           300     10%");
        is_not_joined("Town\tVotes\nBamako\t1,200\nGao\t300");
        is_not_joined("It ended on Monday.\n---\nThe army left.\n-- \nPress Office");
        // Names, one a line.
        is_not_joined("Emmanuel Macron\nOlaf Scholz\nGiorgia Meloni\nPedro Sánchez");
    }

    #[test]
    fn items_of_a_list_may_be_folded() {
        let text = "The ministers agreed on this:\n\n- Sanctions that were imposed in 1997 and tightened in\n  2005 will be \
            lifted in July.\n- The government in Khartoum must let aid workers travel\n  to all parts of the country.";
        assert_eq!(folded(text).len(), 3, "{:?}", folded(text));
    }

    #[test]
    fn turns_of_a_transcript_may_be_folded() {
        let text = "ANNA SCHMIDT: We welcome the decision of the United States to\nlift its sanctions, and we expect \
            that others will follow.\nSAM POE: When will that be, and what will the\nEuropean Union do?";
        assert_eq!(folded(text).len(), 2, "{:?}", folded(text));
    }

    #[test]
    fn lines_that_cannot_stand_alone_are_always_joined() {
        for (text, paragraphs) in [
            (
                "Q: When did you hear from Angela\nMerkel about this?\nA: I heard from her in May, when\nEmmanuel Macron was here.",
                2,
            ),
            ("'It is over,' said Anna\nPapadaki.\n'We are glad,' said Sam\nPoe.", 2),
            ("The talks ended.\rNobody said why they had gone to\rNew York.", 2),
            ("Emmanuel Macron visited Berlin\nand met Olaf\nScholz there on Tuesday", 1),
            (
                "Subject: A long subject that goes on about the\n United Nations in Geneva\nDate: 3 May 2020",
                2,
            ),
            ("# Strike ends\nDockers went back to work on Friday after the port\nauthority had paid.", 2),
        ] {
            assert_eq!(folded(text).len(), paragraphs, "{:?}", folded(text));
        }
    }

    #[test]
    fn headlines_in_capitals_may_be_folded() {
        let text = "UKRAINE SAYS IT SHOT DOWN TEN DRONES OVER KYIV AS THE UNITED\nNATIONS CALLS FOR TALKS\n\nUkraine said on \
            Monday that it had shot down ten drones over the\ncapital, and that nobody was hurt.";
        assert_eq!(folded(text).len(), 2, "{:?}", folded(text));
    }

    #[test]
    fn quoted_mail_and_the_answer_are_separate_paragraphs() {
        let text = "> The government said on Monday that it would send its soldiers home\n> before the end of the year.\nI do \
            not believe that, and neither does Ada\nLovelace, who knows.";
        assert_eq!(folded(text).len(), 2, "{:?}", folded(text));
    }

    proptest! {
        #[test]
        fn a_blank_line_is_always_an_end(text in "([A-Za-z.,:\"]{1,9}| |\n|\r\n|> |- ){0,80}") {
            let mut at = 0;
            for span in paragraphs(&text) {
                prop_assert!(at <= span.start && span.start < span.end && span.end <= text.len());
                prop_assert_eq!(span.of(&text).trim(), span.of(&text));
                prop_assert!(text[at..span.start].chars().all(|c| c.is_whitespace() || c == '>'));
                prop_assert!(lines(span.of(&text)).iter().all(|line| !line.is_empty()));
                at = span.end;
            }
            prop_assert!(text[at..].chars().all(|c| c.is_whitespace() || c == '>'));
        }

        // The last word is too long for an abbreviation, after which a full stop would end no sentence.
        #[test]
        fn paragraphs_of_one_line_each_are_kept(lines in prop::collection::vec("[A-Z][a-z]{2,9}( [A-Za-z]{2,9}){5,39} [a-z]{6,9}[.!?]", 1..9)) {
            let text = lines.join("\n");
            prop_assert_eq!(folded(&text), lines);
        }
    }
}
