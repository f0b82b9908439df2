//! A comparison as an HTML page, with the marked text of its articles.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{ONLY_HERE, balance, event_title, kind_name, signed};
use crate::Analysis;
use crate::analysis::Entity;
use crate::article::on_one_line;
use crate::compare::Comparison;
use crate::compare::comparison::{Event, LeaningRow, NameRow, Sentence, SpeakerRow};
use crate::entities::Name;
use crate::report::page::{MarkedArticle, write_page};

/// Most rows of each table of the page; JSON has all. (The *strip* is the table at the top: facts and leanings by outlet.)
const FACTS: usize = 100;
const STRIP_FACTS: usize = 20;
const STRIP_TARGETS: usize = 5;
const SPEAKERS: usize = 40;
const TARGETS: usize = 12;
const NAMES: usize = 60;
const REUSED: usize = 30;

/// Writes the page.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(out: &mut dyn Write, comparison: &Comparison, analyses: &[Analysis]) -> io::Result<()> {
    let opened: Vec<MarkedArticle> =
        analyses.iter().enumerate().map(|(number, analysis)| MarkedArticle::new(number, analysis)).collect();
    let places = analyses.iter().enumerate().map(|(number, analysis)| (analysis.id.as_str(), number));
    let names_of = |analysis: &Analysis| -> Vec<Name> {
        analysis.entities.iter().flatten().map(|entity| Name::new(&entity.name)).collect()
    };
    let names = analyses.iter().map(names_of).collect();
    let page = ComparisonPage { opened: &opened, analyses, names, numbers: places.collect() };
    let events: Vec<Value> =
        comparison.events.iter().enumerate().map(|(number, event)| page.event(number, event)).collect();
    write_page(out, "comparison.html", json!({"events": events, "warnings": comparison.warnings}))
}

/// The articles of a page, to which its tables link.
struct ComparisonPage<'a> {
    opened: &'a [MarkedArticle<'a>],
    analyses: &'a [Analysis],
    /// For each article the names of its entities, for comparison with other names.
    names: Vec<Vec<Name>>,
    /// The number of each article on the page, by its id.
    numbers: HashMap<&'a str, usize>,
}

