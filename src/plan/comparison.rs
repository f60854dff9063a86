//! What is different between two versions, by field.
//!
//! Members of a list that have a name of their own (`key`, `name`, `attribute`, `activity`) are told apart
//! by it, so that one that has moved is not a change; all others by their place.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::words;

words! {
    /// What was done to a field.
    pub enum DifferenceKind {
        /// It is new.
        Added = "added",
        /// It is gone.
        Removed = "removed",
        /// It says something else.
        Changed = "changed",
    }
}

/// A field that is different.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PlanDifference {
    /// Where it is in the newer version; where it was in the older one, when it is gone (RFC 6901).
    pub pointer: String,
    /// What was done to it.
    pub kind: DifferenceKind,
    /// What it said; `null` when it is new.
    pub before: Value,
    /// What it says; `null` when it is gone.
    pub after: Value,
}

/// Two versions of a section, side by side.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanComparison {
    /// The version that was asked for.
    pub id: Uuid,
    /// The one that it is compared with; `null` where there is none before it.
    pub with_id: Option<Uuid>,
    /// What is different, in the order of the fields.
    pub differences: Vec<PlanDifference>,
}

/// What is different between two bodies.
pub(super) fn compare(before: &Value, after: &Value) -> Vec<PlanDifference> {
    let mut differences = Vec::new();
    values("/body", before, after, &mut differences);
    differences
}

fn values(at: &str, before: &Value, after: &Value, out: &mut Vec<PlanDifference>) {
    match (before, after) {
        (before, after) if before == after => {}
        (Value::Object(before), Value::Object(after)) => objects(at, before, after, out),
        (Value::Array(before), Value::Array(after)) => lists(at, before, after, out),
        (before, after) => out.push(PlanDifference {
            pointer: at.to_owned(),
            kind: match (before.is_null(), after.is_null()) {
                (true, _) => DifferenceKind::Added,
                (_, true) => DifferenceKind::Removed,
                _ => DifferenceKind::Changed,
            },
            before: before.clone(),
            after: after.clone(),
        }),
    }
}

fn objects(
    at: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    out: &mut Vec<PlanDifference>,
) {
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    for name in after.keys().chain(gone) {
        let of = |fields: &Map<String, Value>| fields.get(name).cloned().unwrap_or_default();
        values(&format!("{at}/{name}"), &of(before), &of(after), out);
    }
}

fn lists(at: &str, before: &[Value], after: &[Value], out: &mut Vec<PlanDifference>) {
    let are_named = before.iter().chain(after).all(|one| name(one).is_some());
    let counterpart = |list: &[Value], place: usize, one: &Value| {
        if are_named {
            list.iter().find(|other| name(other) == name(one)).cloned()
        } else {
            list.get(place).cloned()
        }
    };
    for (place, one) in after.iter().enumerate() {
        let old = counterpart(before, place, one).unwrap_or_default();
        values(&format!("{at}/{place}"), &old, one, out);
    }
    for (place, one) in before.iter().enumerate() {
        if counterpart(after, place, one).is_none() {
            values(&format!("{at}/{place}"), one, &Value::Null, out);
        }
    }
}

/// The name by which a member of a list is told from the others.
fn name(one: &Value) -> Option<&str> {
    let names = ["key", "name", "attribute", "activity"];
    names
        .iter()
        .find_map(|field| one.get(field))
        .and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(before: Value, after: Value) -> Vec<(String, &'static str)> {
        compare(&before, &after)
            .into_iter()
            .map(|one| (one.pointer, one.kind.as_str()))
            .collect()
    }

    #[test]
    fn what_is_new_gone_or_otherwise_is_told_by_field() {
        let before =
            json!({"us": null, "them": {"business": "Tax"}, "alignment": "Both plan.", "n": 1});
        let after = json!({"us": {"business": "Wealth"}, "them": {"business": "Tax"}, "alignment": null, "n": 2});
        let expected = [
            ("/body/us", "added"),
            ("/body/alignment", "removed"),
            ("/body/n", "changed"),
        ];
        let mut found = told(before, after);
        found.sort();
        let mut expected = expected.map(|(at, kind)| (at.to_owned(), kind)).to_vec();
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn members_with_a_name_may_move_without_a_change() {
        let before = json!({"metrics": [{"key": "a", "target": 1}, {"key": "b", "target": 2}, {"key": "c", "target": 3}]});
        let after = json!({"metrics": [{"key": "b", "target": 5}, {"key": "a", "target": 1}]});
        assert_eq!(
            told(before, after),
            [
                ("/body/metrics/0/target".to_owned(), "changed"),
                ("/body/metrics/2".to_owned(), "removed")
            ]
        );
    }

    #[test]
    fn nothing_is_different_between_a_version_and_itself() {
        let body = json!({"stages": ["a", "b"], "us": {"business": "Tax"}});
        assert!(compare(&body, &body).is_empty());
    }
}
