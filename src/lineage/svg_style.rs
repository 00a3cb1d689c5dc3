//! Colours and legend of the drawing.
//!
//! Nothing is told by colour alone: kinds differ in shape and icon, edges in their dashes.

use std::fmt::Write;

use super::answer::{Change, EdgeType, SubGraph};
use super::facts::Origin;
use super::transforms::Carry;

/// Colours of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the viewer prefers.
    #[default]
    Auto,
}

/// Colours: background, card, line, text, faint text, accent, job, added, removed.
type Palette = [&'static str; 9];

const LIGHT: Palette = [
    "#ffffff", "#f8fafc", "#64748b", "#0f172a", "#475569", "#1d4ed8", "#f5f3ff", "#15803d",
    "#b91c1c",
];
const DARK: Palette = [
    "#0b1120", "#1e293b", "#94a3b8", "#f1f5f9", "#a3b1c6", "#60a5fa", "#2e2a4f", "#4ade80",
    "#f87171",
];

/// Returns the style element.
pub(super) fn style(theme: Theme) -> String {
    let shapes = "text{font:12px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}\
        .h{font-size:17px;font-weight:600}.nm{font-weight:600}.ns{font-size:10px}\
        .f{font-size:11px}.e path{fill:none;stroke-width:1.3}.e .a{stroke:none}\
        .c{stroke-width:1}.foc .c{stroke-width:2.5}.i{fill:none;stroke-width:1.4}\
        .r{stroke-width:.5}.ind path{stroke-dasharray:2 4}.mask path{stroke-dasharray:9 3 2 3}\
        .inf path{stroke-dasharray:6 4}.rem{stroke-dasharray:4 3}.del{opacity:.55}\
        .hid .c{stroke-dasharray:3 3}";
    let colours = match theme {
        Theme::Light => rules(LIGHT),
        Theme::Dark => rules(DARK),
        Theme::Auto => {
            format!("{}@media (prefers-color-scheme:dark){{{}}}", rules(LIGHT), rules(DARK))
        }
    };
    format!("<style>{shapes}{colours}</style>\n")
}

fn rules([bg, card, line, text, faint, accent, job, added, removed]: Palette) -> String {
    format!(
        ".bg{{fill:{bg}}}.c{{fill:{card};stroke:{line}}}.job .c,.run .c{{fill:{job}}}\
         .h,.nm,.f{{fill:{text}}}.ns{{fill:{faint}}}.i{{stroke:{accent}}}\
         .r{{stroke:{line}}}.foc .c{{stroke:{accent}}}.e path{{stroke:{line}}}\
         .e .a{{fill:{line}}}.add .c,.add path{{stroke:{added}}}.add .a{{fill:{added}}}\
         .rem .c,.rem path{{stroke:{removed}}}.rem .a{{fill:{removed}}}"
    )
}

/// Returns the legend: only of what the drawing shows.
pub(super) fn legend(graph: &SubGraph, left: f32, y: f32) -> String {
    let flows = graph.edges.iter().filter(|e| matches!(e.kind, EdgeType::Flow | EdgeType::Column));
    let has_flow = flows.clone().count() > 0;
    let carries = |carry| flows.clone().any(|e| e.carry == carry);
    let inferred = flows.clone().any(|e| e.origin == Origin::Inferred);
    let changed = |change| graph.edges.iter().any(|e| e.change == Some(change));
    let entries = [
        (has_flow, "", "carries values"),
        (carries(Carry::Masked), " mask", "masked"),
        (carries(Carry::Indirect), " ind", "influence only"),
        (inferred, " inf", "inferred"),
        (changed(Change::Added), " add", "added"),
        (changed(Change::Removed), " rem", "removed"),
    ];
    let (mut out, mut x) = (String::new(), left);
    for (_, class, text) in entries.into_iter().filter(|(shown, ..)| *shown) {
        let (line_end, text_start) = (x + 30.0, x + 38.0);
        let _ = writeln!(
            out,
            "<g class=\"e{class}\"><path d=\"M{x} {y}H{line_end}\"/></g>\
             <text class=\"ns\" x=\"{text_start}\" y=\"{}\">{text}</text>",
            y + 3.0
        );
        x = (text.len() as f32).mul_add(6.0, text_start + 18.0);
    }
    out
}
