//! Targets as users give them: on the command line or in a TOML file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::aliases::Pattern;
use crate::article::Span;

/// Something a stance can be taken towards, and the words an article may use for it.
#[derive(Debug, Clone, Serialize)]
pub struct Target {
    /// Labels the results; it is matched in the text only if it is also an alias.
    pub name: String,
    aliases: Vec<Pattern>,
}

#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    #[error("'{0}' is no target: expected NAME=ALIAS,ALIAS,… or a single name, with a word in each alias")]
    Argument(String),
    #[error("{file}: {reason}")]
    File { file: String, reason: String },
    #[error("the target '{0}' is given twice")]
    Twice(String),
}

/// `targets.toml`: a table of lists.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetsFile {
    targets: toml::Table,
}

impl Target {
    /// # Errors
    /// When the name or an alias has no letter or digit, or there is no alias: gives back the name.
    pub fn new<S: AsRef<str>>(name: &str, aliases: &[S]) -> Result<Self, String> {
        let name = name.trim();
        let aliases: Option<Vec<Pattern>> =
            aliases.iter().map(|alias| Pattern::new(alias.as_ref())).collect();
        match aliases {
            Some(aliases) if !name.is_empty() && !aliases.is_empty() => {
                Ok(Self { name: name.to_owned(), aliases })
            }
            _ => Err(name.to_owned()),
        }
    }

    /// `junta=Malian junta,military leaders`, or `Mali` for a target whose only alias is its name.
    pub fn parse(argument: &str) -> Result<Self, TargetError> {
        let (name, aliases) = argument.split_once('=').unwrap_or((argument, argument));
        let aliases: Vec<&str> = aliases.split(',').map(str::trim).collect();
        Self::new(name, &aliases).map_err(|_| TargetError::Argument(argument.to_owned()))
    }

    /// Reads `[targets]` with lines such as `junta = ["Malian junta", "military leaders"]`.
    pub fn read_file(path: &Path) -> Result<Vec<Self>, TargetError> {
        let bad = |reason: String| TargetError::File { file: path.display().to_string(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
        Self::parse_file(&text).map_err(bad)
    }

    pub(crate) fn parse_file(text: &str) -> Result<Vec<Self>, String> {
        let file: TargetsFile = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut targets = Vec::with_capacity(file.targets.len());
        for (name, value) in file.targets {
            let aliases: Vec<String> = value
                .try_into()
                .map_err(|_| format!("'{name}' must be a list of aliases, such as [\"{name}\"]"))?;
            let target = Self::new(&name, &aliases);
            targets.push(target.map_err(|name| format!("'{name}' needs aliases with a word in each"))?);
        }
        Ok(targets)
    }

    /// Refuses two targets of one name, whose results nobody could tell apart.
    pub fn check_distinct(targets: &[Self]) -> Result<(), TargetError> {
        for (i, target) in targets.iter().enumerate() {
            if targets[..i].iter().any(|other| other.name == target.name) {
                return Err(TargetError::Twice(target.name.clone()));
            }
        }
        Ok(())
    }

    /// Byte spans of the target's mentions in a sentence; where aliases overlap, the longest.
    pub fn mentions(&self, sentence: &str) -> Vec<Span> {
        let mut found: Vec<Span> = self.aliases.iter().flat_map(|alias| alias.find(sentence)).collect();
        found.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut kept: Vec<Span> = Vec::new();
        for span in found {
            match kept.last() {
                Some(last) if last.overlaps(span) => {}
                _ => kept.push(span),
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(target: &Target, text: &'a str) -> Vec<&'a str> {
        target.mentions(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn arguments_are_names_with_aliases() {
        let target =
            Target::parse("junta = Malian junta, military leaders,transitional authorities").unwrap();
        assert_eq!(target.name, "junta");
        let text =
            "The Malian junta's aims; MILITARY LEADERS and the transitional authority. A junta elsewhere.";
        assert_eq!(found(&target, text), ["Malian junta", "MILITARY LEADERS", "transitional authority"]);
        assert_eq!(found(&Target::parse("Mali").unwrap(), "Mali and the Malian army"), ["Mali"]);
        for bad in ["", "=x", "a=", "a=b,,c", "a=..."] {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_longest_alias_wins() {
        let target = Target::parse("france=France,France's government,French government").unwrap();
        assert_eq!(found(&target, "France and the French government"), ["France", "French government"]);
        assert_eq!(found(&target, "Air France’s government"), ["France’s government"]);
    }

    #[test]
    fn files_hold_tables_of_lists() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let read = |text: &str| {
            std::fs::write(file.path(), text).unwrap();
            Target::read_file(file.path())
        };
        let targets = read("[targets]\nwagner = [\"Wagner\", \"mercenaries\"]\nun = [\"UN\"]\n").unwrap();
        assert_eq!(targets.len(), 2);
        assert!(read("[targets]\nx = 3\n").unwrap_err().to_string().contains("'x' must be a list"));
        assert!(read("[target]\nx = []\n").is_err());
        assert!(read("[targets]\nx = []\n").unwrap_err().to_string().contains("needs aliases"));
    }
}
