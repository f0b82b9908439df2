//! Separates a message from the mail that it quotes or forwards, and from its signature.

use std::sync::LazyLock;

use regex::Regex;

/// The line above quoted mail: "On Mon, Jun 3, 2024 at 5:40 PM Tom Reed <tom@paper.example> wrote:".
static ATTRIBUTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*(?:>\s*)*On\s.{5,120}\bwrote:\s*$").expect("a valid pattern"));
/// The line above mail that a program copied.
static COPIED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(?:-+\s*(?P<original>original message)\s*-+|-+\s*forwarded message\s*-+|begin forwarded message:)\s*$")
        .expect("a valid pattern")
});
/// A field of the head of copied mail.
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*\*?(?:from|sent|date|to|cc|subject|reply-to)\*?:\s").expect("a valid pattern")
});

/// Longest text, in bytes, above mail that is forwarded. Behind a longer one stands mail that the forwarded mail answers.
const LONGEST_NOTE: usize = 600;

/// The text of a message without the mail below it that it answers, the head of mail that it forwards, and its signature
/// (behind a line `-- `, RFC 3676). What is left out is only that: where nothing else is left, the text is kept as it is.
/// Whether a message answers the mail below it or forwards it is not always seen in the text: `is_forward` says it.
pub fn own_text(text: &str, is_forward: bool) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let end = lines.iter().position(|line| *line == "-- ").unwrap_or(lines.len());
    let mut kept: Vec<&str> = Vec::new();
    let (mut at, mut length, mut has_text) = (0, 0, false);
    while at < end {
        let (line, rest) = (lines[at], &lines[at + 1..end]);
        let is_passed_on = is_forward && length <= LONGEST_NOTE;
        if let Some(found) = COPIED.captures(line) {
            // The answer stands above the mail that it answers.
            if found.name("original").is_some() && has_text && !is_passed_on {
                break;
            }
            at += 1 + fields(rest);
            continue;
        }
        if has_text && let Some(folds) = attribution(line, rest.first()) {
            let rest = &rest[folds..];
            let quoted = |line: &&&str| line.trim().is_empty() || line.trim_start().starts_with('>');
            let below = rest.iter().take_while(quoted).count();
            if rest[..below].iter().all(|line| line.trim().is_empty()) {
                break;
            }
            at += 1 + folds + below;
            continue;
        }
        // Outlook puts no line above the head of the mail that is answered.
        if (has_text || is_passed_on) && is_head(line, kept.last()) && fields(rest) >= 2 {
            while kept.last().is_some_and(is_rule) {
                kept.pop();
            }
            if !is_passed_on {
                break;
            }
            kept.push("");
            at += 1 + fields(rest);
            continue;
        }
        kept.push(line);
        length += line.len();
        has_text |= !line.trim().is_empty();
        at += 1;
    }
    let own = kept.join("\n").trim_matches('\n').trim_end().to_owned();
    if own.trim().is_empty() { text.to_owned() } else { own }
}

/// Whether a line begins the head of mail that is answered: "From: …" behind a blank line, a rule or nothing.
fn is_head(line: &str, before: Option<&&str>) -> bool {
    FIELD.is_match(line)
        && line.trim_start_matches([' ', '*']).starts_with("From")
        && before.is_none_or(is_rule)
}

/// Whether a line is blank, or only a rule of strokes.
fn is_rule(line: &&str) -> bool {
    line.trim().trim_matches(['_', '-']).is_empty()
}

/// How many more lines an attribution takes that begins in `line`, if one does: mail programs fold long ones.
fn attribution(line: &str, next: Option<&&str>) -> Option<usize> {
    if ATTRIBUTION.is_match(line) {
        return Some(0);
    }
    let next = next?.trim();
    let ends = next == "wrote:" || next.ends_with("> wrote:");
    (ends && ATTRIBUTION.is_match(&format!("{} {next}", line.trim_end()))).then_some(1)
}

/// How many lines are the head of copied mail: blank lines and fields up to the first other line.
fn fields(lines: &[&str]) -> usize {
    let head = lines.iter().take_while(|line| line.trim().is_empty() || FIELD.is_match(line)).count();
    if lines[..head].iter().any(|line| FIELD.is_match(line)) { head } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_message_itself_is_kept() {
        for (text, own) in [
            (
                "Nine men died.\n\nOn Mon, Jun 3, 2024 at 5:40 PM Tom Reed <t@p.example> wrote:\n> Seven men died.\n",
                "Nine men died.",
            ),
            ("Nine men died.\n\nOn Mon, Jun 3, 2024 Tom Reed wrote:\n\nSeven men died.\n", "Nine men died."),
            (
                "On 3 June Ann wrote:\n> Did they die?\nNine did.\n",
                "On 3 June Ann wrote:\n> Did they die?\nNine did.",
            ),
            ("Yes.\nOn 3 June 2024 Ann wrote:\n> Did they die?\nNine did.\n", "Yes.\nNine did."),
            (
                "See below.\n\n-------- Forwarded Message --------\nSubject: Strike\nFrom: x@y.z\n\nDockers left.\n-- \nPress Office",
                "See below.\n\nDockers left.",
            ),
            ("Begin forwarded message:\n\nFrom: x@y.z\nSubject: Strike\n\nDockers left.", "Dockers left."),
            ("Fine.\n\nFrom: A\nSent: Monday\nTo: B\nSubject: Strike\n\nOld text.", "Fine."),
            (
                "From: A\nSubject: Strike\nTo: B\n\nDear all, come.",
                "From: A\nSubject: Strike\nTo: B\n\nDear all, come.",
            ),
            (
                "Nine men died.\n\nOn Mon, Jun 3, 2024 at 5:40 PM Tom Reed <\nt@p.example> wrote:\n\n> Seven.\n",
                "Nine men died.",
            ),
            (
                "Nine men died.\nOn Mon, Jun 3, 2024 Tom Reed <t@p.example>\nwrote:\n\nSeven.",
                "Nine men died.",
            ),
            ("Fine.\n\n_____\nFrom: A\nSent: Monday\nTo: B\nSubject: Strike\n\nOld text.", "Fine."),
            ("> only quoted", "> only quoted"),
        ] {
            assert_eq!(own_text(text, false).trim_end(), own, "{text}");
        }
    }

    #[test]
    fn mail_that_is_forwarded_is_kept_without_its_head() {
        let long = "Nine men died. ".repeat(60);
        let answered =
            format!("From: A\nTo: B\nSubject: C\n\n{long}\n\nFrom: B\nTo: A\nSubject: C\n\nOld text.");
        for (text, own) in [
            (
                "FYI\n\n____\nFrom: A\nSent: Monday\nTo: B\nSubject: Strike\n\nDockers left.",
                "FYI\n\nDockers left.",
            ),
            ("From: A\nSent: Monday\nSubject: Strike\n\nDockers left.", "Dockers left."),
            ("FYI\n\n-----Original Message-----\nFrom: A\nTo: B\n\nDockers left.", "FYI\n\nDockers left."),
            (
                "From: A\nTo: B\nSubject: FW: C\n\nSee below.\n\nFrom: C\nTo: A\nSubject: C\n\nDockers left.",
                "See below.\n\nDockers left.",
            ),
            (answered.as_str(), long.trim_end()),
        ] {
            assert_eq!(own_text(text, true).trim_end(), own, "{text}");
        }
    }
}
