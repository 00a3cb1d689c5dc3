//! The nodes: datasets, jobs and fields, found by id or by (dataset, field name).
//!
//! Which datasets are one (aliases) is kept here as a ring per class with its canonical
//! member; the rule that picks that member is in [`super::alias`].

use uuid::Uuid;

use super::index::{Index, NONE, handle, hash_bytes, hash_pair};

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A dataset.
    Dataset,
    /// A job.
    Job,
    /// A field of a dataset.
    Field,
    /// A slot that waits for reuse.
    Free,
}

/// One node. Handles point into the same list unless told otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// Id of a dataset or job; nil for fields.
    pub(super) id: Uuid,
    /// Dataset, job: text of the namespace. Field: its dataset.
    pub(super) place: u32,
    /// Text of the name.
    pub(super) name: u32,
    /// First outgoing edge.
    pub(super) out: u32,
    /// First incoming edge.
    pub(super) into: u32,
    /// Dataset: first field. Field: next field of its dataset.
    pub(super) fields: u32,
    /// Dataset, job: first block of what it asserts.
    pub(super) blocks: u32,
    /// Dataset: canonical member of its class.
    pub(super) canon: u32,
    /// Dataset: next member of its class, around.
    pub(super) ring: u32,
    /// Dataset, job: the access class that it is in; 0 if nobody said.
    pub(super) access: u32,
    /// What it is.
    pub(super) kind: Kind,
    /// Whether somebody gave it a name (dataset, job).
    pub(super) named: bool,
    /// Whether it is marked as deleted.
    pub(super) deleted: bool,
    /// Whether it shall be the canonical member of its class.
    pub(super) preferred: bool,
}

impl Node {
    /// Makes a node that is linked to nothing.
    pub(super) fn new(kind: Kind, id: Uuid, place: u32, name: u32) -> Self {
        Self {
            id,
            place,
            name,
            out: NONE,
            into: NONE,
            fields: NONE,
            blocks: NONE,
            canon: NONE,
            ring: NONE,
            access: 0,
            kind,
            named: false,
            deleted: false,
            preferred: false,
        }
    }
}

/// All nodes.
#[derive(Debug, Clone, Default)]
pub(super) struct Nodes {
    list: Vec<Node>,
    by_id: Index,
    by_field: Index,
    free: Vec<u32>,
}

impl std::ops::Index<u32> for Nodes {
    type Output = Node;

    fn index(&self, node: u32) -> &Node {
        &self.list[node as usize]
    }
}

impl std::ops::IndexMut<u32> for Nodes {
    fn index_mut(&mut self, node: u32) -> &mut Node {
        &mut self.list[node as usize]
    }
}

impl Nodes {
    /// Makes room for that many further datasets and jobs, and fields.
    pub(super) fn reserve(&mut self, entities: usize, fields: usize) {
        self.list.reserve(entities + fields);
        self.by_id.reserve(entities, hash_id(&self.list));
        self.by_field.reserve(fields, hash_field(&self.list));
    }

    /// Finds a dataset or job.
    pub(super) fn find(&self, kind: Kind, id: Uuid) -> Option<u32> {
        let is = |h: u32| self[h].id == id && self[h].kind == kind;
        self.by_id.find(hash_bytes(id.as_bytes()), is)
    }

    /// Finds a dataset or job, making it if it is new.
    pub(super) fn entity(&mut self, kind: Kind, id: Uuid) -> u32 {
        if let Some(found) = self.find(kind, id) {
            return found;
        }
        let new = self.add(kind, id, NONE, NONE);
        self[new].canon = new;
        self[new].ring = new;
        self.by_id.insert(hash_bytes(id.as_bytes()), new, hash_id(&self.list));
        new
    }

    /// Finds a field by its dataset (this member of the class, not its aliases) and name.
    pub(super) fn find_field(&self, dataset: u32, name: u32) -> Option<u32> {
        let is = |h: u32| self[h].place == dataset && self[h].name == name;
        self.by_field.find(hash_pair(dataset, name), is)
    }

    /// Finds a field, making it if it is new.
    pub(super) fn field(&mut self, dataset: u32, name: u32) -> u32 {
        if let Some(found) = self.find_field(dataset, name) {
            return found;
        }
        let new = self.add(Kind::Field, Uuid::nil(), dataset, name);
        self[new].fields = self[dataset].fields;
        self[dataset].fields = new;
        self.by_field.insert(hash_pair(dataset, name), new, hash_field(&self.list));
        new
    }

