//! An evaluation as an HTML page: tables, plots, and the text of every article with its errors marked.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::overlay::pieces;
use super::{format_interval, format_value, full_title, part, plots, title, verdict};
use crate::eval::catalogue::{HEADLINES, METRICS, Metric, metric};
use crate::eval::evaluation::{Estimate, Evaluation, TypeRow};
use crate::eval::metrics::spans::Fault;
use crate::eval::run_comparison::MetricChange;
use crate::eval::score::{ArticleResult, EntityError};
use crate::report::counted;
use crate::report::page::write_page;

/// Writes the page.
///
/// # Errors
/// When a plot cannot be drawn, or `out` cannot be written to.
pub fn write(out: &mut dyn Write, evaluation: &Evaluation, differences: &[MetricChange]) -> io::Result<()> {
    let confusions: Vec<Value> = evaluation
        .confusions()
        .into_iter()
        .map(|(level, counts)| Ok(json!({"level": level, "plot": plots::confusion(&counts)?})))
        .collect::<io::Result<_>>()?;
    let by_article = ["entities.strict.f1", "stance.accuracy"].into_iter().filter_map(metric).map(|metric| {
        let plot = plots::articles(evaluation, metric)?;
        Ok(json!({"name": full_title(metric.key), "plot": plot}))
    });
    let by_article: Vec<Value> = by_article.collect::<io::Result<_>>()?;
    let page = json!({
        "by_article": by_article,
        "data": evaluation.data,
        "items": counted(evaluation.items.len(), evaluation.unit),
        "signature": evaluation.signature,
        "notes": evaluation.notes,
        "headlines": plots::headlines(evaluation)?,
        "types_plot": plots::types(evaluation)?,
        "types": evaluation.types().iter().map(type_row).collect::<Vec<_>>(),
        "faults": Fault::ALL.map(Fault::name),
        "confusions": confusions,
        "metrics": metrics(evaluation),
        "baselines": evaluation.baselines.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "differences": differences.iter().map(difference_row).collect::<Vec<_>>(),
        "articles": evaluation.articles.iter().map(|one| article(evaluation, one)).collect::<Vec<_>>(),
    });
    write_page(out, "evaluation.html", page)
}

/// One row for each metric, with all baselines.
fn metrics(evaluation: &Evaluation) -> Vec<Value> {
    let opens =
        |metric: &Metric| METRICS.iter().any(|family| family.len() > 1 && family[0].key == metric.key);
    let row = |(metric, estimate): (&'static Metric, Estimate)| {
        let baselines = evaluation.baselines.iter().map(|(_, items)| {
            let value = (metric.measure)(&items.iter().collect::<Vec<_>>());
            value.map_or("–".into(), |value| format_value(metric, value))
        });
        json!({
            "part": part(metric.key),
            "opens": opens(metric),
            "name": title(metric.key),
            "key": metric.key,
            "value": format_value(metric, estimate.value),
            "interval": format_interval(metric, &estimate),
            "baselines": baselines.collect::<Vec<_>>(),
        })
    };
    evaluation.estimates().into_iter().map(row).collect()
}

fn type_row(row: &TypeRow) -> Value {
    json!({
        "name": row.kind.name(),
        "f1": format!("{:.1}", 100.0 * row.scores.conll.f1()),
        "gold": row.scores.conll.gold,
        "right": row.scores.conll.correct,
        "faults": row.faults,
    })
}

fn difference_row(difference: &MetricChange) -> Value {
    let format =
        |value: f64| metric(difference.key).map_or(String::new(), |metric| format_value(metric, value));
    json!({
        "name": full_title(difference.key),
        "before": format(difference.before),
        "now": format(difference.now),
        "interval": difference.ci95.map(format).join(" – "),
        "verdict": verdict(difference.verdict),
    })
}

fn article(evaluation: &Evaluation, article: &ArticleResult) -> Value {
    let values = evaluation.article_values(&article.item).into_iter();
    let headlines = values.filter(|(metric, _)| HEADLINES.contains(&metric.key));
    let scores = headlines
        .map(|(metric, value)| json!({"name": full_title(metric.key), "value": format_value(metric, value)}));
    let error = |error: &EntityError| json!({"fault": error.fault.name(), "gold": error.gold, "given": error.predicted});
    let entities = article.entities.as_ref();
    json!({
        "id": article.id,
        "scores": scores.collect::<Vec<_>>(),
        "pieces": entities.map(|entities| pieces(&article.text, entities)),
        "errors": entities.map(|entities| entities.errors.iter().map(error).collect::<Vec<_>>()),
        "summary": article.summary,
        "stance": article.stance,
    })
}
