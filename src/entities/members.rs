//! Names in the singular for one member of a group of people, and in the plural for the group: "Democrat" and "Democrats". Other
//! names that differ in a last "s" name different things: "Adam" and "Adams", "Hama" and "Hamas", "Time" and "Times".

/// Endings of the names of members: "American", "Croat", "Islamist", "Iraqi", "Conservative", "Catholic", "Muslim", "Shiite".
const ENDINGS: &[&str] = &["an", "at", "i", "ic", "im", "ist", "ista", "ite", "ive"];

/// Names of members with other endings.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "arab", "basque", "berber", "bosniak", "brit", "chechen", "copt", "cypriot", "czech", "dane", "evangelical", "filipino", "finn",
    "greek", "hazara", "hindu", "hutu", "jew", "kazakh", "kosovar", "kurd", "latino", "liberal", "montenegrin", "mormon", "nazi", "pashtun",
    "pole", "radical", "rohingya", "scot", "serb", "sikh", "slav", "slovak", "slovene", "spaniard", "swede", "tajik", "tamil", "tatar",
    "thai", "tory", "tuareg", "turk", "uighur", "uyghur", "uzbek", "zulu",
];

/// Fewest letters of a name with one of the endings, and with "er" ("New Yorker", "Londoner"): "Ali", "Jim" and "Sander" are names of
/// people.
const FEWEST: usize = 5;
const FEWEST_WITH_ER: usize = 8;

/// Whether a name, folded and in the singular, is one for a member of a group.
pub fn is_member(name: &str) -> bool {
    let letters = name.chars().count();
    OTHERS.contains(&name)
        || (letters >= FEWEST && ENDINGS.iter().any(|ending| name.ends_with(ending)))
        || (letters >= FEWEST_WITH_ER && name.ends_with("er"))
}

/// Whether two folded names are the singular and the plural of the name for the members of a group.
pub fn are_member_and_group(a: &str, b: &str) -> bool {
    let (one, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let regular = many.strip_suffix('s').is_some_and(|rest| rest == one);
    let in_ies = many.strip_suffix("ies").is_some_and(|rest| one.strip_suffix('y') == Some(rest));
    (regular || in_ies) && is_member(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_told_from_other_names() {
        for (one, many) in [
            ("democrat", "democrats"),
            ("republican", "republicans"),
            ("israeli", "israelis"),
            ("kurd", "kurds"),
            ("hindu", "hindus"),
            ("pashtun", "pashtuns"),
            ("tory", "tories"),
            ("brexiteer", "brexiteers"),
        ] {
            assert!(are_member_and_group(one, many) && are_member_and_group(many, one), "{one}");
        }
        for (one, many) in [
            ("adam", "adams"),
            ("william", "williams"),
            ("hama", "hamas"),
            ("lago", "lagos"),
            ("time", "times"),
            ("sander", "sanders"),
            ("gate", "gates"),
            ("democrat", "democrat"),
        ] {
            assert!(!are_member_and_group(one, many), "{one}");
        }
    }
}
