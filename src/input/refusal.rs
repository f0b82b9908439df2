//! Recognises pages that a server sends instead of an article: errors, and checks for robots. Crawlers keep them under the
//! address of the article.

use std::sync::LazyLock;

use regex::Regex;

/// Longest text of such a page, in characters.
const LONGEST: usize = 1000;

/// Whether a page has the title of an error or of a check for robots, and little text.
pub fn is_refusal(title: &str, text: &str) -> bool {
    static TITLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)^\s*(?:
                (?:error\s+)?(?:40[0-9]|429|50[0-4])(?:[\s:–—-]+(?:error|forbidden|(?:page\s+)?not\s+found|unauthori[sz]ed
                    |access\s+denied|too\s+many\s+requests|bad\s+gateway|service\s+unavailable|internal\s+server\s+error))?
                | access\s+(?:to\s+this\s+(?:page|site)\s+(?:has\s+been\s+|is\s+)?)?denied
                | just\s+a\s+moment | attention\s+required | page\s+not\s+found | request\s+(?:blocked|rejected)
                | are\s+you\s+(?:a\s+)?(?:robot|human) | (?:please\s+)?verify\s+(?:that\s+)?you\s+are\s+(?:a\s+)?human
                | robot\s+check
            )[\s.!?…]*(?:\s[|–—-]\s.*)?$",
        )
        .expect("a valid pattern")
    });
    text.chars().count() <= LONGEST && TITLE.is_match(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_pages_with_such_a_title_are_refusals() {
        for title in [
            "Access Denied",
            "Access to this page has been denied.",
            "Just a moment...",
            "403 Forbidden",
            "Error 404: Page not found",
            "404",
            "Attention Required! | Cloudflare",
            "Page not found - The Harbour Times",
        ] {
            assert!(is_refusal(title, "You do not have permission to see it."), "{title}");
        }
        for title in [
            "Access denied to ferries in Lima",
            "Access denied: how ferries were kept out of Lima",
            "404 days at sea: how one crew waited",
            "Are you a robot? Courts disagree",
        ] {
            assert!(!is_refusal(title, "It rained."), "{title}");
        }
        assert!(!is_refusal("Access denied", &"It rained. ".repeat(100)));
    }
}
