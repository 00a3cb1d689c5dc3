//! What people name in edits: names within the bounds of events' names, tags as they are known.
//!
//! It looks at nothing that is there: whether somebody may name it is decided elsewhere.

use super::error::FlowError;
use crate::base::limits::NAME_BYTES_MAX;
use crate::base::tag::{CLASS, written_tag};
use crate::catalog::{DatasetPut, Edit, FieldPut};

/// Returns the name of a tag as it is known, whoever wrote it.
///
/// # Errors
///
/// [`FlowError::BadInput`] about `field` if it is blank, too long, holds NUL, or begins to name a
/// class and does not: then nothing would be masked and everybody would believe that it is.
pub fn tag_name(field: &str, text: &str) -> Result<String, FlowError> {
    let tag = not_blank(field, written_tag(text))?;
    check_name(field, &tag)?;
    if tag == CLASS {
        let why = "must name a class after `class:`, as `class:user.contact.email` does";
        return Err(FlowError::bad(field, why));
    }
    Ok(tag)
}

fn not_blank(field: &str, tag: String) -> Result<String, FlowError> {
    if tag.is_empty() { Err(FlowError::bad(field, "must not be blank")) } else { Ok(tag) }
}

/// Checks a name as events' names are checked: not empty, not endless, no NUL.
pub(super) fn check_name(field: &str, name: &str) -> Result<(), FlowError> {
    if name.is_empty() {
        return Err(FlowError::bad(field, "must not be empty"));
    }
    if name.len() > NAME_BYTES_MAX {
        return Err(FlowError::bad(field, format!("must be at most {NAME_BYTES_MAX} bytes long")));
    }
    if name.contains('\0') {
        return Err(FlowError::bad(field, "must not contain the character NUL"));
    }
    Ok(())
}

/// Brings the tags that an edit names to how they are known.
pub(super) fn spell(edit: &mut Edit) -> Result<(), FlowError> {
    match edit {
        Edit::PutTag { name, .. } => *name = tag_name("name", name)?,
        Edit::Tag { tag, on: true, .. } => *tag = tag_name("tag", tag)?,
        // Whatever was put on once may be taken off.
        Edit::Tag { tag, .. } => *tag = not_blank("tag", written_tag(tag))?,
        Edit::PutDatasets { datasets } => {
            for (index, put) in datasets.iter_mut().enumerate() {
                spell_put(index, put)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn spell_put(index: usize, put: &mut DatasetPut) -> Result<(), FlowError> {
    let at = format!("/datasets/{index}");
    spell_all(&format!("{at}/tags"), &mut put.tags)?;
    spell_fields(&format!("{at}/fields"), put.fields.as_deref_mut().unwrap_or_default())
}

fn spell_fields(at: &str, fields: &mut [FieldPut]) -> Result<(), FlowError> {
    for (index, field) in fields.iter_mut().enumerate() {
        let at = format!("{at}/{index}");
        spell_all(&format!("{at}/tags"), &mut field.tags)?;
        spell_fields(&format!("{at}/fields"), &mut field.fields)?;
    }
    Ok(())
}

fn spell_all(at: &str, tags: &mut [String]) -> Result<(), FlowError> {
    for (index, tag) in tags.iter_mut().enumerate() {
        *tag = tag_name(&format!("{at}/{index}"), tag)?;
    }
    Ok(())
}
