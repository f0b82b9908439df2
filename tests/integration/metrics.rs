//! The metrics equal those of the reference packages, whose results are in `tests/fixtures/metrics.json`
//! (`scripts/peers/metrics.py` makes it).

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wirelens::article::Span;
use wirelens::article::stem;
use wirelens::entities::EntityType;
use wirelens::eval::metrics::classification::{Confusion, brier};
use wirelens::eval::metrics::rouge::{Rouge, RougeScore, rouge, rouge_multi};
use wirelens::eval::metrics::spans::{Matches, Scheme, Tally, TypedSpan, from_bio, matches, tally};

fn fixtures<T: DeserializeOwned>(part: &str) -> T {
    let json = fs::read_to_string("tests/fixtures/metrics.json").expect("the fixtures are there");
    let mut all: serde_json::Value = serde_json::from_str(&json).expect("the fixtures are JSON");
    serde_json::from_value(all[part].take()).expect("the fixtures have this part")
}

#[track_caller]
fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} where the reference has {expected}");
}

fn assert_rouge(found: Rouge, expected: &[[f64; 3]; 4], what: &str) {
    let scores: [RougeScore; 4] = [found.rouge1, found.rouge2, found.rouge_l, found.rouge_lsum];
    for (score, expected) in scores.iter().zip(expected) {
        for (found, expected) in [score.precision, score.recall, score.f1].into_iter().zip(expected) {
            assert_close(found, *expected, 1e-6, what);
        }
    }
}

#[test]
fn stems_are_those_of_nltk() {
    let stems: BTreeMap<String, String> = fixtures("stems");
    assert!(stems.len() >= 1000);
    for (word, expected) in stems {
        assert_eq!(stem(&word), expected, "{word}");
    }
}

#[test]
fn rouge_is_that_of_rouge_score() {
    #[derive(Deserialize)]
    struct Pair {
        reference: String,
        candidate: String,
        plain: [[f64; 3]; 4],
        stemmed: [[f64; 3]; 4],
    }
    let pairs: Vec<Pair> = fixtures("rouge");
    assert!(pairs.len() >= 500);
    for Pair { reference, candidate, plain, stemmed } in pairs {
        let what = format!("{reference:?} {candidate:?}");
        assert_rouge(rouge(&reference, &candidate, false), &plain, &what);
        assert_rouge(rouge(&reference, &candidate, true), &stemmed, &what);
    }
}

#[test]
fn several_references_are_scored_as_rouge_score_does() {
    #[derive(Deserialize)]
    struct Case {
        references: Vec<String>,
        candidate: String,
        scores: [[f64; 3]; 4],
    }
    for Case { references, candidate, scores } in fixtures::<Vec<Case>>("rouge_multi") {
        assert_rouge(rouge_multi(&references, &candidate, true), &scores, &candidate);
    }
}

#[derive(Deserialize)]
struct Taggings {
    cases: Vec<Tagging>,
    seqeval: [f64; 3],
    seqeval_macro_f1: f64,
}

#[derive(Deserialize)]
struct Tagging {
    gold: Vec<String>,
    predicted: Vec<String>,
    nervaluate: Schemes,
    seqeval: [f64; 3],
}

#[derive(Deserialize)]
struct Schemes {
    all: BTreeMap<String, Counts>,
    types: BTreeMap<EntityType, BTreeMap<String, Counts>>,
}

#[derive(Deserialize)]
struct Counts {
    correct: usize,
    incorrect: usize,
    partial: usize,
    missed: usize,
    spurious: usize,
    scores: [f64; 3],
}

fn spans(tags: &[String]) -> Vec<TypedSpan> {
    let parse = |tag: &String| tag.split_once('-').map(|(begin, kind)| (begin == "B", kind.parse().unwrap()));
    from_bio(&tags.iter().map(parse).collect::<Vec<_>>())
}

fn of_kind(list: &[TypedSpan], kind: EntityType) -> Vec<TypedSpan> {
    list.iter().filter(|typed| typed.kind == kind).copied().collect()
}

