//! Work calendars: the days on which a firm works. Its weekends and holidays are its own; dates that are told in
//! business days, and dates that are laid out, go by the calendar of the firm that will do the step.
//!
//! Until a firm has said otherwise it works from Monday to Friday and has no holidays: that calendar has the version 0.
//!
//! A date relative to another ([`Lag`]) counts days or business days, and always comes to a business day:
//!
//! - so many *days* after a date: that many calendar days, and from there on to the first business day;
//! - so many *business days* after a date: the business day so many after it; none means the date itself, or the first
//!   business day after it.
//!
//! Worked example, with Monday 2026-05-25 a holiday: 2 days after Friday the 22nd is Sunday the 24th, so Tuesday the
//! 26th; 1 business day after Friday the 22nd is Tuesday the 26th as well, and 2 are Wednesday the 27th. 0 days
//! after Saturday the 23rd is Tuesday the 26th.

mod get;
mod model;
mod put;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::db::constraints::{Constraint, Means, constraint};

pub use model::{Lag, LagUnit, WorkCalendar};
pub use store::{days_of, days_of_both};

/// This feature's operations.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get::get_work_calendar)
        .service(put::put_work_calendar);
}

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("work_calendars_pkey", Means::Guarded),
    constraint("work_calendars_firm_id_fkey", Means::Gone),
    constraint("work_calendars_weekend_check", Means::Guarded),
    constraint("holidays_pkey", Means::Guarded),
    constraint("holidays_firm_id_fkey", Means::Gone),
];
