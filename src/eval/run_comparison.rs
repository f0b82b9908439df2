//! Compares an evaluation with an earlier run on the same items, and checks it against limits.
//!
//! A *baseline file* keeps the scored items of a run. A *gate* is a file of limits for metrics.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::EvalError;
use super::bootstrap::Resamples;
use super::catalogue::{Better, Metric, metric, metrics};
use super::evaluation::Evaluation;
use super::item::ScoredItem;

/// The content of a baseline file. Every metric can be computed again from its items.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Version of this format.
    pub schema_version: u32,
    /// That of the evaluation ([`Evaluation::signature`]).
    pub signature: String,
    /// The scored items of the run.
    pub items: Vec<ScoredItem>,
}

const BASELINE_SCHEMA: u32 = 1;

impl Baseline {
    /// Takes the items of an evaluation.
    pub fn of(evaluation: &Evaluation) -> Self {
        let (signature, items) = (evaluation.signature.clone(), evaluation.items.clone());
        Self { schema_version: BASELINE_SCHEMA, signature, items }
    }

    /// Writes the file as JSON.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), EvalError> {
        let json = serde_json::to_string_pretty(self).map_err(|error| EvalError::new(path, error))?;
        fs::write(path, json + "\n").map_err(|error| EvalError::new(path, error))
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// When the file cannot be read, is no baseline, or has another version.
    pub fn read(path: &Path) -> Result<Self, EvalError> {
        let json = fs::read_to_string(path)
            .map_err(|error| EvalError::new(path, format!("cannot be read: {error}")))?;
        let baseline: Self = serde_json::from_str(&json).map_err(|error| {
            EvalError::new(path, format!("is no baseline (made with --save-baseline): {error}"))
        })?;
        match baseline.schema_version {
            BASELINE_SCHEMA => Ok(baseline),
            other => Err(EvalError::new(
                path,
                format!("has schema_version {other}; this program knows {BASELINE_SCHEMA}"),
            )),
        }
    }
}

/// The value of one metric in the earlier run and in this one.
#[derive(Debug, Clone, Serialize)]
pub struct MetricChange {
    /// The key of the metric.
    pub key: &'static str,
    /// Its value in the earlier run.
    pub before: f64,
    /// Its value in this run.
    pub now: f64,
    /// The 95 % interval of `now - before`, by the paired bootstrap.
    pub ci95: [f64; 2],
    /// What the interval says.
    pub verdict: Verdict,
}

/// How this run compares with the earlier one in a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The interval of the difference lies on the better side of 0.
    Better,
    /// The interval of the difference lies on the worse side of 0.
    Worse,
    /// The interval of the difference holds 0.
    Level,
    /// The number changed, and no value of this metric is better than another.
    Changed,
}

/// Compares an evaluation with an earlier run, metric by metric. `path` is that of the baseline file, for errors.
///
/// # Errors
/// When the two runs do not have the same items in the same order.
pub fn compare_runs(
    evaluation: &Evaluation,
    baseline: &Baseline,
    path: &Path,
) -> Result<Vec<MetricChange>, EvalError> {
    let ids = |items: &[ScoredItem]| items.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
    let (now, before) = (ids(&evaluation.items), ids(&baseline.items));
    if now != before {
        let odd = now.iter().find(|id| !before.contains(id)).or(before.iter().find(|id| !now.contains(id)));
        let odd = odd.map_or("the order differs".into(), |id| format!("'{id}' is in only one of them"));
        let reason = format!(
            "has {} items and this run has {}; {odd}: only the same items compare",
            before.len(),
            now.len()
        );
        return Err(EvalError::new(path, reason));
    }
    let pairs: Vec<(&ScoredItem, &ScoredItem)> = evaluation.items.iter().zip(&baseline.items).collect();
    Ok(metrics().filter_map(|metric| difference(metric, &pairs, &evaluation.resamples)).collect())
}

