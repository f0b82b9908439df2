//! What is given to an analyzer: the models and how they compute, once; and what to look for, with the articles.

use std::path::PathBuf;

use serde::Serialize;

use crate::compute::{DeviceChoice, PrecisionChoice};
use crate::jobs::nli::Templates;
use crate::jobs::summarizer::Writing;
use crate::jobs::tagger::Aggregation;
use crate::stance::Target;
use crate::summary::Length;

/// The findings that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    Summary,
    Entities,
    Stance,
    Quotes,
}

impl Task {
    pub const ALL: [Self; 4] = [Self::Summary, Self::Entities, Self::Stance, Self::Quotes];
}

/// A checkpoint on this machine, and what to call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFolder {
    pub name: String,
    pub folder: PathBuf,
}

/// What is loaded, once: models beside the pack, and how all of them compute.
#[derive(Debug, Clone)]
pub struct Setup {
    pub device: DeviceChoice,
    pub precision: PrecisionChoice,
    /// `None` leaves the choice to libtorch: one per core.
    pub threads: Option<u16>,
    /// Tokens in one batch, padding included.
    pub batch_tokens: usize,
    /// Finds the entities in place of the pack.
    pub entities_model: Option<ModelFolder>,
    pub aggregation: Aggregation,
    /// Writes the summaries in place of the pack's choice of sentences.
    pub summary_model: Option<ModelFolder>,
    pub writing: Writing,
    /// An NLI checkpoint that judges stance in place of the pack, and whether the article entails a written summary.
    pub stance_model: Option<ModelFolder>,
    pub templates: Templates,
}

impl Setup {
    /// The models that take over a job, each with the name of the job.
    pub fn models(&self) -> impl Iterator<Item = (&'static str, &ModelFolder)> {
        let all = [
            ("entities", &self.entities_model),
            ("summary", &self.summary_model),
            ("stance", &self.stance_model),
        ];
        all.into_iter().filter_map(|(job, model)| Some((job, model.as_ref()?)))
    }

    /// Without the models that none of the tasks needs, which then are not loaded.
    pub fn for_tasks(mut self, tasks: &[Task]) -> Self {
        let writes = self.summary_model.is_some() && tasks.contains(&Task::Summary);
        // Stance without targets is that towards entities, and written summaries are judged by inference.
        let infers = writes || tasks.contains(&Task::Stance);
        // Speakers are entities.
        let tags = infers || tasks.contains(&Task::Entities) || tasks.contains(&Task::Quotes);
        self.summary_model.take_if(|_| !writes);
        self.stance_model.take_if(|_| !infers);
        self.entities_model.take_if(|_| !tags);
        self
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            device: DeviceChoice::Auto,
            precision: PrecisionChoice::Auto,
            threads: None,
            batch_tokens: 2048,
            entities_model: None,
            aggregation: Aggregation::default(),
            summary_model: None,
            writing: Writing::default(),
            stance_model: None,
            templates: Templates::default(),
        }
    }
}

/// What is asked of articles.
#[derive(Debug, Clone)]
pub struct Request {
    pub tasks: Vec<Task>,
    pub summary_length: Length,
    /// Leaves out what the article does not bear out of a written summary.
    pub faithful: bool,
    /// Without any, stance is taken towards the article's own most prominent entities.
    pub targets: Vec<Target>,
    /// Whether results carry the article's text.
    pub with_text: bool,
}

impl Request {
    /// Everything else as it is by default.
    pub fn of(tasks: &[Task]) -> Self {
        Self { tasks: tasks.to_vec(), ..Self::default() }
    }

    pub fn wants(&self, task: Task) -> bool {
        self.tasks.contains(&task)
    }

    /// Whether it matters who speaks: evidence of a stance names its speaker, as a quote does.
    pub fn wants_speakers(&self) -> bool {
        self.wants(Task::Stance) || self.wants(Task::Quotes)
    }
}

impl Default for Request {
    fn default() -> Self {
        Self {
            tasks: Task::ALL.to_vec(),
            summary_length: Length::default(),
            faithful: false,
            targets: Vec::new(),
            with_text: false,
        }
    }
}
