use super::*;
use EntityType::*;

/// Groups all occurrences of the names: name, type and number of mentions of each entity.
fn grouped(text: &str, names: &[(&str, EntityType)]) -> Vec<(String, EntityType, usize)> {
    let mut mentions: Vec<EntityMention> = Vec::new();
    for &(name, kind) in names {
        for (start, _) in text.match_indices(name) {
            let span = Span::new(start, start + name.len());
            if !mentions.iter().any(|m| m.span.overlaps(span)) {
                mentions.push(EntityMention { span, kind, score: 0.9, label: None });
            }
        }
    }
    mentions.sort_by_key(|mention| mention.span);
    let entities = group(text, &mentions);
    entities.into_iter().map(|e| (e.name, e.kind, e.mentions.len())).collect()
}

#[test]
fn surnames_and_acronyms_find_their_long_forms() {
    let text = "Emmanuel Macron of the European Union praised MINUSMA. Macron and the EU thanked Minusma.";
    let names = [
        ("Emmanuel Macron", Per),
        ("European Union", Org),
        ("MINUSMA", Org),
        ("Macron", Per),
        ("EU", Org),
        ("Minusma", Org),
    ];
    let found = grouped(text, &names);
    assert_eq!(
        found,
        [("Emmanuel Macron".into(), Per, 2), ("European Union".into(), Org, 2), ("Minusma".into(), Org, 2)]
    );
}

#[test]
fn brackets_join_an_acronym_that_initials_do_not() {
    let text = "The Mission in Mali (MINUSMA) stays. MINUSMA said so.";
    let found = grouped(text, &[("Mission in Mali", Org), ("MINUSMA", Org)]);
    assert_eq!(found, [("Mission in Mali".into(), Org, 3)]);
}

#[test]
fn a_company_may_have_a_possessive_ending_as_part_of_its_name() {
    let text = "McDonald's grew. Wages rose at McDonald's.";
    assert_eq!(grouped(text, &[("McDonald's", Org)]), [("McDonald's".into(), Org, 2)]);
    let text = "McDonald's grew. Illinois's wages rose; Illinois grew.";
    assert_eq!(grouped(text, &[("Illinois's", Loc), ("Illinois", Loc)]), [("Illinois".into(), Loc, 2)]);
}

#[test]
fn one_party_and_one_newspaper_have_several_names() {
    let text =
        "The Democratic plan failed, a Democrat told the Washington Post. The Post asked another Democrat.";
    let names = [("Democratic", Misc), ("Democrat", Misc), ("Washington Post", Org), ("Post", Org)];
    let found = grouped(text, &names);
    assert_eq!(found, [("Democrat".into(), Misc, 3), ("Washington Post".into(), Org, 2)]);
    let text = "The GOP won. A Republican left.";
    assert_eq!(grouped(text, &[("GOP", Org), ("Republican", Misc)]).len(), 1);
    let text = "The United States Navy sailed. A U.S. Navy ship sank.";
    assert_eq!(grouped(text, &[("United States Navy", Org), ("U.S. Navy", Org)]).len(), 1);
}

#[test]
fn an_ambiguous_surname_is_not_joined() {
    let text = "Bill Clinton and Hillary Clinton came. Clinton spoke.";
    let found = grouped(text, &[("Bill Clinton", Per), ("Hillary Clinton", Per), ("Clinton", Per)]);
    assert_eq!(found.len(), 3);
    // Whoever is named only behind it is not meant.
    let text = "Hillary Clinton came. Clinton spoke. Bill Clinton left.";
    let found = people(text, &["Bill Clinton", "Hillary Clinton", "Clinton"]);
    assert_eq!(found, [("Hillary Clinton".into(), 2), ("Bill Clinton".into(), 1)]);
    // Whoever is named first has the family name from then on.
    let text = "Jeb Bush left. Mr. Bush had hoped for help. The party of George Bush and George W. Bush is gone, and Mr. Bush with it.";
    let found = people(text, &["Jeb Bush", "George W. Bush", "George Bush", "Bush"]);
    let wanted = [("Jeb Bush", 3), ("George Bush", 1), ("George W. Bush", 1)];
    assert_eq!(found, wanted.map(|(name, mentions)| (name.to_owned(), mentions)));
    let text = "His biographers, David and Jeanne Heidler, wrote so. David Eisenhower did not.";
    let found = people(text, &["David Eisenhower", "Jeanne Heidler", "David"]);
    assert_eq!(found.len(), 3, "{found:?}");
    let text = "Mohamed Said Musallam was taken, said Said Musallam, his father.";
    assert_eq!(people(text, &["Mohamed Said Musallam", "Said Musallam"]).len(), 2);
}

/// As [`grouped`], for people. Of names that overlap, the first in the list is taken.
fn people(text: &str, names: &[&str]) -> Vec<(String, usize)> {
    let names: Vec<_> = names.iter().map(|name| (*name, Per)).collect();
    grouped(text, &names).into_iter().map(|(name, _, mentions)| (name, mentions)).collect()
}

