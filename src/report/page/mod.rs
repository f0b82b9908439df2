//! HTML pages: each is one file that loads no other file and sends no request.
//!
//! The templates escape all text except plots and the page's own style and script. Control characters and marks that
//! reverse the direction of text are removed. The content security policy of each page forbids requests and all scripts
//! except its own, which it names by its SHA-256.

mod marked_article;

use std::io::{self, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minijinja::Environment;
use minijinja::value::Serde;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::without_control_characters;

pub use marked_article::MarkedArticle;

/// The style sheet of all pages.
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// Templates by name. The ending `.html` turns on escaping in minijinja.
const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("base.html")),
    ("macros.html", include_str!("macros.html")),
    ("analyses.html", include_str!("analyses.html")),
    ("comparison.html", include_str!("comparison.html")),
    ("evaluation.html", include_str!("evaluation.html")),
];

/// Writes a page: `template` is the name of a template, and `content` an object with its variables.
///
/// # Errors
/// When the page cannot be written, or the template needs a variable that is not there.
pub fn write_page(out: &mut dyn Write, template: &str, content: Value) -> io::Result<()> {
    let mut environment = Environment::new();
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).map_err(io::Error::other)?;
    }
    let hash = BASE64_STANDARD.encode(Sha256::digest(SCRIPT));
    let mut content = content;
    content["page"] = json!({
        "style": STYLE,
        "script": SCRIPT,
        "policy": format!("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"),
    });
    let template = environment.get_template(template).map_err(io::Error::other)?;
    let page = template.render(Serde(content)).map_err(io::Error::other)?;
    out.write_all(without_control_characters(&page).as_bytes())
}
