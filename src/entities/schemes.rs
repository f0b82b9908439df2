//! Label schemes of token classifiers (BIO, BIOES, BILOU and others), and how their entity types map to [`EntityType`].

use super::EntityType;

/// One label of a token classifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The model's name of the entity type; `None` outside of entities.
    pub name: Option<String>,
    /// Whether an entity always begins at this word.
    pub begins: bool,
    /// Whether an entity always ends at this word.
    pub ends: bool,
}

impl Tag {
    /// Whether a word with this tag continues the entity of the word before it, which has the tag `before`.
    pub fn continues(&self, before: &Tag) -> bool {
        !self.begins && !before.ends && self.name == before.name
    }
}

/// Parses the labels of a model or of a file: BIO in both forms (Ramshaw and Marcus 1995), BIOES, BILOU (Ratinov and
/// Roth 2009), BMEWO, or types without a prefix.
///
/// In both forms of BIO, as in the `transformers` pipeline, an `I-` label continues an entity of its type and otherwise
/// begins a new one.
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

/// The [`EntityType`] for a type of a common data set (CoNLL-2003, OntoNotes 5, WikiANN, ACE). `None` for numbers and
/// times, which are not names here; `MISC` for a type that is not known.
pub fn kind(name: &str) -> Option<EntityType> {
    known(name).unwrap_or(Some(EntityType::Misc))
}

/// As [`kind`], with `None` in place of `MISC` for a type that is not known.
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
    fn all_schemes_give_the_same_entities() {
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
    fn common_types_are_mapped() {
        use EntityType::*;
        let found = ["PERSON", "GPE", "NORP", "ORG", "corporation", "WORK_OF_ART"].map(kind);
        assert_eq!(found, [Some(Per), Some(Loc), Some(Misc), Some(Org), Some(Org), Some(Misc)]);
        assert_eq!(["DATE", "CARDINAL", "MONEY"].map(kind), [None; 3]);
    }
}
