//! The series is laid out eight weeks ahead, once, and again when another protocol is agreed.

use serde_json::{Value, json};

use super::{DAY, LAY_OUT, address, agree, feed, member_id, partners, pass, text};
use crate::support::{self, Pair};

fn all(meetings: &[Value], name: &str) -> Vec<String> {
    let of = meetings
        .iter()
        .map(|meeting| text(meeting, name).to_owned());
    of.collect()
}

/// An item as it stands by now.
async fn again(pair: &Pair, item: &Value) -> Value {
    let path = format!("/v1/agenda-items/{}", text(item, "id"));
    pair.b.admin.get(&path).await.expect(200)
}

/// Skips a meeting, since both offices are closed.
async fn close(pair: &Pair, meeting: &Value) {
    let reason = json!({"reason": "Both offices are closed."});
    let skip = format!("{}/skip", address(meeting));
    pair.b.admin.post(&skip, reason).await.expect(200);
}

#[tokio::test]
async fn the_series_is_laid_out_once_eight_weeks_ahead_and_grows_with_the_days() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let first = pair.meetings(&pair.a.admin).await;
    // From Monday 2 March; the clocks in Denver go forward on the 8th.
    let dates = [
        "2026-03-03",
        "2026-03-10",
        "2026-03-17",
        "2026-03-24",
        "2026-03-31",
        "2026-04-07",
        "2026-04-14",
        "2026-04-21",
    ];
    assert_eq!(all(&first, "occurrence_on"), dates);
    let starts = all(&first, "starts_at");
    assert_eq!(
        starts[..2],
        ["2026-03-03T16:30:00Z", "2026-03-10T15:30:00Z"]
    );
    assert!(
        first
            .iter()
            .all(|one| one["starts_local_us"]["time"] == "09:30")
    );
    assert!(
        first
            .iter()
            .all(|one| one["state"] == "planned" && one["created_by"].is_null())
    );
    for _ in 0..2 {
        quid.come_round(LAY_OUT).await;
    }
    assert_eq!(pair.meetings(&pair.b.admin).await.len(), first.len());
    let told = feed(&quid, &pair.b, "meeting").await;
    assert_eq!(told.len(), first.len());
    assert!(
        told.iter()
            .all(|(action, version, _)| action == "created" && *version == 1)
    );
    assert_eq!(feed(&quid, &pair.a, "meeting").await, told);

    pass(&quid, &mut pair, 7 * DAY).await;
    tokio::join!(quid.come_round(LAY_OUT), quid.come_round(LAY_OUT));
    let later = pair.meetings(&pair.a.admin).await;
    assert_eq!(all(&later, "occurrence_on")[..8], dates);
    assert_eq!(all(&later, "occurrence_on")[8..], ["2026-04-28"]);
}

#[tokio::test]
async fn each_firm_reads_its_own_clock_over_both_changes_of_the_clocks() {
    for (zone, before, after, starts) in [
        // Fall back: 25 October in Berlin, 1 November in New York. The service stands on 13 October.
        (
            "Europe/Berlin",
            "2026-10-20",
            "2026-10-27",
            ["2026-10-20T07:30:00Z", "2026-10-27T08:30:00Z"],
        ),
        (
            "America/New_York",
            "2026-10-27",
            "2026-11-03",
            ["2026-10-27T13:30:00Z", "2026-11-03T14:30:00Z"],
        ),
    ] {
        let quid = support::start().await;
        let mut pair = quid.pair().await;
        pass(&quid, &mut pair, 225 * DAY).await;
        let changed = pair
            .b
            .admin
            .patch("/v1/firm", json!({"time_zone": zone}))
            .await;
        changed.expect(200);
        agree(&pair, "tuesday", "09:30", zone).await;
        quid.come_round(LAY_OUT).await;
        let laid_out = pair.meetings(&pair.b.admin).await;
        let of = |on: &str| {
            laid_out
                .iter()
                .find(|one| one["occurrence_on"] == on)
                .unwrap()
        };
        for (on, expected) in [before, after].into_iter().zip(starts) {
            assert_eq!(of(on)["starts_at"], expected, "{zone}");
            assert_eq!(
                of(on)["starts_local_us"],
                json!({"shown_on": on, "time": "09:30", "time_zone": zone})
            );
        }
        // The partner in Denver reads another time, and it changes when Denver's clocks do not go along.
        let theirs = [before, after].map(|on| of(on)["starts_local_them"]["time"].clone());
        let expected = match zone {
            "Europe/Berlin" => ["01:30", "02:30"],
            _ => ["07:30", "07:30"],
        };
        assert_eq!(theirs, expected.map(Value::from), "{zone}");
    }
}

