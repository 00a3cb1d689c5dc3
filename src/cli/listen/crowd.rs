//! Who is connected: how many there may be, and who has to go where there is no room.
//!
//! A connection *waits* while no whole head has come on it that is still to be answered; otherwise it is
//! *busy*. Only one that waits is ended to make room, the longest waiting of whoever has most that
//! wait, so that the many connections of one peer are its own loss. Time is an argument.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ipnet::IpNet;
use tokio_util::sync::CancellationToken;

use crate::base::limits::{
    HEAD_MS_MAX, IDLE_MS_MAX, PACE_BYTES_PER_SECOND_MIN, STALL_MS_MAX, WAITING_OF_A_PEER_MAX,
};

/// Of an IPv6 address, the network that one peer has at its disposal.
const PEER_BITS: u32 = 64;

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Room {
    /// In all.
    pub(in crate::cli) all: usize,
    /// Of these, with requests that are answered; health is answered beyond.
    pub(in crate::cli) busy: usize,
}

/// Everybody who is connected.
#[derive(Debug)]
pub(super) struct Crowd {
    room: Room,
    /// Who speaks for many: only the room in all bounds how many of theirs wait.
    near: Vec<IpNet>,
    began: Instant,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    /// The next number of a connection, a turn or a place among those that wait.
    next: u64,
    open: HashMap<u64, Open>,
    busy: usize,
    /// Who waits, by peer, the longest first.
    waiting: HashMap<IpAddr, BTreeMap<u64, u64>>,
}

/// One connection.
#[derive(Debug)]
struct Open {
    peer: IpAddr,
    /// Whether it speaks for many.
    is_near: bool,
    shared: Arc<Shared>,
    /// What keeps it busy.
    turns: Vec<(u64, Arc<Answering>)>,
    /// Its place among those that wait, since when, and how many bytes were written by then.
    waits: (u64, Instant, u64),
    /// Whether a whole head ever came on it.
    was_busy: bool,
}

/// What its task sees of a connection.
#[derive(Debug, Default)]
struct Shared {
    ended: CancellationToken,
    written: AtomicU64,
}

/// How an answer gets on.
#[derive(Debug)]
pub(super) struct Answering {
    /// By when its peer must have taken what it was given, in milliseconds of the crowd's time.
    due: AtomicU64,
}

