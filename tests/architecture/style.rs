//! Names, documentation, exceptions from lints, sizes.

use proc_macro2::Delimiter;
use syn::visit::Visit;

use super::routes;
use super::source::{Finding, Rule, SourceFile, each, features, group, is_ident, is_punct, line};

const SAYS_WHAT: Rule = Rule {
    name: "a name says what a thing is, not that it is a thing",
    why: "a util, helper, manager, service or Dto takes anything in, so nobody finds it again",
};

const EMPTY_FILES: &[&str] = &[
    "util", "utils", "helper", "helpers", "manager", "managers", "service", "services", "dto",
    "dtos", "common", "misc",
];
const EMPTY_ENDS: &[&str] = &[
    "Dto", "DTO", "Manager", "Helper", "Helpers", "Util", "Utils",
];

/// No file and no type with an empty name.
pub fn names_say_what(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let parts = file
            .path
            .split('/')
            .map(|part| part.strip_suffix(".rs").unwrap_or(part));
        for part in parts.filter(|part| EMPTY_FILES.contains(part)) {
            let mend = "name the file after the operation or the thing that it holds, or move each function to its only user";
            findings.push(SAYS_WHAT.broken(
                &file.path,
                1,
                format!("`{part}` is an empty name"),
                mend,
            ));
        }
        let mut types = Types(Vec::new());
        types.visit_file(&file.syntax);
        for (name, line) in types.0 {
            if let Some(end) = EMPTY_ENDS.iter().find(|end| name.ends_with(*end)) {
                let mend = format!(
                    "take the plain noun of the field in place of `…{end}`: `Introduction`, `CreateIntroduction`, `IntroductionRow`"
                );
                findings.push(SAYS_WHAT.broken(
                    &file.path,
                    line,
                    format!("`{name}` is an empty name"),
                    mend,
                ));
            }
        }
    }
    findings
}

struct Types(Vec<(String, usize)>);

impl Types {
    fn add(&mut self, name: &syn::Ident) {
        self.0.push((name.to_string(), line(name)));
    }
}

impl<'ast> Visit<'ast> for Types {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.add(&item.ident);
    }
    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.add(&item.ident);
    }
    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.add(&item.ident);
    }
}

const EXPECTED_WITH_REASON: Rule = Rule {
    name: "an exception from a lint is an `#[expect]` with its reason",
    why: "an `#[allow]` stays when what it excused is gone, and without a reason nobody dares to take it away",
};

/// No `allow`, and no `expect` without a reason.
pub fn exceptions_have_reasons(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        each(&file.trees, &mut |rest| {
            let inner = usize::from(is_punct(rest.get(1), '!'));
            let attribute = group(rest.get(1 + inner), Delimiter::Bracket)
                .filter(|_| is_punct(rest.first(), '#'));
            let line = rest.first().map_or(0, |tree| tree.span().start().line);
            each(&attribute.unwrap_or_default(), &mut |inside| {
                let Some(list) = group(inside.get(1), Delimiter::Parenthesis) else {
                    return;
                };
                if is_ident(inside.first(), "allow") {
                    let mend =
                        "mend what the lint says, or write `#[expect(lint, reason = \"…\")]`";
                    findings.push(EXPECTED_WITH_REASON.broken(
                        &file.path,
                        line,
                        "`allow` stands here",
                        mend,
                    ));
                }
                let reasoned = list.iter().any(|tree| is_ident(Some(tree), "reason"));
                if is_ident(inside.first(), "expect") && !reasoned {
                    let mend = "add `reason = \"…\"`: the constraint from outside that leaves no other way";
                    findings.push(EXPECTED_WITH_REASON.broken(
                        &file.path,
                        line,
                        "`expect` without a reason",
                        mend,
                    ));
                }
            });
        });
    }
    findings
}

const BEGINS_WITH_DOCS: Rule = Rule {
    name: "every file begins with `//!`, every feature with a `mod.rs` that does",
    why: "the first lines are where a newcomer learns what a file is for, which states there are and what always holds",
};

/// Every file says what it is for.
pub fn files_say_what_for(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| !file.text.starts_with("//! ")) {
        let mend = "begin it with `//!` and a sentence on its purpose; in a `mod.rs` also states and invariants";
        findings.push(BEGINS_WITH_DOCS.broken(
            &file.path,
            1,
            "the file does not begin with `//!`",
            mend,
        ));
    }
    for feature in features(files) {
        let door = format!("src/{feature}/mod.rs");
        if !files.iter().any(|file| file.path == door) {
            let mend = "write it: what the feature is, its routes, and what other features may use";
            findings.push(BEGINS_WITH_DOCS.broken(&door, 1, "the feature has no `mod.rs`", mend));
        }
    }
    findings
}

const FITS_THE_EYE: Rule = Rule {
    name: "nothing grows past twice its size",
    why: "what does not fit on a few screens is not read as a whole any more, and then changed in parts that do not fit",
};

/// From this many lines on, a file wants a look.
pub const FILE: usize = 300;
/// The same for a file with an operation.
pub const OPERATION: usize = 120;
/// The same for a handler, from its signature to its end.
pub const HANDLER: usize = 25;

/// Written by a machine, read by nobody.
const GENERATED: &[&str] = &["src/platform/db/schema.rs"];

/// Something that is larger than it should be.
pub struct Large {
    file: String,
    line: usize,
    what: String,
    lines: usize,
    limit: usize,
}

impl Large {
    /// For the list that is printed.
    pub fn shown(&self) -> String {
        format!("{}:{}: {}", self.file, self.line, self.said())
    }

