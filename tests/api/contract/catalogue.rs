//! What holds over the whole database, asked of PostgreSQL's own catalogue: everything is commented,
//! indexed, named by one pattern and known to the code, and each migration can be taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use quid::platform::db::{Target, migrations};
use tokio_postgres::{Client, NoTls};

use crate::support::{self, TestDatabase};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// diesel's own table, which no migration of ours makes.
const NOT_OURS: &str = "__diesel_schema_migrations";

async fn connect(url: &str) -> Outcome<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // Ends with the client.
    tokio::spawn(connection);
    Ok(client)
}

/// Fails with a list of what was found and what to do.
#[track_caller]
fn nothing(found: &[String], mend: &str) {
    assert!(found.is_empty(), "{mend}:\n  {}", found.join("\n  "));
}

/// Names that a query gives.
async fn names(client: &Client, query: &str) -> Outcome<Vec<String>> {
    let rows = client.query(query, &[&NOT_OURS]).await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?)
}

async fn uncommented(client: &Client) -> Outcome<Vec<String>> {
    let query = "
        SELECT c.relname || coalesce('.' || a.attname, '')
          FROM pg_class c
          LEFT JOIN LATERAL (SELECT 0::int2 AS attnum, NULL::name AS attname
                             UNION ALL
                             SELECT attnum, attname FROM pg_attribute
                              WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) a ON true
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname <> $1
           AND NOT EXISTS (SELECT 1 FROM pg_description d
                            WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = a.attnum
                              AND btrim(d.description) <> '')
         ORDER BY c.relname, a.attnum";
    names(client, query).await
}

/// A partial index helps a key when it leaves out nothing but nulls.
async fn unindexed_keys(client: &Client) -> Outcome<Vec<String>> {
    let query = "
        SELECT con.conname::text
          FROM pg_constraint con
         WHERE con.contype = 'f' AND con.connamespace = 'public'::regnamespace
           AND con.conrelid::regclass::text <> $1
           AND NOT EXISTS (
               SELECT 1
                 FROM pg_index i
                 JOIN pg_class ic ON ic.oid = i.indexrelid
                 JOIN pg_am am ON am.oid = ic.relam AND am.amname = 'btree'
                WHERE i.indrelid = con.conrelid AND i.indisvalid AND i.indnkeyatts >= cardinality(con.conkey)
                  AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) =
                       (SELECT '(' || attname || ' IS NOT NULL)' FROM pg_attribute
                         WHERE attrelid = con.conrelid AND attnum = con.conkey[1]))
                  AND (SELECT array_agg(k ORDER BY k)
                         FROM unnest((i.indkey::int2[])[0:cardinality(con.conkey) - 1]) k)
                    = (SELECT array_agg(k ORDER BY k) FROM unnest(con.conkey) k))
         ORDER BY 1";
    names(client, query).await
}

/// A constraint, or a unique index that is none, which is violated under its own name all the same.
#[derive(Debug, PartialEq, Eq)]
struct Upheld {
    table: String,
    name: String,
    kind: String,
}

