//! Schema drift: what changed from one schema to the next.

use std::collections::BTreeMap;

use serde::Serialize;

use super::shown::ColumnView;

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SchemaChange {
    /// A column is new.
    Added {
        /// Its name.
        column: String,
        /// Its type.
        data_type: Option<String>,
    },
    /// A column is gone.
    Removed {
        /// Its name.
        column: String,
        /// The type it had.
        data_type: Option<String>,
    },
    /// A column has another type.
    Retyped {
        /// Its name.
        column: String,
        /// The type it had.
        from: Option<String>,
        /// The type it has.
        to: Option<String>,
    },
    /// A column is described in other words.
    Redescribed {
        /// Its name.
        column: String,
    },
}

impl SchemaChange {
    /// Returns the column that it is about.
    #[must_use]
    pub fn column(&self) -> &str {
        match self {
            Self::Added { column, .. }
            | Self::Removed { column, .. }
            | Self::Retyped { column, .. }
            | Self::Redescribed { column, .. } => column,
        }
    }
}

/// Lists the differences, by column name. Order of columns is no difference.
#[must_use]
pub fn compare_schemas(before: &[ColumnView], after: &[ColumnView]) -> Vec<SchemaChange> {
    let by_name = |columns: &[ColumnView]| -> BTreeMap<String, ColumnView> {
        columns.iter().map(|column| (column.name.clone(), column.clone())).collect()
    };
    let (old, new) = (by_name(before), by_name(after));
    let mut changes = Vec::new();
    for (column, was) in &old {
        let column = column.clone();
        match new.get(&column) {
            None => {
                changes.push(SchemaChange::Removed { column, data_type: was.data_type.clone() });
            }
            Some(is) if is.data_type != was.data_type => changes.push(SchemaChange::Retyped {
                column,
                from: was.data_type.clone(),
                to: is.data_type.clone(),
            }),
            Some(is) if is.description != was.description => {
                changes.push(SchemaChange::Redescribed { column });
            }
            Some(_) => {}
        }
    }
    for (column, is) in new {
        if !old.contains_key(&column) {
            changes.push(SchemaChange::Added { column, data_type: is.data_type });
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, data_type: &str) -> ColumnView {
        ColumnView { name: name.into(), data_type: Some(data_type.into()), ..ColumnView::default() }
    }

    #[test]
    fn order_is_no_change_and_types_are() {
        let before = [column("a", "int"), column("b", "text"), column("c", "text")];
        let after = [column("c", "date"), column("d", "int"), column("a", "int")];
        let changes = compare_schemas(&before, &after);
        let names: Vec<String> = changes
            .iter()
            .map(|c| serde_json::to_value(c).unwrap()["change"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(names, ["removed", "retyped", "added"]);
        assert!(compare_schemas(&before, &before).is_empty());
    }
}
