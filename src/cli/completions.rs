//! `wirelens completions`: the script with which a shell completes Wirelens' commands and options.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Outcome};

/// The options of `wirelens completions`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  wirelens completions bash > ~/.local/share/bash-completion/completions/wirelens
  wirelens completions zsh > ~/.zfunc/_wirelens            where fpath names ~/.zfunc
  wirelens completions fish > ~/.config/fish/completions/wirelens.fish")]
pub struct Completions {
    /// The shell to write the script for
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// Writes the script to standard output.
    ///
    /// # Errors
    /// When standard output cannot be written to.
    pub(super) fn run(&self) -> anyhow::Result<Outcome> {
        // `generate` panics when it cannot write, so it writes to memory.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "wirelens", &mut script);
        let mut out = io::stdout().lock();
        out.write_all(&script)?;
        out.flush()?;
        Ok(Outcome::Done)
    }
}
