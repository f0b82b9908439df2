//! Shows the progress of a run, as a bar on a terminal and as lines elsewhere, and writes its metrics to a JSON file.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::error::BatchError;
use super::journal::{Progress, Settings};
use crate::report::tell;

/// Counts and times of this run.
pub struct Meter {
    bar: ProgressBar,
    every: Option<Duration>,
    last_line: Instant,
    total_bytes: Option<u64>,
    /// What earlier runs had finished.
    before: Progress,
    now: Progress,
    /// Bytes taken from the input files, as they are on the disk.
    taken: u64,
    /// Of them, those of records that earlier runs had finished; known with the first window.
    taken_before: Option<u64>,
    began: Instant,
    began_at: SystemTime,
    /// Seconds that the model took for each window.
    seconds: Vec<f64>,
}

impl Meter {
    /// `before`: what earlier runs had finished. `total_bytes`: bytes of the input files, where they are known. `shown`:
    /// whether a terminal gets a bar. `every`: how often a line is written where standard error is no terminal; `None`
    /// for never.
    pub fn new(before: Progress, total_bytes: Option<u64>, shown: bool, every: Option<Duration>) -> Self {
        let bar = match shown && io::stderr().is_terminal() {
            true => {
                let bar = total_bytes.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
                let template = match total_bytes {
                    Some(_) => "{spinner} {wide_bar} {percent}%  {msg}",
                    None => "{spinner} {msg}",
                };
                bar.set_style(ProgressStyle::with_template(template).expect("a valid template"));
                bar.enable_steady_tick(Duration::from_millis(200));
                bar
            }
            false => ProgressBar::hidden(),
        };
        Self {
            bar,
            every,
            last_line: Instant::now(),
            total_bytes,
            now: before.clone(),
            before,
            taken: 0,
            taken_before: None,
            began: Instant::now(),
            began_at: SystemTime::now(),
            seconds: Vec::new(),
        }
    }

    /// Counts a window that is safe. `taken`: bytes taken from the input files so far; `seconds`: how long the model
    /// took.
    pub fn add_window(&mut self, progress: &Progress, taken: u64, seconds: f64) {
        self.now = progress.clone();
        self.taken = taken;
        // Records that earlier runs had finished are only read, not analysed: they take hardly any time.
        self.taken_before.get_or_insert(if self.before.consumed > 0 { taken } else { 0 });
        self.seconds.push(seconds);
        self.bar.set_position(taken);
        self.bar.set_message(self.line());
        if self.bar.is_hidden() && self.every.is_some_and(|every| self.last_line.elapsed() >= every) {
            self.last_line = Instant::now();
            tell(&self.line());
        }
    }

    fn line(&self) -> String {
        let seconds = self.began.elapsed().as_secs_f64().max(1e-3);
        let articles = (self.now.articles - self.before.articles) as f64 / seconds;
        let tokens = (self.now.tokens - self.before.tokens) as f64 / seconds;
        let left = self.left().map(|left| format!(", {} left", HumanDuration(left))).unwrap_or_default();
        format!(
            "{} articles, {articles:.1}/s, {tokens:.0} tokens/s, {} errors{left}",
            self.now.articles, self.now.failed
        )
    }

    /// How long the rest will take; `None` where that cannot be estimated.
    fn left(&self) -> Option<Duration> {
        let before = self.taken_before?;
        let (done, total) = (self.taken.checked_sub(before)?, self.total_bytes?.checked_sub(self.taken)?);
        let rate = done as f64 / self.began.elapsed().as_secs_f64();
        (rate > 0.0).then(|| Duration::from_secs((total as f64 / rate) as u64))
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Writes the metrics as JSON. `state` is `complete`, `interrupted` or `failed`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_metrics(&self, path: &Path, state: &str, settings: &Settings) -> Result<(), BatchError> {
        let text = format!("{:#}\n", self.metrics(state, settings));
        fs::write(path, text).map_err(|source| BatchError::Metrics { path: path.to_owned(), source })
    }

    fn metrics(&self, state: &str, settings: &Settings) -> Value {
        let seconds = self.began.elapsed().as_secs_f64();
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        let percentile = |p: f64| {
            let at = (p * sorted.len() as f64).ceil() as usize;
            sorted.get(at.saturating_sub(1)).map(|&s| milli(s))
        };
        let new = |after: u64, before: u64| after - before;
        let (articles, tokens) =
            (new(self.now.articles, self.before.articles), new(self.now.tokens, self.before.tokens));
        json!({
            "state": state,
            "started": instant(self.began_at),
            "ended": instant(SystemTime::now()),
            "seconds": milli(seconds),
            "this_run": {
                "windows": self.seconds.len(),
                "articles": articles,
                "failed": new(self.now.failed, self.before.failed),
                "tokens": tokens,
                "articles_per_second": milli(articles as f64 / seconds),
                "tokens_per_second": milli(tokens as f64 / seconds),
                "window_seconds": { "p50": percentile(0.5), "p90": percentile(0.9), "p99": percentile(0.99) },
            },
            "all_runs": {
                "windows": self.now.windows,
                "records": self.now.consumed,
                "articles": self.now.articles,
                "failed": self.now.failed,
                "tokens": self.now.tokens,
                "output_bytes": self.now.output_bytes,
            },
            "peak_memory_bytes": peak_memory(),
            "settings": settings,
        })
    }
}

/// Rounded to thousandths.
fn milli(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}

fn instant(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The most memory that this process has held, in bytes; `None` where the system does not tell.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumps_changes_dates_and_no_durations() {
        let day = Duration::from_secs(86_400);
        for began_at in [SystemTime::now() + day * 9_000, SystemTime::UNIX_EPOCH - day * 9_000] {
            let mut meter = Meter::new(Progress::default(), Some(100), false, None);
            meter.began_at = began_at;
            meter.add_window(
                &Progress { articles: 2, tokens: 9, consumed: 2, ..Progress::default() },
                40,
                0.5,
            );
            // More was taken than the input seemed to have.
            meter.add_window(
                &Progress { articles: 3, tokens: 12, consumed: 3, ..Progress::default() },
                140,
                0.25,
            );
            let metrics = meter.metrics("complete", &Settings::new());
            let seconds = metrics["seconds"].as_f64().unwrap();
            assert!((0.0..60.0).contains(&seconds), "{metrics}");
            assert!(metrics["this_run"]["articles_per_second"].as_f64().is_none_or(|rate| rate > 0.0));
            assert_ne!(metrics["started"].as_str().unwrap()[..4], metrics["ended"].as_str().unwrap()[..4]);
            assert!(meter.line().starts_with("3 articles, "), "{}", meter.line());
        }
    }
}