    fn said(&self) -> String {
        let Self {
            what, lines, limit, ..
        } = self;
        format!("{what} has {lines} lines, wants a look from {limit} on")
    }
}

/// All that is past a limit.
pub fn large(files: &[SourceFile]) -> Vec<Large> {
    let mut found = Vec::new();
    for file in files
        .iter()
        .filter(|file| !GENERATED.contains(&file.path.as_str()))
    {
        let routes = routes::of(file);
        let operation = file.feature().is_some() && !routes.is_empty();
        let (what, limit) = if operation {
            ("the operation", OPERATION)
        } else {
            ("the file", FILE)
        };
        let mut add = |line: usize, what: String, lines: usize, limit: usize| {
            if lines > limit {
                found.push(Large {
                    file: file.path.clone(),
                    line,
                    what,
                    lines,
                    limit,
                });
            }
        };
        add(1, what.to_owned(), file.text.lines().count(), limit);
        for route in routes {
            let start = line(&route.sig.fn_token);
            let end = route.block.brace_token.span.close().end().line;
            add(
                start,
                format!("the handler `{}`", route.sig.ident),
                end + 1 - start,
                HANDLER,
            );
        }
    }
    found
}

/// What is past twice its limit.
pub fn fits_the_eye(files: &[SourceFile]) -> Vec<Finding> {
    let huge = large(files)
        .into_iter()
        .filter(|one| one.lines > 2 * one.limit);
    let mend = "move a part that has a name of its own into a function or a file of that name";
    huge.map(|one| FITS_THE_EYE.broken(&one.file, one.line, one.said(), mend))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::snippets;
    use super::*;

    fn lines(findings: &[Finding]) -> Vec<usize> {
        findings.iter().map(|one| one.line).collect()
    }

    #[test]
    fn empty_names_are_found() {
        let files = snippets(&[
            ("src/plan/utils.rs", "//! X."),
            ("src/helpers/mod.rs", "//! X."),
            (
                "src/plan/model.rs",
                "//! X.\nstruct PlanDto;\nenum PlanManager {}\nmod a { trait PlanHelper {} }",
            ),
        ]);
        assert_eq!(lines(&names_say_what(&files)), [1, 1, 2, 3, 4]);
    }

    #[test]
    fn names_of_the_field_are_clean() {
        let files = snippets(&[(
            "src/plan/model.rs",
            "//! X.\nstruct Plan;\nstruct Utility;\nstruct ManagerOf;",
        )]);
        assert!(names_say_what(&files).is_empty());
    }

    #[test]
    fn an_allow_and_an_expect_without_reason_are_found() {
        let files = snippets(&[(
            "src/plan/model.rs",
            "#![allow(dead_code)]\n#[expect(dead_code)]\nfn f() {}\n#[cfg_attr(test, allow(dead_code))]\nfn g() {}\nmacro_rules! m { () => {\n#[allow(dead_code)]\nfn h() {} } }",
        )]);
        assert_eq!(lines(&exceptions_have_reasons(&files)), [1, 2, 4, 7]);
    }

    #[test]
    fn an_expect_with_its_reason_is_clean() {
        let text = "#[expect(dead_code, reason = \"the document's name\")]\nfn f() { allow(x); a.expect(\"b\"); }";
        assert!(exceptions_have_reasons(&snippets(&[("src/plan/model.rs", text)])).is_empty());
    }

    #[test]
    fn a_file_without_a_beginning_and_a_feature_without_a_door_are_found() {
        let files = snippets(&[
            ("src/plan/get.rs", "use a::b;\n//"),
            ("src/firms/mod.rs", "//! Firms."),
        ]);
        let found: Vec<_> = files_say_what_for(&files)
            .iter()
            .map(|one| one.file.clone())
            .collect();
        assert_eq!(found, ["src/plan/get.rs", "src/plan/mod.rs"]);
    }

    #[test]
    fn files_that_begin_with_their_purpose_are_clean() {
        let files = snippets(&[
            ("src/plan/mod.rs", "//! Plans."),
            ("src/main.rs", "//! The command line.\nfn main() {}"),
        ]);
        assert!(files_say_what_for(&files).is_empty());
    }

    #[test]
    fn what_is_twice_too_large_is_found() {
        let handler = format!(
            "#[get(\"/\")]\nasync fn get_plan(_: Public) {{\n{}}}\n",
            "f();\n".repeat(2 * HANDLER)
        );
        let file = "fn f() {}\n".repeat(2 * FILE + 1);
        let files = snippets(&[("src/plan/get.rs", &handler), ("src/plan/model.rs", &file)]);
        assert_eq!(lines(&fits_the_eye(&files)), [2, 1]);
    }

    #[test]
    fn what_is_a_little_too_large_is_shown_and_passes() {
        let operation = format!(
            "#[get(\"/\")]\nasync fn get_plan() {{}}\n{}",
            "\n".repeat(OPERATION)
        );
        let generated = "\n".repeat(3 * FILE);
        let files = snippets(&[
            ("src/plan/get.rs", &operation),
            ("src/platform/db/schema.rs", &generated),
        ]);
        assert!(fits_the_eye(&files).is_empty());
        assert_eq!(large(&files).len(), 1);
        let files = snippets(&[("src/plan/model.rs", &"\n".repeat(FILE + 1))]);
        assert!(fits_the_eye(&files).is_empty());
        assert!(
            large(&files)
                .first()
                .is_some_and(|one| one.shown().contains("301 lines"))
        );
    }
}
