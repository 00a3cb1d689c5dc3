//! The lake: folders of Parquet files, the newest last by name.
//!
//! Columns are optional and flat, pages are compressed with Snappy. A file appears under its name
//! only when it is whole.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Field as Cell;
use parquet::schema::types::{Type, TypePtr};

use crate::frame::Field;
use crate::value::{Kind, Value};

/// Writes a file of rows.
///
/// # Errors
///
/// If it cannot be written, or a value is not of its column's type.
pub fn write(path: &Path, fields: &[Field], rows: &[Vec<Value>]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension("tmp");
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("meridian-etl ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let file = File::create(&unfinished)?;
    let mut writer = SerializedFileWriter::new(file, schema(fields)?, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    let mut at = 0;
    while let Some(mut column) = group.next_column()? {
        let values: Vec<_> = rows.iter().map(|row| &row[at]).collect();
        write_column(column.untyped(), &values)?;
        column.close()?;
        at += 1;
    }
    group.close()?;
    writer.close()?;
    Ok(fs::rename(unfinished, path)?)
}

fn schema(fields: &[Field]) -> Result<TypePtr> {
    let column = |field: &Field| {
        let (physical, logical) = match field.kind {
            Kind::Int => (Physical::INT64, None),
            Kind::Real => (Physical::DOUBLE, None),
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let column = Type::primitive_type_builder(&field.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()?;
        Ok(Arc::new(column))
    };
    let columns = fields.iter().map(column).collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(columns).build()?))
}

fn write_column(writer: &mut ColumnWriter<'_>, values: &[&Value]) -> Result<()> {
    let levels: Vec<i16> = values.iter().map(|value| i16::from(!value.is_null())).collect();
    let filled = values.iter().filter(|value| !value.is_null());
    match writer {
        ColumnWriter::Int64ColumnWriter(writer) => {
            let numbers = filled.map(|value| match value {
                Value::Int(number) => Ok(*number),
                other => bail!("{other} is no whole number"),
            });
            writer.write_batch(&numbers.collect::<Result<Vec<_>>>()?, Some(&levels), None)?;
        }
        ColumnWriter::DoubleColumnWriter(writer) => {
            let numbers = filled
                .map(|value| value.as_real().with_context(|| format!("{value} is no number")));
            writer.write_batch(&numbers.collect::<Result<Vec<_>>>()?, Some(&levels), None)?;
        }
        ColumnWriter::ByteArrayColumnWriter(writer) => {
            let texts = filled.map(|value| ByteArray::from(value.to_string().into_bytes()));
            writer.write_batch(&texts.collect::<Vec<_>>(), Some(&levels), None)?;
        }
        _ => bail!("a column of a type that the demo does not write"),
    }
    Ok(())
}

/// Reads files one after the other. Columns are those of the newest file: what older ones lack
/// is null, what it dropped is left out.
///
/// # Errors
///
/// If there is no file, or one cannot be read.
pub fn read(paths: &[PathBuf]) -> Result<(Vec<Field>, Vec<Vec<Value>>)> {
    let newest = paths.last().context("there is no data yet")?;
    let fields = fields(newest)?;
    let mut rows = Vec::new();
    for path in paths {
        let reader = SerializedFileReader::new(File::open(path)?)?;
        for row in reader.get_row_iter(None)? {
            let mut cells = row?.into_columns();
            let row = fields.iter().map(|field| {
                let cell = cells.iter_mut().find(|(name, _)| *name == field.name);
                cell.map_or(Value::Null, |(_, cell)| value(std::mem::replace(cell, Cell::Null)))
            });
            rows.push(row.collect());
        }
    }
    Ok((fields, rows))
}

/// Columns of a file.
///
/// # Errors
///
/// If it cannot be read.
pub fn fields(path: &Path) -> Result<Vec<Field>> {
    let reader = SerializedFileReader::new(File::open(path)?)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let field = |column: &parquet::schema::types::ColumnDescriptor| Field {
        name: column.name().to_owned(),
        kind: match column.physical_type() {
            Physical::INT64 => Kind::Int,
            Physical::DOUBLE => Kind::Real,
            _ => Kind::Text,
        },
    };
    Ok(schema.columns().iter().map(|column| field(column)).collect())
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Long(number) => Value::Int(number),
        Cell::Double(number) => Value::Real(number),
        Cell::Str(text) => Value::Text(text),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row;

    fn field(name: &str, kind: Kind) -> Field {
        Field { name: name.to_owned(), kind }
    }

    #[test]
    fn what_is_written_is_read_and_new_columns_are_null_in_old_files() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("1.parquet"), folder.path().join("2.parquet"));
        let mut fields = vec![field("name", Kind::Text), field("age", Kind::Int)];
        write(&old, &fields, &[row!["Zoë", 41_i64], vec![Value::Null, Value::Null]]).unwrap();
        fields.push(field("score", Kind::Real));
        write(&new, &fields, &[row!["Ada", 36_i64, 0.5]]).unwrap();
        let (read_fields, rows) = read(&[old, new]).unwrap();
        assert_eq!(read_fields, fields);
        let zoe = vec![Value::from("Zoë"), Value::Int(41), Value::Null];
        assert_eq!(rows, vec![zoe, vec![Value::Null; 3], row!["Ada", 36_i64, 0.5]]);
    }
}
