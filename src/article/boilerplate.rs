//! Finds **boilerplate**: text of a page that is not part of its article. It is links to other stories, credits and bylines,
//! and what is in `requests` and `link_lists`.

use std::sync::LazyLock;

use regex::Regex;

use super::newsroom::is_about_story;
use super::patterns::pattern;
use super::remains::{is_code, is_time_of_change};
use super::words::has_finite_verb;

/// Whether a line, sentence or paragraph starts like a link, credit or notice around an article, or is only a credit.
pub(super) fn is_notice(text: &str) -> bool {
    (OPENING.is_match(text) && !is_news_of_reporting(text))
        || CONTRIBUTED.is_match(text)
        || REPORTED_FROM.is_match(text)
        || LINK.is_match(text)
        || READ_MORE.is_match(text)
        || is_about_story(text)
        || is_code(text)
        || is_time_of_change(text)
        || is_credit(text)
}

/// "Reporting by the Guardian has shown it" is news, "Reporting by Jane Roe" a credit.
fn is_news_of_reporting(text: &str) -> bool {
    static REPORTING: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)^\W*(?:additional\s+)?(?:reporting|writing|editing)\s+by\b"));
    REPORTING.is_match(text) && has_finite_verb(text)
}

/// "Readers react to her resignation Read more": a link that ends with its label.
static READ_MORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[^.!?]{1,200}\b(?:Read|READ|See|SEE) (?:more|More|MORE)\s*(?:[»›→>]|\.\.\.|…)*$")
});

/// "More:U.S. vetoes resolution": a link whose label and headline have lost the blank between them.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\p{Lu}[\p{L}\d .,'’&-]{1,50}:[\p{Lu}\d'‘“][^.!?]{0,120}(?:\.[^.!?]{1,60}){0,4}[^.!?]$")
});

/// Whether a line inside an article is in capitals, as links to other stories are: "CLICK HERE TO GET THE APP".
pub(super) fn is_in_capitals(line: &str) -> bool {
    line.split_whitespace().nth(3).is_some()
        && line.contains(char::is_uppercase)
        && !line.contains(char::is_lowercase)
}

/// Whether a line is only a byline or a credit.
pub(super) fn is_credit(line: &str) -> bool {
    (CREDIT.is_match(line) && !is_aside(line))
        || (line.len() <= LONGEST_BYLINE && BYLINE.is_match(line))
        || is_end_of_post(line)
}

/// "(The firm has denied it.)" is news, "(This story has been updated.)" a notice.
fn is_aside(line: &str) -> bool {
    static OF_PAGE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:story|article|report\w*|edit\w*|publish\w*|photos?|views|writer|correct\w*|we|our)\b",
        )
    });
    line.starts_with('(')
        && line.trim_end_matches(['.', ')']).len() + 1 < line.len()
        && has_finite_verb(line)
        && !OF_PAGE.is_match(line)
}

/// Longest byline, in bytes. A longer text is an ordinary sentence.
const LONGEST_BYLINE: usize = 100;

