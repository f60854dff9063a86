//! Which of the documented statuses an operation has been seen to answer with.

use std::collections::{BTreeMap, BTreeSet};

use super::documented::Operation;

/// The statuses that were seen, by operation.
#[derive(Debug, Default)]
pub struct Coverage {
    seen: BTreeMap<String, BTreeSet<u16>>,
}

impl Coverage {
    /// Notes an answer.
    pub fn saw(&mut self, operation: &str, status: u16) {
        self.seen
            .entry(operation.to_owned())
            .or_default()
            .insert(status);
    }

    fn has(&self, operation: &str, wanted: impl Fn(u16) -> bool) -> bool {
        self.seen
            .get(operation)
            .is_some_and(|statuses| statuses.iter().any(|status| wanted(*status)))
    }

    /// The operations that never answered 2xx.
    pub fn never_done(&self, operations: &[Operation]) -> Vec<String> {
        let ids = operations.iter().map(|operation| operation.id.clone());
        ids.filter(|id| !self.has(id, |status| (200..300).contains(&status)))
            .collect()
    }

    /// Each operation with the documented statuses that were not seen, without those that need a
    /// broken or slow service: 408, 500 and 503.
    pub fn unseen(&self, operations: &[Operation]) -> Vec<String> {
        let mut lines = Vec::new();
        for operation in operations {
            let documented = operation.value["responses"].as_object().unwrap().keys();
            let statuses: BTreeSet<u16> =
                documented.map(|status| status.parse().unwrap()).collect();
            let unseen = statuses.into_iter().filter(|status| {
                !matches!(status, 408 | 500 | 503)
                    && !self.has(&operation.id, |seen| seen == *status)
            });
            let unseen: Vec<_> = unseen.map(|status| status.to_string()).collect();
            if !unseen.is_empty() {
                lines.push(format!("{}: {}", operation.id, unseen.join(" ")));
            }
        }
        lines
    }
}

#[test]
fn what_was_not_seen_is_told() {
    let operations = super::documented::operations(&serde_json::json!({"paths": {"/v1/things": {
        "get": {"operationId": "list_things", "responses": {"200": {}, "400": {}, "500": {}}},
        "post": {"operationId": "create_thing", "responses": {"201": {}, "422": {}}},
    }}}));
    let mut coverage = Coverage::default();
    coverage.saw("list_things", 200);
    coverage.saw("create_thing", 422);
    assert_eq!(coverage.never_done(&operations), ["create_thing"]);
    let mut unseen = coverage.unseen(&operations);
    unseen.sort();
    assert_eq!(unseen, ["create_thing: 201", "list_things: 400"]);
}
