//! Reads Parquet files: one article for each row. Rows are read one at a time, and only the wanted columns.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::Ordering;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::{can_cast_types, cast};
use arrow_schema::{DataType, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;

use super::{Articles, InputError, InputOptions, LARGEST, failed, fields, listed};
use crate::Article;
use crate::panics::caught;

/// Rows in memory at a time. One is enough: the model takes a thousand times longer than reading a row, and a row may have
/// six cells as large as an article.
const ROWS: usize = 1;

/// The articles of a file. Those without an id get `<stem>:<row>`, counted from 1.
pub fn parquet(path: &Path, place: &str, stem: &str, options: &InputOptions) -> Articles {
    match File::open(path) {
        Ok(file) => rows(file, place, stem, options),
        Err(error) => failed(InputError::new(place, format!("cannot be opened: {error}"))),
    }
}

/// The articles of an open file, or of bytes in memory.
pub(crate) fn rows(
    file: impl ChunkReader + 'static,
    place: &str,
    stem: &str,
    options: &InputOptions,
) -> Articles {
    open(file, place, stem, options).unwrap_or_else(|reason| failed(InputError::new(place, reason)))
}

fn open(
    file: impl ChunkReader + 'static,
    place: &str,
    stem: &str,
    options: &InputOptions,
) -> Result<Articles, String> {
    let size = file.len();
    let builder = attempt(|| ParquetRecordBatchReaderBuilder::try_new(file))
        .map_err(|error| format!("is not a Parquet file that can be read: {error}"))?;
    let rows = builder.metadata().file_metadata().num_rows().max(1) as u64;
    let schema = builder.schema().clone();
    check_text_column(&schema, options)?;
    let wanted: Vec<usize> = options.fields.names().iter().filter_map(|n| schema.index_of(n).ok()).collect();
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
    let mut reader = attempt(|| builder.with_projection(mask).with_batch_size(ROWS).build())
        .map_err(|error| format!("cannot be read: {error}"))?;

    let (place, stem, options) = (place.to_owned(), stem.to_owned(), options.clone());
    let (mut done, mut broken) = (0u64, false);
    let batches = std::iter::from_fn(move || {
        if broken {
            return None;
        }
        let first = done + 1;
        let batch = attempt(|| match reader.next() {
            Some(Ok(batch)) => texts(&batch, &options).map(|columns| Some((columns, batch.num_rows()))),
            Some(Err(error)) => Err(error.to_string()),
            None => Ok(None),
        });
        let batch = batch.transpose()?;
        done += batch.as_ref().map_or(0, |(_, count)| *count as u64);
        // Columns are not read in the order of the file, so each row counts as an equal share of its bytes.
        let until = |row: u64| (u128::from(size) * u128::from(row) / u128::from(rows)) as u64;
        if let Some(taken) = &options.taken {
            taken.fetch_add(until(done) - until(first - 1), Ordering::Relaxed);
        }
        Some(match batch {
            Ok((columns, count)) => (0..count)
                .map(|row| {
                    let at = first + row as u64;
                    article(&columns, row, &format!("{stem}:{at}"), &options).map_err(|reason| InputError {
                        id: columns.get(&options.fields.id, row),
                        ..InputError::new(format!("{place}, row {at}"), reason)
                    })
                })
                .collect(),
            Err(reason) => {
                broken = true;
                let at = format!("{place}, from row {first}");
                vec![Err(InputError::at_end(at, format!("cannot be read: {reason}; the rest was not read")))]
            }
        })
    });
    Ok(Box::new(batches.flatten()))
}

/// Checks that there is a column with the text of articles.
fn check_text_column(schema: &Schema, options: &InputOptions) -> Result<(), String> {
    let text = &options.fields.text;
    let Some(column) = options.fields.texts().iter().find_map(|name| schema.field_with_name(name).ok())
    else {
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let names = listed(&names);
        return Err(format!("has no column '{text}' (columns: {names}); name it with `text_field`"));
    };
    match is_plain(column.data_type()) {
        true => Ok(()),
        false => Err(format!("has no text in its column '{text}', which is of type {}", column.data_type())),
    }
}

/// The result of a call of the library, with a panic as an error: the library may panic on damaged files.
fn attempt<T, E: ToString>(read: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match caught(read) {
        Ok(found) => found.map_err(|error| error.to_string()),
        Err(panic) => Err(format!("it is damaged: {panic}")),
    }
}

/// Columns as text, by name.
struct TextColumns(Vec<(String, ArrayRef)>);

impl TextColumns {
    fn get(&self, name: &str, row: usize) -> Option<String> {
        let (_, column) = self.0.iter().find(|(column, _)| column == name)?;
        let column = column.as_string::<i64>();
        column.is_valid(row).then(|| column.value(row).to_owned())
    }
}

fn texts(batch: &RecordBatch, options: &InputOptions) -> Result<TextColumns, String> {
    let mut columns = Vec::new();
    for name in options.fields.names() {
        let Some(column) = batch.column_by_name(name).filter(|column| is_plain(column.data_type())) else {
            continue;
        };
        let text = cast(column, &DataType::LargeUtf8).map_err(|error| error.to_string())?;
        columns.push((name.to_owned(), text));
    }
    Ok(TextColumns(columns))
}

/// Whether a cell of this type is one value that can be written as text.
fn is_plain(kind: &DataType) -> bool {
    !kind.is_nested() && can_cast_types(kind, &DataType::LargeUtf8)
}

fn article(
    columns: &TextColumns,
    row: usize,
    fallback_id: &str,
    options: &InputOptions,
) -> Result<Article, String> {
    let wanted = options.fields.texts();
    let text = wanted.iter().find_map(|name| columns.get(name, row));
    let text = text.ok_or_else(|| format!("has no text in the column '{}'", wanted[0]))?;
    if text.len() as u64 > LARGEST {
        return Err(format!("is larger than {} MiB, the most one article may have", LARGEST >> 20));
    }
    fields::article(&text, fallback_id, options, |name| columns.get(name, row))
}

#[cfg(test)]
mod tests {
    use super::super::{Fields, articles};
    use super::*;
    use arrow_array::{Int64Array, StringArray};
    use parquet::arrow::ArrowWriter;
    use std::sync::Arc;

    #[test]
    fn rows_become_articles_and_bad_ones_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("news.parquet");
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![Some(7), None, Some(9)]));
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("One."), Some("Two."), None]));
        let batch = RecordBatch::try_from_iter([("id", ids), ("words", texts)]).unwrap();
        let mut writer = ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();

        let fields = Fields { text: "words".into(), ..Fields::default() };
        let options = InputOptions { fields, ..InputOptions::default() };
        let inputs = [path.to_str().unwrap().to_owned()];
        let found: Vec<_> = articles(&inputs, options).collect();
        assert_eq!(found[0].as_ref().unwrap().id, "7");
        assert_eq!(found[1].as_ref().unwrap().id, "news:2");
        let error = found[2].as_ref().unwrap_err();
        assert_eq!(error.id.as_deref(), Some("9"));
        assert!(error.to_string().ends_with("row 3: has no text in the column 'words'"), "{error}");
        let error = articles(&inputs, InputOptions::default()).next().unwrap().unwrap_err().to_string();
        assert!(
            error.contains("no column 'text' (columns: id, words); name it with `text_field`"),
            "{error}"
        );

        std::fs::write(&path, b"PAR1 nonsense PAR1").unwrap();
        let error = articles(&inputs, InputOptions::default()).next().unwrap().unwrap_err();
        assert!(error.reason.starts_with("is not a Parquet file"), "{error}");
    }
}
