//! Who writes which table.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenTree};

use super::source::{Finding, PLATFORM, Rule, SourceFile, each, group, is_ident, is_punct, text};

const ONE_WRITER: Rule = Rule {
    name: "a table is written by one folder",
    why: "whoever writes a table upholds its invariants and records its changes; two writers each forget what the other knows",
};

/// Files that write tables which they do not own, and why. It may only shrink.
pub const WRITES_FOR_OTHERS: &[(&str, &str)] = &[(
    "src/demo/store.rs",
    "fills a database with rows by the million, with their history and their changes, before it is used",
)];

const PLAIN_TARGET: Rule = Rule {
    name: "a write names its table in place",
    why: "the owner of a table is read from the code, and a table that is computed has no owner",
};

/// Each table is written by one feature, or one module of the platform.
pub fn one_writer(files: &[SourceFile], allowed: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut writers: BTreeMap<String, BTreeMap<String, (&str, usize)>> = BTreeMap::new();
    let excepted = |file: &&SourceFile| allowed.iter().any(|(path, _)| *path == file.path);
    for file in files.iter().filter(|file| !excepted(file)) {
        for write in writes(file) {
            match write.table {
                Some(table) => {
                    let places = writers.entry(table).or_default();
                    places.entry(owner(file)).or_insert((&file.path, write.line));
                }
                None => findings.push(PLAIN_TARGET.broken(
                    &file.path,
                    write.line,
                    "the table that is written can't be read here",
                    "write the table into the call, as in `diesel::update(clients::table.find(id))` or `\"UPDATE clients SET …\"`",
                )),
            }
        }
    }
    for (path, _) in allowed {
        let mut written = files
            .iter()
            .filter(|file| file.path == *path)
            .flat_map(writes);
        if !written.any(|write| {
            write
                .table
                .is_some_and(|table| writers.contains_key(&table))
        }) {
            let what = "it writes no table of others any more, or is gone, but is excepted";
            let mend = "take it off `WRITES_FOR_OTHERS` in tests/architecture/tables.rs";
            findings.push(ONE_WRITER.broken(path, 1, what, mend));
        }
    }
    for (table, owners) in writers.iter().filter(|(_, owners)| owners.len() > 1) {
        for (owner, (path, line)) in owners {
            let others: Vec<&str> = owners
                .keys()
                .filter(|other| *other != owner)
                .map(String::as_str)
                .collect();
            let what = format!(
                "`{owner}` writes the table `{table}`, and so does `{}`",
                others.join("`, `")
            );
            let mend = format!(
                "leave the write in the folder that owns `{table}` and let the other call a function that its `mod.rs` offers"
            );
            findings.push(ONE_WRITER.broken(path, *line, what, mend));
        }
    }
    findings
}

/// The feature, or the platform's module, that a file belongs to.
fn owner(file: &SourceFile) -> String {
    match file.module.as_slice() {
        [platform, module, ..] if platform == PLATFORM => format!("{PLATFORM}/{module}"),
        [feature, ..] => feature.clone(),
        [] => "the crate's root".to_owned(),
    }
}

/// Whether a feature has a table of its own.
pub fn owns_any(files: &[SourceFile], feature: &str) -> bool {
    let excepted = |file: &SourceFile| WRITES_FOR_OTHERS.iter().any(|(path, _)| *path == file.path);
    let mut own = files.iter().filter(|file| file.feature() == Some(feature));
    own.any(|file| !excepted(file) && !writes(file).is_empty())
}

struct Write {
    /// `None` for one that can't be read.
    table: Option<String>,
    line: usize,
}

fn writes(file: &SourceFile) -> Vec<Write> {
    let mut found = Vec::new();
    each(&file.trees, &mut |rest| {
        let Some(first) = rest.first() else { return };
        let line = first.span().start().line;
        if let Some(sql) = text(first).or_else(|| joined(rest)) {
            let tables = tables_written(&sql);
            found.extend(tables.into_iter().map(|table| Write { table, line }));
        }
        found.extend(diesel_write(file, rest, line));
    });
    found
}

