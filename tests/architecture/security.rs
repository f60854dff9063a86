//! What the document says about who may, against what the code asks.

use proc_macro2::{Delimiter, TokenTree};

use super::functions::type_name;
use super::paths::{self, path_in};
use super::routes::{self, Permission};
use super::source::{Finding, Rule, SourceFile, group, is_ident, line, text};

const SAYS_WHO_MAY: Rule = Rule {
    name: "`security(…)` says what the permission asks",
    why: "a generated client asks for the scopes of the document; when these drift from the code, it is refused for no reason it can see",
};

/// One line of `security(…)`.
struct Scheme {
    name: String,
    scopes: String,
}

/// `security((name = [scopes]), …)`; `None` when it is not there.
fn schemes(said: &[TokenTree]) -> Option<Vec<Scheme>> {
    let place = said
        .iter()
        .position(|tree| is_ident(Some(tree), "security"))?;
    let inside = group(said.get(place + 1), Delimiter::Parenthesis)?;
    let each = inside
        .iter()
        .filter_map(|tree| group(Some(tree), Delimiter::Parenthesis));
    let read = each.map(|one| {
        let name = one.first().and_then(text).unwrap_or_default();
        let scopes = one
            .iter()
            .find_map(|tree| group(Some(tree), Delimiter::Bracket))
            .unwrap_or_default();
        let scopes = scopes.iter().map(ToString::to_string).collect();
        Scheme { name, scopes }
    });
    Some(read.collect())
}

/// Whether an action's rule lets machines in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machines {
    Let,
    Kept,
    Unknown,
}

/// Each operation's `security` is that of its action.
pub fn says_who_may(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, route) in routes::all(files) {
        let Some((_, said)) = routes::documented(route) else {
            continue;
        };
        let schemes = schemes(&said);
        let mut found = |what: String, mend: String| {
            let what = format!("`{}` {what}", route.sig.ident);
            findings.push(SAYS_WHO_MAY.broken(&file.path, line(&route.sig.ident), what, mend));
        };
        let action = match routes::permissions(route).into_iter().next() {
            Some((_, Permission::Allowed(action))) => action,
            Some((_, Permission::Public)) => {
                if schemes.is_some() {
                    found(
                        "is public and says `security`".to_owned(),
                        "take `security(…)` out, or ask for a permission".to_owned(),
                    );
                }
                continue;
            }
            None => continue,
        };
        let schemes = schemes.unwrap_or_default();
        let scheme = |name: &str| schemes.iter().find(|scheme| scheme.name == name);
        let person = "(\"person\" = [])";
        if scheme("person").is_none_or(|person| !person.scopes.is_empty()) {
            found(
                "does not say that a person may".to_owned(),
                format!("write `security({person}, …)`"),
            );
        }
        if let Some(other) = schemes
            .iter()
            .find(|scheme| !["person", "machine"].contains(&scheme.name.as_str()))
        {
            found(
                format!("names the unknown scheme `{}`", other.name),
                "name `person` and `machine` alone".to_owned(),
            );
        }
        let scope = format!("{action}::SCOPE");
        let machines = machines(files, file, &action);
        match (scheme("machine"), machines) {
            (_, Machines::Unknown) => found(
                format!("takes `Allowed<{action}>`, whose `RULE` can't be read"),
                "make it `Rule::new(…)` or `Rule::people(…)`, or a const of the feature that is one of these".to_owned(),
            ),
            (Some(_), Machines::Kept) => found(
                format!("lets machines in, which the rule of `{action}` keeps out"),
                format!("write `security({person})`, or give `{action}` a rule with a scope"),
            ),
            (None, Machines::Let) => found(
                format!("keeps machines out, which the rule of `{action}` lets in"),
                format!("write `security({person}, (\"machine\" = [{scope}]))`"),
            ),
            (Some(machine), Machines::Let) if machine.scopes.replace(' ', "") != scope => found(
                format!("asks machines for `{}`", machine.scopes),
                format!("ask them for `{scope}`: the action that it takes"),
            ),
            _ => {}
        }
    }
    findings
}

/// Reads the rule of the action's `impl Action`, nearest first: this file, this folder, anywhere.
fn machines(files: &[SourceFile], file: &SourceFile, action: &str) -> Machines {
    let near = |other: &&SourceFile| other.path == file.path;
    let folder = |other: &&SourceFile| other.folder() == file.folder();
    let mut candidates = files
        .iter()
        .filter(near)
        .chain(files.iter().filter(folder))
        .chain(files);
    let found = candidates.find_map(|file| rule_of(file, action).map(|rule| (file, rule)));
    found.map_or(Machines::Unknown, |(file, rule)| read(files, file, rule, 4))
}

