//! Where SQL is known.

use proc_macro2::TokenTree;

use super::source::{Finding, Rule, SourceFile, each, is_ident, text};
use super::tables::tables_written;

/// Where diesel is named outside `store.rs` and `src/platform/db/`, and why.
pub const NAMES_DIESEL: &[(&str, &str)] = &[
    (
        "src/platform/error.rs",
        "wraps diesel's error, so that `?` works and a constraint can be read",
    ),
    (
        "src/platform/values.rs",
        "says how the values of the field are stored in their columns",
    ),
    (
        "src/platform/words.rs",
        "says how closed sets of words are stored in their columns",
    ),
];

const DRIVERS: &[&str] = &[
    "diesel",
    "diesel_async",
    "diesel_migrations",
    "tokio_postgres",
];

const KNOWN_IN_STORES: Rule = Rule {
    name: "only `store.rs` and `src/platform/db/` know SQL",
    why: "what a table looks like then has one reader in each feature, and a query is found where it is looked for",
};

/// Whether a file may know SQL.
fn is_store(file: &SourceFile) -> bool {
    let embedded = file.path == "src/platform/db.rs" || file.path.starts_with("src/platform/db/");
    file.name() == "store.rs" || embedded
}

fn names_driver(tree: Option<&TokenTree>) -> Option<&'static str> {
    DRIVERS
        .iter()
        .copied()
        .find(|driver| is_ident(tree, driver))
}

/// The database's crates and statements in SQL stand in `store.rs` and the platform alone.
pub fn known_in_stores(files: &[SourceFile], allowed: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| !is_store(file)) {
        let mut last = 0;
        let excepted = allowed.iter().any(|(path, _)| *path == file.path);
        each(&file.trees, &mut |rest| {
            let Some(first) = rest.first() else { return };
            let line = first.span().start().line;
            let what = match (names_driver(Some(first)), text(first)) {
                (Some(driver), _) if !excepted => format!("`{driver}` is named here"),
                (_, Some(sql)) if is_sql(&sql) => "a statement in SQL stands here".to_owned(),
                _ => return,
            };
            if line != last {
                last = line;
                let mend = "move the query into this folder's `store.rs` and call it from here";
                findings.push(KNOWN_IN_STORES.broken(&file.path, line, what, mend));
            }
        });
    }
    findings
}

/// The entries of the list that nothing needs any more.
pub fn needless_exceptions(files: &[SourceFile], allowed: &[(&str, &str)]) -> Vec<Finding> {
    let needed = |path: &str| {
        let mut named = false;
        if let Some(file) = files.iter().find(|file| file.path == path) {
            each(&file.trees, &mut |rest| {
                named |= names_driver(rest.first()).is_some();
            });
        }
        named
    };
    let needless = allowed.iter().filter(|(path, _)| !needed(path));
    let what = "it names diesel no more, or is gone, but stands on the list of exceptions";
    let mend = "take it off `NAMES_DIESEL` in tests/architecture/sql.rs";
    needless
        .map(|(path, _)| KNOWN_IN_STORES.broken(path, 1, what, mend))
        .collect()
}

fn is_sql(text: &str) -> bool {
    let begins = |word: &str| {
        text.trim_start()
            .strip_prefix(word)
            .is_some_and(|rest| rest.starts_with(char::is_whitespace))
    };
    let reads = begins("SELECT") || (begins("WITH") && text.contains("SELECT"));
    reads || !tables_written(text).is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::source::snippets;
    use super::*;

    #[test]
    fn diesel_or_sql_outside_a_store_is_found() {
        let files = snippets(&[
            (
                "src/plan/get.rs",
                "//! Plan.\nuse diesel::prelude::*;\nfn f() { query(\"SELECT 1\") }",
            ),
            (
                "src/plan/list.rs",
                "//! Plan.\nfn f() { query(concat!(\"DELETE FROM plans\", x!())) }",
            ),
            (
                "src/platform/mail/mod.rs",
                "//! Mail.\nuse tokio_postgres::Client;",
            ),
        ]);
        let lines: Vec<_> = known_in_stores(&files, &[])
            .iter()
            .map(|one| (one.file.clone(), one.line))
            .collect();
        let expected = [
            ("src/plan/get.rs", 2),
            ("src/plan/get.rs", 3),
            ("src/plan/list.rs", 2),
            ("src/platform/mail/mod.rs", 2),
        ];
        assert_eq!(lines, expected.map(|(path, line)| (path.to_owned(), line)));
    }

    #[test]
    fn diesel_in_a_store_and_prose_elsewhere_is_clean() {
        let files = snippets(&[
            ("src/plan/store.rs", "use diesel::prelude::*;"),
            ("src/platform/db/connect.rs", "use tokio_postgres::Client;"),
            ("src/platform/error.rs", "use diesel::result::Error;"),
            (
                "src/plan/get.rs",
                "fn f() { say(\"Select one, update it or delete it from the list.\") }",
            ),
        ]);
        assert!(known_in_stores(&files, NAMES_DIESEL).is_empty());
    }

    #[test]
    fn an_exception_that_nothing_needs_is_found() {
        let files = snippets(&[("src/platform/error.rs", "fn f() {}")]);
        assert_eq!(
            needless_exceptions(&files, &[("src/platform/error.rs", "")]).len(),
            1
        );
        let files = snippets(&[("src/platform/error.rs", "fn f() { diesel::x() }")]);
        assert!(needless_exceptions(&files, &[("src/platform/error.rs", "")]).is_empty());
    }
}
