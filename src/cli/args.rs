//! Options that several subcommands share, and the settings of the library that they stand for.

use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::output::Output;
use crate::compute::{DeviceChoice, PrecisionChoice};
use crate::input::{self, Fields, HtmlFields, InputOptions};
use crate::jobs::nli::Templates;
use crate::jobs::summarizer::Writing;
use crate::jobs::tagger::Aggregation;
use crate::model::pack::{self, Pack};
use crate::model::store::{ModelJob, Store};
use crate::report::ReportFormat;
use crate::stance::Target;
use crate::summary::Length;
use crate::{ModelFolder, ModelOptions, Request};

/// What to read, and how.
#[derive(Args)]
pub struct InputArgs {
    /// Files, folders, glob patterns or `-`, as the user wrote them.
    #[arg(required = true, value_name = "INPUT", help = inputs_help())]
    pub inputs: Vec<String>,
    /// Read every input as this format, whatever its content and name
    #[arg(long, value_name = "FORMAT", help_heading = "Input", value_parser = input_format())]
    input_format: Option<&'static input::Format>,
    /// Encoding of text that has no byte order mark and declares none [default: utf-8]
    #[arg(long, value_name = "LABEL", help_heading = "Input", value_parser = input::encoding)]
    encoding: Option<&'static encoding_rs::Encoding>,
    /// The character between the values of CSV, or `tab` [default: the one of , ; | and tab that the header has]
    #[arg(long, value_name = "CHARACTER", help_heading = "Input", value_parser = separator)]
    separator: Option<u8>,
    /// When to turn HTML in the text and title of records into plain text: auto does so where it looks like HTML
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Input", value_parser = one_of::<HtmlFields>(&["auto", "always", "never"]))]
    html_fields: HtmlFields,
    /// Field of a JSON object, or column of CSV or Parquet, that holds the article's id; a.b is the field b inside of
    /// the field a
    #[arg(long, value_name = "NAME", default_value = "id", help_heading = "Input")]
    id_field: String,
    /// Field that holds the text
    #[arg(long, value_name = "NAME", default_value = "text", help_heading = "Input")]
    text_field: String,
    /// Field that holds the title
    #[arg(long, value_name = "NAME", default_value = "title", help_heading = "Input")]
    title_field: String,
    /// Field that holds the outlet
    #[arg(long, value_name = "NAME", default_value = "source", help_heading = "Input")]
    source_field: String,
    /// Field that holds the address
    #[arg(long, value_name = "NAME", default_value = "url", help_heading = "Input")]
    url_field: String,
    /// Field that holds the date of publication
    #[arg(long, value_name = "NAME", default_value = "published", help_heading = "Input")]
    published_field: String,
}

fn inputs_help() -> String {
    let endings = input::formats::all_endings();
    format!(
        "Files, folders, glob patterns, or - for standard input ({endings}; each but .parquet also .gz or .zst)"
    )
}

/// Accepts the names of the formats, and the endings of their files.
fn input_format() -> impl TypedValueParser<Value = &'static input::Format> {
    let values = input::FORMATS.iter().map(|format| {
        let aliases = format.endings.iter().filter(|ending| **ending != format.name);
        PossibleValue::new(format.name).help(format.holds).aliases(aliases.copied())
    });
    PossibleValuesParser::new(values).map(|name| input::Format::named(&name).expect("a row of the table"))
}

fn separator(word: &str) -> Result<u8, String> {
    match word.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        _ => Err("one character of ASCII, or the word tab".into()),
    }
}

impl InputArgs {
    /// Checks that standard input is named once at most: it can be read once, and would seem to be empty after that.
    ///
    /// # Errors
    /// When `-` is named more than once.
    pub fn check(&self) -> anyhow::Result<()> {
        let times = self.inputs.iter().filter(|input| *input == "-").count();
        anyhow::ensure!(
            times <= 1,
            "standard input (-) is named {times} times, and can be read only once; name it once"
        );
        Ok(())
    }

    /// The settings of the room `input`.
    pub fn options(&self) -> InputOptions {
        InputOptions {
            format: self.input_format,
            encoding: self.encoding,
            html_fields: self.html_fields,
            separator: self.separator,
            fields: Fields {
                id: self.id_field.clone(),
                text: self.text_field.clone(),
                title: self.title_field.clone(),
                source: self.source_field.clone(),
                url: self.url_field.clone(),
                published: self.published_field.clone(),
            },
            ..InputOptions::default()
        }
    }
}

