//! An *account*: one article about an event, with its analysis and its sentences; and the name of its outlet.

use crate::Analysis;
use crate::analysis::Place;
use crate::analyzer::ReadSentence;
use crate::article::{SUBJECT_PRONOUNS, is_function_word, on_one_line};
use crate::entities::EntityType;

/// Fewest letters of the part of a host that is the name of an outlet; "co" of "bbc.co.uk" is none.
const MIN_PART: usize = 3;

/// One article about an event, with its findings.
#[derive(Debug, Clone)]
pub struct Account {
    /// The findings in the article.
    pub analysis: Analysis,
    /// All sentences, in the article's order.
    pub sentences: Vec<ReadSentence>,
}

impl Account {
    /// The name of the outlet: the source that the input gives, else the host of the web address, else the id of the
    /// article.
    pub fn outlet(&self) -> String {
        self.known_outlet().unwrap_or_else(|| self.analysis.id.clone())
    }

    /// The source that the input gives, else the host of the web address.
    fn known_outlet(&self) -> Option<String> {
        let said = self.analysis.source.as_deref().map(str::trim).filter(|source| !source.is_empty());
        said.map(String::from).or_else(|| self.analysis.url.as_deref().and_then(host))
    }

    /// Whether a name is that of the article's own outlet: "Fox News" where the outlet is "Fox News", or the organisation "Fox News"
    /// where it is "foxnews.com".
    pub fn is_own_outlet(&self, name: &str, kind: EntityType) -> bool {
        let Some(outlet) = self.known_outlet() else { return false };
        let letters = |words: &str| -> String {
            let lower = words.to_lowercase();
            lower.strip_prefix("the").unwrap_or(&lower).chars().filter(|c| c.is_alphanumeric()).collect()
        };
        let name = letters(name);
        // Of "edition.cnn.com" any part but the last, which says no name.
        let mut parts = outlet.rsplit('.').skip(1).filter(|_| !outlet.contains(' '));
        let is_part = |part: &str| part.len() >= MIN_PART && letters(part) == name;
        letters(&outlet) == name || (kind == EntityType::Org && parts.any(is_part))
    }

    /// Who says a sentence that is only a quotation: the name, or the article's words for the speaker.
    pub fn speaker_of(&self, sentence: &Place) -> Option<String> {
        // The full stop may stand behind the closing mark.
        const PUNCTUATION: usize = 1;
        let covers =
            |content: &Place| content.start <= sentence.start && sentence.end <= content.end + PUNCTUATION;
        let quotes = self.analysis.quotes.iter().flatten();
        let mut around = quotes.filter(|quote| quote.direct && quote.content.iter().any(covers));
        let quote = around.next()?;
        let words = quote.mention.as_ref().map(|mention| on_one_line(&mention.text));
        // "He" tells nothing.
        let telling = words.filter(|words| !words.split_whitespace().all(is_function_word));
        quote.speaker.clone().or(telling)
    }

    /// Who is "he" of "“It rains,” he said": the name, where the sentence does not have it.
    pub fn speaker_by_pronoun(&self, sentence: &Place) -> Option<String> {
        let inside = |place: &Place| sentence.start <= place.start && place.end <= sentence.end;
        let mut quotes = self.analysis.quotes.iter().flatten();
        let quote = quotes.find(|quote| quote.content.iter().any(inside))?;
        let mention = quote.mention.as_ref().filter(|mention| inside(mention))?;
        let is_pronoun = SUBJECT_PRONOUNS.contains(&mention.text.to_lowercase().as_str());
        let name = quote.speaker.as_ref().filter(|_| is_pronoun)?;
        let is_named = name.split_whitespace().any(|word| sentence.text.contains(word));
        (!is_named).then(|| name.clone())
    }
}

/// The host of a web address, without "www." and a port.
fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.strip_prefix("www.").unwrap_or(host).to_lowercase();
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
impl Account {
    /// An account without names and quotes, with sentences that all have the same vector.
    pub fn of_sentences(id: &str, sentences: &[&str]) -> Self {
        let mut start = 0;
        let sentences = sentences.iter().map(|text| {
            let place = Place { start, end: start + text.chars().count(), text: (*text).to_owned() };
            start = place.end + 1;
            let role = crate::article::Role::Prose;
            ReadSentence { place, role, vector: vec![1.0, 0.0], salience: 0.5 }
        });
        Self { analysis: Analysis::without_findings(id), sentences: sentences.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speaker_who_is_only_a_pronoun_is_named() {
        let mut account = Account::of_sentences("A", &["“It rains,” he said.", "Poe said he saw the rain."]);
        let place =
            |start: usize, text: &str| Place { start, end: start + text.len(), text: text.to_owned() };
        let sentences: Vec<Place> = account.sentences.iter().map(|sentence| sentence.place.clone()).collect();
        let second = sentences[1].start;
        account.analysis.quotes = Some(vec![
            crate::analysis::Quote {
                speaker: Some("Ann Poe".into()),
                mention: Some(place(14, "he")),
                cue: Some(place(17, "said")),
                content: vec![place(0, "“It ra")],
                direct: true,
                score: 0.9,
            },
            crate::analysis::Quote {
                speaker: Some("Ann Poe".into()),
                mention: Some(place(second + 9, "he")),
                cue: Some(place(second + 12, "saw")),
                content: vec![place(second + 16, "the rain")],
                direct: false,
                score: 0.9,
            },
        ]);
        assert_eq!(account.speaker_by_pronoun(&sentences[0]).as_deref(), Some("Ann Poe"));
        assert_eq!(account.speaker_by_pronoun(&sentences[1]), None);
    }

    #[test]
    fn an_outlet_knows_its_own_name() {
        let of = |source: Option<&str>, url: Option<&str>| {
            let mut account = Account::of_sentences("mali", &[]);
            account.analysis.source = source.map(String::from);
            account.analysis.url = url.map(String::from);
            account
        };
        for (account, name, kind, wanted) in [
            (of(Some("The Hill"), None), "Hill", EntityType::Org, true),
            (of(None, Some("https://www.foxnews.com/a")), "Fox News", EntityType::Org, true),
            (of(None, Some("https://thehill.com/a")), "The Hill", EntityType::Org, true),
            (of(None, Some("https://www.bbc.co.uk/a")), "BBC", EntityType::Org, true),
            (of(Some("TheBlaze.com"), None), "The Blaze", EntityType::Org, true),
            (of(None, Some("https://mali.example/a")), "Mali", EntityType::Loc, false),
            (of(None, Some("https://www.foxnews.com/a")), "CNN", EntityType::Org, false),
            (of(None, None), "mali", EntityType::Org, false),
        ] {
            assert_eq!(account.is_own_outlet(name, kind), wanted, "{name}");
        }
    }

    #[test]
    fn an_address_has_a_host() {
        assert_eq!(host("https://www.Example.org:443/a?b#c").as_deref(), Some("example.org"));
        assert_eq!(host("http://user@news.example/").as_deref(), Some("news.example"));
        assert_eq!(host("example.org/a"), None);
        assert_eq!(host("https:///a"), None);
    }
}
