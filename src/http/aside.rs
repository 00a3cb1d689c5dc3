//! Work that takes its time and waits for nothing: questions to the graph, layout, drawing, large answers. One place
//! that moves it off the async threads, so that nobody else's request stands behind it.

/// Does it where others are not held up by it.
pub(super) fn aside<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}
