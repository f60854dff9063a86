//! Results: what the two agreed to call success, against what the records show.
//!
//! Each metric of the success definition in force is counted anew from the records whenever it is asked for,
//! from its first day until today or its last day, in UTC.
//!
//! # What is counted, and on which date
//!
//! | kind | counts | on the date |
//! |---|---|---|
//! | `introductions_given` | introductions that the party offered | of the offer |
//! | `introductions_received` | introductions that the party was offered | of the offer |
//! | `introductions_accepted` | of those that the party offered: accepted, or further | on which it came so far |
//! | `introductions_engaged` | of those that the party offered: engaged | of the engagement |
//! | `realised_value` | what those are worth, in the currency of the metric alone | of the engagement |
//! | `steps_kept` | action steps of the party, done by the date first promised | on which they were done |
//! | `conversations_kept` | conversations that the two held, whichever the party | on which they began |
//! | `custom` | what was reported by hand: the figure as it stood on its day, the last one counts | of the reading |
//!
//! # Expected
//!
//! How much is expected by a day lies on straight lines between the points of the ramp, from nothing on the
//! first day to the target on the last; whole, in the party's favour: rounded down for `at_least`, up for
//! `at_most`. *Example: 12 by 31 December, from 1 January, with a ramp of 3 by 30 June: on 31 March 89 of 180
//! days have gone, 3 × 89 / 180 = 1.48, so 1 is expected; on 30 September 92 of 184 of the second half, 3 + 9 ×
//! 92 / 184 = 7.5, so 7.*
//!
//! # Pace
//!
//! | for | `not_started` | `unknown` | `reached` | `missed` | `on_pace` | `off_pace` |
//! |---|---|---|---|---|---|---|
//! | `at_least` | before the first day | nothing was reported | the target, whenever | below it after the last day | what is expected, or more | less |
//! | `at_most` | the same | the same | after the last day, not above the target | above it, whenever | what is expected, or less | more |
//!
//! *Example: by the ramp above, 1 on 31 March is on pace, 6 on 30 September off pace, 12 on that day reached.*
//!
//! # Client outcomes
//!
//! Beside the figures, what became of the clients: how many met the receiver, of how many it is told what they
//! gained, and the mean of the ratings that they gave. *Example: ratings of 5, 4 and 4: 4.33.*

mod get;
mod model;
mod pace;
mod policy;
mod readings;
mod store;
mod tally;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use get::look;
pub use model::{MetricResult, PartnershipResults};
pub use pace::MetricPace;
pub use store::STATEMENTS;

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get::get_results)
        .service(readings::create::create_metric_reading)
        .service(readings::list::list_metric_readings)
        .service(readings::get::get_metric_reading);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("metric_readings_pkey", Means::IdTaken),
    constraint("metric_readings_figure_check", Means::Guarded),
    constraint("metric_readings_partnership_id_fkey", Means::Gone),
    constraint("metric_readings_firm_id_fkey", Means::Gone),
];
