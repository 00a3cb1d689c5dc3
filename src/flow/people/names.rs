//! How people, groups and accounts may be called, how rows number their kinds, and whether
//! one is still what it was.

use uuid::Uuid;

use super::super::error::FlowError;
use crate::db::{PrincipalRow, Tx};

/// A person's row.
pub(in crate::flow) const USER: i16 = 0;
/// A service account's row.
pub(in crate::flow) const SERVICE: i16 = 1;
/// A group's row.
pub(in crate::flow) const GROUP: i16 = 2;

/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 200;
/// Longest text that describes somebody, in bytes.
const TEXT_BYTES_MAX: usize = 1_000;

/// Checks the name of somebody or something that is made.
pub(super) fn check_name(name: &str) -> Result<(), FlowError> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '/';
    if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains(odd) {
        let message = format!("must be 1 to {NAME_BYTES_MAX} bytes without spaces or slashes");
        return Err(FlowError::bad("name", message));
    }
    if Uuid::try_parse(name).is_ok() {
        return Err(FlowError::bad("name", "must not look like an id"));
    }
    Ok(())
}

/// Checks a text for people.
pub(super) fn check_text(field: &str, text: Option<&str>) -> Result<(), FlowError> {
    if text.is_some_and(|text| text.len() > TEXT_BYTES_MAX || text.contains('\0')) {
        let message = format!("must be at most {TEXT_BYTES_MAX} bytes without NUL");
        return Err(FlowError::bad(field, message));
    }
    Ok(())
}

/// Demands that a row is still what it was when it was decided about.
pub(super) async fn unchanged(
    tx: &mut Tx,
    kind: i16,
    name: &str,
    seen: Option<&PrincipalRow>,
) -> Result<(), FlowError> {
    if tx.principal_named(kind, name).await?.as_ref() == seen {
        return Ok(());
    }
    Err(FlowError::Conflict("somebody else has just changed this; look again".to_owned()))
}
