//! Scores the findings about one article against its gold.

use serde::Serialize;

use super::attributions::{Attribution, QuoteScores};
use super::gold::{Gold, GoldSentence, GoldStance, KeyFact};
use super::item::{
    EntityGrouping, EntityScores, Judgement, ScoredItem, StanceScores, SummaryScores, groups, typed,
};
use super::metrics::extractive::{fragments, redundancy};
use super::metrics::rouge::{rouge_multi, tokens};
use super::metrics::share;
use super::metrics::spans::{Fault, Matches, TypedSpan, errors};
use super::text::{content_recall, same_speaker, slice};
use super::words::names_and_numbers;
use crate::analysis::{Analysis, Evidence, Summary, TargetStance};
use crate::article::{CodePoints, Sentence, Span, sentences};
use crate::entities::EntityType;
use crate::stance::{Label, Scores};

/// The scores of one article, and the findings and errors behind them, for reports that show each error.
#[derive(Debug, Clone, Serialize)]
pub struct ArticleResult {
    /// The id of the article.
    pub id: String,
    /// Its text.
    #[serde(skip)]
    pub text: String,
    /// Its scores.
    #[serde(skip)]
    pub item: ScoredItem,
    /// The scores of mentions and stance of each sentence, for intervals of one article.
    #[serde(skip)]
    pub sentences: Vec<ScoredItem>,
    /// Entities; `None` if they were not scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<EntityResult>,
    /// The summary; `None` if it was not scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<SummaryResult>,
    /// Stance towards each target; `None` if it was not scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stance: Option<Vec<StanceResult>>,
}

/// The mentions of gold and system, and every error.
#[derive(Debug, Clone, Serialize)]
pub struct EntityResult {
    /// The mentions of the gold, in code points.
    #[serde(skip)]
    pub gold: Vec<TypedSpan>,
    /// The mentions of the system, in code points.
    #[serde(skip)]
    pub predicted: Vec<TypedSpan>,
    /// Every error, in the order of the text.
    pub errors: Vec<EntityError>,
}

/// A wrong, missed or spurious mention.
#[derive(Debug, Clone, Serialize)]
pub struct EntityError {
    /// What kind of error it is.
    pub fault: Fault,
    /// The mention of the gold; `None` if it is spurious.
    pub gold: Option<MentionText>,
    /// The mention of the system; `None` if it is missed.
    pub predicted: Option<MentionText>,
}

/// A mention with its words.
#[derive(Debug, Clone, Serialize)]
pub struct MentionText {
    /// Where it starts, in code points.
    pub start: usize,
    /// Where it ends, in code points.
    pub end: usize,
    /// The type of the entity.
    #[serde(rename = "type")]
    pub kind: EntityType,
    /// Its words.
    pub text: String,
}

/// A summary with what it is scored against.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryResult {
    /// The sentences of the summary.
    pub sentences: Vec<String>,
    /// The reference summaries.
    pub references: Vec<String>,
    /// The key facts, each with the sentence that states it.
    pub facts: Vec<FactResult>,
    /// Names and numbers of the summary that the article does not have.
    pub unsupported: Vec<String>,
}

/// A key fact, and whether the summary states it.
#[derive(Debug, Clone, Serialize)]
pub struct FactResult {
    /// The fact in the annotator's words.
    pub fact: String,
    /// Its weight, from 1 to 3.
    pub weight: u32,
    /// The index of the first sentence of the summary that states it; null if none does.
    pub covered_by: Option<usize>,
}

/// The stance of an article towards one target, in the gold and as the system gives it.
#[derive(Debug, Clone, Serialize)]
pub struct StanceResult {
    /// The name of the target.
    pub target: String,
    /// The label of the gold.
    pub gold: Label,
    /// The label of the system.
    pub given: Label,
    /// The probabilities of the system.
    pub scores: Option<Scores>,
    /// The sentences that mention the target.
    pub sentences: Vec<SentenceResult>,
}

