//! The pronoun, "he" or "she", that an article uses for a person. It is needed to find out whom a pronoun stands for.
//!
//! It is taken from a form of address, a word for a relative or an office, or a given name that nearly always goes with
//! one pronoun. Where there is none of these, it stays unknown.

/// Grammatical gender of the pronoun for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gender {
    /// "She".
    Female,
    /// "He".
    Male,
}

/// The gender that a word before or behind a name shows: "Mrs", "wife", "spokesman".
pub fn of_word(word: &str) -> Option<Gender> {
    let word = word.trim_end_matches('.').to_lowercase();
    match word.as_str() {
        "mr" | "sir" | "lord" | "king" | "prince" | "monsieur" | "herr" | "don" | "sheikh" | "emir"
        | "sultan" | "pope" | "father" | "husband" | "son" | "brother" | "uncle" | "nephew"
        | "grandfather" | "grandson" | "stepson" | "stepfather" | "widower" | "boyfriend" | "businessman"
        | "spokesman" | "chairman" | "congressman" | "councilman" | "policeman" | "fisherman"
        | "salesman" | "anchorman" => Some(Gender::Male),
        "mrs" | "ms" | "miss" | "lady" | "dame" | "queen" | "princess" | "madame" | "mme" | "frau"
        | "wife" | "widow" | "daughter" | "sister" | "mother" | "aunt" | "niece" | "grandmother"
        | "granddaughter" | "stepdaughter" | "stepmother" | "girlfriend" | "businesswoman"
        | "spokeswoman" | "chairwoman" | "actress" | "congresswoman" | "councilwoman" | "policewoman"
        | "duchess" | "countess" => Some(Gender::Female),
        _ => None,
    }
}

/// The gender that a given name shows. `name` is folded ([`super::letters::folded`]).
pub fn of_given_name(name: &str) -> Option<Gender> {
    if FEMALE.binary_search(&name).is_ok() {
        Some(Gender::Female)
    } else if MALE.binary_search(&name).is_ok() {
        Some(Gender::Male)
    } else {
        None
    }
}

/// Given names of women that are common in the news, sorted; without those that men have as well.
#[rustfmt::skip]
const FEMALE: &[&str] = &[
    "abigail", "ada", "agnes", "aisha", "alejandra", "alexandra", "alexandria", "alice", "alicia", "alison", "amanda",
    "amber", "amelia", "amina", "amy", "ana", "anastasia", "angela", "angelina", "anita", "ann", "anna", "annalena",
    "anne", "annegret", "annette", "annie", "antonia", "aretha", "audrey", "ayesha", "barbara", "beatrice", "benazir",
    "betsy", "betty", "beverly", "beyonce", "bianca", "bonnie", "brenda", "bridget", "brigitte", "camilla", "carla",
    "carmen", "carol", "carole", "carolina", "caroline", "carolyn", "carrie", "catherine", "cecilia", "charlotte",
    "chelsea", "cheryl", "christiana", "christina", "christine", "claire", "clara", "claudia", "colleen",
    "condoleezza", "cristina", "cynthia", "daniela", "danielle", "debbie", "deborah", "delcy", "denise", "diana",
    "diane", "dilma", "dina", "dolores", "donna", "dora", "doris", "dorothy", "edith", "eileen", "elaine", "eleanor",
    "elena", "elise", "elizabeth", "ella", "ellen", "elsa", "emily", "emma", "erica", "erika", "esther", "eva", "eve",
    "evelyn", "fatima", "fatou", "federica", "fiona", "florence", "frances", "francesca", "gabriela", "gabrielle",
    "gail", "genevieve", "georgia", "gerda", "gina", "ginni", "giorgia", "gladys", "gloria", "grace", "greta",
    "gretchen", "gwen", "hannah", "harriet", "hazel", "heather", "heidi", "helen", "helena", "helle", "hilary",
    "hillary", "huma", "ida", "ilhan", "indira", "inga", "ingrid", "irene", "irina", "iris", "isabel", "isabella",
    "isabelle", "ivana", "ivanka", "jacinda", "jacqueline", "jane", "janet", "janice", "jeanine", "jeanne", "jenna",
    "jennifer", "jenny", "jessica", "jill", "joan", "joanna", "joanne", "josephine", "joyce", "judith", "judy",
    "julia", "juliana", "julie", "juliet", "kaja", "kamala", "karen", "karin", "karine", "kate", "katherine",
    "kathleen", "kathryn", "kathy", "katie", "katrina", "kayleigh", "keiko", "kellyanne", "kirsten", "kirstjen",
    "kristalina", "kristen", "kristi", "kristina", "latifa", "laura", "lauren", "leila", "lena", "leticia", "lina",
    "linda", "lisa", "liz", "lois", "loretta", "lori", "louise", "lucia", "lucy", "luisa", "lydia", "madeleine",
    "madonna", "magdalena", "maggie", "maia", "malala", "malia", "mandy", "margaret", "margarita", "margrethe",
    "maria", "marian", "marianne", "marie", "marilyn", "marina", "marine", "marissa", "marjorie", "martha", "mary",
    "maryam", "maureen", "maxine", "megan", "meghan", "melania", "melanie", "melinda", "melissa", "meredith", "mette",
    "michaela", "michelle", "mildred", "miriam", "molly", "monica", "monique", "muriel", "myriam", "nadia", "nancy",
    "naomi", "natalia", "natalie", "natasha", "ngozi", "nicole", "nikki", "nina", "nora", "norma", "olena", "olga",
    "olivia", "oprah", "pamela", "patricia", "patty", "paula", "pauline", "peggy", "penelope", "penny", "phyllis",
    "priscilla", "priti", "rachel", "rebecca", "regina", "renee", "rhonda", "rita", "roberta", "rosa", "rosalynn",
    "rose", "rosemary", "rosie", "roxana", "ruth", "sabrina", "sally", "samantha", "sandra", "sanna", "sara", "sarah",
    "sharon", "sheikha", "sheila", "sheryl", "shirley", "silvia", "simone", "sofia", "sonia", "sonya", "sophia",
    "sophie", "stacey", "stella", "stephanie", "sue", "susan", "susana", "suzanne", "svetlana", "svitlana", "sylvia",
    "sylvie", "tamara", "tammy", "tanya", "tara", "tatiana", "teresa", "theresa", "therese", "tiffany", "tina",
    "tulsi", "ursula", "valentina", "valerie", "vanessa", "vera", "veronica", "victoria", "viktoria", "viola",
    "violet", "virginia", "vivian", "wendy", "whitney", "whoopi", "wilma", "winnie", "xiomara", "yasmin", "yolanda",
    "yulia", "yvette", "yvonne", "zainab", "zoe", "zuzana",
];

