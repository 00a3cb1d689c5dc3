//! Heights: every item as near to its neighbours as the order in its layer allows.
//!
//! Layer by layer, in sweeps to and fro, each item wants to lie where its edges are straight;
//! the best heights that keep order and distances are a weighted isotonic regression, found
//! by pooling adjacent violators. Long edges weigh more, so they come out straight.

use super::proper::{Link, Proper};

/// Sweeps to and fro.
const SWEEPS: usize = 8;

/// Finds the middle height of each item; the least upper side is 0.
pub(super) fn place(proper: &Proper) -> Vec<f32> {
    let mut y = stacked(proper);
    let depth = proper.layers.len();
    let mut solver = Solver::default();
    for sweep in 0..SWEEPS {
        for step in 0..depth {
            let (layer, sides) = match (sweep + 1 == SWEEPS, sweep % 2) {
                (true, _) => (step, [true, true]),
                (_, 0) => (step, [true, false]),
                _ => (depth - 1 - step, [false, true]),
            };
            solver.solve(proper, layer, sides, &mut y);
        }
    }
    let top = proper.items.iter().zip(&y).map(|(i, y)| y - i.height / 2.0).fold(f32::MAX, f32::min);
    for y in &mut y {
        *y -= top;
    }
    y
}

/// Each layer stacked without space, around 0.
fn stacked(proper: &Proper) -> Vec<f32> {
    let mut y = vec![0.0; proper.items.len()];
    for layer in &proper.layers {
        let height: f32 = layer.iter().map(|&i| proper.items[i as usize].height).sum();
        let mut top = -height / 2.0;
        for &item in layer {
            let height = proper.items[item as usize].height;
            y[item as usize] = top + height / 2.0;
            top += height;
        }
    }
    y
}

#[derive(Default)]
struct Solver {
    pools: Vec<Pool>,
    offsets: Vec<f32>,
}

/// Neighbours that are pushed together: weight, weighted sum of wishes, number of items.
#[derive(Clone, Copy)]
struct Pool {
    weight: f64,
    wish: f64,
    items: usize,
}

impl Pool {
    fn height(&self) -> f64 {
        self.wish / self.weight
    }
}

impl Solver {
    fn solve(&mut self, proper: &Proper, layer: usize, [left, right]: [bool; 2], y: &mut [f32]) {
        let Some(items) = proper.layers.get(layer) else { return };
        self.pools.clear();
        self.offsets.clear();
        let (mut offset, mut above) = (0.0, 0.0);
        for &item in items {
            let item = item as usize;
            let height = proper.items[item].height;
            offset += (above + height) / 2.0;
            above = height;
            self.offsets.push(offset);
            let links = [(left, proper.left.of(item)), (right, proper.right.of(item))];
            let used = links.into_iter().filter(|(used, _)| *used).flat_map(|(_, links)| links);
            let (weight, wish) = wish(used, y[item], y);
            let wish = weight * (wish - f64::from(offset));
            self.pools.push(Pool { weight, wish, items: 1 });
            self.pool();
        }
        let heights = self.pools.iter().flat_map(|p| std::iter::repeat_n(p.height(), p.items));
        for ((&item, height), offset) in items.iter().zip(heights).zip(&self.offsets) {
            y[item as usize] = (height + f64::from(*offset)) as f32;
        }
    }

    /// Joins the last pools as long as the later wants to be above the earlier.
    fn pool(&mut self) {
        while let [.., a, b] = self.pools[..] {
            if a.height() <= b.height() {
                return;
            }
            self.pools.pop();
            if let Some(last) = self.pools.last_mut() {
                let (weight, wish) = (a.weight + b.weight, a.wish + b.wish);
                *last = Pool { weight, wish, items: a.items + b.items };
            }
        }
    }
}

/// Where an item wants to be, and how much; without neighbours a little where it is.
fn wish<'a>(links: impl Iterator<Item = &'a Link>, here: f32, y: &[f32]) -> (f64, f64) {
    let (weight, sum) = links.fold((0.0_f64, 0.0_f64), |(weight, sum), link| {
        let straight = y[link.to as usize] - link.shift;
        let more = f64::from(link.weight);
        (weight + more, more.mul_add(f64::from(straight), sum))
    });
    if weight > 0.0 { (weight, sum / weight) } else { (0.01, f64::from(here)) }
}
