//! An article on a page: its text, in which entities, quotes and the sentences of the summary are marked.

use serde::Serialize;
use serde_json::{Value, json};

use crate::Analysis;
use crate::analysis::{Entity, Quote, TargetStance};
use crate::article::{CodePoints, on_one_line, sentences};
use crate::report::{cue_around, other_holder, speaker};

/// An article with its analysis, and the ids of its sentences on the page.
pub struct MarkedArticle<'a> {
    /// Its number on the page, from 0.
    number: usize,
    analysis: &'a Analysis,
    /// Start and end of its sentences in code points, in order.
    sentences: Vec<(usize, usize)>,
}

/// A sentence, or the text between two sentences.
#[derive(Debug, Serialize)]
struct TextBlock {
    /// `None` for text between sentences.
    id: Option<String>,
    in_summary: bool,
    /// The numbers, from 1, of the facts that the sentence tells.
    facts: Vec<usize>,
    pieces: Vec<TextPiece>,
}

/// A part of a block in which no entity or quote begins or ends.
#[derive(Debug, Serialize)]
struct TextPiece {
    text: String,
    /// The type of the entity that it is part of.
    kind: Option<&'static str>,
    /// The number of that entity on the page.
    entity: Option<String>,
    /// The name of that entity.
    name: Option<String>,
    /// The speaker, if it is part of a quote.
    speaker: Option<String>,
}

/// A range of code points, and what is there.
struct TextRange<T> {
    start: usize,
    end: usize,
    what: T,
}

impl<'a> MarkedArticle<'a> {
    /// For the article with this number on the page, from 0; the analysis must hold its text.
    pub fn new(number: usize, analysis: &'a Analysis) -> Self {
        let text = analysis.text.as_deref().unwrap_or("");
        let points = CodePoints::new(text);
        let found = sentences(text).into_iter().map(|s| (points.at(s.span.start), points.at(s.span.end)));
        Self { number, analysis, sentences: found.collect() }
    }

    /// The id of the article on the page.
    pub fn id(&self) -> String {
        format!("a{}", self.number)
    }

    /// The id on the page of the sentence that has code point `start`, or of the next one.
    pub fn anchor(&self, start: usize) -> String {
        match self.sentences.partition_point(|&(_, end)| end <= start) {
            place if place < self.sentences.len() => format!("a{}s{place}", self.number),
            _ => self.id(),
        }
    }

    /// What the mentions of entity `number` of the article have in common on the page.
    fn entity(&self, number: usize) -> String {
        format!("{}-{number}", self.number)
    }

    /// The variables of the article for the template. `facts_of` gives the numbers of the facts that the sentence at a code
    /// point tells.
    pub fn content(&self, facts_of: impl Fn(usize) -> Vec<usize>) -> Value {
        let analysis = self.analysis;
        let counted = |(number, entity): (usize, &Entity)| {
            json!({"name": entity.name, "kind": entity.kind.name(), "count": entity.mentions.len(),
                "entity": self.entity(number),
                "anchor": self.anchor(entity.mentions.first().map_or(0, |mention| mention.start))})
        };
        let stance = |target: &TargetStance| {
            let evidence = target.evidence.iter().map(|evidence| {
                json!({"label": evidence.label.name(), "score": evidence.score, "text": on_one_line(&evidence.text),
                    "speaker": evidence.speaker, "holder": other_holder(evidence), "anchor": self.anchor(evidence.start)})
            });
            json!({"target": target.target, "label": target.label.name(), "scores": target.scores,
                "evidence": evidence.collect::<Vec<_>>()})
        };
        let summary = analysis.summary.as_ref().map(|summary| {
            let taken = summary
                .sentences
                .iter()
                .map(|sentence| json!({"text": on_one_line(&sentence.text), "anchor": self.anchor(sentence.start)}));
            let written = summary.generated.iter().map(|sentence| {
                let anchor = sentence.source.as_ref().map(|source| self.anchor(source.start));
                json!({"text": sentence.text, "anchor": anchor, "unsupported": !sentence.supported})
            });
            taken.chain(written).collect::<Vec<_>>()
        });
        json!({
            "id": self.id(),
            "name": analysis.id,
            "title": analysis.title,
            "source": analysis.source,
            "url": analysis.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://")),
            "published": analysis.published,
            "language": analysis.language,
            "characters": analysis.characters,
            "warnings": analysis.warnings,
            "summary": summary,
            "entities": analysis.entities.as_ref().map(|all| all.iter().enumerate().map(counted).collect::<Vec<_>>()),
            "stance": analysis.stance.as_ref().map(|all| all.iter().map(stance).collect::<Vec<_>>()),
            "quotes": analysis.quotes.as_ref().map(|all| all.iter().map(|quote| self.quote(quote)).collect::<Vec<_>>()),
            "blocks": self.blocks(facts_of),
        })
    }

    /// The variables of a quote for the template.
    pub fn quote(&self, quote: &Quote) -> Value {
        let content: Vec<String> = quote.content.iter().map(|part| on_one_line(&part.text)).collect();
        let (before, behind) = cue_around(quote);
        json!({"speaker": on_one_line(speaker(quote)), "before": before.map(on_one_line),
            "behind": behind.map(on_one_line), "content": content.join(" … "),
            "direct": quote.direct, "anchor": self.anchor(quote.content[0].start)})
    }

