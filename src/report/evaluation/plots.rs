//! Plots of an evaluation as SVG. `plotters` draws them and escapes their text: names of metrics, types, labels and
//! articles.

use std::io;

use plotters::coord::ranged1d::SegmentValue;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

use super::{full_title, title};
use crate::eval::bootstrap::Resamples;
use crate::eval::catalogue::{HEADLINES, Metric};
use crate::eval::evaluation::{Estimate, Evaluation};
use crate::eval::score::ArticleResult;
use crate::stance::Label;

const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(0x22, 0x2b, 0x38);
const ARTICLE: RGBColor = RGBColor(0x3b, 0x7d, 0xb8);
const BASELINE: RGBColor = RGBColor(0xb0, 0x5a, 0x2c);
const WIDTH: u32 = 760;

/// A row of a plot: a metric, with values from 0 to 1.
struct PlotRow {
    name: String,
    /// The score of all items, with its interval.
    estimate: Estimate,
    /// The score of each article.
    articles: Vec<f64>,
    /// The score of the best baseline.
    baseline: Option<f64>,
    /// Whether to draw a bar from 0 to the score.
    bar: bool,
}

fn failed(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("a plot could not be drawn: {error}"))
}

/// The metrics of [`HEADLINES`]: the score of all items with its interval, that of each article, and the best baseline.
/// `None` if no such metric is defined.
///
/// # Errors
/// When the plot cannot be drawn.
pub fn headlines(evaluation: &Evaluation) -> io::Result<Option<String>> {
    rows(evaluation, |metric| HEADLINES.contains(&metric.key), |metric| full_title(metric.key))
}

/// One metric for each article, with an interval over its sentences; `None` if it is not defined for any.
///
/// # Errors
/// When the plot cannot be drawn.
pub fn articles(evaluation: &Evaluation, metric: &Metric) -> io::Result<Option<String>> {
    let (times, seed) = (evaluation.resamples.times(), evaluation.resamples.seed());
    let row = |article: &ArticleResult| {
        let resamples = Resamples::new(article.sentences.len(), times, seed);
        let ci95 = resamples.interval(&article.sentences, metric.measure);
        let estimate = Estimate { value: (metric.measure)(&[&article.item])?, ci95 };
        Some(PlotRow { name: article.id.clone(), estimate, articles: Vec::new(), baseline: None, bar: true })
    };
    let mut rows: Vec<PlotRow> = evaluation.articles.iter().filter_map(row).collect();
    rows.reverse();
    if rows.is_empty() { Ok(None) } else { shares(&rows).map(Some) }
}

/// F1 of each entity type; `None` if entities were not scored.
///
/// # Errors
/// When the plot cannot be drawn.
pub fn types(evaluation: &Evaluation) -> io::Result<Option<String>> {
    let wanted = |metric: &Metric| metric.key.starts_with("entities.types.") && metric.key.ends_with(".f1");
    rows(evaluation, wanted, |metric| title(metric.key))
}

fn rows(
    evaluation: &Evaluation,
    wanted: impl Fn(&Metric) -> bool,
    name: impl Fn(&Metric) -> String,
) -> io::Result<Option<String>> {
    let chosen = evaluation.estimates().into_iter().filter(|(metric, _)| wanted(metric));
    let mut rows: Vec<PlotRow> = chosen
        .map(|(metric, estimate)| PlotRow {
            name: name(metric),
            estimate,
            articles: evaluation.articles.iter().filter_map(|a| (metric.measure)(&[&a.item])).collect(),
            baseline: evaluation.best_baseline(metric).map(|(_, value)| value),
            bar: metric.key.starts_with("entities.types."),
        })
        .collect();
    // The vertical axis goes upwards, so the first row comes last.
    rows.reverse();
    if rows.is_empty() { Ok(None) } else { shares(&rows).map(Some) }
}

