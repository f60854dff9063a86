//! Operations in their place: each is mounted, in a file of its own, and guarded where it patches.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenTree};

use super::paths;
use super::routes::{all, method, of};
use super::source::{Finding, Rule, SourceFile, each, group, group_at, is_ident, is_punct, line};

const MOUNTED: Rule = Rule {
    name: "every route function is mounted, and every feature's `routes`",
    why: "an operation that is not mounted compiles, is documented nowhere and answers 404",
};

/// Each operation stands in its feature's `routes`, each feature's `routes` in `src/routes.rs`.
pub fn are_mounted(files: &[SourceFile]) -> Vec<Finding> {
    let root = files.iter().find(|file| file.path == "src/routes.rs");
    let at_root = root
        .map(|root| services(root, &root.trees))
        .unwrap_or_default();
    let mut findings = Vec::new();
    for (file, route) in all(files) {
        let own = [file.module.as_slice(), &[route.sig.ident.to_string()]].concat();
        let door = files
            .iter()
            .find(|door| door.is_door() && door.feature() == file.feature());
        let (mounted, at) = match (file.feature(), door) {
            (Some(_), Some(door)) => (
                services(door, &body_of_routes(door)).contains(&own),
                door.path.as_str(),
            ),
            _ => (at_root.contains(&own), "src/routes.rs"),
        };
        if !mounted {
            let short = own
                .get(own.len().saturating_sub(2)..)
                .unwrap_or_default()
                .join("::");
            let what = format!("`{}` is mounted nowhere", route.sig.ident);
            let mend = format!("add `.service({short})` to `routes` in {at}");
            findings.push(MOUNTED.broken(&file.path, line(&route.sig.ident), what, mend));
        }
    }
    let named: BTreeSet<Vec<String>> = root
        .into_iter()
        .flat_map(|root| {
            root.paths
                .iter()
                .filter_map(|path| paths::resolve(root, path))
        })
        .collect();
    for door in files
        .iter()
        .filter(|file| file.is_door() && !body_of_routes(file).is_empty())
    {
        let routes = [door.module.as_slice(), &["routes".to_owned()]].concat();
        if !named.contains(&routes) {
            let mend = format!("name `{}` in src/routes.rs", routes.join("::"));
            findings.push(MOUNTED.broken(
                &door.path,
                1,
                "the feature's `routes` are mounted nowhere",
                mend,
            ));
        }
    }
    findings
}

/// What is given to `.service(…)`.
fn services(file: &SourceFile, trees: &[TokenTree]) -> BTreeSet<Vec<String>> {
    let mut found = Vec::new();
    each(trees, &mut |rest| {
        let given = group(rest.get(2), Delimiter::Parenthesis);
        if is_punct(rest.first(), '.') && is_ident(rest.get(1), "service") {
            paths::collect(&given.unwrap_or_default(), &file.module, &mut found);
        }
    });
    let own = |path: &paths::PathUse| [file.module.as_slice(), path.segments.as_slice()].concat();
    found
        .iter()
        .map(|path| paths::resolve(file, path).unwrap_or_else(|| own(path)))
        .collect()
}

fn body_of_routes(door: &SourceFile) -> Vec<TokenTree> {
    let routes = door.syntax.items.iter().find_map(|item| match item {
        syn::Item::Fn(function) if function.sig.ident == "routes" => Some(function),
        _ => None,
    });
    let place = routes.map(|routes| routes.block.brace_token.span.open().start());
    place
        .and_then(|place| group_at(&door.trees, place))
        .unwrap_or_default()
}

const ONE_A_FILE: Rule = Rule {
    name: "a file of a feature has at most one route function",
    why: "files of one operation stay small and are found by their name; files of a resource grow without end",
};

/// Files are operations.
pub fn one_a_file(files: &[SourceFile]) -> Vec<Finding> {
    let features = files.iter().filter(|file| file.feature().is_some());
    let surplus =
        features.flat_map(|file| of(file).into_iter().skip(1).map(move |route| (file, route)));
    let found = surplus.map(|(file, route)| {
        let what = format!("`{}` is not the first operation here", route.sig.ident);
        let mend = "give it a file of its own, named after it, and share what both need through `model.rs` or `mod.rs`";
        ONE_A_FILE.broken(&file.path, line(&route.sig.ident), what, mend)
    });
    found.collect()
}

