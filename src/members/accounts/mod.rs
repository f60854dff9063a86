//! Accounts: what a member signs in with, which no other member and no partner ever sees.

mod store;

use uuid::Uuid;

use crate::changes::{Change, Kind};
use crate::platform::app::App;
use crate::platform::auth::{Caller, Duty, Rule};
use crate::platform::db::Tx;
use crate::platform::error::{ApiResult, Problem, WRONG_CREDENTIALS};
use crate::platform::http::{Action, FoundAt, NoPath};
use crate::platform::mail::{self, Draft, Part};
use crate::platform::values::{EmailAddress, Name, Timestamp};

pub use store::{account_by_email, account_of, replace_password, set_password};

/// To look after the own account, as everybody may who is a person.
pub struct OwnAccount;

impl Action for OwnAccount {
    const RULE: Rule = Rule::people(Duty::Read);
    type Path = NoPath;
    type Subject = Account;
}

impl FoundAt<NoPath> for Account {
    async fn find_at(app: &App, caller: &Caller, _: NoPath) -> ApiResult<Option<Self>> {
        app.db
            .read(async |conn| account_of(conn, caller.actor_id()).await)
            .await
    }
}

/// The account of an active member.
#[derive(Clone, Debug)]
pub struct Account {
    /// The member.
    pub member_id: Uuid,
    /// The member's firm.
    pub firm_id: Uuid,
    /// The member's name.
    pub name: Name,
    /// The address to sign in with.
    pub email: EmailAddress,
    /// The firm's name.
    pub firm_name: Name,
    /// The password's hash, as a PHC string.
    pub password_hash: String,
    /// The version of the member's record, which says nothing of the account.
    pub version: i32,
}

impl Account {
    /// What others know of this person, and what a password must not be made of.
    pub fn context(&self) -> [&str; 3] {
        [
            self.name.as_str(),
            self.email.as_str(),
            self.firm_name.as_str(),
        ]
    }

    /// The change that its owner has made to it; the member's record stays as it is.
    pub fn change(&self, action: &'static str, now: Timestamp) -> Change {
        Change {
            kind: Kind::Member,
            resource_id: self.member_id,
            action,
            version: self.version,
            partnership_id: None,
            firms: vec![self.firm_id],
            actor_id: Some(self.member_id),
            at: now,
        }
    }

    /// Holds it as it was when the password was looked at: checking one takes a while, in which the owner
    /// may have set another to keep somebody out.
    ///
    /// # Errors
    /// 401 when the password has changed or the member has left.
    pub async fn hold(&self, tx: &Tx) -> ApiResult<()> {
        if store::hold(tx, self.member_id, &self.password_hash).await? {
            return Ok(());
        }
        let detail = "The password was changed meanwhile, or the account is closed.";
        Err(Problem::new(&WRONG_CREDENTIALS, detail).into())
    }

    /// Tells its owner by mail.
    pub async fn tell(&self, tx: &Tx, app: &App, notice: Notice) -> ApiResult<()> {
        let Notice { subject, what } = notice;
        let when = app.clock.now().whole_second();
        let url = &app.settings.public_url;
        let parts = vec![
            Part::Paragraph(format!("Hello {},", self.name)),
            Part::Paragraph(format!("{what} This was at {when}, for your account with Quid at {url}.")),
            Part::Paragraph(
                "If it was you, there is nothing to do. If not, set a new password at once, which ends every session but your own, and tell the admin of your firm."
                    .to_owned(),
            ),
        ];
        let draft = Draft {
            recipient: &self.email,
            subject: subject.to_owned(),
            parts,
        };
        mail::write(tx, app, draft).await
    }
}

/// What the owner of an account is told.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The subject.
    pub subject: &'static str,
    /// What happened, in a sentence or more.
    pub what: String,
}

impl Notice {
    /// A notice.
    pub fn new(subject: &'static str, what: impl Into<String>) -> Self {
        Self {
            subject,
            what: what.into(),
        }
    }
}
