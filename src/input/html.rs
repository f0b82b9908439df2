//! Extracts the article of a web page: its main text, found by `dom_smoothie` (a port of Mozilla's Readability), or its text
//! in JSON-LD or in the state that the page hands to its scripts.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability, TextMode};
use regex::Regex;
use std::sync::LazyLock;

use super::json_ld::JsonLd;
use super::meta::Head;
use super::only_article::{self, letters};
use super::refusal::is_refusal;
use super::state;
use super::surroundings::{remove_consent, remove_surroundings};
use crate::article::{Article, collapsed, is_invisible, is_request};

/// Most elements inside each other. Readability's time grows with the square of the depth or more: a page of 100 kB made
/// for that purpose would take minutes. Browsers stop at 512.
const DEEPEST: usize = 1000;

/// The warning for a page that is not free to read.
const NOT_FREE: &str = "the page says that it is not free to read, so the text may be only its beginning";
/// The warning for a page that a server sent instead of an article.
const NO_ARTICLE: &str =
    "the page seems to be an error or a check for robots that was sent instead of the article";

/// Why a page is not read.
const NOTHING_FOUND: &str = "no article was found in this page; if a script puts its text there, open the page in a \
                             browser, and save it from there";

/// A text with so many characters Readability takes for an article; of shorter ones it is not sure.
const SURE: usize = 500;

/// How many times as many letters as the text that is shown the one in the state of the page has, at least.
const MANY_TIMES: usize = 2;

/// The article of a page, with `id`: without navigation, advertisements, comments and requests to agree to cookies; one
/// paragraph a line. Where the text in JSON-LD is longer, it is taken instead. `markup` is the page.
///
/// # Errors
/// When the page has no article, or too many elements inside each other.
pub fn extract(id: &str, markup: &str) -> Result<Article, String> {
    let page = Document::from(markup);
    if is_too_deep(&page.root()) {
        return Err(format!("has more than {DEEPEST} elements inside each other, which no article has"));
    }
    let declared = JsonLd::of(&page);
    let head = Head::of(&page);
    let page_title = collapsed(&page.select_single("title").text());
    remove_consent(&page);
    remove_surroundings(&page);
    // The library breaks no line around these.
    page.select("figcaption").append_html("<br>");
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let found = Readability::with_document(page, None, Some(config)).and_then(|mut page| page.parse());
    let known =
        |value: Option<String>| value.map(|value| visible(&value)).filter(|value| !value.trim().is_empty());
    let shown = found.as_ref().map(|found| visible(&found.text_content)).unwrap_or_default();
    let in_json = declared.body.as_deref().map(visible).unwrap_or_default();
    let is_paid = declared.is_paid || asks_to_pay(&shown);
    // What a page hides from readers who do not pay is replaced by requests to pay.
    let whole =
        if shown.chars().count() < SURE && !is_paid { only_article::text(markup, &shown) } else { None };
    let is_paid = is_paid || whole.as_deref().is_some_and(asks_to_pay);
    let shown = whole.map_or(shown, |text| visible(&text));
    let text = if is_longer(&in_json, &shown, is_paid) { in_json } else { shown };
    let stated = if text.chars().count() < SURE { state::article(markup) } else { None };
    let stated = stated.filter(|stated| letters(&stated.text) >= MANY_TIMES * letters(&text));
    let (headline, text) =
        stated.map_or((None, text), |stated| (Some(stated.headline), visible(&stated.text)));
    if text.trim().is_empty() {
        return Err(NOTHING_FOUND.into());
    }
    let found = found.ok();
    let (title, source, url, published) = found
        .map(|found| (Some(found.title), found.site_name, found.url, found.published_time))
        .unwrap_or_default();
    // Where Readability finds nothing, it gives no title, either.
    let title = known(title).or_else(|| known(declared.headline)).or_else(|| known(headline));
    let title = title.or_else(|| known(Some(page_title)));
    let is_refused = title.as_deref().is_some_and(|title| is_refusal(title, &text));
    let warnings = [(is_paid, NOT_FREE), (is_refused, NO_ARTICLE)];
    Ok(Article {
        id: id.into(),
        title,
        source: known(source).or_else(|| known(declared.publisher)),
        url: known(url).or(known(declared.url)).or(known(head.url)),
        published: known(published).or(known(declared.published)).or(known(head.published)),
        text,
        warnings: warnings.into_iter().filter(|(is_so, _)| *is_so).map(|(_, said)| said.to_owned()).collect(),
    })
}

