//! An *account*: one outlet's article of an event, read. And what an outlet is called.

use crate::Analysis;
use crate::analyzer::ReadSentence;

/// One outlet's article of an event, as it was read.
#[derive(Debug, Clone)]
pub struct Account {
    pub analysis: Analysis,
    /// All sentences, in the article's order.
    pub sentences: Vec<ReadSentence>,
}

impl Account {
    /// What to call the outlet: as the record or the page says, else the host of its address, else the article's id.
    pub fn outlet(&self) -> String {
        let said = self.analysis.source.as_deref().map(str::trim).filter(|source| !source.is_empty());
        said.map(String::from)
            .or_else(|| self.analysis.url.as_deref().and_then(host))
            .unwrap_or_else(|| self.analysis.id.clone())
    }
}

/// The host of an address, without "www." and a port.
fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.strip_prefix("www.").unwrap_or(host).to_lowercase();
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_told_from_an_address() {
        assert_eq!(host("https://www.Example.org:443/a?b#c").as_deref(), Some("example.org"));
        assert_eq!(host("http://user@news.example/").as_deref(), Some("news.example"));
        assert_eq!(host("example.org/a"), None);
        assert_eq!(host("https:///a"), None);
    }
}