/// A sentence that mentions the target according to gold or system; what the other one lacks is null.
#[derive(Debug, Clone, Serialize)]
pub struct SentenceResult {
    /// Where it starts, in code points.
    pub start: usize,
    /// Where it ends, in code points.
    pub end: usize,
    /// Its words.
    pub text: String,
    /// The label of the gold.
    pub gold: Option<Label>,
    /// The label of the system.
    pub given: Option<Label>,
    /// The speaker in the gold.
    pub gold_speaker: Option<String>,
    /// The speaker as the system has it.
    pub given_speaker: Option<String>,
}

/// Scores an analysis of the article with this text and gold. Findings that the analysis lacks are not scored.
pub fn score(text: &str, gold: &Gold, analysis: &Analysis) -> ArticleResult {
    let mut item = ScoredItem { id: gold.id.clone(), ..ScoredItem::default() };
    let entities = analysis.entities.as_ref().map(|entities| {
        let given: Vec<Vec<TypedSpan>> = entities
            .iter()
            .map(|e| {
                e.mentions
                    .iter()
                    .map(|m| TypedSpan { span: Span::new(m.start, m.end), kind: e.kind })
                    .collect()
            })
            .collect();
        let mut predicted = given.concat();
        predicted.sort();
        let wanted = typed(gold);
        let mut scores = EntityScores::new(&wanted, &predicted);
        scores.grouped = Some(EntityGrouping::new(&groups(gold), &given));
        item.entities = Some(scores);
        EntityResult { errors: entity_errors(text, &wanted, &predicted), gold: wanted, predicted }
    });
    let summary = analysis.summary.as_ref().map(|summary| {
        let sentences: Vec<String> = summary.lines().map(String::from).collect();
        let references: Vec<String> = gold.summaries.iter().map(|reference| reference.text.clone()).collect();
        let (mut scores, result) = score_summary(text, &sentences, &references, &gold.facts);
        scores.supported = supported_share(summary);
        item.summary = Some(scores);
        result
    });
    let stance = analysis.stance.as_ref().map(|stance| {
        let (scores, results) = score_stance(gold, stance);
        item.stance = Some(scores);
        results
    });
    if let (Some(wanted), Some(given)) = (&gold.quotes, &analysis.quotes) {
        let wanted: Vec<Attribution> = wanted.iter().map(Attribution::from).collect();
        let given: Vec<Attribution> = given.iter().map(Attribution::from).collect();
        item.quotes = Some(QuoteScores::new(&wanted, &given, true));
    }
    let sentences = by_sentence(text, entities.as_ref(), stance.as_deref(), item.stance.as_ref());
    ArticleResult { id: gold.id.clone(), text: text.to_owned(), item, sentences, entities, summary, stance }
}

fn by_sentence(
    text: &str,
    entities: Option<&EntityResult>,
    stance: Option<&[StanceResult]>,
    scores: Option<&StanceScores>,
) -> Vec<ScoredItem> {
    let points = CodePoints::new(text);
    let pairs = || {
        let results = stance.into_iter().flatten().flat_map(|result| &result.sentences);
        results.zip(scores.into_iter().flat_map(|scores| &scores.sentences))
    };
    let item = |sentence: Sentence| {
        let (start, end) = (points.at(sentence.span.start), points.at(sentence.span.end));
        let inside = |at: usize| start <= at && at < end;
        let within =
            |list: &[TypedSpan]| list.iter().filter(|t| inside(t.span.start)).copied().collect::<Vec<_>>();
        let judged =
            pairs().filter(|(result, _)| inside(result.start)).map(|(_, judgement)| judgement.clone());
        ScoredItem {
            id: start.to_string(),
            entities: entities.map(|e| EntityScores::new(&within(&e.gold), &within(&e.predicted))),
            stance: scores.map(|_| StanceScores { sentences: judged.collect(), ..StanceScores::default() }),
            ..ScoredItem::default()
        }
    };
    sentences(text).into_iter().map(item).collect()
}

