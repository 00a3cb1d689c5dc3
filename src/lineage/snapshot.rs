//! The graph as bytes, so that a start need not fold the whole database again.
//!
//! A snapshot holds what is stated, not how it is linked in memory: loading links anew, so it
//! also leaves behind texts and nodes that nothing uses any more. It is versioned and
//! checksummed against damage, not against forgery: it belongs to Lethe's own data folder.

use thiserror::Error;
use uuid::Uuid;

use super::bytes::{Reader, Writer};
use super::edges::{Block, Said};
use super::facts::{Origin, Transformation, TransformationKind};
use super::graph::Graph;
use super::index::{NONE, hash_bytes};
use super::maps::Map;
use super::nodes::{Kind, Node};
use super::transforms::Detail;
use crate::base::{Position, Time};
use crate::catalog::{Mark, Marked};

const MAGIC: &[u8; 8] = b"LETHELIN";
const VERSION: u32 = 5;

/// Why a snapshot cannot be loaded. Then the graph is to be built from the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SnapshotError {
    /// The bytes are something else, or too few.
    #[error("not a lineage snapshot")]
    NotASnapshot,
    /// Another version of Lethe wrote it.
    #[error("lineage snapshot of version {0}, expected {VERSION}")]
    Version(u32),
    /// The checksum or the content is wrong.
    #[error("lineage snapshot is damaged: {0}")]
    Damaged(&'static str),
}

impl Graph {
    /// Writes the graph and its position.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        Saving::of(self).write()
    }

    /// Reads a graph that [`Self::save`] wrote.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] if the bytes are not a whole snapshot of this version.
    pub fn load(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let (content, sum) = bytes.split_last_chunk::<8>().ok_or(SnapshotError::NotASnapshot)?;
        let mut reader = Reader::new(content);
        if reader.take(8) != Some(MAGIC) {
            return Err(SnapshotError::NotASnapshot);
        }
        let version = reader.u32().ok_or(SnapshotError::NotASnapshot)?;
        if version != VERSION {
            return Err(SnapshotError::Version(version));
        }
        if hash_bytes(content) != u64::from_le_bytes(*sum) {
            return Err(SnapshotError::Damaged("checksum"));
        }
        Loading::default().read(&mut reader)
    }
}

/// New handles for what is in use.
struct Saving<'g> {
    graph: &'g Graph,
    nodes: Vec<u32>,
    new_node: Vec<u32>,
    texts: Vec<u32>,
    new_text: Vec<u32>,
    lists: Vec<Detail>,
    new_list: Map<u32, u32>,
    blocks: Vec<u32>,
}

impl<'g> Saving<'g> {
    fn of(graph: &'g Graph) -> Self {
        let topics = graph.topics();
        let is_used = |&node: &u32| {
            let is = graph.nodes[node];
            let linked = [is.out, is.into, is.blocks, is.fields].iter().any(|&l| l != NONE);
            let marked = is.named || is.deleted || is.preferred || is.ring != node;
            is.kind == Kind::Field || linked || marked || topics.contains(&node)
        };
        let mut saving = Self {
            graph,
            nodes: graph.nodes.handles().filter(is_used).collect(),
            new_node: vec![NONE; graph.nodes.slots()],
            texts: Vec::new(),
            new_text: vec![NONE; graph.texts.len()],
            lists: Vec::new(),
            new_list: Map::default(),
            blocks: Vec::new(),
        };
        for (new, &node) in saving.nodes.clone().iter().enumerate() {
            saving.new_node[node as usize] = new as u32;
            let is = graph.nodes[node];
            if is.kind != Kind::Field {
                saving.use_text(is.place);
                saving.blocks.extend(graph.edges.said_by(&graph.nodes, node).map(|(b, _)| b));
            }
            saving.use_text(is.name);
        }
        for block in saving.blocks.clone() {
            for (_, edge) in graph.edges.of_block(block) {
                let list = edge.detail.list();
                if list != 0 && !saving.new_list.contains_key(&list) {
                    saving.lists.push(edge.detail);
                    saving.new_list.insert(list, saving.lists.len() as u32);
                }
            }
        }
        saving
    }