const PATCH_IS_GUARDED: Rule = Rule {
    name: "a `#[patch]` asks for `If-Match`",
    why: "two people who edit the same thing would overwrite one another without knowing",
};

/// Each patch calls `.unchanged()`.
pub fn patches_are_guarded(files: &[SourceFile]) -> Vec<Finding> {
    let bad = all(files).filter_map(|(file, route)| {
        let (_, name) = method(route)?;
        let place = route.block.brace_token.span.open().start();
        let body = group_at(&file.trees, place).unwrap_or_default();
        let mut guarded = name != "patch";
        each(&body, &mut |rest| {
            guarded |= is_punct(rest.first(), '.')
                && is_ident(rest.get(1), "unchanged")
                && group(rest.get(2), Delimiter::Parenthesis).is_some();
        });
        let what = format!("`{}` never calls `.unchanged()`", route.sig.ident);
        let mend = "call `subject.unchanged()?` on the `Allowed<_>` before anything is changed";
        (!guarded).then(|| PATCH_IS_GUARDED.broken(&file.path, line(&route.sig.ident), what, mend))
    });
    bad.collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::snippets;
    use super::*;

    const GOOD: &str =
        "#[get(\"/v1/plan\")]\npub(super) async fn get_plan(plan: Allowed<ReadPlan>) {}";

    fn whats(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|one| one.what.as_str()).collect()
    }

    fn one(text: &str) -> Vec<SourceFile> {
        snippets(&[("src/plan/get.rs", text)])
    }

    #[test]
    fn what_is_not_mounted_is_found() {
        let files = snippets(&[
            (
                "src/plan/mod.rs",
                "mod get;\nfn f(c: C) { c.service(get::get_plan); }\npub fn routes(c: &mut C) { c.service(get::get_other); }",
            ),
            ("src/plan/get.rs", GOOD),
            (
                "src/platform/http/health.rs",
                "#[get(\"/healthz\")] pub async fn get_health(_: Public) {}",
            ),
            ("src/routes.rs", "fn mount() {}"),
        ]);
        let expected = [
            "`get_plan` is mounted nowhere",
            "`get_health` is mounted nowhere",
            "the feature's `routes` are mounted nowhere",
        ];
        assert_eq!(whats(&are_mounted(&files)), expected);
    }

    #[test]
    fn what_is_mounted_is_clean() {
        let files = snippets(&[
            (
                "src/plan/mod.rs",
                "mod get;\nmod sections;\nuse get::get_plan;\npub fn routes(c: &mut C) { c.service(get::get_plan).service(sections::add::add_section); }",
            ),
            ("src/plan/get.rs", GOOD),
            (
                "src/plan/sections/add.rs",
                "#[post(\"/\")] fn add_section(_: Public) {}",
            ),
            (
                "src/platform/http/health.rs",
                "#[get(\"/healthz\")] pub async fn get_health(_: Public) {}",
            ),
            (
                "src/routes.rs",
                "use crate::{platform::http::health, plan};\nfn mount(c: C) { c.configure(plan::routes).service(health::get_health); }",
            ),
        ]);
        assert!(
            are_mounted(&files).is_empty(),
            "{:?}",
            whats(&are_mounted(&files))
        );
    }

    #[test]
    fn a_second_operation_in_a_file_of_a_feature_is_found() {
        let text = "#[get(\"/\")] fn get_a() {}\n#[get(\"/b\")] fn get_b() {}";
        assert_eq!(
            whats(&one_a_file(&one(text))),
            ["`get_b` is not the first operation here"]
        );
        assert!(one_a_file(&one(GOOD)).is_empty());
        assert!(one_a_file(&snippets(&[("src/platform/http/health.rs", text)])).is_empty());
    }

    #[test]
    fn a_patch_without_its_guard_is_found() {
        assert!(patches_are_guarded(&one(GOOD)).is_empty());
        let text = "#[patch(\"/\")] fn update_a(a: Allowed<A>) { a.once() }\n\
                    #[patch(\"/\")] fn update_b(b: Allowed<B>) { if x { b.unchanged()?; } b.once() }\n#[post(\"/\")] fn make_c() {}";
        assert_eq!(
            whats(&patches_are_guarded(&one(text))),
            ["`update_a` never calls `.unchanged()`"]
        );
    }
}
