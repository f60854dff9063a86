//! The functions of the files, and finding the one that a path leads to.

use std::collections::BTreeMap;

use proc_macro2::TokenTree;
use syn::visit::Visit;

use super::paths::{self, PathUse};
use super::source::{SourceFile, group_at, line};

/// A function with its body.
pub struct Function<'a> {
    /// The file that it is in.
    pub file: &'a SourceFile,
    /// Its module and, for a method, its type.
    pub within: Vec<String>,
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub line: usize,
    /// The tokens between its braces.
    pub body: Vec<TokenTree>,
}

impl Function<'_> {
    /// The paths that its body, or a part of it, names.
    pub fn paths(&self, part: &[TokenTree]) -> Vec<PathUse> {
        let mut found = Vec::new();
        paths::collect(part, &self.within, &mut found);
        found
    }
}

/// All functions, by where they are.
pub struct Functions<'a> {
    files: &'a [SourceFile],
    /// In the order of the files.
    pub all: Vec<Function<'a>>,
    places: BTreeMap<Vec<String>, Vec<usize>>,
}

impl<'a> Functions<'a> {
    /// Those of these files, without tests.
    pub fn of(files: &'a [SourceFile]) -> Self {
        let mut all = Vec::new();
        for file in files {
            let mut seen = Seen {
                file,
                within: file.module.clone(),
                found: &mut all,
            };
            seen.visit_file(&file.syntax);
        }
        let mut places: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for (number, function) in all.iter().enumerate() {
            let place = [
                function.within.as_slice(),
                std::slice::from_ref(&function.name),
            ]
            .concat();
            places.entry(place).or_default().push(number);
        }
        Self { files, all, places }
    }

    /// Those that a path leads to, through what a `mod.rs` passes on.
    pub fn find(&self, from: &Function<'_>, path: &PathUse) -> Vec<&Function<'a>> {
        let local = || [from.within.as_slice(), path.segments.as_slice()].concat();
        let own = || [from.file.module.as_slice(), path.segments.as_slice()].concat();
        let candidates = match path.segments.first().map(String::as_str) {
            Some("Self") => {
                vec![
                    [
                        from.within.as_slice(),
                        path.segments.get(1..).unwrap_or_default(),
                    ]
                    .concat(),
                ]
            }
            _ => {
                paths::resolve(from.file, path).map_or_else(|| vec![own(), local()], |to| vec![to])
            }
        };
        let found = candidates
            .into_iter()
            .map(|place| self.numbers(&place, 8))
            .find(|found| !found.is_empty());
        found
            .into_iter()
            .flatten()
            .filter_map(|number| self.all.get(number))
            .collect()
    }

    fn numbers(&self, place: &[String], patience: usize) -> Vec<usize> {
        if let Some(found) = self.places.get(place) {
            return found.clone();
        }
        // The longest prefix that is a file may pass the rest on by an import.
        for split in (0..place.len()).rev() {
            let (module, rest) = place.split_at(split);
            let Some(file) = self.files.iter().find(|file| file.module == module) else {
                continue;
            };
            let onto = rest
                .first()
                .and_then(|name| paths::resolve_name(file, name));
            return match onto.filter(|_| patience > 0) {
                Some(onto) => {
                    let tail = rest.get(1..).unwrap_or_default();
                    self.numbers(&[onto.as_slice(), tail].concat(), patience - 1)
                }
                None => Vec::new(),
            };
        }
        Vec::new()
    }
}

struct Seen<'a, 'b> {
    file: &'a SourceFile,
    within: Vec<String>,
    found: &'b mut Vec<Function<'a>>,
}

impl Seen<'_, '_> {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let place = block.brace_token.span.open().start();
        self.found.push(Function {
            file: self.file,
            within: self.within.clone(),
            name: signature.ident.to_string(),
            line: line(&signature.ident),
            body: group_at(&self.file.trees, place).unwrap_or_default(),
        });
    }

    fn inside(&mut self, name: Option<String>, look: impl FnOnce(&mut Self)) {
        let depth = self.within.len();
        self.within.extend(name);
        look(self);
        self.within.truncate(depth);
    }
}

impl<'ast> Visit<'ast> for Seen<'_, '_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_for_tests(&module.attrs) {
            self.inside(Some(module.ident.to_string()), |seen| {
                syn::visit::visit_item_mod(seen, module);
            });
        }
    }

    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        self.inside(type_name(&block.self_ty), |seen| {
            syn::visit::visit_item_impl(seen, block);
        });
    }

    fn visit_item_trait(&mut self, block: &'ast syn::ItemTrait) {
        self.inside(Some(block.ident.to_string()), |seen| {
            syn::visit::visit_item_trait(seen, block);
        });
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

/// Whether an item is there for tests alone.
pub fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

/// The last segment of a type's path.
pub fn type_name(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string()),
        _ => None,
    }
}
