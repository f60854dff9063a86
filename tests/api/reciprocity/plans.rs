//! How PostgreSQL carries the reports out: by the ledger's index alone, whether it plans for any firm or for
//! the one that asks, for a firm that has a fifth of everything as for one that has little.

use quid::demo::{self, Size};
use serde_json::Value;
use tokio_postgres::Client;

use crate::support;

/// What is read, by which way: node, table, index, rows looked up in the table.
type Read = (String, String, String, i64);

fn reads(plan: &Value, found: &mut Vec<Read>) {
    let text = |name: &str| plan[name].as_str().unwrap_or_default().to_owned();
    let node = text("Node Type");
    if node.contains("Scan") && !node.starts_with("CTE") && !node.starts_with("Subquery") {
        let fetched = plan["Heap Fetches"].as_i64().unwrap_or_default();
        found.push((node, text("Relation Name"), text("Index Name"), fetched));
    }
    for inner in plan["Plans"].as_array().into_iter().flatten() {
        reads(inner, found);
    }
}

/// A statement by its name, its parameters' types, and their values for a firm and one of its partnerships.
struct Asked {
    name: &'static str,
    types: &'static str,
    values: String,
}

const ENTRIES: &str = "uuid, timestamptz, timestamptz, uuid, uuid, boolean, text[], text, text, bigint, boolean, date, date";

fn asked(firm: &str, partnership: &str) -> Vec<Asked> {
    let instants = "'2024-01-01', '2025-01-01'";
    let one = |name, types, values: String| Asked {
        name,
        types,
        values: format!("'{firm}', {values}"),
    };
    let (uuid_window, dates) = ("uuid, timestamptz, timestamptz", "uuid, date, date");
    let all = "'{offered,accepted,introduced,meeting_set,met,engaged}'";
    vec![
        one(
            "ledger",
            "uuid, timestamptz, timestamptz, uuid",
            format!("{instants}, '{partnership}'"),
        ),
        one("firm_ledger", uuid_window, instants.to_owned()),
        one(
            "contributed",
            "uuid, date, date, uuid",
            format!("{instants}, '{partnership}'"),
        ),
        one("firm_contributed", dates, instants.to_owned()),
        one(
            "entries",
            ENTRIES,
            format!("{instants}, NULL, NULL, NULL, {all}, NULL, NULL, 51, NULL, NULL, NULL"),
        ),
        one(
            "entries",
            ENTRIES,
            format!(
                "{instants}, NULL, '{partnership}', true, {all}, NULL, NULL, 51, NULL, NULL, NULL"
            ),
        ),
        one(
            "evidence",
            "uuid, timestamptz, timestamptz, uuid, uuid, date",
            format!("{instants}, '{partnership}', '{firm}', '2024-06-02'"),
        ),
        one(
            "open",
            "uuid, uuid, boolean, date",
            "NULL, NULL, '2024-06-01'".to_owned(),
        ),
        one(
            "moved",
            "uuid, uuid, boolean, timestamptz, timestamptz",
            format!("NULL, NULL, {instants}"),
        ),
        one(
            "answered",
            "uuid, uuid, boolean, timestamptz, timestamptz",
            format!("NULL, NULL, {instants}"),
        ),
        one("days", "uuid, uuid", format!("'{partnership}'")),
        one("outcomes", "uuid, uuid", format!("'{partnership}'")),
        Asked {
            name: "reported",
            types: "uuid",
            values: format!("'{partnership}'"),
        },
        one(
            "active_days",
            "uuid, uuid, timestamptz",
            format!("'{partnership}', '2024-06-01'"),
        ),
        one(
            "promises",
            "uuid, uuid, date, date",
            format!("'{partnership}', '2024-03-01', '2024-06-01'"),
        ),
        one("numbers", "uuid, uuid", format!("'{partnership}'")),
    ]
}