    fn use_text(&mut self, text: u32) {
        if text != NONE && self.new_text[text as usize] == NONE {
            self.new_text[text as usize] = self.texts.len() as u32;
            self.texts.push(text);
        }
    }

    fn write(&self) -> Vec<u8> {
        let graph = self.graph;
        let edges = graph.edges.len();
        let mut out = Writer::with_capacity(self.nodes.len() * 64 + edges * 12 + 1_024);
        out.bytes(MAGIC);
        out.u32(VERSION);
        out.u64(graph.position.number);
        out.u64(graph.position.chain.cast_unsigned());
        let counts = [self.texts.len(), self.lists.len(), self.nodes.len(), self.blocks.len()];
        for count in [&counts[..], &[edges]].concat() {
            out.u32(count as u32);
        }
        for &text in &self.texts {
            out.text(graph.texts.get(text));
        }
        for &list in &self.lists {
            let list = graph.transforms.get(list, &graph.texts);
            out.u32(list.len() as u32);
            list.iter().for_each(|t| write_transformation(&mut out, t));
        }
        for &node in &self.nodes {
            self.write_node(&mut out, node);
        }
        for &block in &self.blocks {
            self.write_block(&mut out, block);
        }
        let sum = hash_bytes(out.as_slice());
        out.u64(sum);
        out.finish()
    }

    fn write_node(&self, out: &mut Writer, node: u32) {
        let is = self.graph.nodes[node];
        let flags = u8::from(is.named) | u8::from(is.deleted) << 1 | u8::from(is.preferred) << 2;
        out.u8(is.kind as u8);
        out.u8(flags);
        let text = |t: u32| self.new_text.get(t as usize).copied().unwrap_or(NONE);
        if is.kind == Kind::Field {
            out.u32(self.node(is.place));
        } else {
            out.bytes(is.id.as_bytes());
            out.u32(text(is.place));
            out.u32(if is.kind == Kind::Dataset { self.node(is.canon) } else { NONE });
            out.u32(is.access);
        }
        out.u32(text(is.name));
        if is.kind == Kind::Dataset {
            self.write_marks(out, node);
        }
    }

    fn write_marks(&self, out: &mut Writer, node: u32) {
        out.u32(self.graph.marks.of(node).count() as u32);
        for (field, Marked { all, sure }) in self.graph.marks.of(node) {
            out.text(self.graph.texts.get(field));
            for list in [&all.tags, &all.classes, &sure.tags, &sure.classes] {
                out.u32(list.len() as u32);
                list.iter().for_each(|text| out.text(text));
            }
        }
    }

    fn write_block(&self, out: &mut Writer, handle: u32) {
        let block = self.graph.edges.block(handle);
        out.u64(block.first.as_micros().cast_unsigned());
        out.u64(block.last.as_micros().cast_unsigned());
        out.u32(block.runs);
        out.u32(self.node(block.owner));
        out.u32(self.node(block.about));
        out.u8(block.said as u8);
        out.u8(block.origin as u8);
        out.u8(u8::from(block.current));
        out.u32(self.graph.edges.of_block(handle).count() as u32);
        for (_, edge) in self.graph.edges.of_block(handle) {
            out.u32(self.node(edge.from));
            out.u32(self.node(edge.to));
            let list = self.new_list.get(&edge.detail.list()).copied().unwrap_or(0);
            out.u32(edge.detail.with_list(list).0);
        }
    }

    fn node(&self, node: u32) -> u32 {
        self.new_node.get(node as usize).copied().unwrap_or(NONE)
    }
}

fn write_transformation(out: &mut Writer, transformation: &Transformation) {
    let texts = [&transformation.subtype, &transformation.description];
    let has = |at: usize| u8::from(texts[at].is_some()) << (at + 1);
    out.u8(transformation.kind as u8);
    out.u8(u8::from(transformation.masking) | has(0) | has(1));
    texts.into_iter().flatten().for_each(|t| out.text(t));
}

