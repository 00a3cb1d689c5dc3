//! What resources about people share: how much is sent, and how lists by name go on.

use uuid::Uuid;

use crate::base::cursor::Cursor;

/// What is sent about somebody has at most this size.
pub(super) const BYTES_MAX: usize = 64 * 1024;

/// Returns where a list by name goes on, if its page is full.
pub(super) fn by_name<T>(
    items: &[T],
    limit: usize,
    key: impl Fn(&T) -> (&String, Uuid),
) -> Option<String> {
    let last = items.last().filter(|_| items.len() == limit)?;
    let (name, id) = key(last);
    Some(Cursor { text: name.clone(), id, ..Cursor::default() }.encode())
}
