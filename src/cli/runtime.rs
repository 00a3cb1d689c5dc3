//! The runtime that commands run on.

/// Makes the runtime. It has a thread or two more than the machine has cores, because the
/// writer and questions of the graph hold a thread for milliseconds at a time.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    Ok(tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores + 2)
        .enable_all()
        .build()?)
}
