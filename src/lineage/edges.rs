//! The edges, and the blocks of edges that one owner asserts together.
//!
//! An edge sits in three lists: out of its source, into its target (both doubly linked, so
//! that replacing what a job says costs nothing at a hub), and in its block. A block holds
//! what its edges share: owner, time, origin and what it is about.

use crate::base::Time;

use super::facts::{Origin, Seen};
use super::index::{NONE, handle};
use super::nodes::Nodes;
use super::transforms::Detail;

/// One edge, from what feeds to what is fed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// Source node.
    pub(super) from: u32,
    /// Target node; [`NONE`] in a free slot.
    pub(super) to: u32,
    /// Its block.
    pub(super) block: u32,
    /// What it says of the value.
    pub(super) detail: Detail,
    /// Next edge of the same block.
    pub(super) mate: u32,
    out_next: u32,
    out_prev: u32,
    into_next: u32,
    into_prev: u32,
}

/// Kind of statement that a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// Datasets that a job reads.
    Reads,
    /// Datasets that a job writes.
    Writes,
    /// Column lineage facet of one output of a job.
    Columns,
    /// One entry of a job's explicit lineage facet.
    Entry,
    /// A dataset's own lineage facet.
    View,
}

/// Statement of one owner: edges that share owner, time, origin and topic.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// First time.
    pub(super) first: Time,
    /// Last time.
    pub(super) last: Time,
    /// Number of runs.
    pub(super) runs: u32,
    /// Job or dataset that says it.
    pub(super) owner: u32,
    /// Columns, Entry, View: the target it speaks of. Otherwise, and where that target was
    /// removed: [`NONE`].
    pub(super) about: u32,
    /// Next block of the same owner.
    pub(super) next: u32,
    /// First edge.
    pub(super) edges: u32,
    /// Kind of statement.
    pub(super) said: Said,
    /// How it is known.
    pub(super) origin: Origin,
    /// Whether the owner has not run or been declared anew since without saying it.
    pub(super) current: bool,
}

impl Block {
    /// Returns when it was said.
    pub(super) fn seen(&self) -> Seen {
        Seen { first: self.first, last: self.last, runs: self.runs }
    }
}

/// All edges and blocks.
#[derive(Debug, Clone, Default)]
pub(super) struct Edges {
    list: Vec<Edge>,
    free: Vec<u32>,
    blocks: Vec<Block>,
    free_blocks: Vec<u32>,
}

impl std::ops::Index<u32> for Edges {
    type Output = Edge;

    fn index(&self, edge: u32) -> &Edge {
        &self.list[edge as usize]
    }
}

impl Edges {
    /// Makes room for further blocks and edges.
    pub(super) fn reserve(&mut self, blocks: usize, edges: usize) {
        self.blocks.reserve(blocks);
        self.list.reserve(edges);
    }

    /// Returns a block.
    pub(super) fn block(&self, block: u32) -> &Block {
        &self.blocks[block as usize]
    }

    /// Puts a block in front of its owner's list.
    pub(super) fn add_block(&mut self, nodes: &mut Nodes, mut block: Block) -> u32 {
        block.next = nodes[block.owner].blocks;
        block.edges = NONE;
        let new = if let Some(slot) = self.free_blocks.pop() {
            self.blocks[slot as usize] = block;
            slot
        } else {
            self.blocks.push(block);
            handle(self.blocks.len() - 1)
        };
        nodes[block.owner].blocks = new;
        new
    }

    /// Puts an edge into its three lists.
    pub(super) fn add(
        &mut self,
        nodes: &mut Nodes,
        block: u32,
        from: u32,
        to: u32,
        detail: Detail,
    ) {
        let edge = Edge {
            from,
            to,
            block,
            detail,
            mate: self.blocks[block as usize].edges,
            out_next: nodes[from].out,
            out_prev: NONE,
            into_next: nodes[to].into,
            into_prev: NONE,
        };
        let new = if let Some(slot) = self.free.pop() {
            self.list[slot as usize] = edge;
            slot
        } else {
            self.list.push(edge);
            handle(self.list.len() - 1)
        };
        if edge.out_next != NONE {
            self.list[edge.out_next as usize].out_prev = new;
        }
        if edge.into_next != NONE {
            self.list[edge.into_next as usize].into_prev = new;
        }
        nodes[from].out = new;
        nodes[to].into = new;
        self.blocks[block as usize].edges = new;
    }

