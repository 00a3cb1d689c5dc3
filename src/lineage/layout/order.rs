//! The order of items in their layers: few crossings, and none of the old order lost.
//!
//! Barycentre sweeps in both directions, the best order by crossings kept. Connected parts
//! stay apart. Where nodes were laid out before, their old heights order them, and the
//! others are put at the height of their neighbours.

use super::proper::{Links, Proper};
use super::types::Position;

/// Sweeps at most; fewer if three in a row bring nothing.
const SWEEPS_MAX: usize = 12;

/// Orders all layers.
pub(super) fn arrange(proper: &mut Proper, known: &[Option<Position>]) {
    if known.iter().any(Option::is_some) {
        insert(proper, known);
        return;
    }
    start(proper);
    let mut best = proper.layers.clone();
    let mut position = positions(proper);
    let mut fewest = crossings(proper, &position);
    let mut idle = 0;
    for sweep in 0..SWEEPS_MAX {
        if fewest == 0 || idle == 3 {
            break;
        }
        self::sweep(proper, &mut position, sweep % 2 == 0);
        let now = crossings(proper, &position);
        idle += 1;
        if now < fewest {
            (fewest, idle) = (now, 0);
            best.clone_from(&proper.layers);
        }
    }
    proper.layers = best;
}

/// The first order: depth first from the left, so that what belongs together is together.
fn start(proper: &mut Proper) {
    let count = proper.items.len();
    let mut roots: Vec<usize> = (0..count).filter(|&i| proper.left.of(i).is_empty()).collect();
    roots.sort_by_key(|&i| (proper.items[i].component, i));
    let mut seen = vec![false; count];
    let mut rank = vec![0_u32; count];
    let mut next = 0;
    let mut stack = Vec::new();
    for root in roots {
        stack.push(root);
        while let Some(item) = stack.pop() {
            if std::mem::replace(&mut seen[item], true) {
                continue;
            }
            rank[item] = next;
            next += 1;
            stack.extend(proper.right.of(item).iter().rev().map(|l| l.to as usize));
        }
    }
    let items = &proper.items;
    for layer in &mut proper.layers {
        layer.sort_by_key(|&i| (items[i as usize].component, rank[i as usize]));
    }
}

fn positions(proper: &Proper) -> Vec<f32> {
    let mut position = vec![0.0; proper.items.len()];
    for layer in &proper.layers {
        for (at, &item) in layer.iter().enumerate() {
            position[item as usize] = at as f32;
        }
    }
    position
}

fn sweep(proper: &mut Proper, position: &mut [f32], rightwards: bool) {
    let depth = proper.layers.len();
    let mut keys: Vec<(usize, f32, u32)> = Vec::new();
    for step in 1..depth {
        let layer = if rightwards { step } else { depth - 1 - step };
        let links = if rightwards { &proper.left } else { &proper.right };
        keys.clear();
        keys.extend(proper.layers[layer].iter().map(|&item| {
            let here = position[item as usize];
            let centre = barycentre(links, item as usize, position).unwrap_or(here);
            (proper.items[item as usize].component, centre, item)
        }));
        // A stable sort: equal centres keep their order.
        keys.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for (at, (_, _, item)) in keys.iter().enumerate() {
            position[*item as usize] = at as f32;
            proper.layers[layer][at] = *item;
        }
    }
}

fn barycentre(links: &Links, item: usize, position: &[f32]) -> Option<f32> {
    let of = links.of(item);
    let sum: f32 = of.iter().map(|l| position[l.to as usize]).sum();
    (!of.is_empty()).then(|| sum / of.len() as f32)
}

/// Counts crossings (Barth, Jünger, Mutzel 2002: inversions by an accumulator tree).
fn crossings(proper: &Proper, position: &[f32]) -> u64 {
    let mut total = 0;
    let (mut ends, mut tree) = (Vec::new(), Vec::new());
    for pair in proper.layers.windows(2) {
        ends.clear();
        for &item in &pair[0] {
            let first = ends.len();
            let of = proper.right.of(item as usize);
            ends.extend(of.iter().map(|l| position[l.to as usize] as usize));
            ends[first..].sort_unstable();
        }
        let size = pair[1].len().next_power_of_two();
        tree.clear();
        tree.resize(2 * size, 0_u32);
        for &end in &ends {
            let mut at = size + end;
            tree[at] += 1;
            while at > 1 {
                if at.is_multiple_of(2) {
                    total += u64::from(tree[at + 1]);
                }
                at /= 2;
                tree[at] += 1;
            }
        }
    }
    total
}

/// Orders by height: old nodes where they were, the others between their neighbours.
fn insert(proper: &mut Proper, known: &[Option<Position>]) {
    let count = proper.items.len();
    let mut height: Vec<Option<f32>> =
        (0..count).map(|i| known.get(i).copied().flatten().map(|p| p.y)).collect();
    let fixed: Vec<bool> = height.iter().map(Option::is_some).collect();
    for round in 0..4 {
        let rightwards = round % 2 == 0;
        let depth = proper.layers.len();
        for step in 0..depth {
            let layer = if rightwards { step } else { depth - 1 - step };
            for &item in &proper.layers[layer] {
                let item = item as usize;
                if fixed[item] {
                    continue;
                }
                let both = proper.left.of(item).iter().chain(proper.right.of(item));
                let heights = both.filter_map(|l| height[l.to as usize].map(|h| h - l.shift));
                let (sum, of) = heights.fold((0.0, 0.0), |(s, n), h| (s + h, n + 1.0_f32));
                if of > 0.0 {
                    height[item] = Some(sum / of);
                }
            }
        }
    }
    for layer in &mut proper.layers {
        // New nodes come after old ones and dummies of the same height.
        layer.sort_by(|&a, &b| {
            let key = |i: u32| height[i as usize].unwrap_or(f32::MAX);
            key(a)
                .total_cmp(&key(b))
                .then(fixed[b as usize].cmp(&fixed[a as usize]))
                .then(a.cmp(&b))
        });
    }
}
