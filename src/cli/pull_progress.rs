//! What `wirelens models pull` shows on standard error: what will be fetched and under which licence, then a progress bar
//! for each file if standard error is a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::tell;
use crate::model::store::{HubModel, Listing, Watcher};
use crate::report::printable;

/// Shows the progress of one pull.
pub(super) struct PullProgress {
    /// The licence that the registry gives, for models whose own page states none.
    licence: Option<String>,
    /// The address of the model's page.
    page: String,
    bar: ProgressBar,
}

impl PullProgress {
    /// For a model with this licence, if the registry gives one, and this page.
    pub fn new(licence: Option<String>, page: String) -> Self {
        Self { licence, page, bar: ProgressBar::hidden() }
    }
}

impl Watcher for PullProgress {
    fn plan(&mut self, model: &HubModel, listing: &Listing) {
        let bytes: u64 = listing.files.iter().map(|file| file.bytes).sum();
        let stated = listing.licence.as_deref().or(self.licence.as_deref());
        let licence = stated.map_or_else(|| format!("not stated; see {}", self.page), printable);
        let mut lines = vec![
            format!("{model} at {}", printable(&listing.commit)),
            format!("  licence {licence}"),
            format!("  {} in {} files:", HumanBytes(bytes), listing.files.len()),
        ];
        let files = listing.files.iter();
        lines
            .extend(files.map(|file| format!("    {:<32}{}", printable(&file.name), HumanBytes(file.bytes))));
        // As a message: where it cannot be written, as on a full disk, it is lost, and the pull goes on.
        let _ = writeln!(anstream::stderr(), "{}", lines.join("\n"));
    }

    fn file(&mut self, name: &str, bytes: u64) {
        if !io::stderr().is_terminal() {
            return;
        }
        let template = "{msg:28} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
        let style = ProgressStyle::with_template(template).expect("a valid template");
        self.bar = ProgressBar::new(bytes).with_style(style).with_message(name.to_owned());
    }

    fn received(&mut self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    fn done(&mut self) {
        self.bar.finish();
    }

    fn waiting(&mut self, reason: &str, wait: Duration) {
        self.note(&format!("{reason} (trying again in {} s)", wait.as_secs()));
    }

    fn note(&mut self, text: &str) {
        self.bar.suspend(|| tell(text));
    }
}
