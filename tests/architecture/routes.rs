//! Route functions: what each takes, says and is called.

use proc_macro2::TokenTree;
use syn::visit::Visit;

use super::functions::{is_for_tests, type_name};
use super::source::{Finding, Rule, SourceFile, is_ident, is_punct, line};

/// The attributes of actix-web that make a function an operation.
const METHODS: &[&str] = &[
    "get", "post", "put", "patch", "delete", "head", "options", "route",
];

/// The route functions of a file.
pub fn of(file: &SourceFile) -> Vec<&syn::ItemFn> {
    struct Routes<'a>(Vec<&'a syn::ItemFn>);
    impl<'ast> Visit<'ast> for Routes<'ast> {
        fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
            if !is_for_tests(&module.attrs) {
                syn::visit::visit_item_mod(self, module);
            }
        }
        fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
            if method(function).is_some() {
                self.0.push(function);
            }
        }
    }
    let mut routes = Routes(Vec::new());
    routes.visit_file(&file.syntax);
    routes.0
}

/// Every route function with its file.
pub fn all(files: &[SourceFile]) -> impl Iterator<Item = (&SourceFile, &syn::ItemFn)> {
    files
        .iter()
        .flat_map(|file| of(file).into_iter().map(move |route| (file, route)))
}

/// The HTTP method, and where among the attributes it stands.
pub fn method(function: &syn::ItemFn) -> Option<(usize, String)> {
    function
        .attrs
        .iter()
        .enumerate()
        .find_map(|(at, attribute)| {
            let name = attribute.path().segments.last()?.ident.to_string();
            METHODS.contains(&name.as_str()).then_some((at, name))
        })
}

/// What `#[utoipa::path(…)]` says, and where among the attributes it stands.
pub fn documented(function: &syn::ItemFn) -> Option<(usize, Vec<TokenTree>)> {
    function
        .attrs
        .iter()
        .enumerate()
        .find_map(|(at, attribute)| {
            let names: Vec<String> = attribute
                .path()
                .segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect();
            match &attribute.meta {
                syn::Meta::List(list) if names == ["utoipa", "path"] => {
                    Some((at, list.tokens.clone().into_iter().collect()))
                }
                _ => None,
            }
        })
}

/// What a route function must hold in its hands.
pub enum Permission {
    /// Everyone may.
    Public,
    /// The action by its name.
    Allowed(String),
}

/// The permissions among the arguments, each with its place.
pub fn permissions(function: &syn::ItemFn) -> Vec<(usize, Permission)> {
    let arguments = function.sig.inputs.iter().enumerate();
    let found = arguments.filter_map(|(at, argument)| {
        let syn::FnArg::Typed(argument) = argument else {
            return None;
        };
        let syn::Type::Path(path) = argument.ty.as_ref() else {
            return None;
        };
        let last = path.path.segments.last()?;
        match (last.ident.to_string().as_str(), &last.arguments) {
            ("Public", _) => Some((at, Permission::Public)),
            ("Allowed", syn::PathArguments::AngleBracketed(inside)) => match inside.args.first() {
                Some(syn::GenericArgument::Type(action)) => {
                    Some((at, Permission::Allowed(type_name(action)?)))
                }
                _ => None,
            },
            _ => None,
        }
    });
    found.collect()
}

const TAKES_PERMISSION: Rule = Rule {
    name: "a route function takes one `Allowed<_>` or `Public`, first",
    why: "the argument is the permission: without it an operation is open to strangers, and its body is read before the gate opens",
};

/// Each route function's first argument, and no other, says who may.
pub fn take_permission(files: &[SourceFile]) -> Vec<Finding> {
    let bad = all(files).filter_map(|(file, route)| {
        let places: Vec<usize> = permissions(route).into_iter().map(|(at, _)| at).collect();
        let what = match places.as_slice() {
            [0] => return None,
            [] => "takes neither `Allowed<_>` nor `Public`",
            [_] => "takes its permission, but not as the first argument",
            _ => "takes more than one permission",
        };
        let mend = "make `Allowed<Action>`, or `Public` where everyone may, the first argument and the only one of its kind";
        let what = format!("`{}` {what}", route.sig.ident);
        Some(TAKES_PERMISSION.broken(&file.path, line(&route.sig.ident), what, mend))
    });
    bad.collect()
}

const DOCUMENTED: Rule = Rule {
    name: "a route function is documented by `///` and `#[utoipa::path(…)]`, and names nothing twice",
    why: "the OpenAPI document is made of them: what is missing here is missing there, and what is written twice drifts",
};