#[test]
fn a_city_or_a_university_is_not_the_land_that_it_is_named_after() {
    for (text, names, wanted) in [
        ("Israel struck Gaza. Gaza City burned.", [("Gaza City", Loc), ("Gaza", Loc)], 2),
        ("Michigan lost. Michigan State won.", [("Michigan State", Org), ("Michigan", Org)], 2),
        ("New York burned. New York City burned.", [("New York City", Loc), ("New York", Loc)], 1),
        ("Chad mourns. Lake Chad shrank.", [("Lake Chad", Loc), ("Chad", Loc)], 2),
        ("The Colorado River fell in Colorado.", [("Colorado River", Loc), ("Colorado", Loc)], 2),
        ("Lake Tahoe froze. Tahoe is cold.", [("Lake Tahoe", Loc), ("Tahoe", Loc)], 1),
    ] {
        assert_eq!(grouped(text, &names).len(), wanted, "{text}");
    }
}

#[test]
fn relatives_in_a_list_say_nothing_of_who_heads_it() {
    for (text, name, wanted) in [
        ("Barack Obama, his wife Michelle and his aides left.", "Barack Obama", Gender::Male),
        ("Barack Obama, his wife and two children left.", "Barack Obama", Gender::Male),
        ("Barack Obama, his wife, Michelle, and his aides left.", "Barack Obama", Gender::Male),
        ("Tom Poe, his wife's lawyer, spoke.", "Tom Poe", Gender::Male),
        ("Noor Poe, his wife and adviser, spoke.", "Noor Poe", Gender::Female),
    ] {
        let span = Span::new(0, name.len());
        let mention = EntityMention { span, kind: Per, score: 0.9, label: None };
        assert_eq!(group(text, &[mention])[0].gender, Some(wanted), "{text}");
    }
}

#[test]
fn brother_and_sister_are_two_people() {
    let text = "Alejandro Rodriguez met Alejandra Rodriguez.";
    assert_eq!(people(text, &["Alejandro Rodriguez", "Alejandra Rodriguez"]).len(), 2);
}

#[test]
fn husband_and_wife_are_two_people() {
    let text = "Emmanuel Macron arrived in Berlin on Monday. His wife Brigitte Macron visited a school. Macron later met Angela Merkel. Mrs. Macron spoke to pupils. Mr. Macron said the talks were useful.";
    let found = people(text, &["Emmanuel Macron", "Brigitte Macron", "Angela Merkel", "Macron"]);
    let wanted = [("Emmanuel Macron", 3), ("Brigitte Macron", 2), ("Angela Merkel", 1)];
    assert_eq!(found, wanted.map(|(name, mentions)| (name.to_owned(), mentions)));
    // Where the text does not say who is whose wife, given names show whom "Mr" and "Mrs" mean.
    let text = "Bill Clinton and Hillary Clinton came. Mr Clinton spoke, and Mrs Clinton sang.";
    let found = people(text, &["Bill Clinton", "Hillary Clinton", "Clinton"]);
    assert_eq!(found, [("Bill Clinton".into(), 2), ("Hillary Clinton".into(), 2)]);
    // The title may be part of the mention, and there may be only one full name.
    let text = "Imran Khan came. Mr Khan spoke, and so did Mrs Khan. Khan left.";
    let found = people(text, &["Imran Khan", "Mr Khan", "Mrs Khan", "Khan"]);
    assert_eq!(found, [("Imran Khan".into(), 3), ("Mrs Khan".into(), 1)]);
    let text = "Mr Ito and Mrs Ito came.";
    assert_eq!(people(text, &["Ito"]).len(), 2);
    let text = "Mr Ito came. Ito left.";
    assert_eq!(people(text, &["Ito"]), [("Ito".into(), 2)]);
    let text = "Kim Jong Un came with his sister Kim Yo Jong. Kim spoke.";
    let found = people(text, &["Kim Jong Un", "Kim Yo Jong", "Kim"]);
    assert_eq!(found, [("Kim Jong Un".into(), 2), ("Kim Yo Jong".into(), 1)]);
}

