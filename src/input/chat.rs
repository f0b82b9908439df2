//! Takes the times out of chats that WhatsApp exports as text: "[13/01/2017, 10:00:01] Jane Roe: It rained." White space takes
//! their place, so that positions in the file stay valid.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Least messages of a chat: fewer such lines may be part of another text.
const LEAST: usize = 3;

/// A chat without its times; any other text as it is. At least half of the lines of a chat begin with a time.
pub fn without_times(text: &str) -> Cow<'_, str> {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        let day = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?";
        let clock = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[ \u{a0}\u{202f}]?[AaPp]\.?[Mm]\.?)?";
        Regex::new(&format!(r"(?m)^\u{{200e}}?(?:\[{day} {clock}\]|{day} {clock} -) "))
            .expect("a valid pattern")
    });
    let messages = TIME.find_iter(text).count();
    if messages < LEAST || messages * 2 < text.lines().filter(|line| !line.trim().is_empty()).count() {
        return Cow::Borrowed(text);
    }
    TIME.replace_all(text, |found: &Captures| found[0].chars().map(|_| ' ').collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_chat_are_no_part_of_its_text() {
        for (first, second) in [
            ("[13/01/2017, 10:00:01] ", "\u{200e}[13/01/2017, 10:05:44] "),
            ("13.01.17, 10:00 - ", "1/13/17, 10:05\u{202f}PM - "),
        ] {
            let chat = format!(
                "{first}Jane Roe: It rained.\nAll day.\n{second}Tom: Yes: it did.\n{first}Ann: Hm.\n"
            );
            let found = without_times(&chat);
            assert_eq!(found.chars().count(), chat.chars().count());
            let lines: Vec<&str> = found.lines().map(str::trim_start).collect();
            assert_eq!(lines, ["Jane Roe: It rained.", "All day.", "Tom: Yes: it did.", "Ann: Hm."]);
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        let line = "[13/01/2017, 10:00:01] Jane Roe: It rained.\n";
        for text in
            [line.repeat(2), line.repeat(3) + &"It rained.\n".repeat(4), "13/01/2017: It rained.\n".repeat(3)]
        {
            assert_eq!(without_times(&text), text);
        }
    }
}
