//! Reads the text of PDF with `hayro`, a library that interprets pages as a viewer does, and tells which character is where.
//!
//! PDF has no words, lines or paragraphs, only characters at positions; [`layout`] makes paragraphs of them. A page that is
//! a picture has no characters.

mod guard;
mod layout;

use std::panic::panic_any;
use std::time::{Duration, Instant};

use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, RenderContent, SoftMask, TransformExt, interpret_page,
};

use self::layout::Character;
use super::super::InputOptions;
use super::{Documents, lines, split};
use crate::article::Article;
use crate::panics::caught;

/// Most pages of a file: a newspaper has a hundred, a book a thousand.
const MOST_PAGES: usize = 2_000;
/// Most characters of a file.
const MOST_CHARACTERS: usize = 10_000_000;
/// Most time for a file. A page takes some milliseconds.
const LONGEST: Duration = Duration::from_secs(60);

/// Whether content begins as a PDF.
pub fn recognise(start: &[u8]) -> bool {
    // Some files have other bytes before the mark of the format.
    start[..start.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}

/// The article of a file, with `stem` as its id; or those of a download of a news database.
///
/// # Errors
/// When it needs a password, is damaged, has no text (as scanned pages), or exceeds a limit.
pub fn read(bytes: &[u8], stem: &str, _: &InputOptions) -> Result<Documents, String> {
    let article = article(bytes, stem)?;
    let lines = article.text.replace("\n\n", "\n");
    Ok(split(article, &lines, stem))
}

fn article(bytes: &[u8], stem: &str) -> Result<Article, String> {
    guard::check(bytes)?;
    let mut over = None;
    let article = caught(|| pages(bytes, stem, &mut over));
    match (over, article) {
        (Some(limit), _) => Err(limit),
        (None, Ok(article)) => article,
        (None, Err(panic)) => Err(format!("reading the PDF broke off: {panic}")),
    }
}

fn pages(bytes: &[u8], stem: &str, over: &mut Option<String>) -> Result<Article, String> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            "is encrypted with a password; save it without one".to_owned()
        }
        LoadPdfError::Decryption(_) => {
            "is encrypted in a way that cannot be read; save it without a password".to_owned()
        }
        LoadPdfError::Invalid => "is no PDF that can be read: it is damaged".to_owned(),
    })?;
    let count = pdf.pages().len();
    if count > MOST_PAGES {
        return Err(format!("has {count} pages, and at most {MOST_PAGES} are read"));
    }
    let cache = InterpreterCache::new();
    let settings =
        InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
    let mut characters = Characters { found: Vec::new(), total: 0, began: Instant::now(), over };
    let mut pages = Vec::new();
    for page in pdf.pages().iter() {
        guard::check_page(page.raw())?;
        let upright = page.initial_transform(true).to_kurbo();
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut context = Context::new(upright, bounds, &cache, pdf.xref(), settings.clone());
        interpret_page(page, &mut context, &mut characters);
        pages.push(layout::lines(std::mem::take(&mut characters.found)));
    }
    let paragraphs = layout::paragraphs(pages);
    if paragraphs.is_empty() {
        return Err(format!(
            "has no text on its {count} pages: they may be scanned, and pictures are not read"
        ));
    }
    let mut article = Article::new(stem, paragraphs.join("\n\n"));
    article.title = pdf.metadata().title.as_deref().and_then(title);
    Ok(article)
}

/// The title in the metadata; `None` where a program put a file name or its own name there.
fn title(bytes: &[u8]) -> Option<String> {
    let (encoding, mark) = encoding_rs::Encoding::for_bom(bytes).unwrap_or((encoding_rs::WINDOWS_1252, 0));
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    let title = lines::collapsed(&text.replace(char::is_control, " "));
    let small = title.to_lowercase();
    let is_file =
        [".doc", ".docx", ".indd", ".qxd", ".qxp", ".pdf", ".rtf", ".txt", ".odt", ".tex", ".dvi", ".html"]
            .iter()
            .any(|ending| small.ends_with(ending));
    let is_made_up = is_file || small.starts_with("microsoft word") || small.starts_with("untitled");
    (!title.is_empty() && !is_made_up).then_some(title)
}

/// Collects the characters of a page, and ignores everything else that is drawn.
struct Characters<'o> {
    found: Vec<Character>,
    total: usize,
    began: Instant,
    over: &'o mut Option<String>,
}

impl Characters<'_> {
    /// Panics where a limit is exceeded: parts of a page may draw each other without end, and the library has no other way
    /// to stop.
    fn check_limits(&mut self) {
        let limit = if self.began.elapsed() > LONGEST {
            format!("takes more than {} seconds, the most a PDF may take", LONGEST.as_secs())
        } else if self.total > MOST_CHARACTERS {
            format!("has more than {MOST_CHARACTERS} characters, the most a PDF may have")
        } else {
            return;
        };
        *self.over = Some(limit);
        panic_any("a limit");
    }
}

impl<'a> Device<'a> for Characters<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.total += run.glyphs().len();
        self.check_limits();
        for glyph in run.glyphs() {
            let text = match glyph.as_unicode() {
                Some(BfString::Char(character)) => character.to_string(),
                Some(BfString::String(text)) => text,
                None => continue,
            };
            let advance = match &**glyph {
                hayro_interpret::font::Glyph::Outline(glyph) => glyph.advance_width(),
                hayro_interpret::font::Glyph::Type3(glyph) => glyph.advance_width(),
            };
            let place = props.transform * glyph.transform();
            let at = |x: f64, y: f64| place * Point::new(x, y);
            // The coordinates of a glyph have a thousand units for the size of the font.
            let (from, to, up) =
                (at(0.0, 0.0), at(f64::from(advance.unwrap_or(500.0)), 0.0), at(0.0, 1000.0));
            if [from, to, up].iter().all(|point| point.x.is_finite() && point.y.is_finite()) {
                self.found.push(Character { text, from, to, size: (up - from).hypot() });
            }
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.check_limits();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.check_limits();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.check_limits();
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.check_limits();
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
