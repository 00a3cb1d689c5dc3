//! Draws a laid out answer as one standalone SVG file: no scripts, no fonts, no links.
//!
//! Arrowheads are drawn, not markers, and colours are plain rules, so that simple renderers
//! show them too. All text is escaped; nothing of a name can become markup.

use std::fmt::Write;

use super::answer::{Change, Edge, EdgeType, Node, NodeType, SubGraph};
use super::facts::Origin;
use super::layout::{HEAD_HEIGHT, LETTER_WIDTH, Layout, NodeBox, ROW_HEIGHT, Route, TRIM_WIDTH};
use super::svg_style::{Theme, legend, style};
use super::transforms::Carry;
use crate::base::Time;

/// What the drawing says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SvgOptions {
    /// Colours.
    pub theme: Theme,
    /// Heading; without one the names of the focus are.
    pub title: Option<String>,
    /// Time the answer is for.
    pub as_of: Option<Time>,
}

/// Space around the drawing.
const MARGIN: f32 = 24.0;
/// Space for the heading.
const TOP: f32 = 56.0;
/// Space for the legend.
const BOTTOM: f32 = 56.0;
/// Least width, so that heading and legend fit.
const WIDTH_MIN: f32 = 720.0;

/// Draws an answer. `layout` must be that of the same answer.
#[must_use]
pub fn svg(graph: &SubGraph, layout: &Layout, options: &SvgOptions) -> String {
    let width = (layout.width + 2.0 * MARGIN).max(WIDTH_MIN);
    let height = layout.height + TOP + BOTTOM;
    let title = options.title.clone().unwrap_or_else(|| heading(graph));
    let subtitle = subtitle(graph, options.as_of);
    let mut out = String::with_capacity(graph.nodes.len() * 500 + graph.edges.len() * 250 + 4_000);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"t d\">\n\
         <title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n{}\
         <rect class=\"bg\" width=\"{width}\" height=\"{height}\"/>\n\
         <text class=\"h\" x=\"{MARGIN}\" y=\"28\">{}</text>\n\
         <text class=\"ns\" x=\"{MARGIN}\" y=\"46\">{}</text>\n\
         <g transform=\"translate({MARGIN} {TOP})\">\n",
        Escaped(&title),
        Escaped(&subtitle),
        style(options.theme),
        Escaped(&title),
        Escaped(&subtitle),
    );
    for (edge, route) in graph.edges.iter().zip(&layout.edges) {
        draw_edge(&mut out, graph, edge, route);
    }
    for (node, at) in graph.nodes.iter().zip(&layout.nodes) {
        draw_node(&mut out, node, at);
    }
    let _ = write!(out, "</g>\n{}</svg>\n", legend(graph, MARGIN, height - BOTTOM / 2.0));
    out
}

fn heading(graph: &SubGraph) -> String {
    let focus = graph.nodes.iter().filter(|n| n.hops == 0 && n.kind != NodeType::Hidden);
    let names: Vec<&str> = focus.take(3).map(|n| n.name.as_str()).collect();
    format!("Lineage of {}", names.join(", "))
}

fn subtitle(graph: &SubGraph, as_of: Option<Time>) -> String {
    let (nodes, edges) = (graph.nodes.len(), graph.edges.len());
    let mut text = format!("{nodes} nodes, {edges} edges");
    if let Some(time) = as_of {
        let _ = write!(text, ", as of {time}");
    }
    let truncated = graph.truncated;
    if truncated.left_out > 0 {
        let _ = write!(text, "; {} more left out by the node limit", truncated.left_out);
    }
    if truncated.beyond > 0 {
        let _ = write!(text, "; {} more beyond the depth", truncated.beyond);
    }
    if truncated.work {
        text.push_str("; not everything was looked at");
    }
    text
}

