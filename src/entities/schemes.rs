//! Labels of token classifiers: the schemes they come in, and what their types are in ours.

use super::EntityType;

/// What one label says of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The type as the model calls it; `None` outside of entities.
    pub name: Option<String>,
    /// Whether an entity begins here whatever stands before.
    pub begins: bool,
    /// Whether it ends here whatever follows.
    pub ends: bool,
}

impl Tag {
    /// Whether a word with this tag goes on with the entity of a word with the tag `before`.
    pub fn continues(&self, before: &Tag) -> bool {
        !self.begins && !before.ends && self.name == before.name
    }
}

/// Reads the labels of a model or of a file: BIO in both forms (Ramshaw and Marcus 1995), BIOES, BILOU (Ratinov and
/// Roth 2009), BMEWO, or bare types.
///
/// In both forms of BIO, as in the reference pipeline, an `I-` goes on with what has its type and else begins an entity.
pub fn parse(labels: &[String]) -> Vec<Tag> {
    let prefixed = |label: &str, known: &str| {
        label
            .split_once('-')
            .is_some_and(|(prefix, name)| prefix.len() == 1 && known.contains(prefix) && !name.is_empty())
    };
    let outside = |label: &str| label == "O" || label == "0";
    let inside: Vec<&String> = labels.iter().filter(|label| !outside(label)).collect();
    let has_prefixes = inside.iter().all(|label| prefixed(label, "BIESLUMW"));
    let tag = |label: &String| {
        if outside(label) {
            return Tag { name: None, begins: false, ends: false };
        }
        let (prefix, name) = match has_prefixes {
            true => label.split_once('-').unwrap_or(("I", label)),
            false => ("I", label.as_str()),
        };
        let (begins, ends) =
            (["B", "S", "U", "W"].contains(&prefix), ["E", "S", "L", "U", "W"].contains(&prefix));
        Tag { name: Some(name.to_owned()), begins, ends }
    };
    labels.iter().map(tag).collect()
}

/// Our type for a type of the usual sets (CoNLL-2003, OntoNotes 5, WikiANN, ACE). Numbers and times are no names in our
/// sense: `None`. What is not known is `MISC`.
pub fn kind(name: &str) -> Option<EntityType> {
    known(name).unwrap_or(Some(EntityType::Misc))
}

/// The same for the types that these sets have; `None` for any other.
pub fn known(name: &str) -> Option<Option<EntityType>> {
    let kind = match name.to_lowercase().as_str() {
        "per" | "person" | "people" => Some(EntityType::Per),
        "org" | "organization" | "organisation" | "corporation" | "company" | "group" => {
            Some(EntityType::Org)
        }
        "loc" | "location" | "gpe" | "fac" | "facility" | "place" | "country" | "city" => {
            Some(EntityType::Loc)
        }
        "misc" | "miscellaneous" | "norp" | "event" | "product" | "work_of_art" | "law" | "language" => {
            Some(EntityType::Misc)
        }
        "date" | "time" | "percent" | "money" | "quantity" | "ordinal" | "cardinal" | "number" | "num" => {
            None
        }
        _ => return None,
    };
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(labels: &[&str]) -> Vec<(usize, usize, String)> {
        let owned: Vec<String> = labels.iter().map(|label| label.to_string()).collect();
        let tags = parse(&owned);
        let mut found: Vec<(usize, usize, String)> = Vec::new();
        for (i, tag) in tags.iter().enumerate() {
            let Some(name) = &tag.name else { continue };
            match found.last_mut() {
                Some(last) if last.1 == i && tag.continues(&tags[i - 1]) => last.1 = i + 1,
                _ => found.push((i, i + 1, name.clone())),
            }
        }
        found
    }

    #[test]
    fn every_scheme_says_the_same() {
        let expected: Vec<(usize, usize, String)> =
            vec![(0, 2, "PER".into()), (2, 3, "PER".into()), (4, 5, "LOC".into())];
        for labels in [
            ["B-PER", "I-PER", "B-PER", "O", "B-LOC"],
            ["I-PER", "I-PER", "B-PER", "O", "I-LOC"],
            ["B-PER", "E-PER", "S-PER", "O", "S-LOC"],
            ["B-PER", "L-PER", "U-PER", "O", "U-LOC"],
            ["B-PER", "E-PER", "W-PER", "O", "W-LOC"],
        ] {
            assert_eq!(spans(&labels), expected, "{labels:?}");
        }
        assert_eq!(spans(&["PER", "PER", "ORG", "O"]), [(0, 2, "PER".into()), (2, 3, "ORG".into())]);
        assert_eq!(spans(&["I-PER", "I-LOC"]).len(), 2);
    }

    #[test]
    fn usual_types_are_ours() {
        use EntityType::*;
        let found = ["PERSON", "GPE", "NORP", "ORG", "corporation", "WORK_OF_ART"].map(kind);
        assert_eq!(found, [Some(Per), Some(Loc), Some(Misc), Some(Org), Some(Org), Some(Misc)]);
        assert_eq!(["DATE", "CARDINAL", "MONEY"].map(kind), [None; 3]);
    }
}
