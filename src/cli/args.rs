//! Arguments that several subcommands share, and what they mean.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::Options;
use crate::families::nli::Templates;
use crate::families::tagger::Aggregation;
use crate::input::{self, Fields, InputOptions};
use crate::reader::compute::{DeviceChoice, PrecisionChoice};
use crate::report::Format;
use crate::stance::{Target, TargetError};
use crate::summary::Length;

#[derive(Args)]
pub struct InputArgs {
    /// Files, folders, glob patterns, or - for standard input (.txt, .html, .jsonl, .csv, each also
    /// .gz or .zst, and .parquet)
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<String>,
    /// Read every input as this format, whatever its name
    #[arg(long, value_name = "FORMAT", help_heading = "Input")]
    input_format: Option<input::Format>,
    /// Encoding of text that has no byte order mark and declares none [default: utf-8]
    #[arg(long, value_name = "LABEL", help_heading = "Input", value_parser = input::encoding)]
    encoding: Option<&'static encoding_rs::Encoding>,
    /// Field of a JSON Lines object or CSV record that holds the article's id
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

impl InputArgs {
    pub fn options(&self) -> InputOptions {
        InputOptions {
            format: self.input_format,
            encoding: self.encoding,
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

#[derive(Args)]
pub struct ModelArgs {
    /// Model pack, by name or folder; searched for in `models` beside the program, in the checkout, and
    /// in the user's data directory [default: $WIRELENS_PACK, or compact]
    #[arg(long, value_name = "PACK", help_heading = "Model")]
    pub pack: Option<String>,
    /// auto, cpu, cuda, cuda:N or mps
    #[arg(long, value_name = "DEVICE", default_value = "auto", help_heading = "Model")]
    pub device: DeviceChoice,
    /// Precision of the encoder
    #[arg(long, value_enum, default_value = "auto", help_heading = "Model")]
    pub precision: PrecisionChoice,
    /// CPU threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Model")]
    pub threads: Option<u16>,
    /// Most tokens in a batch, padding included; fewer need less memory
    #[arg(long, value_name = "N", default_value = "4096", value_parser = clap::value_parser!(u32).range(16..=1_048_576), help_heading = "Model")]
    pub batch_tokens: u32,
}

#[derive(Args)]
pub struct CheckpointArgs {
    /// Let this checkpoint find the entities: a folder with config.json, tokenizer.json and model.safetensors
    #[arg(long, value_name = "FOLDER", help_heading = "Model")]
    entities_model: Option<PathBuf>,
    /// How the labels of a word's pieces become that of the word (with --entities-model)
    #[arg(long, value_enum, default_value = "first", help_heading = "Model")]
    aggregation: Aggregation,
    /// Let this NLI checkpoint judge stance, zero-shot
    #[arg(long, value_name = "FOLDER", help_heading = "Model")]
    stance_model: Option<PathBuf>,
    /// TOML file with the hypotheses favor, neutral and against for --stance-model, {} for the target
    #[arg(long, value_name = "FILE", requires = "stance_model", help_heading = "Model")]
    stance_templates: Option<PathBuf>,
}

impl CheckpointArgs {
    /// Sets the checkpoints that take over a job.
    pub fn apply(&self, options: &mut Options) -> anyhow::Result<()> {
        options.entities_model = self.entities_model.clone();
        options.aggregation = self.aggregation;
        options.stance_model = self.stance_model.clone();
        if let Some(path) = &self.stance_templates {
            let read = std::fs::read_to_string(path).map_err(|error| error.to_string());
            let templates = read.and_then(|toml| Templates::parse(&toml));
            options.templates =
                templates.map_err(|reason| anyhow::anyhow!("{}: {reason}", path.display()))?;
        }
        Ok(())
    }
}

impl ModelArgs {
    /// How to run the pack; what to look for is left as it is by default.
    pub fn options(&self) -> Options {
        Options {
            device: self.device,
            precision: self.precision,
            threads: self.threads,
            batch_tokens: self.batch_tokens as usize,
            ..Options::default()
        }
    }
}

#[derive(Args)]
pub struct OutputArgs {
    /// Form of the results
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub format: Format,
    /// Put each article's text into its result (JSON)
    #[arg(long, help_heading = "Output")]
    pub with_text: bool,
    #[command(flatten)]
    pub destination: DestinationArgs,
}

#[derive(Args)]
pub struct DestinationArgs {
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Colours and styles; NO_COLOR is honoured
    #[arg(long, value_enum, default_value = "auto", help_heading = "Output")]
    color: Color,
}

impl DestinationArgs {
    /// Opens the file or standard output; styles are stripped where they are not wanted.
    pub fn writer(&self) -> anyhow::Result<Box<dyn Write>> {
        let choice = match self.color {
            Color::Always => ColorChoice::AlwaysAnsi,
            Color::Never => ColorChoice::Never,
            Color::Auto if self.output.is_some() => ColorChoice::Never,
            Color::Auto => AutoStream::choice(&io::stdout()),
        };
        let raw: Box<dyn Write> = match &self.output {
            Some(path) => {
                let file = File::create(path).with_context(|| format!("--output {}", path.display()))?;
                Box::new(BufWriter::new(file))
            }
            None => Box::new(BufWriter::new(io::stdout().lock())),
        };
        let colored = !matches!(choice, ColorChoice::Never);
        Ok(if colored { raw } else { Box::new(anstream::StripStream::new(raw)) })
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    Always,
    Never,
}

#[derive(Args)]
pub struct LengthArgs {
    /// Sentences in a summary [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Summary")]
    sentences: Option<u16>,
    /// Most words in a summary (whole sentences, at least one)
    #[arg(long, value_name = "N", conflicts_with = "sentences", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Summary")]
    words: Option<u16>,
}

impl LengthArgs {
    pub fn length(&self) -> Length {
        match (self.sentences, self.words) {
            (_, Some(words)) => Length::Words(words.into()),
            (Some(sentences), None) => Length::Sentences(sentences.into()),
            (None, None) => Length::default(),
        }
    }
}

#[derive(Args)]
pub struct TargetArgs {
    /// A target and the words for it, as NAME=ALIAS,ALIAS,… or just ALIAS; may be repeated. Aliases match
    /// whole words in any case, with simple inflections. NAME only labels the result
    #[arg(long = "target", value_name = "TARGET", help_heading = "Stance")]
    targets: Vec<String>,
    /// TOML file with a table `[targets]` of lines such as junta = ["Malian junta", "military leaders"]
    #[arg(long = "targets", value_name = "FILE", help_heading = "Stance")]
    file: Option<PathBuf>,
}

impl TargetArgs {
    /// The targets of the file, then those of the command line.
    pub fn targets(&self) -> Result<Vec<Target>, TargetError> {
        let mut targets = match &self.file {
            Some(file) => Target::read_file(file)?,
            None => Vec::new(),
        };
        for argument in &self.targets {
            targets.push(Target::parse(argument)?);
        }
        Target::check_distinct(&targets)?;
        Ok(targets)
    }
}
