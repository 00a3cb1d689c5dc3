//! How the tags are spelled that the shipped rules are about.

use std::borrow::Cow;

/// What a tag that says a class begins with.
pub const CLASS: &str = "class:";

/// The tag that the shipped rules keep things back by.
pub const RESTRICTED: &str = "restricted";

/// Returns a tag as it is known: those that the shipped rules are about however their letters are
/// written, so that nobody takes something for hidden that is not.
pub fn spelled<'a>(tag: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let tag = tag.into();
    if tag.eq_ignore_ascii_case(RESTRICTED) {
        return Cow::Borrowed(RESTRICTED);
    }
    let parts = tag.split_at_checked(CLASS.len());
    let folded = parts.filter(|(key, _)| *key != CLASS && key.eq_ignore_ascii_case(CLASS));
    match folded.map(|(_, class)| format!("{CLASS}{class}")) {
        Some(folded) => Cow::Owned(folded),
        None => tag,
    }
}

/// Returns the class that a tag says, as it is known; nothing if it says none.
#[must_use]
pub fn class_of(tag: &str) -> Option<&str> {
    tag.strip_prefix(CLASS).filter(|class| !class.is_empty())
}