/// Each route function has a summary, a description and its line of the document.
pub fn are_documented(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, route) in all(files) {
        let mut found = |what: &str, mend: &str| {
            let what = format!("`{}` {what}", route.sig.ident);
            findings.push(DOCUMENTED.broken(&file.path, line(&route.sig.ident), what, mend));
        };
        match (documented(route), method(route)) {
            (None, _) => found(
                "has no `#[utoipa::path(…)]`",
                "add it, with tag, security and responses",
            ),
            (Some((at, _)), Some((below, _))) if at > below => {
                found(
                    "has `#[utoipa::path(…)]` below the route",
                    "put it above, where it reads method and path from the route",
                );
            }
            (Some((_, said)), _) => {
                for (word, source) in [
                    ("operation_id", "the function's name"),
                    ("path", "the route's attribute"),
                ] {
                    if said
                        .windows(2)
                        .any(|two| is_ident(two.first(), word) && is_punct(two.get(1), '='))
                    {
                        let what = format!("says `{word}` in `#[utoipa::path(…)]` too");
                        found(&what, &format!("take it out there: it comes from {source}"));
                    }
                }
            }
        }
        let docs = docs(&route.attrs);
        let mut paragraphs = docs
            .split("\n\n")
            .map(str::trim)
            .filter(|paragraph| !paragraph.is_empty());
        match (paragraphs.next(), paragraphs.next()) {
            (None, _) => found(
                "has no documentation",
                "write a summary in one line, an empty line and a description",
            ),
            (Some(_), None) => found(
                "has a summary and no description",
                "add an empty `///` and a paragraph on what a caller must know: who may, what it leads to",
            ),
            (Some(summary), Some(_)) if summary.contains('\n') => {
                found(
                    "has a summary of several lines",
                    "make the summary one line, and the rest the description",
                );
            }
            _ => {}
        }
    }
    findings
}

fn docs(attributes: &[syn::Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
    lines
        .map(|line| line.trim().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

const VERB_NOUN: Rule = Rule {
    name: "a route function is called `verb_noun`",
    why: "its name is the `operationId`, of which generated clients make their methods",
};

/// Verbs that say which method they are for.
const VERBS: &[(&str, &str)] = &[
    ("get", "get"),
    ("list", "get"),
    ("create", "post"),
    ("update", "patch"),
    ("replace", "put"),
    ("delete", "delete"),
];

/// Each route function is called by what it does, and does it by the right method.
pub fn are_verb_noun(files: &[SourceFile]) -> Vec<Finding> {
    let bad = all(files).filter_map(|(file, route)| {
        let (name, (_, method)) = (route.sig.ident.to_string(), method(route)?);
        let (verb, noun) = name.split_once('_').unwrap_or((&name, ""));
        let fitting = VERBS.iter().find(|(known, _)| *known == verb);
        let (what, mend) = match fitting {
            _ if noun.is_empty() => (
                format!("`{name}` is no verb with a noun"),
                "call it by verb and noun, as `accept_introduction`".to_owned(),
            ),
            Some((_, by)) if *by != method => (
                format!("`{name}` is a {}", method.to_uppercase()),
                format!("take another verb, or {}", by.to_uppercase()),
            ),
            _ => return None,
        };
        Some(VERB_NOUN.broken(&file.path, line(&route.sig.ident), what, mend))
    });
    bad.collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::snippets;
    use super::*;

    const GOOD: &str = "/// Reads a plan.\n///\n/// As you see it.\n#[utoipa::path(tag = \"plan\")]\n#[get(\"/v1/plan\")]\n\
                        pub(super) async fn get_plan(plan: Allowed<ReadPlan>, app: App) -> A { x() }";

    fn whats(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|one| one.what.as_str()).collect()
    }

    fn one(text: &str) -> Vec<SourceFile> {
        snippets(&[("src/plan/get.rs", text)])
    }

    #[test]
    fn a_route_without_a_permission_in_first_place_is_found() {
        let text = "#[get(\"/\")] fn get_a(app: App) {}\n#[actix_web::post(\"/\")] fn make_b(app: App, _: Public) {}\n\
                    #[put(\"/\")] fn put_c(a: Allowed<A>, _: Public) {}\n#[get(\"/\")] fn get_d(a: Allowed<A>) {}\nfn e() {}";
        let found = take_permission(&one(text));
        assert_eq!(
            found.iter().map(|one| one.line).collect::<Vec<_>>(),
            [1, 2, 3]
        );
    }

    #[test]
    fn an_operation_as_it_should_be_is_clean() {
        let files = one(GOOD);
        assert!(take_permission(&files).is_empty());
        assert!(are_documented(&files).is_empty());
        assert!(are_verb_noun(&files).is_empty());
    }

    #[test]
    fn missing_doubled_and_misplaced_documentation_is_found() {
        let text = "/// A.\n#[get(\"/\")] fn get_a() {}\n#[get(\"/\")]\n/// B\n/// goes on.\n///\n/// More.\n\
                    #[utoipa::path(tag = \"b\")] fn get_b() {}\n\
                    #[utoipa::path(operation_id = \"x\", path = \"/\")] #[get(\"/\")] fn get_c() {}";
        let found = are_documented(&one(text));
        let expected = [
            "`get_a` has no `#[utoipa::path(…)]`",
            "`get_a` has a summary and no description",
            "`get_b` has `#[utoipa::path(…)]` below the route",
            "`get_b` has a summary of several lines",
            "`get_c` says `operation_id` in `#[utoipa::path(…)]` too",
            "`get_c` says `path` in `#[utoipa::path(…)]` too",
            "`get_c` has no documentation",
        ];
        assert_eq!(whats(&found), expected);
    }

    #[test]
    fn a_name_that_is_no_verb_with_a_noun_or_of_another_method_is_found() {
        let text = "#[get(\"/\")] fn plans() {}\n#[post(\"/\")] fn list_plans() {}\n#[post(\"/\")] fn accept_plan() {}";
        assert_eq!(
            whats(&are_verb_noun(&one(text))),
            ["`plans` is no verb with a noun", "`list_plans` is a POST"]
        );
    }
}
