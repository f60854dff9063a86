//! The second factor: an authenticator app that shows a new code every half minute (TOTP, RFC 6238).
//!
//! Whoever wants one enrols: `none → pending → confirmed`. A secret is made and told, as a URI that apps
//! read from a QR code; the first right code confirms that the app has it, and from then on signing in
//! and resetting the password ask for a code. Ten recovery codes are told with the confirmation, and
//! again whenever they are renewed; each stands in for a code once.
//!
//! # What always holds
//! - The secret is kept sealed under a key derived from the master key, and is told only while pending.
//! - A code is taken once: the time step of the last one is kept, and none of it or before is taken
//!   again (RFC 6238, 5.2). A clock may be one step fast or slow.
//! - A recovery code has 80 random bits, and only its HMAC under a key of its own is kept, with the
//!   member it is for: whoever reads the table can't even try codes without the master key.
//! - To take the second factor away, or to renew the codes, needs the password or a code; a stolen
//!   access token is not enough. Attempts are counted ([`crate::attempts`]).
//! - The member hears of all of it by mail.

mod confirm;
mod enrol;
mod get;
mod model;
mod remove;
mod renew;
mod store;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::attempts::{self, Subject};
use crate::changes;
use crate::members::{Account, Notice};
use crate::platform::app::App;
use crate::platform::auth::{Caller, passwords};
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::db::{Conn, Tx};
use crate::platform::digest::Purpose;
use crate::platform::error::{
    ApiResult, Error, Problem, SECOND_FACTOR_REQUIRED, WRONG_CREDENTIALS,
};

pub use store::{forget_pending, purge};

use model::Code;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get::get_second_factor)
        .service(enrol::enrol_second_factor)
        .service(confirm::confirm_second_factor)
        .service(renew::renew_recovery_codes)
        .service(remove::remove_second_factor);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("second_factors_pkey", Means::Guarded),
    constraint("second_factors_member_id_fkey", Means::Gone),
    constraint("recovery_codes_pkey", Means::Guarded),
    constraint("recovery_codes_member_id_fkey", Means::Gone),
];

crate::words! {
    /// How far a second factor is.
    pub enum SecondFactorState {
        /// There is none.
        None = "none",
        /// The secret was made, and no code has shown yet that an app has it. It is not asked for.
        Pending = "pending",
        /// Signing in asks for a code.
        Confirmed = "confirmed",
    }
}

/// Recovery codes, which are told this once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"recovery_codes": ["7KQ4-M2X9-DT3V-W8RA"]}))]
pub struct RecoveryCodes {
    /// Each can be sent in place of a code, once. Earlier ones are no good any more.
    #[schema(max_items = 10)]
    pub recovery_codes: Vec<String>,
}

/// That it is really you: the password, or a code of the second factor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "a long pass phrase of hers"}))]
pub struct ProveYourself {
    /// Your password.
    #[schema(value_type = Option<String>, nullable = false, format = Password, min_length = 1, max_length = 512)]
    pub password: Option<SecretString>,
    /// The six digits that the app shows now, or a recovery code.
    #[schema(
        nullable = false,
        min_length = 6,
        max_length = 32,
        pattern = "^[0-9A-Za-z -]*$"
    )]
    pub code: Option<String>,
}

/// Whether signing in to an account asks for a code.
pub async fn is_confirmed(conn: &Conn, member_id: Uuid) -> ApiResult<bool> {
    let found = store::find(conn, member_id).await?;
    Ok(found.is_some_and(|found| found.confirmed_at.is_some()))
}

/// The refusal of one who knows the password and has sent no code.
pub fn required() -> Problem {
    Problem::new(&SECOND_FACTOR_REQUIRED, "Send `code` as well.")
}

/// Asks for a code where the account has a second factor, and uses it up.
///
/// # Errors
/// 401 `second-factor-required` without a code, 401 `wrong-credentials` with one that is not right.
pub async fn prove(tx: &Tx, app: &App, account: &Account, code: Option<&str>) -> ApiResult<()> {
    if !is_confirmed(tx, account.member_id).await? {
        return Ok(());
    }
    let code = code.ok_or_else(required)?;
    if take(tx, app, account, code).await? {
        Ok(())
    } else {
        let detail = "The code is not right, or was used before.";
        Err(Problem::new(&WRONG_CREDENTIALS, detail).into())
    }
}

