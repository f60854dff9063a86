//! Every arrow of a partnership's states over HTTP, and every non-arrow, for both sides.

use quid::platform::auth::Role;
use serde_json::{Value, json};

use super::{an_hour_older, body_of, carry_out, own_id, propose, signed_in_again};
use crate::support::{self, Firm, Quid, lay_foundation};

/// Written by hand from "Partnership" of the product's description: where a verb leads to, or what it is
/// refused with; then what is allowed there. `lead` hands the own party over, `terms` writes the terms of
/// the arrangement: they change no state.
const TABLE: &str = "
    state     side      | accept    decline  withdraw  activate pause  resume end   lead      terms     | allowed
    proposed  proposer  | 403       403      withdrawn 409      409    409    409   proposed  404       | withdraw
    proposed  recipient | exploring declined 403       409      409    409    409   409       404       | accept decline
    exploring proposer  | 403       403      409       active   409    409    ended exploring exploring | activate end
    exploring recipient | 409       409      403       active   409    409    ended exploring exploring | activate end
    active    proposer  | 403       403      409       409      paused 409    ended active    active    | pause end
    active    recipient | 409       409      403       409      paused 409    ended active    active    | pause end
    paused    proposer  | 403       403      409       409      409    active ended paused    paused    | resume end
    paused    recipient | 409       409      403       409      409    active ended paused    paused    | resume end
    declined  proposer  | 403       403      409       409      409    409    409   409       404       |
    declined  recipient | 409       409      403       409      409    409    409   409       404       |
    withdrawn proposer  | 403       403      409       409      409    409    409   409       404       |
    withdrawn recipient | 409       409      403       409      409    409    409   409       404       |
    expired   proposer  | 403       403      409       409      409    409    409   409       404       |
    expired   recipient | 409       409      403       409      409    409    409   409       404       |
    ended     proposer  | 403       403      409       409      409    409    409   409       409       |
    ended     recipient | 409       409      403       409      409    409    409   409       409       |
";

/// A row of the table.
struct Row {
    state: &'static str,
    by_proposer: bool,
    /// What is tried, and what comes of it: a state, or the status of a refusal.
    cells: Vec<(&'static str, &'static str)>,
    allowed: Vec<&'static str>,
}

fn rows() -> Vec<Row> {
    let mut lines = TABLE.lines().filter(|line| !line.trim().is_empty());
    let parts = |line: &'static str| -> Vec<Vec<&'static str>> {
        let parts = line.split('|');
        parts
            .map(|part| part.split_whitespace().collect())
            .collect()
    };
    let head = parts(lines.next().unwrap());
    lines
        .map(|line| {
            let row = parts(line);
            assert_eq!(row[1].len(), head[1].len(), "{line}");
            Row {
                state: row[0][0],
                by_proposer: row[0][1] == "proposer",
                cells: head[1]
                    .iter()
                    .copied()
                    .zip(row[1].iter().copied())
                    .collect(),
                allowed: row[2].clone(),
            }
        })
        .collect()
}

/// Two firms, and of each an advisor to whom it can be handed over.
struct Sides {
    quid: Quid,
    proposer: Firm,
    recipient: Firm,
    successors: [String; 2],
}

impl Sides {
    async fn new() -> Self {
        let quid = support::start().await;
        let (proposer, recipient) = tokio::join!(quid.firm("A"), quid.firm("B"));
        let one = quid.member(&proposer, Role::Advisor).await;
        let other = quid.member(&recipient, Role::Advisor).await;
        let successors = [own_id(&one).await, own_id(&other).await];
        Self {
            quid,
            proposer,
            recipient,
            successors,
        }
    }

    fn of(&self, by_proposer: bool) -> &Firm {
        if by_proposer {
            &self.proposer
        } else {
            &self.recipient
        }
    }

    /// A partnership that was brought into a state; its address.
    async fn brought_to(&mut self, state: &str) -> String {
        an_hour_older(&self.quid).await;
        let path = propose(&self.proposer.admin, &self.recipient.email).await;
        let accept: &[(bool, &str)] = &[(false, "accept")];
        let (first, then): (_, &[(bool, &str)]) = match state {
            "proposed" => (&[][..], &[]),
            "exploring" => (accept, &[]),
            "active" => (accept, &[(true, "activate")]),
            "paused" => (accept, &[(true, "activate"), (true, "pause")]),
            "ended" => (accept, &[(true, "end")]),
            "declined" => (&[][..], &[(false, "decline")]),
            "withdrawn" => (&[][..], &[(true, "withdraw")]),
            "expired" => (&[][..], &[]),
            _ => panic!("no way to {state}"),
        };
        for (by_proposer, verb) in first.iter().chain(then) {
            let done = carry_out(&self.of(*by_proposer).admin, &path, verb).await;
            if *verb == "accept" {
                let id = done["id"].as_str().unwrap();
                lay_foundation(&self.proposer.admin, &self.recipient.admin, id).await;
            }
        }
        if state == "expired" {
            self.quid.hand.advance_seconds(30 * 24 * 3600);
            self.quid.come_round("expire_proposals").await;
            self.proposer = signed_in_again(&self.quid, &self.proposer).await;
            self.recipient = signed_in_again(&self.quid, &self.recipient).await;
        }
        for firm in [&self.proposer, &self.recipient] {
            assert_eq!(firm.admin.get(&path).await.expect(200)["state"], state);
        }
        path
    }