fn rule_of<'a>(file: &'a SourceFile, action: &str) -> Option<&'a syn::Expr> {
    file.syntax.items.iter().find_map(|item| {
        let syn::Item::Impl(block) = item else {
            return None;
        };
        let (implemented, _) = block.trait_.as_ref()?;
        let is_action = implemented
            .segments
            .last()
            .is_some_and(|last| last.ident == "Action");
        if !is_action || type_name(&block.self_ty).as_deref() != Some(action) {
            return None;
        }
        block.items.iter().find_map(|item| match item {
            syn::ImplItem::Const(rule) if rule.ident == "RULE" => Some(&rule.expr),
            _ => None,
        })
    })
}

fn read(files: &[SourceFile], file: &SourceFile, rule: &syn::Expr, patience: usize) -> Machines {
    let segments = |path: &syn::Path| {
        path.segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect::<Vec<_>>()
    };
    match rule {
        syn::Expr::Call(call) => match call.func.as_ref() {
            syn::Expr::Path(made) => match segments(&made.path).as_slice() {
                [.., rule, new] if rule == "Rule" && new == "new" => Machines::Let,
                [.., rule, people] if rule == "Rule" && people == "people" => Machines::Kept,
                _ => Machines::Unknown,
            },
            _ => Machines::Unknown,
        },
        syn::Expr::Path(named) if patience > 0 => {
            let path = path_in(file, segments(&named.path));
            let own = [file.module.as_slice(), path.segments.as_slice()].concat();
            let place = paths::resolve(file, &path).unwrap_or(own);
            let Some((name, module)) = place.split_last() else {
                return Machines::Unknown;
            };
            let known = files
                .iter()
                .filter(|file| file.module == module)
                .find_map(|file| {
                    let value = file.syntax.items.iter().find_map(|item| match item {
                        syn::Item::Const(known) if known.ident == name => Some(known.expr.as_ref()),
                        _ => None,
                    });
                    value.map(|value| (file, value))
                });
            known.map_or(Machines::Unknown, |(file, value)| {
                read(files, file, value, patience - 1)
            })
        }
        _ => Machines::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::snippets;
    use super::*;

    const POLICY: &str = "pub const READ: Rule = Rule::new(Duty::Read, Scope::PlanRead);\npub const COMMIT: Rule = Rule::people(Duty::Commit);";

    fn found(security: &str, permission: &str, rule: &str) -> Vec<String> {
        let text = format!(
            "use super::policy;\nimpl Action for ReadPlan {{ const RULE: Rule = {rule}; }}\n\
             #[utoipa::path(tag = \"plan\"{security})]\n#[get(\"/\")]\nfn get_plan(plan: {permission}) {{}}"
        );
        let files = snippets(&[
            ("src/plan/mod.rs", "mod policy;"),
            ("src/plan/policy.rs", POLICY),
            ("src/plan/get.rs", &text),
        ]);
        says_who_may(&files)
            .into_iter()
            .map(|one| one.what)
            .collect()
    }

    const BOTH: &str = ", security((\"person\" = []), (\"machine\" = [ReadPlan::SCOPE]))";
    const PERSON: &str = ", security((\"person\" = []))";
    const READ: &str = "Allowed<ReadPlan>";

    #[test]
    fn a_document_that_says_what_the_code_asks_is_clean() {
        assert!(found(BOTH, READ, "policy::READ").is_empty());
        assert!(found(BOTH, READ, "Rule::new(Duty::Read, Scope::PlanRead)").is_empty());
        assert!(found(PERSON, READ, "policy::COMMIT").is_empty());
        assert!(found("", "Public", "policy::READ").is_empty());
    }

    #[test]
    fn a_document_that_says_something_else_is_found() {
        assert_eq!(
            found(BOTH, READ, "policy::COMMIT"),
            ["`get_plan` lets machines in, which the rule of `ReadPlan` keeps out"]
        );
        assert_eq!(
            found(PERSON, READ, "policy::READ"),
            ["`get_plan` keeps machines out, which the rule of `ReadPlan` lets in"]
        );
        assert_eq!(
            found("", READ, "policy::COMMIT"),
            ["`get_plan` does not say that a person may"]
        );
        assert_eq!(
            found(PERSON, "Public", "policy::READ"),
            ["`get_plan` is public and says `security`"]
        );
        assert_eq!(
            found(PERSON, READ, "computed()"),
            ["`get_plan` takes `Allowed<ReadPlan>`, whose `RULE` can't be read"]
        );
        let other = BOTH.replace("ReadPlan", "ReadFirm");
        assert_eq!(
            found(&other, READ, "policy::READ"),
            ["`get_plan` asks machines for `ReadFirm::SCOPE`"]
        );
        let third = ", security((\"person\" = []), (\"bearer\" = []))";
        assert_eq!(
            found(third, READ, "policy::COMMIT"),
            ["`get_plan` names the unknown scheme `bearer`"]
        );
    }
}
