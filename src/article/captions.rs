//! Finds **captions**: texts that describe or credit a picture. Examples: "A photograph shows …", "… (Photo by Jane
//! Roe/AFP)".

use std::sync::LazyLock;

use regex::Regex;

use super::lines::ends_like_a_sentence;
use super::patterns::pattern;
use super::words::{MONTHS, SAYING, WEEKDAYS, first_word, with_capitals};

/// Longest caption, in words. A longer paragraph is more than a caption, even if it has a credit.
const LONGEST: usize = 45;
/// Longest caption that begins with "FILE", in words.
const LONGEST_OF_AGENCY: usize = 200;
/// Longest caption that ends with the credit of an agency in brackets, in words. In the training texts, all 39 paragraphs of 46 to 100
/// words that end with one are captions.
const LONGEST_IN_BRACKETS: usize = 100;
/// Longest caption that only [`SIDES`] gives away, in words.
const LONGEST_WITH_SIDES: usize = 30;

/// Whether a paragraph, or a sentence that is its own paragraph, is a caption or the credit of a picture.
pub(super) fn is_caption(text: &str) -> bool {
    if !POSSIBLE.is_match(text) {
        return false;
    }
    let words = text.split_whitespace().count();
    let is_news = || REPORTED.is_match(text) || PARTY.is_match(text);
    let has_sides = || words <= LONGEST_WITH_SIDES && SIDES.is_match(text) && !is_news();
    // Agencies put the news of the day behind what an old picture shows.
    if words <= LONGEST_OF_AGENCY && text.starts_with("FILE") && PICTURED.is_match(text) {
        return true;
    }
    if words <= LONGEST_IN_BRACKETS && IN_BRACKETS.is_match(text) {
        return true;
    }
    words <= LONGEST
        && (CREDITED.is_match(text)
            || OPENING.is_match(text)
            || PICTURED.is_match(text)
            || has_sides()
            || (DATED.is_match(text) && !REPORTED.is_match(text)))
}

/// Whether a paragraph has a label of a few words at its start and no full stop at its end, as captions of British papers do:
/// "Remote spot: Officers stand watch near the port".
///
/// A name in capitals is the speaker of a transcript, and a day of the week is an entry of a diary.
pub(super) fn is_labelled(paragraph: &str) -> bool {
    static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^\p{Lu}[\p{L}\p{M}'’-]*\p{Ll}(?: [\p{L}\p{M}\d'’-]+){0,6}: \p{Lu}[^“”\x22]*$")
    });
    !ends_like_a_sentence(paragraph)
        && LABELLED.is_match(paragraph)
        && paragraph.split_whitespace().count() <= LONGEST
        && !WEEKDAYS.contains(&first_word(paragraph).to_lowercase().as_str())
        && !REPORTED.is_match(paragraph)
}

/// Every text that one of the patterns below matches has one of these words or signs. This pattern is much faster, so
/// it is tried first.
static POSSIBLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i-u)photo|picture|image|illustration|graphic|screen|grab|still|video|close|getty|shutterstock|handout|alamy|imago|anadolu|credit|file|above|below|caption|seen|shown|/|\(|,\s\d{4}",
    )
});

/// The text ends with the credit of an agency or its photographer in brackets: "(AP Photo/Jane Roe)".
static IN_BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[(\[][^()\[\]]{0,100}\b(?i:getty(?:\s+images)?|shutterstock|(?:ap|afp|epa|pa)\s+(?:photo|images|wire)|reuters/\p{L}+|file\s+photo|handout|alamy|imago|anadolu)\b[^()\[\]]{0,60}[)\]][.\s]*$",
    )
});

