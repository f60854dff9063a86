//! Vitality: how alive a partnership is, with the evidence for each part.
//!
//! # Parts
//!
//! Each part has a score in [0, 1], or none where the records say too little. The gauge is the mean of the scores
//! that are known, by their weights.
//!
//! | part | weight | score |
//! |---|---|---|
//! | `pace` | 3 | 1 while the silence is no longer than the usual gap, 0 from the lapse on, straight between; none with fewer than 5 gaps |
//! | `plan` | 3 | of the six sections of the plan: 1 for each that is in force, ½ for each that both waive, out of 6 |
//! | `promises` | 2 | of the action steps that were first promised for one of the last 90 days: the share that was done by then; none where there is none |
//! | `conversations` | 3 | of the weeks of the last eight in which a conversation was due: the share in which the two spoke ([`crate::meetings`]); none where none was due |
//! | `balance` | 2 | 1 up to the threshold, 0 at a balance of 1 or −1, straight between, over the last 365 days; none where it is too few for a verdict |
//! | `meals` | 1 | 1 while the last shared meal or coffee is no longer ago than the agreed cadence, 0 from twice the cadence on, straight between; 0 where there was none; none where no cadence is agreed |
//! | `numbers` | 1 | ½ for each party that has named a contact with a phone number |
//!
//! *Example: pace unknown, 4 sections in force and 1 waived (4.5 / 6 = 0.75), 3 of 4 promises kept (0.75), a balance
//! of 0.75 by a threshold of 0.5 ((1 − 0.75) / (1 − 0.5) = 0.5): (3 × 0.75 + 2 × 0.75 + 2 × 0.5) / 7 = 0.68, `steady`. With 3 of 4
//! conversations kept (0.75), a meal 45 days ago by a cadence of 30 ((60 − 45) / (60 − 30) = 0.5) and the number of one party told
//! (0.5) it is (4.75 + 3 × 0.75 + 0.5 + 0.5) / 12 = 0.67.*
//!
//! # Level
//!
//! `lapsed` when the partnership has lapsed, whatever the gauge; else `thriving` from 0.75 on, `steady` from 0.5 on,
//! `fading` below.
//!
//! # Lapse
//!
//! A partnership lapses by its own past pace, not after a fixed number of days. An *active day* is a date (UTC) on
//! which a person or a machine of either firm did something that both see: introduced, answered, reported; promised,
//! moved or finished a step; spoke or shared a meal; proposed, agreed, waived or decided on the plan; gave or confirmed a contribution. The
//! *gaps* are the days between one active day and the next, over the 365 days before the last one; the *usual gap*
//! is the one that nine of ten gaps do not exceed (the 90th percentile by nearest rank). It lapses when the silence
//! since the last active day is longer than three usual gaps. With fewer than 5 gaps, or while the partnership is not
//! active, it doesn't.
//!
//! *Example: eleven Mondays one after the other are ten gaps of 7 days: it lapses on the 22nd day of silence. Gaps of
//! 1, 1, 1, 30, 1, 1, 30, 1, 1 and 1 are usual up to 30: it lapses on the 91st.*
//!
//! # Turns
//!
//! Every active partnership is judged once a day, since one that is still explored has nothing to lose yet; when its level turns, both firms find it in the change feed.

mod get;
mod judge;
mod model;
mod parts;
mod policy;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use judge::JUDGE;
pub use store::STATEMENTS;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get::get_vitality);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("vitalities_pkey", Means::Guarded),
    constraint("vitalities_level_check", Means::Guarded),
    constraint("vitalities_since_check", Means::Guarded),
    constraint("vitalities_partnership_id_fkey", Means::Gone),
];
