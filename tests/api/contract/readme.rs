//! What the command line can be told stands in the README.

use std::collections::BTreeSet;
use std::process::Command;

use super::nothing;

/// Every command with flags of its own.
const COMMANDS: &[&[&str]] = &[
    &[],
    &["serve"],
    &["work"],
    &["migrate"],
    &["openapi"],
    &["firm", "create"],
    &["keys", "rotate"],
    &["audit", "verify"],
    &["outbox"],
    &["demo"],
];

fn help(command: &[&str]) -> String {
    let quid = env!("CARGO_BIN_EXE_quid");
    let output = Command::new(quid)
        .args(command)
        .arg("--help")
        .env_clear()
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "quid {} --help: {}",
        command.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The environment variables that a help text names, with their defaults where it tells one.
fn variables(help: &str) -> BTreeSet<String> {
    let words = help.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
    let named = words.filter(|word| word.starts_with("QUID_") || *word == "DATABASE_URL");
    named.map(str::to_owned).collect()
}

#[test]
fn the_help_is_read_for_what_it_names() {
    let text = "  --listen <A>  Where [env: QUID_LISTEN=] [default: 1]\n --x  required with DATABASE_URL\n QUIDS";
    assert_eq!(
        variables(text).into_iter().collect::<Vec<_>>(),
        ["DATABASE_URL", "QUID_LISTEN"]
    );
    let serve = variables(&help(&["serve"]));
    for known in [
        "DATABASE_URL",
        "QUID_DATA_DIR",
        "QUID_LISTEN",
        "QUID_MASTER_KEY",
        "QUID_PUBLIC_URL",
    ] {
        assert!(
            serve.contains(known),
            "quid serve --help does not name {known}: {serve:?}"
        );
    }
}

#[test]
fn every_command_stands_in_this_test() {
    let commands = |help: &str| -> BTreeSet<String> {
        let list = help
            .split("Commands:")
            .nth(1)
            .unwrap_or_default()
            .split("\n\n")
            .next()
            .unwrap_or_default();
        let first = list
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        first
            .filter(|name| *name != "help")
            .map(str::to_owned)
            .collect()
    };
    let known: BTreeSet<String> = COMMANDS
        .iter()
        .filter_map(|command| command.first())
        .map(|one| (*one).to_owned())
        .collect();
    assert_eq!(
        commands(&help(&[])),
        known,
        "COMMANDS here and the command line differ"
    );
}

#[test]
fn every_variable_that_the_help_names_stands_in_the_readme() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let told = variables(&readme);
    let named: BTreeSet<String> = COMMANDS
        .iter()
        .flat_map(|command| variables(&help(command)))
        .collect();
    let missing: Vec<_> = named.difference(&told).cloned().collect();
    nothing(
        &missing,
        "README.md tells every variable of the command line, with its default",
    );
}
