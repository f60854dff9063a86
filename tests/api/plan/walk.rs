//! Both parties at random, at once: nothing is ever agreed that one of them does not stand behind, and
//! what is agreed never changes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{agree, exploring, story};
use crate::support::{self, Actor, Dice, Pair};

/// One thing that a party does, as likely as not in vain.
async fn act(
    pair: &Pair,
    by: &Actor,
    known: &[String],
    choice: (usize, usize, usize),
) -> Option<String> {
    let (what, which, number) = choice;
    let version = known.get(which % known.len().max(1));
    match (what, version) {
        (0 | 1, _) | (_, None) => Some(pair.plan_draft(by, story(&format!("{number}."))).await),
        (2 | 3, Some(version)) => {
            by.post(&format!("{version}/propose"), json!({})).await;
            None
        }
        (4 | 5, Some(version)) => {
            let answer = pair
                .try_to_propose(by, story(&format!("{number}!")), Some(version))
                .await;
            let id = answer.json()["id"].as_str().map(str::to_owned);
            id.map(|id| format!("/v1/plan-versions/{id}"))
        }
        (6 | 7, Some(version)) => {
            agree(by, version).await;
            None
        }
        (_, Some(version)) => {
            by.post(&format!("{version}/withdraw"), json!({})).await;
            None
        }
    }
}

#[tokio::test]
async fn no_order_of_steps_makes_an_agreement_that_one_side_did_not_agree_to() {
    let quid = support::start().await;
    let pair = exploring(&quid).await;
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let list = format!(
        "/v1/partnerships/{}/plan-versions?limit=200",
        pair.partnership
    );
    let mut random = Dice(4);
    let (mut known, mut open): (Vec<String>, Vec<String>) = Default::default();
    let mut agreed: BTreeMap<String, Value> = BTreeMap::new();
    for step in 0..120 {
        let mut choice = || (random.roll(9), random.roll(1000), step);
        let (one, other) = (choice(), choice());
        // What is open is met more often than by chance alone.
        let mut near = known[known.len().saturating_sub(2)..].to_vec();
        near.extend(open.iter().cloned().cycle().take(open.len() * 3));
        let (first, second) = tokio::join!(act(&pair, a, &near, one), act(&pair, b, &near, other));
        known.extend(first.into_iter().chain(second));
        let page = a.get(&list).await.expect(200);
        let versions = page["data"].as_array().unwrap();
        let of = |state: &str| versions.iter().filter(|one| one["state"] == state).count();
        assert!(of("proposed") <= 1, "step {step}: {page}");
        let proposed = versions.iter().filter(|one| one["state"] == "proposed");
        open = proposed
            .map(|one| format!("/v1/plan-versions/{}", one["id"].as_str().unwrap()))
            .collect();
        let in_force = versions.iter().filter(|one| one["in_force"] == true);
        let newest = versions
            .iter()
            .filter(|one| one["state"] == "agreed")
            .max_by_key(|one| one["number"].as_i64());
        assert_eq!(
            in_force.collect::<Vec<_>>(),
            newest.into_iter().collect::<Vec<_>>()
        );
        for version in versions.iter().filter(|one| one["state"] == "agreed") {
            let id = version["id"].as_str().unwrap().to_owned();
            // Whoever agreed is not of the party that proposed it.
            assert_ne!(version["proposed_by"], version["answered_by"]);
            let said = json!([version["body"], version["number"], version["closed_at"]]);
            let before = agreed.entry(id).or_insert_with(|| said.clone());
            assert_eq!(*before, said, "step {step}");
        }
    }
    assert!(
        agreed.len() >= 3,
        "the walk came to {} agreements",
        agreed.len()
    );
    // The two parties' own records of who agreed to what.
    let client = quid.db.connect().await;
    let query = "SELECT count(*) FROM plan_versions v
                   JOIN members p ON p.id = v.proposed_by JOIN members g ON g.id = v.answered_by
                  WHERE v.state = 'agreed' AND (p.firm_id <> v.firm_id OR g.firm_id = v.firm_id)";
    let one_sided: i64 = client.query_one(query, &[]).await.unwrap().get(0);
    assert_eq!(one_sided, 0);
}
