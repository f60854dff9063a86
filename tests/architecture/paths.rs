//! The paths that a file names, in code, imports and macros alike, and what they lead to.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenTree};

use super::source::{SourceFile, group, ident, is_punct};

/// A path where it is named.
#[derive(Clone, Debug)]
pub struct PathUse {
    /// As it is written; an import's braces are written out.
    pub segments: Vec<String>,
    /// The line.
    pub line: usize,
    /// The name that an import gives it.
    pub alias: Option<String>,
    /// Whether it stands in an import.
    pub imported: bool,
    /// Whether it is called.
    pub called: bool,
    inside: Vec<String>,
}

/// What the imports of a file call things.
pub type Aliases = BTreeMap<String, PathUse>;

/// The names that imports give.
pub fn aliases(paths: &[PathUse]) -> Aliases {
    let named = paths
        .iter()
        .filter_map(|path| Some((path.alias.clone()?, path.clone())));
    named.collect()
}

/// A path in the file itself.
pub fn path_in(file: &SourceFile, segments: Vec<String>) -> PathUse {
    let inside = file.module.clone();
    PathUse {
        segments,
        line: 0,
        alias: None,
        imported: false,
        called: false,
        inside,
    }
}

/// Adds every path among the tokens.
pub fn collect(trees: &[TokenTree], inside: &[String], found: &mut Vec<PathUse>) {
    let mut at = 0;
    while let Some(tree) = trees.get(at) {
        match tree {
            TokenTree::Group(block) => {
                let inner: Vec<TokenTree> = block.stream().into_iter().collect();
                collect(&inner, inside, found);
                at += 1;
            }
            TokenTree::Ident(word) if word == "use" && !is_punct(trees.get(at + 1), '<') => {
                let rest = trees.get(at + 1..).unwrap_or_default();
                let length = rest
                    .iter()
                    .take_while(|tree| !is_punct(Some(tree), ';'))
                    .count();
                imports(rest.get(..length).unwrap_or_default(), &[], inside, found);
                at += length + 1;
            }
            TokenTree::Ident(word) if word == "mod" => {
                let (name, block) = (
                    ident(trees.get(at + 1)),
                    group(trees.get(at + 2), Delimiter::Brace),
                );
                if let (Some(name), Some(block)) = (name, block) {
                    collect(&block, &[inside, &[name]].concat(), found);
                    at += 3;
                } else {
                    at += 2;
                }
            }
            TokenTree::Ident(_) if is_head(trees.get(..at).unwrap_or_default()) => {
                let rest = trees.get(at..).unwrap_or_default();
                let (path, length) = path(rest, inside);
                found.push(path);
                at += length;
            }
            _ => at += 1,
        }
    }
}

/// Whether a path can begin after these tokens: not a field, a method, a lifetime or a later part.
fn is_head(before: &[TokenTree]) -> bool {
    let mut back = before.iter().rev();
    let (last, one_before) = (back.next(), back.next());
    let field = is_punct(last, '.') && !is_punct(one_before, '.');
    let later = is_punct(last, ':') && is_punct(one_before, ':');
    !field && !later && !is_punct(last, '\'')
}

fn is_joint(trees: &[TokenTree], at: usize) -> bool {
    is_punct(trees.get(at), ':') && is_punct(trees.get(at + 1), ':')
}

fn path(trees: &[TokenTree], inside: &[String]) -> (PathUse, usize) {
    let mut segments: Vec<String> = ident(trees.first()).into_iter().collect();
    let mut at = 1;
    while is_joint(trees, at) {
        if let Some(segment) = ident(trees.get(at + 2)) {
            segments.push(segment);
            at += 3;
        } else if is_punct(trees.get(at + 2), '<') {
            at += 2 + generics(trees.get(at + 2..).unwrap_or_default());
        } else {
            break;
        }
    }
    let called = group(trees.get(at), Delimiter::Parenthesis).is_some();
    let line = trees.first().map_or(0, |tree| tree.span().start().line);
    (
        PathUse {
            segments,
            line,
            alias: None,
            imported: false,
            called,
            inside: inside.to_vec(),
        },
        at,
    )
}

/// How many tokens `<…>` has.
fn generics(trees: &[TokenTree]) -> usize {
    let mut depth = 0_usize;
    for (count, tree) in trees.iter().enumerate() {
        let arrow = count > 0 && is_punct(trees.get(count - 1), '-');
        if is_punct(Some(tree), '<') {
            depth += 1;
        } else if is_punct(Some(tree), '>') && !arrow {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return count + 1;
            }
        }
    }
    trees.len()
}