    /// Fills an empty list with nodes and, for datasets, the canonical node of their class.
    pub(super) fn restore(&mut self, nodes: Vec<(Node, u32)>) {
        let fields = nodes.iter().filter(|(n, _)| n.kind == Kind::Field).count();
        self.reserve(nodes.len() - fields, fields);
        self.list.extend(nodes.iter().map(|(node, _)| *node));
        for (at, (node, class)) in nodes.iter().enumerate() {
            let new = handle(at);
            if node.kind == Kind::Field {
                self[new].fields = self[node.place].fields;
                self[node.place].fields = new;
                let hash = hash_pair(node.place, node.name);
                self.by_field.insert(hash, new, hash_field(&self.list));
                continue;
            }
            self.by_id.insert(hash_bytes(node.id.as_bytes()), new, hash_id(&self.list));
            let is_job = node.kind == Kind::Job;
            self[new].canon = if is_job { new } else { *class };
            if self[new].ring == NONE {
                self[new].ring = new;
            }
            if !is_job && *class != new {
                if self[*class].ring == NONE {
                    self[*class].ring = *class;
                }
                self[new].ring = self[*class].ring;
                self[*class].ring = new;
            }
        }
    }

    /// Takes a node out. Its edges, fields and blocks must be gone, its class left.
    pub(super) fn remove(&mut self, node: u32) {
        let Node { id, place, name, fields, kind, .. } = self[node];
        if kind == Kind::Field {
            self.by_field.remove(hash_pair(place, name), node, hash_field(&self.list));
            self.unlink_field(place, node, fields);
        } else {
            self.by_id.remove(hash_bytes(id.as_bytes()), node, hash_id(&self.list));
        }
        self[node].kind = Kind::Free;
        self.free.push(node);
    }

    /// Returns the members of a dataset's class, the canonical one first.
    pub(super) fn names_of(&self, dataset: u32) -> impl Iterator<Item = u32> {
        let first = self[dataset].canon;
        let mut next = Some(first);
        std::iter::from_fn(move || {
            let member = next?;
            next = Some(self[member].ring).filter(|&n| n != first);
            Some(member)
        })
    }

    /// Returns the fields of one dataset (not of its aliases), in no fixed order.
    pub(super) fn fields(&self, dataset: u32) -> impl Iterator<Item = u32> {
        let mut next = self[dataset].fields;
        std::iter::from_fn(move || {
            let field = next;
            next = if field == NONE { NONE } else { self[field].fields };
            (field != NONE).then_some(field)
        })
    }

    /// Returns all handles in use.
    pub(super) fn handles(&self) -> impl Iterator<Item = u32> {
        (0..handle(self.list.len())).filter(|&h| self[h].kind != Kind::Free)
    }

    /// Returns the number of nodes.
    pub(super) fn len(&self) -> usize {
        self.list.len() - self.free.len()
    }

    /// Returns the number of slots, free ones included: handles are below it.
    pub(super) fn slots(&self) -> usize {
        self.list.len()
    }

    /// Returns the bytes held on the heap.
    pub(super) fn memory_bytes(&self) -> usize {
        self.list.capacity() * size_of::<Node>()
            + self.by_id.memory_bytes()
            + self.by_field.memory_bytes()
            + self.free.capacity() * 4
    }

    fn add(&mut self, kind: Kind, id: Uuid, place: u32, name: u32) -> u32 {
        let node = Node::new(kind, id, place, name);
        if let Some(slot) = self.free.pop() {
            self[slot] = node;
            return slot;
        }
        self.list.push(node);
        handle(self.list.len() - 1)
    }

    fn unlink_field(&mut self, dataset: u32, field: u32, after: u32) {
        if self[dataset].fields == field {
            self[dataset].fields = after;
            return;
        }
        let mut at = self[dataset].fields;
        while at != NONE {
            let next = self[at].fields;
            if next == field {
                self[at].fields = after;
                return;
            }
            at = next;
        }
    }
}

fn hash_id(list: &[Node]) -> impl Fn(u32) -> u64 {
    |h| hash_bytes(list[h as usize].id.as_bytes())
}

fn hash_field(list: &[Node]) -> impl Fn(u32) -> u64 {
    |h| hash_pair(list[h as usize].place, list[h as usize].name)
}