/// Text without invisible characters, such as soft hyphens, which mark where a word may be divided.
fn visible(text: &str) -> String {
    text.chars().filter(|&c| !is_invisible(c)).collect()
}

/// Whether the text in JSON-LD is longer than the one that the page shows. The shown text has paragraphs, so it is kept
/// unless the other is more than a tenth longer; where a part of it is hidden, any more is enough.
fn is_longer(in_json: &str, shown: &str, hidden: bool) -> bool {
    let requests = if hidden { shown.lines().filter(|line| is_request(line)).map(letters).sum() } else { 0 };
    let (in_json, shown) = (letters(in_json), letters(shown) - requests);
    in_json > if hidden { shown } else { shown + shown / 10 }
}

/// Whether a line of the text asks the reader to pay for the rest.
fn asks_to_pay(text: &str) -> bool {
    static REST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:(?:subscribe|log\s+in|sign\s+in|register|join)\b[^.!?\n]{0,60}\bto\s+(?:continue|keep|finish)\s+reading|to\s+(?:continue|keep)\s+reading,?\s+(?:please\s+)?(?:subscribe|log|sign|register|join)|this\s+(?:article|story|content)\s+is\s+(?:\w+\s+)?(?:for|available\s+to|reserved\s+for|exclusive\s+to)\s+(?:\w+\s+)?(?:subscribers|members))\b")
            .expect("a valid pattern")
    });
    text.lines().any(|line| REST.is_match(line) && is_request(line))
}

