//! Paragraphs of a text: what stands on one line, or on several lines that only a fixed width made of it.
//!
//! Every line break is either an end or a **fold**: a place where the text went on to the next line because the line
//! was full. A blank line is always an end. Elsewhere three things decide, line by line: whether the next line's first
//! word would still have had room on this one, in what the line ends, and in what the next one begins. Headings,
//! lists, verse, addresses, fields (`Subject: …`) and tables stay lines.

use super::Span;
use super::boilerplate::{is_credit, is_notice};
use super::lines::{Kind, Line, lines};
use super::words::{first_word, has_finite_verb, has_verb};

/// Columns; wider lines are not folded, and narrower ones say nothing by their width.
const WIDEST: usize = 130;
const NARROWEST: usize = 30;
/// Lines within which items of a list stand.
const NEAR: usize = 6;
/// Columns by which indentation may differ inside a paragraph.
const SHIFT: usize = 8;

/// Spans of the paragraphs, in order, trimmed and not empty. Marks of quoted mail are in none of them but where a
/// paragraph is folded over them.
pub(super) fn paragraphs(text: &str) -> Vec<Span> {
    let lines = lines(text);
    let blocks: Vec<&[Line]> = lines
        .chunk_by(|a, b| !a.is_empty() && !b.is_empty() && a.quoted == b.quoted)
        .filter(|block| !block[0].is_empty())
        .collect();
    let usual = usual_width(&blocks);
    let mut found: Vec<Span> = Vec::new();
    for block in blocks {
        let block = Block::new(block, usual);
        for (number, line) in block.lines.iter().enumerate() {
            match found.last_mut() {
                Some(last) if number > 0 && block.is_fold(number - 1) => last.end = line.span.end,
                _ => found.push(line.span),
            }
        }
    }
    found
}

/// The width that the text seems to be folded at; `None` where nothing speaks for one.
fn usual_width(blocks: &[&[Line]]) -> Option<usize> {
    let pairs = blocks.iter().flat_map(|block| block.windows(2));
    let folds = pairs.filter(|pair| is_plain_fold(&pair[0], &pair[1]));
    let (count, width) = folds.fold((0, 0), |(count, width), pair| (count + 1, width.max(pair[0].width)));
    (count >= 2).then_some(width)
}

/// A line that breaks off, before one that begins in a small letter.
fn is_plain_fold(line: &Line, next: &Line) -> bool {
    (NARROWEST..=WIDEST).contains(&line.width)
        && next.width <= WIDEST
        && !line.closed
        && next.goes_on()
        && line.kind != Kind::Apart
        && next.kind == Kind::Plain
}

/// Lines without a blank one between them.
struct Block<'a> {
    lines: &'a [Line<'a>],
    /// Columns that a line may take; `None` where lines say nothing by their width.
    width: Option<usize>,
    /// Whether something speaks for its being folded at that width.
    folded: bool,
    /// Whether its lines begin in capitals more often than by chance: verse, an address, a list of names.
    listed: bool,
    /// The last line that ends like a sentence.
    last_closed: Option<usize>,
}

