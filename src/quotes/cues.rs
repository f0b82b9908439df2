//! Verbs of saying ("say", "warn", "tell") in all their forms, which show that something is said.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What is known of one form of a verb of saying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cue {
    /// A present participle ("saying"), whose subject is the subject of the sentence.
    pub is_participle: bool,
    /// The base form ("state"), which may be a noun as well.
    pub is_base: bool,
    /// The past form ("told", "asked"). After a form of "be" its subject is the listener, not the speaker.
    pub is_past: bool,
    /// Whether it is a verb of saying only before a content: "wrote that …", but not "wrote a letter".
    pub needs_content: bool,
}

/// Base forms, with the past form where it is not regular.
const VERBS: &str = "say/said tell/told add state explain reply/replied respond announce declare note warn insist argue claim stress \
    admit/admitted acknowledge conclude deny/denied vow complain quip/quipped suggest tweet post joke muse remark recall concede \
    confirm testify/testified predict promise pledge urge lament boast observe retort counter caution contend assert allege \
    maintain reiterate repeat emphasize emphasise comment reveal disclose agree believe think/thought hope fear report \
    describe criticize criticise accuse praise question call blame dismiss defend propose point label label/labelled mock blast \
    protest object plead joke recount reckon signal signal/signalled hint imply/implied indicate mention demand estimate forecast echo \
    cite refer/referred reject recommend encourage assure remind advise threaten dispute downplay insinuate speculate marvel marvel/marvelled \
    hail decry/decried assail ridicule scold chastise brag/bragged swear/swore wonder expect doubt suspect invoke reference portray \
    characterize depict liken rail discuss condemn denounce thank tout applaud compare/compared bemoan grumble gripe fume rage scoff sigh shout yell whisper cry/cried";
/// Verbs that are verbs of saying only before a content.
const NEED_CONTENT: &str = "write/wrote read/read ask know/knew see/saw want feel/felt find/found learn continue explain show slam/slammed snap/snapped \
    worry/worried";

/// Base forms for the answer to a question of the press. Who "did not respond" or "declined to comment" says nothing.
pub const ANSWERS: &[&str] = &["answer", "comment", "reply", "respond", "return"];

/// Participles for somebody to whom a question is put: "Asked about it, he left".
pub const ASKED: &[&str] = &["asked", "pressed", "questioned"];

/// The forms of both lists.
static FORMS: LazyLock<HashMap<String, Cue>> = LazyLock::new(|| {
    let mut forms = HashMap::new();
    for (verbs, needs_content) in [(VERBS, false), (NEED_CONTENT, true)] {
        for verb in verbs.split_whitespace() {
            let (base, past) = match verb.split_once('/') {
                Some((base, past)) => (base, past.to_owned()),
                None => (verb, regular_past(verb)),
            };
            let third = match base.strip_suffix('y') {
                Some(stem) if past.ends_with("ied") => format!("{stem}ies"),
                _ if base.ends_with(['s', 'x', 'z', 'o']) || base.ends_with("sh") || base.ends_with("ch") => {
                    format!("{base}es")
                }
                _ => format!("{base}s"),
            };
            let doubled =
                past.strip_suffix("ed").filter(|stem| stem.len() == base.len() + 1 && !base.ends_with('e'));
            let participle = match (doubled, base.strip_suffix('e')) {
                (Some(stem), _) => format!("{stem}ing"),
                (None, Some(stem)) if !base.ends_with("ee") => format!("{stem}ing"),
                _ => format!("{base}ing"),
            };
            let cue = Cue { is_participle: false, is_base: false, is_past: false, needs_content };
            forms.insert(participle, Cue { is_participle: true, ..cue });
            forms.insert(base.to_owned(), Cue { is_base: true, ..cue });
            forms.insert(third, cue);
            forms.insert(past, Cue { is_past: true, ..cue });
        }
    }
    forms
});

fn regular_past(base: &str) -> String {
    if base.ends_with('e') { format!("{base}d") } else { format!("{base}ed") }
}

/// The form of a verb of saying that a word in small letters is; `None` where it is none.
pub fn cue(word: &str) -> Option<Cue> {
    FORMS.get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_their_forms() {
        for form in [
            "said",
            "says",
            "saying",
            "tweeted",
            "quipped",
            "quipping",
            "denies",
            "complained",
            "noting",
            "agreeing",
            "slammed",
            "snapping",
            "labelled",
            "labeled",
            "signalling",
            "echoes",
            "worries",
        ] {
            assert!(cue(form).is_some(), "{form}");
        }
        assert!(cue("told").unwrap().is_past && !cue("tell").unwrap().is_past);
        assert!(cue("adding").unwrap().is_participle && cue("wrote").unwrap().needs_content);
        assert_eq!(cue("met"), None);
    }
}