fn imports(trees: &[TokenTree], prefix: &[String], inside: &[String], found: &mut Vec<PathUse>) {
    for one in trees.split(|tree| is_punct(Some(tree), ',')) {
        let mut segments = prefix.to_vec();
        let (mut alias, mut glob, mut nested) = (None, false, false);
        let mut rest = one.iter();
        while let Some(tree) = rest.next() {
            match tree {
                TokenTree::Ident(word) if word == "as" => alias = ident(rest.next()),
                TokenTree::Ident(word) => segments.push(word.to_string()),
                TokenTree::Group(several) => {
                    let inner: Vec<TokenTree> = several.stream().into_iter().collect();
                    imports(&inner, &segments, inside, found);
                    nested = true;
                }
                TokenTree::Punct(sign) if sign.as_char() == '*' => glob = true,
                _ => {}
            }
        }
        if nested || one.is_empty() {
            continue;
        }
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let alias = alias.or_else(|| segments.last().cloned()).filter(|_| !glob);
        let line = one.first().map_or(0, |tree| tree.span().start().line);
        found.push(PathUse {
            segments,
            line,
            alias,
            imported: true,
            called: false,
            inside: inside.to_vec(),
        });
    }
}

/// Where a name leads that a file imports or passes on.
pub fn resolve_name(file: &SourceFile, name: &str) -> Option<Vec<String>> {
    let known = file.aliases.get(name)?;
    resolve(
        file,
        &PathUse {
            imported: false,
            ..known.clone()
        },
    )
}

/// Where a path leads, from the root of the crate; `None` for what is local or of another crate.
pub fn resolve(file: &SourceFile, path: &PathUse) -> Option<Vec<String>> {
    resolve_within(file, path, 8)
}

fn resolve_within(file: &SourceFile, path: &PathUse, patience: usize) -> Option<Vec<String>> {
    let (head, rest) = path.segments.split_first()?;
    match head.as_str() {
        "crate" => Some(rest.to_vec()),
        "self" => Some([path.inside.as_slice(), rest].concat()),
        "super" => {
            let ups = path
                .segments
                .iter()
                .take_while(|segment| *segment == "super")
                .count();
            let from = path.inside.get(..path.inside.len().checked_sub(ups)?)?;
            Some([from, path.segments.get(ups..)?].concat())
        }
        _ => {
            let child = || [file.module.as_slice(), path.segments.as_slice()].concat();
            // A module and a function may share a name: what has a tail is the module.
            if file.children.contains(head) && !rest.is_empty() {
                return Some(child());
            }
            let known = file
                .aliases
                .get(head)
                .filter(|_| patience > 0 && !path.imported);
            match known {
                Some(known) => {
                    let onto = resolve_within(
                        file,
                        &PathUse {
                            imported: false,
                            ..known.clone()
                        },
                        patience - 1,
                    )?;
                    Some([onto.as_slice(), rest].concat())
                }
                None => file.children.contains(head).then(child),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::snippets;
    use super::*;

    fn leads(path: &str, text: &str) -> Vec<String> {
        let files = snippets(&[(path, text)]);
        let file = files.first().unwrap();
        file.paths
            .iter()
            .filter_map(|path| resolve(file, path))
            .map(|to| to.join("::"))
            .collect()
    }

    #[test]
    fn imports_are_written_out_and_followed() {
        let text = "use crate::{members::{self, Member as One}, plan};\n\
                    fn f() { members::find(); One::new(); plan::store::get(); json!({\"a\": plan::x}); }";
        let found = leads("src/firms/get.rs", text);
        for expected in [
            "members",
            "members::Member",
            "members::find",
            "members::Member::new",
            "plan::store::get",
            "plan::x",
        ] {
            assert!(
                found.iter().any(|one| one == expected),
                "{expected} is not among {found:?}"
            );
        }
    }

    #[test]
    fn a_path_through_the_parent_is_followed_also_out_of_a_module_in_place() {
        let text =
            "use super::super::plan::store;\nmod inner { fn f() { super::super::get::g() } }";
        let found = leads("src/firms/list.rs", text);
        assert_eq!(found, ["plan::store", "firms::get::g"]);
    }

    #[test]
    fn a_module_and_a_function_of_one_name_are_told_apart() {
        let text =
            "mod propose;\npub use propose::propose;\nfn f() { propose::other(); propose(); }";
        let found = leads("src/firms/mod.rs", text);
        assert_eq!(found.last().unwrap(), "firms::propose::propose");
        assert!(found.iter().any(|one| one == "firms::propose::other"));
    }

    #[test]
    fn fields_methods_and_lifetimes_are_no_paths() {
        let found = leads(
            "src/firms/get.rs",
            "use crate::plan;\nfn f<'plan>(a: &'plan A) { a.plan.plan(); }",
        );
        assert_eq!(found, ["plan"]);
    }
}