impl<'a> Block<'a> {
    fn new(lines: &'a [Line<'a>], usual: Option<usize>) -> Self {
        let own = lines.iter().map(|line| line.width).max().unwrap_or_default();
        let narrow = |usual: &usize| own * 10 < usual * 7;
        let width = usual.filter(narrow).unwrap_or(own);
        let width = (NARROWEST..=WIDEST).contains(&width).then_some(width);
        let alike = usual.is_some_and(|usual| own * 10 >= usual * 9 && own <= usual + usual / 10);
        let folded = alike || lines.windows(2).any(|pair| is_plain_fold(&pair[0], &pair[1]));
        let last_closed = lines.iter().rposition(|line| line.closed);
        let mut block = Self { lines, width, folded, listed: false, last_closed };
        let broken_off = lines[..lines.len() - 1].iter().any(|line| !line.closed);
        let full = own >= 50 && (1..lines.len()).all(|next| block.fits(next - 1, 0));
        block.listed = lines.len() >= 3
            && broken_off
            && !lines[1..].iter().any(Line::goes_on)
            && !full
            && !(alike && lines.len() < 5);
        block
    }

    /// Whether the next line's first word would have had no room on this one, give or take `slack` columns.
    fn fits(&self, line: usize, slack: usize) -> bool {
        let (line, next) = (&self.lines[line], &self.lines[line + 1]);
        let word = next.text.split_whitespace().next().unwrap_or_default().chars().count();
        self.width.is_some_and(|width| line.width + 1 + word + slack > width && line.width * 2 >= width)
    }

    /// Whether the break after a line is a fold.
    fn is_fold(&self, number: usize) -> bool {
        let (line, next) = (&self.lines[number], &self.lines[number + 1]);
        // Programs that fold for even edges leave some room.
        let fits = self.fits(number, self.width.unwrap_or_default() / 12);
        if self.is_end(number, fits && self.folded) {
            return false;
        }
        let hangs = matches!(line.kind, Kind::Item | Kind::Label) && next.indent > line.indent;
        if next.goes_on() {
            return fits || hangs || self.last_closed > Some(number);
        }
        if self.listed {
            return !line.closed && (hangs || (is_rest(line, next) && !next.opens()));
        }
        if line.closed {
            return fits && self.folded;
        }
        if next.opens() && !line.asks_for_more() {
            return false;
        }
        let headline = line.is_capitals() && next.is_capitals();
        let full = fits && (self.folded || self.lines.len() > 2 || headline);
        full || hangs || line.asks_for_more() || is_rest(line, next) || self.is_lone_rest(number)
    }

    /// Whether of two lines of which nothing else is known the first is no heading, but the beginning of the second.
    fn is_lone_rest(&self, number: usize) -> bool {
        let (line, next) = (&self.lines[number], &self.lines[number + 1]);
        let sentence = next.closed || self.lines.len() <= 3;
        let begun = has_finite_verb(line.text) && (next.closed || !has_verb(next.text));
        let headless = next.closed && !has_verb(next.text) && line.text.split_whitespace().nth(2).is_some();
        line.kind != Kind::Label && !first_word(next.text).is_empty() && sentence && (begun || headless)
    }

    /// Whether the break after a line is an end whatever it ends in. `full` lines may break off before what by its looks
    /// alone begins something.
    fn is_end(&self, number: usize, full: bool) -> bool {
        let (line, next) = (&self.lines[number], &self.lines[number + 1]);
        let begins = match next.kind {
            Kind::Apart => true,
            // "13. The decision" may be the rest of "on January".
            Kind::Item => line.closed || !full || self.has_item_near(number + 1),
            // "Guardian: …" may be the rest of "told the".
            Kind::Label => line.closed || !(full || line.asks_for_more()) || line.kind == Kind::Label,
            Kind::Plain => false,
        };
        begins
            || line.kind == Kind::Apart
            || line.width.max(next.width) > WIDEST
            || next.indent.abs_diff(line.indent) > SHIFT
            || (line.closed && next.indent > line.indent + 1 && line.kind != Kind::Item)
            || is_heading(line, next, number == 0 && !full)
            || is_credit(line.text)
            || (line.closed && is_notice(next.text))
    }

    fn has_item_near(&self, number: usize) -> bool {
        let near = &self.lines[number.saturating_sub(NEAR)..self.lines.len().min(number + NEAR)];
        near.iter().filter(|line| line.kind == Kind::Item).nth(1).is_some()
    }
}

/// Whether a line is a heading of what follows, by its capitals. Of `titles`, words in capitals but not of capitals only,
/// the next line must not go on.
fn is_heading(line: &Line, next: &Line, titles: bool) -> bool {
    let several = |line: &Line| line.text.split_whitespace().nth(1).is_some();
    let capitals = line.is_capitals() && !next.is_capitals() && several(line);
    let unlike = line.is_title_case() && !next.is_title_case() && !next.goes_on();
    let titled = titles && unlike && !line.closed && !line.asks_for_more();
    capitals || titled || (next.is_capitals() && !line.is_capitals() && several(next) && line.closed)
}

