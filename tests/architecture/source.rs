//! Source files as the rules see them, and what a rule says.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::{LazyLock, mpsc};

use proc_macro2::{Delimiter, Group, LineColumn, TokenStream, TokenTree};
use syn::spanned::Spanned;

use super::paths::{self, Aliases, PathUse};

/// One file under `src/`.
pub struct SourceFile {
    /// From the root of the repository.
    pub path: String,
    /// As it stands.
    pub text: String,
    /// Parsed.
    pub syntax: syn::File,
    /// Its tokens without the documentation, with what stands in macros.
    pub trees: Vec<TokenTree>,
    /// Its module, from the root of the crate.
    pub module: Vec<String>,
    /// Every path that it names.
    pub paths: Vec<PathUse>,
    /// What its imports call things.
    pub aliases: Aliases,
    /// The modules that it declares.
    pub children: BTreeSet<String>,
}

impl SourceFile {
    /// Parses a file.
    pub fn new(path: &str, text: &str) -> Result<Self, String> {
        let bad = |line: usize, error: &dyn fmt::Display| format!("{path}:{line}: {error}");
        let syntax = syn::parse_file(text).map_err(|error| bad(line(&error.span()), &error))?;
        let tokens: TokenStream = text
            .parse()
            .map_err(|error: proc_macro2::LexError| bad(line(&error.span()), &error))?;
        let trees = without_docs(tokens);
        let module = module_of(path);
        let mut found = Vec::new();
        paths::collect(&trees, &module, &mut found);
        let children = syntax.items.iter().filter_map(|item| match item {
            syn::Item::Mod(child) => Some(child.ident.to_string()),
            _ => None,
        });
        Ok(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            children: children.collect(),
            aliases: paths::aliases(&found),
            paths: found,
            syntax,
            trees,
            module,
        })
    }

    /// The folder of `src/` that it is in; `None` for `lib.rs` and its neighbours.
    pub fn folder(&self) -> Option<&str> {
        let (folder, _) = self.path.strip_prefix("src/")?.split_once('/')?;
        Some(folder)
    }

    /// The folder, if it is a feature.
    pub fn feature(&self) -> Option<&str> {
        self.folder().filter(|folder| *folder != PLATFORM)
    }

    /// The file's name without its folder.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether a feature's door: the `mod.rs` right in its folder.
    pub fn is_door(&self) -> bool {
        self.feature()
            .is_some_and(|feature| self.path == format!("src/{feature}/mod.rs"))
    }
}

/// The folder that is no feature.
pub const PLATFORM: &str = "platform";

/// The features: the folders of `src/` other than the platform.
pub fn features(files: &[SourceFile]) -> BTreeSet<&str> {
    files.iter().filter_map(SourceFile::feature).collect()
}

/// Every file under `src/`.
fn repository() -> Result<Vec<SourceFile>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    gather(&root.join("src"), "src", &mut found).map_err(|error| error.to_string())?;
    found.sort();
    found
        .iter()
        .map(|(path, text)| SourceFile::new(path, text))
        .collect()
}

