//! Tests of aliases: what they match in sentences, and what they do not match.

use super::*;
use crate::stance::words::Words;

/// The matches of an alias in a sentence of an article with usual letter case, with `?` behind those that are not certain.
fn found(alias: &str, text: &str) -> Vec<String> {
    let found = Pattern::new(alias).unwrap().find(&Words::of(text), TextCase::Usual);
    let show = |f: AliasMatch| format!("{}{}", f.span.of(text), if f.certain { "" } else { "?" });
    found.into_iter().map(show).collect()
}

#[test]
fn words_must_stand_together() {
    let text = "They pulled out. A pull-out! He pulled, out of fear. Pull  out; pullout.";
    assert_eq!(found("pull out", text), ["pulled out", "pull-out", "Pull  out"]);
    assert_eq!(found("mali", "MALI's and Mali’s, not Malian"), ["MALI", "Mali"]);
}

#[test]
fn signs_are_part_of_an_alias() {
    for (alias, text, wanted) in [
        ("AT&T", "AT&T fell; AT & T's rose", &["AT&T", "AT & T"][..]),
        ("S&P", "The S&P 500 rose", &["S&P"]),
        ("S&P 500", "The S&P 500 and the S&P-500", &["S&P 500", "S&P-500"]),
        ("9/11", "After 9/11 and 9 of 11", &["9/11"]),
        ("24/7", "News 24/7.", &["24/7"]),
        ("C++", "In C++, not C, nor C+", &["C++"]),
        ("C#", "In C# or C", &["C#"]),
        ("C", "In C++ or C# or in C", &["C"]),
        (".NET", "Uses .NET; the net", &[".NET"]),
        ("F-16", "Two F-16s, an F16 and an F 16, no F-160 or F-1", &["F-16s", "F16", "F 16"]),
        ("F16", "Two F-16s", &["F-16s"]),
        ("F", "Two F-16s and F16", &["F"]),
        ("COVID-19", "Covid-19 and COVID19", &["Covid-19", "COVID19"]),
        ("#MeToo", "The #MeToo movement", &["#MeToo"]),
        ("MeToo", "The #MeToo movement", &["MeToo"]),
        ("Yahoo!", "He left Yahoo and Yahoo!", &["Yahoo", "Yahoo"]),
        (
            "Marks & Spencer",
            "At Marks and Spencer and Marks & Spencer",
            &["Marks and Spencer", "Marks & Spencer"],
        ),
        ("AT", "At AT&T in Rome", &[]),
        ("Johnson", "He left Johnson&Johnson", &["Johnson", "Johnson"]),
        ("St. Petersburg", "In St Petersburg and St. Petersburg", &["St Petersburg", "St. Petersburg"]),
        ("St Petersburg", "In St. Petersburg", &["St. Petersburg"]),
        ("UN", "The U.N. and the UN", &["U.N.", "UN"]),
        ("U.N.", "The U.N. and the UN’s", &["U.N.", "UN"]),
        ("Guns N' Roses", "He saw Guns N’ Roses", &["Guns N’ Roses"]),
        ("LGBTQ+", "The LGBTQ+ vote", &["LGBTQ+"]),
        ("R&D", "On R&D.", &["R&D"]),
    ] {
        assert_eq!(found(alias, text), wanted, "{alias}");
    }
}

#[test]
fn accents_apostrophes_and_invisible_characters_do_not_matter() {
    for (alias, text) in [
        ("Côte d'Ivoire", "In Côte d’Ivoire"),
        ("Cote d’Ivoire", "In Côte d'Ivoire"),
        ("Erdogan", "Mr Erdoğan"),
        ("Erdoğan", "Mr Erdogan"),
        ("Erdoğan", "Mr Erdog\u{306}an"),
        ("Müller", "Mr Mueller"),
        ("Mueller", "Mr Müller"),
        ("Wałęsa", "Mr Walesa"),
        ("Støre", "Mr Store"),
        ("Stoere", "Mr Støre"),
        ("Strauss", "Mr Strauß"),
        ("Berlin", "In Ber\u{AD}lin"),
        ("Berlin", "In Ber\u{200B}lin"),
        ("São Tomé", "On Sao Tome"),
        ("O'Brien", "Mr O’Brien’s"),
        ("Xi Jinping", "Mr Xi\u{A0}Jinping"),
    ] {
        assert_eq!(found(alias, text).len(), 1, "{alias} in {text}");
    }
    let text = "In \u{200B}Ber\u{AD}lin\u{200B}, he";
    let span = Pattern::new("Berlin").unwrap().find(&Words::of(text), TextCase::Usual)[0].span;
    assert_eq!(span.of(text), "Ber\u{AD}lin");
}

