//! Mail: written to the outbox in the transaction of its cause, sent by a job.
//!
//! A mail is written once, as its parts, and goes out as text and as HTML. Without a mail server it
//! stays in the outbox, where `quid outbox` shows it for thirty days. No mail names a client.

mod letter;
mod store;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use serde_json::{Value, json};
use uuid::Uuid;

use super::app::App;
use super::config::Settings;
use super::db::constraints::{Constraint, Means, constraint};
use super::db::{Conn, Tx};
use super::error::{ApiResult, Error, Problem};
use super::jobs::{self, Kind};
use super::values::EmailAddress;
pub use letter::Part;
pub use store::{Letter, purge};

/// What the constraints of this module's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[constraint("mails_pkey", Means::Guarded)];

/// So many mails of one kind go to an address within [`WHILE`], whoever wants more of them sent.
pub const MOST: i64 = 3;
/// Seconds, see [`MOST`].
pub const WHILE: i64 = 3600;

/// The job that sends one mail.
pub const SEND: Kind = Kind {
    name: "send_mail",
    run: send,
};

/// Whether a process with these settings can do a kind of job: without a mail server it sends no mail.
pub fn serves(settings: &Settings, kind: &Kind) -> bool {
    kind.name != SEND.name || settings.smtp_url.is_some()
}

/// A mail to be written.
#[derive(Debug)]
pub struct Draft<'a> {
    /// To whom.
    pub recipient: &'a EmailAddress,
    /// The subject.
    pub subject: String,
    /// What it says.
    pub parts: Vec<Part>,
}

/// Writes a mail to the outbox and asks for it to be sent.
pub async fn write(tx: &Tx, app: &App, draft: Draft<'_>) -> ApiResult<()> {
    let now = app.clock.now();
    let id = app.ids.id(now);
    let url = app.settings.public_url.as_str();
    let forms = letter::render(&draft.subject, &draft.parts, url)?;
    store::insert(tx, id, &draft, &forms, now).await?;
    match app.settings.smtp_url {
        Some(_) => jobs::ask(tx, app, SEND.name, json!({"mail_id": id})).await,
        None => Ok(()),
    }
}

/// Refuses to send an address more than [`MOST`].
pub fn too_many(why: &'static str) -> Error {
    Problem::too_many(why, WHILE.unsigned_abs()).into()
}

/// The newest letters of the outbox.
pub async fn list(conn: &Conn, limit: i64) -> ApiResult<Vec<Letter>> {
    store::list(conn, limit).await
}

fn send<'a>(app: &'a App, payload: &'a Value) -> LocalBoxFuture<'a, ApiResult<()>> {
    async move {
        let id = payload
            .get("mail_id")
            .and_then(Value::as_str)
            .and_then(|id| id.parse::<Uuid>().ok());
        let id = id.ok_or_else(|| Error::broken("a mail job without a mail"))?;
        let unsent = app
            .db
            .read(async |conn| store::find_unsent(conn, id).await)
            .await?;
        let Some(letter) = unsent else {
            return Ok(());
        };
        // The job is another worker's, see [`serves`].
        let url = app.settings.smtp_url.as_deref();
        let url = url.ok_or_else(|| Error::broken("a mail job without a mail server"))?;
        match deliver(url, &app.settings.mail_from, &letter).await {
            Ok(()) => {}
            // The mail stays in the outbox, unsent, where an operator finds it.
            Err(error) if error.is_for_ever(&letter.recipient) => {
                tracing::warn!(mail_id = %id, %error, "a mail is refused for good");
                return Ok(());
            }
            Err(error) => return Err(Error::broken(error.to_string())),
        }
        let now = app.clock.now();
        app.db
            .write(async |tx| store::mark_sent(tx, id, now).await)
            .await
    }
    .boxed_local()
}

#[derive(Debug, thiserror::Error)]
enum Undelivered {
    #[error("mail server: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    #[error("sender's address: {0}")]
    Sender(lettre::address::AddressError),
    #[error("recipient's address: {0}")]
    Recipient(lettre::address::AddressError),
    #[error("message: {0}")]
    Message(#[from] lettre::error::Error),
}

impl Undelivered {
    /// Whether another attempt would end the same: after a reply of the class 5yz (RFC 5321, 4.2.1), or
    /// where the letter itself can't go, as to an address for which the server lacks SMTPUTF8 (RFC 6531).
    /// What an operator can mend, such as the sender's address, is tried again.
    fn is_for_ever(&self, recipient: &str) -> bool {
        match self {
            Self::Smtp(error) => {
                error.is_permanent() || (error.is_client() && !recipient.is_ascii())
            }
            Self::Recipient(_) | Self::Message(_) => true,
            Self::Sender(_) => false,
        }
    }
}

async fn deliver(url: &str, from: &str, letter: &Letter) -> Result<(), Undelivered> {
    let to = letter.recipient.parse::<Mailbox>();
    let to = to.map_err(Undelivered::Recipient)?;
    let message = Message::builder()
        .from(from.parse::<Mailbox>().map_err(Undelivered::Sender)?)
        .to(to)
        // The same mail sent twice, as after a crash, is one to a mail program.
        .message_id(Some(format!("<{}@quid>", letter.id)))
        .subject(letter.subject.clone())
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(
            letter.body.clone(),
            letter.html.clone(),
        ))?;
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?
        .build()
        .send(message)
        .await?;
    Ok(())
}

/// RFC 3834: no absence notice answers a machine.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_the_letter_stays_wrong_and_what_an_operator_mends_does_not() {
        let wrong = || "no address".parse::<Mailbox>().unwrap_err();
        assert!(Undelivered::Recipient(wrong()).is_for_ever("no address"));
        assert!(!Undelivered::Sender(wrong()).is_for_ever("ana@redmesa.example"));
    }
}
