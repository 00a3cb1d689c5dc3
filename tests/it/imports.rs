//! What every file names: `use` lines with their groups and aliases, and paths in code, followed
//! through the `pub use` of an index to the file that they mean. The walls stand on this.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A path of modules and names, from the package down.
pub type Names = Vec<String>;

/// What a file names.
pub struct Source {
    pub path: String,
    /// What its `use` lines bring in, by the name it has here.
    pub used: BTreeMap<String, Names>,
    /// Those of them that it gives on (`pub use`).
    pub given: BTreeSet<String>,
    /// Other paths in its code.
    pub named: BTreeSet<Names>,
    /// Libraries and other packages that it names.
    pub outside: BTreeSet<String>,
}

/// The files that are no tests, by the module that each is.
pub type Sources = BTreeMap<Names, Source>;

/// Cuts out what is no code: comments, texts of one line, inline tests.
fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    let mut code = String::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default();
        code.extend(line.split('"').step_by(2));
        code.push('\n');
    }
    code
}

/// Takes code apart into names and signs; `::` is one sign.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut name = String::new();
    for letter in code.chars().chain([' ']) {
        if letter.is_alphanumeric() || letter == '_' {
            name.push(letter);
            continue;
        }
        if !name.is_empty() {
            tokens.push(std::mem::take(&mut name));
        }
        match (letter, tokens.last().map(String::as_str)) {
            (':', Some(":")) => *tokens.last_mut().unwrap() = "::".to_owned(),
            (letter, _) if letter.is_whitespace() => {}
            (letter, _) => tokens.push(letter.to_string()),
        }
    }
    tokens
}

fn is_name(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// Reads one tree of a `use` line: `a::{b, c as d}` brings in `b` as `a::b` and `d` as `a::c`.
fn read_tree(
    tokens: &[String],
    at: &mut usize,
    above: &[String],
    found: &mut Vec<(String, Names)>,
) {
    let mut path = above.to_vec();
    let mut alias = None;
    while let Some(token) = tokens.get(*at) {
        match token.as_str() {
            "{" => {
                *at += 1;
                while tokens.get(*at).is_some_and(|token| token != "}") {
                    read_tree(tokens, at, &path, found);
                    *at += usize::from(tokens.get(*at).is_some_and(|token| token == ","));
                }
                *at += 1;
                return;
            }
            "," | "}" | ";" => break,
            "as" => {
                alias = tokens.get(*at + 1).cloned();
                *at += 1;
            }
            "self" if !path.is_empty() => {}
            name if is_name(name) => path.push(name.to_owned()),
            _ => {}
        }
        *at += 1;
    }
    let name = alias.or_else(|| path.last().cloned()).unwrap_or_default();
    found.push((name, path));
}

/// Makes a path absolute; `None` if it leads out of the package.
fn absolute(module: &Names, path: &[String], is_module: impl Fn(&Names) -> bool) -> Option<Names> {
    let up = path.iter().take_while(|part| *part == "super").count();
    let mut names = match path.first()?.as_str() {
        "crate" => module[..1].to_vec(),
        "super" => module[..module.len().checked_sub(up)?.max(1)].to_vec(),
        "self" => module.clone(),
        child => {
            let child = [module.as_slice(), &[child.to_owned()]].concat();
            return is_module(&child).then(|| [module.as_slice(), path].concat());
        }
    };
    names.extend_from_slice(&path[up.max(1)..]);
    Some(names)
}

/// Reads the paths that a file names.
fn read(path: String, module: &Names, code: &str, is_module: &dyn Fn(&Names) -> bool) -> Source {
    let (mut used, mut given) = (BTreeMap::new(), BTreeSet::new());
    let (mut named, mut outside) = (BTreeSet::new(), BTreeSet::new());
    let tokens = tokens(code);
    let mut at = 0;
    while at < tokens.len() {
        let before = at.checked_sub(1).map(|before| tokens[before].as_str());
        if tokens[at] == "use" && matches!(before, None | Some(";" | "}" | "{" | "pub" | ")" | "]"))
        {
            let is_given = matches!(before, Some("pub" | ")"));
            let mut found = Vec::new();
            at += 1;
            read_tree(&tokens, &mut at, &[], &mut found);
            for (name, path) in found {
                match absolute(module, &path, is_module) {
                    Some(path) => {
                        given.extend(is_given.then(|| name.clone()));
                        used.insert(name, path);
                    }
                    None => outside.extend(path.first().cloned()),
                }
            }
        } else if is_name(&tokens[at]) && tokens.get(at + 1).is_some_and(|next| next == "::") {
            let mut chain = vec![tokens[at].clone()];
            while tokens.get(at + 1).is_some_and(|next| next == "::")
                && tokens.get(at + 2).is_some_and(|next| is_name(next))
            {
                chain.push(tokens[at + 2].clone());
                at += 2;
            }
            named.insert(chain);
        }
        at += 1;
    }
    let expand = |chain: &Names| match used.get(&chain[0]) {
        Some(path) => Some([path.as_slice(), &chain[1..]].concat()),
        None => absolute(module, chain, is_module),
    };
    let paths: BTreeSet<Names> = named.iter().filter_map(expand).collect();
    outside.extend(
        named.into_iter().filter(|chain| expand(chain).is_none()).map(|chain| chain[0].clone()),
    );
    Source { path, used, given, named: paths, outside }
}

/// Finds all Rust files below a folder.
pub fn walk(dir: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// Reads the house and the demo.
pub fn sources() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts: BTreeMap<Names, (String, String)> = BTreeMap::new();
    for package in ["src", "demo/src"] {
        let mut files = Vec::new();
        walk(&root.join(package), &mut files);
        for file in files {
            let below = file.strip_prefix(root.join(package)).unwrap().with_extension("");
            let parts = below.iter().map(|part| part.to_string_lossy().into_owned());
            let mut module: Names = std::iter::once(package.to_owned()).chain(parts).collect();
            module.pop_if(|last| matches!(last.as_str(), "mod" | "lib"));
            let path = file.strip_prefix(root).unwrap().display().to_string();
            texts.insert(module, (path, fs::read_to_string(&file).unwrap()));
        }
    }
    let mut tests = Vec::new();
    for (module, (_, text)) in &texts {
        for part in text.split("#[cfg(test)]\n").skip(1) {
            let name = part.split_once(';').and_then(|(line, _)| line.strip_prefix("mod "));
            tests.extend(name.map(|name| [module.as_slice(), &[name.to_owned()]].concat()));
        }
    }
    texts.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
    let modules: BTreeSet<Names> = texts.keys().cloned().collect();
    let is_module = |names: &Names| modules.contains(names);
    let read = |(module, (path, text)): (Names, (String, String))| {
        let source = read(path, &module, &code_of(&text), &is_module);
        (module, source)
    };
    texts.into_iter().map(read).collect()
}

/// Returns the file that a path means; `None` for a folder's index as a whole.
pub fn meant<'a>(sources: &'a Sources, names: &[String], left: usize) -> Option<&'a Source> {
    let length = (1..=names.len()).rev().find(|length| sources.contains_key(&names[..*length]))?;
    let source = &sources[&names[..length]];
    let is_index = source.path.ends_with("/mod.rs") || length == 1;
    match names.get(length).map(|name| source.used.get(name)) {
        None => Some(source).filter(|_| !is_index),
        Some(Some(further)) if left > 0 => {
            meant(sources, &[further.as_slice(), &names[length + 1..]].concat(), left - 1)
        }
        Some(_) => Some(source),
    }
}

