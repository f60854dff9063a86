//! Two versions side by side.

use serde_json::{Value, json};

use super::{agree, exploring, success};
use crate::support;

#[tokio::test]
async fn what_was_added_removed_and_changed_is_told_by_field() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let first = pair.propose(a, success(json!("us")), None).await;
    let alone = a.get(&format!("{first}/comparison")).await.expect(200);
    assert_eq!(alone["with_id"], Value::Null);
    assert_eq!(alone["differences"][0]["kind"], "added");
    agree(b, &first).await.expect(200);

    let mut more = success(json!("them"));
    more["metrics"][0]["target"] = json!(20);
    more["expectations"] = Value::Null;
    let second = pair.propose(b, more, None).await;
    let compared = b.get(&format!("{second}/comparison")).await.expect(200);
    assert_eq!(
        compared["with_id"],
        json!(first.rsplit('/').next().unwrap())
    );
    assert_eq!(
        compared["differences"],
        json!([
            {"pointer": "/body/expectations", "kind": "removed", "before": "Slow at first.", "after": null},
            {"pointer": "/body/metrics/0/target", "kind": "changed", "before": 12, "after": 20},
        ])
    );
    // The other way round, and with itself.
    let id = second.rsplit('/').next().unwrap();
    let back = b
        .get(&format!("{first}/comparison?with={id}"))
        .await
        .expect(200);
    assert_eq!(back["differences"][0]["kind"], "added");
    let same = b
        .get(&format!("{second}/comparison?with={id}"))
        .await
        .expect(200);
    assert_eq!(same["differences"], json!([]));
    // With none of this section.
    let story = pair.propose(a, super::story("Once."), None).await;
    let odd = b.get(&format!("{story}/comparison?with={id}")).await;
    assert_eq!(odd.status, 400);
}
