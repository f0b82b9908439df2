//! Regular English inflections: plural, past, participle.

use crate::entities::are_member_and_group;

/// Whether one of two folded words is an inflection of the other.
pub(super) fn is_form_of(word: &str, wanted: &str) -> bool {
    word == wanted || inflects(wanted, word) || inflects(word, wanted)
}

/// Whether two folded names are the same, or one of them is the plural of the other and both are for the members of a group:
/// "Democrat" and "Democrats", but not "Adam" and "Adams".
pub(super) fn is_form_of_name(name: &str, wanted: &str) -> bool {
    name == wanted || are_member_and_group(name, wanted)
}

/// Whether `form` is `base` with a regular English ending: plural, past, participle.
fn inflects(base: &str, form: &str) -> bool {
    // Words of one or two letters have no inflections here: "a" and "as", "be" and "bed" are different words.
    let Some(last) = base.chars().last().filter(|_| base.chars().count() >= 3) else {
        return false;
    };
    let stem = &base[..base.len() - last.len_utf8()];
    let vowel = "aeiou".contains(last);
    let ending = |of: &str| form.strip_prefix(of).map(str::to_owned);
    match ending(base).as_deref() {
        Some("s" | "ing" | "ed") => return true,
        Some("es")
            if base.ends_with(['s', 'x', 'z', 'o']) || base.ends_with("ch") || base.ends_with("sh") =>
        {
            return true;
        }
        Some("d") if last == 'e' => return true,
        Some(doubled)
            if !vowel && [format!("{last}ed"), format!("{last}ing")].contains(&doubled.to_owned()) =>
        {
            return true;
        }
        _ => {}
    }
    match ending(stem).as_deref() {
        Some("ing") => last == 'e',
        Some("ies" | "ied") => last == 'y',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_are_simple() {
        for (wanted, word) in [
            ("withdrawal", "withdrawals"),
            ("pull", "pulled"),
            ("pull", "pulling"),
            ("leave", "leaving"),
            ("agree", "agreed"),
            ("stop", "stopped"),
            ("authority", "authorities"),
            ("authorities", "authority"),
            ("troops", "troop"),
            ("clash", "clashes"),
        ] {
            assert!(is_form_of(word, wanted), "{wanted} {word}");
        }
        for (wanted, word) in [
            ("mali", "malian"),
            ("france", "francs"),
            ("us", "use"),
            ("withdrawal", "withdraw"),
            ("chad", "chadian"),
            ("niger", "nigeria"),
        ] {
            assert!(!is_form_of(word, wanted), "{wanted} {word}");
        }
    }
}