/// A graph while it is read.
#[derive(Default)]
struct Loading {
    graph: Graph,
    texts: Vec<u32>,
    lists: Vec<Detail>,
    nodes: Vec<(Node, u32)>,
    marks: Vec<(u32, MarkedFields)>,
}

type MarkedFields = Vec<(String, Marked)>;

const SHORT: SnapshotError = SnapshotError::Damaged("too short");

impl Loading {
    fn read(mut self, reader: &mut Reader<'_>) -> Result<Graph, SnapshotError> {
        let number = reader.u64().ok_or(SHORT)?;
        let chain = reader.u64().ok_or(SHORT)?.cast_signed();
        self.graph.position = Position { number, chain };
        let mut counts = [0; 5];
        for count in &mut counts {
            *count = reader.u32().ok_or(SHORT)? as usize;
        }
        // Every record takes at least four bytes, so damage cannot make us reserve much.
        if counts.iter().sum::<usize>() > reader.left() {
            return Err(SHORT);
        }
        let [texts, lists, nodes, blocks, edges] = counts;
        self.graph.texts.reserve(texts, 0);
        self.texts.reserve(texts);
        for _ in 0..texts {
            self.texts.push(self.graph.texts.intern(reader.text().ok_or(SHORT)?));
        }
        self.lists.push(Detail::NOTHING);
        for _ in 0..lists {
            let count = reader.u32().ok_or(SHORT)?;
            let list = (0..count).map(|_| read_transformation(reader));
            let list = list.collect::<Option<Vec<_>>>().ok_or(SHORT)?;
            self.lists.push(self.graph.transforms.intern(&list, &mut self.graph.texts));
        }
        self.nodes.reserve(nodes);
        for _ in 0..nodes {
            let node = self.read_node(reader).ok_or(SHORT)?;
            if node.0.kind == Kind::Dataset {
                let marks = read_marks(reader).ok_or(SHORT)?;
                let marked = (self.nodes.len() as u32, marks);
                self.marks.extend(Some(marked).filter(|(_, marks)| !marks.is_empty()));
            }
            self.nodes.push(node);
        }
        self.check_nodes()?;
        self.graph.nodes.restore(std::mem::take(&mut self.nodes));
        for (node, marks) in std::mem::take(&mut self.marks) {
            self.graph.set_marks(node, &marks);
        }
        self.graph.edges.reserve(blocks, edges);
        for _ in 0..blocks {
            self.read_block(reader)?;
        }
        if reader.left() > 0 {
            return Err(SnapshotError::Damaged("too long"));
        }
        Ok(self.graph)
    }

