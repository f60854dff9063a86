//! The rules of the house, checked by parsing `src/`. Each failure names the place, the rule, why it
//! is there and how to mend it; the rules themselves, and the proofs that each can fail, stand in
//! `tests/architecture/`.

#[path = "architecture/mod.rs"]
mod rules;

use std::io::Write as _;

use rules::source::holds;
use rules::{features, operations, records, routes, security, sql, style, tables};

#[test]
fn only_stores_and_the_platform_know_sql() {
    holds(|files| sql::known_in_stores(files, sql::NAMES_DIESEL));
}

#[test]
fn every_exception_for_diesel_is_still_needed() {
    holds(|files| sql::needless_exceptions(files, sql::NAMES_DIESEL));
}

#[test]
fn a_table_is_written_by_one_folder() {
    holds(|files| tables::one_writer(files, tables::WRITES_FOR_OTHERS));
}

#[test]
fn the_platform_names_no_feature() {
    holds(features::platform_knows_none);
}

#[test]
fn features_meet_only_through_their_doors() {
    holds(features::through_the_door);
}

#[test]
fn features_know_one_another_in_no_circle() {
    holds(features::no_circle);
}

#[test]
fn every_route_takes_one_permission_first() {
    holds(routes::take_permission);
}

#[test]
fn every_route_is_documented() {
    holds(routes::are_documented);
}

#[test]
fn every_route_is_called_by_verb_and_noun() {
    holds(routes::are_verb_noun);
}

#[test]
fn the_document_says_who_may_as_the_code_does() {
    holds(security::says_who_may);
}

#[test]
fn every_route_is_mounted() {
    holds(operations::are_mounted);
}

#[test]
fn every_write_records_its_change_or_is_exempt() {
    holds(|files| records::record_changes(files, records::EXEMPT));
}

#[test]
fn every_patch_asks_for_if_match() {
    holds(operations::patches_are_guarded);
}

#[test]
fn a_file_of_a_feature_is_one_operation() {
    holds(operations::one_a_file);
}

#[test]
fn names_say_what_things_are() {
    holds(style::names_say_what);
}

#[test]
fn every_exception_from_a_lint_has_its_reason() {
    holds(style::exceptions_have_reasons);
}

#[test]
fn every_file_says_what_it_is_for() {
    holds(style::files_say_what_for);
}

/// The limits are a smell, not a law: what is past one is printed, what is past twice one fails.
#[test]
fn sizes_are_printed_and_nothing_is_twice_too_large() {
    holds(|files| {
        let list: String = style::large(files)
            .iter()
            .map(|one| one.shown() + "\n")
            .collect();
        // Written past the capture of output, since a test that passes prints nothing.
        let _ = std::io::stderr().write_all(list.as_bytes());
        style::fits_the_eye(files)
    });
}
