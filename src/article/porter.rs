//! The Porter stemmer (Porter 1980) with NLTK's changes (`nltk.stem.porter`, mode `NLTK_EXTENSIONS`), as the reference
//! implementation of ROUGE uses it.
//!
//! A **stem** is a word without its suffixes. Words are lower-case ASCII, as the ROUGE tokenizer gives them.

/// Irregular forms and their stems.
const IRREGULAR: &[(&str, &str)] = &[
    ("sky", "sky"),
    ("skies", "sky"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("news", "news"),
    ("innings", "inning"),
    ("inning", "inning"),
    ("outings", "outing"),
    ("outing", "outing"),
    ("cannings", "canning"),
    ("canning", "canning"),
    ("howe", "howe"),
    ("proceed", "proceed"),
    ("exceed", "exceed"),
    ("succeed", "succeed"),
];

const STEP_2: &[(&str, &str)] = &[
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
];

const STEP_3: &[(&str, &str)] = &[
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
];

const STEP_4: &[&str] = &[
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism",
    "ate", "iti", "ous", "ive", "ize",
];

/// The stem of a word of lower-case ASCII letters and digits.
pub fn stem(word: &str) -> String {
    if let Some((_, stem)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return (*stem).into();
    }
    if word.len() <= 2 {
        return word.into();
    }
    [step_1a, step_1b, step_1c, step_2, step_3, step_4, step_5a, step_5b]
        .iter()
        .fold(word.to_owned(), |word, step| step(word))
}

/// For each letter, whether it is a consonant: not a, e, i, o, u, and not a y after a consonant.
fn consonants(word: &str) -> Vec<bool> {
    let mut flags: Vec<bool> = Vec::with_capacity(word.len());
    for letter in word.bytes() {
        flags.push(match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' => false,
            b'y' => flags.last().is_none_or(|before| !before),
            _ => true,
        });
    }
    flags
}

/// m in the paper: how often a vowel is followed by a consonant.
fn measure(stem: &str) -> usize {
    consonants(stem).windows(2).filter(|pair| !pair[0] && pair[1]).count()
}

fn has_vowel(stem: &str) -> bool {
    consonants(stem).contains(&false)
}

fn ends_in_double_consonant(word: &str) -> bool {
    let letters = word.as_bytes();
    let n = letters.len();
    n >= 2 && letters[n - 1] == letters[n - 2] && consonants(word)[n - 1]
}

/// *o in the paper, or two letters, a vowel and a consonant.
fn ends_in_short_syllable(word: &str) -> bool {
    let flags = consonants(word);
    match flags.as_slice() {
        [.., true, false, true] => !word.ends_with(['w', 'x', 'y']),
        [false, true] => true,
        _ => false,
    }
}

/// Applies the first rule whose suffix matches. If its stem is too short, the word stays as it is: no other rule is tried.
fn replaced(word: String, rules: &[(&str, &str)]) -> String {
    let rule = rules.iter().find_map(|(suffix, new)| word.strip_suffix(suffix).map(|stem| (stem, new)));
    match rule {
        Some((stem, new)) if measure(stem) > 0 => format!("{stem}{new}"),
        _ => word,
    }
}

fn step_1a(word: String) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if word.len() == 4 => return format!("{stem}ie"),
        Some(stem) => return format!("{stem}i"),
        None => {}
    }
    if let Some(stem) = word.strip_suffix("sses") {
        format!("{stem}ss")
    } else if word.ends_with("ss") {
        word
    } else {
        word.strip_suffix('s').map(String::from).unwrap_or(word)
    }
}

fn step_1b(word: String) -> String {
    if let Some(stem) = word.strip_suffix("ied") {
        return if word.len() == 4 { format!("{stem}ie") } else { format!("{stem}i") };
    }
    if let Some(stem) = word.strip_suffix("eed") {
        return if measure(stem) > 0 { format!("{stem}ee") } else { word };
    }
    let stem =
        ["ed", "ing"].iter().find_map(|suffix| word.strip_suffix(suffix).filter(|stem| has_vowel(stem)));
    let Some(stem) = stem else {
        return word;
    };
    if stem.ends_with("at") || stem.ends_with("bl") || stem.ends_with("iz") {
        format!("{stem}e")
    } else if ends_in_double_consonant(stem) {
        let keep = if stem.ends_with(['l', 's', 'z']) { stem.len() } else { stem.len() - 1 };
        stem[..keep].into()
    } else if measure(stem) == 1 && ends_in_short_syllable(stem) {
        format!("{stem}e")
    } else {
        stem.into()
    }
}

/// y becomes i after a consonant that is not the first letter.
fn step_1c(word: String) -> String {
    match word.strip_suffix('y') {
        Some(stem) if stem.len() > 1 && consonants(stem).ends_with(&[true]) => format!("{stem}i"),
        _ => word,
    }
}

fn step_2(word: String) -> String {
    // NLTK applies this rule first, and then the step again.
    if let Some(stem) = word.strip_suffix("alli").filter(|stem| measure(stem) > 0) {
        return step_2(format!("{stem}al"));
    }
    if STEP_2.iter().any(|(suffix, _)| word.ends_with(suffix)) {
        return replaced(word, STEP_2);
    }
    // NLTK counts the l of "logi" to the stem.
    match word.strip_suffix("ogi") {
        Some(stem) if stem.ends_with('l') && measure(stem) > 0 => format!("{stem}og"),
        _ => word,
    }
}

fn step_3(word: String) -> String {
    replaced(word, STEP_3)
}

fn step_4(word: String) -> String {
    let rule = STEP_4.iter().find_map(|suffix| word.strip_suffix(suffix).map(|stem| (stem, *suffix)));
    match rule {
        Some((stem, suffix)) if measure(stem) > 1 && (suffix != "ion" || stem.ends_with(['s', 't'])) => {
            stem.into()
        }
        _ => word,
    }
}

fn step_5a(word: String) -> String {
    match word.strip_suffix('e') {
        Some(stem) if measure(stem) > 1 || (measure(stem) == 1 && !ends_in_short_syllable(stem)) => {
            stem.into()
        }
        _ => word,
    }
}

fn step_5b(word: String) -> String {
    match word.strip_suffix('l') {
        Some(stem) if stem.ends_with('l') && measure(stem) > 1 => stem.into(),
        _ => word,
    }
}