#[tokio::test]
async fn spring_forward_is_laid_out_for_both_zones_too() {
    for (zone, dates, starts) in [
        (
            "Europe/Berlin",
            ["2026-03-24", "2026-03-31"],
            ["2026-03-24T08:30:00Z", "2026-03-31T07:30:00Z"],
        ),
        (
            "America/New_York",
            ["2026-03-03", "2026-03-10"],
            ["2026-03-03T14:30:00Z", "2026-03-10T13:30:00Z"],
        ),
    ] {
        let quid = support::start().await;
        let pair = quid.pair().await;
        agree(&pair, "tuesday", "09:30", zone).await;
        quid.come_round(LAY_OUT).await;
        let laid_out = pair.meetings(&pair.a.admin).await;
        for (on, start) in dates.into_iter().zip(starts) {
            let one = laid_out
                .iter()
                .find(|one| one["occurrence_on"] == on)
                .unwrap();
            assert_eq!(one["starts_at"], start, "{zone}");
        }
    }
}

#[tokio::test]
async fn what_both_agree_on_and_what_goes_on_after_a_pause_is_laid_out_at_once() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    agree(&pair, "tuesday", "09:30", "America/Denver").await;
    quid.do_jobs().await;
    let laid = pair.planned().await;
    assert_eq!(laid.len(), 8);

    let partnership = format!("/v1/partnerships/{}", pair.partnership);
    let (a, b) = (&pair.a.admin, &pair.b.admin);
    let reason = json!({"reason": "The year's end."});
    a.post(&format!("{partnership}/pause"), reason)
        .await
        .expect(200);
    assert!(pair.planned().await.is_empty());
    b.post(&format!("{partnership}/resume"), Value::Null)
        .await
        .expect(200);
    quid.do_jobs().await;
    let again = pair.planned().await;
    assert_eq!(all(&again, "id"), all(&laid, "id"));
}

#[tokio::test]
async fn without_a_protocol_nothing_is_laid_out() {
    let quid = support::start().await;
    let pair = quid.pair().await;
    quid.come_round(LAY_OUT).await;
    assert!(pair.meetings(&pair.a.admin).await.is_empty());
}

#[tokio::test]
async fn another_protocol_removes_what_is_to_come_and_cancels_what_was_written_on() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let old = pair.planned().await;
    let moved = json!({"starts_at": "2026-03-18T16:30:00Z", "reason": "A hearing."});
    let path = format!("{}/move", address(&old[2]));
    pair.a.admin.post(&path, moved).await.expect(200);
    let item = json!({"title": "The seminar", "meeting_id": old[3]["id"]});
    let item = pair.item(&pair.b, item).await;
    // The one of 3 March is past, and nobody has said what became of it.
    pass(&quid, &mut pair, 2 * DAY).await;
    agree(&pair, "friday", "11:00", "America/Denver").await;
    quid.come_round(LAY_OUT).await;

    let now = pair.meetings(&pair.a.admin).await;
    let standing = |one: &Value| {
        (
            text(one, "occurrence_on").to_owned(),
            text(one, "state").to_owned(),
        )
    };
    let is_old = |one: &&Value| one["plan_version_id"] == old[0]["plan_version_id"];
    let kept: Vec<_> = now.iter().filter(is_old).map(standing).collect();
    let expected = [
        ("2026-03-03", "planned"),
        ("2026-03-17", "cancelled"),
        ("2026-03-24", "cancelled"),
    ];
    assert_eq!(
        kept,
        expected.map(|(on, state)| (on.to_owned(), state.to_owned()))
    );
    let new: Vec<_> = now
        .iter()
        .filter(|one| !is_old(one))
        .map(standing)
        .collect();
    assert_eq!(new.first().unwrap().0, "2026-03-06");
    assert!(new.iter().all(|(_, state)| state == "planned"));

    // What stood on the agenda of a cancelled one goes to the next after it.
    let item = again(&pair, &item).await;
    assert_eq!(item["carried_from_id"], old[3]["id"]);
    let next = now
        .iter()
        .find(|one| one["occurrence_on"] == "2026-03-27")
        .unwrap();
    assert_eq!(item["meeting_id"], next["id"]);

    // Removed ones are not there any more, for either, and both are told.
    let gone = pair.b.admin.get(&address(&old[1])).await;
    assert_eq!(gone.problem(404), "not-found");
    let told = feed(&quid, &pair.b, "meeting").await;
    let of = |verb: &str| told.iter().filter(|(action, ..)| action == verb).count();
    assert_eq!((of("deleted"), of("cancel"), of("move")), (5, 2, 1));
}