/// The text ends with the credit of a picture, or is only that.
static CREDITED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)(?:
          [(\[](?i:(?:file\s+)?(?:photo|photograph|picture|image|illustration|graphic|screengrab|screenshot))s?\b[^()\[\]]{0,120}[)\]]
        | (?:^|\s)(?:Photo(?:graph)?|PHOTO|Picture|PICTURE|Image|IMAGE|Illustration|Video|VIDEO)s?(?i:\s+credit|\s+courtesy)?(?:\s*:|\s+(?i:by|courtesy\s+of))\s+[^.!?]{2,80}
        | (?i:(?:image|photo|picture)\s+(?:credit|source)|credit)s?\s*:\s+[^.!?]{2,80}
        | (?:Credit|CREDIT)\s?(?:\.\.\.|…)\s?\p{Lu}[^!?]{1,80}
        | (?:\p{Lu}[\p{L}.'’-]+\s+){0,4}[–—-]?\s*(?:via\s+)?(?:/\s?)?(?i:getty\s+images|shutterstock|alamy(?:\s+stock\s+photo)?|afp\s+photo|ap\s+(?:photo|images))(?:/[^.!?]{0,40})?
        | (?:\p{Lu}[\p{L}.'’-]+\s+){1,4}/\s?(?:Reuters|REUTERS|AFP|AP|EPA|PA|Getty|Anadolu|Bloomberg)(?:\s+Images)?
        | (?:REUTERS|AP|AFP|EPA)/(?:\p{Lu}[\p{L}.'’-]+\s*){1,4}(?:/[\p{L}\s]{2,30})?
        | (?:^|[.!?]\s+|\|\s*)[Ff]ile\s+(?:photo|photograph|picture|image)
        )[.\s]*$",
    )
});

/// The text begins with the credit of a picture, or with the button of a film: "Jane Roe / AFP / Getty Images A woman protests", "CLOSE
/// Senators voted Thursday".
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)^CLOSE\s+\p{Lu}
        | ^\W*(?:\p{Lu}[\p{L}.'’-]+\s+){1,3}\p{Lu}[\p{L}.'’-]+\s?/\s?
          (?:(?:Reuters|REUTERS|AFP|AP|EPA|PA|Getty|Anadolu|Bloomberg)\b|(?:\p{Lu}[\p{L}.'’-]+\s+){1,4}via\s+(?:Reuters|REUTERS|AFP|AP|EPA|PA|Getty)\b)",
    )
});

/// The text says what a picture shows.
static PICTURED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^\W*(?:
          file\s*(?:photo\b|picture\b|image\b|[-–—:]\s)
        | (?:an?|the|this|these|in\s+(?:this|an?))\s+(?:(?:file|undated|handout|combination|combined|still|aerial|satellite|recent|archive|historic|official|screen|video|\d{4})\s+){0,3}(?:photo|photograph|picture|image|illustration|screengrab|screenshot|grab|still)s?\s+(?:(?:combination|grab)\s+)?(?:shows?|taken|provided|released|made|posted|obtained|dated)\b
        | (?:pictured|above|below|caption|file)\s*:
        )
        | \bin\s+(?:this\s+(?:\w+[.,]?\s+){0,5}|an?\s+(?:file|undated|handout|archive|combination|recent)\s+)(?:photo|photograph|picture|image|screengrab|(?:video|film|tv)\s+(?:grab|still))\b
        | \bin\s+this\s+(?:grab|still)\s+(?:from|taken|released|provided|obtained)\b
        | \b(?:is|are|was)\s+(?:seen|pictured|shown)\s+(?:here|above|below)(?:[.,)]|\s*$|\s+(?:in|with|on|at|during|before|after|outside)\b)",
    )
});