impl ComparisonPage<'_> {
    /// The id on the page of the sentence at a code point of an article.
    fn anchor(&self, article: &str, start: usize) -> String {
        self.numbers.get(article).map_or_else(String::new, |&number| self.opened[number].anchor(start))
    }

    fn sentence(&self, sentence: &Sentence) -> Value {
        json!({"text": sentence.attributed(), "outlet": sentence.outlet, "copy": sentence.copy,
            "anchor": self.anchor(&sentence.article, sentence.start)})
    }

    fn sentences(&self, sentences: &[Sentence]) -> Vec<Value> {
        sentences.iter().map(|sentence| self.sentence(sentence)).collect()
    }

    fn event(&self, number: usize, event: &Event) -> Value {
        let shared: Vec<Value> = event.shared.iter().take(FACTS).zip(1..).map(|(fact, number)| {
            json!({"number": number, "text": fact.sentences[0].attributed(), "outlets": fact.outlets, "sentences": self.sentences(&fact.sentences)})
        }).collect();
        let only = event
            .only_here
            .iter()
            .map(|only| {
                let shown = &only.sentences[..only.sentences.len().min(ONLY_HERE)];
                json!({"outlet": only.outlet, "sentences": self.sentences(shown), "more": only.sentences.len() - shown.len()})
            });
        let differences = event.differences.iter().map(|difference| {
            let sides = difference.sides.iter().map(|side| {
                json!({"value": side.value, "outlets": side.outlets, "sentences": self.sentences(&side.sentences)})
            });
            json!({"what": kind_name(difference), "about": difference.about, "sides": sides.collect::<Vec<_>>()})
        });
        let reuse = event.reuse.iter().take(REUSED).map(|reuse| {
            json!({"words": reuse.words, "outlets": reuse.outlets, "passages": self.sentences(&reuse.passages)})
        });
        let leanings: Vec<Value> =
            event.leanings.iter().take(TARGETS).map(|row| self.leanings(row)).collect();
        json!({
            "number": number,
            "title": event_title(event),
            "outlets": event.outlets,
            "articles": event.articles,
            "digest": self.sentences(&event.digest),
            "shared": shared,
            "strip": self.strip(event, &leanings),
            "strip_facts": shared.iter().take(STRIP_FACTS).collect::<Vec<_>>(),
            "strip_targets": event.leanings.iter().take(STRIP_TARGETS).map(|row| &row.target).collect::<Vec<_>>(),
            "only_here": only.collect::<Vec<_>>(),
            "differences": differences.collect::<Vec<_>>(),
            "reuse": reuse.collect::<Vec<_>>(),
            "quoted": event.quoted.iter().take(SPEAKERS).map(|row| self.speaker(row)).collect::<Vec<_>>(),
            "leanings": leanings,
            "names": event.names.iter().take(NAMES).map(|row| self.name(event, row)).collect::<Vec<_>>(),
            "opened": self.articles(number, event),
            // How many there are, of which the page has the first ones.
            "counts": {
                "shared": event.shared.len(),
                "only": event.only_here.iter().map(|only| only.sentences.len()).sum::<usize>(),
                "reuse": event.reuse.len(),
                "quoted": event.quoted.len(),
                "leanings": event.leanings.len(),
                "names": event.names.len(),
            },
        })
    }

    /// For each outlet: where it tells each of the first facts, and its stance towards the first targets.
    fn strip(&self, event: &Event, leanings: &[Value]) -> Vec<Value> {
        let row = |(number, outlet): (usize, &String)| {
            let facts = event.shared.iter().take(STRIP_FACTS).map(|fact| {
                let told = fact.sentences.iter().find(|sentence| sentence.outlet == *outlet);
                told.map(|sentence| self.anchor(&sentence.article, sentence.start))
            });
            let cells = leanings.iter().take(STRIP_TARGETS).map(|row| {
                let cell = &row["outlets"][number];
                cell.is_object()
                    .then(|| json!({"label": cell["label"], "anchor": cell["evidence"][0]["anchor"]}))
            });
            let first = event.articles.iter().find(|article| article.outlet == *outlet);
            json!({
                "outlet": outlet,
                "article": first.and_then(|article| self.numbers.get(article.id.as_str())).map(|&n| self.opened[n].id()),
                "facts": facts.collect::<Vec<_>>(),
                "leanings": cells.collect::<Vec<_>>(),
            })
        };
        event.outlets.iter().enumerate().map(row).collect()
    }

    fn speaker(&self, row: &SpeakerRow) -> Value {
        let quotes = row.quotes.iter().map(|quotes| {
            let each = quotes.iter().filter_map(|quote| {
                let number = self.numbers.get(quote.article.as_str())?;
                Some(self.opened[*number].quote(&quote.quote))
            });
            each.collect::<Vec<_>>()
        });
        json!({"speaker": row.speaker, "quotes": quotes.collect::<Vec<_>>()})
    }

    fn leanings(&self, row: &LeaningRow) -> Value {
        let cells = row.outlets.iter().map(|leaning| {
            leaning.as_ref().map(|leaning| {
                let evidence = leaning.evidence.iter().map(|e| {
                    let found = &e.evidence;
                    json!({"label": found.label.name(), "text": on_one_line(&found.text), "speaker": found.speaker,
                        "anchor": self.anchor(&e.article, found.start)})
                });
                let [own, quoted] = balance(leaning).map(signed);
                json!({"label": leaning.label.name(), "own": own, "quoted": quoted, "evidence": evidence.collect::<Vec<_>>()})
            })
        });
        json!({"target": row.target, "outlets": cells.collect::<Vec<_>>()})
    }

    /// The number of mentions of a name by outlet, each with a link to the first one.
    fn name(&self, event: &Event, row: &NameRow) -> Value {
        let full = Name::new(&row.name);
        // "U.S." of one article is "United States" of another, and the White House may be a place there and an organisation here.
        let is_other_form =
            |name: &Name| name.key == full.key || name.is_acronym_of(&full) || full.is_acronym_of(name);
        let first_in = |&number: &usize| {
            let entities = || self.analyses[number].entities.iter().flatten();
            let near = entities().filter_map(|entity| Some((distance(entity, row)?, entity)));
            let same = near.min_by_key(|(distance, _)| *distance).map(|(_, entity)| entity);
            let mut named = entities().zip(&self.names[number]);
            let same =
                same.or_else(|| named.find(|(_, name)| is_other_form(name)).map(|(entity, _)| entity))?;
            Some(self.opened[number].anchor(same.mentions.first()?.start))
        };
        let cells = row.mentions.iter().zip(&event.outlets).map(|(&count, outlet)| {
            (count > 0).then(|| {
                let articles = event.articles.iter().filter(|article| article.outlet == *outlet);
                let first =
                    articles.filter_map(|article| self.numbers.get(article.id.as_str())).find_map(first_in);
                json!({"count": count, "anchor": first.unwrap_or_else(|| "main".into())})
            })
        });
        json!({"name": row.name, "kind": row.kind.name(), "mentions": cells.collect::<Vec<_>>()})
    }

    /// The marked articles of an event, with the facts that each sentence tells.
    fn articles(&self, number: usize, event: &Event) -> Vec<Value> {
        let mut facts: BTreeMap<(&str, usize), Vec<usize>> = BTreeMap::new();
        for (fact, number) in event.shared.iter().take(FACTS).zip(1..) {
            for sentence in &fact.sentences {
                facts.entry((sentence.article.as_str(), sentence.start)).or_default().push(number);
            }
        }
        let open = |id: &str| {
            let opened = &self.opened[*self.numbers.get(id)?];
            let mut content = opened.content(|start| facts.get(&(id, start)).cloned().unwrap_or_default());
            content["event"] = json!(number);
            Some(content)
        };
        event.articles.iter().filter_map(|article| open(&article.id)).collect()
    }
}

/// How far the name of an entity of an article is from that of an entity of the whole event and of the same type: 0 where both are
/// equal, 1 for a short form ("Trump"), 2 for a longer one ("Donald Trump Jr."), which may be another entity. `None` for another name.
fn distance(entity: &Entity, row: &NameRow) -> Option<usize> {
    let (name, full) = (entity.name.as_str(), row.name.as_str());
    let found = [name == full, full.contains(name), name.contains(full)].into_iter().position(|is_so| is_so);
    found.filter(|_| entity.kind == row.kind)
}
