//! How names are ordered: by their first characters, so that no index grows with a name; and
//! what a pattern of names matches.

/// Characters of a name that lists are ordered by; longer names that begin alike are
/// ordered by id.
pub const SORT_NAME_CHARS_MAX: usize = 200;

/// The class of what has some class of personal data of which only that is kept: rules take it for
/// any.
pub const SOME_CLASS: &str = "?";

/// Cuts a name to what lists are ordered by.
#[must_use]
pub fn sort_name(name: &str) -> &str {
    name.char_indices().nth(SORT_NAME_CHARS_MAX).map_or(name, |(end, _)| &name[..end])
}

/// Returns whether a pattern matches a name: `a/b` that name alone, `a/*` and `a.*` also `a`
/// itself, `a*` whatever begins so, `*` any.
#[must_use]
pub fn pattern_matches(pattern: &str, name: &str) -> bool {
    let Some(prefix) = pattern.strip_suffix('*') else {
        return name == pattern;
    };
    name.starts_with(prefix)
        || prefix.strip_suffix(['/', '.']).is_some_and(|whole| !whole.is_empty() && whole == name)
}
