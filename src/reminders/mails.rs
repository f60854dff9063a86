//! The mail that reminds a member.

use super::store::{Due, ReminderKind};
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::error::ApiResult;
use crate::platform::mail::{self, Draft, Part};

/// Writes one mail about all of a member's steps.
pub(super) async fn write(tx: &Tx, app: &App, steps: &[&Due]) -> ApiResult<()> {
    let Some(first) = steps.first() else {
        return Ok(());
    };
    let late = steps.iter().filter(|one| one.kind == ReminderKind::Overdue);
    let late = late.count();
    let opening = match (late, steps.len() - late) {
        (0, _) => "What you have promised falls due soon:",
        (_, 0) => "What you have promised is past its date:",
        _ => "What you have promised falls due soon, or is past its date:",
    };
    let closing = format!(
        "Say what became of it, or name another date with your reason, at {url}.",
        url = app.settings.public_url
    );
    let lines = steps.iter().map(|one| Part::Paragraph(line(one)));
    let parts = std::iter::once(Part::Paragraph(opening.to_owned()))
        .chain(lines)
        .chain(std::iter::once(Part::Paragraph(closing)));
    let draft = Draft {
        recipient: &first.email,
        subject: subject(steps.len(), late),
        parts: parts.collect(),
    };
    mail::write(tx, app, draft).await
}

fn subject(all: usize, late: usize) -> String {
    match (all, late) {
        (1, 0) => "A step that you have promised falls due".to_owned(),
        (1, _) => "A step that you have promised is overdue".to_owned(),
        (all, 0) => format!("{all} steps that you have promised fall due"),
        (all, late) => format!("{all} steps that you have promised, {late} of them overdue"),
    }
}

/// A step by its partner, date and reference; its own words could say too much in a mail.
fn line(one: &Due) -> String {
    let what = match &one.reference {
        Some(reference) => format!("with {}, about {reference}", one.partner_name),
        None => format!("with {}", one.partner_name),
    };
    match one.kind {
        ReminderKind::Ahead => format!("A step {what}: due on {}.", one.due_on),
        ReminderKind::Overdue => format!("A step {what}: was due on {}.", one.due_on),
    }
}