impl Crowd {
    pub(super) fn new(room: Room, near: Vec<IpNet>, now: Instant) -> Arc<Self> {
        Arc::new(Self { room, near, began: now, inside: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes somebody in. Nothing if nobody waits whose place they could have.
    pub(super) fn enter(self: &Arc<Self>, from: IpAddr, now: Instant) -> Option<Seat> {
        let peer = peer(from);
        let mut inside = self.lock();
        if inside.open.len() >= self.room.all && !inside.end_one() {
            return None;
        }
        let (id, shared) = (inside.number(), Arc::<Shared>::default());
        let open = Open {
            peer,
            is_near: self.is_near(from.to_canonical()),
            shared: Arc::clone(&shared),
            turns: Vec::new(),
            waits: (0, now, 0),
            was_busy: false,
        };
        inside.open.insert(id, open);
        inside.wait(id, now);
        Some(Seat { crowd: Arc::clone(self), id, shared })
    }

    fn is_near(&self, from: IpAddr) -> bool {
        from.is_loopback() || self.near.iter().any(|net| net.contains(&from))
    }

    /// Ends whoever has waited too long for a head or reads too slowly, and returns how many.
    pub(super) fn sweep(&self, now: Instant) -> usize {
        let mut inside = self.lock();
        let moment = self.moment(now);
        let late = inside.open.iter().filter(|(_, open)| open.is_late(now, moment));
        let late: Vec<u64> = late.map(|(id, _)| *id).collect();
        for id in &late {
            inside.end(*id);
        }
        late.len()
    }

    /// Ends everybody who waits: nobody is answered any more.
    pub(super) fn end_waiting(&self) {
        while self.lock().end_one() {}
    }

    /// Ends one who waits, where descriptors run out in spite of all; returns whether there was one.
    pub(super) fn make_room(&self) -> bool {
        self.lock().end_one()
    }

    fn moment(&self, now: Instant) -> u64 {
        millis(now.saturating_duration_since(self.began))
    }
}

impl Inside {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Puts a connection among those that wait.
    fn wait(&mut self, id: u64, now: Instant) {
        let place = self.number();
        let Some(open) = self.open.get_mut(&id) else { return };
        open.waits = (place, now, open.shared.written.load(Ordering::Relaxed));
        let (peer, is_near) = (open.peer, open.is_near);
        let line = self.waiting.entry(peer).or_default();
        line.insert(place, id);
        let crowded = line.len() > WAITING_OF_A_PEER_MAX && !is_near;
        if let Some(longest) = line.first_key_value().map(|(_, id)| *id).filter(|_| crowded) {
            self.end(longest);
        }
    }

    /// Ends the longest waiting of whoever has most that wait.
    fn end_one(&mut self) -> bool {
        let fullest = self.waiting.values().max_by_key(|line| line.len());
        let longest = fullest.and_then(|line| line.first_key_value()).map(|(_, id)| *id);
        longest.is_some_and(|id| self.end(id))
    }

    fn end(&mut self, id: u64) -> bool {
        let shared = self.forget(id);
        shared.is_some_and(|shared| {
            shared.ended.cancel();
            true
        })
    }

    fn forget(&mut self, id: u64) -> Option<Arc<Shared>> {
        let open = self.open.remove(&id)?;
        if open.turns.is_empty() {
            self.waits_no_more(open.peer, open.waits.0);
        } else {
            self.busy -= 1;
        }
        Some(open.shared)
    }

    fn waits_no_more(&mut self, peer: IpAddr, place: u64) {
        let Some(line) = self.waiting.get_mut(&peer) else { return };
        line.remove(&place);
        if line.is_empty() {
            self.waiting.remove(&peer);
        }
    }
}

impl Open {
    fn is_late(&self, now: Instant, moment: u64) -> bool {
        if !self.turns.is_empty() {
            return self.turns.iter().any(|(_, one)| one.due.load(Ordering::Relaxed) < moment);
        }
        let (_, since, before) = self.waits;
        // What was answered may still be on its way.
        let written = self.shared.written.load(Ordering::Relaxed).saturating_sub(before);
        let limit = if self.was_busy { IDLE_MS_MAX } else { HEAD_MS_MAX };
        millis(now.saturating_duration_since(since)) > limit.saturating_add(millis_for(written))
    }
}

/// Returns how long these bytes may take, in milliseconds.
fn millis_for(bytes: u64) -> u64 {
    bytes.saturating_mul(1_000) / PACE_BYTES_PER_SECOND_MIN
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Returns whom a connection from this address counts to.
fn peer(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let net = u128::from(address) >> (128 - PEER_BITS) << (128 - PEER_BITS);
            IpAddr::V6(Ipv6Addr::from(net))
        }
        address => address,
    }
}

/// Somebody's place. Its connection calls [`Seat::leave`] at its end.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    crowd: Arc<Crowd>,
    id: u64,
    shared: Arc<Shared>,
}

impl Seat {
    /// Begins something that keeps the connection busy until it is dropped.
    pub(super) fn begin(&self) -> Turn {
        let answering = Arc::new(Answering { due: AtomicU64::new(u64::MAX) });
        let mut inside = self.crowd.lock();
        let number = inside.number();
        let mut waited = None;
        if let Some(open) = inside.open.get_mut(&self.id) {
            waited = open.turns.is_empty().then_some((open.peer, open.waits.0));
            open.turns.push((number, Arc::clone(&answering)));
            open.was_busy = true;
        }
        if let Some((peer, place)) = waited {
            inside.waits_no_more(peer, place);
            inside.busy += 1;
        }
        let is_one_too_many = inside.busy > self.crowd.room.busy;
        drop(inside);
        Turn { seat: self.clone(), number, answering, is_one_too_many }
    }

    /// Notes that bytes were written to the connection.
    pub(super) fn wrote(&self, bytes: usize) {
        self.shared.written.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Waits until the connection is to be ended.
    pub(super) async fn ended(&self) {
        self.shared.ended.cancelled().await;
    }

    /// Gives the place back.
    pub(super) fn leave(&self) {
        self.crowd.lock().forget(self.id);
    }
}

/// Something that keeps a connection busy.
#[derive(Debug)]
pub(super) struct Turn {
    seat: Seat,
    number: u64,
    answering: Arc<Answering>,
    is_one_too_many: bool,
}

impl Turn {
    /// Returns whether so many connections were busy before that only health is answered.
    pub(super) fn is_one_too_many(&self) -> bool {
        self.is_one_too_many
    }

    /// Notes that bytes were given out for the peer to take: it has its time until it wants more.
    pub(super) fn gave(&self, bytes: usize, now: Instant) {
        let due = self.seat.crowd.moment(now) + STALL_MS_MAX;
        let due = due.saturating_add(millis_for(bytes as u64));
        self.answering.due.store(due, Ordering::Relaxed);
    }