fn assert_schemes(
    gold: &[TypedSpan],
    predicted: &[TypedSpan],
    expected: &BTreeMap<String, Counts>,
    what: &str,
) {
    let schemes = [
        ("strict", Scheme::Strict),
        ("exact", Scheme::Exact),
        ("partial", Scheme::Partial),
        ("ent_type", Scheme::Type),
    ];
    for (name, scheme) in schemes {
        let found = tally(gold, predicted, scheme);
        let &Counts { correct, incorrect, partial, missed, spurious, scores } = &expected[name];
        assert_eq!(found, Tally { correct, incorrect, partial, missed, spurious }, "{name} {what}");
        for (found, expected) in [found.precision(), found.recall(), found.f1()].into_iter().zip(scores) {
            assert_close(found, expected, 1e-9, what);
        }
    }
}

#[test]
fn span_scores_are_those_of_nervaluate_and_seqeval() {
    let taggings: Taggings = fixtures("taggings");
    assert!(taggings.cases.len() >= 500);
    let mut all = Matches::default();
    let mut by_type: BTreeMap<EntityType, Matches> = BTreeMap::new();
    for case in &taggings.cases {
        let (gold, predicted) = (spans(&case.gold), spans(&case.predicted));
        let what = format!("{:?} {:?}", case.gold, case.predicted);
        assert_schemes(&gold, &predicted, &case.nervaluate.all, &what);
        for (&kind, expected) in &case.nervaluate.types {
            assert_schemes(&of_kind(&gold, kind), &of_kind(&predicted, kind), expected, &what);
        }
        let found = matches(&gold, &predicted);
        for (found, expected) in [found.precision(), found.recall(), found.f1()].into_iter().zip(case.seqeval)
        {
            assert_close(found, expected, 1e-9, &what);
        }
        all += &found;
        for kind in EntityType::ALL {
            *by_type.entry(kind).or_default() += &matches(&of_kind(&gold, kind), &of_kind(&predicted, kind));
        }
    }
    for (found, expected) in [all.precision(), all.recall(), all.f1()].into_iter().zip(taggings.seqeval) {
        assert_close(found, expected, 1e-9, "all taggings");
    }
    let macro_f1 = by_type.values().map(Matches::f1).sum::<f64>() / by_type.len() as f64;
    assert_close(macro_f1, taggings.seqeval_macro_f1, 1e-9, "all taggings, by type");
}

#[test]
fn classification_scores_are_those_of_scikit_learn() {
    #[derive(Deserialize)]
    struct Case {
        gold: Vec<usize>,
        given: Vec<usize>,
        probabilities: Vec<[f64; 4]>,
        accuracy: f64,
        macro_f1: f64,
        three: f64,
        kappa: f64,
        brier: f64,
    }
    let cases: Vec<Case> = fixtures("classification");
    assert!(cases.len() >= 100);
    for case in cases {
        let mut matrix = Confusion::new(4);
        for (&gold, &given) in case.gold.iter().zip(&case.given) {
            matrix.add(gold, given);
        }
        assert_close(matrix.accuracy(), case.accuracy, 1e-9, "accuracy");
        assert_close(matrix.macro_f1(&[0, 1, 2, 3]), case.macro_f1, 1e-9, "macro-F1");
        assert_close(matrix.macro_f1(&[0, 1, 2]), case.three, 1e-9, "macro-F1 of three labels");
        assert_close(matrix.kappa(), case.kappa, 1e-9, "kappa");
        let each = case.probabilities.iter().zip(&case.gold).map(|(p, &gold)| brier(p, gold));
        assert_close(each.sum::<f64>() / case.gold.len() as f64, case.brier, 1e-9, "Brier score");
    }
}

#[test]
fn nothing_to_score_gives_zeros_and_never_nan() {
    assert_eq!(rouge("", "", true), Rouge::default());
    assert_eq!(rouge_multi(&[], "words", true), Rouge::default());
    assert_eq!((matches::<TypedSpan>(&[], &[]).f1(), tally(&[], &[], Scheme::Strict).f1()), (0.0, 0.0));
    let nothing = Confusion::new(3);
    assert_eq!((nothing.accuracy(), nothing.macro_f1(&[0, 1, 2]), nothing.kappa()), (0.0, 0.0, 0.0));
    let mut same = Confusion::new(3);
    same.add(1, 1);
    assert_eq!(same.kappa(), 1.0);
    let one = TypedSpan { span: Span::new(0, 1), kind: EntityType::Per };
    assert_eq!(tally(&[one], &[], Scheme::Type).missed, 1);
}