    /// The text as blocks.
    fn blocks(&self, facts_of: impl Fn(usize) -> Vec<usize>) -> Vec<TextBlock> {
        let characters: Vec<char> = self.analysis.text.as_deref().unwrap_or("").chars().collect();
        let mut entities: Vec<TextRange<(usize, &Entity)>> = Vec::new();
        for (number, entity) in self.analysis.entities.iter().flatten().enumerate() {
            let mentions = entity.mentions.iter();
            entities.extend(mentions.map(|m| TextRange {
                start: m.start,
                end: m.end,
                what: (number, entity),
            }));
        }
        entities.sort_by_key(|range| range.start);
        let mut said: Vec<TextRange<&str>> = Vec::new();
        for quote in self.analysis.quotes.iter().flatten() {
            said.extend(quote.content.iter().map(|c| TextRange {
                start: c.start,
                end: c.end,
                what: speaker(quote),
            }));
        }
        said.sort_by_key(|range| range.start);
        let summary = self.analysis.summary.iter().flat_map(|summary| &summary.sentences);
        let summary: Vec<usize> = summary.map(|sentence| sentence.start).collect();
        let of_entities = entities.iter().flat_map(|range| [range.start, range.end]);
        let of_quotes = said.iter().flat_map(|range| [range.start, range.end]);
        let mut cuts: Vec<usize> = of_entities.chain(of_quotes).collect();
        cuts.sort();
        let pieces = |from: usize, to: usize| self.pieces(&characters, from, to, &entities, &said, &cuts);
        let (mut blocks, mut at) = (Vec::new(), 0);
        let between = |from: usize, to: usize| TextBlock {
            id: None,
            in_summary: false,
            facts: Vec::new(),
            pieces: pieces(from, to),
        };
        for (number, &(start, end)) in self.sentences.iter().enumerate() {
            if at < start {
                blocks.push(between(at, start));
            }
            blocks.push(TextBlock {
                id: Some(format!("a{}s{number}", self.number)),
                in_summary: summary.iter().any(|&taken| start <= taken && taken < end),
                facts: facts_of(start),
                pieces: pieces(start, end),
            });
            at = end;
        }
        if at < characters.len() {
            blocks.push(between(at, characters.len()));
        }
        blocks
    }

    /// The text `from..to`, in code points, cut at those of the `cuts` that are inside: in order, where an entity or a quote begins or
    /// ends.
    fn pieces(
        &self,
        characters: &[char],
        from: usize,
        to: usize,
        entities: &[TextRange<(usize, &Entity)>],
        said: &[TextRange<&str>],
        cuts: &[usize],
    ) -> Vec<TextPiece> {
        fn over<T>(all: &[TextRange<T>], at: usize) -> Option<&TextRange<T>> {
            // Few ranges contain a place, and these begin shortly before it: the last ones that begin are looked at first.
            let first = all.partition_point(|range| range.start <= at);
            all[..first].iter().rev().take(8).find(|range| at < range.end)
        }
        let first = cuts.partition_point(|&cut| cut <= from);
        let inside = cuts[first..].iter().copied().take_while(|&cut| cut < to);
        let mut cuts: Vec<usize> = std::iter::once(from).chain(inside).chain([to]).collect();
        cuts.dedup();
        cuts.windows(2)
            .map(|cut| {
                let entity = over(entities, cut[0]).map(|range| range.what);
                TextPiece {
                    text: characters[cut[0]..cut[1]].iter().collect(),
                    kind: entity.map(|(_, entity)| entity.kind.name()),
                    entity: entity.map(|(number, _)| self.entity(number)),
                    name: entity.map(|(_, entity)| entity.name.clone()),
                    speaker: over(said, cut[0]).map(|range| range.what.to_owned()),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Article;

    fn analysis(text: &str) -> Analysis {
        let article = Article::new("a", text);
        serde_json::from_value(json!({"schema_version": 1, "id": article.id, "title": null, "source": null, "url": "javascript:x",
            "published": null, "language": "en", "characters": text.chars().count(), "tokens": 1, "warnings": [], "text": text,
            "entities": [{"name": "Mali", "type": "LOC", "mentions": [{"start": 7, "end": 11, "text": "Mali", "score": 1.0}]}]}))
        .unwrap()
    }

    #[test]
    fn blocks_are_the_whole_text_and_anchors_lead_to_sentences() {
        let text = "France, Mali left. It said no.\n\nNobody came.";
        let analysis = analysis(&text.replace(", ", " "));
        let open = MarkedArticle::new(3, &analysis);
        let blocks = open.blocks(|_| vec![1]);
        let all: String =
            blocks.iter().flat_map(|block| &block.pieces).map(|piece| piece.text.as_str()).collect();
        assert_eq!(all, analysis.text.clone().unwrap());
        assert_eq!(
            (open.anchor(8), open.anchor(20), open.anchor(9999)),
            ("a3s0".into(), "a3s1".into(), "a3".into())
        );
        let named: Vec<&str> = blocks
            .iter()
            .flat_map(|b| &b.pieces)
            .filter(|p| p.kind == Some("LOC"))
            .map(|p| p.text.as_str())
            .collect();
        assert_eq!(named, ["Mali"]);
    }

    #[test]
    fn words_over_several_lines_are_on_one_beside_the_text() {
        let place = json!({ "start": 0, "end": 11, "text": "the Euro-\r\npean\r\n> Union" });
        let quote = json!({
            "speaker": null, "mention": place, "cue": null, "content": [place], "direct": true, "score": 0.5
        });
        let mut analysis = analysis("France Mali");
        analysis.quotes = Some(vec![serde_json::from_value(quote).unwrap()]);
        let content = MarkedArticle::new(0, &analysis).content(|_| Vec::new());
        for part in ["speaker", "content"] {
            assert_eq!(content["quotes"][0][part], "the European Union", "{part}");
        }
    }

    #[test]
    fn an_address_that_is_no_web_address_is_no_link() {
        assert_eq!(
            MarkedArticle::new(0, &analysis("France Mali")).content(|_| Vec::new())["url"],
            Value::Null
        );
    }
}