#[test]
fn groups_aliases_and_paths_through_an_index_are_seen() {
    let of = |text: &str| {
        let mut found = Vec::new();
        read_tree(&tokens(text), &mut 0, &[], &mut found);
        found
            .into_iter()
            .map(|(name, path)| format!("{name}={}", path.join("::")))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("crate::a::{b, c::{self, d as e}, f::*};"),
        ["b=crate::a::b", "c=crate::a::c", "e=crate::a::c::d", "f=crate::a::f"]
    );
    let file = |path: &str, code: &str| {
        let below = path.trim_end_matches(".rs").trim_end_matches("/mod");
        let module: Names = below.split('/').map(str::to_owned).collect();
        let source = read(path.to_owned(), &module, &code_of(code), &|names: &Names| {
            ["one", "two"].contains(&names.last().unwrap().as_str())
        });
        (module, source)
    };
    let sources: Sources = [
        file(
            "src/room/mod.rs",
            "mod one;\nmod two;\npub use one::One;\npub use two::{Two as Other};",
        ),
        file("src/room/one.rs", "use super::Other;\npub struct One;"),
        file(
            "src/room/two.rs",
            "use tokio::{fs as f};\nfn two() -> crate::room::One { \"super::x\" } // super::Other",
        ),
    ]
    .into();
    let one = &sources[&["src", "room", "one"].map(str::to_owned).to_vec()];
    let seen = meant(&sources, &one.used["Other"], 8).map(|source| source.path.as_str());
    assert_eq!(seen, Some("src/room/two.rs"));
    let two = &sources[&["src", "room", "two"].map(str::to_owned).to_vec()];
    let path = two.named.iter().next().expect("a path");
    assert_eq!(
        meant(&sources, path, 8).map(|source| source.path.as_str()),
        Some("src/room/one.rs")
    );
    assert_eq!(two.outside, BTreeSet::from(["tokio".to_owned()]));
}
