//! The engagement plans of a real Salesforce NPSP, brought in by `examples/playbooks.py`. The data are not part of the
//! product: where they are not there, this says that it skipped.

use std::path::PathBuf;
use std::process::Command;

use crate::support;

/// Copied by hand from a calendar, for a start on Friday 2026-03-06; the 7th and the 8th are a weekend.
const GOLD: &str = "\
Gold Stewardship Plan (written)
    2026-03-09  Thank You Phone Call
    2026-03-16  Send Gold level packet in mail
    2026-03-23  Confirm packet received email
    2026-04-06  Follow Up Email
    2026-06-04  Send Impact Report
";
const VOLUNTEERS: &str = "\
Volunteer Onboarding (written)
    2026-03-09  Application Review
    2026-03-09  Approval Email
    2026-03-11  Background Check
    2026-03-25  Volunteer Orientation
";
const SILVER: &str = "\
Silver Stewardship Plan (written)
    2026-04-06  Thank You Phone Call by Volunteer
    2026-04-13  Send membership levels email
    2026-04-06  Follow Up Email
    2026-06-04  Send Impact Report
";

fn data() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let beside = root.join("../shared/data/npsp");
    let folder = std::env::var_os("QUID_NPSP_DATA").map_or(beside, PathBuf::from);
    folder
        .join("engagement_plan_tasks.csv")
        .is_file()
        .then_some(folder)
}

#[tokio::test]
async fn the_dates_of_real_engagement_plans_are_those_of_a_calendar() {
    let Some(data) = data() else {
        println!("skipped: no engagement plans at QUID_NPSP_DATA");
        return;
    };
    let quid = support::start().await;
    let pair = quid.pair().await;
    let run = async || {
        let mut script = Command::new("python3");
        script
            .arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/playbooks.py"))
            .arg(data.join("engagement_plan_templates.csv"))
            .arg(data.join("engagement_plan_tasks.csv"))
            .arg(&quid.url)
            .args([
                "--partnership",
                &pair.partnership,
                "--start-on",
                "2026-03-06",
            ])
            .env("QUID_TOKEN", pair.a.admin.token.clone().unwrap());
        let output = tokio::task::spawn_blocking(move || script.output());
        let output = output.await.unwrap().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{told}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        told
    };
    let told = run().await;
    for expected in [GOLD, VOLUNTEERS, SILVER] {
        assert!(told.contains(expected), "{expected} is not in:\n{told}");
    }
    // Again, nothing is there twice.
    let again = run().await;
    assert_eq!(again.matches("(unchanged)").count(), 4, "{again}");
    let all = pair.a.admin.get("/v1/playbooks").await.expect(200);
    assert_eq!(all["data"].as_array().unwrap().len(), 4);
}
