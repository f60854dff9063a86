//! The audit log is only added to, and whoever tampers with it is found out.

use quid::audit;
use serde_json::json;

use crate::support;

#[tokio::test]
async fn every_change_stands_in_the_log_of_each_firm_that_sees_it() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let path = pair.offer("Mary Greene").await;
    let id = path.rsplit('/').next().unwrap();
    for (firm, expected) in [
        (&pair.a, vec!["offer", "created"]),
        (&pair.b, vec!["offer"]),
    ] {
        let query = format!("/v1/audit-entries?resource_id={id}");
        let log = firm.admin.get(&query).await.expect(200);
        let told: Vec<_> = log["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["action"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(told, expected);
    }
    let by_word = "/v1/audit-entries?kind=introduction&action=offer";
    let log = pair.a.admin.get(by_word).await.expect(200);
    assert_eq!(log["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_chain_holds_until_somebody_touches_it() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    pair.offer("Mary Greene").await;
    let app = quid.app().await;
    quid.come_round("chain_audit").await;
    let first = audit::verify(&app, &[]).await.unwrap();
    assert_eq!(first.broken, Vec::<String>::new());
    assert_eq!((first.heads.len(), first.unchained), (2, 0));
    pair.offer("Carl Harvey").await;
    quid.come_round("chain_audit").await;
    let second = audit::verify(&app, &first.heads).await.unwrap();
    assert_eq!(second.broken, Vec::<String>::new());
    assert!(second.chained > first.chained);
    let newest = pair
        .a
        .admin
        .get("/v1/audit-entries?limit=1")
        .await
        .expect(200);
    let head = second
        .heads
        .iter()
        .find(|head| head.firm_id.to_string() == pair.a.id)
        .unwrap();
    assert_eq!(newest["data"][0]["tag"], json!(head.tag));

    let client = quid.db.connect().await;
    for forbidden in [
        "UPDATE audit_entries SET action = 'nothing'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ] {
        let refused = client.batch_execute(forbidden).await.unwrap_err();
        let text = refused.as_db_error().unwrap().message().to_owned();
        assert_eq!(text, "the audit log is only added to", "{forbidden}");
    }
    // Whoever owns the database can take the triggers off.
    client
        .batch_execute("ALTER TABLE audit_entries DISABLE TRIGGER ALL")
        .await
        .unwrap();
    let tampered = [
        "UPDATE audit_entries SET actor_id = NULL WHERE action = 'offer'",
        "DELETE FROM audit_entries WHERE position = 3",
        "DELETE FROM audit_entries WHERE position > 4",
        "DELETE FROM audit_entries",
    ];
    for statement in tampered {
        let undo = "CREATE TABLE kept AS SELECT * FROM audit_entries";
        client.batch_execute(undo).await.unwrap();
        client.batch_execute(statement).await.unwrap();
        let found = audit::verify(&app, &second.heads).await.unwrap();
        assert!(!found.broken.is_empty(), "{statement}");
        let back = "DELETE FROM audit_entries; INSERT INTO audit_entries OVERRIDING SYSTEM VALUE SELECT * FROM kept; DROP TABLE kept";
        client.batch_execute(back).await.unwrap();
        let whole = audit::verify(&app, &second.heads).await.unwrap();
        assert_eq!(whole.broken, Vec::<String>::new());
    }
}
