//! Who may know whom: the platform no feature, features one another through `mod.rs`, in no circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::paths;
use super::source::{Finding, PLATFORM, Rule, SourceFile, features, line};

const PLATFORM_KNOWS_NONE: Rule = Rule {
    name: "the platform names no feature",
    why: "every feature stands on the platform; if it stood on one of them, none could be changed or left out alone",
};

/// `src/platform` names no feature, and not the place where they are mounted.
pub fn platform_knows_none(files: &[SourceFile]) -> Vec<Finding> {
    let features = features(files);
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.folder() == Some(PLATFORM)) {
        for path in &file.paths {
            let target = paths::resolve(file, path).and_then(|to| to.into_iter().next());
            let Some(feature) =
                target.filter(|to| features.contains(to.as_str()) || to == "routes")
            else {
                continue;
            };
            let what = format!("`{}` leads into `{feature}`", path.segments.join("::"));
            let mend = format!(
                "declare a trait or a parameter in the platform and let `{feature}`, or src/routes.rs, hand its knowledge in"
            );
            findings.push(PLATFORM_KNOWS_NONE.broken(&file.path, path.line, what, mend));
        }
    }
    findings
}

const THROUGH_THE_DOOR: Rule = Rule {
    name: "features meet only through `mod.rs`",
    why: "what a feature offers is then read in one place, and the rest of it may change without asking anybody",
};

/// No feature reaches into a sub-module of another, and none opens one.
pub fn through_the_door(files: &[SourceFile]) -> Vec<Finding> {
    let doors: BTreeMap<&str, &SourceFile> = files
        .iter()
        .filter(|file| file.is_door())
        .filter_map(|file| Some((file.feature()?, file)))
        .collect();
    let mut findings = Vec::new();
    for door in doors.values() {
        for item in &door.syntax.items {
            if let syn::Item::Mod(child) = item
                && !matches!(child.vis, syn::Visibility::Inherited)
            {
                let what = format!("the module `{}` is open to other features", child.ident);
                let mend = format!(
                    "write `mod {0};` and `pub use {0}::…` for what others need",
                    child.ident
                );
                findings.push(THROUGH_THE_DOOR.broken(&door.path, line(child), what, mend));
            }
        }
    }
    for (file, path, to) in steps_out(files) {
        let [feature, module, tail @ ..] = to.as_slice() else {
            continue;
        };
        let Some(door) = doors.get(feature.as_str()) else {
            continue;
        };
        // A function that the door passes on may have the name of its module.
        let passed_on = tail.is_empty() && door.aliases.contains_key(module);
        if door.children.contains(module) && !passed_on {
            let what = format!(
                "`{}` reaches into the module `{module}` of `{feature}`",
                path.segments.join("::")
            );
            let mend = format!(
                "let {} say `pub use {module}::…` and name it as `crate::{feature}::…`",
                door.path
            );
            findings.push(THROUGH_THE_DOOR.broken(&file.path, path.line, what, mend));
        }
    }
    findings
}

/// The paths in features that lead out of them, and where to.
fn steps_out(files: &[SourceFile]) -> Vec<(&SourceFile, &paths::PathUse, Vec<String>)> {
    let mut found = Vec::new();
    for file in files {
        for path in &file.paths {
            let Some(to) = paths::resolve(file, path) else {
                continue;
            };
            let own = to.first().map(String::as_str) == file.folder();
            if !own && file.folder() != Some(PLATFORM) {
                found.push((file, path, to));
            }
        }
    }
    found
}

const NO_CIRCLE: Rule = Rule {
    name: "features know one another in no circle",
    why: "features in a circle are one feature in several folders: none can be understood, tested or changed without all",
};

/// The graph of features has no cycle.
pub fn no_circle(files: &[SourceFile]) -> Vec<Finding> {
    let features = features(files);
    let mut graph: BTreeMap<&str, BTreeMap<&str, (&str, usize)>> = BTreeMap::new();
    for (file, path, to) in steps_out(files) {
        let target = to.first().and_then(|to| features.get(to.as_str()));
        if let (Some(from), Some(to)) = (file.feature(), target) {
            graph
                .entry(from)
                .or_default()
                .entry(to)
                .or_insert((&file.path, path.line));
        }
    }
    let mut known = BTreeSet::new();
    let mut findings = Vec::new();
    for from in graph.keys() {
        let Some(circle) = shortest_circle(&graph, from) else {
            continue;
        };
        let members: BTreeSet<&str> = circle.iter().copied().collect();
        if !known.insert(members) {
            continue;
        }
        let steps: Vec<(&str, (&str, usize))> = circle
            .windows(2)
            .filter_map(|pair| match pair {
                [one, other] => Some((*other, *graph.get(one)?.get(other)?)),
                _ => None,
            })
            .collect();
        let shown: Vec<String> = steps
            .iter()
            .map(|(to, (path, line))| format!("→ {to} ({path}:{line})"))
            .collect();
        let Some((_, (path, line))) = steps.first() else {
            continue;
        };
        let mend = "move what both need into the lower one, or into a feature of its own, or let the lower one be told by a parameter";
        findings.push(NO_CIRCLE.broken(path, *line, format!("{from} {}", shown.join(" ")), mend));
    }
    findings
}

