//! Archives of ZIP, in which the formats of word processors (DOCX, ODT) keep the parts of a document.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::super::LARGEST;

/// The text of an entry of an archive. Its size in the archive's directory is not trusted.
///
/// # Errors
/// When there is no such entry, or it is damaged, or larger than an article may be.
pub fn unpacked(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, String> {
    let entry = archive.by_name(name).map_err(|error| format!("has no {name} that can be read: {error}"))?;
    let mut bytes = Vec::new();
    entry
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("its {name} is damaged: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!(
            "its {name} unpacks to more than {} MiB, the most one article may have",
            LARGEST >> 20
        ));
    }
    let (text, _, _) = encoding_rs::UTF_8.decode(&bytes);
    Ok(text.into_owned())
}

/// An archive of ZIP with these entries, names and texts, for the tests of those formats.
#[cfg(test)]
pub fn packed(entries: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;

    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
