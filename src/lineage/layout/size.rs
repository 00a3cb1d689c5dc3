//! Sizes of cards and where edges attach to them.

use super::super::answer::{FieldNode, Node, NodeType};

/// Height of a card's head, in pixels.
pub(in super::super) const HEAD_HEIGHT: f32 = 44.0;
/// Height of one field's row.
pub(in super::super) const ROW_HEIGHT: f32 = 20.0;
/// Space below the last row.
const FOOT_HEIGHT: f32 = 6.0;
/// Width of one letter, on average.
pub(in super::super) const LETTER_WIDTH: f32 = 7.6;
const WIDTH_MIN: f32 = 120.0;
/// Greatest width of a card; longer names are shortened in the middle.
const WIDTH_MAX: f32 = 300.0;
/// Width of a card beside its name: icon and margins.
pub(in super::super) const TRIM_WIDTH: f32 = 44.0;

/// Size of a card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    pub(super) w: f32,
    pub(super) h: f32,
}

/// Returns the size of a node's card.
pub(super) fn of(node: &Node) -> Size {
    let longest = node
        .fields
        .iter()
        .map(|f| f.name.chars().count())
        .chain([node.name.chars().count()])
        .max()
        .unwrap_or(0);
    let w = (longest as f32).mul_add(LETTER_WIDTH, TRIM_WIDTH).clamp(WIDTH_MIN, WIDTH_MAX);
    let rows = node.fields.len() as f32 * ROW_HEIGHT;
    let foot = if node.fields.is_empty() { 0.0 } else { FOOT_HEIGHT };
    let head = if node.kind == NodeType::Hidden { HEAD_HEIGHT - 12.0 } else { HEAD_HEIGHT };
    Size { w: w.ceil(), h: head + rows + foot }
}

/// Returns how far below a card's upper side edges to a field (or to the whole) attach.
pub(super) fn port(node: &Node, height: f32, field: Option<&str>) -> f32 {
    let row = field
        .and_then(|f| node.fields.binary_search_by(|n: &FieldNode| n.name.as_str().cmp(f)).ok());
    match row {
        Some(row) => (row as f32 + 0.5).mul_add(ROW_HEIGHT, HEAD_HEIGHT),
        None if node.fields.is_empty() => height / 2.0,
        None => HEAD_HEIGHT / 2.0,
    }
}
