//! How well the two keep talking: weeks kept and missed, the streak, and what is due next.

use serde_json::{Value, json};

use super::{DAY, LAY_OUT, address, hold, partners, pass, text};
use crate::support::{self, Actor, Pair};

async fn told(pair: &Pair, by: &Actor) -> Value {
    by.get(&pair.at("conversations")).await.expect(200)
}

fn figures(told: &Value) -> [i64; 4] {
    ["kept", "missed", "due", "streak_weeks"].map(|name| told[name].as_i64().unwrap())
}

#[tokio::test]
async fn the_streak_counts_weeks_in_which_the_two_spoke() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let series = pair.planned().await;
    let mut first = told(&pair, &pair.a.admin).await;
    assert_eq!(figures(&first), [0, 0, 0, 0]);
    assert_eq!(
        (&first["rule"], &first["time"]),
        (&json!("FREQ=WEEKLY;BYDAY=TU"), &json!("09:30"))
    );
    assert_eq!(first["next_meeting_id"], series[0]["id"]);

    // Held in its week; missed; held besides; skipped. Each time on the Wednesday.
    pass(&quid, &mut pair, 2 * DAY).await;
    hold(&quid, &pair.a.admin, &series[0]).await;
    first = told(&pair, &pair.b.admin).await;
    assert_eq!(figures(&first), [1, 0, 1, 1]);
    assert_eq!(first["next_meeting_id"], series[1]["id"]);
    pass(&quid, &mut pair, 7 * DAY).await;
    // This week is not over: the one of Tuesday is due still.
    let open = told(&pair, &pair.a.admin).await;
    assert_eq!(
        (figures(&open), &open["next_meeting_id"]),
        ([1, 0, 1, 1], &series[1]["id"])
    );
    pass(&quid, &mut pair, 7 * DAY).await;
    assert_eq!(figures(&told(&pair, &pair.a.admin).await), [1, 1, 2, 0]);
    let besides = json!({"held_at": quid.now().to_string()});
    let besides = pair
        .b
        .admin
        .post(&pair.at("meetings"), besides)
        .await
        .expect(201);
    let moved_on = told(&pair, &pair.a.admin).await;
    assert_eq!(figures(&moved_on), [2, 1, 3, 1]);
    // Talking besides the series moves the cadence on.
    assert_eq!(
        (&moved_on["last_meeting_id"], &moved_on["next_meeting_id"]),
        (&besides["id"], &series[3]["id"])
    );
    let skip = format!("{}/skip", address(&series[3]));
    pair.a
        .admin
        .post(&skip, json!({"reason": "A holiday."}))
        .await
        .expect(200);
    pass(&quid, &mut pair, 14 * DAY).await;
    let later = told(&pair, &pair.b.admin).await;
    assert_eq!(figures(&later), [2, 1, 3, 1]);
    let weeks = later["weeks"].as_array().unwrap().iter();
    let weeks: Vec<_> = weeks
        .map(|week| (text(week, "week_on"), week["kept"] == true))
        .collect();
    assert_eq!(
        weeks,
        [
            ("2026-03-02", true),
            ("2026-03-09", false),
            ("2026-03-16", true)
        ]
    );
    assert_eq!(later["weeks"][1]["meeting_ids"], json!([series[1]["id"]]));
    let ours = told(&pair, &pair.a.admin).await;
    assert_eq!(figures(&ours), figures(&later));

    // What other features ask for is the same.
    let app = quid.app().await;
    let (firm, partnership) = (
        pair.a.id.parse().unwrap(),
        pair.partnership.parse().unwrap(),
    );
    let now = quid.now();
    let kept = app
        .db
        .read(async |conn| quid::meetings::conversations_kept(conn, firm, partnership, now).await)
        .await
        .unwrap();
    assert_eq!((kept.kept, kept.due, kept.streak_weeks), (2, 3, 1));
    let next = app
        .db
        .read(async |conn| {
            let window = (now, now.plus_seconds(7 * DAY));
            quid::meetings::list_next(conn, firm, window, 10).await
        })
        .await
        .unwrap();
    assert_eq!(next.len(), 1);
}

#[tokio::test]
async fn while_it_is_paused_nothing_is_due() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let series = pair.planned().await;
    pass(&quid, &mut pair, 2 * DAY).await;
    hold(&quid, &pair.a.admin, &series[0]).await;
    let reason = json!({"reason": "Our season."});
    pair.a
        .admin
        .post(&pair.at("pause"), reason)
        .await
        .expect(200);
    pass(&quid, &mut pair, 28 * DAY).await;
    assert_eq!(figures(&told(&pair, &pair.a.admin).await), [1, 0, 1, 1]);
    pair.a
        .admin
        .post(&pair.at("resume"), Value::Null)
        .await
        .expect(200);
    quid.come_round(LAY_OUT).await;
    pass(&quid, &mut pair, 14 * DAY).await;
    assert_eq!(figures(&told(&pair, &pair.a.admin).await), [1, 1, 2, 0]);
}

#[tokio::test]
async fn a_window_tells_its_own_weeks_and_without_a_protocol_nothing_is_due() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    let body = json!({"held_at": quid.now().to_string()});
    pair.a
        .admin
        .post(&pair.at("meetings"), body)
        .await
        .expect(201);
    let found = told(&pair, &pair.a.admin).await;
    assert_eq!(figures(&found), [0, 0, 0, 0]);
    assert_eq!(
        (&found["rule"], &found["plan_version_id"]),
        (&Value::Null, &Value::Null)
    );
    assert!(found["last_held_at"].is_string());
    let path = pair.at("conversations?from=2026-03-02&to=2026-03-02");
    assert_eq!(
        pair.a.admin.get(&path).await.problem(400),
        "malformed-request"
    );
}