/// Whether more than [`DEEPEST`] elements are inside each other. Without recursion, since the page may be deeper than the
/// stack.
fn is_too_deep(root: &NodeRef) -> bool {
    let (mut node, mut depth) = (*root, 0);
    loop {
        if let Some(child) = node.first_child() {
            (node, depth) = (child, depth + 1);
            if depth > DEEPEST {
                return true;
            }
            continue;
        }
        while node.next_sibling().is_none() {
            match node.parent() {
                Some(parent) if depth > 0 => (node, depth) = (parent, depth - 1),
                _ => return false,
            }
        }
        node = node.next_sibling().expect("the loop ended because there is one");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_article_is_extracted() {
        let body = "France said on Thursday that it would withdraw its soldiers from Mali. ".repeat(6);
        let page = format!(
            "<html><head><title>Allies leave &amp; go</title><script>evil()</script></head><body><nav><a href=x>Home</a></nav>\
             <article><h1>Allies leave</h1><p>{body}</p><p>{body}</p></article><footer>About us</footer></body></html>"
        );
        let article = extract("a", &page).unwrap();
        assert_eq!(article.title.as_deref(), Some("Allies leave & go"));
        assert!(article.text.contains("withdraw its soldiers"));
        for gone in ["evil", "Home", "About us", "<p>"] {
            assert!(!article.text.contains(gone), "{gone}");
        }
    }

    #[test]
    fn a_page_that_is_nested_too_deep_is_refused() {
        let page =
            |depth: usize| format!("<p>{}</p>{}word", "A sentence. ".repeat(50), "<div>".repeat(depth));
        assert!(extract("a", &page(20_000)).unwrap_err().contains("inside each other"));
        assert!(extract("a", &page(500)).is_ok());
    }

    #[test]
    fn a_page_tells_its_address_and_date_in_many_ways() {
        for (head, url, date) in [
            ("<link rel=canonical href='https://example.org/1'>", Some("https://example.org/1"), None),
            (
                "<link rel=canonical href='/1'><meta property='og:url' content='https://example.org/2'>",
                Some("https://example.org/2"),
                None,
            ),
            (
                "<meta name='article:published_time' content='2024-05-01T10:00:00Z'>",
                None,
                Some("2024-05-01T10:00:00Z"),
            ),
            ("<meta name='date' content='2024-05-01'>", None, Some("2024-05-01")),
        ] {
            let page = format!(
                "<html><head><title>Fund</title>{head}</head><body><article><p>{BODY}</p><p>{BODY}</p></article></body></html>"
            );
            let article = extract("a", &page).unwrap();
            assert_eq!((article.url.as_deref(), article.published.as_deref()), (url, date), "{head}");
        }
    }

    #[test]
    fn hidden_text_and_boxes_for_newsletters_are_no_part_of_the_article() {
        let page = format!(
            "<title>Fund</title><article><h1>Fund</h1><p>Boeing<span style='clip:rect(0 0 0 0);height:1px'>, opens new tab</span> \
             agreed. {BODY}</p><div class='newsletter-signup'><h3>Sign up</h3><p>Get set for the working day with our mail.</p></div>\
             <p>{BODY}</p></article>"
        );
        let text = extract("a", &page).unwrap().text;
        assert!(text.contains("Boeing agreed.") && !text.contains("working day"), "{text}");
    }

    #[test]
    fn the_bar_of_an_archive_is_no_part_of_the_article() {
        let bar = "<div id='wm-ipp-base' lang='en'><div id='wm-ipp'><p>COLLECTED BY Organization: Alexa Crawls. Starting in 1996, \
            Alexa Internet has been donating their crawl data to the Internet Archive.</p></div></div>";
        let page = format!(
            "<title>Fund</title><body>{bar}<article><h1>Fund</h1><p>{BODY}</p><p>{BODY}</p></article></body>"
        );
        let text = extract("a", &page).unwrap().text;
        assert!(text.contains("Stockholm") && !text.contains("Alexa"), "{text}");
    }

    #[test]
    fn the_foot_of_a_page_is_never_its_article() {
        let foot = "<header><nav><a href=x>Home</a></nav></header><footer><p>© 2026 The Harbour Times. All rights reserved.</p></footer>";
        let error = extract("a", &format!("<title>Strike</title>{foot}<div id=app></div>")).unwrap_err();
        assert!(error.contains("save it from there"), "{error}");
        let state = format!(
            "<script id=state type='application/json'>{{\"title\": \"Strike ends\", \"body\": [\"{BODY}\", \"{BODY}\"]}}</script>"
        );
        let article =
            extract("a", &format!("<title>Strike ends | The Paper</title>{foot}<div id=app></div>{state}"))
                .unwrap();
        assert_eq!(
            (article.title.as_deref(), article.text),
            (Some("Strike ends"), format!("{BODY}\n\n{BODY}"))
        );
        let captions = format!("<figure><img src=x><figcaption>{BODY}</figcaption></figure>").repeat(3);
        let page =
            format!("<title>Strike</title>{foot}<main><article><h1>Strike</h1>{captions}</article></main>");
        let article = extract("a", &page).unwrap();
        assert_eq!(article.title.as_deref(), Some("Strike"));
        let text = article.text;
        assert!(text.matches("Stockholm").count() == 3 && !text.contains("rights"), "{text}");
        assert!(!text.contains("asked for one.The"), "each caption is on a line of its own: {text}");
    }

    #[test]
    fn a_page_that_was_sent_instead_of_the_article_has_a_warning() {
        let text = "You do not have permission to see this page on our server.";
        let page = format!("<title>Access Denied</title><h1>Access Denied</h1><p>{text}</p>");
        assert_eq!(extract("a", &page).unwrap().warnings, [NO_ARTICLE]);
    }

    const BODY: &str = "The finance ministry in Stockholm said on Monday that the fund would sell its shares. It gave no date for \
        the sale, and the opposition asked for one.";

    #[test]
    fn invisible_characters_are_removed() {
        let body = format!(
            "Angela Mer&shy;kel met Em&shy;manuel Macron in Ber&shy;lin and Bo&#8203;ris John&#8288;son. {BODY} {BODY}"
        );
        let page = format!("<title>Ber&shy;lin</title><article><p>{body}</p><p>{BODY}</p></article>");
        let article = extract("a", &page).unwrap();
        assert_eq!(article.title.as_deref(), Some("Berlin"));
        assert!(
            article.text.starts_with("Angela Merkel met Emmanuel Macron in Berlin and Boris Johnson."),
            "{}",
            article.text
        );
    }

    #[test]
    fn requests_to_agree_to_cookies_are_removed() {
        let asks = "<p>We value your privacy. We and our 812 partners store and access information on a device, such as cookies. \
            You may click to consent to our processing as described above. You can change your choices at any time, and \
            Google may use them.</p>";
        for opening in [
            "<div id='consent'>",
            "<div class='cookie-banner fixed'>",
            "<section id='onetrust-banner-sdk'>",
            "<dialog class='gdpr'>",
        ] {
            let closing = opening[1..].split([' ', '>']).next().unwrap();
            let page = format!(
                "<title>Fund</title>{opening}{}</{closing}><article><p>{BODY}</p><p>{BODY}</p></article>",
                asks.repeat(4)
            );
            let text = extract("a", &page).unwrap().text;
            assert!(!text.contains("privacy") && !text.contains("Google"), "{opening}: {text}");
            assert!(text.contains("Stockholm"), "{text}");
        }
        // An article about cookies is kept.
        let body = "Regulators fined Google over cookies that it placed on phones. The law asks for consent before that. ";
        let page = format!(
            "<title>Cookies</title><div class='post tag-cookies'><p>{0}</p><p>{0}</p></div>",
            body.repeat(3)
        );
        assert!(extract("a", &page).unwrap().text.contains("Regulators"));
    }

    fn linked(json: &str, shown: &str) -> Result<Article, String> {
        extract(
            "a",
            &format!(
                "<title>Fund</title><script type='application/ld+json'>{json}</script><article><p>{shown}</p></article>"
            ),
        )
    }

    #[test]
    fn a_paid_page_has_a_warning_and_its_text_in_json_is_taken() {
        let json = format!(
            r#"{{"@type": "NewsArticle", "isAccessibleForFree": false, "articleBody": "{BODY} Merkel said more."}}"#
        );
        let asks = "You have 4 free articles left this month. Subscribe to continue reading.";
        let article = linked(&json, &format!("{BODY}</p><p>{asks}")).unwrap();
        assert_eq!(article.text, format!("{BODY} Merkel said more."));
        assert_eq!(article.warnings, [NOT_FREE]);
        let article = linked(r#"{"@type": "NewsArticle", "isAccessibleForFree": "False"}"#, BODY).unwrap();
        assert!(article.text.contains("Stockholm"));
        assert_eq!(article.warnings, [NOT_FREE]);
        // Without JSON-LD, a request to pay in the text tells it.
        assert_eq!(linked("{}", &format!("{BODY}</p><p>{asks}")).unwrap().warnings, [NOT_FREE]);
    }

    #[test]
    fn a_free_page_keeps_the_text_that_it_shows() {
        let json = format!(
            r#"{{"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": true, "datePublished": "2020-03-01",
            "publisher": {{"name": "The Example Times"}}, "url": "https://example.org/1", "articleBody": "{BODY} More."}}"#
        );
        let article = linked(&json, &format!("{BODY}</p><p>{BODY}")).unwrap();
        assert_eq!(article.text.matches("Stockholm").count(), 2);
        assert!(article.warnings.is_empty());
        assert_eq!(article.published.as_deref(), Some("2020-03-01"));
        assert_eq!(article.source.as_deref(), Some("The Example Times"));
        assert_eq!(article.url.as_deref(), Some("https://example.org/1"));
        // A page that shows no text of it.
        let article =
            extract("a", &format!("<script type='application/ld+json'>{json}</script><div></div>")).unwrap();
        assert_eq!(article.text, format!("{BODY} More."));
    }
}
