//! Finds where sentences end inside a paragraph.
//!
//! The `sentencex` segmenter does most of it. Two of its errors are common in news and are corrected here: it never ends a
//! sentence after "May." (read as an abbreviated month), and it always ends one after "Ms." or "p.m." before a capital.

use std::sync::LazyLock;

use regex::Regex;

use super::Span;
use super::lines::{ends_like_a_sentence, is_title_case};
use super::patterns::pattern;
use super::quotations::without_stray_marks;
use super::words::{OPENERS, WEEKDAYS, first_word, last_word, short_with_capitals, with_capitals};

/// Spans of the sentences of a paragraph without folds. They follow each other without gaps and cover the whole text.
pub(super) fn boundaries(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let has_capitals = text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    let ends =
        |before: &str, after: &str| is_end(before, after) && !(has_capitals && begins_small(before, after));
    // The segmenter does not split between quotation marks; one without a partner would join all sentences behind it. It takes marks of
    // two kinds for no pair.
    let (mut cleaned, mixed) = without_stray_marks(text);
    let has_words =
        |from: usize, to: usize| text.get(from..to).is_some_and(|part| part.contains(char::is_alphanumeric));
    let is_quoted = |end: usize| {
        let next = mixed.get(mixed.partition_point(|quotation| quotation.end <= end));
        next.is_some_and(|next| has_words(next.start, end) && has_words(end, next.end))
    };
    // Nor does it split what it takes for an item of a list.
    if let Some(mark) = ITEM.find(&cleaned).map(|mark| mark.range()) {
        cleaned.to_mut().replace_range(mark.clone(), &" ".repeat(mark.len()));
    }
    for piece in sentencex::get_sentence_boundaries("en", &cleaned) {
        let span = Span::new(piece.start_byte, piece.end_byte);
        match found.last_mut() {
            Some(last)
                if is_number(last.of(text))
                    || is_quoted(last.end)
                    || !ends(&text[..last.end], &text[span.start..]) =>
            {
                last.end = span.end
            }
            _ => found.push(span),
        }
    }
    // A mark that opens a quotation belongs to the sentence behind it. A straight one opens it if a letter follows at once.
    for number in 1..found.len() {
        let piece = found[number - 1].of(text);
        let before = piece.trim_end();
        let touches =
            before.len() == piece.len() && found[number].of(text).starts_with(char::is_alphanumeric);
        let marks: &[char] = if touches { &['“', '‘', '"', '\''] } else { &['“', '‘'] };
        let bare = before.trim_end_matches(marks);
        if bare.len() < before.len() && bare.ends_with(char::is_whitespace) {
            let start = found[number - 1].start + bare.len();
            found[number - 1].end = start;
            found[number].start = start;
        }
    }
    if is_title_with_initials(text, &found) {
        return vec![Span::new(0, text.len())];
    }
    found.into_iter().flat_map(|span| split(text, span)).collect()
}

/// Whether a text is a title that was split only behind initials: "President Threatens The U.S. Again".
fn is_title_with_initials(text: &str, pieces: &[Span]) -> bool {
    static INITIALS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:\p{Lu}\.){2,}$"));
    let Some((_, inner)) = pieces.split_last() else { return false };
    !inner.is_empty()
        && inner.iter().all(|piece| INITIALS.is_match(piece.of(text).trim_end()))
        && !ends_like_a_sentence(text.trim_end())
        && is_title_case(text)
}

/// Marks that close a quotation.
const CLOSING: [char; 4] = ['"', '”', '\'', '’'];

/// The mark of a list item at the start of a paragraph.
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?:[•◦▪▫■□●○⁃◆◇★☆➤➢➣▶▸►]|\((?:\d{1,2}|[A-Za-z]|[ivxlcdmIVXLCDM]+)\))\s"));

/// Whether a small letter follows the end of a sentence, as where the lines of an old page were joined with full stops ("One. of
/// them"), also behind a dash ("Ann Poe, D-Mich. -- who won"). "iPhone" and "eBay" may begin a sentence.
fn begins_small(before: &str, after: &str) -> bool {
    let behind = after.trim_start();
    let behind = behind.strip_prefix("--").unwrap_or_else(|| behind.trim_start_matches(['–', '—']));
    let first = first_word(behind.trim_start());
    before.trim_end().trim_end_matches(CLOSING).ends_with(['.', '!', '?'])
        && first.starts_with(char::is_lowercase)
        && !first.contains(char::is_uppercase)
}

/// Whether a text is only the number of a list item: "1.", "b)".
fn is_number(piece: &str) -> bool {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\W*(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)]$"));
    NUMBER.is_match(piece.trim())
}

