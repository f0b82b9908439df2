//! Baselines: simple systems without a model, such as the first three sentences as the summary. A model is useful where
//! its scores are clearly above theirs.

use std::collections::BTreeMap;

use super::bootstrap::sample;
use super::gold_set::GoldSet;
use super::item::ScoredItem;
use super::score::score;
use super::words::capitalised;
use crate::Article;
use crate::analysis::{
    Analysis, Entity, Evidence, Mention, Method, Place, Summary, SummarySentence, TargetStance,
};
use crate::article::{CodePoints, Role, Sentence, Span, sentences};
use crate::entities::EntityType;
use crate::stance::{Label, Target, TextCase, Words};

/// Name of the baseline that takes the first sentences as the summary.
pub const LEAD: &str = "lead-3";
/// Name of the baseline that takes random sentences as the summary.
pub const RANDOM: &str = "random sentences";
/// Name of the baseline that gives the commonest label to everything.
pub const MAJORITY: &str = "majority label";
/// Name of the baseline that takes runs of capitalised words as entities.
pub const CAPITALS: &str = "capitalised words";
/// Name of the baseline that takes the first name in a sentence as its speaker.
pub const FIRST_NAME: &str = "first name";

/// Sentences in the summaries of the baselines.
pub const SENTENCES: usize = 3;
/// Draws of the random baseline. The items of all draws are scored together, so that the scores are means over them.
pub const DRAWS: u64 = 20;

/// The scored items of each baseline over a folder of gold, with the name of the baseline.
pub fn baselines(set: &GoldSet, seed: u64) -> Vec<(String, Vec<ScoredItem>)> {
    let majority = majorities(set);
    let run = |analyse: &dyn Fn(&Article) -> Analysis| -> Vec<ScoredItem> {
        let articles = set.articles.iter();
        articles.map(|(article, gold)| score(&article.text, gold, &analyse(article)).item).collect()
    };
    let random = (0..DRAWS).map(|draw| run(&|article| with_summary(article, &random(article, seed + draw))));
    vec![
        (CAPITALS.into(), run(&|article| with_names(article))),
        (LEAD.into(), run(&|article| with_summary(article, &lead(article)))),
        (RANDOM.into(), random.flatten().collect()),
        (MAJORITY.into(), run(&|article| with_majority(article, &set.targets, &majority))),
    ]
}

/// The byte spans of the sentences of running text.
fn prose(article: &Article) -> Vec<Span> {
    let all = sentences(&article.text).into_iter();
    all.filter(|sentence| sentence.role == Role::Prose).map(|sentence| sentence.span).collect()
}

/// The byte spans of the first [`SENTENCES`] sentences.
pub fn lead(article: &Article) -> Vec<Span> {
    prose(article).into_iter().take(SENTENCES).collect()
}

/// The byte spans of [`SENTENCES`] random sentences, in the order of the text.
pub fn random(article: &Article, seed: u64) -> Vec<Span> {
    let prose = prose(article);
    sample(prose.len(), SENTENCES, seed).into_iter().map(|i| prose[i]).collect()
}

fn with_summary(article: &Article, spans: &[Span]) -> Analysis {
    let texts: Vec<&str> = spans.iter().map(|span| span.of(&article.text)).collect();
    let sentences =
        texts.iter().map(|text| SummarySentence { start: 0, end: 0, text: text.to_string(), score: 1.0 });
    let summary = Summary {
        method: Method::Extractive,
        model: String::new(),
        text: texts.join(" "),
        sentences: sentences.collect(),
        generated: Vec::new(),
        levels: None,
    };
    Analysis { summary: Some(summary), ..Analysis::without_findings(&article.id) }
}

/// Runs of capitalised words as entities; those of the same spelling and type are one entity.
fn with_names(article: &Article) -> Analysis {
    let spans: Vec<Span> = sentences(&article.text).iter().map(|sentence| sentence.span).collect();
    let points = CodePoints::new(&article.text);
    let mut entities: BTreeMap<(String, EntityType), Vec<Mention>> = BTreeMap::new();
    for name in capitalised(&article.text, &spans) {
        let text = name.span.of(&article.text).to_owned();
        let (start, end) = (points.at(name.span.start), points.at(name.span.end));
        entities.entry((text.clone(), name.kind)).or_default().push(Mention {
            start,
            end,
            text,
            score: 1.0,
            label: None,
        });
    }
    let entities = entities.into_iter().map(|((name, kind), mentions)| Entity { name, kind, mentions });
    Analysis { entities: Some(entities.collect()), ..Analysis::without_findings(&article.id) }
}

/// The commonest label of articles and that of sentences, over the whole gold.
fn majorities(set: &GoldSet) -> (Label, Label) {
    let stances = || set.articles.iter().flat_map(|(_, gold)| &gold.stance);
    let articles: Vec<Label> = stances().map(|stance| stance.label).collect();
    let sentences: Vec<Label> = stances().flat_map(|stance| &stance.sentences).map(|s| s.label).collect();
    (majority(&articles), majority(&sentences))
}

/// The first name in each sentence that has a quotation mark or the word "said"; `None` for other sentences.
pub fn first_names(article: &Article, sentences: &[Span]) -> Vec<Option<String>> {
    let names = capitalised(&article.text, sentences);
    let speaks = |sentence: &str| sentence.contains(['"', '“', '”']) || sentence.contains(" said");
    let first = |sentence: &Span| {
        let mut here = names.iter().filter(|name| sentence.contains(name.span));
        let name = here.next().filter(|_| speaks(sentence.of(&article.text)))?;
        Some(name.span.of(&article.text).to_owned())
    };
    sentences.iter().map(first).collect()
}

/// The commonest label.
pub fn majority(labels: &[Label]) -> Label {
    let count = |label: &Label| labels.iter().filter(|other| *other == label).count();
    Label::ALL.into_iter().rev().max_by_key(count).unwrap_or(Label::Neutral)
}

/// Finds sentences by the words for the target, as the analyzer does, and gives one label to all sentences and one to all
/// articles.
fn with_majority(article: &Article, targets: &[Target], (whole, single): &(Label, Label)) -> Analysis {
    let points = CodePoints::new(&article.text);
    let place = |span: Span| Place {
        start: points.at(span.start),
        end: points.at(span.end),
        text: span.of(&article.text).to_owned(),
    };
    let telling = |sentence: &&Sentence| matches!(sentence.role, Role::Prose | Role::Heading);
    let all = sentences(&article.text);
    let case = TextCase::of(&article.text);
    let stances = targets.iter().map(|target| {
        let mentioned =
            |s: &&Sentence| !target.mentions(&Words::of(s.span.of(&article.text)), case).is_empty();
        let found = all.iter().filter(telling).filter(mentioned);
        let evidence: Vec<Evidence> = found
            .map(|sentence| place(sentence.span))
            .map(|place| Evidence {
                start: place.start,
                end: place.end,
                text: place.text.clone(),
                mention: place,
                label: *single,
                score: 1.0,
                scores: None,
                speaker: None,
                holder: None,
            })
            .collect();
        let label = if evidence.is_empty() { Label::Absent } else { *whole };
        TargetStance { target: target.name.clone(), label, scores: None, evidence }
    });
    Analysis { stance: Some(stances.collect()), ..Analysis::without_findings(&article.id) }
}
