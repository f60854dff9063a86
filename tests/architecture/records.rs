//! Every write records its change.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenTree};

use super::functions::{Function, Functions};
use super::paths;
use super::source::{Finding, Rule, SourceFile, each, group, is_ident, is_punct};
use super::tables;

/// Writes that are no change of a record, by feature and function, and why. It may only shrink.
pub const EXEMPT: &[(&str, &str)] = &[
    (
        "audit::chain",
        "the log of what was recorded: it chains entries and changes no record",
    ),
    (
        "demo::patiently",
        "its statements write the rows of the feed themselves, by the million",
    ),
    (
        "demo::fill",
        "it gathers statistics; what it inserts goes through `patiently`",
    ),
    (
        "sign_up::request_sign_up",
        "there is no firm yet that could hear of it",
    ),
    (
        "attempts::charge",
        "counts guesses, of people who may have no account",
    ),
    (
        "vitality::judge",
        "enters partnerships that are to be judged, which changes nothing that anybody sees",
    ),
    ("attempts::forgive", "takes a guess back that was right"),
    (
        "passwords::request_password_reset",
        "notes a job; whether there is such a member is not known here",
    ),
    (
        "passwords::send_if_known",
        "writes a mail; nothing has changed before its token is used",
    ),
    (
        "second_factors::enrol_second_factor",
        "makes a secret that is asked for by nobody before it is confirmed",
    ),
    ("sessions::end_session", "a sign-in that ends is no record"),
    (
        "sessions::end_other_sessions",
        "sign-ins that end are no record",
    ),
    ("sessions::exchange", "a sign-in that goes on is no record"),
    ("sessions::sign_in", "a sign-in is no record"),
    ("sessions::sign_out", "a sign-in that ends is no record"),
];

const RECORDS_CHANGE: Rule = Rule {
    name: "every write records its change",
    why: "the feed, the webhooks and the partner's copy live on recorded changes: one that is missing is never heard of",
};

/// Each transaction that a feature begins reaches `changes::record`, in its closure or in what the
/// closure calls in the same feature. A feature without a table writes through others, which record
/// what they write; for it, their functions count as well.
pub fn record_changes(files: &[SourceFile], exempt: &[(&str, &str)]) -> Vec<Finding> {
    let silent = silent_writes(files);
    let mut findings = Vec::new();
    for (name, path, line) in &silent {
        if !exempt.iter().any(|(known, _)| known == name) {
            let mend = "call `changes::record(tx, events::…)` in the closure, beside the effect";
            let what = format!("`{name}` begins a transaction that records no change");
            findings.push(RECORDS_CHANGE.broken(path, *line, what, mend));
        }
    }
    for (known, _) in exempt {
        if !silent.iter().any(|(name, ..)| name == known) {
            let mend = "take it off `EXEMPT`: the list may only shrink";
            let what = format!("`{known}` is exempt and needs it no more, or is gone");
            findings.push(RECORDS_CHANGE.broken("tests/architecture/records.rs", 1, what, mend));
        }
    }
    findings
}

/// The functions with a transaction that records nothing: `feature::function`, file, line.
fn silent_writes(files: &[SourceFile]) -> Vec<(String, String, usize)> {
    let functions = Functions::of(files);
    let mut found = Vec::new();
    for function in &functions.all {
        let Some(feature) = function.file.feature() else {
            continue;
        };
        let bound = tables::owns_any(files, feature).then_some(feature);
        let silent = effects(&function.body).into_iter().find(|(_, effect)| {
            !records(&functions, function, effect, bound, &mut BTreeSet::new())
        });
        if let Some((line, _)) = silent {
            found.push((
                format!("{feature}::{}", function.name),
                function.file.path.clone(),
                line,
            ));
        }
    }
    found
}

/// What is given to `.write(…)` and `.once(…)`, with the line.
fn effects(body: &[TokenTree]) -> Vec<(usize, Vec<TokenTree>)> {
    let mut found = Vec::new();
    each(body, &mut |rest| {
        let begins = is_ident(rest.get(1), "write") || is_ident(rest.get(1), "once");
        let given = group(rest.get(2), Delimiter::Parenthesis)
            .filter(|_| begins && is_punct(rest.first(), '.'));
        // `write()` of a lock has no argument.
        if let Some(effect) = given.filter(|given| !given.is_empty()) {
            let line = rest.get(1).map_or(0, |tree| tree.span().start().line);
            found.push((line, effect));
        }
    });
    found
}