static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^\W*(?:
          (?:read|see|watch|learn)\s+(?:more|also|next|now|here)\b | also\s+read\b | more\s+on\s+this\b
        | read\s+this\s*: | more\s*:\s | read\s+(?:the\s+full\s+\w+\.?$|or\s+share\b) | play\s+video\b | get\s+all\s+the\s+latest\s.{0,40}\bnews\b
        | related\s*(?:stories|articles|news|content|coverage)?\s*: | recommended\s*(?:for\ you)?\s*:
        | (?:watch|video|photo|photos|image|picture|cover|contributing|file\ photo|graphic|listen|update[ds]?|editor['’]s\ note)\s*:
        | (?:read|watch|must\s+read|now\s+watch|don['’]t\s+miss)\s*[|:]
        | (?:story|article)\s+continues\s+(?:below|after)\b | (?:skip\s+past|after)\s+newsletter\s+promotion\b
        | click\s+here\b | (?:video\s+)?scroll\s+down\s+(?:for|to)\b | sign\s+up\s+(?:for|to|here)\b | subscribe\s+(?:to|now|here|for|today)\b
        | follow\s+(?:us|@)\b? | follow\s.{2,60}\son\s+(?:twitter|facebook|instagram|linkedin|threads|bluesky|x)\b
        | skip\s+(?:twitter|facebook|instagram)\s+post\b | contact\s+us\s+at\b | \d+\s+of\s+\d+\s*:
        | (?:just\s+watched|replay\s+more\s+videos|must\s+watch)\b | add\s.{1,60}\sas\s+an\s+interest\b
        | (?:now\s+)?check\s+out\s.{2,60}\bvideos?\b | opinion\s*: | (?:the\s+)?(?:views|opinions)\s+expressed\b
        | (?:abstract|full\s+text)\W*$ | more\s+from\s[^.,!?]{2,40}\W*$
        | share\s+this\b | advertisement\b | copyright\s*(?:$|[^\p{L}\s]|(?:by|the)\b|(?-i:\p{Lu})) | ©
        | (?:additional\s+)?(?:reporting|writing|editing)\s+by\b | all\s+rights\s+reserved
        | (?:last\s+)?(?:published|posted|updated|created)\s*:
        | the\s+post\s.{1,200}\sappeared\s+first\s+on\b | selecting\s+\W?(?:i\s+)?(?:accept|agree)\b
        | enlarge\s+this\s+image\b | toggle\s+caption\b | media\s+playback\s+is\s+(?:un|not\s+)supported | (?:image|media)\s+(?:copyright|caption|source)\b
        | the\s+news\s+and\s+stories\s+that\s+matter | on\s+(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s.{0,80}(?:[<@]|\d:\d\d).{0,80}\bwrote:\s*$
        | (?:begin\s+)?forwarded\s+message\b | original\s+message\b | sent\s+from\s+my\b
        | this\s+(?:article|story)\s+(?:was|has\ been)\s+(?:originally\s+)?(?:published|updated|produced)\b
        )",
    )
});

/// "Associated Press writer Jane Roe in Athens contributed to this report."
static CONTRIBUTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^.{1,200}\bcontributed\s+(?:(?:to|reporting\s+to)\s+)?this\s+(?:report|story|article)(?:\s+from\s+(?-i:\p{Lu}).{1,120})?\W*$",
    )
});