/// Which models to load, and how they compute.
#[derive(Args)]
pub struct ModelArgs {
    /// Model pack, by name or folder; searched for in `models` beside the program, in the checkout, and
    /// in the user's data directory. Some packs of `wirelens models list` use other models for some
    /// findings, and `compact` for the rest [default: $WIRELENS_PACK, or compact]
    #[arg(long, value_name = "PACK", help_heading = "Model")]
    pack: Option<String>,
    /// Let this model find the entities: a folder, hub:owner/name[@revision], or pack/entities
    #[arg(long, value_name = "MODEL", help_heading = "Model")]
    entities_model: Option<String>,
    /// How to make a word's label from those of its tokens (with --entities-model)
    #[arg(long, default_value = "first", value_parser = one_of::<Aggregation>(&["first", "average", "max"]), help_heading = "Model")]
    aggregation: Aggregation,
    /// Let this encoder-decoder write the summaries
    #[arg(long, value_name = "MODEL", help_heading = "Model")]
    summary_model: Option<String>,
    /// Let this NLI model (natural language inference) judge stance, zero-shot, and whether the article supports each
    /// sentence of a generated summary
    #[arg(long, value_name = "MODEL", help_heading = "Model")]
    stance_model: Option<String>,
    /// TOML file with the hypotheses favor, neutral and against for an NLI model; {} stands for the target
    #[arg(long, value_name = "FILE", help_heading = "Model")]
    stance_templates: Option<PathBuf>,
    /// Device to compute on: auto, cpu, cuda, cuda:N or mps
    #[arg(long, value_name = "DEVICE", default_value = "auto", help_heading = "Model")]
    device: DeviceChoice,
    /// Precision of the encoder; auto is bf16 on a processor that has it in hardware, if the pack allows it, else f32
    #[arg(long, value_name = "PRECISION", env = "WIRELENS_PRECISION", hide_env_values = true, default_value = "auto", value_parser = one_of::<PrecisionChoice>(&["auto", "f32", "bf16", "f16"]), help_heading = "Model")]
    precision: PrecisionChoice,
    /// CPU threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Model")]
    threads: Option<u16>,
    /// Largest number of tokens in a batch, padding included; a smaller number needs less memory
    #[arg(long, value_name = "N", default_value = "2048", value_parser = clap::value_parser!(u32).range(16..=1_048_576), help_heading = "Model")]
    batch_tokens: u32,
}

impl ModelArgs {
    /// Finds the pack and the models that do a job in its place, and says how to run them. Nothing is fetched here.
    ///
    /// # Errors
    /// When a model is not on this machine, or the file of templates cannot be read.
    pub fn load(&self) -> anyhow::Result<(Pack, ModelOptions)> {
        let store = Store::from_environment(false)?;
        let named = pack::wanted_name(self.pack.as_deref());
        // A pack of the registry names models for some jobs; the bundled pack does the others.
        let entry = store.registry.packs.get(&named).filter(|entry| !entry.bundled);
        let model = |job: ModelJob, chosen: &Option<String>| -> anyhow::Result<Option<ModelFolder>> {
            let of_pack =
                entry.filter(|entry| entry.models.contains_key(&job)).map(|_| format!("{named}/{job}"));
            let name = chosen.clone().or(of_pack);
            let folder = name.as_ref().map(|name| store.resolve(name, job)).transpose()?;
            Ok(name.zip(folder).map(|(name, folder)| ModelFolder { name, folder }))
        };
        let mut setup = ModelOptions {
            device: self.device,
            precision: self.precision,
            threads: self.threads,
            batch_tokens: self.batch_tokens as usize,
            aggregation: self.aggregation,
            entities_model: model(ModelJob::Entities, &self.entities_model)?,
            summary_model: model(ModelJob::Summary, &self.summary_model)?,
            stance_model: model(ModelJob::Stance, &self.stance_model)?,
            ..ModelOptions::default()
        };
        if let Some(path) = &self.stance_templates {
            let read = std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"));
            let templates = read.and_then(|toml| Templates::parse(&toml));
            setup.templates = templates.map_err(|reason| anyhow::anyhow!("{}: {reason}", path.display()))?;
        }
        let pack = Pack::find(Some(if entry.is_some() { pack::BUNDLED } else { &named }))?;
        Ok((pack, setup))
    }
}

/// Accepts one of a few words, which the help then lists.
fn one_of<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>().map_err(std::io::Error::other))
}

/// In which form to write results, and where to.
#[derive(Args)]
pub struct OutputArgs {
    /// Form of the results
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub format: ReportFormat,
    /// Put each article's text into its result (JSON)
    #[arg(long, help_heading = "Output")]
    pub with_text: bool,
    /// Where to write.
    #[command(flatten)]
    pub destination: DestinationArgs,
}

/// Where to write, and whether in colour.
#[derive(Args)]
pub struct DestinationArgs {
    /// Write to a file instead of standard output, which - stands for
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// When to use colours and styles; auto obeys NO_COLOR
    #[arg(long, value_enum, default_value = "auto", help_heading = "Output")]
    color: Color,
}