    /// Takes out all that an owner says, telling the ends of the edges taken out.
    pub(super) fn remove_said(&mut self, nodes: &mut Nodes, owner: u32, ends: &mut Vec<u32>) {
        let mut block = std::mem::replace(&mut nodes[owner].blocks, NONE);
        while block != NONE {
            let Block { next, edges, about, .. } = self.blocks[block as usize];
            let mut edge = edges;
            while edge != NONE {
                let Edge { from, to, mate, .. } = self[edge];
                self.unlink(nodes, edge);
                self.free.push(edge);
                ends.extend([from, to]);
                edge = mate;
            }
            ends.extend(Some(about).filter(|&a| a != NONE));
            self.blocks[block as usize].about = NONE;
            self.free_blocks.push(block);
            block = next;
        }
    }

    /// Takes out every edge of a node, whoever says it, telling the other ends.
    pub(super) fn remove_touching(&mut self, nodes: &mut Nodes, node: u32, ends: &mut Vec<u32>) {
        for outgoing in [true, false] {
            loop {
                let edge = if outgoing { nodes[node].out } else { nodes[node].into };
                if edge == NONE {
                    break;
                }
                let Edge { from, to, .. } = self[edge];
                self.leave_block(edge);
                self.unlink(nodes, edge);
                self.free.push(edge);
                ends.push(if outgoing { to } else { from });
            }
        }
    }

    /// Makes every block that speaks of a node speak of nothing. Looks at all blocks.
    pub(super) fn forget_topic(&mut self, node: u32) {
        for block in self.blocks.iter_mut().filter(|b| b.about == node) {
            block.about = NONE;
        }
    }

    /// Returns the edges out of a node.
    pub(super) fn outgoing(&self, nodes: &Nodes, node: u32) -> impl Iterator<Item = (u32, &Edge)> {
        self.chain(nodes[node].out, |edge| edge.out_next)
    }

    /// Returns the edges into a node.
    pub(super) fn incoming(&self, nodes: &Nodes, node: u32) -> impl Iterator<Item = (u32, &Edge)> {
        self.chain(nodes[node].into, |edge| edge.into_next)
    }

    /// Returns the edges of a block.
    pub(super) fn of_block(&self, block: u32) -> impl Iterator<Item = (u32, &Edge)> {
        self.chain(self.blocks[block as usize].edges, |edge| edge.mate)
    }

    /// Returns the blocks of an owner.
    pub(super) fn said_by(&self, nodes: &Nodes, owner: u32) -> impl Iterator<Item = (u32, &Block)> {
        let mut next = nodes[owner].blocks;
        std::iter::from_fn(move || {
            let at = next;
            let block = self.blocks.get(at as usize)?;
            next = block.next;
            Some((at, block))
        })
    }

    /// Returns the number of edges.
    pub(super) fn len(&self) -> usize {
        self.list.len() - self.free.len()
    }

    /// Returns the nodes that blocks speak of.
    pub(super) fn topics(&self) -> impl Iterator<Item = u32> {
        self.blocks.iter().map(|b| b.about).filter(|&a| a != NONE)
    }

    /// Returns the bytes held on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        self.list.capacity() * size_of::<Edge>()
            + self.blocks.capacity() * size_of::<Block>()
            + (self.free.capacity() + self.free_blocks.capacity()) * 4
    }

    fn chain(&self, first: u32, next: fn(&Edge) -> u32) -> impl Iterator<Item = (u32, &Edge)> {
        let mut at = first;
        std::iter::from_fn(move || {
            let handle = at;
            let edge = self.list.get(handle as usize)?;
            at = next(edge);
            Some((handle, edge))
        })
    }

    fn unlink(&mut self, nodes: &mut Nodes, edge: u32) {
        let Edge { from, to, out_next, out_prev, into_next, into_prev, .. } = self[edge];
        match self.list.get_mut(out_prev as usize) {
            Some(prev) => prev.out_next = out_next,
            None => nodes[from].out = out_next,
        }
        if let Some(next) = self.list.get_mut(out_next as usize) {
            next.out_prev = out_prev;
        }
        match self.list.get_mut(into_prev as usize) {
            Some(prev) => prev.into_next = into_next,
            None => nodes[to].into = into_next,
        }
        if let Some(next) = self.list.get_mut(into_next as usize) {
            next.into_prev = into_prev;
        }
    }

    fn leave_block(&mut self, edge: u32) {
        let Edge { block, mate, .. } = self[edge];
        if self.blocks[block as usize].edges == edge {
            self.blocks[block as usize].edges = mate;
            return;
        }
        let mut at = self.blocks[block as usize].edges;
        while at != NONE {
            let next = self[at].mate;
            if next == edge {
                self.list[at as usize].mate = mate;
                return;
            }
            at = next;
        }
    }
}