    /// Tries something.
    async fn tries(&self, by_proposer: bool, path: &str, what: &str) -> support::Answer {
        let admin = &self.of(by_proposer).admin;
        match what {
            "terms" => {
                let terms = format!("{path}/terms");
                let any = json!({"exclusive": by_proposer});
                admin.patch_with(&terms, "*", any).await
            }
            "lead" => {
                let successor = &self.successors[usize::from(!by_proposer)];
                let body = json!({"member_id": successor});
                admin.post(&format!("{path}/lead"), body).await
            }
            verb => admin.post(&format!("{path}/{verb}"), body_of(verb)).await,
        }
    }

    /// Leaves none open, so that the next one can be proposed.
    async fn close(&self, path: &str) {
        let admin = &self.proposer.admin;
        match admin.get(path).await.expect(200)["state"].as_str().unwrap() {
            "proposed" => carry_out(admin, path, "withdraw").await,
            "exploring" | "active" | "paused" => carry_out(admin, path, "end").await,
            _ => Value::Null,
        };
    }
}

#[tokio::test]
async fn every_arrow_leads_where_it_should_and_every_other_is_refused_with_what_is_allowed() {
    let mut sides = Sides::new().await;
    let rows = rows();
    assert_eq!(rows.len(), 16);
    for row in rows {
        // What is refused changes nothing, so one partnership serves for all refusals of a row.
        let refusing = sides.brought_to(row.state).await;
        let before = sides.of(row.by_proposer).admin.get(&refusing).await.text();
        let is_refused = |cell: &&(&str, &str)| cell.1.parse::<u16>().is_ok();
        for (what, status) in row.cells.iter().filter(is_refused) {
            let about = format!("{} {what} by proposer {}", row.state, row.by_proposer);
            let answer = sides.tries(row.by_proposer, &refusing, what).await;
            assert_eq!(
                answer.status.as_str(),
                *status,
                "{about}: {}",
                answer.text()
            );
            if *status == "409" {
                assert_eq!(answer.problem(409), "state-forbids", "{about}");
                let problem = answer.json();
                assert_eq!(problem["state"], row.state, "{about}");
                assert_eq!(problem["allowed"], json!(row.allowed), "{about}");
                let detail = problem["detail"].as_str().unwrap();
                let named = |word: &&str| detail.contains(*word);
                assert!(named(&row.state), "{about}: {detail}");
                assert!(row.allowed.iter().all(named), "{about}: {detail}");
            }
        }
        let after = sides.of(row.by_proposer).admin.get(&refusing).await.text();
        assert_eq!(before, after, "{}", row.state);
        sides.close(&refusing).await;

        for (what, to) in row.cells.iter().filter(|cell| !is_refused(cell)) {
            let about = format!("{} {what} by proposer {}", row.state, row.by_proposer);
            let path = sides.brought_to(row.state).await;
            let answer = sides.tries(row.by_proposer, &path, what).await;
            assert_eq!(answer.status, 200, "{about}: {}", answer.text());
            let (by, other) = (sides.of(row.by_proposer), sides.of(!row.by_proposer));
            for firm in [by, other] {
                let seen = firm.admin.get(&path).await.expect(200);
                assert_eq!(seen["state"], *to, "{about}");
            }
            match *what {
                "terms" => assert_eq!(answer.json()["exclusive"], row.by_proposer),
                "lead" => {
                    let successor = &sides.successors[usize::from(!row.by_proposer)];
                    assert_eq!(answer.json()["us"]["lead_id"], json!(successor), "{about}");
                }
                _ => assert_eq!(answer.json()["state"], *to, "{about}"),
            }
            sides.close(&path).await;
        }
    }
}

#[tokio::test]
async fn each_step_tells_when_by_whom_and_why() {
    let quid = support::start().await;
    let (a, b) = tokio::join!(quid.firm("A"), quid.firm("B"));
    let path = propose(&a.admin, &b.email).await;
    let fields = [
        "reason",
        "answered_at",
        "paused_at",
        "paused_by_firm_id",
        "closed_at",
        "ended_by_firm_id",
        "version",
    ];
    // By hand: what stands in these fields after each step.
    let (none, why) = (Value::Null, json!("So be it."));
    let at = |minute: u8| json!(format!("2026-03-02T09:{:02}:00Z", 30 + minute));
    let (by_a, by_b) = (json!(a.id), json!(b.id));
    let version = |number: i32| json!(number);
    let n = || none.clone();
    let expected = [
        (&b, "accept", [n(), at(1), n(), n(), n(), n(), version(2)]),
        (&a, "activate", [n(), at(1), n(), n(), n(), n(), version(3)]),
        (
            &b,
            "pause",
            [why.clone(), at(1), at(3), by_b, n(), n(), version(4)],
        ),
        (&a, "resume", [n(), at(1), n(), n(), n(), n(), version(5)]),
        (&a, "end", [why, at(1), n(), n(), at(5), by_a, version(6)]),
    ];
    for (by, verb, expected) in expected {
        quid.hand.advance_seconds(60);
        if verb == "activate" {
            lay_foundation(&a.admin, &b.admin, path.rsplit('/').next().unwrap()).await;
        }
        let done = carry_out(&by.admin, &path, verb).await;
        let other = if by.id == a.id { &b } else { &a };
        let seen = other.admin.get(&path).await.expect(200);
        for (field, expected) in fields.iter().zip(&expected) {
            assert_eq!(done[*field], *expected, "{verb} {field}");
            assert_eq!(seen[*field], *expected, "{verb} {field}");
        }
    }
}