/// Whether a line can only be the rest of the one before it: that one ends in a word that asks for more, or has a verb
/// that this one has not although it ends like a sentence.
fn is_rest(line: &Line, next: &Line) -> bool {
    let broken_off = line.asks_for_more() && !line.text.ends_with([',', '–', '—']);
    broken_off
        || (next.closed
            && !first_word(next.text).is_empty()
            && has_finite_verb(line.text)
            && !has_verb(next.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The paragraphs, with "/" in place of each fold.
    fn folded(text: &str) -> Vec<String> {
        paragraphs(text)
            .into_iter()
            .map(|span| span.of(text).replace("\r\n", "\n").replace('\n', "/"))
            .collect()
    }

    #[track_caller]
    fn stays_lines(text: &str) {
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
    fn what_is_made_of_lines_stays_lines() {
        // One sentence a line.
        stays_lines(
            "France left Mali on Monday.\nThe army stayed in Niger.\nGermany will decide in May.\nNo date was given.",
        );
        // Headings.
        stays_lines("Allies to leave\nThey left on Monday.");
        stays_lines("Bank of England waits\nThe Bank of England left its rate alone.");
        stays_lines("Harbour Strike Ends in Piraeus\nDockers in Piraeus went back to work.");
        stays_lines("Soldiers leave Mali\nFrance says it must go.");
        stays_lines("HARBOUR STRIKE ENDS\nDockers in Piraeus went back to work.");
        stays_lines("By Jane Roe\nDockers in Piraeus went back to work.");
        // Lists.
        stays_lines("- Sanctions were imposed in 1997.\n- The decision takes effect in July.");
        stays_lines("1. Mali\n2. Niger\n3. Chad");
        stays_lines("• the army left the city\n• the mayor stayed\n• the bridge is closed");
        stays_lines("milk\nbread\nbutter");
        // Fields and turns of a talk.
        stays_lines(
            "From: press@example.org\nTo: all@example.org\nSubject: Statement on Sudan\nDate: 3 May 2020",
        );
        stays_lines("ANNA SCHMIDT: We welcome that.\nSAM POE: I do not know.\nANNA SCHMIDT: Why not?");
        stays_lines("BYLINE: Jane Roe\nLENGTH: 55 words\nLOAD-DATE: January 11, 2010");
        // Addresses, verse, tables, rules, signatures.
        stays_lines("The Example Post\n12 Harbour Street\nLondon SW1A 1AA\nUnited Kingdom");
        stays_lines(
            "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\nCould frame thy fearful symmetry?",
        );
        stays_lines("Town        Votes     Share\nBamako      1,200     40%\nGao           300     10%");
        stays_lines("Town\tVotes\nBamako\t1,200\nGao\t300");
        stays_lines("It ended on Monday.\n---\nThe army left.\n-- \nPress Office");
        // Names, one a line.
        stays_lines("Emmanuel Macron\nOlaf Scholz\nGiorgia Meloni\nPedro Sánchez");
    }

    #[test]
    fn items_of_a_list_may_be_folded() {
        let text = "The ministers agreed on this:\n\n- Sanctions that were imposed in 1997 and tightened in\n  2005 will be \
            lifted in July.\n- The government in Khartoum must let aid workers travel\n  to all parts of the country.";
        assert_eq!(folded(text).len(), 3, "{:?}", folded(text));
    }

    #[test]
    fn turns_of_a_talk_may_be_folded() {
        let text = "ANNA SCHMIDT: We welcome the decision of the United States to\nlift its sanctions, and we expect \
            that others will follow.\nSAM POE: When will that be, and what will the\nEuropean Union do?";
        assert_eq!(folded(text).len(), 2, "{:?}", folded(text));
    }

    #[test]
    fn lines_that_cannot_stand_alone_are_joined_whatever_stands_around_them() {
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
    fn quoted_mail_is_apart_from_what_is_said_to_it() {
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

        // The last word is too long for an abbreviation, whose full stop would end nothing.
        #[test]
        fn paragraphs_of_a_line_each_are_untouched(lines in prop::collection::vec("[A-Z][a-z]{2,9}( [A-Za-z]{2,9}){5,39} [a-z]{6,9}[.!?]", 1..9)) {
            let text = lines.join("\n");
            prop_assert_eq!(folded(&text), lines);
        }
    }
}
