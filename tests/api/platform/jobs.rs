//! Which jobs a worker takes, and when it gives one up.

use quid::platform::{jobs, mail};
use quid::routes::JOBS;

use crate::support;

const LEFT: &str = "SELECT kind, attempts FROM jobs ORDER BY kind";

#[tokio::test]
async fn a_worker_without_a_mail_server_leaves_mails_to_one_that_has_one() {
    let quid = support::start().await;
    let app = quid.app().await;
    let client = quid.db.connect().await;
    let job = "INSERT INTO jobs (id, kind, payload, run_at, created_at)
               VALUES (gen_random_uuid(), $1, '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')";
    client.execute(job, &[&mail::SEND.name]).await.unwrap();
    let served: Vec<_> = JOBS
        .iter()
        .filter(|kind| mail::serves(&app.settings, kind))
        .copied()
        .collect();
    assert_eq!(served.len(), JOBS.len() - 1);
    assert!(!jobs::next(&app, &served).await.unwrap());
    let left = client.query_one(LEFT, &[]).await.unwrap();
    assert_eq!((left.get(0), left.get(1)), (mail::SEND.name, 0));

    // Where it is taken all the same it fails, and is not lost until it has failed for about a day.
    assert!(jobs::next(&app, JOBS).await.unwrap());
    let left = client.query_one(LEFT, &[]).await.unwrap();
    assert_eq!((left.get(0), left.get(1)), (mail::SEND.name, 1));
    let last = "UPDATE jobs SET attempts = 14, run_at = '2026-01-01T00:00:00Z'";
    client.execute(last, &[]).await.unwrap();
    assert!(jobs::next(&app, JOBS).await.unwrap());
    assert!(client.query(LEFT, &[]).await.unwrap().is_empty());
}