/// The text of a `concat!`, with a blank for what is no literal.
fn joined(trees: &[TokenTree]) -> Option<String> {
    let inside = group(trees.get(2), Delimiter::Parenthesis)?;
    let is_concat = is_ident(trees.first(), "concat") && is_punct(trees.get(1), '!');
    is_concat.then(|| {
        let mut whole = String::new();
        for (at, tree) in inside.iter().enumerate() {
            let part = match tree {
                TokenTree::Punct(sign) if sign.as_char() == ',' => String::new(),
                // A `concat!` in a `concat!`; of other macros only the literals between are known.
                TokenTree::Ident(_) => {
                    joined(inside.get(at..).unwrap_or_default()).unwrap_or_else(|| " ".to_owned())
                }
                TokenTree::Literal(_) => text(tree).unwrap_or_else(|| " ".to_owned()),
                TokenTree::Group(_) | TokenTree::Punct(_) => String::new(),
            };
            whole.push_str(&part);
        }
        whole
    })
}

/// A write in diesel's language that begins with these tokens.
fn diesel_write(file: &SourceFile, trees: &[TokenTree], line: usize) -> Option<Write> {
    const VERBS: &[&str] = &[
        "insert_into",
        "insert_or_ignore_into",
        "replace_into",
        "update",
        "delete",
        "copy_from",
    ];
    let calls = VERBS.iter().any(|verb| is_ident(trees.first(), verb));
    let target = group(trees.get(1), Delimiter::Parenthesis).filter(|_| calls)?;
    let first: Vec<&TokenTree> = target
        .iter()
        .take_while(|tree| !is_punct(Some(tree), ','))
        .collect();
    let table = first.windows(4).find_map(|window| match window {
        [TokenTree::Ident(name), colon, other, table]
            if is_punct(Some(colon), ':')
                && is_punct(Some(other), ':')
                && is_ident(Some(table), "table") =>
        {
            Some(name.to_string())
        }
        _ => None,
    });
    let table = table.map(|name| {
        match file
            .aliases
            .get(&name)
            .and_then(|path| path.segments.last())
        {
            Some(real) => real.clone(),
            None => name,
        }
    });
    // `update(tx, …)` is a function of ours; diesel's take one argument.
    let sole = first.len() == target.len() && !target.is_empty();
    let inserts = is_ident(trees.first(), "insert_into");
    let is_write = table.is_some() || (sole && (inserts || is_diesels(file, trees)));
    is_write.then_some(Write { table, line })
}

/// Whether a call is diesel's by the way it is written: `diesel::update(…)`, or imported.
fn is_diesels(file: &SourceFile, trees: &[TokenTree]) -> bool {
    let Some(TokenTree::Ident(verb)) = trees.first() else {
        return false;
    };
    let start = verb.span().start();
    let named = file
        .paths
        .iter()
        .filter(|path| path.called && path.line == start.line);
    let mut named = named.filter(|path| path.segments.last().is_some_and(|last| verb == last));
    let imported = || {
        file.aliases
            .get(&verb.to_string())
            .is_some_and(|path| path.segments.iter().any(|one| one == "diesel"))
    };
    named.any(|path| path.segments.first().is_some_and(|head| head == "diesel")) || imported()
}

