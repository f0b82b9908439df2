//! Finds the requests of a page to its reader: to accept cookies, to subscribe, to sign in.

use std::sync::LazyLock;

use regex::Regex;

use super::patterns::pattern;
use super::words::SAYING;

/// Whether a sentence is a request of the page to its reader: to accept cookies, to subscribe, to sign in.
///
/// A quotation, or a sentence with a verb of saying ("said", "according to"), is not one: it is news about such requests.
pub(crate) fn is_request(text: &str) -> bool {
    // The fast test comes first: most sentences address nobody.
    ADDRESSED.is_match(text)
        && !text.starts_with(['"', '“', '‘', '«'])
        && (COOKIES.is_match(text) || PAID.is_match(text))
        && !REPORTED.is_match(text)
}

/// A request to accept cookies, or to agree to what is done with data.
static COOKIES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:
          (?:we|this\s+(?:web)?site|our\s+(?:web)?site|the\s+(?:web)?site)\b[^.!?]{0,60}\bcookies?\b
        | (?:we|us|our)\b[^.!?]{0,40}\bpartners\b[^.!?]{0,80}\b(?:data|device|information|personali[sz]\w+)\b
        | we\s+(?:value|respect|care\s+about)\s+your\s+privacy
        | (?:accept|reject|manage|allow|decline)\s+(?:all\s+)?(?:cookies|your\s+(?:cookie\s+)?(?:preferences|settings|choices))
        | (?:your|change|manage)\s+(?:\w+\s+){0,2}(?:cookie|privacy|consent)\s+(?:preferences|settings|choices|policy)
        | (?:our|this)\s+(?:privacy|cookie)s?\s+(?:policy|notice|statement)
        | (?:read|see|view|review|accept|agree\s+to)\s+(?:the|our)\s+(?:updated\s+)?(?:terms|privacy)\b
        | you\s+(?:may|can)\s+(?:click\s+to\s+(?:consent|refuse|agree)|(?:change|withdraw|manage|update)\s+(?:your|these)\s+(?:choices?|consent|preferences|settings))
        | (?:your|these)\s+(?:choices?|preferences|settings)\s+(?:will|apply|only)\b
        | by\s+(?:clicking|continuing|using|signing|subscribing|submitting|registering|entering|closing)\b[^.!?]{0,80}\byou\b[^.!?]{0,20}\b(?:agree|accept|consent|acknowledge|confirm)
        | (?:store|stored|access)\w*\s+(?:and/or\s+)?(?:and\s+)?(?:access\w*\s+)?information\s+on\s+(?:a|your)\s+device
        | protected\s+by\s+recaptcha
        )",
    )
});

/// A request to subscribe, to sign in, to pay, or to read a newsletter.
static PAID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)\b(?:
          (?:to|and)\s+(?:continue|keep|finish)\s+reading | continue\s+reading\s+(?:your|this|the|with|for)\b
        | you(?:['’]ve|\s+have)\s+(?:\w+\s+){0,3}(?:free\s+)?(?:articles?|stories|views)\s+(?:left|remaining)
        | you(?:['’]ve|\s+have)\s+(?:now\s+)?(?:reached|read|used|hit|viewed)\s+(?:your|all|the|\d+|\w+\s+of)\b[^.!?]{0,40}\b(?:limit|articles?|stories)
        | \d+\s+(?:free\s+)?articles?\s+(?:left|remaining)
        | already\s+(?:a|an|have)\s+(?:\w+\s+){0,2}(?:subscriber|member|subscription|account)
        | (?:log|sign)\s+in\s+(?:to|or|here|with)\b[^.!?]{0,40}\b(?:read|account|continue|subscribe|register|access|comment|email|view)
        | (?:register|sign\s+up|subscribe|join)\s+(?:now\s+)?(?:for\s+free|today|now|here|to\s+(?:read|unlock|continue|access|get|receive|our))
        | this\s+(?:article|story|content|post|page)\s+is\s+(?:\w+\s+)?(?:for|available\s+to|reserved\s+for|exclusive\s+to|limited\s+to)\s+(?:\w+\s+){0,2}(?:subscribers|members|readers)
        | (?:exclusive(?:ly)?|only|premium)\s+(?:content\s+)?(?:for|to)\s+(?:our\s+)?(?:paying\s+)?(?:subscribers|members)\b
        | (?:start|begin|claim|try)\s+your\s+(?:\w+\s+){0,3}(?:trial|subscription|month)
        | your\s+(?:\w+\s+){0,2}(?:subscription|free\s+trial)\b
        | cancel\s+(?:\w+\s+)?(?:any\s?time|at\s+any\s+time)
        | (?:get|for|enjoy)\s+(?:full\s+|unlimited\s+)+(?:digital\s+)?access\b
        | unlock\s+(?:this|the\s+full|unlimited|all)\b | become\s+an?\s+(?:\w+\s+){0,2}(?:subscriber|member|supporter)\b
        | (?:please\s+)?(?:support|donate\s+to)\s+(?:our|independent|quality)\s+(?:\w+\s+){0,2}journalism
        | (?:get|receive|subscribe\s+to|sign\s+up\s+(?:for|to))\s+(?:\w+\s+){0,5}(?:newsletters?|briefing|alerts|updates)\b
        | (?:our|free|daily|weekly|morning|this)\s+(?:\w+\s+){0,2}newsletters?\b
        | (?:delivered|straight|sent|direct(?:ly)?)\s+(?:\w+\s+){0,2}to\s+your\s+(?:\w+\s+)?(?:inbox|email|phone)
        | (?:enter|confirm|check|use)\s+your\s+e-?mail | unsubscribe\b
        | (?:enable|disable|turn\s+(?:on|off)|allow)\s+(?:your\s+)?(?:javascript|ad[\s-]?block\w*|notifications)
        | by\s+becoming\s+an?\s+(?:\w+\s+){0,2}member\b | meet\s+your\s+inbox\b
        | thank(?:s|\s+you)\s+for\s+(?:registering|subscribing|signing\s+up|your\s+subscription)
        )",
    )
});

/// Words that report what somebody said.
static REPORTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"(?i)\b(?:{SAYING}|announced|wrote|added|warned|insisted|replied)\b"))
});

/// A request has "you", "your", "we" or "us", or starts with an imperative. Otherwise it is news about readers or
/// customers.
static ADDRESSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i-u)\b(?:you|your|yours|we|us|our)\b|^[ -@\[-`{-~]*(?:subscribe|register|log|sign|join|start|unlock|become|get|continue|already|enter|support|try|accept|manage|by|this|please|to|unsubscribe|thank|enable|disable|read|exclusive|only|premium|\d+|cancel)\b",
    )
});