async fn upheld(client: &Client) -> Outcome<Vec<Upheld>> {
    let query = "
        SELECT coalesce(c.relname, t.typname)::text, con.conname::text, con.contype::text
          FROM pg_constraint con
          LEFT JOIN pg_class c ON c.oid = con.conrelid
          LEFT JOIN pg_type t ON t.oid = con.contypid
         WHERE con.connamespace = 'public'::regnamespace AND con.contype IN ('p', 'u', 'f', 'c', 'x')
           AND con.conparentid = 0 AND c.relname IS DISTINCT FROM $1
         UNION ALL
        SELECT c.relname::text, ic.relname::text, 'u'
          FROM pg_index i
          JOIN pg_class ic ON ic.oid = i.indexrelid
          JOIN pg_class c ON c.oid = i.indrelid
         WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND c.relname <> $1
           AND NOT EXISTS (SELECT 1 FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x'))
         ORDER BY 1, 2";
    let rows = client.query(query, &[&NOT_OURS]).await?;
    let read = rows.iter().map(|row| {
        Ok(Upheld {
            table: row.try_get(0)?,
            name: row.try_get(1)?,
            kind: row.try_get(2)?,
        })
    });
    read.collect()
}

fn is_well_named(upheld: &Upheld) -> bool {
    let ends = match upheld.kind.as_str() {
        "p" => return upheld.name == format!("{}_pkey", upheld.table),
        "u" => "_key",
        "f" => "_fkey",
        "c" => "_check",
        _ => "_excl",
    };
    let middle = upheld
        .name
        .strip_prefix(&upheld.table)
        .and_then(|rest| rest.strip_suffix(ends));
    middle
        .and_then(|middle| middle.strip_prefix('_'))
        .is_some_and(|words| !words.is_empty())
}

fn badly_named(all: &[Upheld]) -> Vec<String> {
    all.iter()
        .filter(|one| !is_well_named(one))
        .map(|one| format!("{} on {}", one.name, one.table))
        .collect()
}

/// Where the database and the lists of the code differ.
fn disagreements(all: &[Upheld], listed: &[&str]) -> Vec<String> {
    let known: BTreeSet<&str> = listed.iter().copied().collect();
    let there: BTreeSet<&str> = all.iter().map(|one| one.name.as_str()).collect();
    let unlisted = there
        .difference(&known)
        .map(|name| format!("{name}: in the database, in no list"));
    let gone = known
        .difference(&there)
        .map(|name| format!("{name}: in a list, not in the database"));
    let twice = known
        .iter()
        .filter(|name| listed.iter().filter(|one| one == name).count() > 1);
    unlisted
        .chain(gone)
        .chain(twice.map(|name| format!("{name}: in the lists more than once")))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_and_every_column_has_a_comment() -> Outcome {
    let database = support::database().await;
    let client = connect(database.url()).await?;
    nothing(
        &uncommented(&client).await?,
        "add COMMENT ON … to the migration that makes each of these",
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_foreign_key_has_an_index_that_begins_with_its_columns() -> Outcome {
    let database = support::database().await;
    let client = connect(database.url()).await?;
    let mend =
        "without one, a delete or a join reads the whole table; add an index for each of these";
    nothing(&unindexed_keys(&client).await?, mend);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_constraint_means_something_to_a_caller() -> Outcome {
    let database = support::database().await;
    let client = connect(database.url()).await?;
    let listed = quid::routes::constraints();
    let listed: Vec<&str> = listed.iter().map(|constraint| constraint.name).collect();
    let mend = "keep `CONSTRAINTS` in the `mod.rs` of the feature that owns the table in step with its migration";
    nothing(&disagreements(&upheld(&client).await?, &listed), mend);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_constraint_is_named_by_table_and_kind() -> Outcome {
    let database = support::database().await;
    let client = connect(database.url()).await?;
    let mend =
        "name each of these `<table>_<columns or word>_{key,check,fkey,excl}` or `<table>_pkey`";
    nothing(&badly_named(&upheld(&client).await?), mend);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn these_checks_find_what_they_look_for() -> Outcome {
    let database = support::empty_database().await;
    let client = connect(database.url()).await?;
    client
        .batch_execute(
            "CREATE TABLE good (id uuid CONSTRAINT good_pkey PRIMARY KEY, a int, b int, CONSTRAINT good_a_check CHECK (a > 0));
             COMMENT ON TABLE good IS 'Good.';
             COMMENT ON COLUMN good.id IS 'Its id.';
             COMMENT ON COLUMN good.a IS 'A figure.';
             COMMENT ON COLUMN good.b IS ' ';
             CREATE TABLE bad (
                 id uuid CONSTRAINT bad_id PRIMARY KEY,
                 first_id uuid CONSTRAINT bad_first_id_fkey REFERENCES good (id),
                 second_id uuid CONSTRAINT good_second_id_fkey REFERENCES good (id),
                 third_id uuid CONSTRAINT bad_fkey REFERENCES good (id),
                 fourth_id uuid CONSTRAINT bad_fourth_id_fkey REFERENCES good (id)
             );
             COMMENT ON COLUMN bad.id IS 'Its id.';
             CREATE INDEX ON bad (id, first_id);
             CREATE INDEX ON bad (second_id, id);
             CREATE INDEX ON bad (third_id) WHERE third_id IS NOT NULL;
             CREATE INDEX ON bad (fourth_id) WHERE id IS NULL;
             CREATE UNIQUE INDEX bad_open_key ON bad (first_id, id) WHERE second_id IS NULL;
             DROP INDEX bad_open_key;
             CREATE UNIQUE INDEX bad_open ON bad (id, first_id) WHERE second_id IS NULL;",
        )
        .await?;
    let expected = [
        "bad",
        "bad.first_id",
        "bad.second_id",
        "bad.third_id",
        "bad.fourth_id",
        "good.b",
    ];
    assert_eq!(uncommented(&client).await?, expected);
    assert_eq!(
        unindexed_keys(&client).await?,
        ["bad_first_id_fkey", "bad_fourth_id_fkey"]
    );
    let all = upheld(&client).await?;
    assert_eq!(
        badly_named(&all),
        [
            "bad_fkey on bad",
            "bad_id on bad",
            "bad_open on bad",
            "good_second_id_fkey on bad"
        ]
    );
    let listed = [
        "bad_first_id_fkey",
        "bad_fkey",
        "bad_fourth_id_fkey",
        "bad_id",
        "bad_id",
        "good_a_check",
        "good_pkey",
        "good_second_id_fkey",
        "gone_pkey",
    ];
    let expected = [
        "bad_open: in the database, in no list",
        "gone_pkey: in a list, not in the database",
        "bad_id: in the lists more than once",
    ];
    assert_eq!(disagreements(&all, &listed), expected);
    assert!(
        schema(&client)
            .await
            .is_ok_and(|text| text.contains("a -> Nullable<Int4>,"))
    );
    let before = dump(&database).await?;
    assert!(
        before.contains("CONSTRAINT good_a_check CHECK ((a > 0))"),
        "{before}"
    );
    client.batch_execute("CREATE TABLE keyless (a int)").await?;
    assert_ne!(before, dump(&database).await?);
    let refused = schema(&client).await.err().map(|error| error.to_string());
    assert_eq!(
        refused.as_deref(),
        Some("keyless has no primary key, without which diesel knows no table")
    );
    Ok(())
}

/// What `pg_dump` says of the schema, without what differs from run to run.
async fn dump(database: &TestDatabase) -> Outcome<String> {
    // The one beside the server is of its version; where there is none, the one on the path.
    let asked = "SELECT setting || '/pg_dump' FROM pg_config() WHERE name = 'BINDIR'";
    let row = database.connect().await.query_one(asked, &[]).await?;
    let own: String = row.try_get(0)?;
    let program = if fs::exists(&own)? {
        own.as_str()
    } else {
        "pg_dump"
    };
    let output = Command::new(program)
        .args(["--schema-only", "--no-owner", "--no-privileges"])
        .arg(format!("--exclude-table={NOT_OURS}"))
        .arg(format!("--dbname={}", database.url()))
        .output()
        .map_err(|error| format!("pg_dump can't be run: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "pg_dump failed: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    let text = String::from_utf8(output.stdout)?;
    // `\restrict` carries a random word.
    let kept = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("--") && !line.starts_with('\\'));
    Ok(kept.map(|line| format!("{line}\n")).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn up_down_up_leaves_the_same_schema() -> Outcome {
    let database = support::empty_database().await;
    let target = Target::parse(database.url(), Duration::from_secs(30))?;
    let empty = dump(&database).await?;
    let up = migrations::migrate(&target).await?;
    let once = dump(&database).await?;
    let down = migrations::revert_all(&target).await?;
    let emptied = dump(&database).await?;
    let again = migrations::migrate(&target).await?;
    let twice = dump(&database).await?;
    assert!(up > 0, "there are no migrations");
    assert_eq!((down, again), (up, up));
    same(
        &empty,
        &emptied,
        "a `down.sql` leaves something behind, or takes too much away",
    );
    assert!(once.contains("CREATE TABLE"), "the dump shows no table");
    same(
        &once,
        &twice,
        "a `down.sql` does not take back what its `up.sql` did",
    );
    Ok(())
}

/// Fails where two texts first differ.
#[track_caller]
fn same(expected: &str, found: &str, mend: &str) {
    let (mut ours, mut theirs) = (expected.lines(), found.lines());
    for number in 1.. {
        match (ours.next(), theirs.next()) {
            (None, None) => return,
            (one, other) => assert_eq!(
                one, other,
                "{mend}; the first difference is in line {number}"
            ),
        }
    }
}

#[test]
#[should_panic(expected = "mend it; the first difference is in line 2")]
fn texts_of_which_one_goes_on_differ() {
    same("a\n", "a\nb\n", "mend it");
}

/// The file `src/platform/db/schema.rs` as the catalogue would have it.
async fn schema(client: &Client) -> Outcome<String> {
    let keys = "
        SELECT c.relname::text, a.attname::text
          FROM pg_index i
          JOIN pg_class c ON c.oid = i.indrelid
          JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (attnum, place) ON k.place <= i.indnkeyatts
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
         WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace AND c.relname <> $1
         ORDER BY c.relname, k.place";
    let mut primary: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in client.query(keys, &[&NOT_OURS]).await? {
        primary
            .entry(row.try_get(0)?)
            .or_default()
            .push(row.try_get(1)?);
    }
    let columns = "
        SELECT c.relname::text, a.attname::text, t.typname::text, a.attnotnull
          FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          JOIN pg_type t ON t.oid = a.atttypid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> $1
         ORDER BY c.relname, a.attnum";
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    for row in client.query(columns, &[&NOT_OURS]).await? {
        let (table, column): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let kind: String = row.try_get(2)?;
        let Some(known) = in_diesel(&kind) else {
            return Err(format!(
                "{table}.{column} is of type {kind}, which `in_diesel` does not know"
            )
            .into());
        };
        let known = if row.try_get(3)? {
            known.to_owned()
        } else {
            format!("Nullable<{known}>")
        };
        tables
            .entry(table)
            .or_default()
            .push_str(&format!("        {column} -> {known},\n"));
    }
    let mut text = "//! The tables as diesel knows them. Written by `make schema` from the migrated database; a test\n\
                    //! fails when the two differ.\n"
        .to_owned();
    for (table, columns) in &tables {
        let Some(key) = primary.get(table) else {
            return Err(
                format!("{table} has no primary key, without which diesel knows no table").into(),
            );
        };
        let key = key.join(", ");
        text.push_str(&format!(
            "\ndiesel::table! {{\n    {table} ({key}) {{\n{columns}    }}\n}}\n"
        ));
    }
    let names: String = tables
        .keys()
        .map(|table| format!("    {table},\n"))
        .collect();
    text.push_str(&format!(
        "\ndiesel::allow_tables_to_appear_in_same_query!(\n{names});\n"
    ));
    Ok(text)
}

/// diesel's word for a type of PostgreSQL.
fn in_diesel(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "uuid" => "Uuid",
        "text" => "Text",
        "_text" => "Array<Text>",
        "_uuid" => "Array<Uuid>",
        "timestamptz" => "Timestamptz",
        "date" => "Date",
        "bool" => "Bool",
        "int4" => "Int4",
        "int2" => "Int2",
        // diesel has no word for `xid8`, which is only compared and ordered in SQL.
        "int8" | "xid8" => "Int8",
        "jsonb" => "Jsonb",
        "bytea" => "Bytea",
        _ => return None,
    })
}

/// With `QUID_WRITE_SCHEMA=1`, as in `make schema`, the file is written instead.
#[tokio::test(flavor = "multi_thread")]
async fn the_schema_that_diesel_knows_is_that_of_the_database() -> Outcome {
    let database = support::database().await;
    let client = connect(database.url()).await?;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/platform/db/schema.rs");
    let (found, expected) = (fs::read_to_string(path)?, schema(&client).await?);
    if env::var_os("QUID_WRITE_SCHEMA").is_some_and(|value| value == "1") {
        if found != expected {
            fs::write(path, expected)?;
        }
        return Ok(());
    }
    same(
        &expected,
        &found,
        "src/platform/db/schema.rs is not what the database says: run `make schema`",
    );
    Ok(())
}
