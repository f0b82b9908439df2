//! Pages: one HTML file each that needs nothing else and asks nothing of anybody.
//!
//! Characters that would steer a terminal or turn the direction of text are left out. The templates escape everything that they are given but plots, which they mark as safe. A policy in each page forbids
//! requests, and every script but the page's own, which is told by its SHA-256.

mod open;

use std::io::{self, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minijinja::Environment;
use minijinja::value::Serde;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::shown;

pub use open::OpenArticle;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// Templates by name; the ending turns on the escaping of HTML.
const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("base.html")),
    ("macros.html", include_str!("macros.html")),
    ("analyses.html", include_str!("analyses.html")),
    ("comparison.html", include_str!("comparison.html")),
    ("evaluation.html", include_str!("evaluation.html")),
];

/// Writes a page from one of the templates and what it shows.
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
    out.write_all(shown(&page).as_bytes())
}
