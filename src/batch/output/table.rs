//! An output that is a Parquet file with nested columns.
//!
//! Nothing can be appended to a Parquet file. So a run collects compressed lines in a file beside it, and makes the
//! Parquet file from them at the end: under another name first, so that a file with the right name is complete. The
//! columns follow from the JSON Schema of [`Analysis`](crate::Analysis), so that a new field gets a column by itself.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_json::ReaderBuilder;
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::Value;

use super::{LinesFile, Output, sync_folder};
use crate::analysis::json_schema;
use crate::batch::error::BatchError;
use crate::batch::findings::Finding;

/// A Parquet file, and the lines that it is made from.
pub struct ParquetTable {
    /// The lines that are collected.
    pub part: LinesFile,
    /// Path of these lines.
    pub part_path: PathBuf,
    /// Path of the Parquet file while it is made.
    pub assembly: PathBuf,
    /// Path of the Parquet file.
    pub path: PathBuf,
}

/// Bytes of JSON that become columns at a time.
const JSON_BYTES: usize = 1 << 20;
/// Rows that become columns at a time.
const ROWS: usize = 1024;
/// Bytes of columns in a row group.
const ROW_GROUP: usize = 64 << 20;

/// An error of the file system, or of one of the libraries that make a Parquet file.
type AnyError = Box<dyn Error + Send + Sync>;

impl Output for ParquetTable {
    fn append(&mut self, findings: &[Finding]) -> io::Result<u64> {
        self.part.append(findings)
    }

    fn finish(&mut self) -> Result<(), BatchError> {
        self.part.finish()?;
        assemble(&self.part_path, &self.assembly)
            .map_err(|source| BatchError::Table { path: self.path.clone(), source })?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::rename(&self.assembly, &self.path).and_then(|()| sync_folder(folder)).map_err(BatchError::Disk)
    }
}

/// Makes the Parquet file `table` from the lines in `part`.
fn assemble(part: &Path, table: &Path) -> Result<(), AnyError> {
    let schema = Arc::new(schema(&json_schema())?);
    let mut lines = BufReader::new(zstd::Decoder::new(File::open(part)?)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("wirelens {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut writer = ArrowWriter::try_new(File::create(table)?, schema.clone(), Some(properties))?;
    let mut decoder = ReaderBuilder::new(schema).with_batch_size(ROWS + 1).build_decoder()?;
    let (mut line, mut waiting) = (Vec::new(), 0);
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line)?;
        if read > 0 && decoder.decode(&line)? != read {
            return Err(BatchError::DamagedLine { path: part.to_owned() }.into());
        }
        waiting += read;
        if read == 0 || waiting >= JSON_BYTES || decoder.len() >= ROWS {
            waiting = 0;
            if let Some(columns) = decoder.flush()? {
                writer.write(&columns)?;
            }
            if writer.in_progress_size() >= ROW_GROUP {
                writer.flush()?;
            }
        }
        if read == 0 {
            break;
        }
    }
    writer.into_inner()?.sync_all()?;
    Ok(())
}

/// The columns for a JSON Schema of an object. Each may be null.
fn schema(root: &Value) -> Result<Schema, AnyError> {
    match data_type(root, root)? {
        DataType::Struct(fields) => Ok(Schema::new(fields)),
        other => Err(format!("a result is no object but {other}").into()),
    }
}

/// The column type for a part of a JSON Schema; `root` is all of the schema.
fn data_type(node: &Value, root: &Value) -> Result<DataType, AnyError> {
    if let Some(name) = node["$ref"].as_str() {
        let target = name.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return data_type(target.ok_or_else(|| format!("the schema has no {name}"))?, root);
    }
    // Either a value or null, or one of several strings.
    for choice in ["anyOf", "oneOf"] {
        if let Some(choices) = node[choice].as_array() {
            let value = choices.iter().find(|choice| choice["type"] != "null");
            return data_type(value.ok_or("the schema has an empty choice")?, root);
        }
    }
    let named = match &node["type"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        name => name.as_str(),
    };
    Ok(match named {
        Some("string") => DataType::Utf8,
        Some("integer") => DataType::Int64,
        Some("number") => DataType::Float64,
        Some("boolean") => DataType::Boolean,
        Some("array") => {
            DataType::List(Arc::new(Field::new("element", data_type(&node["items"], root)?, true)))
        }
        Some("object") => DataType::Struct(fields(node, root)?),
        _ => return Err(format!("the schema has a part of no known type: {node}").into()),
    })
}

/// The columns of an object: first the fields that it always has, in their order, then the others.
fn fields(node: &Value, root: &Value) -> Result<Fields, AnyError> {
    let properties = node["properties"].as_object().ok_or("an object without fields")?;
    let required: Vec<&str> =
        node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let others = properties.keys().map(String::as_str).filter(|name| !required.contains(name));
    let names = required.iter().copied().chain(others);
    names.map(|name| Ok(Field::new(name, data_type(&properties[name], root)?, true))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_result_has_its_column() {
        let schema = schema(&json_schema()).unwrap();
        let DataType::List(mentions) = schema.field_with_name("entities").unwrap().data_type() else {
            panic!("entities are a list");
        };
        assert_eq!(mentions.name(), "element");
        assert!(mentions.data_type().to_string().contains("\"start\": Int64"), "{mentions}");
        assert_eq!(schema.field(0).name(), "schema_version");
        assert_eq!(schema.field_with_name("text").unwrap().data_type(), &DataType::Utf8);
    }
}
