//! Names that are known to mean the same, and words that are known to end certain names. All are folded.

/// Names that neither spelling nor initials show to be the same, by their keys.
pub const KNOWN_AS: &[(&str, &str)] = &[
    ("isis", "islamicstate"),
    ("isil", "islamicstate"),
    ("daesh", "islamicstate"),
    ("gop", "republican"),
    ("gop", "republicanparty"),
    ("gop", "republicans"),
    ("democratic", "democrats"),
    ("democrats", "democraticparty"),
    ("democrat", "democratic"),
    ("democrat", "democraticparty"),
    ("house", "houseofrepresentatives"),
    ("usa", "unitedstates"),
    ("usa", "us"),
    ("america", "unitedstates"),
    ("america", "us"),
    ("britain", "uk"),
    ("britain", "unitedkingdom"),
    ("britain", "greatbritain"),
    ("fed", "federalreserve"),
    ("covid", "covid19"),
    // Outlets spell these as their governments or their agencies do.
    ("burma", "myanmar"),
    ("czechia", "czechrepublic"),
    ("donbass", "donbas"),
    ("drcongo", "democraticrepublicofcongo"),
    ("drcongo", "democraticrepublicofthecongo"),
    ("ivorycoast", "cotedivoire"),
    ("kharkov", "kharkiv"),
    ("kiev", "kyiv"),
    ("lvov", "lviv"),
    ("odessa", "odesa"),
    ("turkiye", "turkey"),
];

/// Acronyms that are known to stand for one name, whatever else in an article has these initials: "EU" is not Edinburgh University.
pub const OWN_ACRONYMS: &[(&str, &str)] =
    &[("eu", "europeanunion"), ("uk", "unitedkingdom"), ("un", "unitednations"), ("us", "unitedstates")];

/// Last words of the names of newspapers, which are also called by this word alone: "Post" of "Washington Post". Those that end in "s"
/// are known by that.
#[rustfmt::skip]
pub const PAPERS: &[&str] = &[
    "bee", "chronicle", "courier", "dispatch", "examiner", "gazette", "globe", "guardian", "herald", "inquirer", "journal", "mail",
    "mirror", "monitor", "observer", "post", "register", "standard", "star", "sun", "telegraph", "tribune",
];

/// Other last words of the names of newspapers, which do not mean one alone or are known by their "s".
pub const MORE_PAPERS: &[&str] = &["daily", "times", "today"];