fn entity_errors(text: &str, gold: &[TypedSpan], predicted: &[TypedSpan]) -> Vec<EntityError> {
    let marked = |typed: TypedSpan| MentionText {
        start: typed.span.start,
        end: typed.span.end,
        kind: typed.kind,
        text: slice(text, typed.span.start, typed.span.end).unwrap_or_default().to_owned(),
    };
    let each = errors(gold, predicted).into_iter();
    each.map(|error| EntityError {
        fault: error.fault,
        gold: error.gold.map(marked),
        predicted: error.predicted.map(marked),
    })
    .collect()
}

/// Share of the content words of a supporting sentence that a sentence must have to count as the same one.
const SAME_SENTENCE: f64 = 0.9;
/// Share of the content words of a fact that a sentence must have to state it.
const FACT_WORDS: f64 = 0.6;

/// Whether a sentence of a summary states a key fact: it is nearly the same as a sentence of the article that supports
/// the fact, or has most words of the fact. `wirelens eval check` prints how often that agrees with what annotators say
/// of their own summaries.
pub fn covers(sentence: &str, fact: &KeyFact) -> bool {
    let supports =
        || fact.support.iter().any(|support| content_recall(&support.text, sentence) >= SAME_SENTENCE);
    content_recall(&fact.fact, sentence) >= FACT_WORDS || supports()
}

/// Scores a summary that is given as its sentences. For ROUGE-Lsum, references are split into sentences at line breaks,
/// or by the segmenter if they have one line only.
pub fn score_summary(
    article: &str,
    sentences: &[String],
    references: &[String],
    facts: &[KeyFact],
) -> (SummaryScores, SummaryResult) {
    let whole = sentences.join("\n");
    let lined: Vec<String> = references.iter().map(|reference| sentence_lines(reference)).collect();
    let fragments = fragments(article, &whole);
    let results: Vec<FactResult> = facts
        .iter()
        .map(|fact| FactResult {
            fact: fact.fact.clone(),
            weight: fact.weight,
            covered_by: sentences.iter().position(|sentence| covers(sentence, fact)),
        })
        .collect();
    let weight = |covered: bool| -> f64 {
        results.iter().filter(|f| !covered || f.covered_by.is_some()).map(|f| f64::from(f.weight)).sum()
    };
    let (checked, unsupported) = unsupported(article, sentences);
    let scores = SummaryScores {
        rouge: rouge_multi(&lined, &whole, true),
        fact_coverage: (!facts.is_empty()).then(|| share(weight(true), weight(false))),
        words: tokens(&whole, false).len() as f64,
        compression: fragments.compression,
        coverage: fragments.coverage,
        density: fragments.density,
        redundancy: redundancy(sentences),
        // A summary without names and numbers has none that the article lacks.
        faithfulness: if checked == 0 { 1.0 } else { 1.0 - unsupported.len() as f64 / checked as f64 },
        supported: None,
    };
    let (sentences, references) = (sentences.to_vec(), references.to_vec());
    (scores, SummaryResult { sentences, references, facts: results, unsupported })
}

/// Share of the generated sentences that the article supports, as the analysis judged them; `None` if there are none.
pub fn supported_share(summary: &Summary) -> Option<f64> {
    let generated = &summary.generated;
    let count = generated.iter().filter(|sentence| sentence.supported).count();
    (!generated.is_empty()).then(|| share(count as f64, generated.len() as f64))
}

