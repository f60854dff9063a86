//! Signing in, refreshing and signing out.

use serde_json::json;

use crate::support::{self, Quid};

#[tokio::test]
async fn whoever_signed_up_signs_in_and_out() {
    let quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let me = firm.admin.get("/v1/me").await.expect(200);
    assert_eq!(me["role"], "admin");
    assert_eq!(me["firm_id"], json!(firm.id));
    firm.admin.delete("/v1/sessions/current").await.expect(204);
    assert_eq!(
        firm.admin.get("/v1/me").await.problem(401),
        "unauthenticated"
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let quid: Quid = support::start().await;
    let firm = quid.firm("Red Mesa Wealth").await;
    let wrong = json!({"email": firm.email, "password": "not the pass phrase"});
    let unknown = json!({"email": "nobody@firm.example", "password": "not the pass phrase"});
    let id = [("x-request-id", "the-same")];
    let one = quid.nobody().post_with("/v1/sessions", &id, wrong).await;
    let other = quid.nobody().post_with("/v1/sessions", &id, unknown).await;
    assert_eq!(one.problem(401), "wrong-credentials");
    assert_eq!(one.text(), other.text());
}
