//! Finds what the program of a web page leaves in its text: script, data for machines, and the time of the last change.

use std::sync::LazyLock;

use regex::Regex;

use super::patterns::pattern;

/// Whether a sentence is program code or data for machines, or has some of it: "mboxCreate('Politics');", "{"@type":"Review"".
pub(super) fn is_code(text: &str) -> bool {
    static CODE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)^[\w$]+(?:\.[\w$]+)*\(.*\);\s*$ | ^(?:var|let|const)\s+[\w$]+\s*=\s
            | \bfunction\s*\(\w*\)\s*\{ | \bdocument\.(?:getElement|createElement|write\()
            | \{\s?\x22@?\w+\x22\s?: | (?:\x22@?\w+\x22\s?:\s?[\x22\{\[].*){2}",
        )
    });
    // Nearly all sentences have none of these signs.
    text.contains(['{', '=', ';', ':']) && CODE.is_match(text)
}

/// Whether a sentence is only the time at which a page was changed: "Last updated at 2:18 PM on 30th December 2011."
pub(super) fn is_time_of_change(text: &str) -> bool {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?xi)^\W*(?:(?:last|first)\s+)?(?:updated|published|posted)\s+(?:(?:at|on)\s+)?
              \d{1,2}[:.]\d\d\s?(?:[ap]\.?m\b\.?)?[^.!?]{0,40}\W*$",
        )
    });
    TIME.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_data_are_told_from_sentences() {
        for text in [
            "mboxCreate('Example-Politics-Autoplay-Videos-In-Articles');",
            "var adUnits = new Object();",
            "page.queue.push(function () { document.getElementById(\"time\").innerHTML = ''; });",
            "Rating: 2.5/5{\"@context\":\"http://schema.org\",\"@type\":\"Review\"",
            "\"datePublished\":\"2017-07-20\",\"director\": {\"@type\":\"Person\",\"name\":\"Jane Roe\"",
        ] {
            assert!(is_code(text), "{text}");
        }
        for text in [
            "The firm (in Lyon); its rivals: none.",
            "The poster said \"Enough\": \"We go\" was the answer.",
            "Of the voters, those who said \"Yes\": 45 percent, \"No\": 50.",
            "Let x = 5, the teacher said.",
            "The function (of the court) is to judge; it did so.",
        ] {
            assert!(!is_code(text), "{text}");
        }
    }

    #[test]
    fn times_of_change_are_told_from_sentences() {
        for text in [
            "Last updated at 2:18 PM on 30th December 2011 .",
            "Updated 7:55 p.m.",
            "Posted at 9.30am on Monday",
        ] {
            assert!(is_time_of_change(text), "{text}");
        }
        for text in [
            "Last updated in 1998, the law says nothing of phones.",
            "Updated at 8:02 on Monday, the list of towns without power has more than four hundred names.",
            "Posted in Lyon, the soldiers left.",
        ] {
            assert!(!is_time_of_change(text), "{text}");
        }
    }
}
