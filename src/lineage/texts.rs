//! Names and other texts, each kept once, in one arena.
//!
//! Texts are never taken out singly; a graph loaded from its own snapshot holds only those
//! still in use.

use super::index::{Index, handle, hash_bytes};

/// The arena and its index.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<u64>,
    index: Index,
}

impl Texts {
    /// Makes room for `texts` further texts of `bytes` together.
    pub(super) fn reserve(&mut self, texts: usize, bytes: usize) {
        self.all.reserve(bytes);
        self.ends.reserve(texts);
        let (all, ends) = (&self.all, &self.ends);
        self.index.reserve(texts, |h| hash_bytes(slice(all, ends, h).as_bytes()));
    }

    /// Returns the handle of a text, keeping it if it is new.
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        let hash = hash_bytes(text.as_bytes());
        if let Some(found) = self.index.find(hash, |h| self.get(h) == text) {
            return found;
        }
        let new = handle(self.ends.len());
        self.all.push_str(text);
        self.ends.push(self.all.len() as u64);
        let (all, ends) = (&self.all, &self.ends);
        self.index.insert(hash, new, |h| hash_bytes(slice(all, ends, h).as_bytes()));
        new
    }

    /// Finds a text's handle without keeping it.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        self.index.find(hash_bytes(text.as_bytes()), |h| self.get(h) == text)
    }

    /// Returns the text of a handle; the empty text for an unknown one.
    pub(super) fn get(&self, handle: u32) -> &str {
        slice(&self.all, &self.ends, handle)
    }

    /// Returns the number of texts.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the bytes held on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        self.all.capacity() + self.ends.capacity() * 8 + self.index.memory_bytes()
    }
}

fn slice<'a>(all: &'a str, ends: &[u64], handle: u32) -> &'a str {
    let at = handle as usize;
    let start = match at {
        0 => 0,
        _ => ends.get(at - 1).map_or(0, |&end| end as usize),
    };
    ends.get(at).and_then(|&end| all.get(start..end as usize)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_once_and_comes_back() {
        let mut texts = Texts::default();
        let words = ["", "orders", "Größe", "a b\nc", "orders2"];
        let handles: Vec<u32> = words.iter().map(|w| texts.intern(w)).collect();
        for (word, handle) in words.iter().zip(&handles) {
            assert_eq!(texts.get(*handle), *word);
            assert_eq!(texts.intern(word), *handle);
            assert_eq!(texts.find(word), Some(*handle));
        }
        assert_eq!(texts.len(), words.len());
        assert_eq!(texts.find("other"), None);
        assert_eq!(texts.get(99), "");
    }
}