/// "Roe reported from Athens. AP writer Ann Lee contributed from Rome, and Poe from Paris."
static REPORTED_FROM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)^(?:(?:\p{Lu}[\p{L}\p{M}\d.'’-]*|and|writers?|staff|in|of|for|the|correspondents?|reporters?)(?:,\s+|\s+))+
          (?:reported|contributed(?:\s+reporting)?)\s+from\s+\p{Lu}[\p{L}\p{M}.'’-]*
          (?:[,;]?\s+(?:\p{Lu}[\p{L}\p{M}.'’-]*|and|from))*\W*$",
    )
});

/// "(with wires)", "(AP)", "(Reporting by A; Editing by B)"
static CREDIT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[(\[][^()\[\]]{1,160}[)\]]\.?$"));

/// "By John Smith and Ann Lee for the Daily Mail", "By Jane Roe, Athens | 3 March 2017": only capitalised words, a few
/// lower-case words and a date. "By Friday the troops had left" is an ordinary sentence.
static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W*(?:(?:(?i:written|reported|story|words)\s+)?[Bb]y|BY|BYLINE:)(?:[\s.,|/–—-]+(?:\p{Lu}[\p{L}\p{M}.'’@-]*|and|for|in|of|the|at|de|von|van|bin|al|el|\d{1,2}|(?:19|20)\d\d))*[\s.,|]*$",
    )
});

/// Whether a line is only what an embedded post of a social network ends with: tags, links, its author and its date.
fn is_end_of_post(line: &str) -> bool {
    static END: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)^(?:\([^()]{1,80}\)\s+)?(?:(?:RT|[@\#]\w+:?|https?://\S+|pic\.twitter\.com/\S+)(?:\s+|$))*
              (?:[—–-]+\s*[^()@]{1,60}\(@\w+\)\s*(?:\p{L}+\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\.?\s+\p{L}+\s+\d{4})?(?:\s+Report)?\W*
              | A\s+(?:post|photo|video)\s+(?:shared|posted)\s+by\s[^()@]{1,60}\(@[\w.]+\)\s+on\s\p{L}+\s\d{1,2},\s\d{4}[^.!?]{0,30})?$",
        )
    });
    line.contains(['@', '#', '/']) && END.is_match(line)
}

#[cfg(test)]
mod tests {
    use super::super::requests::is_request;
    use super::*;

    #[test]
    fn requests_of_a_page_are_recognised() {
        for text in [
            "We value your privacy.",
            "We and our 812 partners store and access information on a device, such as cookies, and process personal data.",
            "You may click to consent to our processing as described above.",
            "Please read our Privacy Policy before you accept.",
            "You can change your choices at any time, and they will apply to this website only.",
            "This website uses cookies to give you the best experience.",
            "We use cookies to improve our service and to show you advertising.",
            "By clicking Accept you agree to our terms.",
            "By continuing to use this site, you consent to our cookie policy.",
            "Manage your cookie settings",
            "You have 4 free articles left this month.",
            "You have reached your limit of free articles.",
            "You've read your last free article.",
            "Subscribe to continue reading.",
            "To continue reading, please log in or create an account.",
            "Already a subscriber?",
            "Already have an account? Sign in here.",
            "This article is for subscribers only.",
            "This content is available to our paying members.",
            "Start your free trial today and cancel anytime.",
            "Get unlimited access to The Example Times for 1 euro a month.",
            "Become a member and support our journalism.",
            "Sign up for our daily newsletter.",
            "Get the morning briefing delivered straight to your inbox.",
            "Enter your email address to receive our newsletter.",
            "You can unsubscribe at any time.",
            "Please enable JavaScript to read this page.",
            "Thank you for subscribing!",
            "Support independent journalism and become a supporter.",
            "The post Ferry delays appeared first on Example Post.",
            "Selecting \"I Accept\" enables tracking technologies to support the purposes shown.",
            "Media playback is unsupported on your device Media caption The president tells reporters.",
            "Image copyright Reuters Image caption The student was returned in June.",
            "Get inside access to The Example by becoming a member.",
            "Let our news meet your inbox.",
            "On Mon, Jun 3, 2024 at 5:40 PM Tom Reed <tom@paper.example> wrote:",
            "Sent from my iPhone",
            "READ: The letter of the president to the speaker.",
            "Read | Ministers agree on a fund for the coast.",
            "NOW WATCH: How the port was built.",
            "Story continues below advertisement",
            "(This story has been updated.)",
            "Get all the latest news on the virus and more delivered daily to your inbox.",
            "'Good riddance': readers react to her resignation Read more",
            "Read this: ten countries to visit",
            "More: Scorned Parkland cop joins the debate",
            "USA TODAY poll:Narrow majority opposes removing the president, but opinion has moved within a week",
            "Read the full report.",
            "Contact us at editors@example.com.",
            "Skip Twitter post by @JaneRoe",
            "JUST WATCHED",
            "MUST WATCH Trump critic loses primary 02:08",
            "Add New York as an interest to stay up to date on the latest news.",
            "ABSTRACT.",
            "Opinion: A weakened group lashes out.",
            "NOW CHECK OUT The Daily Paper’s most recent videos:",
            "The opinions expressed by columnists are their own and do not represent the views of the paper.",
            "More from Marketplace Africa .",
            "1 of 2: Final photos from the funeral.",
            "Associated Press writer Ken Ritter in Las Vegas contributed to this report.",
            "Roe reported from Flagstaff, Ariz., and Poe from Nashville. Ann Lee contributed to this report from Salt Lake City.",
            "Wiseman and Superville reported from Washington.",
            "CNN's Ann O'Neill contributed reporting from Boston; Gearan, from Kano, Nigeria.",
            "VIDEO Scroll down to watch the president arrive in Rio de Janeiro.",
            "Last updated at 2:18 PM on 30th December 2011 .",
            "mboxCreate('Example-Politics-Autoplay-Videos-In-Articles');",
        ] {
            assert!(is_request(text) || is_notice(text), "{text}");
        }
    }

    #[test]
    fn news_about_subscriptions_and_cookies_is_not_boilerplate() {
        for text in [
            "Copyright law protects the work of artists.",
            "Reporting by the Guardian has shown that the firm lied.",
            "(The firm has denied it.)",
            "On Monday Trump wrote: “We leave the city.”",
            "The minister added: “We cannot accept the terms of the deal.”",
            "Netflix said that its subscribers could cancel at any time.",
            "The company lost 200,000 subscribers in the first quarter.",
            "Regulators fined Google over cookies that it placed on phones.",
            "“We use cookies to improve our service,” said Jane Roe.",
            "The newspaper has more than a million subscribers and a daily newsletter.",
            "The law lets users withdraw their consent.",
            "She baked cookies for the soldiers.",
            "They should read more.",
            "More from the coast will come on Monday, he said, and stay.",
            "Read the full report before you judge, he said.",
            "The minister left on Monday. Read more",
            "Get all the latest facts, the minister said.",
            "You can see the lake from the town.",
            "We left the city on Monday and you could hear the guns.",
            "The court agreed to the terms of the deal.",
            "Its partners process data in Ireland.",
            "The drought contributed to this year's bad harvest.",
            "Wiseman reported from Washington that the talks had failed.",
            "On Monday the troops left and a soldier wrote to his mother.",
        ] {
            assert!(!is_request(text) && !is_notice(text), "{text}");
        }
    }

    #[test]
    fn ends_of_posts_are_credits() {
        for line in [
            "— Donald J. Trump (@realDonaldTrump) April 8, 2018",
            "@paulkrugman @RBReich https://t.co/avimV0SU4t — Ro Khanna (@RoKhanna) January 2, 2019",
            "pic.twitter.com/h97gvVmtSZ — Be A King (@BerniceKing) 17 October 2019",
            "#PayGo https://t.co/WW3UaBs7vh",
            "— Justin Trudeau (@JustinTrudeau) October 22, 2019 Report",
            "(Credit: @PaulPoePhoto) pic.twitter.com/h97gvVmtSZ — Jim Roe (@jroe)",
            "A post shared by Jane Roe (@jane.roe) on Jul 24, 2017 at 1:54am PDT",
        ] {
            assert!(is_credit(line), "{line}");
        }
        for line in [
            "He wrote it on Twitter — Donald J. Trump (@realDonaldTrump) April 8, 2018",
            "@potus left Paris on Monday.",
            "A post shared by Jane Roe (@jroe) on Monday has angered the party. It was late.",
            "The address is https://example.org/a",
            "24/7",
        ] {
            assert!(!is_credit(line), "{line}");
        }
    }

    #[test]
    fn bylines_are_names_and_dates_only() {
        for byline in [
            "By Jane Roe, Athens",
            "By Jane Roe in Athens",
            "By JANE ROE | The Example Post | 3 January 2017",
            "By Jane Roe, Political Editor",
            "Written by Jane Roe",
        ] {
            assert!(is_credit(byline), "{byline}");
        }
        for sentence in
            ["By Friday the troops had left.", "By 2025 Mali will vote.", "By Lake Chad they wait."]
        {
            assert!(!is_credit(sentence), "{sentence}");
        }
    }
}