async fn explained(client: &Client, sql: &str, asked: &Asked, mode: &str) -> Value {
    let Asked { types, values, .. } = asked;
    let prepare =
        format!("DEALLOCATE ALL; SET plan_cache_mode = {mode}; PREPARE asked ({types}) AS {sql}");
    client.batch_execute(&prepare).await.unwrap();
    let explain = format!("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked ({values})");
    let rows = client.simple_query(&explain).await.unwrap();
    let text = rows.iter().find_map(|row| match row {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    serde_json::from_str::<Value>(text.unwrap()).unwrap()[0].clone()
}

/// What is asked about one partnership alone, and reads rows of it besides the ledger's index.
const OF_ONE: &[&str] = &["outcomes", "active_days"];
/// Tables that the demo leaves nearly empty: to read one of them as a whole costs nothing.
const EMPTY: &[&str] = &[
    "action_step_states",
    "action_step_moves",
    "plan_versions",
    "plan_decisions",
    "plan_waivers",
    "contributions",
    "metric_readings",
    "meetings",
    "touchpoints",
    "contacts",
];

/// The first sign-in of the firm that has a fifth of everything.
const LARGE: &str = "ana@redmesa.example";

#[tokio::test(flavor = "multi_thread")]
async fn every_report_reads_the_index_alone_and_no_table_of_records_as_a_whole() {
    let quid = support::start().await;
    let size = Size {
        firms: 2,
        introductions: 12_000,
        partnerships: 300,
        of_first: 60,
    };
    demo::fill(&quid.app().await, size).await.unwrap();
    let client = quid.db.connect().await;
    // So many that to read them all would cost something.
    let steps = "INSERT INTO action_steps (id, partnership_id, owner_firm_id, proposed_by_firm_id, state, kind, title, due_on,
                                           promised_on, created_at, updated_at)
                 SELECT gen_random_uuid(), p.id, p.proposer_firm_id, p.proposer_firm_id, 'planned', 'internal', 'Call', '2024-05-01',
                        '2024-05-01', p.created_at, p.created_at
                   FROM partnerships p, generate_series(1, 40)";
    client.batch_execute(steps).await.unwrap();
    // Where few rows are dead, a page that has one is otherwise left for later, and is looked at.
    for table in [
        "introductions",
        "partnerships",
        "contributions",
        "action_steps",
        "introduction_stages",
        "firms",
    ] {
        client
            .batch_execute(&format!("VACUUM (ANALYZE, INDEX_CLEANUP ON) {table}"))
            .await
            .unwrap();
    }
    let firms = "SELECT m.firm_id::text, p.id::text FROM members m
                   JOIN partnerships p ON p.proposer_firm_id = m.firm_id WHERE m.email = $1 ORDER BY p.id DESC LIMIT 1";
    let statements: Vec<(&str, &str)> = [
        quid::reciprocity::STATEMENTS,
        quid::pipeline::STATEMENTS,
        quid::results::STATEMENTS,
        quid::vitality::STATEMENTS,
        quid::timelines::STATEMENTS,
    ]
    .concat();
    let mut looked_at = std::collections::BTreeSet::new();
    for email in [LARGE, "admin200@demo.example"] {
        let row = client.query_one(firms, &[&email]).await.unwrap();
        let (firm, partnership): (String, String) = (row.get(0), row.get(1));
        for asked in asked(&firm, &partnership) {
            let name = asked.name;
            let (_, sql) = statements.iter().find(|(known, _)| *known == name).unwrap();
            looked_at.insert(name);
            for mode in ["force_generic_plan", "force_custom_plan"] {
                let explained = explained(&client, sql, &asked, mode).await;
                let mut found = Vec::new();
                reads(&explained["Plan"], &mut found);
                let what = format!("{name} of {email}, {mode}: {found:#?}\n{explained:#}");
                println!("{name} {email} {mode}: {} ms", explained["Execution Time"]);
                // Whose a fifth of the partnerships are, for it to read them all costs no more.
                let mut whole = found.iter().filter(|(node, ..)| node == "Seq Scan");
                let few = |table: &str| {
                    (table == "partnerships" && email == LARGE) || EMPTY.contains(&table)
                };
                assert!(whole.all(|(_, table, ..)| few(table)), "{what}");
                for (node, table, index, fetched) in &found {
                    let by_id = index == "introductions_pkey" && name == "entries";
                    if OF_ONE.contains(&name) {
                        continue;
                    }
                    let alone = match table.as_str() {
                        "introductions" => by_id || index == "introductions_ledger_idx",
                        "contributions" => index == "contributions_partnership_id_idx",
                        _ => continue,
                    };
                    assert!(alone, "{what}");
                    assert!(
                        by_id || (node == "Index Only Scan" && *fetched == 0),
                        "{what}"
                    );
                }
                let main = match name {
                    "contributed" | "firm_contributed" => "contributions",
                    "promises" => "action_steps",
                    "reported" => "metric_readings",
                    "numbers" => "contacts",
                    _ => "introductions",
                };
                assert!(found.iter().any(|(_, table, ..)| table == main), "{what}");
            }
        }
    }
    let known: std::collections::BTreeSet<_> = statements.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        looked_at, known,
        "every statement of a report is looked at here"
    );
}
