//! Parquet with nested columns, put together at the end.
//!
//! A Parquet file cannot be added to, so a run collects packed lines beside it and makes the table of them when
//! there is all of it: under another name first, so that a table that is there is whole. The columns follow from
//! the JSON Schema of [`Analysis`](crate::Analysis), so that a new finding gets its column by itself.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use arrow_json::ReaderBuilder;
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::Value;

use super::{Lines, Output, sync_folder};
use crate::analysis::json_schema;
use crate::batch::findings::Finding;
use crate::batch::refused::{Refused, Remedy};

pub struct Table {
    pub part: Lines,
    /// Path of the part.
    pub packed: PathBuf,
    pub assembly: PathBuf,
    pub path: PathBuf,
}

/// Bytes and rows of JSON that become columns at a time, and bytes of columns that make a row group.
const AT_A_TIME: usize = 1 << 20;
const ROWS: usize = 1024;
const ROW_GROUP: usize = 64 << 20;

impl Output for Table {
    fn append(&mut self, findings: &[Finding]) -> io::Result<u64> {
        self.part.append(findings)
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        self.part.finish()?;
        let made = assemble(&self.packed, &self.assembly);
        made.with_context(|| {
            format!(
                "{}: cannot be put together; free space, then run the same command again",
                self.path.display()
            )
        })?;
        fs::rename(&self.assembly, &self.path)?;
        sync_folder(self.path.parent().unwrap_or(Path::new(".")))?;
        Ok(())
    }
}

fn assemble(packed: &Path, table: &Path) -> anyhow::Result<()> {
    let schema = Arc::new(schema(&json_schema())?);
    let mut lines = BufReader::new(zstd::Decoder::new(File::open(packed)?)?);
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
            let reason = format!("{}: a line of it is damaged", packed.display());
            return Err(Refused::new(reason, Remedy::Restart).into());
        }
        waiting += read;
        if read == 0 || waiting >= AT_A_TIME || decoder.len() >= ROWS {
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

/// The columns of a JSON Schema's object, each of which may be null.
fn schema(root: &Value) -> anyhow::Result<Schema> {
    match kind(root, root)? {
        DataType::Struct(fields) => Ok(Schema::new(fields)),
        other => bail!("a result is no object but {other}"),
    }
}

fn kind(node: &Value, root: &Value) -> anyhow::Result<DataType> {
    if let Some(name) = node["$ref"].as_str() {
        let target = name.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        return kind(target.ok_or_else(|| anyhow!("the schema has no {name}"))?, root);
    }
    // Either a value or null, or one of several words.
    for choice in ["anyOf", "oneOf"] {
        if let Some(choices) = node[choice].as_array() {
            let value = choices.iter().find(|choice| choice["type"] != "null");
            return kind(value.ok_or_else(|| anyhow!("the schema has an empty choice"))?, root);
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
        Some("array") => DataType::List(Arc::new(Field::new("element", kind(&node["items"], root)?, true))),
        Some("object") => DataType::Struct(fields(node, root)?),
        _ => bail!("the schema has a part of no known type: {node}"),
    })
}

/// The fields that are always there, in their order, then the others.
fn fields(node: &Value, root: &Value) -> anyhow::Result<Fields> {
    let properties = node["properties"].as_object().ok_or_else(|| anyhow!("an object without fields"))?;
    let required: Vec<&str> =
        node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let others = properties.keys().map(String::as_str).filter(|name| !required.contains(name));
    let names = required.iter().copied().chain(others);
    names.map(|name| Ok(Field::new(name, kind(&properties[name], root)?, true))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_has_its_column() {
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
