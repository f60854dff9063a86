//! The rules of the house, checked by parsing `src/`. Each failure names the place, the rule, why it
//! is there and how to mend it; the rules themselves, and the proofs that each can fail, stand in
//! `tests/architecture/`.

#[path = "architecture/mod.rs"]
mod rules;

use std::io::Write as _;

use rules::source::{nothing, repository};
use rules::{features, records, routes, security, sql, style};

#[test]
fn only_stores_and_the_platform_know_sql() {
    nothing(&sql::known_in_stores(&repository().unwrap(), sql::NAMES_DIESEL));
}

#[test]
fn every_exception_for_diesel_is_still_needed() {
    nothing(&sql::needless_exceptions(&repository().unwrap(), sql::NAMES_DIESEL));
}

#[test]
fn a_table_is_written_by_one_folder() {
    nothing(&sql::one_writer(&repository().unwrap()));
}

#[test]
fn the_platform_names_no_feature() {
    nothing(&features::platform_knows_none(&repository().unwrap()));
}

#[test]
fn features_meet_only_through_their_doors() {
    nothing(&features::through_the_door(&repository().unwrap()));
}

#[test]
fn features_know_one_another_in_no_circle() {
    nothing(&features::no_circle(&repository().unwrap()));
}

#[test]
fn every_route_takes_one_permission_first() {
    nothing(&routes::take_permission(&repository().unwrap()));
}

#[test]
fn every_route_is_documented() {
    nothing(&routes::are_documented(&repository().unwrap()));
}

#[test]
fn every_route_is_called_by_verb_and_noun() {
    nothing(&routes::are_verb_noun(&repository().unwrap()));
}

#[test]
fn the_document_says_who_may_as_the_code_does() {
    nothing(&security::says_who_may(&repository().unwrap()));
}

#[test]
fn every_route_is_mounted() {
    nothing(&routes::are_mounted(&repository().unwrap()));
}

#[test]
fn every_write_records_its_change_or_is_exempt() {
    nothing(&records::record_changes(&repository().unwrap(), records::EXEMPT));
}

#[test]
fn every_patch_asks_for_if_match() {
    nothing(&routes::patches_are_guarded(&repository().unwrap()));
}

#[test]
fn a_file_of_a_feature_is_one_operation() {
    nothing(&routes::one_a_file(&repository().unwrap()));
}

#[test]
fn names_say_what_things_are() {
    nothing(&style::names_say_what(&repository().unwrap()));
}

#[test]
fn every_exception_from_a_lint_has_its_reason() {
    nothing(&style::exceptions_have_reasons(&repository().unwrap()));
}

#[test]
fn every_file_says_what_it_is_for() {
    nothing(&style::files_say_what_for(&repository().unwrap()));
}

/// The limits are a smell, not a law: what is past one is printed, what is past twice one fails.
#[test]
fn sizes_are_printed_and_nothing_is_twice_too_large() {
    let files = repository().unwrap();
    let mut list = String::new();
    for one in style::large(&files) {
        list.push_str(&one.shown());
        list.push('\n');
    }
    // Written past the capture of output, since a test that passes prints nothing.
    std::io::stderr().write_all(list.as_bytes()).unwrap();
    nothing(&style::fits_the_eye(&files));
}
