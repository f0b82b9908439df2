//! The options of an analyzer: [`ModelOptions`] says which models are loaded and how they compute, [`Request`] says what to find in
//! articles.

use std::path::PathBuf;

use serde::Serialize;

use crate::compute::{DeviceChoice, PrecisionChoice};
use crate::jobs::nli::Templates;
use crate::jobs::summarizer::Writing;
use crate::jobs::tagger::Aggregation;
use crate::stance::Target;
use crate::summary::Length;

/// A kind of finding that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// A summary.
    Summary,
    /// Named entities.
    Entities,
    /// The stance towards targets.
    Stance,
    /// Quotes: who says what.
    Quotes,
}

impl Task {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Summary, Self::Entities, Self::Stance, Self::Quotes];
}

/// A checkpoint on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFolder {
    /// Its name in results and messages.
    pub name: String,
    /// The folder with its files.
    pub folder: PathBuf,
}

/// What an analyzer loads: the checkpoints to use in place of the pack, and how all models compute.
#[derive(Debug, Clone)]
pub struct ModelOptions {
    /// The device that computes.
    pub device: DeviceChoice,
    /// The precision of the encoder and of checkpoints.
    pub precision: PrecisionChoice,
    /// Number of threads; `None` for the default of libtorch, one per core.
    pub threads: Option<u16>,
    /// Largest number of tokens in one batch, padding included.
    pub batch_tokens: usize,
    /// A token classification checkpoint that finds the entities in place of the pack.
    pub entities_model: Option<ModelFolder>,
    /// How its labels of word pieces become labels of words.
    pub aggregation: Aggregation,
    /// An encoder-decoder checkpoint that writes the summaries, in place of sentences chosen by the pack.
    pub summary_model: Option<ModelFolder>,
    /// How it generates text.
    pub writing: Writing,
    /// An NLI checkpoint that finds the stance in place of the pack, and whether the article entails a generated summary.
    pub stance_model: Option<ModelFolder>,
    /// Its hypotheses.
    pub templates: Templates,
}

impl ModelOptions {
    /// The checkpoints used in place of the pack, each with the name of its finding: `entities`, `summary` or `stance`.
    pub fn models(&self) -> impl Iterator<Item = (&'static str, &ModelFolder)> {
        let all = [
            ("entities", &self.entities_model),
            ("summary", &self.summary_model),
            ("stance", &self.stance_model),
        ];
        all.into_iter().filter_map(|(job, model)| Some((job, model.as_ref()?)))
    }

    /// Leaves out the checkpoints that none of the tasks needs, so that they are not loaded.
    pub fn for_tasks(mut self, tasks: &[Task]) -> Self {
        let writes = self.summary_model.is_some() && tasks.contains(&Task::Summary);
        // Generated summaries are checked by the NLI model, too. Stance without given targets is towards entities.
        let infers = writes || tasks.contains(&Task::Stance);
        // Speakers are entities.
        let tags = infers || tasks.contains(&Task::Entities) || tasks.contains(&Task::Quotes);
        self.summary_model.take_if(|_| !writes);
        self.stance_model.take_if(|_| !infers);
        self.entities_model.take_if(|_| !tags);
        self
    }
}

impl Default for ModelOptions {
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

/// As many entities as are targets of one article, when none are given.
const MOST_TARGETS: usize = 5;

/// What to find in articles.
#[derive(Debug, Clone)]
pub struct Request {
    /// The kinds of findings.
    pub tasks: Vec<Task>,
    /// How long a summary is.
    pub summary_length: Length,
    /// Whether sentences of a generated summary that the article does not support are left out.
    pub faithful: bool,
    /// The targets of stance. Without any, these are the entities that the article names most often.
    pub targets: Vec<Target>,
    /// Most entities that are targets when none are given.
    pub most_targets: usize,
    /// Whether results have the text of the article.
    pub with_text: bool,
}

impl Request {
    /// A request for the given tasks, with defaults for everything else.
    pub fn of(tasks: &[Task]) -> Self {
        Self { tasks: tasks.to_vec(), ..Self::default() }
    }

    /// Whether a kind of finding is asked for.
    pub fn wants(&self, task: Task) -> bool {
        self.tasks.contains(&task)
    }

    /// Whether speakers are needed: quotes have them, and so has the evidence of a stance.
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
            most_targets: MOST_TARGETS,
            with_text: false,
        }
    }
}