fn gather(dir: &Path, shown: &str, found: &mut Vec<(String, String)>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let shown = format!("{shown}/{name}");
        if path.is_dir() {
            gather(&path, &shown, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((shown, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
    if module
        .last()
        .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
    {
        module.pop();
    }
    module
}

/// A rule of the house.
pub struct Rule {
    /// What it asks.
    pub name: &'static str,
    /// What goes wrong without it.
    pub why: &'static str,
}

impl Rule {
    /// A place that breaks the rule, what is wrong there and how to mend it.
    pub fn broken(
        &self,
        file: &str,
        line: usize,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Finding {
        let (what, mend) = (what.into(), mend.into());
        Finding {
            file: file.to_owned(),
            line,
            what,
            rule: self.name,
            why: self.why,
            mend,
        }
    }
}

/// A place that breaks a rule.
#[derive(Debug)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    rule: &'static str,
    why: &'static str,
    /// What to do.
    pub mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}: {}", self.file, self.line, self.what)?;
        writeln!(f, "  rule: {}", self.rule)?;
        writeln!(f, "  why:  {}", self.why)?;
        writeln!(f, "  mend: {}", self.mend)
    }
}

/// What a rule is, to the tests.
pub type Check = fn(&[SourceFile]) -> Vec<Finding>;

/// What was found, or why nothing could be.
type Answer = Result<Vec<Finding>, String>;

/// Syntax trees can't go from one thread to another: this one parses `src/` once, for all tests.
static CHECKS: LazyLock<mpsc::Sender<(Check, mpsc::Sender<Answer>)>> = LazyLock::new(|| {
    let (ask, asked) = mpsc::channel::<(Check, mpsc::Sender<Answer>)>();
    std::thread::spawn(move || {
        let files = repository();
        for (check, answer) in asked {
            // A test that does not wait any more has failed already.
            let _ = answer.send(files.as_deref().map(check).map_err(String::clone));
        }
    });
    ask
});

/// Fails with all that the rule finds in `src/`.
#[track_caller]
pub fn holds(check: Check) {
    let (answer, answered) = mpsc::channel();
    let found = match CHECKS.send((check, answer)) {
        Ok(()) => answered
            .recv()
            .unwrap_or_else(|_| Err("the check did not end".to_owned())),
        Err(_) => Err("an earlier check did not end".to_owned()),
    };
    let said = match found {
        Ok(findings) => findings
            .iter()
            .map(Finding::to_string)
            .collect::<Vec<_>>()
            .join("\n"),
        Err(error) => error,
    };
    assert!(said.is_empty(), "\n\n{said}");
}

/// The line on which something begins.
pub fn line(node: &impl Spanned) -> usize {
    node.span().start().line
}

/// The identifier that a token is.
pub fn ident(tree: Option<&TokenTree>) -> Option<String> {
    match tree {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    }
}

/// Whether a token is this identifier.
pub fn is_ident(tree: Option<&TokenTree>, word: &str) -> bool {
    matches!(tree, Some(TokenTree::Ident(ident)) if ident == word)
}

/// Whether a token is this sign.
pub fn is_punct(tree: Option<&TokenTree>, sign: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

/// What stands in a group with these delimiters.
pub fn group(tree: Option<&TokenTree>, delimiter: Delimiter) -> Option<Vec<TokenTree>> {
    match tree {
        Some(TokenTree::Group(group)) if group.delimiter() == delimiter => {
            Some(group.stream().into_iter().collect())
        }
        _ => None,
    }
}

/// The text of a string literal.
pub fn text(tree: &TokenTree) -> Option<String> {
    match tree {
        TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string())
            .ok()
            .map(|text| text.value()),
        _ => None,
    }
}

/// Calls `look` with every position of every sequence of tokens, however deep: the tokens from there
/// on.
pub fn each(trees: &[TokenTree], look: &mut impl FnMut(&[TokenTree])) {
    for start in 0..trees.len() {
        let rest = trees.get(start..).unwrap_or_default();
        look(rest);
        if let Some(TokenTree::Group(group)) = rest.first() {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            each(&inner, look);
        }
    }
}

/// What stands in the group that opens there.
pub fn group_at(trees: &[TokenTree], place: LineColumn) -> Option<Vec<TokenTree>> {
    trees.iter().find_map(|tree| {
        let TokenTree::Group(group) = tree else {
            return None;
        };
        let (open, close) = (group.span_open().start(), group.span_close().end());
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        match open {
            _ if open == place => Some(inner),
            _ if open < place && place < close => group_at(&inner, place),
            _ => None,
        }
    })
}

/// Documentation talks about other features without depending on them.
fn without_docs(tokens: TokenStream) -> Vec<TokenTree> {
    let all: Vec<TokenTree> = tokens.into_iter().collect();
    let mut kept = Vec::with_capacity(all.len());
    let mut rest = all.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let inner = usize::from(is_punct(others.first(), '!'));
        let attribute =
            group(others.get(inner), Delimiter::Bracket).filter(|_| is_punct(Some(first), '#'));
        if attribute.is_some_and(|inside| is_ident(inside.first(), "doc")) {
            rest = others.get(inner + 1..).unwrap_or_default();
            continue;
        }
        kept.push(match first {
            TokenTree::Group(group) => {
                let inside: TokenStream = without_docs(group.stream()).into_iter().collect();
                let mut bare = Group::new(group.delimiter(), inside);
                bare.set_span(group.span());
                bare.into()
            }
            other => other.clone(),
        });
        rest = others;
    }
    kept
}

/// Files of a test's own.
#[cfg(test)]
pub fn snippets(files: &[(&str, &str)]) -> Vec<SourceFile> {
    files
        .iter()
        .filter_map(|(path, text)| SourceFile::new(path, text).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_is_no_code_and_a_group_keeps_its_place() {
        let text = "//! crate::clients\nfn f() {\n    /// crate::clients\n    g(crate::members::find)\n}\n";
        let file = SourceFile::new("src/plan/mod.rs", text).unwrap();
        let named: Vec<String> = file
            .paths
            .iter()
            .map(|path| path.segments.join("::"))
            .collect();
        assert!(named.contains(&"crate::members::find".to_owned()));
        assert!(!named.iter().any(|path| path.contains("clients")));
        let place = LineColumn { line: 2, column: 7 };
        assert!(group_at(&file.trees, place).is_some_and(|body| is_ident(body.first(), "g")));
    }

    #[test]
    fn a_file_that_does_not_parse_is_named_with_its_line() {
        let refused = SourceFile::new("src/plan/mod.rs", "fn f() {\n    let = 3;\n}\n")
            .err()
            .unwrap();
        assert!(refused.starts_with("src/plan/mod.rs:2: "), "{refused}");
    }
}