/// The tables that a statement in SQL writes; `None` for one that is put in at run time.
pub fn tables_written(sql: &str) -> Vec<Option<String>> {
    let spaced: String = sql
        .chars()
        .map(|sign| {
            if "(),;".contains(sign) {
                format!(" {sign} ")
            } else {
                sign.to_string()
            }
        })
        .collect();
    let words: Vec<&str> = spaced
        .split_whitespace()
        .filter(|word| *word != "ONLY")
        .collect();
    let mut found = Vec::new();
    for start in 0..words.len() {
        let rest = words.get(start..).unwrap_or_default();
        let table = match rest {
            ["INSERT" | "MERGE", "INTO", table, ..]
            | ["DELETE", "FROM", table, ..]
            | ["TRUNCATE", "TABLE", table, ..]
            | ["COPY", table, "FROM", ..] => table,
            ["TRUNCATE", table, ..] if *table != "TABLE" => table,
            ["UPDATE", table, "SET", ..]
            | ["UPDATE", table, _, "SET", ..]
            | ["UPDATE", table, "AS", _, "SET", ..]
                if *table != "SET" =>
            {
                table
            }
            _ => continue,
        };
        let bare = table.trim_matches('"');
        let bare = bare
            .strip_prefix("public.")
            .unwrap_or(bare)
            .trim_matches('"');
        found.push((!bare.is_empty() && !bare.contains(['{', '$'])).then(|| bare.to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::source::snippets;
    use super::*;

    fn tables(sql: &str) -> Vec<String> {
        tables_written(sql)
            .into_iter()
            .map(|table| table.unwrap_or_else(|| "?".to_owned()))
            .collect()
    }

    #[test]
    fn the_tables_of_a_statement_are_read() {
        assert_eq!(
            tables("WITH a AS (UPDATE plans SET x = 1 RETURNING *) INSERT INTO b(c) SELECT 1"),
            ["plans", "b"]
        );
        assert_eq!(tables("UPDATE plans AS p SET x = 1"), ["plans"]);
        assert_eq!(tables("UPDATE ONLY public.plans p\n SET x = 1"), ["plans"]);
        assert_eq!(tables("DELETE FROM \"plans\" WHERE x"), ["plans"]);
        assert_eq!(tables("UPDATE {table} SET x = 1"), ["?"]);
        assert_eq!(
            tables("INSERT INTO a (b) VALUES (1) ON CONFLICT (b) DO UPDATE SET c = 1"),
            ["a"]
        );
        assert!(tables("SELECT id FROM plans FOR UPDATE SKIP LOCKED").is_empty());
    }

    #[test]
    fn a_table_with_two_writers_is_found() {
        let files = snippets(&[
            (
                "src/plan/store.rs",
                "fn f() { diesel::insert_into(plans::table) }",
            ),
            (
                "src/firms/store.rs",
                "statement! { A {} -> (), concat!(\"WITH x AS (UPD\", \"ATE plans SET y = 1) \", view!(\"x\")) }",
            ),
            (
                "src/platform/jobs/store.rs",
                "use s::plans as p;\nfn f() { delete(p::table.find(1)) }",
            ),
        ]);
        let found = one_writer(&files, &[]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.iter().all(|one| one.what.contains("`plans`")));
    }

    #[test]
    fn a_table_with_one_writer_and_other_readers_is_clean() {
        let files = snippets(&[
            (
                "src/plan/store.rs",
                "fn f() { diesel::update(plans::table.find(1)) }",
            ),
            (
                "src/plan/sections/store.rs",
                "fn f() { run(\"DELETE FROM plans\") }",
            ),
            (
                "src/firms/store.rs",
                "fn f() { run(\"SELECT 1 FROM firms JOIN plans FOR UPDATE\"); update(tx, id); }",
            ),
        ]);
        assert!(one_writer(&files, &[]).is_empty());
    }

    #[test]
    fn a_write_to_a_computed_table_is_found() {
        let files = snippets(&[
            (
                "src/plan/store.rs",
                "fn f() { diesel::update(target).set(x) }",
            ),
            (
                "src/firms/store.rs",
                "fn f() { run(format!(\"DELETE FROM {table}\")) }",
            ),
        ]);
        assert_eq!(one_writer(&files, &[]).len(), 2);
    }

    #[test]
    fn an_exception_holds_while_it_is_needed() {
        let bulk = (
            "src/demo/store.rs",
            "fn f() { run(\"INSERT INTO plans SELECT 1\") }",
        );
        let owner = ("src/plan/store.rs", "fn f() { run(\"DELETE FROM plans\") }");
        let allowed = [("src/demo/store.rs", "")];
        assert!(one_writer(&snippets(&[bulk, owner]), &allowed).is_empty());
        assert_eq!(one_writer(&snippets(&[bulk]), &allowed).len(), 1);
        assert_eq!(one_writer(&snippets(&[owner]), &allowed).len(), 1);
    }
}