    /// Notes that the peer has taken everything and waits for us.
    pub(super) fn owes_nothing(&self) {
        self.answering.due.store(u64::MAX, Ordering::Relaxed);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Seat { crowd, id, .. } = &self.seat;
        let mut inside = crowd.lock();
        let Some(open) = inside.open.get_mut(id) else { return };
        open.turns.retain(|(number, _)| *number != self.number);
        if open.turns.is_empty() {
            inside.busy -= 1;
            inside.wait(*id, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAR: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn crowd(all: usize, busy: usize) -> (Arc<Crowd>, Instant) {
        let now = Instant::now();
        (
            Crowd::new(
                Room { all, busy },
                vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::7/128".parse().unwrap()],
                now,
            ),
            now,
        )
    }

    fn ended(seats: &[Seat]) -> Vec<usize> {
        let ended = |seat: &Seat| seat.shared.ended.is_cancelled();
        (0..seats.len()).filter(|place| ended(&seats[*place])).collect()
    }

    fn counts(crowd: &Crowd) -> (usize, usize, usize) {
        let inside = crowd.lock();
        let waiting = inside.waiting.values().map(BTreeMap::len).sum();
        assert_eq!(inside.open.len(), inside.busy + waiting);
        (inside.open.len(), inside.busy, waiting)
    }

    #[test]
    fn the_longest_waiting_of_whoever_has_most_makes_room() {
        let (crowd, now) = crowd(5, 4);
        let enter = |from: &str| crowd.enter(from.parse().unwrap(), now).unwrap();
        let mut seats = vec![enter("192.0.2.1"), enter("192.0.2.2"), enter("192.0.2.2")];
        seats.extend([enter("2001:db8::1"), enter("2001:db8::2")]);
        let busy = seats[1].begin();
        // 192.0.2.2 has one that waits, the network 2001:db8::/64 has two.
        seats.push(enter("192.0.2.3"));
        assert_eq!((ended(&seats), counts(&crowd)), (vec![3], (5, 1, 4)));
        drop(busy);
        // It waits since just now: the other of 192.0.2.2 has waited longer.
        seats.push(enter("192.0.2.4"));
        assert_eq!((ended(&seats), counts(&crowd)), (vec![2, 3], (5, 0, 5)));
        for seat in &seats {
            seat.leave();
            seat.leave();
        }
        assert_eq!(counts(&crowd), (0, 0, 0));
    }

    #[test]
    fn nobody_who_is_answered_is_ended_for_somebody_new() {
        let (crowd, now) = crowd(4, 3);
        let seats: Vec<Seat> = (0..4).map(|_| crowd.enter(FAR, now).unwrap()).collect();
        let turns: Vec<Turn> = seats.iter().map(Seat::begin).collect();
        assert_eq!(turns.iter().filter(|turn| turn.is_one_too_many()).count(), 1);
        assert!(crowd.enter(LOCAL, now).is_none() && ended(&seats).is_empty());
        let again = seats[0].begin();
        drop(turns);
        assert_eq!(counts(&crowd), (4, 1, 3));
        assert!(crowd.enter(LOCAL, now).is_some());
        assert_eq!(ended(&seats), [1]);
        drop(again);
        crowd.end_waiting();
        assert_eq!(counts(&crowd), (0, 0, 0));
    }

    #[test]
    fn one_peer_has_a_share_of_those_that_wait_and_whoever_speaks_for_many_has_none() {
        let (crowd, now) = crowd(10 * WAITING_OF_A_PEER_MAX, 10);
        let enter = |from: IpAddr| crowd.enter(from, now).unwrap();
        let far: Vec<Seat> = (0..WAITING_OF_A_PEER_MAX + 3).map(|_| enter(FAR)).collect();
        assert_eq!(ended(&far), [0, 1, 2]);
        for near in ["127.0.0.1", "::1", "10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7"] {
            let near: IpAddr = near.parse().unwrap();
            let near: Vec<Seat> = (0..WAITING_OF_A_PEER_MAX + 3).map(|_| enter(near)).collect();
            assert!(ended(&near).is_empty());
        }
    }

    #[test]
    fn whoever_waits_has_its_time_and_whoever_reads_has_more() {
        let (crowd, now) = crowd(10, 10);
        let after = |ms: u64| now + Duration::from_millis(ms);
        let seats: Vec<Seat> = (0..4).map(|_| crowd.enter(FAR, now).unwrap()).collect();
        let _busy = seats[1].begin();
        drop((seats[2].begin(), seats[3].begin()));
        seats[3].wrote(usize::try_from(PACE_BYTES_PER_SECOND_MIN).unwrap() * 3_600);
        assert_eq!(crowd.sweep(after(HEAD_MS_MAX)), 0);
        crowd.sweep(after(HEAD_MS_MAX + 1));
        assert_eq!(ended(&seats), [0]);
        crowd.sweep(after(IDLE_MS_MAX + 60_000));
        assert_eq!(ended(&seats), [0, 2]);
        crowd.sweep(after(IDLE_MS_MAX + 3_700_000));
        assert_eq!(ended(&seats), [0, 2, 3]);
    }

    #[test]
    fn whoever_takes_no_answer_is_ended_and_whoever_waits_for_one_is_not() {
        let (crowd, now) = crowd(10, 10);
        let after = |ms: u64| now + Duration::from_millis(ms);
        let seats: Vec<Seat> = (0..3).map(|_| crowd.enter(FAR, now).unwrap()).collect();
        let turns: Vec<Turn> = seats.iter().map(Seat::begin).collect();
        turns[0].gave(10, now);
        turns[1].gave(10, now);
        turns[1].owes_nothing();
        turns[2].gave(usize::try_from(PACE_BYTES_PER_SECOND_MIN).unwrap() * 60, now);
        crowd.sweep(after(STALL_MS_MAX));
        assert!(ended(&seats).is_empty());
        crowd.sweep(after(STALL_MS_MAX + 1_000));
        assert_eq!(ended(&seats), [0]);
        crowd.sweep(after(STALL_MS_MAX + 61_000));
        assert_eq!((ended(&seats), counts(&crowd)), (vec![0, 2], (1, 1, 0)));
    }
}