/// The text with one sentence on each line. A text that has several lines already is not changed.
pub fn sentence_lines(text: &str) -> String {
    match text.trim().contains('\n') {
        true => text.trim().to_owned(),
        false => {
            sentencex::segment("en", text.trim()).iter().map(|s| s.trim()).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The number of names and numbers in the sentences, and those of them that the article lacks.
fn unsupported(article: &str, sentences: &[String]) -> (usize, Vec<String>) {
    let known: std::collections::HashSet<String> =
        tokens(&article.replace(',', ""), false).into_iter().collect();
    let found: Vec<String> = sentences.iter().flat_map(|sentence| names_and_numbers(sentence)).collect();
    let has = |word: &String| tokens(&word.replace(',', ""), false).iter().all(|token| known.contains(token));
    (found.len(), found.iter().filter(|word| !has(word)).cloned().collect())
}

fn score_stance(gold: &Gold, given: &[TargetStance]) -> (StanceScores, Vec<StanceResult>) {
    let mut scores = StanceScores::default();
    let results = gold
        .stance
        .iter()
        .map(|wanted| {
            let found = given.iter().find(|stance| stance.target == wanted.target);
            let label = found.map_or(Label::Absent, |stance| stance.label);
            scores.articles.push(Judgement {
                target: wanted.target.clone(),
                gold: wanted.label,
                given: label,
                probabilities: match found.and_then(|stance| stance.scores) {
                    None if label != Label::Absent => None,
                    scores => Some(probabilities(scores)),
                },
            });
            let evidence = found.map_or(&[][..], |stance| stance.evidence.as_slice());
            StanceResult {
                target: wanted.target.clone(),
                gold: wanted.label,
                given: label,
                scores: found.and_then(|stance| stance.scores),
                sentences: score_sentences(wanted, evidence, &mut scores),
            }
        })
        .collect();
    (scores, results)
}

/// Scores as probabilities in the order of [`Label::ALL`]; without scores, `absent` has probability 1.
pub fn probabilities(scores: Option<Scores>) -> [f64; 4] {
    scores.map_or([0.0, 0.0, 0.0, 1.0], |s| [s.favor, s.neutral, s.against, 0.0])
}

/// Pairs each gold sentence with the evidence that overlaps it most, by half of the shorter of the two at least.
fn score_sentences(
    wanted: &GoldStance,
    evidence: &[Evidence],
    scores: &mut StanceScores,
) -> Vec<SentenceResult> {
    let mut left: Vec<&Evidence> = evidence.iter().collect();
    let mut results = Vec::new();
    for sentence in &wanted.sentences {
        let shared = |e: &Evidence| e.end.min(sentence.end).saturating_sub(e.start.max(sentence.start));
        let half = |e: &Evidence| 2 * shared(e) >= (e.end - e.start).min(sentence.end - sentence.start);
        let best = (0..left.len()).filter(|&i| half(left[i])).max_by_key(|&i| shared(left[i]));
        results.push((Some(sentence), best.map(|i| left.remove(i))));
    }
    results.extend(left.into_iter().map(|evidence| (None, Some(evidence))));
    results.into_iter().map(|(gold, given)| pair(&wanted.target, gold, given, scores)).collect()
}

fn pair(
    target: &str,
    gold: Option<&GoldSentence>,
    given: Option<&Evidence>,
    scores: &mut StanceScores,
) -> SentenceResult {
    scores.sentences.push(Judgement {
        target: target.to_owned(),
        gold: gold.map_or(Label::Absent, |sentence| sentence.label),
        given: given.map_or(Label::Absent, |evidence| evidence.label),
        probabilities: match given {
            Some(evidence) => evidence.scores.map(|scores| probabilities(Some(scores))),
            None => Some(probabilities(None)),
        },
    });
    if let (Some(gold), Some(given)) = (gold, given) {
        let right = match (&gold.speaker, &given.speaker) {
            (Some(one), Some(two)) => same_speaker(one, two),
            (one, two) => one.is_none() && two.is_none(),
        };
        scores.speakers += &Matches { correct: usize::from(right), predicted: 1, gold: 1 };
    }
    let place = gold.map(|g| (g.start, g.end, &g.text)).or(given.map(|e| (e.start, e.end, &e.text)));
    let (start, end, text) = place.expect("a pair has a side");
    SentenceResult {
        start,
        end,
        text: text.clone(),
        gold: gold.map(|sentence| sentence.label),
        given: given.map(|evidence| evidence.label),
        gold_speaker: gold.and_then(|sentence| sentence.speaker.clone()),
        given_speaker: given.and_then(|evidence| evidence.speaker.clone()),
    }
}