/// The text says in the present what somebody does, and ends with a place and the day: "Jane Roe speaks in Lyon, France, March 3, 2020.",
/// "Jane Roe speaks in Lyon, France, on Tuesday, March 3, 2020."
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    let (days, months) = (with_capitals(&WEEKDAYS), with_capitals(&MONTHS));
    pattern(&format!(
        r"(?x)^\p{{Lu}}[^“”\x22?!]{{3,120}}\s
          (?:address(?:es)?|arrives?|attends?|carry|carries|delivers?|gathers?|gestures?|greets?|holds?|leaves?|listens?|looks?
            |march(?:es)?|poses?|reacts?|shakes?|sits?|smiles?|speaks?|stands?|talks?|testif(?:y|ies)|waits?|walks?|watch(?:es)?|waves?)\s
          [^?!]{{3,220}},\s(?:on\s)?(?:(?:{days}),\s)?
          (?:{months}|(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\.)
          \s\d{{1,2}},\s\d{{4}}\.?$",
    ))
});

/// The text says in brackets where in a picture something is: "Jane Roe (above, last week)", "the port (pictured)".
static POINTING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\((?:[^()]{0,40}\s)?(?:above|below|pictured|left|right|centre|center|inset|top|bottom)(?:[\s,][^()]{0,40})?\)",
    )
});

/// Whether a paragraph without a full stop at its end says in brackets where in a picture something is. In the training texts, all 53
/// such paragraphs that nothing else here finds are captions, also those that report what somebody said.
pub(super) fn points_into_picture(paragraph: &str) -> bool {
    !ends_like_a_sentence(paragraph)
        && paragraph.split_whitespace().count() <= LONGEST
        && !paragraph.contains("(@")
        && POINTING.is_match(paragraph)
}