/// Abbreviations that stand before a name and do not end a sentence there. `entities` knows fewer of them: only those before names of
/// people.
const TITLES: &[&str] = &[
    "Mr", "Mrs", "Ms", "Dr", "Prof", "Sen", "Sens", "Rep", "Reps", "Gov", "Govs", "Gen", "Lt", "Col", "Capt",
    "Cpt", "Maj", "Sgt", "Cpl", "Pte", "Pvt", "Spc", "Cmdr", "Cdr", "Adm", "Rev", "Hon", "Amb", "Atty",
    "Insp", "Supt", "Det", "Cllr", "Messrs", "Mme", "Mlle", "Fr", "St", "Ste", "Mt", "Ft", "Pt", "Sts", "Md",
    "Smt", "Engr", "Ald", "Ofc",
];

/// How many bytes before a possible end are examined.
const TAIL: usize = 24;

/// Whether a sentence that the segmenter ended between `before` and `after` really ends there.
fn is_end(before: &str, after: &str) -> bool {
    static HOUR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?i:[ap]\.\s?m\.)\s*$"));
    static OF_AN_HOUR: LazyLock<Regex> = LazyLock::new(|| {
        let (days, short_days) = (with_capitals(&WEEKDAYS), short_with_capitals(&WEEKDAYS));
        pattern(&format!(
            r"^(?:{days}|(?:{short_days})\.|Jan|Feb|Mar|Apr|May \d|Jun|Jul|Aug|Sep|Oct|Nov|Dec|[ECMP]T\b|[A-Z]{{2,4}}T\b|UTC|Eastern|Central|Mountain|Pacific|[A-Z][a-z]+ [Tt]ime\b|Local [Tt]ime)",
        ))
    });
    static ABBREVIATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:approx|para|sect|chap|vols?|tel|ext|incl|excl|ca|circa|est|min|max|avg|(?-i:Nos?))\.$",
        )
    });
    // The segmenter takes these initials for degrees, eras and directions: "J.D. Vance", "B.C. Supreme Court", not "44 B.C. Caesar".
    static INITIALS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?:^|\D\s+|[(“‘\x22'])(?:A\.D|B\.[ACS]|C\.E|J\.D|M\.[ADS]|[NS]\.[EW])\.$")
    });
    // "“Go!” Trump tweeted."
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:he|she|they|I|we|(?:\p{Lu}[\p{L}.'’-]*\s+){0,3}\p{Lu}[\p{L}.'’-]*)\s+(?:said|says|asked|asks|added|tweeted|wrote|told|replied|shouted|continued|demanded)\b",
        )
    });
    // A paragraph may be megabytes long, and this runs at each possible end: only its last bytes are matched.
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(TAIL))..];
    // "LRN.FM", "N.Y.": no blank, and both parts in one letter case.
    let (last, first) = (last_word(before.trim_end_matches('.')), first_word(after));
    let glued = before.ends_with('.')
        && last.chars().all(char::is_uppercase)
        && (first.chars().all(char::is_uppercase)
            && (first.chars().count() > 1 || after[first.len()..].starts_with('.'))
            || first.starts_with(char::is_lowercase));
    let (bare, after) = (before.trim_end(), after.trim_start());
    let title = bare.strip_suffix('.').is_some_and(|bare| TITLES.contains(&last_word(bare)));
    let named = (title || INITIALS.is_match(bare))
        && after.starts_with(char::is_uppercase)
        && !OPENERS.contains(&first_word(after));
    let hour = HOUR.is_match(before) && OF_AN_HOUR.is_match(after);
    let asked = bare.ends_with(CLOSING)
        && bare.trim_end_matches(CLOSING).ends_with(['!', '?'])
        && SAID.is_match(after);
    let counted = after.starts_with(|c: char| c.is_ascii_digit()) && ABBREVIATED.is_match(bare);
    !(named || hour || counted || glued || asked)
}

