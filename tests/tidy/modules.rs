//! Which module imports which, read from the text: `use` and inline paths, without
//! comments and tests. A name that a module only hands on counts as a use of the
//! module that has it.

use std::collections::{BTreeMap, BTreeSet};

type Path = Vec<String>;

/// The modules of a source tree, as paths from the crate's root.
#[derive(Default)]
pub struct Modules {
    code: BTreeMap<Path, String>,
    /// By module: names that it hands on, and where they are.
    exports: BTreeMap<Path, BTreeMap<String, Path>>,
}

impl Modules {
    /// Of files below a folder, by path and program text.
    pub fn new(files: impl Iterator<Item = (String, String)>) -> Modules {
        let mut modules = Modules::default();
        for (file, code) in files {
            let path: Path = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            let path = match path.split_last() {
                Some((last, folder)) if ["mod", "lib", "main"].contains(&last.as_str()) => folder.to_vec(),
                _ => path,
            };
            modules.code.insert(path, code);
        }
        for (module, code) in &modules.code {
            let handed_on = uses(code).into_iter().filter(|(public, _)| *public);
            let named = handed_on.filter_map(|(_, path)| {
                let at = modules.absolute(module, &path)?;
                Some((path.last()?.clone(), at))
            });
            modules.exports.insert(module.clone(), named.collect());
        }
        modules
    }

    /// The path from the root; `None` for another crate's.
    fn absolute(&self, module: &Path, path: &[String]) -> Option<Path> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            "super" => {
                let parent = module[..module.len().checked_sub(1)?].to_vec();
                match rest.first().is_some_and(|next| next == "super") {
                    true => self.absolute(&parent, rest),
                    false => Some([&parent, rest].concat()),
                }
            }
            _ => {
                let child = [module, &path[..1]].concat();
                self.code.contains_key(&child).then(|| [module, path].concat())
            }
        }
    }

    /// The module that has what is at a path from the root.
    fn owner(&self, path: &[String]) -> Path {
        let length = (0..=path.len()).rev().find(|&length| self.code.contains_key(&path[..length]));
        let (module, rest) = path.split_at(length.unwrap_or(0));
        let exports = self.exports.get(module);
        match rest.first().and_then(|name| exports?.get(name)) {
            Some(at) if at != path => self.owner(&[at, &rest[1..]].concat()),
            _ => module.to_vec(),
        }
    }

    /// What each module imports.
    pub fn imports(&self) -> BTreeMap<Path, BTreeSet<Path>> {
        let mut imports = BTreeMap::new();
        for (module, code) in &self.code {
            let used = uses(code).into_iter().filter(|(public, _)| !public).map(|(_, path)| path);
            let owners =
                used.chain(inline(code)).filter_map(|path| Some(self.owner(&self.absolute(module, &path)?)));
            imports.insert(module.clone(), owners.filter(|owner| owner != module).collect());
        }
        imports
    }

    /// Modules that can be reached from themselves.
    pub fn in_circles(&self) -> Vec<String> {
        let imports = self.imports();
        let circles = imports.keys().filter(|module| reached(&imports, module).contains(*module));
        circles.map(|module| module.join("::")).collect()
    }
}

fn reached<'a>(imports: &'a BTreeMap<Path, BTreeSet<Path>>, start: &'a Path) -> BTreeSet<&'a Path> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(module) = open.pop() {
        open.extend(imports.get(module).into_iter().flatten().filter(|next| seen.insert(*next)));
    }
    seen
}

/// The paths of all `use`, with whether they are public.
fn uses(code: &str) -> Vec<(bool, Path)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = find_use(rest) {
        let line = rest[..at].rsplit('\n').next().unwrap_or_default();
        let end = rest[at..].find(';').map_or(rest.len(), |end| at + end);
        let tree: String = rest[at + 4..end].split_whitespace().collect::<Vec<_>>().join(" ");
        flatten(&[], &tree, &mut |path| found.push((line.trim_start().starts_with("pub"), path)));
        rest = &rest[end..];
    }
    found
}

fn find_use(code: &str) -> Option<usize> {
    let starts = code.match_indices("use ").map(|(at, _)| at);
    starts.into_iter().find(|&at| {
        let line = code[..at].rsplit('\n').next().unwrap_or_default().trim();
        line.is_empty() || line.starts_with("pub")
    })
}

fn flatten(before: &[String], tree: &str, found: &mut impl FnMut(Path)) {
    let tree = tree.trim();
    let Some((prefix, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().split("::");
        let path = path.filter(|name| *name != "self" || before.is_empty()).map(str::to_owned);
        return found(before.iter().cloned().chain(path).collect());
    };
    let names = prefix.split("::").filter(|name| !name.is_empty()).map(|name| name.trim().to_owned());
    let before: Path = before.iter().cloned().chain(names).collect();
    let (mut depth, mut start) = (0, 0);
    let group = group.trim_end().trim_end_matches(',');
    let group = group.strip_suffix('}').unwrap_or(group);
    for (at, byte) in group.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                flatten(&before, &group[start..at], found);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !group[start..].trim().is_empty() {
        flatten(&before, &group[start..], found);
    }
}

/// Paths that stand where they are used.
fn inline(code: &str) -> Vec<Path> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let lines = code.lines().filter(|line| find_use(line).is_none());
    let words = lines.flat_map(|line| line.split(|c| !is_path(c)));
    let paths =
        words.map(|word| word.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect());
    paths.filter(|path: &Path| path.len() > 1).collect()
}