#[test]
fn names_have_many_forms() {
    for (text, names, wanted) in [
        (
            "Xi Jinping met Joe Biden. Xi spoke.",
            &["Xi Jinping", "Joe Biden", "Xi"][..],
            &[("Xi Jinping", 2), ("Joe Biden", 1)][..],
        ),
        ("Yoon Suk Yeol came. Yoon spoke.", &["Yoon Suk Yeol", "Yoon"], &[("Yoon Suk Yeol", 2)]),
        (
            "John Kennedy came. John F. Kennedy spoke. Kennedy left.",
            &["John Kennedy", "John F. Kennedy", "Kennedy"],
            &[("John F. Kennedy", 3)],
        ),
        (
            "Jean-Luc Mélenchon came. Melenchon spoke.",
            &["Jean-Luc Mélenchon", "Melenchon"],
            &[("Jean-Luc Mélenchon", 2)],
        ),
        (
            "Robert Mueller came. Müller spoke.",
            &["Robert Mueller", "Müller"],
            &[("Robert Mueller", 1), ("Müller", 1)],
        ),
        ("Mueller came. Müller spoke.", &["Mueller", "Müller"], &[("Mueller", 2)]),
        (
            "Macron's plan. Macron’s aides. Emmanuel Macron left.",
            &["Emmanuel Macron", "Macron's", "Macron’s"],
            &[("Emmanuel Macron", 3)],
        ),
        (
            "Boris Johnson left. Rachel Johnson stayed. Boris spoke.",
            &["Boris Johnson", "Rachel Johnson", "Boris"],
            &[("Boris Johnson", 2), ("Rachel Johnson", 1)],
        ),
        (
            "Donald Trump came with Donald Trump Jr. and Trump spoke. Trump Jr. left.",
            &["Donald Trump Jr.", "Donald Trump", "Trump Jr.", "Trump"],
            &[("Donald Trump", 2), ("Donald Trump Jr.", 2)],
        ),
        (
            "Ann Lee Boris Johnson left. Boris Johnson spoke. Johnson ate.",
            &["Ann Lee Boris Johnson", "Boris Johnson", "Johnson"],
            &[("Boris Johnson", 3)],
        ),
        (
            "AFP Boris Johnson left. Johnson ate. Johnson slept.",
            &["AFP Boris Johnson", "Johnson"],
            &[("Boris Johnson", 3)],
        ),
    ] {
        let wanted: Vec<_> = wanted.iter().map(|(name, count)| (name.to_string(), *count)).collect();
        assert_eq!(people(text, names), wanted, "{text}");
    }
}

#[test]
fn acronyms_may_stand_in_the_name_or_before_it() {
    let text = "The World Health Organization (WHO) met. WHO spoke.";
    let found = grouped(text, &[("World Health Organization (WHO)", Org), ("WHO", Org)]);
    assert_eq!(found.len(), 1);
    let text = "The AfD (Alternative for Germany) met. AfD spoke. Germans left Germany.";
    let names = [("AfD", Org), ("Alternative for Germany", Org), ("Germans", Misc), ("Germany", Loc)];
    assert_eq!(grouped(text, &names).len(), 3);
    let text = "The Department of Commerce met in D.C. today.";
    assert_eq!(grouped(text, &[("Department of Commerce", Org), ("D.C.", Loc)]).len(), 2);
    // Titles belong to people only.
    let text = "The Justice Department spoke to the Department.";
    assert_eq!(grouped(text, &[("Justice Department", Org), ("Department", Org)]).len(), 2);
}

#[test]
fn princes_and_mothers_are_other_people() {
    let text = "Prince William flew to Nairobi. William Ruto met him. William left.";
    assert_eq!(
        people(text, &["William Ruto", "William"]),
        [("William".into(), 2), ("William Ruto".into(), 1)]
    );
    let text = "Pope Francis spoke, and Francis quoted St. Francis of Assisi.";
    assert_eq!(
        people(text, &["Francis of Assisi", "Francis"]),
        [("Francis".into(), 2), ("Francis of Assisi".into(), 1)]
    );
    let text = "The House Freedom Caucus met. The Freedom Caucus split. The House voted.";
    let names = [("House Freedom Caucus", Org), ("Freedom Caucus", Org), ("House", Org)];
    assert_eq!(grouped(text, &names)[0], ("House Freedom Caucus".into(), Org, 2));
    let text = "Davis's mother, Shonda Davis, wept. Davis was shot.";
    assert_eq!(people(text, &["Shonda Davis", "Davis"]), [("Davis".into(), 2), ("Shonda Davis".into(), 1)]);
    let text = "Green Bay Packers won. The Packers cheered. Boeing Co fell. Boeing said so.";
    let names = [("Green Bay Packers", Org), ("Packers", Org), ("Boeing Co", Org), ("Boeing", Org)];
    assert_eq!(grouped(text, &names), [("Green Bay Packers".into(), Org, 2), ("Boeing Co".into(), Org, 2)]);
}

#[test]
fn types_are_voted_and_kind_words_ignored() {
    let text = "Operation Barkhane ended. Barkhane began in 2014; Barkhane's end is near.";
    let found = grouped(text, &[("Operation Barkhane", Misc), ("Barkhane", Misc)]);
    assert_eq!(found, [("Operation Barkhane".into(), Misc, 3)]);
    let text = "Task Force Takuba ended. Takuba began in 2020.";
    let found = grouped(text, &[("Task Force Takuba", Org), ("Takuba", Misc)]);
    assert_eq!(found, [("Task Force Takuba".into(), Org, 2)]);
}