/// The text says who stands on which side of the picture: "Angela Merkel (left) and Emmanuel Macron".
static SIDES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^[^.!?]{0,120}\((?:(?:far\s+)?(?:left|right)|centre|center|[lrc]|from\s+left|top|bottom)\)")
});
/// The text reports what somebody said, so "(left)" is not about a picture.
static REPORTED: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)\b(?:{SAYING})\b")));
/// The only side is a party: "Governor Jane Roe (R) signed the bill".
static PARTY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[^.!?()]*\b(?:Governor|Senator|Congress(?:wo)?man)\s[^.!?()]{1,40}\(R\)[^()]*$")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_and_credits_of_pictures_are_recognised() {
        for text in [
            "A photograph shows the fish market in Piraeus last year.",
            "A file photo shows Angela Merkel in Berlin.",
            "CLOSE Senators voted Thursday on the plan.",
            "| Jo Roe/Lyon Courier via AP Mali Mali reports 15 new cases, a record",
            "In this Tuesday, May 21, 2019 file photo, Jane Roe, of Lyon, holds a sign.",
            "FILE - In this Tuesday, May 21, 2019 file photo, Jane Roe, of Lyon, center, holds a sign depicting a wire clothes hanger \
             during a rally at the parliament in Paris, to protest recent bans. On Wednesday, Nov. 6, 2019, a judge in Lyon struck \
             down a rule that lets doctors object to providing services on moral grounds. (AP Photo/Jane Roe)",
            "Alex Poe / AFP / Getty Images A woman protests in front of the court.",
            "This undated handout photo provided by the police shows the car.",
            "In this file photo, Angela Merkel leaves the Bundestag.",
            "Angela Merkel leaves the Bundestag in this photo from 2015.",
            "FILE - Angela Merkel leaves the Bundestag, March 3, 2015.",
            "FILE PHOTO: Angela Merkel leaves the Bundestag.",
            "Dockers wait in Piraeus on Monday. (Photo by Jane Roe/AFP)",
            "Dockers wait in Piraeus on Monday (AP Photo/Jane Roe, File)",
            "Dockers wait in Piraeus on Monday. Photo: Jane Roe/Reuters",
            "Dockers wait in Piraeus on Monday. REUTERS/Jane Roe",
            "Dockers wait in Piraeus on Monday. Getty Images",
            "Dockers wait in Piraeus. Jane Roe/Getty Images",
            "Dockers wait in Piraeus. [Image: Jane Roe]",
            "Dockers wait in Piraeus. Image credit: Jane Roe",
            "Dockers wait in Piraeus. File photo",
            "Dockers wait in Piraeus on Monday.Credit...Jane M. Roe for The Example Times",
            "French President Emmanuel Macron (R) and Angela Merkel in Berlin.",
            "Jane Roe / AFP",
            "Angela Merkel (left) and Emmanuel Macron in Berlin.",
            "Angela Merkel waves, in this video grab from Monday.",
            "The ship is seen below.",
            "Former chancellor Angela Merkel speaks at her Sunday night rally in Lyon, Ark., March 3, 2020.",
            "Dockers wait in front of the port in Piraeus, Greece, Dec. 7, 2019",
            "Angela Merkel is seen here with Emmanuel Macron.",
            "Jane Roe testifies before the committee on \"The Port of Lyon\" on the hill in Lyon, Ark., on May 1, 2019.",
            "Angela Merkel leaves for the night in Lyon, France, Tuesday, March 3, 2020.",
            "A walker gets his sticker at the hall in Lyon on Monday, March 2, 2020. Changes to the way people walk have the friends \
             of the port on edge as the people of the town decide about the port of the town and about other ports of the country, \
             of which there are many. (AP Photo/Jane Roe)",
        ] {
            assert!(is_caption(text), "{text}");
        }
    }

    #[test]
    fn a_label_and_no_full_stop_make_a_caption() {
        for text in [
            "Remote spot: Officers stand watch near the site of the mass grave on the outskirts of the small town in Mexico",
            "Welcoming: The bedroom. The golfer and his wife lived here before they parted and sold the house on the island",
        ] {
            assert!(is_labelled(text), "{text}");
        }
        for text in [
            "Remote spot: Officers stand watch near the site of the mass grave.",
            "ANNA SCHMIDT: We welcome the decision that was made on Monday and will go on with the talks in Paris",
            "Harvest: The minister said on Monday that the price of wheat would rise before the end of the year",
            "Monday: The council meets in the town hall to talk about the budget and the plans for a new school",
            "The officers stand watch near the site of the mass grave on the outskirts of the small town in Mexico",
        ] {
            assert!(!is_labelled(text), "{text}");
        }
    }

    #[test]
    fn brackets_that_point_and_no_full_stop_make_a_caption() {
        for text in [
            "Farewell: Poe will now 'return to the port of the town' said the minister of the country, Jane Roe (above last week)",
            "The minister has named Jane Roe (pictured) to lead the port. She led it from 1992 until 2003",
            "By selling her boat (right) to pay for her house (left), Jane Roe hopes that both of her sons will stay in the town",
        ] {
            assert!(points_into_picture(text), "{text}");
        }
        for text in [
            "The minister has named Jane Roe (pictured) to lead the port.",
            "The party (left-leaning) and its friends met in the town to talk about the port and the boats of the country",
            "Here (in the picture, left) is what the port looked like before the war:",
        ] {
            assert!(!points_into_picture(text), "{text}");
        }
    }

    #[test]
    fn news_about_pictures_is_no_caption() {
        for text in [
            "The photographer left Getty Images last year, she said.",
            "The police said the photo was taken on Monday.",
            "Getty Images sued the firm on Monday.",
            "Angela Merkel speaks at a rally in Lyon on March 3, 2020.",
            "Angela Merkel left the rally in Lyon, France, March 3, 2020.",
            "The port looks closed, Jane Roe said in Lyon, France, March 3, 2020.",
            "A video of the attack shocked the country.",
            "The government left the city on Monday.",
            "He was seen in Berlin on Monday, the police said.",
            "Girls from Nepal are seen here most often.",
            "There are people in this country who still believe him.",
            "Inflation is seen below 2 percent next year, the bank said.",
            "She sold a photo by Man Ray.",
            "The minister (left) said that she would go.",
            "The party (left of centre) won the vote.",
            "Texas Governor Jane Roe (R) signed the bill on Monday.",
            "Reuters said so on Monday.",
        ] {
            assert!(!is_caption(text), "{text}");
        }
    }
}