impl DestinationArgs {
    /// Opens the file or standard output. `inputs` may not be written over. `has_styles`: the report is for a terminal, and
    /// the writer removes its styles where they are not wanted. Of any other form every character counts.
    ///
    /// # Errors
    /// When the file cannot be created, or is an input.
    pub fn writer(&self, inputs: &[String], has_styles: bool) -> anyhow::Result<Output> {
        let choice = match self.color {
            Color::Always => ColorChoice::AlwaysAnsi,
            Color::Never => ColorChoice::Never,
            Color::Auto if self.file().is_some() => ColorChoice::Never,
            Color::Auto => AutoStream::choice(&io::stdout()),
        };
        let raw = match self.file() {
            Some(path) => Output::file(path, inputs)?,
            None => Output::stdout(),
        };
        let removes_styles = has_styles && matches!(choice, ColorChoice::Never);
        Ok(if removes_styles { raw.without_styles() } else { raw })
    }

    /// The file, if one is named; `-` is standard output.
    pub fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| *path != Path::new("-"))
    }
}

/// When to use colours and styles.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// How long a summary is, and how a model writes it.
#[derive(Args)]
pub struct SummaryArgs {
    /// Sentences in a summary [default: 3]; not for summaries that a model writes
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Summary")]
    sentences: Option<u16>,
    /// Largest number of words in a summary (whole sentences, at least one)
    #[arg(long, value_name = "N", conflicts_with = "sentences", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Summary")]
    words: Option<u16>,
    /// Leave out generated sentences that the article does not support, instead of marking them (with --summary-model)
    #[arg(long, help_heading = "Summary")]
    faithful: bool,
    /// Width of the beam search; 1 is greedy search (with --summary-model) [default: the model's own]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64), help_heading = "Summary")]
    beams: Option<u16>,
    /// The log probability of a generated text is divided by its length to this power (with --summary-model) [default:
    /// the model's own]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Summary")]
    length_penalty: Option<f64>,
    /// No n-gram of so many tokens may come twice in a generated text; 0 allows all (with --summary-model) [default:
    /// the model's own]
    #[arg(long, value_name = "N", help_heading = "Summary")]
    no_repeat_ngram: Option<u16>,
}

impl SummaryArgs {
    /// Puts these options into the setup of the models and the request.
    ///
    /// # Errors
    /// When a number of sentences is given and a model writes the summaries.
    pub fn apply(&self, setup: &mut ModelOptions, request: &mut Request) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.sentences.is_none() || setup.summary_model.is_none(),
            "--sentences counts sentences taken from the article; set the length of a generated summary with --words"
        );
        request.summary_length = match (self.sentences, self.words) {
            (_, Some(words)) => Length::Words(words.into()),
            (Some(sentences), None) => Length::Sentences(sentences.into()),
            (None, None) => Length::default(),
        };
        request.faithful = self.faithful;
        setup.writing = Writing {
            beams: self.beams,
            length_penalty: self.length_penalty,
            no_repeat_ngram: self.no_repeat_ngram,
        };
        Ok(())
    }
}

/// The targets of stance.
#[derive(Args)]
pub struct TargetArgs {
    /// A target and the words for it, as NAME=ALIAS,ALIAS,… or just ALIAS; may be repeated. Aliases match whole words and
    /// their regular forms, such as plurals. Small letters match any letter case, a capital only a capital. NAME is only
    /// the label in the results
    #[arg(long = "target", value_name = "TARGET", help_heading = "Stance")]
    targets: Vec<String>,
    /// TOML file of targets: a table `[targets]` with lines such as junta = ["Malian junta", "military leaders"]
    #[arg(long = "targets", value_name = "FILE", help_heading = "Stance")]
    file: Option<PathBuf>,
}

impl TargetArgs {
    /// The targets of the file, then those of the command line.
    ///
    /// # Errors
    /// When a target has no words, two targets have the same name, or the file cannot be read.
    pub fn targets(&self) -> anyhow::Result<Vec<Target>> {
        let mut targets = match &self.file {
            Some(file) => Target::read_file(file)?,
            None => Vec::new(),
        };
        for argument in &self.targets {
            targets.push(Target::parse(argument).context("--target")?);
        }
        Target::check_distinct(&targets)?;
        Ok(targets)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn styles_are_removed_from_reports_for_a_terminal_and_nothing_from_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report");
        for (has_styles, written) in [(true, "ab"), (false, "a\u{7f}\u{1b}[1mb")] {
            let destination = DestinationArgs { output: Some(path.clone()), color: Color::Auto };
            let mut out = destination.writer(&[], has_styles).unwrap();
            write!(out, "a\u{7f}\u{1b}[1mb").unwrap();
            out.finish(false).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
        }
    }

    #[test]
    fn a_dash_is_standard_output() {
        let file = |name: &str| {
            let destination = DestinationArgs { output: Some(name.into()), color: Color::Auto };
            destination.file().map(Path::to_owned)
        };
        assert_eq!(file("-"), None);
        assert_eq!(file("./-"), Some("./-".into()));
    }
}
