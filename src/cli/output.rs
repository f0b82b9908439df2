//! What `--output` names: a file that is written under another name and moved to its place at the end. A run that fails, or
//! is interrupted, leaves the file that was there.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// A destination of results: standard output, or a file that is in its place after [`Output::finish`].
pub struct Output {
    writer: Box<dyn Write>,
    /// What messages call it.
    name: String,
    unfinished: Option<Unfinished>,
}

/// A file that is being written, and where it belongs. It is removed where the run ends before it is finished.
struct Unfinished {
    written: PathBuf,
    place: PathBuf,
}

impl Output {
    /// Standard output.
    pub fn stdout() -> Self {
        let writer = Box::new(BufWriter::new(io::stdout().lock()));
        Self { writer, name: "standard output".into(), unfinished: None }
    }

    /// The file `place`. What is no ordinary file, such as a pipe or `/dev/null`, is written to directly.
    ///
    /// # Errors
    /// When the file is one of the `inputs`, or cannot be created.
    pub fn file(place: &Path, inputs: &[String]) -> anyhow::Result<Self> {
        let known = fs::canonicalize(place).ok();
        if let Some(known) = &known
            && inputs.iter().any(|input| fs::canonicalize(input).is_ok_and(|input| input == *known))
        {
            bail!("--output {}: is an input, and would be overwritten; choose another name", place.display());
        }
        let name = format!("--output {}", place.display());
        let cannot = || format!("{name}: cannot be created");
        if place.is_dir() {
            bail!("{name}: is a folder; name a file in it");
        }
        // The parent of a bare name is the empty path, which stands for the folder that the program runs in.
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.exists()) {
            bail!("{name}: there is no folder {}; make it, or choose another name", folder.display());
        }
        if place.exists() && !place.is_file() {
            let file = File::options().write(true).open(place).with_context(cannot)?;
            return Ok(Self { writer: Box::new(BufWriter::new(file)), name, unfinished: None });
        }
        // A link stays a link to the file that is replaced.
        let place = known.unwrap_or_else(|| place.to_owned());
        let written = unfinished(&place);
        let file = File::create(&written).with_context(cannot)?;
        if let Ok(before) = fs::metadata(&place) {
            fs::set_permissions(&written, before.permissions()).with_context(cannot)?;
        }
        let unfinished = Some(Unfinished { written, place });
        Ok(Self { writer: Box::new(BufWriter::new(file)), name, unfinished })
    }

    /// The same, without the codes of styles and colours.
    pub fn without_styles(self) -> Self {
        Self { writer: Box::new(anstream::StripStream::new(self.writer)), ..self }
    }

    /// Writes what is left, and moves a file to its place. Where the run has no result (`is_empty`), the file that was there
    /// stays.
    ///
    /// # Errors
    /// When it cannot be written or moved.
    pub fn finish(mut self, is_empty: bool) -> anyhow::Result<()> {
        self.flush()?;
        if let Some(file) = self.unfinished.take().filter(|_| !is_empty) {
            fs::rename(&file.written, &file.place).map_err(|error| self.not_written(error))?;
        }
        Ok(())
    }

    /// The error with the name of the output, of the same kind: that a pipe was closed is no error for the user.
    fn not_written(&self, error: io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{}: cannot be written: {error}", self.name))
    }
}

/// The name under which a file is written.
pub fn unfinished(place: &Path) -> PathBuf {
    let mut name = place.to_owned().into_os_string();
    name.push(".unfinished");
    name.into()
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes).map_err(|error| self.not_written(error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().map_err(|error| self.not_written(error))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After a rename there is nothing to remove.
        let _ = fs::remove_file(&self.written);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn an_output_that_has_no_place_is_refused_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let error = |path: &Path| Output::file(path, &[]).err().unwrap().to_string();
        let missing = error(&folder.path().join("missing/report.json"));
        assert!(
            missing.contains("there is no folder ") && missing.ends_with("choose another name"),
            "{missing}"
        );
        assert!(error(folder.path()).ends_with("is a folder; name a file in it"));
        Output::file(&folder.path().join("report.json"), &[]).unwrap();
    }

    #[test]
    fn an_error_names_the_output_and_keeps_its_kind() {
        let mut out = Output::file(Path::new("/dev/full"), &[]).unwrap();
        out.write_all(b"a report").unwrap();
        assert_eq!(out.flush().unwrap_err().kind(), io::ErrorKind::StorageFull);
        let error = out.finish(false).unwrap_err().to_string();
        assert!(error.starts_with("--output /dev/full: cannot be written: "), "{error}");
    }
}
