//! Targets as users give them, on the command line or in a TOML file, and their mentions in an article.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::aliases::{AliasMatch, Pattern, TextCase};
use super::words::Words;
use crate::article::Span;
use crate::entities::NameIndex;

/// Something that a stance can be taken towards, and its aliases: the words that an article may use for it.
#[derive(Debug, Clone, Serialize)]
pub struct Target {
    /// The name in the results. It is searched for in the text only if it is an alias as well.
    pub name: String,
    aliases: Vec<Alias>,
}

/// An alias as it was given, and in the form that is searched for.
#[derive(Debug, Clone, Serialize)]
struct Alias {
    text: String,
    pattern: Pattern,
}

/// A place in a sentence that may mention a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetMention {
    /// Bytes of the sentence.
    pub span: Span,
    /// Index of the alias that was found.
    alias: usize,
    /// Whether the words alone show that the target is meant. Otherwise a named entity has to stand there.
    pub certain: bool,
    /// Whether letter case cannot show it, because the article does not use capital and small letters as usual.
    pub guess: bool,
}

/// Why targets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// An argument that is not `NAME=ALIAS,ALIAS,…` or a name.
    #[error("'{0}' is no target: expected NAME=ALIAS,ALIAS,… or a single name, with a word in each alias")]
    Argument(String),
    /// A file that cannot be read or parsed.
    #[error("{file}: {reason}")]
    File {
        /// The path of the file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two targets with this name.
    #[error("the target '{0}' is given twice")]
    Twice(String),
}

/// The content of a file of targets: `[targets]`, a table of lists.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetsFile {
    targets: toml::Table,
}

impl Target {
    /// A target with the given aliases.
    ///
    /// # Errors
    /// The name, when it is empty, when there is no alias, or when an alias has no letter or digit.
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

    /// Parses `junta=Malian junta,military leaders`, or `Mali` for a target whose only alias is its name.
    ///
    /// # Errors
    /// When the argument has another form.
    pub fn parse(argument: &str) -> Result<Self, TargetError> {
        let (name, aliases) = argument.split_once('=').unwrap_or((argument, argument));
        let aliases: Vec<&str> = aliases.split(',').map(str::trim).collect();
        Self::new(name, &aliases).map_err(|_| TargetError::Argument(argument.to_owned()))
    }

