//! Reciprocity: what each party of a partnership gave the other, over a window of calendar dates.
//!
//! # What counts
//!
//! - An **entry** of the ledger is an introduction that was offered. It counts on the UTC date of the offer;
//!   drafts are nobody's business but the introducer's. Who introduced has *given*, who received has *received*.
//! - A window is `[from, to)`: `to` is the first date that does not count. Both parties read the same dates
//!   in UTC, so that both read the same figures with opposite sign.
//! - A stage counts as reached by whoever got there **or further**, whatever came of it later: of two
//!   introductions, one `met` and later `withdrawn`, one `accepted`, both have reached `accepted`.
//! - Values are added within a currency and never across: 100 USD and 50 EUR are 100 USD and 50 EUR.
//! - **Contributions** other than clients (advice, teaching, content) count beside the introductions, on
//!   the date they were given, once the other party has confirmed them. They are not part of the balance.
//!
//! # Balance
//!
//! `balance = (given − received) / (given + received)` over the measure: the introductions that reached
//! the stage that the parties agreed to weigh. It lies in `[-1, 1]`; there is none where nothing was given
//! or received. *Example: given 6, received 2: (6 − 2) / (6 + 2) = 0.5; the other party reads −0.5.*
//!
//! # Verdict
//!
//! `too_few` while fewer than 3 were given and received together; else `we_give_more` where the balance is
//! above the agreed threshold, `they_give_more` where it is below its negative, and `balanced` between.
//! The first two are an alert. *Example: by a threshold of 0.4, 6 given and 2 received (0.5) is
//! `we_give_more`, 5 and 3 (0.25) is `balanced`, 2 and 0 is `too_few`.* Without an agreement the threshold
//! is 0.5 and the measure `introductions`, and the answer says that these were not agreed.
//!
//! # Whose turn
//!
//! Whoever gave less of the measure. Where both gave as many, whoever gave longest ago. Nobody's where
//! nothing was given. *Example: 6 given, 2 received: theirs. 2 and 2, ours on 1 March and theirs on 9
//! March: ours.*
//!
//! # Months
//!
//! The measure, given and received, and its balance for each month of the window in UTC; the first and
//! the last may be cut by the window. *Example: from 20 January to 10 March there are three: 20 January to
//! 1 February, February, 1 to 10 March.*
//!
//! # Diagnosis
//!
//! Where there is an alert, which part of the foundation or the path most likely explains it: see the rules in
//! [`Diagnosis`]'s module, each with its source.
//!
//! # Records
//!
//! Each figure names the address of the records behind it, which add up to it.

mod contributions;
mod diagnosis;
mod entries;
mod evidence;
mod firm;
mod get;
mod model;
mod policy;
mod records;
mod redaction;
mod shown;
mod store;
mod tally;
mod window;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use diagnosis::Diagnosis;
pub use evidence::terms;
pub use get::look;
pub use model::{BalanceTerms, ReachedStage, Verdict, median, share};
pub use records::Records;
pub use redaction::redact;
pub use shown::{LedgerValue, Reciprocity};
pub use store::{STATEMENTS, ledger};
pub use tally::{Ledger, Sums};
pub use window::{Window, WindowQuery};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get::get_reciprocity)
        .service(firm::get_firm_reciprocity)
        .service(entries::list_reciprocity_entries)
        .service(contributions::create::create_contribution)
        .service(contributions::list::list_contributions)
        .service(contributions::get::get_contribution)
        .service(contributions::confirm::confirm_contribution)
        .service(contributions::decline::decline_contribution)
        .service(contributions::withdraw::withdraw_contribution);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("contributions_pkey", Means::IdTaken),
    constraint("contributions_kind_check", Means::Guarded),
    constraint("contributions_state_check", Means::Guarded),
    constraint("contributions_firms_check", Means::Guarded),
    constraint("contributions_answered_check", Means::Guarded),
    constraint("contributions_partnership_id_fkey", Means::Gone),
    constraint("contributions_by_firm_id_fkey", Means::Gone),
    constraint("contributions_to_firm_id_fkey", Means::Gone),
];