#[tokio::test]
async fn a_protocol_that_keeps_the_time_keeps_the_meetings_and_what_was_said_of_them() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let old = pair.planned().await;
    let item = json!({"title": "The seminar", "meeting_id": old[1]["id"]});
    let item = pair.item(&pair.b, item).await;
    close(&pair, &old[2]).await;
    let moved = json!({"starts_at": "2026-03-26T16:30:00Z", "reason": "A hearing."});
    let path = format!("{}/move", address(&old[3]));
    pair.a.admin.post(&path, moved).await.expect(200);
    pass(&quid, &mut pair, DAY / 2).await;
    // The same time, and another cadence of meals.
    agree(&pair, "tuesday", "09:30", "America/Denver").await;
    quid.do_jobs().await;

    let now = pair.meetings(&pair.a.admin).await;
    assert_eq!(all(&now, "id"), all(&old, "id"));
    let version = &now[0]["plan_version_id"];
    assert_ne!(version, &old[0]["plan_version_id"]);
    assert!(now.iter().all(|one| &one["plan_version_id"] == version));
    let state = |place: usize| text(&now[place], "state");
    assert_eq!(
        (state(1), state(2), state(3)),
        ("planned", "skipped", "planned")
    );
    assert_eq!(now[3]["starts_at"], "2026-03-26T16:30:00Z");
    let item = again(&pair, &item).await;
    assert_eq!(
        (&item["meeting_id"], &item["carried_from_id"]),
        (&old[1]["id"], &Value::Null)
    );
    let told = feed(&quid, &pair.b, "meeting").await;
    assert!(
        !told
            .iter()
            .any(|(action, ..)| action == "cancel" || action == "deleted")
    );
}

#[tokio::test]
async fn what_is_skipped_of_a_date_stays_so_at_another_time_and_items_go_to_the_same_day() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let old = pair.planned().await;
    let item = json!({"title": "The seminar", "meeting_id": old[1]["id"]});
    let item = pair.item(&pair.b, item).await;
    close(&pair, &old[2]).await;
    pass(&quid, &mut pair, DAY / 2).await;
    // The same instants in winter by the clock of a zone without a summer time.
    agree(&pair, "tuesday", "09:30", "America/Phoenix").await;
    quid.do_jobs().await;

    let now = pair.meetings(&pair.a.admin).await;
    let on = |date: &str, state: &str| {
        let mut found = now
            .iter()
            .filter(|one| one["occurrence_on"] == date && one["state"] == state);
        found
            .next()
            .unwrap_or_else(|| panic!("none on {date} is {state}"))
    };
    assert_eq!(on("2026-03-17", "skipped")["id"], old[2]["id"]);
    let of_that_day = now
        .iter()
        .filter(|one| one["occurrence_on"] == "2026-03-17");
    assert_eq!(of_that_day.count(), 1);
    assert_eq!(on("2026-03-10", "cancelled")["id"], old[1]["id"]);
    let item = again(&pair, &item).await;
    assert_eq!(item["meeting_id"], on("2026-03-10", "planned")["id"]);
}

#[tokio::test]
async fn an_own_note_goes_along_and_decides_nothing() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let old = pair.planned().await;
    let path = format!("{}/note", address(&old[1]));
    let tag = pair.a.admin.get(&path).await.header("etag").to_owned();
    let body = json!({"body": "Ask about her successor."})
        .to_string()
        .into_bytes();
    let sent = [("if-match", tag.as_str())];
    let put = pair
        .a
        .admin
        .send(reqwest::Method::PUT, &path, &sent, Some(body));
    put.await.expect(200);
    agree(&pair, "friday", "11:00", "America/Denver").await;
    quid.come_round(LAY_OUT).await;
    let gone = pair.b.admin.get(&address(&old[1])).await;
    assert_eq!(gone.problem(404), "not-found");
    let new = pair.planned().await;
    let same_week = new
        .iter()
        .find(|one| one["occurrence_on"] == "2026-03-13")
        .unwrap();
    let path = format!("{}/note", address(same_week));
    let ours = pair.a.admin.get(&path).await.expect(200);
    assert_eq!(
        (&ours["body"], &ours["version"]),
        (&json!("Ask about her successor."), &json!(1))
    );
    assert_eq!(
        pair.b.admin.get(&path).await.expect(200)["body"],
        Value::Null
    );
    assert!(feed(&quid, &pair.b, "meeting_note").await.is_empty());
}