    /// Reads a TOML file with a table `[targets]` of lines such as `junta = ["Malian junta", "military leaders"]`.
    ///
    /// # Errors
    /// When the file cannot be read, or is not of this form.
    pub fn read_file(path: &Path) -> Result<Vec<Self>, TargetError> {
        let bad = |reason: String| TargetError::File { file: path.display().to_string(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| bad(format!("cannot be read: {error}")))?;
        Self::parse_file(&text).map_err(bad)
    }

    /// Parses the text of such a file.
    pub(crate) fn parse_file(text: &str) -> Result<Vec<Self>, String> {
        let form = r#"the file needs a line [targets], and below it lines such as junta = ["Malian junta"]"#;
        let file: TargetsFile =
            toml::from_str(text).map_err(|error| format!("{}; {form}", error.to_string().trim_end()))?;
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

    /// Checks that all targets have different names.
    ///
    /// # Errors
    /// When two targets have the same name, because their results could not be distinguished.
    pub fn check_distinct(targets: &[Self]) -> Result<(), TargetError> {
        for (i, target) in targets.iter().enumerate() {
            if targets[..i].iter().any(|other| other.name == target.name) {
                return Err(TargetError::Twice(target.name.clone()));
            }
        }
        Ok(())
    }

    /// The places in a sentence that may mention the target, in order. `case` is that of the whole article. Of places that
    /// overlap, the first is kept, and of those that begin together the longest.
    pub fn mentions(&self, sentence: &Words, case: TextCase) -> Vec<TargetMention> {
        let aliases = self.aliases.iter().enumerate();
        let mut found: Vec<TargetMention> = aliases
            .flat_map(|(number, alias)| {
                let mention = move |AliasMatch { span, certain, guess }| TargetMention {
                    span,
                    alias: number,
                    certain,
                    guess,
                };
                alias.pattern.find(sentence, case).into_iter().map(mention)
            })
            .collect();
        found.sort_by_key(|mention| {
            (mention.span.start, std::cmp::Reverse(mention.span.end), !mention.certain)
        });
        let mut kept: Vec<TargetMention> = Vec::new();
        for mention in found {
            match kept.last() {
                Some(last) if last.span.overlaps(mention.span) => {}
                _ => kept.push(mention),
            }
        }
        kept
    }

    /// The confirmed ones of the mentions found in each sentence of an article: those that are certain, those at a named
    /// entity, and, of an alias that is no ordinary word, all if one of them is certain.
    ///
    /// `is_named` says whether a named entity stands in a sentence (by its index) at a span.
    pub fn confirmed(
        &self,
        found: &[Vec<TargetMention>],
        is_named: impl Fn(usize, Span) -> bool,
    ) -> Vec<Vec<TargetMention>> {
        let sure = |alias: usize| {
            !self.aliases[alias].pattern.is_ordinary()
                && found.iter().flatten().any(|mention| mention.alias == alias && mention.certain)
        };
        let known: Vec<bool> = (0..self.aliases.len()).map(sure).collect();
        let holds =
            |sentence: usize, m: &&TargetMention| m.certain || known[m.alias] || is_named(sentence, m.span);
        let sentences = found.iter().enumerate();
        sentences.map(|(number, list)| list.iter().filter(|m| holds(number, m)).copied().collect()).collect()
    }

    /// The indices of the entities of an article that have an alias as a name. An alias of one word in small letters is no
    /// name.
    pub fn entities(&self, names: &NameIndex) -> Vec<usize> {
        let is_name = |alias: &&Alias| alias.text.contains(char::is_uppercase) || alias.text.contains(' ');
        let mut found: Vec<usize> =
            self.aliases.iter().filter(is_name).filter_map(|alias| names.entity(&alias.text)).collect();
        found.sort();
        found.dedup();
        found
    }

    /// The first alias with a capital that stands in the sentence, but in small letters.
    pub fn in_small_letters(&self, sentence: &str) -> Option<&str> {
        let words = Words::of(sentence);
        let aliases = self.aliases.iter().filter(|alias| alias.pattern.needs_first_capital());
        let small = |alias: &&Alias| {
            let found = alias.pattern.find(&words, TextCase::AllSmall);
            found.iter().any(|found| found.span.of(sentence).starts_with(char::is_lowercase))
        };
        aliases.filter(small).map(|alias| alias.text.as_str()).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(target: &Target, text: &'a str) -> Vec<&'a str> {
        let mentions = target.mentions(&Words::of(text), TextCase::Usual);
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
    fn uncertain_mentions_need_confirmation() {
        let target = Target::parse("Apple").unwrap();
        let find = |sentences: &[&str], named: bool| -> Vec<usize> {
            let found: Vec<_> =
                sentences.iter().map(|s| target.mentions(&Words::of(s), TextCase::Usual)).collect();
            target.confirmed(&found, |_, _| named).iter().map(Vec::len).collect()
        };
        let pie = "Apple pie is good.";
        assert_eq!(find(&[pie, "He ate an apple."], false), [0, 0]);
        assert_eq!(find(&[pie], true), [1]);
        assert_eq!(find(&[pie, "He works for Apple."], false), [1, 1]);
        let target = Target::parse("US").unwrap();
        let heading = [Words::of("HE TOLD US"), Words::of("The US told us.")];
        let found: Vec<_> = heading.iter().map(|words| target.mentions(words, TextCase::Usual)).collect();
        let held: Vec<_> = target.confirmed(&found, |_, _| false).iter().map(Vec::len).collect();
        assert_eq!(held, [0, 1]);
        let target = Target::parse("Withdrawal").unwrap();
        assert_eq!(target.in_small_letters("The withdrawal ended."), Some("Withdrawal"));
        assert_eq!(target.in_small_letters("The retreat ended."), None);
        assert_eq!(target.in_small_letters("Withdrawal symptoms ended."), None);
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
