use super::*;

fn name(text: &str) -> Name {
    Name::new(text)
}

#[test]
fn spelling_variants_share_a_key() {
    for (a, b) in [
        ("MINUSMA", "Minusma"),
        ("U.N.", "UN"),
        ("the Sahel", "Sahel"),
        ("Mali's", "Mali"),
        ("Mali’s", "Mali"),
        ("Mélenchon", "Melenchon"),
        ("Erdog\u{306}an", "Erdoğan"),
        ("Côte d’Ivoire", "Cote d'Ivoire"),
        ("Ber\u{AD}lin", "Berlin"),
        ("World Health Organization (WHO)", "World Health Organization"),
        ("Dolce & Gabbana", "Dolce and Gabbana"),
        ("the United States Navy", "U.S. Navy"),
    ] {
        assert_eq!(name(a).key, name(b).key, "{a} {b}");
    }
    assert_eq!(name("Müller").wide_key.as_ref(), Some(&name("Mueller").key));
    assert_ne!(name("Niger").key, name("Nigeria").key);
    assert_ne!(name("United States of America").key, name("US of America").key);
}

#[test]
fn short_forms_are_recognised() {
    assert!(name("EU").is_acronym_of(&name("European Union")));
    assert!(name("U.N.").is_acronym_of(&name("United Nations")));
    assert!(!name("Eu").is_acronym_of(&name("European Union")));
    assert!(name("DOJ").is_acronym_of(&name("Department of Justice")));
    assert!(name("ICE").is_acronym_of(&name("U.S. Immigration and Customs Enforcement")));
    assert!(!name("U.S.").is_acronym_of(&name("U.S. Steel")));
    assert!(name("DOJ").is_acronym_of(&name("U.S. Department of Justice")));
    for agency in
        ["U.S. Agency for International Development", "United States Agency for International Development"]
    {
        assert!(name("USAID").is_acronym_of(&name(agency)), "{agency}");
    }
    assert!(!name("EU").is_acronym_of(&name("Edinburgh University")));
    assert!(!name("US").is_acronym_of(&name("United Steelworkers")));
    assert!(name("UK").is_acronym_of(&name("University of Kentucky (UK)")));
    assert!(name("D.C.").has_initials_by_chance(EntityType::Loc, EntityType::Org));
    assert!(!name("US").has_initials_by_chance(EntityType::Loc, EntityType::Org));
    assert!(name("HHS").is_acronym_of(&name("U.S. Health and Human Services Department")));
    assert!(name("HHS").is_acronym_of(&name("Department of Health and Human Services")));
    assert!(!name("Islamic").is_core_of(&name("Islamic State")));
    assert!(!name("Texas").is_core_of(&name("Mission, Texas")));
    assert!(name("Cape Verde").is_core_of(&name("Cape Verde Islands")));
    let (parties, none) = (&HashSet::from(["democratparty"]), &HashSet::new());
    assert!(name("Conservatives").is_member_of(&name("Conservative Party"), none));
    assert!(name("Democrat").is_member_of(&name("Democrats"), none));
    assert!(
        name("Likud").is_party_of(&name("Likud Party")) && !name("Trump").is_party_of(&name("Trump Group"))
    );
    assert!(!name("Democrat").is_member_of(&name("Democrats"), parties));
    assert!(!name("Congress").is_member_of(&name("Republican Party"), none));
    assert!(name("AfD").may_abbreviate(&name("Alternative for Germany")));
    assert!(name("CDC").is_acronym_of(&name("Centers for Disease Control and Prevention (CDC)")));
    assert!(name("Barkhane").is_core_of(&name("Operation Barkhane")));
    assert!(name("Takuba").is_core_of(&name("Task Force Takuba")));
    assert!(name("Problem Solvers").is_core_of(&name("Problem Solvers Caucus")));
    assert!(!name("Union").is_core_of(&name("European Union")));
    assert!(!name("Mexico").is_core_of(&name("Mexico City")) && name("York").is_core_of(&name("York City")));
    for (short, long) in [
        ("Boeing", "Boeing Co"),
        ("Volkswagen", "Volkswagen AG"),
        ("Toyota", "Toyota Motor Corp"),
        ("Exxon", "Exxon Mobil Corp."),
        ("Procter & Gamble", "Procter & Gamble Co"),
    ] {
        assert!(name(short).is_company_of(&name(long)), "{short} {long}");
    }
    assert!(!name("Bank").is_company_of(&name("Bank Austria AG")));
    assert!(name("Packers").is_nickname_of(&name("Green Bay Packers")));
    assert!(name("United").is_nickname_of(&name("Manchester United")));
    assert!(name("the Post").is_nickname_of(&name("Washington Post")));
    assert!(!name("Department").is_nickname_of(&name("Justice Department")));
    assert!(!name("Congress").is_nickname_of(&name("National Congress")));
    assert!(name("Stabilization Mission").is_variant_of(&name("Stabilisation Mission")));
    assert!(!name("South Korea").is_variant_of(&name("North Korea")));
    assert!(name("Education Department").is_reordered(&name("Department of Education")));
    assert!(name("Justice Department").is_reordered(&name("U.S. Department of Justice")));
    assert!(!name("Ministry of Defence").is_reordered(&name("Ministry of Justice")));
    assert!(!name("North South").is_reordered(&name("South North")));
    let named = &HashSet::from(["russian"]);
    assert!(name("Freedom Caucus").is_body_of(&name("House Freedom Caucus"), named));
    assert!(name("Bureau of Prisons").is_body_of(&name("Federal Bureau of Prisons"), named));
    assert!(name("Defense Ministry").is_body_of(&name("Russian Defense Ministry"), named));
    assert!(!name("Bank of China").is_body_of(&name("People's Bank of China"), named));
    assert!(!name("Supreme Court").is_body_of(&name("Russian Supreme Court"), named));
    assert!(name("Supreme Court").is_body_of(&name("U.S. Supreme Court"), named));
    assert!(name("Homeland Security").is_body_of(&name("Department of Homeland Security"), named));
    assert!(!name("State").is_body_of(&name("Department of State"), named));
    assert!(name("Navy").is_body_of(&name("U.S. Navy"), named));
    assert!(name("Senate").is_body_of(&name("United States Senate"), named));
    assert!(name("Art Award").is_before_for_of(&name("Art Award for Translation")));
    assert!(!name("Art").is_before_for_of(&name("Art for Sale")));
    assert!(
        !name("Napa").is_core_of(&name("Napa County")) && name("BuzzFeed").is_core_of(&name("BuzzFeed News"))
    );
    assert!(name("America").is_known_as(&name("United States")));
    assert!(name("Britain").is_known_as(&name("U.K.")));
    assert!(name("Kiev").is_known_as(&name("Kyiv")));
    assert!(name("Ivory Coast").is_known_as(&name("Côte d’Ivoire")));
    assert!(!name("Time").is_member_of(&name("Times"), none));
    assert!(name("Tory").is_member_of(&name("Tories"), none));
    assert!(name("the Fed").is_known_as(&name("Federal Reserve")));
    assert!(name("COVID").is_known_as(&name("Covid-19")));
    assert!(name("Parkland").is_before_comma_of(&name("Parkland, Fla")));
    assert!(!name("Fla").is_before_comma_of(&name("Parkland, Fla")));
    assert!(name("Parkland, Fla").is_before_comma_of(&name("Parkland, Florida")));
    assert!(!name("Republicans").is_nickname_of(&name("House Republicans")));
    assert!(!name("Northern Macedonia").is_variant_of(&name("Northern Macedonian")));
}
