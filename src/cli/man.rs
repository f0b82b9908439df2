//! `wirelens man`: manual pages in roff, made from the help of the command line.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::{Cli, Outcome};

/// The options of `wirelens man`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens man > wirelens.1 && man ./wirelens.1            one page with every subcommand
  wirelens man --output ~/.local/share/man/man1            one page each: man wirelens-analyze")]
pub struct ManPages {
    /// Write one page for the program and one for each subcommand to this folder, which is made if it is missing
    /// [default: one page with all subcommands, to standard output]
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

impl ManPages {
    /// Writes one page to standard output, or one file for each command to the folder.
    ///
    /// # Errors
    /// When standard output, the folder or a file in it cannot be written to.
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        let mut root = without_help_subcommands(Cli::command());
        // Gives each subcommand its full name and its `--help`.
        root.build();
        match &self.output {
            None => {
                let page = whole_page(&root)?;
                let mut out = io::stdout().lock();
                out.write_all(&page)?;
                out.flush()?;
            }
            Some(folder) => {
                fs::create_dir_all(folder)
                    .with_context(|| format!("--output {}: cannot be made", folder.display()))?;
                for command in with_subcommands(&root) {
                    let path = folder.join(man(command).get_filename());
                    fs::write(&path, single_page(command)?).with_context(|| path.display().to_string())?;
                }
            }
        }
        Ok(Outcome::Done)
    }
}

/// The command without the subcommand `help`, here and below, as `--help` says the same.
fn without_help_subcommands(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    let command = command.disable_help_subcommand(true);
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, without_help_subcommands))
}

/// A command and all commands below it.
fn with_subcommands(command: &Command) -> Vec<&Command> {
    std::iter::once(command).chain(command.get_subcommands().flat_map(with_subcommands)).collect()
}

/// The generator for a command; the footer of each page names the program and its version.
fn man(command: &Command) -> Man {
    Man::new(command.clone()).source(format!("wirelens {}", env!("CARGO_PKG_VERSION")))
}

/// The page of one command, which refers to the pages of its subcommands.
fn single_page(command: &Command) -> io::Result<Vec<u8>> {
    let (man, mut page) = (man(command), Vec::new());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    write_sections(command, &man, &mut page)?;
    if with_subcommands(command).len() > 1 {
        man.render_subcommands_section(&mut page)?;
    }
    Ok(page)
}

/// The page of the program, with a section for each subcommand.
fn whole_page(root: &Command) -> io::Result<Vec<u8>> {
    let (man_of_root, mut page) = (man(root), Vec::new());
    man_of_root.render_title(&mut page)?;
    man_of_root.render_name_section(&mut page)?;
    write_sections(root, &man_of_root, &mut page)?;
    for command in with_subcommands(root).into_iter().skip(1) {
        let name = command.get_bin_name().unwrap_or(command.get_name()).to_uppercase();
        Roff::new().control("SH", [name.as_str()]).to_writer(&mut page)?;
        let mut sections = Vec::new();
        write_sections(command, &man(command), &mut sections)?;
        // Text lines never begin with a dot, so these are the headings: they become those of subsections.
        page.extend(String::from_utf8_lossy(&sections).replace("\n.SH ", "\n.SS ").into_bytes());
    }
    Ok(page)
}

/// Usage, description, options and examples of a command.
fn write_sections(command: &Command, man: &Man, page: &mut Vec<u8>) -> io::Result<()> {
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    let Some(notes) = command.get_after_help() else { return Ok(()) };
    // Without filling (`nf`), since the examples are columns.
    let mut roff = Roff::new();
    roff.control("SH", ["NOTES AND EXAMPLES"]).control("nf", []);
    for line in notes.to_string().lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []).to_writer(page)
}
