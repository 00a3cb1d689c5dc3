//! How many connections the system lets us have.

use super::crowd::Room;
use crate::base::limits::{CONNECTIONS_MAX, DESCRIPTORS_KEPT_MIN, HEALTH_CONNECTIONS_MIN};

/// Raises the limit of descriptors as far as is allowed and useful, and returns for how many connections there
/// is room beside the database, the index and files.
pub(in crate::cli) fn connections() -> Room {
    let room = room(descriptors(CONNECTIONS_MAX + DESCRIPTORS_KEPT_MIN));
    if room.all < CONNECTIONS_MAX {
        tracing::info!(connections = room.all, "the limit of descriptors leaves room for so many");
    }
    room
}

fn room(descriptors: usize) -> Room {
    let kept = DESCRIPTORS_KEPT_MIN.min(descriptors / 4);
    let all = CONNECTIONS_MAX.min(descriptors.saturating_sub(kept));
    Room { all, busy: all - HEALTH_CONNECTIONS_MIN.min(all / 4) }
}

/// Raises the soft limit towards the hard one and returns how many descriptors there may be.
#[cfg(unix)]
fn descriptors(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let count =
        |limit: Option<u64>| limit.map_or(wanted, |limit| usize::try_from(limit).unwrap_or(wanted));
    let (soft, aim) = (count(limit.current), count(limit.maximum).min(wanted));
    if soft >= aim {
        return soft;
    }
    let raised = Rlimit { current: Some(aim as u64), maximum: limit.maximum };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => aim,
        Err(error) => {
            tracing::warn!(%error, "the limit of descriptors could not be raised");
            soft
        }
    }
}

#[cfg(not(unix))]
fn descriptors(wanted: usize) -> usize {
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_is_kept_for_files_and_for_health() {
        assert_eq!(room(256), Room { all: 192, busy: 176 });
        assert_eq!(room(1_024), Room { all: 768, busy: 752 });
        assert_eq!(room(1 << 20), Room { all: CONNECTIONS_MAX, busy: CONNECTIONS_MAX - 16 });
        assert_eq!(room(16), Room { all: 12, busy: 9 });
    }
}
