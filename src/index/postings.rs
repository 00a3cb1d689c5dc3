//! Reads posting lists and term dictionaries of one segment, in bounded work.

use std::sync::Arc;

use tantivy::SegmentReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption, Term};
use uuid::Uuid;

use super::bits::Bits;
use super::encode::id_term;
use super::error::IndexError;
use crate::base::NodeKind;

/// Terms of one segment and field that a prefix or typo may stand for; beyond it the
/// search says that it left some out.
pub const TERMS_MAX: usize = 20_000;

/// Calls `visit` with every document of a term, smallest first, deleted ones included.
///
/// # Errors
///
/// [`IndexError`] if the segment cannot be read.
#[inline]
pub fn each(
    index: &InvertedIndexReader,
    info: &TermInfo,
    mut visit: impl FnMut(u32),
) -> Result<(), IndexError> {
    let mut block = index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    while !block.docs().is_empty() {
        block.docs().iter().for_each(|doc| visit(*doc));
        block.advance();
    }
    Ok(())
}

/// Adds every document of the named term to `docs`.
///
/// # Errors
///
/// [`IndexError`] if the segment cannot be read.
pub fn add_term(
    segment: &SegmentReader,
    field: Field,
    term: &str,
    docs: &mut Bits,
) -> Result<(), IndexError> {
    let index = segment.inverted_index(field)?;
    match index.get_term_info(&Term::from_field_text(field, term))? {
        Some(info) => each(&index, &info, |doc| {
            docs.insert(doc);
        }),
        None => Ok(()),
    }
}

/// Adds the documents of an id, of whichever kind.
pub fn add_id(
    segment: &SegmentReader,
    field: Field,
    id: Uuid,
    docs: &mut Bits,
) -> Result<(), IndexError> {
    let index = segment.inverted_index(field)?;
    for kind in [NodeKind::Dataset, NodeKind::Job] {
        let term = Term::from_field_bytes(field, &id_term(kind, id));
        if let Some(info) = index.get_term_info(&term)? {
            each(&index, &info, |doc| {
                docs.insert(doc);
            })?;
        }
    }
    Ok(())
}

/// Terms of one segment, and whether these are all.
#[derive(Debug, Default, Clone)]
pub struct Terms {
    /// Where their documents are.
    pub infos: Vec<TermInfo>,
    /// Whether more than [`TERMS_MAX`] were found and the rest was left out.
    pub cut: bool,
}

/// Finds the terms that begin with `prefix`, but for those named in `except`.
///
/// # Errors
///
/// [`IndexError`] if the segment cannot be read.
pub fn beginning_with(
    index: &InvertedIndexReader,
    prefix: &str,
    except: &[String],
) -> Result<Terms, IndexError> {
    let range = index.terms().range().ge(prefix);
    let mut stream = match after(prefix) {
        Some(end) => range.lt(end).into_stream()?,
        None => range.into_stream()?,
    };
    let mut found = Terms::default();
    while stream.advance() {
        if found.infos.len() == TERMS_MAX {
            found.cut = true;
            break;
        }
        if except.iter().all(|except| except.as_bytes() != stream.key()) {
            found.infos.push(stream.value().clone());
        }
    }
    Ok(found)
}

/// Returns the first text after all that begin with `prefix`; `None` if there is none.
#[must_use]
pub fn after(prefix: &str) -> Option<Vec<u8>> {
    let mut end = prefix.as_bytes().to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

/// Finds, in each of the dictionaries, the terms that differ from `token` by at most
/// `distance` letters, of which one swapped pair counts as one; of longer terms the
/// beginning if `prefix`.
///
/// # Errors
///
/// [`IndexError`] if the segment cannot be read.
pub fn similar_to(
    indexes: &[Arc<InvertedIndexReader>],
    token: &str,
    distance: u8,
    prefix: bool,
) -> Result<Vec<Terms>, IndexError> {
    // The automaton does not look at the term's field.
    let term = Term::from_field_text(Field::from_field_id(0), token);
    let query = if prefix {
        FuzzyTermQuery::new_prefix(term, distance, true)
    } else {
        FuzzyTermQuery::new(term, distance, true)
    };
    let automaton = query.automaton()?;
    let mut all = Vec::new();
    for index in indexes {
        let mut stream = index.terms().search(&automaton).into_stream()?;
        let mut found = Terms::default();
        while stream.advance() {
            if found.infos.len() == TERMS_MAX {
                found.cut = true;
                break;
            }
            found.infos.push(stream.value().clone());
        }
        all.push(found);
    }
    Ok(all)
}

/// Returns how many documents the terms have, those with several counted so often.
#[must_use]
pub fn docs(infos: &[TermInfo]) -> u64 {
    infos.iter().map(|info| u64::from(info.doc_freq)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_lies_after_all_that_begin_with_it() {
        assert_eq!(after("ab"), Some(b"ac".to_vec()));
        assert_eq!(after(""), None);
        let end = after("a\u{10ffff}").unwrap();
        assert!("a\u{10ffff}\u{10ffff}".as_bytes() < end.as_slice());
    }
}