fn draw_edge(out: &mut String, graph: &SubGraph, edge: &Edge, route: &Route) {
    let [first, .., last] = route.points[..] else { return };
    let name = |index: usize, field: &Option<String>| {
        let name = graph.nodes.get(index).map_or("", |n| n.name.as_str());
        field.as_ref().map_or_else(|| name.to_owned(), |f| format!("{name}.{f}"))
    };
    let from = name(edge.source, &edge.source_field);
    let to = name(edge.target, &edge.target_field);
    let jobs: Vec<&str> = edge.jobs.iter().map(|j| j.name.as_str()).collect();
    let over = if jobs.is_empty() { String::new() } else { format!(" by {}", jobs.join(", ")) };
    let _ = write!(
        out,
        "<g class=\"e{}\"><title>{} → {}{}</title><path d=\"M{} {}",
        edge_classes(edge),
        Escaped(&from),
        Escaped(&to),
        Escaped(&over),
        first[0],
        first[1],
    );
    for two in route.points.windows(2) {
        let ([ax, ay], [bx, by]) = (two[0], two[1]);
        if (ay - by).abs() < 0.5 || (ax - bx).abs() < 0.5 {
            let _ = write!(out, "L{bx} {by}");
        } else {
            let middle = f32::midpoint(ax, bx);
            let _ = write!(out, "C{middle} {ay} {middle} {by} {bx} {by}");
        }
    }
    let before = route.points.get(route.points.len().wrapping_sub(2)).copied().unwrap_or(first);
    let back = if before[0] > last[0] { 7 } else { -7 };
    let _ =
        writeln!(out, "\"/><path class=\"a\" d=\"M{} {}l{back} -4v8z\"/></g>", last[0], last[1]);
}

fn edge_classes(edge: &Edge) -> &'static str {
    let is_flow = matches!(edge.kind, EdgeType::Flow | EdgeType::Column);
    match (edge.change, is_flow, edge.carry, edge.origin) {
        (Some(Change::Added), ..) => " add",
        (Some(Change::Removed), ..) => " rem",
        (_, true, Carry::Indirect, _) => " ind",
        (_, true, Carry::Masked, _) => " mask",
        (_, true, _, Origin::Inferred) => " inf",
        _ => "",
    }
}

fn draw_node(out: &mut String, node: &Node, at: &NodeBox) {
    let NodeBox { x, y, w, h, .. } = *at;
    let (kind, corner) = match node.kind {
        NodeType::Dataset => ("ds", 6.0),
        NodeType::Job => ("job", HEAD_HEIGHT / 2.0),
        NodeType::Run => ("run", HEAD_HEIGHT / 2.0),
        NodeType::Hidden => ("hid", 6.0),
    };
    let focus = if node.hops == 0 && node.kind != NodeType::Hidden { " foc" } else { "" };
    let gone = if node.deleted { " del" } else { "" };
    let change = match node.change {
        Some(Change::Added) => " add",
        Some(Change::Removed) => " rem",
        _ => "",
    };
    let _ = write!(
        out,
        "<g class=\"n {kind}{focus}{gone}{change}\" transform=\"translate({x} {y})\">\
         <title>{}</title><rect class=\"c\" width=\"{w}\" height=\"{h}\" rx=\"{corner}\"/>",
        Escaped(&description(node)),
    );
    if let Some(count) = node.hidden {
        let all = count.datasets + count.jobs + count.fields;
        let _ = writeln!(
            out,
            "<text class=\"ns\" x=\"12\" y=\"{}\">{all} hidden</text></g>",
            h / 2.0 + 4.0
        );
        return;
    }
    let letters = ((w - TRIM_WIDTH) / LETTER_WIDTH) as usize;
    let icon = match node.kind {
        NodeType::Dataset => "<path class=\"i\" d=\"M10 15h14v14h-14zM10 20h14M15 20v9\"/>",
        _ => "<path class=\"i\" d=\"M12 14l10 8l-10 8z\"/>",
    };
    let _ = write!(
        out,
        "{icon}<text class=\"nm\" x=\"32\" y=\"20\">{}</text>\
         <text class=\"ns\" x=\"32\" y=\"35\">{}</text>",
        Escaped(&shorten(&node.name, letters)),
        Escaped(&shorten(&node.namespace, letters * 6 / 5)),
    );
    for (row, field) in node.fields.iter().enumerate() {
        let top = (row as f32).mul_add(ROW_HEIGHT, HEAD_HEIGHT);
        let _ = write!(
            out,
            "<path class=\"r\" d=\"M0 {top}h{w}\"/><text class=\"f\" x=\"12\" y=\"{}\">{}</text>",
            top + 14.0,
            Escaped(&shorten(&field.name, letters + 3)),
        );
    }
    out.push_str("</g>\n");
}