#[tokio::test]
async fn a_pause_cancels_what_is_to_come_and_resuming_plans_it_again() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let before = pair.planned().await;
    let reason = json!({"reason": "Our season."});
    pair.a
        .admin
        .post(&pair.at("pause"), reason)
        .await
        .expect(200);
    let paused = pair.meetings(&pair.b.admin).await;
    assert_eq!(paused.len(), before.len());
    assert!(paused.iter().all(|one| one["state"] == "cancelled"));
    quid.come_round(LAY_OUT).await;
    assert!(pair.planned().await.is_empty());
    pair.b
        .admin
        .post(&pair.at("resume"), Value::Null)
        .await
        .expect(200);
    quid.come_round(LAY_OUT).await;
    assert_eq!(all(&pair.planned().await, "id"), all(&before, "id"));
}

#[tokio::test]
async fn one_that_was_moved_over_a_pause_is_planned_again_too() {
    let quid = support::start().await;
    let mut pair = partners(&quid).await;
    let before = pair.planned().await;
    let moved = json!({"starts_at": "2026-03-06T16:30:00Z", "reason": "A hearing."});
    let path = format!("{}/move", address(&before[0]));
    pair.a.admin.post(&path, moved).await.expect(200);
    let reason = json!({"reason": "Our season."});
    let pause = pair.at("pause");
    pair.a.admin.post(&pause, reason).await.expect(200);
    // Its date by the rule is past when they go on.
    pass(&quid, &mut pair, 2 * DAY).await;
    let resume = pair.at("resume");
    pair.b.admin.post(&resume, Value::Null).await.expect(200);
    quid.do_jobs().await;
    let again = pair.planned().await;
    assert_eq!(again[0]["id"], before[0]["id"]);
    assert_eq!(again[0]["starts_at"], "2026-03-06T16:30:00Z");
}

#[tokio::test]
async fn the_job_takes_back_what_nobody_else_has() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let laid_out = pair.planned().await.len();
    // As if it had been laid out while the partnership was being paused.
    let client = quid.db.connect().await;
    let paused = "UPDATE partnerships SET state = 'paused', paused_at = updated_at, paused_by_firm_id = proposer_firm_id
                   WHERE id = $1::text::uuid";
    client.execute(paused, &[&pair.partnership]).await.unwrap();
    quid.come_round(LAY_OUT).await;
    assert!(pair.planned().await.is_empty());
    let told = feed(&quid, &pair.b, "meeting").await;
    let cancelled = told.iter().filter(|(action, ..)| action == "cancel");
    assert_eq!(cancelled.count(), laid_out);
}

#[tokio::test]
async fn an_end_cancels_what_is_to_come_and_nothing_moves_any_more() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let first = pair.planned().await.remove(0);
    let reason = json!({"reason": "We part."});
    pair.a.admin.post(&pair.at("end"), reason).await.expect(200);
    for _ in 0..2 {
        quid.come_round(LAY_OUT).await;
    }
    let ended = pair.meetings(&pair.b.admin).await;
    assert!(!ended.is_empty() && ended.iter().all(|one| one["state"] == "cancelled"));
    let path = format!("{}/hold", address(&first));
    let held = pair.a.admin.post(&path, super::held_now(&quid)).await;
    assert_eq!(held.problem(409), "state-forbids");
    let besides = json!({"held_at": quid.now().to_string()});
    let entered = pair.a.admin.post(&pair.at("meetings"), besides).await;
    assert_eq!(entered.problem(409), "state-forbids");
    let item = json!({"title": "More"});
    let item = pair.b.admin.post(&pair.at("agenda-items"), item).await;
    assert_eq!(item.problem(409), "state-forbids");
    assert_eq!(pair.b.admin.get(&address(&first)).await.status, 200);
}

#[tokio::test]
async fn a_stranger_finds_none_of_it() {
    let quid = support::start().await;
    let pair = partners(&quid).await;
    let stranger = quid.firm("Far Away Trust").await.admin;
    let first = address(&pair.planned().await[0]);
    for path in [
        pair.at("meetings"),
        pair.at("conversations"),
        pair.at("agenda-items"),
        first.clone(),
        format!("{first}/note"),
        format!("{first}/agenda"),
        format!("{first}/outcomes"),
    ] {
        assert_eq!(
            stranger.get(&path).await.problem(404),
            "not-found",
            "{path}"
        );
    }
    // Nor does a member of another firm take part.
    let mut body = super::held_now(&quid);
    body["attendance"] = json!({"us": [member_id(&stranger).await], "them": []});
    let held = pair.a.admin.post(&format!("{first}/hold"), body).await;
    assert_eq!(held.problem(422), "invalid-fields");
    assert_eq!(
        held.errors(),
        [("/attendance/us/0".to_owned(), "unknown".to_owned())]
    );
}