    fn read_node(&self, reader: &mut Reader<'_>) -> Option<(Node, u32)> {
        let kind = match reader.u8()? {
            0 => Kind::Dataset,
            1 => Kind::Job,
            2 => Kind::Field,
            _ => return None,
        };
        let flags = reader.u8()?;
        let text =
            |t: u32| if t == NONE { Some(NONE) } else { self.texts.get(t as usize).copied() };
        let (id, place, class, access) = if kind == Kind::Field {
            (Uuid::nil(), reader.u32()?, NONE, 0)
        } else {
            let id = Uuid::from_slice(reader.take(16)?).ok()?;
            (id, text(reader.u32()?)?, reader.u32()?, reader.u32()?)
        };
        let name = text(reader.u32()?)?;
        let mut node = Node::new(kind, id, place, name);
        node.access = access;
        (node.named, node.deleted, node.preferred) =
            (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        Some((node, class))
    }

    /// Fields must belong to datasets, classes must have a dataset that is its own class.
    fn check_nodes(&self) -> Result<(), SnapshotError> {
        let is_dataset = |n: u32| self.nodes.get(n as usize).filter(|d| d.0.kind == Kind::Dataset);
        let ok = |(at, (node, class)): (usize, &(Node, u32))| match node.kind {
            Kind::Field => is_dataset(node.place).is_some(),
            Kind::Dataset => is_dataset(*class)
                .is_some_and(|c| c.1 == *class && (at == *class as usize || c.0.id != node.id)),
            _ => true,
        };
        let all_fit = self.nodes.iter().enumerate().all(ok);
        all_fit.then_some(()).ok_or(SnapshotError::Damaged("nodes"))
    }

    fn read_block(&mut self, reader: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let (block, edges) = self.read_head(reader).ok_or(SHORT)?;
        if !self.fits(&block) {
            return Err(SnapshotError::Damaged("block"));
        }
        let handle = self.graph.edges.add_block(&mut self.graph.nodes, block);
        for _ in 0..edges {
            let mut word = || reader.u32().ok_or(SHORT);
            let (from, to, detail) = (word()?, word()?, Detail(word()?));
            let list = self.lists.get(detail.list() as usize);
            let joins = (self.kind(from), self.kind(to));
            let fits = match (block.said, joins) {
                (Said::Reads, ends) => ends == (Some(Kind::Dataset), Some(Kind::Job)),
                (Said::Writes, ends) => ends == (Some(Kind::Job), Some(Kind::Dataset)),
                (_, (from, to)) => from.is_some() && to.is_some(),
            };
            let Some(list) = list.filter(|_| fits) else {
                return Err(SnapshotError::Damaged("edge"));
            };
            let detail = detail.with_list(list.list());
            self.graph.edges.add(&mut self.graph.nodes, handle, from, to, detail);
        }
        Ok(())
    }

    fn kind(&self, node: u32) -> Option<Kind> {
        let is_there = (node as usize) < self.graph.nodes.slots();
        is_there.then(|| self.graph.nodes[node].kind)
    }

    /// Jobs say everything but views, and they speak of datasets and jobs.
    fn fits(&self, block: &Block) -> bool {
        let owner = if block.said == Said::View { Kind::Dataset } else { Kind::Job };
        let about = self.kind(block.about);
        let about_fits = matches!(about, Some(Kind::Dataset | Kind::Job)) || block.about == NONE;
        self.kind(block.owner) == Some(owner) && about_fits
    }

    fn read_head(&self, reader: &mut Reader<'_>) -> Option<(Block, u32)> {
        let first = Time::from_micros(reader.u64()?.cast_signed());
        let last = Time::from_micros(reader.u64()?.cast_signed());
        let (runs, owner, about) = (reader.u32()?, reader.u32()?, reader.u32()?);
        let said = [Said::Reads, Said::Writes, Said::Columns, Said::Entry, Said::View];
        let said = *said.get(reader.u8()? as usize)?;
        let origin = [Origin::Inferred, Origin::Declared, Origin::Observed];
        let origin = *origin.get(reader.u8()? as usize)?;
        let current = reader.u8()? != 0;
        let (next, edges) = (NONE, NONE);
        let block = Block { first, last, runs, owner, about, next, edges, said, origin, current };
        Some((block, reader.u32()?))
    }
}

fn read_marks(reader: &mut Reader<'_>) -> Option<MarkedFields> {
    let texts = |reader: &mut Reader<'_>| -> Option<Vec<String>> {
        (0..reader.u32()?).map(|_| reader.text().map(str::to_owned)).collect()
    };
    let mut marks = Vec::new();
    for _ in 0..reader.u32()? {
        let field = reader.text()?.to_owned();
        let mut mark = || Some(Mark { tags: texts(reader)?, classes: texts(reader)? });
        marks.push((field, Marked { all: mark()?, sure: mark()? }));
    }
    Some(marks)
}

fn read_transformation(reader: &mut Reader<'_>) -> Option<Transformation> {
    use TransformationKind::{Direct, Indirect, Other};
    let kind = *[Direct, Indirect, Other].get(reader.u8()? as usize)?;
    let flags = reader.u8()?;
    let mut text = |bit: u8| -> Option<Option<String>> {
        if flags & bit == 0 { Some(None) } else { reader.text().map(|t| Some(t.to_owned())) }
    };
    let (subtype, description) = (text(2)?, text(4)?);
    Some(Transformation { kind, subtype, description, masking: flags & 1 != 0 })
}
