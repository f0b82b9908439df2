//! Captions: what tells of a picture and not of the news: "A photograph shows …", "… (Photo by Jane Roe/AFP)".

use std::sync::LazyLock;

use regex::Regex;

/// Words; a longer paragraph is more than a caption, even where a credit stands in it.
const LONGEST: usize = 80;

/// Whether a paragraph, or a sentence that stands for itself, is a caption or the credit of a picture.
pub(super) fn is_caption(text: &str) -> bool {
    (CREDITED.is_match(text) || PICTURED.is_match(text)) && text.split_whitespace().count() <= LONGEST
}

/// Ends with, or is nothing but, the credit of a picture.
static CREDITED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)(?:
          [(\[](?i:(?:file\s+)?(?:photo|photograph|picture|image|illustration|graphic|screengrab|screenshot))s?\b[^()\[\]]{0,120}[)\]]
        | [(\[][^()\[\]]{0,100}\b(?i:getty(?:\s+images)?|shutterstock|(?:ap|afp|epa|pa)\s+(?:photo|images|wire)|reuters/\p{L}+|file\s+photo|handout|alamy|imago|anadolu)\b[^()\[\]]{0,60}[)\]]
        | (?i:photo(?:graph)?|picture|image|illustration|video)s?(?i:\s+credit|\s+courtesy)?(?:\s*:|\s+(?i:by|courtesy\s+of))\s+[^.!?]{2,80}
        | (?i:(?:image|photo|picture)\s+)?(?i:credit|source)s?\s*:\s+[^.!?]{2,80}
        | (?:\p{Lu}[\p{L}.'’-]+\s+){0,4}[–—-]?\s*(?:via\s+)?(?:/\s?)?(?i:getty\s+images|shutterstock|alamy(?:\s+stock\s+photo)?|afp\s+photo|ap\s+(?:photo|images))(?:/[^.!?]{0,40})?
        | (?:\p{Lu}[\p{L}.'’-]+\s+){1,4}/\s?(?:Reuters|REUTERS|AFP|AP|EPA|PA|Getty|Anadolu|Bloomberg)(?:\s+Images)?
        | (?:REUTERS|AP|AFP|EPA)/(?:\p{Lu}[\p{L}.'’-]+\s*){1,4}(?:/[\p{L}\s]{2,30})?
        | \b[Ff]ile\s+(?:photo|photograph|picture|image)
        )[.\s]*$",
    )
});

/// Tells what a picture shows.
static PICTURED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^\W*(?:
          file\s*(?:photo|picture|image|[-–—:])\b?
        | (?:an?|the|this|these|in\s+(?:this|an?))\s+(?:\w+\s+){0,3}(?:photo|photograph|picture|image|illustration|screengrab|screenshot|video\s+grab|video\s+still)s?\s+(?:\w+\s+){0,3}?(?:shows?|taken|provided|released|made|posted|obtained|of|by|from|on)\b
        | (?:pictured|above|below|caption|file)\s*[:,]
        )
        | \b(?:in|from)\s+(?:this|an?)\s+(?:\w+\s+){0,3}(?:photo|photograph|picture|image|screengrab|video\s+grab)\b
        | \b(?:is|are|was)\s+(?:seen|pictured|shown)\s+(?:here|in\s+(?:this|an?|file)\b|above|below)
        | ^[^.!?]{0,120}\((?:left|right|centre|center|[lrc]|from\s+left|top|bottom)\)",
    )
});

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}