fn difference(
    metric: &Metric,
    pairs: &[(&ScoredItem, &ScoredItem)],
    resamples: &Resamples,
) -> Option<MetricChange> {
    let values = |pairs: &[&(&ScoredItem, &ScoredItem)]| -> Option<(f64, f64)> {
        let now: Vec<&ScoredItem> = pairs.iter().map(|pair| pair.0).collect();
        let before: Vec<&ScoredItem> = pairs.iter().map(|pair| pair.1).collect();
        Some(((metric.measure)(&now)?, (metric.measure)(&before)?))
    };
    let (now, before) = values(&pairs.iter().collect::<Vec<_>>())?;
    let ci95 = resamples.interval(pairs, |drawn| values(drawn).map(|(now, before)| now - before))?;
    let verdict = match (metric.better, ci95) {
        (_, [low, high]) if low <= 0.0 && high >= 0.0 => Verdict::Level,
        (Better::Neither, _) => Verdict::Changed,
        (Better::Higher, [low, _]) => {
            if low > 0.0 {
                Verdict::Better
            } else {
                Verdict::Worse
            }
        }
        (Better::Lower, [low, _]) => {
            if low > 0.0 {
                Verdict::Worse
            } else {
                Verdict::Better
            }
        }
    };
    Some(MetricChange { key: metric.key, before, now, ci95, verdict })
}

/// Limits by the key of the metric: `min` and `max` for the value, `worse` for how much worse than in the baseline file
/// the value may be.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    #[serde(default)]
    min: toml::Table,
    #[serde(default)]
    max: toml::Table,
    #[serde(default)]
    worse: toml::Table,
}

impl Gate {
    /// Reads a TOML file with the tables `[min]`, `[max]` and `[worse]`, of which one at least has a limit.
    ///
    /// # Errors
    /// When the file cannot be read, names a metric that does not exist, or has no limit.
    pub fn read(path: &Path) -> Result<Self, EvalError> {
        let text = fs::read_to_string(path)
            .map_err(|error| EvalError::new(path, format!("cannot be read: {error}")))?;
        let gate: Self = toml::from_str(&text).map_err(|error| EvalError::new(path, error))?;
        for (key, limit) in gate.min.iter().chain(&gate.max).chain(&gate.worse) {
            if metric(key).is_none() {
                return Err(EvalError::new(
                    path,
                    format!("there is no metric '{key}'; eval/METRICS.md lists them"),
                ));
            }
            number(limit)
                .ok_or_else(|| EvalError::new(path, format!("the limit of '{key}' is no number")))?;
        }
        if gate.min.is_empty() && gate.max.is_empty() && gate.worse.is_empty() {
            return Err(EvalError::new(
                path,
                "has no limit; it needs a table [min], [max] or [worse] of lines such as \"entities.strict.f1\" = 0.8",
            ));
        }
        Ok(gate)
    }

    /// Whether it has limits that need a comparison with a baseline file.
    pub fn needs_comparison(&self) -> bool {
        !self.worse.is_empty()
    }

    /// The limits that do not hold, one message each. A limit fails, too, if its metric was not measured.
    pub fn failures(&self, evaluation: &Evaluation, differences: &[MetricChange]) -> Vec<String> {
        let items: Vec<&ScoredItem> = evaluation.items.iter().collect();
        let value = |key: &str| metric(key).and_then(|metric| (metric.measure)(&items));
        let mut failures = Vec::new();
        let bounds = [(&self.min, "below the minimum", 1.0), (&self.max, "above the maximum", -1.0)];
        for (limits, what, sign) in bounds {
            for (key, limit) in limits {
                let limit = number(limit).unwrap_or(f64::NAN);
                match value(key) {
                    Some(value) if (value - limit) * sign >= 0.0 => {}
                    Some(value) => failures.push(format!("{key} is {value:.4}, {what} {limit}")),
                    None => failures.push(format!("{key} was not measured, and has a limit of {limit}")),
                }
            }
        }
        for (key, limit) in &self.worse {
            let limit = number(limit).unwrap_or(f64::NAN);
            let Some(found) = differences.iter().find(|difference| difference.key == key) else {
                failures.push(format!(
                    "{key} was not compared, and may be at most {limit} worse than the baseline"
                ));
                continue;
            };
            let lower_is_better = metric(key).is_some_and(|metric| metric.better == Better::Lower);
            let worse = if lower_is_better { found.now - found.before } else { found.before - found.now };
            if worse > limit {
                let (now, before) = (found.now, found.before);
                failures.push(format!(
                    "{key} is {now:.4}, and was {before:.4}: {worse:.4} worse, where {limit} is allowed"
                ));
            }
        }
        failures
    }
}

fn number(value: &toml::Value) -> Option<f64> {
    value
        .as_float()
        .or_else(|| value.as_integer().map(|whole| whole as f64))
        .filter(|limit| limit.is_finite())
}