/// Uses a code up; tells whether it was right.
async fn take(tx: &Tx, app: &App, account: &Account, code: &str) -> ApiResult<bool> {
    let member_id = account.member_id;
    match Code::read(code) {
        Some(Code::OfApp(digits)) => {
            let Some(kept) = store::find(tx, member_id).await? else {
                return Ok(false);
            };
            let secret = open(app, &kept.sealed_secret)?;
            match model::step_of(&secret, &digits, app.clock.now()) {
                Some(step) => store::take_step(tx, member_id, step).await,
                None => Ok(false),
            }
        }
        Some(Code::Recovery(code)) => {
            let digest = model::recovery_digest(&app.recovery_codes, member_id, &code);
            if !store::use_recovery_code(tx, member_id, &digest).await? {
                return Ok(false);
            }
            let left = store::count_recovery_codes(tx, member_id).await?;
            let what = format!(
                "A recovery code was used in place of your authenticator app; {left} are left."
            );
            let notice = Notice::new("A recovery code was used", what);
            changes::record(tx, account.change("recovery_code_used", app.clock.now())).await?;
            account.tell(tx, app, notice).await?;
            Ok(true)
        }
        None => Ok(false),
    }
}

fn open(app: &App, sealed: &[u8]) -> ApiResult<Vec<u8>> {
    let secret = app.master.open(Purpose::SecondFactors, sealed);
    secret.ok_or_else(|| Error::broken("a second factor was sealed under another master key"))
}

/// Asks that the one who is signed in knows the password, and counts the attempt.
async fn know_password(
    app: &App,
    caller: &Caller,
    account: &Account,
    password: SecretString,
) -> ApiResult<()> {
    let counted = [Subject::Session(caller.credential_id)];
    attempts::charge(app, &counted).await?;
    if !passwords::verify(password, Some(account.password_hash.clone())).await? {
        return Err(
            Problem::invalid_field("/password", "wrong", "This is not your password.").into(),
        );
    }
    attempts::forgive(app, &counted).await
}

impl ProveYourself {
    /// Asks for the password before a transaction begins, or else for a code, to be taken in it.
    async fn known(&self, app: &App, caller: &Caller, account: &Account) -> ApiResult<()> {
        match (&self.password, &self.code) {
            (Some(password), _) => {
                let password = SecretString::from(password.expose_secret());
                know_password(app, caller, account, password).await
            }
            (None, Some(_)) => {
                attempts::charge(app, &[Subject::Session(caller.credential_id)]).await
            }
            (None, None) => {
                let detail = "Send your password, or a code.";
                Err(Problem::invalid_field("/password", "missing", detail).into())
            }
        }
    }

    /// Holds the account that was looked at, and takes the code, where there is no password.
    async fn shown(&self, tx: &Tx, app: &App, caller: &Caller, account: &Account) -> ApiResult<()> {
        account.hold(tx).await?;
        let (None, Some(code)) = (&self.password, &self.code) else {
            return Ok(());
        };
        if !take(tx, app, account, code).await? {
            let detail = "This code is not right, or was used before.";
            return Err(Problem::invalid_field("/code", "wrong", detail).into());
        }
        attempts::give_back(tx, app, &[Subject::Session(caller.credential_id)]).await
    }
}

/// Makes new recovery codes in place of those before.
async fn new_codes(tx: &Tx, app: &App, member_id: Uuid) -> ApiResult<RecoveryCodes> {
    let recovery_codes = model::new_recovery_codes();
    let digests = recovery_codes
        .iter()
        .filter_map(|code| Code::read(code))
        .filter_map(Code::recovery)
        .map(|code| model::recovery_digest(&app.recovery_codes, member_id, &code).to_vec());
    store::replace_recovery_codes(tx, member_id, digests.collect()).await?;
    Ok(RecoveryCodes { recovery_codes })
}
