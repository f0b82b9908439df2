//! Maps the labels of a data set to our four entity types.
//!
//! A label that is not one of our types needs an entry in the *map of labels*. Mentions that the map leaves out are
//! counted, for a note in the report.

use std::collections::{BTreeMap, BTreeSet};

use crate::entities::{EntityType, schemes};

/// The types that labels stand for: `organisation=ORG,event=MISC,money=O`. Our types and their common spellings need no
/// entry.
#[derive(Debug, Clone, Default)]
pub struct LabelMap(BTreeMap<String, Option<EntityType>>);

impl LabelMap {
    /// Parses the argument of `--map`.
    ///
    /// # Errors
    /// When an entry is not `name=TYPE`, with PER, ORG, LOC, MISC or O.
    pub fn parse(argument: &str) -> Result<Self, String> {
        let entries = argument.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let parsed = entries.map(|entry| {
            let (name, kind) = entry.split_once('=').ok_or_else(|| format!("'{entry}' is not NAME=TYPE"))?;
            let kind = match kind.trim() {
                "O" => None,
                kind => Some(kind.parse().map_err(|_| format!("'{kind}' is not PER, ORG, LOC, MISC or O"))?),
            };
            Ok((name.trim().to_lowercase(), kind))
        });
        parsed.collect::<Result<_, String>>().map(Self)
    }

    /// The type of a label, or `Some(None)` for one that is left out; `None` for an unknown label.
    fn kind(&self, label: &str) -> Option<Option<EntityType>> {
        let label = label.to_lowercase();
        let ours = || match label.as_str() {
            "per" | "person" => Some(Some(EntityType::Per)),
            "org" | "organization" | "organisation" => Some(Some(EntityType::Org)),
            "loc" | "location" => Some(Some(EntityType::Loc)),
            "misc" | "miscellaneous" => Some(Some(EntityType::Misc)),
            _ => None,
        };
        self.0.get(&label).copied().or_else(ours)
    }
}

/// Maps the labels of one file, and collects those that are unknown or left out.
#[derive(Debug)]
pub struct Labels<'a> {
    map: &'a LabelMap,
    unknown: BTreeSet<String>,
    left_out: BTreeMap<String, usize>,
}

impl<'a> Labels<'a> {
    /// For a file that is read with this map.
    pub fn new(map: &'a LabelMap) -> Self {
        Self { map, unknown: BTreeSet::new(), left_out: BTreeMap::new() }
    }

    /// The type of a mention with this label; `None` if it is left out or unknown.
    pub fn kind(&mut self, label: &str) -> Option<EntityType> {
        match self.map.kind(label) {
            Some(Some(kind)) => return Some(kind),
            Some(None) => *self.left_out.entry(label.to_owned()).or_default() += 1,
            None => drop(self.unknown.insert(label.to_owned())),
        }
        None
    }

    /// A note on the mentions that were left out, if there are any.
    ///
    /// # Errors
    /// When there were unknown labels. The error proposes entries for the map, with types for the labels of common data
    /// sets.
    pub fn finish(self) -> Result<Option<String>, String> {
        if !self.unknown.is_empty() {
            let entry = |label: &String| match schemes::known(label) {
                Some(Some(kind)) => format!("{label}={}", kind.name()),
                Some(None) => format!("{label}=O"),
                None => format!("{label}=…"),
            };
            let entries: Vec<String> = self.unknown.iter().map(entry).collect();
            return Err(format!(
                "has labels that are not PER, ORG, LOC or MISC; say what they are (O for none): --map {}",
                entries.join(",")
            ));
        }
        let counted: Vec<String> =
            self.left_out.iter().map(|(label, count)| format!("{count} of '{label}'")).collect();
        let total: usize = self.left_out.values().sum();
        Ok((total > 0).then(|| {
            format!(
                "left out, as the map of labels says: {total} mentions of the data ({})",
                counted.join(", ")
            )
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_spellings_need_no_map_and_others_do() {
        let map = LabelMap::parse("event=MISC, money=O").unwrap();
        let mut labels = Labels::new(&map);
        let found = ["PERSON", "Organisation", "LOC", "EVENT", "money", "money"].map(|l| labels.kind(l));
        use EntityType::*;
        assert_eq!(found, [Some(Per), Some(Org), Some(Loc), Some(Misc), None, None]);
        let note = labels.finish().unwrap().unwrap();
        assert!(note.contains("2 mentions of the data (2 of 'money')"), "{note}");
    }

    #[test]
    fn an_unknown_label_is_an_error_that_proposes_a_map() {
        let map = LabelMap::default();
        let mut labels = Labels::new(&map);
        let found = ["GPE", "DATE", "politician", "PER"].map(|label| labels.kind(label));
        assert_eq!(found, [None, None, None, Some(EntityType::Per)]);
        let error = labels.finish().unwrap_err();
        assert!(error.contains("--map DATE=O,GPE=LOC,politician=…"), "{error}");
        assert!(LabelMap::parse("person").unwrap_err().contains("is not NAME=TYPE"));
        assert!(LabelMap::parse("person=DOG").unwrap_err().contains("'DOG' is not PER"));
    }
}
