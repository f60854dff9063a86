//! The dates of a playbook's steps; the module's documentation has the rule with an example.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::model::{PlaybookOwner, PlaybookStep, Script};
use crate::introductions::Direction;
use crate::parties::Side;
use crate::platform::values::Date;
use crate::work_calendar::WorkCalendar;

/// A step with its owner and date.
#[derive(Clone, Debug)]
pub struct Laid<'a> {
    /// The step.
    pub step: &'a PlaybookStep,
    /// The id of its own.
    pub id: Uuid,
    /// Who does it.
    pub owner: Side,
    /// When it is due.
    pub due_on: Date,
}

/// Who does a step, in a partnership or in an introduction that leads so.
pub const fn side(owner: PlaybookOwner, direction: Option<Direction>) -> Side {
    let is_given = matches!(direction, Some(Direction::Given));
    match owner {
        PlaybookOwner::Us => Side::Us,
        PlaybookOwner::Partner => Side::Them,
        PlaybookOwner::Introducer => Side::of(is_given),
        PlaybookOwner::Receiver => Side::of(!is_given),
    }
}

/// Every step with its date, each after those that it waits for. `calendars` are those of the firm and of its partner.
pub fn lay_out<'a>(
    script: &'a Script,
    (start_on, direction): (Date, Option<Direction>),
    calendars: &[WorkCalendar; 2],
    mut id: impl FnMut() -> Uuid,
) -> Vec<Laid<'a>> {
    let every_day = WorkCalendar::new([], []);
    let [us, them] = calendars;
    let mut due: BTreeMap<&str, Date> = BTreeMap::new();
    let mut laid = Vec::new();
    let ordered = script.order().into_iter();
    for step in ordered.filter_map(|at| script.steps.get(at)) {
        let owner = side(step.owner, direction);
        let calendar = match (script.skips_days_off, owner) {
            (false, _) => &every_day,
            (true, Side::Us) => us,
            (true, Side::Them) => them,
        };
        let begins = step.after.iter().filter_map(|one| {
            let from = match one.key.as_deref() {
                Some(key) => *due.get(key)?,
                None => start_on,
            };
            Some(calendar.after(from, one.lag))
        });
        let begins = begins.max().unwrap_or(start_on);
        let due_on = calendar.plus(begins, step.length_days - 1);
        due.insert(step.key.as_str(), due_on);
        laid.push(Laid {
            step,
            id: id(),
            owner,
            due_on,
        });
    }
    laid
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action_steps::StepKind;
    use crate::plan::Weekday;
    use crate::playbooks::model::{PlaybookPredecessor, PlaybookSubject};
    use crate::work_calendar::{Lag, LagUnit};
    use proptest::prelude::*;

    fn march(day: i8) -> Date {
        Date::new(2026, 3, day).unwrap()
    }

    fn after(key: Option<&str>, count: i32, unit: LagUnit) -> PlaybookPredecessor {
        PlaybookPredecessor {
            key: key.map(str::to_owned),
            lag: Lag { count, unit },
        }
    }

    fn step(key: &str, after: Vec<PlaybookPredecessor>) -> PlaybookStep {
        PlaybookStep {
            key: key.to_owned(),
            title: key.to_owned(),
            detail: None,
            owner: PlaybookOwner::Us,
            kind: StepKind::Internal,
            channel: None,
            topic: None,
            after,
            length_days: 1,
        }
    }

    fn script(steps: Vec<PlaybookStep>) -> Script {
        Script {
            name: "Gold".parse().unwrap(),
            description: None,
            applies_to: PlaybookSubject::Introduction,
            skips_days_off: true,
            steps,
        }
    }

    fn calendars() -> [WorkCalendar; 2] {
        [WorkCalendar::default(), WorkCalendar::default()]
    }

    fn dates(script: &Script, start_on: Date) -> Vec<(&str, Date)> {
        let laid = lay_out(script, (start_on, None), &calendars(), Uuid::nil);
        let one = |laid: Laid<'_>| laid.due_on;
        let keys = script
            .order()
            .into_iter()
            .map(|at| script.steps[at].key.as_str());
        keys.zip(laid.into_iter().map(one)).collect()
    }

    #[test]
    fn the_example_of_the_documentation_holds() {
        let script = script(vec![
            step("mail", vec![after(Some("packet"), 5, LagUnit::Days)]),
            step("call", vec![after(None, 1, LagUnit::Days)]),
            step("packet", vec![after(Some("call"), 7, LagUnit::Days)]),
        ]);
        assert!(script.complaints().is_empty());
        assert_eq!(
            dates(&script, march(6)),
            [
                ("call", march(9)),
                ("packet", march(16)),
                ("mail", march(23))
            ]
        );
    }

    #[test]
    fn days_off_count_where_the_playbook_does_not_skip_them() {
        let mut script = script(vec![step("call", vec![after(None, 1, LagUnit::Days)])]);
        script.skips_days_off = false;
        assert_eq!(dates(&script, march(6)), [("call", march(7))]);
    }

    #[test]
    fn the_sides_of_an_introduction_are_those_of_its_direction() {
        use PlaybookOwner as O;
        let sides =
            |direction| [O::Us, O::Partner, O::Introducer, O::Receiver].map(|o| side(o, direction));
        let (us, them) = (Side::Us, Side::Them);
        assert_eq!(sides(Some(Direction::Given)), [us, them, us, them]);
        assert_eq!(sides(Some(Direction::Received)), [us, them, them, us]);
    }

    #[test]
    fn what_is_wrong_with_steps_is_named() {
        let told = |script: &Script| -> Vec<String> {
            let errors = script.complaints().into_iter();
            errors
                .map(|one| format!("{} {}", one.pointer, one.code))
                .collect()
        };
        let circle = vec![
            step("a", vec![after(Some("b"), 0, LagUnit::Days)]),
            step("b", vec![after(Some("a"), 0, LagUnit::Days)]),
        ];
        assert_eq!(told(&script(circle)), ["/steps circle"]);
        let unknown = vec![
            step("a", vec![after(Some("z"), 0, LagUnit::Days)]),
            step("a", vec![]),
        ];
        assert_eq!(
            told(&script(unknown)),
            ["/steps/0/after/0/key unknown", "/steps/1/key twice"]
        );
        let mut talk = step("a", vec![]);
        talk.kind = StepKind::ClientConversation;
        talk.owner = PlaybookOwner::Receiver;
        let mut of_partnership = script(vec![talk]);
        of_partnership.applies_to = PlaybookSubject::Partnership;
        assert_eq!(
            told(&of_partnership),
            [
                "/steps/0/owner misfit",
                "/steps/0/kind misfit",
                "/steps/0/channel misfit",
                "/steps/0/topic misfit"
            ]
        );
    }

    fn work_calendars() -> impl Strategy<Value = WorkCalendar> {
        let weekend = prop::sample::subsequence(Weekday::ALL.to_vec(), 0..=6);
        let holidays = prop::collection::vec(0_i64..60, 0..8);
        (weekend, holidays).prop_map(|(weekend, days)| {
            WorkCalendar::new(weekend, days.into_iter().map(|day| march(1).plus_days(day)))
        })
    }

    /// Steps that wait for some of those written before them, then shuffled.
    fn scripts() -> impl Strategy<Value = Script> {
        let owner = prop::sample::select(PlaybookOwner::ALL.to_vec());
        let unit = prop::sample::select(LagUnit::ALL.to_vec());
        let waits = prop::collection::vec((any::<prop::sample::Index>(), 0_i32..20, unit), 0..4);
        let steps = prop::collection::vec((owner, 1_i32..5, waits), 1..10);
        (steps, any::<bool>()).prop_map(|(drawn, skips)| {
            let steps = drawn
                .into_iter()
                .enumerate()
                .map(|(at, (owner, length_days, waits))| {
                    let waits = waits.into_iter().map(|(before, count, unit)| {
                        let before = before.index(at + 1);
                        let key = (before < at).then(|| format!("s{before}"));
                        after(key.as_deref(), count, unit)
                    });
                    PlaybookStep {
                        owner,
                        length_days,
                        ..step(&format!("s{at}"), waits.collect())
                    }
                });
            let mut written = script(steps.collect());
            written.steps.reverse();
            written.skips_days_off = skips;
            written
        })
    }

    proptest! {
        #[test]
        fn no_step_is_due_before_one_that_it_follows(
            script in scripts(), us in work_calendars(), them in work_calendars(), day in 0_i64..60, given in any::<bool>(),
        ) {
            let start_on = march(1).plus_days(day);
            let direction = Some(Direction::of(given));
            let calendars = [us, them];
            let laid = lay_out(&script, (start_on, direction), &calendars, Uuid::nil);
            prop_assert_eq!(laid.len(), script.steps.len());
            let due = |key: &str| laid.iter().find(|one| one.step.key == key).unwrap().due_on;
            for one in &laid {
                prop_assert!(one.due_on >= start_on);
                let [us, them] = &calendars;
                let calendar = if one.owner == Side::Us { us } else { them };
                for after in &one.step.after {
                    let Some(before) = after.key.as_deref() else { continue };
                    prop_assert!(due(before) <= one.due_on);
                    if script.skips_days_off {
                        let begins = calendar.after(due(before), after.lag);
                        prop_assert!(one.due_on >= calendar.plus(begins, one.step.length_days - 1));
                    }
                }
            }
        }
    }
}