fn description(node: &Node) -> String {
    let kind = match node.kind {
        NodeType::Dataset => "dataset",
        NodeType::Job => "job",
        NodeType::Run => "run",
        NodeType::Hidden => {
            let count = node.hidden.unwrap_or_default();
            return format!("hidden: {} datasets, {} jobs", count.datasets, count.jobs);
        }
    };
    let deleted = if node.deleted { ", deleted" } else { "" };
    let more = match (node.more_up, node.more_down) {
        (0, 0) => String::new(),
        (up, down) => format!(", {up} more upstream, {down} more downstream"),
    };
    format!("{kind} {} in {}{deleted}{more}", node.name, node.namespace)
}

/// Shortens a text in its middle to that many letters.
fn shorten(text: &str, letters: usize) -> String {
    let count = text.chars().count();
    if count <= letters || letters < 3 {
        return text.chars().take(letters.max(1)).collect();
    }
    let head = letters / 2;
    let tail = letters - head - 1;
    let (start, end) = (text.chars().take(head), text.chars().skip(count - tail));
    start.chain(['…']).chain(end).collect()
}

/// A text as XML content or attribute value.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\t' | '\n' | '\r' => f.write_char(' ')?,
                // XML 1.0 cannot hold these at all (section 2.2).
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => f.write_char('\u{fffd}')?,
                _ => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::shorthand::*;
    use super::super::*;
    use super::*;

    /// Fails on anything that is not a tree of known tags with quoted attributes.
    fn check_tree(text: &str) {
        let mut open: Vec<&str> = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find('<') {
            assert!(!rest[..start].contains('>'), "stray > in {}", &rest[..start]);
            let end = start + rest[start..].find('>').expect("tag ends");
            let tag = &rest[start + 1..end];
            rest = &rest[end + 1..];
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name));
                continue;
            }
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            let name = tag.split([' ', '/']).next().unwrap();
            assert!(["svg", "title", "desc", "style", "rect", "text", "g", "path"].contains(&name));
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        assert!(open.is_empty());
    }

    fn draw(answer: &SubGraph) -> String {
        svg(answer, &layout(answer, None), &SvgOptions::default())
    }

    proptest! {
        #[test]
        fn names_never_become_markup(name in any::<String>(), field in any::<String>()) {
            let mut graph = graph(&[facts("j1").io(&["a"], &["b"]).columns(
                "b", &[(field.as_str(), &["a.x?"])], &[],
            )]);
            graph.name_dataset(ds("a"), &field, &name);
            let mut question = ask("a", 0, 1);
            check_tree(&draw(&graph.reach(&question)));
            question.level = Level::Column;
            check_tree(&draw(&graph.reach(&question)));
        }
    }

    #[test]
    fn drawing_tells_kinds_focus_and_what_is_left_out() {
        let graph = graph(&[facts("j1").io(&["a"], &["b"]), facts("j2").io(&["b"], &["c"])]);
        let drawing = draw(&graph.reach(&ask("a", 0, 1)));
        check_tree(&drawing);
        for part in ["n ds foc", "n job", "Lineage of a", "1 more beyond", "prefers-color-scheme"] {
            assert!(drawing.contains(part), "{part}");
        }
    }

    #[test]
    fn names_are_shortened_in_the_middle() {
        assert_eq!(shorten("warehouse.orders", 9), "ware…ders");
        assert_eq!(shorten("orders", 9), "orders");
    }
}