fn shares(rows: &[PlotRow]) -> io::Result<String> {
    let mut svg = String::new();
    {
        let height = 60 + 26 * rows.len() as u32;
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        let places = (0..rows.len() as i32).into_segmented();
        let mut chart = ChartBuilder::on(&root)
            .margin(10)
            .x_label_area_size(28)
            .y_label_area_size(190)
            .build_cartesian_2d(0.0..102.0, places)
            .map_err(failed)?;
        let name = |place: &SegmentValue<i32>| match place {
            SegmentValue::CenterOf(i) => {
                rows.get(*i as usize).map(|row| row.name.clone()).unwrap_or_default()
            }
            _ => String::new(),
        };
        chart
            .configure_mesh()
            .disable_y_mesh()
            .x_labels(11)
            .y_labels(rows.len())
            .y_label_formatter(&name)
            .label_style((FONT, 13, &INK))
            .light_line_style(WHITE)
            .draw()
            .map_err(failed)?;
        let at = |i: usize| SegmentValue::CenterOf(i as i32);
        for (i, row) in rows.iter().enumerate() {
            if row.bar {
                let (from, to) = (SegmentValue::Exact(i as i32), SegmentValue::Exact(i as i32 + 1));
                let mut bar = Rectangle::new(
                    [(0.0, from), (100.0 * row.estimate.value, to)],
                    ARTICLE.mix(0.25).filled(),
                );
                bar.set_margin(4, 4, 0, 0);
                chart.draw_series([bar]).map_err(failed)?;
            }
            if let Some([low, high]) = row.estimate.ci95 {
                let interval =
                    PathElement::new([(100.0 * low, at(i)), (100.0 * high, at(i))], INK.stroke_width(3));
                chart.draw_series([interval]).map_err(failed)?;
            }
            if let Some(value) = row.baseline {
                let cross = Cross::new((100.0 * value, at(i)), 5, BASELINE.stroke_width(2));
                chart.draw_series([cross]).map_err(failed)?;
            }
            let articles = row
                .articles
                .iter()
                .map(|value| Circle::new((100.0 * value, at(i)), 4, ARTICLE.mix(0.6).filled()));
            chart.draw_series(articles).map_err(failed)?;
            let whole = Circle::new((100.0 * row.estimate.value, at(i)), 6, INK.filled());
            chart.draw_series([whole]).map_err(failed)?;
        }
        root.present().map_err(failed)?;
    }
    Ok(svg)
}

/// A confusion matrix. Rows are gold labels, columns the labels that the system gave; a cell is darker the larger its
/// share of the row.
///
/// # Errors
/// When the plot cannot be drawn.
pub fn confusion(counts: &[Vec<usize>]) -> io::Result<String> {
    const CELL: i32 = 74;
    const LEFT: i32 = 96;
    const TOP: i32 = 52;
    let n = counts.len() as i32;
    let mut svg = String::new();
    {
        let size = ((LEFT + n * CELL + 10) as u32, (TOP + n * CELL + 10) as u32);
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let text = |words: &str, at: (i32, i32), big: i32, color: RGBColor| {
            let style = TextStyle::from((FONT, big).into_font()).color(&color).pos(CENTERED);
            root.draw(&Text::new(words.to_owned(), at, style)).map_err(failed)
        };
        text("given", (LEFT + n * CELL / 2, 14), 13, INK)?;
        text("gold", (28, TOP - 14), 13, INK)?;
        for (i, (label, row)) in Label::ALL.iter().zip(counts).enumerate() {
            let i = i as i32;
            text(label.name(), (LEFT + i * CELL + CELL / 2, 36), 13, INK)?;
            text(label.name(), (LEFT / 2, TOP + i * CELL + CELL / 2), 13, INK)?;
            let total = row.iter().sum::<usize>().max(1) as f64;
            for (j, &count) in row.iter().enumerate() {
                let (x, y, share) = (LEFT + j as i32 * CELL, TOP + i * CELL, count as f64 / total);
                let cell = Rectangle::new(
                    [(x, y), (x + CELL - 2, y + CELL - 2)],
                    ARTICLE.mix(0.08 + 0.9 * share).filled(),
                );
                root.draw(&cell).map_err(failed)?;
                let color = if share > 0.6 { WHITE } else { INK };
                text(&count.to_string(), (x + CELL / 2, y + CELL / 2), 17, color)?;
            }
        }
        let corner = [(LEFT, TOP), (LEFT + n * CELL, TOP + n * CELL)];
        root.draw(&DashedPathElement::new(corner, 3, 5, INK.mix(0.25))).map_err(failed)?;
        root.present().map_err(failed)?;
    }
    Ok(svg)
}

const CENTERED: plotters::style::text_anchor::Pos = plotters::style::text_anchor::Pos {
    h_pos: plotters::style::text_anchor::HPos::Center,
    v_pos: plotters::style::text_anchor::VPos::Center,
};
