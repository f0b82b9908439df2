//! Targets as users give them: on the command line or in a TOML file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::aliases::{Case, Found, Pattern};
use super::words::Words;
use crate::article::Span;
use crate::entities::Naming;

/// Something a stance can be taken towards, and the words an article may use for it.
#[derive(Debug, Clone, Serialize)]
pub struct Target {
    /// Labels the results; it is matched in the text only if it is also an alias.
    pub name: String,
    aliases: Vec<Alias>,
}

#[derive(Debug, Clone, Serialize)]
struct Alias {
    text: String,
    pattern: Pattern,
}

/// A place in a sentence that may mention a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Bytes of the sentence.
    pub span: Span,
    /// Number of the alias that was found.
    alias: usize,
    /// Whether the words alone show that the target is meant; else a named entity has to be there.
    pub certain: bool,
    /// Whether the article's use of letter case leaves it open.
    pub guess: bool,
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
        let alias = |text: &str| Some(Alias { text: text.trim().to_owned(), pattern: Pattern::new(text)? });
        let aliases: Option<Vec<Alias>> = aliases.iter().map(|text| alias(text.as_ref())).collect();
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

    /// The places in a sentence that may mention the target; where aliases overlap, the longest.
    pub fn mentions(&self, sentence: &Words, case: Case) -> Vec<Mention> {
        let aliases = self.aliases.iter().enumerate();
        let mut found: Vec<Mention> = aliases
            .flat_map(|(number, alias)| {
                let mention =
                    move |Found { span, certain, guess }| Mention { span, alias: number, certain, guess };
                alias.pattern.find(sentence, case).into_iter().map(mention)
            })
            .collect();
        found.sort_by_key(|mention| {
            (mention.span.start, std::cmp::Reverse(mention.span.end), !mention.certain)
        });
        let mut kept: Vec<Mention> = Vec::new();
        for mention in found {
            match kept.last() {
                Some(last) if last.span.overlaps(mention.span) => {}
                _ => kept.push(mention),
            }
        }
        kept
    }

    /// Which mentions of an article (those of each sentence) hold: the certain ones; those that a named entity
    /// confirms; and of an alias that is no ordinary word all, where one of them is certain.
    ///
    /// `is_named` tells whether a named entity stands at a place of a sentence.
    pub fn confirmed(
        &self,
        found: &[Vec<Mention>],
        is_named: impl Fn(usize, Span) -> bool,
    ) -> Vec<Vec<Mention>> {
        let sure = |alias: usize| {
            !self.aliases[alias].pattern.is_ordinary()
                && found.iter().flatten().any(|mention| mention.alias == alias && mention.certain)
        };
        let known: Vec<bool> = (0..self.aliases.len()).map(sure).collect();
        let holds = |sentence: usize, m: &&Mention| m.certain || known[m.alias] || is_named(sentence, m.span);
        let sentences = found.iter().enumerate();
        sentences.map(|(number, list)| list.iter().filter(|m| holds(number, m)).copied().collect()).collect()
    }

    /// The entities of an article that its aliases name. A single word in small letters names none.
    pub fn entities(&self, naming: &Naming) -> Vec<usize> {
        let names = |alias: &&Alias| alias.text.contains(char::is_uppercase) || alias.text.contains(' ');
        let mut found: Vec<usize> =
            self.aliases.iter().filter(names).filter_map(|alias| naming.entity(&alias.text)).collect();
        found.sort();
        found.dedup();
        found
    }

    /// The first alias that asks for a capital and stands in the sentence with small letters only.
    pub fn in_small_letters(&self, sentence: &Words) -> Option<&str> {
        let aliases = self.aliases.iter().filter(|alias| alias.pattern.asks_for_first_capital());
        let small = |alias: &&Alias| !alias.pattern.find(sentence, Case::AllSmall).is_empty();
        aliases.filter(small).map(|alias| alias.text.as_str()).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(target: &Target, text: &'a str) -> Vec<&'a str> {
        let mentions = target.mentions(&Words::of(text), Case::Usual);
        mentions.into_iter().map(|mention| mention.span.of(text)).collect()
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
    fn what_is_not_certain_is_confirmed() {
        let target = Target::parse("Apple").unwrap();
        let find = |sentences: &[&str], named: bool| -> Vec<usize> {
            let found: Vec<_> =
                sentences.iter().map(|s| target.mentions(&Words::of(s), Case::Usual)).collect();
            target.confirmed(&found, |_, _| named).iter().map(Vec::len).collect()
        };
        let pie = "Apple pie is good.";
        assert_eq!(find(&[pie, "He ate an apple."], false), [0, 0]);
        assert_eq!(find(&[pie], true), [1]);
        assert_eq!(find(&[pie, "He works for Apple."], false), [1, 1]);
        let target = Target::parse("US").unwrap();
        let heading = [Words::of("HE TOLD US"), Words::of("The US told us.")];
        let found: Vec<_> = heading.iter().map(|words| target.mentions(words, Case::Usual)).collect();
        let held: Vec<_> = target.confirmed(&found, |_, _| false).iter().map(Vec::len).collect();
        assert_eq!(held, [0, 1]);
        let target = Target::parse("Withdrawal").unwrap();
        assert_eq!(target.in_small_letters(&Words::of("The withdrawal ended.")), Some("Withdrawal"));
        assert_eq!(target.in_small_letters(&Words::of("The retreat ended.")), None);
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