/// Whether a part of a function records a change, or what it calls; within one feature, if bound.
fn records(
    functions: &Functions<'_>,
    from: &Function<'_>,
    part: &[TokenTree],
    bound: Option<&str>,
    seen: &mut BTreeSet<(String, usize)>,
) -> bool {
    from.paths(part).iter().any(|path| {
        let to = paths::resolve(from.file, path).unwrap_or_else(|| path.segments.clone());
        if let [.., changes, record] = to.as_slice()
            && changes == "changes"
            && record == "record"
        {
            return true;
        }
        functions.find(from, path).into_iter().any(|next| {
            let feature = next.file.feature();
            feature.is_some()
                && bound.is_none_or(|bound| feature == Some(bound))
                && seen.insert((next.file.path.clone(), next.line))
                && records(functions, next, &next.body, bound, seen)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::source::snippets;
    use super::*;

    fn whats(files: &[SourceFile], exempt: &[(&str, &str)]) -> Vec<String> {
        record_changes(files, exempt)
            .into_iter()
            .map(|one| one.what)
            .collect()
    }

    #[test]
    fn a_write_that_records_nothing_is_found() {
        let files = snippets(&[
            ("src/plan/mod.rs", "mod store;\nmod create;"),
            (
                "src/plan/store.rs",
                "pub fn insert(tx: &Tx) { run(tx) }\nfn unused() { changes::record(tx, x) }",
            ),
            (
                "src/plan/create.rs",
                "use super::store;\nuse crate::changes;\nasync fn create_plan() { changes::record(x); app.db.write(async |tx| store::insert(tx).await).await }",
            ),
            (
                "src/firms/rename.rs",
                "impl Firm { fn rename(&self) { self.once(S, async |tx| { other::record(tx) }) } }",
            ),
        ]);
        let expected = ["plan::create_plan", "firms::rename"]
            .map(|name| format!("`{name}` begins a transaction that records no change"));
        assert_eq!(whats(&files, &[]), expected);
    }

    #[test]
    fn a_write_that_records_at_any_depth_of_its_feature_is_clean() {
        let files = snippets(&[
            (
                "src/plan/mod.rs",
                "mod create;\nmod agree;\nmod model;\npub use agree::agree;\npub fn top(tx: &Tx) { model::Plan::done(tx) }",
            ),
            (
                "src/plan/agree.rs",
                "use super::top;\npub fn agree(tx: &Tx) { inner(tx) }\nfn inner(tx: &Tx) { inner(tx); top(tx) }",
            ),
            (
                "src/plan/model.rs",
                "use crate::changes::record;\nimpl Plan { fn done(tx: &Tx) { Self::tell(tx) }\nfn tell(tx: &Tx) { record(tx, x) } }",
            ),
            (
                "src/plan/create.rs",
                "use super::agree;\nasync fn create_plan() { app.db.write(async |tx| agree(tx).await).await; lock.write(); }",
            ),
            (
                "src/plan/end.rs",
                "async fn end_plan() { plan.once(S, async |tx| { if x { crate::changes::record(tx, y).await } }) }",
            ),
            (
                "src/platform/http/once.rs",
                "fn f() { db.write(async |tx| keep(tx)) }",
            ),
        ]);
        assert!(whats(&files, &[]).is_empty(), "{:?}", whats(&files, &[]));
    }

    #[test]
    fn what_another_feature_records_counts_for_a_feature_without_a_table_alone() {
        let create = (
            "src/plan/create.rs",
            "use crate::firms;\nfn create_plan() { db.write(|tx| firms::found(tx)) }",
        );
        let firms = (
            "src/firms/mod.rs",
            "pub fn found(tx: &Tx) { crate::changes::record(tx, x) }",
        );
        let store = ("src/plan/store.rs", "fn f() { run(\"DELETE FROM plans\") }");
        assert!(whats(&snippets(&[create, firms]), &[]).is_empty());
        assert_eq!(whats(&snippets(&[create, firms, store]), &[]).len(), 1);
        assert_eq!(whats(&snippets(&[create]), &[]).len(), 1);
    }

    #[test]
    fn an_exemption_holds_while_it_is_needed() {
        let silent = snippets(&[(
            "src/sessions/sign_in.rs",
            "fn sign_in() { db.write(|tx| insert(tx)) }",
        )]);
        assert!(whats(&silent, &[("sessions::sign_in", "")]).is_empty());
        let telling = snippets(&[(
            "src/sessions/sign_in.rs",
            "fn sign_in() { db.write(|tx| changes::record(tx)) }",
        )]);
        let expected = ["`sessions::sign_in` is exempt and needs it no more, or is gone"];
        assert_eq!(whats(&telling, &[("sessions::sign_in", "")]), expected);
    }
}
