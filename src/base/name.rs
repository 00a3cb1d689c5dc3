//! How names are ordered: by their first characters, so that no index grows with a name.

/// Characters of a name that lists are ordered by; longer names that begin alike are
/// ordered by id.
pub const SORT_NAME_CHARS_MAX: usize = 200;

/// Cuts a name to what lists are ordered by.
#[must_use]
pub fn sort_name(name: &str) -> &str {
    name.char_indices().nth(SORT_NAME_CHARS_MAX).map_or(name, |(end, _)| &name[..end])
}
