//! The rules of timelines, against their examples and against brute force.

use proptest::prelude::*;

use super::*;
use crate::plan::Weekday;
use crate::work_calendar::LagUnit;

fn march(day: i8) -> Date {
    Date::new(2026, 3, day).unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn task(number: u128, due_on: Date, length_days: i32) -> Task {
    Task {
        id: id(number),
        owner: Side::Us,
        due_on,
        length_days,
        done_on: None,
    }
}

fn link(before: u128, after: u128, count: i32) -> Link {
    Link {
        before: id(before),
        after: id(after),
        lag: Lag {
            count,
            unit: LagUnit::BusinessDays,
        },
    }
}

fn office() -> [WorkCalendar; 2] {
    [WorkCalendar::default(), WorkCalendar::default()]
}

/// The example of the module's documentation: a letter, a review that waits for it, a meeting that waits for the review,
/// and a folder that waits for nothing.
fn example() -> Network {
    let tasks = vec![
        task(1, march(4), 1),
        task(2, march(6), 2),
        task(3, march(10), 1),
        task(4, march(5), 1),
    ];
    Network::new(tasks, vec![link(1, 2, 1), link(2, 3, 1)], office())
}

#[test]
fn the_example_of_the_forecast_holds() {
    let told: Vec<_> = example()
        .project(march(5))
        .iter()
        .map(|one| (one.id, one.starts_on, one.finish_on, one.slack_days))
        .collect();
    let expected = [
        (id(1), march(5), march(5), 0),
        (id(2), march(6), march(9), 0),
        (id(3), march(10), march(10), 0),
        (id(4), march(5), march(5), 3),
    ];
    for one in expected {
        assert!(told.contains(&one), "{one:?} is not in {told:?}");
    }
    assert_eq!(told.len(), expected.len());
}

#[test]
fn the_example_of_a_cascade_holds() {
    assert_eq!(
        example().cascade(id(1), march(6)),
        [
            (id(1), march(4), march(6)),
            (id(2), march(6), march(10)),
            (id(3), march(10), march(11)),
        ]
    );
    // There is room: nothing else moves. Nor does anything move forward.
    assert_eq!(
        example().cascade(id(1), march(3)),
        [(id(1), march(4), march(3))]
    );
}

#[test]
fn what_is_done_counts_with_the_date_it_was_done() {
    let mut done = task(1, march(4), 1);
    done.done_on = Some(march(12));
    let network = Network::new(
        vec![done, task(2, march(6), 1)],
        vec![link(1, 2, 1)],
        office(),
    );
    let projected = network.project(march(5));
    let told: Vec<_> = projected
        .iter()
        .map(|one| (one.id, one.finish_on))
        .collect();
    assert_eq!(told, [(id(2), march(13))]);
}

#[test]
fn nothing_open_has_no_forecast() {
    assert!(
        Network::new(Vec::new(), Vec::new(), office())
            .project(march(5))
            .is_empty()
    );
}

prop_compose! {
    fn tasks()(drawn in prop::collection::vec((0_i64..40, 1_i32..4, any::<bool>(), prop::option::weighted(0.2, 0_i64..40)), 1..7))
        -> Vec<Task> {
        drawn.into_iter().zip(1_u128..).map(|((due, length_days, ours, done), number)| Task {
            owner: Side::of(ours),
            done_on: done.map(|day| march(1).plus_days(day)),
            ..task(number, march(1).plus_days(due), length_days)
        }).collect()
    }
}

fn calendars() -> impl Strategy<Value = WorkCalendar> {
    let weekend = prop::sample::subsequence(Weekday::ALL.to_vec(), 0..=3);
    let holidays = prop::collection::vec(0_i64..60, 0..8);
    (weekend, holidays).prop_map(|(weekend, holidays)| {
        WorkCalendar::new(
            weekend,
            holidays.into_iter().map(|day| march(1).plus_days(day)),
        )
    })
}

/// Links from lower to higher numbers, so that there is no circle.
fn networks() -> impl Strategy<Value = Network> {
    let unit = prop::sample::select(LagUnit::ALL.to_vec());
    let links = prop::collection::vec((1_u128..7, 1_u128..7, 0_i32..4, unit), 0..9);
    (tasks(), links, calendars(), calendars()).prop_map(|(tasks, links, ours, theirs)| {
        let links = links
            .into_iter()
            .filter(|(before, after, ..)| before < after)
            .map(|(before, after, count, unit)| Link {
                lag: Lag { count, unit },
                ..link(before, after, count)
            })
            .collect();
        Network::new(tasks, links, [ours, theirs])
    })
}

impl Network {
    /// The most business days by which a step can slip without moving the end: by trying.
    fn slack_by_trying(&self, step: Uuid, today: Date) -> i32 {
        let end = self.end(&self.finishes(today, None));
        let moves = |days: &i32| self.end(&self.finishes(today, Some((step, *days)))) != end;
        (1..).find(moves).unwrap() - 1
    }

    fn task(&self, id: Uuid) -> &Task {
        self.tasks.iter().find(|task| task.id == id).unwrap()
    }

    /// When a step is finished that waits for nothing.
    fn by_itself(&self, task: &Task, today: Date) -> Date {
        let overdue = self.calendar(task.owner).on_or_after(today);
        let due = if task.due_on < today {
            overdue
        } else {
            task.due_on
        };
        task.done_on.unwrap_or(due)
    }

    /// Every path of links that ends at a step and begins at another; nothing leads on through what is done.
    fn paths(&self, to: Uuid) -> Vec<Vec<Link>> {
        let links = self.before.values().flatten();
        let last = links.filter(|link| link.after == to && self.task(to).done_on.is_none());
        let with_longer = last.flat_map(|link| {
            let longer = self.paths(link.before).into_iter();
            let longer = longer.map(|path| [path, vec![*link]].concat());
            longer.chain([vec![*link]])
        });
        with_longer.collect()
    }

    fn finish_by_paths(&self, id: Uuid, today: Date) -> Date {
        let walk = |path: Vec<Link>| {
            let first = self.by_itself(self.task(path.first().unwrap().before), today);
            path.iter().fold(first, |finish, link| {
                let task = self.task(link.after);
                let calendar = self.calendar(task.owner);
                calendar.plus(calendar.after(finish, link.lag), task.length_days - 1)
            })
        };
        let all = self.paths(id).into_iter().map(walk);
        all.fold(self.by_itself(self.task(id), today), Date::max)
    }

    /// The same timeline with other dates.
    fn with_dates(&self, dates: &[(Uuid, Date)]) -> Self {
        let tasks = self.tasks.iter().map(|task| {
            let told = dates.iter().find(|(id, _)| *id == task.id);
            Task {
                due_on: told.map_or(task.due_on, |(_, date)| *date),
                ..*task
            }
        });
        let links = self.before.values().flatten().copied();
        Self::new(tasks.collect(), links.collect(), self.calendars.clone())
    }

    fn dates(&self) -> BTreeMap<Uuid, Date> {
        self.tasks
            .iter()
            .map(|task| (task.id, task.due_on))
            .collect()
    }
}

proptest! {
    #[test]
    fn slack_and_so_the_critical_path_are_what_trying_finds(network in networks(), today in 0_i64..30) {
        let today = march(1).plus_days(today);
        for one in network.project(today) {
            prop_assert_eq!(one.slack_days, network.slack_by_trying(one.id, today));
        }
    }

    #[test]
    fn something_is_always_critical_and_the_end_is_its_finish(network in networks(), today in 0_i64..30) {
        let projected = network.project(march(1).plus_days(today));
        let end = projected.iter().map(|one| one.finish_on).max();
        let critical = projected.iter().filter(|one| one.slack_days == 0);
        prop_assert_eq!(critical.map(|one| one.finish_on).max(), end);
    }

    #[test]
    fn a_cascade_leaves_no_step_before_what_moved_it(network in networks(), number in 1_u128..7, days in -10_i64..20) {
        let Some(root) = network.open().find(|task| task.id == id(number)) else {
            return Ok(());
        };
        let changes = network.cascade(root.id, root.due_on.plus_days(days));
        let moved: Vec<_> = changes.iter().map(|(id, _, to)| (*id, *to)).collect();
        let after = network.with_dates(&moved);
        let dates = after.dates();
        let told: BTreeMap<Uuid, Date> = moved.iter().copied().collect();
        for task in after.open().filter(|task| task.id != root.id) {
            // Whatever waits for a step that moved comes no earlier than that lets it.
            let earliest = after.earliest(task, &told);
            prop_assert!(earliest.is_none_or(|earliest| dates[&task.id] >= earliest));
        }
        // Nothing but the step itself comes earlier than it was, and each is told once.
        for (id, from, to) in &changes {
            prop_assert!(*id == root.id || to > from);
        }
        prop_assert_eq!(told.len(), changes.len());
    }

    /// By every path that ends at a step, each walked by itself.
    #[test]
    fn each_finish_is_that_of_its_longest_path(network in networks(), today in 0_i64..30) {
        let today = march(1).plus_days(today);
        for one in network.project(today) {
            prop_assert_eq!(one.finish_on, network.finish_by_paths(one.id, today));
        }
    }
}