/// Given names of men, chosen the same way.
#[rustfmt::skip]
const MALE: &[&str] = &[
    "aaron", "abdel", "abdelaziz", "abdelmadjid", "abdoulaye", "abdul", "abdulla", "abdullah", "abraham", "adam",
    "adel", "adolf", "adrian", "ahmad", "ahmed", "alain", "alan", "alassane", "albert", "alberto", "alec",
    "alejandro", "aleksandar", "alexander", "alexei", "alexey", "alfred", "ali", "alistair", "allan", "allen",
    "alvaro", "amr", "anders", "andre", "andreas", "andrei", "andres", "andrew", "andrey", "andriy", "andrzej",
    "andy", "angus", "anthony", "antoine", "anton", "antonin", "antonio", "antony", "anwar", "arnold", "arthur",
    "arturo", "ashraf", "assimi", "augusto", "barack", "barry", "bashar", "ben", "benedict", "benito", "benjamin",
    "benny", "bernard", "bernie", "bill", "billy", "binyamin", "bob", "bobby", "boris", "brad", "bradley", "brandon",
    "brendan", "brett", "brian", "bruce", "bruno", "bryan", "carl", "carlos", "cedric", "chad", "charles", "charlie",
    "chester", "choguel", "chris", "christian", "christoph", "christophe", "christopher", "chuck", "clarence",
    "claude", "clement", "colin", "corey", "craig", "cyril", "dan", "daniel", "danny", "darren", "dave", "david",
    "dean", "denis", "dennis", "derek", "diego", "dieter", "dirk", "dmitri", "dmitriy", "dmitry", "dominic", "don",
    "donald", "doug", "douglas", "duncan", "dwight", "ed", "eddie", "edgar", "eduardo", "edward", "edwin", "ehud",
    "elijah", "elliott", "elon", "emile", "emmanuel", "enrique", "eric", "erik", "ernest", "ernesto", "ethan",
    "eugene", "evo", "fabio", "fayez", "felipe", "felix", "ferdinand", "fernando", "fidel", "florian", "francis",
    "francisco", "franco", "francois", "frank", "franklin", "franz", "fred", "frederic", "frederick", "friedrich",
    "fumio", "gareth", "gary", "gavin", "gene", "geoffrey", "george", "georges", "gerald", "gerard", "gerhard",
    "gianni", "giorgio", "giovanni", "giuseppe", "glenn", "gordon", "graham", "greg", "gregory", "guillaume",
    "guillermo", "gustavo", "guy", "hamid", "hans", "harold", "harry", "harvey", "hassan", "hector", "heiko",
    "helmut", "henri", "henry", "herbert", "herman", "hosni", "howard", "hubert", "hugh", "hugo", "hussein", "ian",
    "ibrahim", "igor", "imran", "isaac", "ismail", "ivan", "jack", "jacob", "jacques", "jair", "jake", "jakub",
    "james", "jared", "jaroslaw", "jason", "javier", "jeff", "jeffrey", "jens", "jeremy", "jerome", "jerry", "jesse",
    "jim", "jimmy", "joachim", "joao", "joaquin", "joe", "joel", "johan", "johannes", "john", "johnny", "jon",
    "jonas", "jonathan", "jorge", "jose", "josef", "josep", "joseph", "josh", "joshua", "juan", "julian", "julio",
    "julius", "jurgen", "justin", "karl", "kassym", "keir", "keith", "kemal", "ken", "kenneth", "kevin", "khaled",
    "khalid", "klaus", "kofi", "konstantin", "kurt", "larry", "lars", "laurent", "lawrence", "lech", "leo", "leon",
    "leonard", "leonid", "leopoldo", "liam", "lloyd", "lorenzo", "louis", "luc", "luca", "lucas", "luigi", "luis",
    "luiz", "luke", "magnus", "mahamat", "mahmoud", "malcolm", "manuel", "marc", "marcel", "marco", "marcos",
    "marcus", "mariano", "mario", "mark", "marko", "markus", "martin", "marty", "masoud", "mateusz", "matt", "matteo",
    "matthew", "matthias", "maurice", "mauricio", "max", "maxim", "mehmet", "michael", "michel", "miguel", "mike",
    "mikhail", "milos", "mitch", "mitt", "mohamad", "mohamed", "mohammad", "mohammed", "moussa", "muammar",
    "muhammad", "muhammadu", "mustafa", "narendra", "nathan", "nayib", "ned", "neil", "nelson", "newt", "nicholas",
    "nick", "nicolas", "nigel", "nikolai", "noah", "norman", "olaf", "oleg", "oleksandr", "oleksiy", "oliver",
    "olivier", "omar", "osama", "oscar", "otto", "pablo", "pascal", "patrick", "paul", "paulo", "pavel", "pedro",
    "percy", "pervez", "pete", "peter", "petr", "petro", "phil", "philip", "philippe", "phillip", "pierre", "pietro",
    "pius", "quentin", "radoslaw", "rafael", "raila", "ralph", "ramon", "ramzan", "rand", "randy", "raphael", "raul",
    "ray", "raymond", "recep", "reince", "rex", "ricardo", "richard", "rick", "rishi", "rob", "robby", "robert",
    "roberto", "rod", "roderick", "rodrigo", "roger", "roland", "roman", "ron", "ronald", "ross", "roy", "rudolf",
    "rudy", "rupert", "russell", "ryan", "saad", "sajid", "salvador", "salvatore", "sam", "samuel", "scott", "sean",
    "sebastian", "sebastien", "sergei", "sergey", "sergio", "seth", "sheldon", "shinzo", "sigmar", "silvio", "simon",
    "stanley", "stefan", "stephane", "stephen", "steve", "steven", "stuart", "sundar", "tarik", "ted", "terrence",
    "theo", "theodore", "thierry", "thomas", "tim", "timothy", "todd", "tom", "tommy", "tony", "trent", "trevor",
    "uhuru", "viktor", "vince", "vincent", "vladimir", "volodymyr", "walter", "warren", "wayne", "wesley", "wilbur",
    "wilfried", "will", "william", "winston", "wolfgang", "woodrow", "xavier", "yair", "yevgeny", "yitzhak",
    "yoshihide", "yves", "zachary", "zoran",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_do_not_overlap() {
        for list in [FEMALE, MALE] {
            let wrong: Vec<_> = list.windows(2).filter(|pair| pair[0] >= pair[1]).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
        }
        assert!(FEMALE.iter().all(|name| MALE.binary_search(name).is_err()));
    }

    #[test]
    fn words_and_names_show_a_gender() {
        assert_eq!(of_word("Mrs."), Some(Gender::Female));
        assert_eq!(of_word("spokesman"), Some(Gender::Male));
        assert_eq!(of_word("minister"), None);
        assert_eq!(of_given_name("angela"), Some(Gender::Female));
        assert_eq!(of_given_name("emmanuel"), Some(Gender::Male));
        assert_eq!(of_given_name("xi"), None);
    }
}