#[test]
fn a_capital_needs_a_capital() {
    for (alias, text) in [
        ("US", "He told us that the plan would hurt us all."),
        ("US", "Us too."),
        ("IS", "It is late. Is it?"),
        ("IS", "I think so."),
        ("US", "A U-turn."),
        ("ISIS", "The ISI left."),
        ("GP", "By GPS."),
        ("WHO", "Who knows who?"),
        ("IT", "It works."),
        ("Apple", "He ate an apple."),
        ("Turkey", "They had a turkey."),
        ("May", "It may rain."),
        ("Shell", "In a shell."),
        ("White House", "In a white house. White house paint."),
        ("C++", "vitamin c++"),
    ] {
        assert!(found(alias, text).is_empty(), "{alias} in {text}");
    }
    for (alias, text, wanted) in [
        ("US", "The US told us.", "US"),
        ("US", "The U.S. told us.", "U.S."),
        ("WHO", "The WHO knows.", "WHO"),
        ("NATO", "That Nato knows.", "Nato"),
        ("MPs", "Most MPs know.", "MPs"),
        ("NGO", "Many NGOs know.", "NGOs"),
        ("BORIS JOHNSON", "Boris Johnson left.", "Boris Johnson"),
        ("Apple", "At Apple all is well.", "Apple"),
        ("Apple", "Apple said so.", "Apple?"),
        ("Apple", "“Apple is good,” he said.", "Apple?"),
        ("Apple", "APPLE FELL", "APPLE?"),
        ("May", "He met May.", "May?"),
        ("Boris Johnson", "Boris Johnson left.", "Boris Johnson"),
        ("White House", "White House paint.", "White House"),
        ("withdrawal", "Withdrawal is near.", "Withdrawal"),
        ("troops", "TROOPS LEFT", "TROOPS"),
        ("us", "He told us.", "us"),
    ] {
        assert_eq!(found(alias, text), [wanted], "{alias} in {text}");
    }
}

#[test]
fn a_name_is_not_another_one_that_looks_like_its_plural() {
    for (alias, text) in [
        ("Adams", "Mr Adam left."),
        ("Adam", "Mr Adams left."),
        ("Williams", "Prince William left."),
        ("Hamas", "They left Hama."),
        ("Lagos", "They left Mar-a-Lago."),
        ("Hard", "President Harding left."),
    ] {
        assert!(found(alias, text).is_empty(), "{alias} in {text}");
    }
    for (alias, text, wanted) in [
        ("Adams", "In Adams’s office.", "Adams"),
        ("Adams", "In the Adams' house.", "Adams"),
        ("Democrats", "Every Democrat left.", "Democrat"),
        ("Republican", "All Republicans left.", "Republicans"),
        ("Proud Boys", "A Proud Boy left.", "Proud Boy"),
        ("adam", "Mr Adams left.", "Adams"),
    ] {
        assert_eq!(found(alias, text), [wanted], "{alias} in {text}");
    }
}

#[test]
fn without_usual_letter_case_matches_are_guesses() {
    let find =
        |alias: &str, text: &str| Pattern::new(alias).unwrap().find(&Words::of(text), TextCase::of(text));
    for (alias, text) in [("US", "he told us that"), ("US", "HE TOLD US THAT"), ("Apple", "apple fell")] {
        let found = find(alias, text);
        assert!(found.len() == 1 && found[0].guess, "{text}");
    }
    assert!(!find("troops", "the troops left")[0].guess);
    let found = find("NATO", "北约 NATO 说");
    assert!(found.len() == 1 && !found[0].guess);
    assert_eq!(find("北约", "北约说").len(), 1);
}