type Graph<'a> = BTreeMap<&'a str, BTreeMap<&'a str, (&'a str, usize)>>;

/// The shortest way from a feature back to it, with it at both ends.
fn shortest_circle<'a>(graph: &Graph<'a>, from: &'a str) -> Option<Vec<&'a str>> {
    let mut ways = VecDeque::from([vec![from]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for next in way
            .last()
            .and_then(|last| graph.get(last))
            .into_iter()
            .flat_map(BTreeMap::keys)
        {
            let longer = [way.as_slice(), &[*next]].concat();
            if *next == from {
                return Some(longer);
            }
            if seen.insert(*next) {
                ways.push_back(longer);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::source::snippets;
    use super::*;

    #[test]
    fn a_platform_that_names_a_feature_is_found() {
        let files = snippets(&[
            ("src/plan/mod.rs", ""),
            ("src/platform/app.rs", "use crate::{platform::db, plan};"),
            (
                "src/platform/jobs/mod.rs",
                "fn f() { super::super::plan::find(); go!(crate::routes::all()) }",
            ),
        ]);
        let lines: Vec<usize> = platform_knows_none(&files)
            .iter()
            .map(|one| one.line)
            .collect();
        assert_eq!(lines, [1, 1, 1]);
    }

    #[test]
    fn a_platform_that_talks_of_features_only_in_its_documentation_is_clean() {
        let files = snippets(&[
            ("src/plan/mod.rs", ""),
            (
                "src/platform/app.rs",
                "//! See [`crate::plan`].\nuse super::plan;\n/// As in [`crate::plan`].\nfn f(plan: u8) { plan.plan(); }",
            ),
        ]);
        assert!(platform_knows_none(&files).is_empty());
    }

    #[test]
    fn reaching_into_another_feature_is_found() {
        let files = snippets(&[
            (
                "src/plan/mod.rs",
                "mod store;\nmod model;\npub mod open;\npub use model::Plan;",
            ),
            (
                "src/firms/get.rs",
                "use crate::plan::store::find;\nuse crate::plan;\nfn f() { plan::model::Plan::new() }",
            ),
        ]);
        let found: Vec<_> = through_the_door(&files)
            .iter()
            .map(|one| (one.file.clone(), one.line))
            .collect();
        let expected = [
            ("src/plan/mod.rs", 3),
            ("src/firms/get.rs", 1),
            ("src/firms/get.rs", 3),
        ];
        assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
    }

    #[test]
    fn going_through_the_door_is_clean() {
        let files = snippets(&[
            (
                "src/plan/mod.rs",
                "mod store;\nmod propose;\npub use propose::propose;\npub use store::find;",
            ),
            (
                "src/plan/get.rs",
                "use super::store;\nfn f() { store::find(); crate::plan::store::find() }",
            ),
            (
                "src/firms/get.rs",
                "use crate::plan::{self, find};\nfn f() { plan::propose(); crate::plan::propose() }",
            ),
        ]);
        assert!(through_the_door(&files).is_empty());
    }

    #[test]
    fn a_circle_is_found_once_and_shown() {
        let files = snippets(&[
            ("src/plan/mod.rs", "use crate::firms;"),
            ("src/firms/mod.rs", "fn f() { crate::members::find() }"),
            ("src/members/mod.rs", "\nuse crate::plan::Plan;"),
        ]);
        let found = no_circle(&files);
        let shown: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(
            shown,
            [
                "firms → members (src/firms/mod.rs:1) → plan (src/members/mod.rs:2) → firms (src/plan/mod.rs:1)"
            ]
        );
    }

    #[test]
    fn a_graph_that_only_leads_down_is_clean() {
        let files = snippets(&[
            ("src/plan/mod.rs", "use crate::{firms, members};"),
            (
                "src/firms/mod.rs",
                "use crate::members;\nuse crate::platform::db;",
            ),
            ("src/members/mod.rs", "use crate::words;"),
            ("src/routes.rs", "use crate::plan;"),
        ]);
        assert!(no_circle(&files).is_empty());
    }
}