/// Splits a sentence after words that the segmenter always takes for abbreviations ("in May. Theresa May said", "etc. He"),
/// after the number of a footnote ("the law.12 The court"), before a single quotation mark ("She came. 'I stay"), behind a sentence
/// in brackets, and on both sides of the name and date with which an embedded post ends ("We won — Jane Roe (@jroe) May 2, 2019
/// The mayor"), also where the blank behind it is lost.
fn split(text: &str, span: Span) -> Vec<Span> {
    // Months, and lower-case words that are more often words than abbreviations.
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:\b(?:May|Mar|Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|no|me|ill|ok|OK|id|art|ore|op|re|fig|add|ad|mo|ma|pa|mar|may|col|al|etc)\.[”’\x22')\]]*|\p{Ll}{2}[.!?][”’\x22']?(?:\d{1,3}|\[\d{1,3}\]))(\s+)[“‘\x22'(]?\p{Lu}|\p{Ll}{2}[.!?]['’]?(\s+)['‘]\p{Lu}",
        )
    });
    static END_OF_POST: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)(^|\s+)(?:
                (?:(?:https?://\S+|pic\.twitter\.com/\S+|[@\#]\w+)\s+)*[—–-]+\s*[^()@—–]{1,60}\(@\w+\)\s*
                (?:\p{L}+\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\.?\s+\p{L}+\s+\d{4})
              | A\s+(?:post|photo|video)\s+(?:shared|posted)\s+by\s+[^()]{1,60}\(@[\w.]+\)\s+on\s+
                \p{L}+\s+\d{1,2},\s+\d{4}\s+at\s+\d{1,2}:\d\d[ap]m\s+P[DS]T
              )(?:(\s+|$)|()\p{Lu})",
        )
    });
    static IN_BRACKETS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\s*\([^()]{1,400}\p{Ll}{2}[.!?][”’\x22']?\)(\s+)[“‘\x22'(]?\p{Lu}"));
    let sentence = span.of(text);
    let mut gaps: Vec<_> =
        WORD.captures_iter(sentence).filter_map(|found| found.get(1).or(found.get(2))).collect();
    gaps.extend(IN_BRACKETS.captures(sentence).and_then(|found| found.get(1)));
    if sentence.contains("(@") {
        for found in END_OF_POST.captures_iter(sentence) {
            let sides = [found.get(1), found.get(2), found.get(3)].into_iter().flatten();
            gaps.extend(sides.filter(|gap| gap.start() > 0 && gap.end() < sentence.len()));
        }
    }
    gaps.sort_by_key(|gap| gap.start());
    let mut open = OpenMarks::default();
    let mut done = 0;
    let mut ends = Vec::new();
    for gap in gaps {
        open.read(&sentence[done..gap.start()]);
        done = gap.start();
        if !open.is_inside() {
            ends.push(span.start + gap.end());
        }
    }
    ends.push(span.end);
    let starts = std::iter::once(span.start).chain(ends.clone());
    starts.zip(ends).map(|(start, end)| Span::new(start, end)).collect()
}

/// Counts the quotation marks and brackets that are open. A sentence that ends inside them does not end the one around them.
#[derive(Default)]
struct OpenMarks {
    straight: bool,
    curly: i32,
    brackets: i32,
}

impl OpenMarks {
    fn read(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '"' => self.straight = !self.straight,
                '“' => self.curly += 1,
                '”' => self.curly -= 1,
                '(' | '[' => self.brackets += 1,
                ')' | ']' => self.brackets -= 1,
                _ => {}
            }
        }
    }

    fn is_inside(&self) -> bool {
        self.straight || self.curly > 0 || self.brackets > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        boundaries(text).into_iter().map(|span| span.of(text).trim_end()).collect()
    }

    #[test]
    fn a_quotation_with_marks_of_two_kinds_is_not_split() {
        for text in [
            "\"Macron called us here. He called us all,” he said.",
            "“Macron called us here. He called us all,\" he said.",
        ] {
            assert_eq!(pieces(text), [text]);
        }
        let found = pieces("Macron left. \"Scholz came. He stayed.” Merkel left. It rained.");
        assert_eq!(found, ["Macron left.", "\"Scholz came. He stayed.”", "Merkel left.", "It rained."]);
    }

    #[test]
    fn months_words_and_abbreviations_may_end_a_sentence() {
        for (first, second) in [
            ("The vote will be held in May.", "Theresa May said that she was ready."),
            ("It starts in Sept.", "Macron said so."),
            ("They live in the U.S.", "The army left."),
            ("He left at 5 p.m.", "The army stayed."),
            ("He left at 5 p.m.", "Macron stayed."),
            ("It is made by Example Inc.", "The firm said so."),
            ("He said no.", "Macron said yes."),
            ("They came with me.", "Anna was late."),
            ("Tanks, guns, etc.", "Macron saw them."),
            ("She said: “We go.”", "Macron stayed."),
            ("\"It is over.\"", "Macron left."),
            ("The army left in 2019.", "12 soldiers stayed."),
            ("The town is quiet.", "2020 was worse than that."),
            ("Prices rose by 5%.", "10 shops closed."),
            ("The judge broke the law.12", "The court said so."),
            ("“It is the law.”[3]", "The court said so."),
            ("She said: 'I stay.", "'I always stay.'"),
            ("'I stay.'", "'And I go.'"),
            ("He told the paper.", "“We all stay.”"),
            ("he left paris.", "she stayed in rome."),
            ("He sold his.", "eBay bought it."),
            ("It is in B.C.", "The court said so."),
            ("He died in 44 B.C.", "Caesar was dead."),
            ("• The army left.", "The mayor stayed."),
            ("(1) The army left.", "The mayor stayed."),
            ("We won", "— Jane Roe (@jroe) May 2, 2019"),
            ("We won", "https://t.co/x pic.twitter.com/y — Jane Roe (@jroe) 2 May 2019"),
            ("— Jane Roe (@jroe) May 2, 2019", "The mayor won."),
            ("We won", "A post shared by Jane Roe (@jane.roe) on Jul 24, 2017 at 1:54am PDT"),
            ("(The firm has denied it.)", "The court said so."),
            ("(Sorry.)", "The court said so."),
        ] {
            assert_eq!(pieces(&format!("{first} {second}")), [first, second]);
        }
    }

    #[test]
    fn a_post_ends_also_where_the_blank_behind_it_is_lost() {
        for post in [
            "— Jane Roe (@jroe) May 2, 2019",
            "A post shared by Jane Roe (@jane.roe) on Jul 24, 2017 at 1:54am PDT",
        ] {
            assert_eq!(pieces(&format!("{post}The mayor won.")), [post, "The mayor won."]);
        }
    }

    #[test]
    fn an_opening_mark_without_partner_belongs_to_the_sentence_behind_it() {
        // Each paragraph of a long quotation begins with a mark; here the paragraphs were joined.
        let text = "\"We lost,\" she said on Monday. \"It is late. I blame nobody. \"We all stay,\" he said.";
        assert_eq!(
            pieces(text),
            [
                "\"We lost,\" she said on Monday.",
                "\"It is late.",
                "I blame nobody.",
                "\"We all stay,\" he said.",
            ]
        );
    }

    #[test]
    fn abbreviations_inside_a_sentence_do_not_end_it() {
        for text in [
            "On Jan. 13 the army left.",
            "No. 10 said that it would wait.",
            "Sen. Smith met Rep. Jones and Gov. Lee.",
            "She met Ms. Dickler and Mrs. Macron, Mr. Roe and Dr. Poe.",
            "J. Smith met J.K. Rowling and George W. Bush.",
            "Trump and his running mate J.D. Vance will speak.",
            "He was sentenced in B.C. Supreme Court.",
            "They beat a team of captain M.S. Dhoni and now lead.",
            "J. R. R. Tolkien met Samuel L. Jackson.",
            "The U.S. Senate and the U.N. Security Council met.",
            "They meet at 3 p.m. Monday in Paris.",
            "They meet at 3 p.m. GMT and again at 10 a.m. Eastern Time.",
            "They meet at 10 a.m. Beijing time in Paris.",
            "Apple Inc. Chief Executive Tim Cook said so.",
            "Finance Minister Smt. Nirmala Sitharaman met Md. Rahim and Engr. Khurram Dastgir.",
            "It starts at 3 p.m. CEST on Monday.",
            "They left St. Petersburg for Mt. Athos and Ft. Lauderdale.",
            "See p. 12 and approx. 20 others of Lt. Gov. Lee.",
            "“We leave in May. Theresa May stays,” he said.",
            "On May 5 they left, as in Art. 5 of the treaty.",
            "It is run by Liberty Radio, or LRN.FM, in Austin.",
            "Senate Leader Charles Schumer, D-N.Y., said no.",
            "It is fewer. than one. in ten of them.",
            "\"All is well!\" Trump tweeted.",
            "“Who?” Ann Poe asked us.",
            "The quiz show Jeopardy! returns on Monday.",
            "‘Don’t you see?’ the minister asked.",
            "It grew by 2.5 percent and cost $1.20 a share.",
            "Roe v. Wade and Smith vs. Jones are old.",
            "\"We are leaving. It is over,\" he said.",
            "\"No. 1, the army left the city.",
            "The army has beaten Rep. Ann Poe, D-Mich. -- who won the last vote in May -- and left.",
            "The bank – who would have thought it? – stays in the city.",
            "Minister To The People Of Mali: Never Threaten The U.S. Again",
            "1. First the army leaves.",
            "b) Then the city votes.",
        ] {
            assert_eq!(pieces(text), [text]);
        }
    }
}
