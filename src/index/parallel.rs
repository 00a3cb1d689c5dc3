//! Shares the segments of one large search between a few threads.
//!
//! Small searches stay on the caller's thread: starting another costs more than they do.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Calls `work` for every item, on as many threads, and returns the results in the order of
/// the items. A panic of `work` is passed on.
pub fn map<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if threads < 2 || items.len() < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else { return done };
            done.push((place, work(item)));
        }
    };
    let mut done = thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for helper in helpers {
            match helper.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_their_items() {
        let items: Vec<usize> = (0..100).collect();
        for threads in [0, 1, 2, 5] {
            let doubled = map(threads, &items, |item| 2 * item);
            assert!(doubled.into_iter().eq((0..100).map(|item| 2 * item)), "{threads}");
        }
        assert_eq!(map(3, &[] as &[u8], |item| *item), Vec::<u8>::new());
    }
}
