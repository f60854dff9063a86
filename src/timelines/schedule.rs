//! The arithmetic of a timeline; the module's documentation has each rule with an example.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::parties::Side;
use crate::platform::values::Date;
use crate::work_calendar::{Lag, WorkCalendar};

/// A step, as far as dates go.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Its id.
    pub id: Uuid,
    /// Who does it, and by whose business days it goes.
    pub owner: Side,
    /// When it is due.
    pub due_on: Date,
    /// How many business days it takes.
    pub length_days: i32,
    /// When it was done; none while it is open.
    pub done_on: Option<Date>,
}

/// That one step waits for another.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The step that is finished before.
    pub before: Uuid,
    /// The step that begins after that.
    pub after: Uuid,
    /// How long after that at the earliest.
    pub lag: Lag,
}

/// The steps of a partnership that are open or done, in an order in which each comes after all that it waits for.
#[derive(Debug)]
pub struct Network {
    tasks: Vec<Task>,
    /// What each step waits for.
    before: BTreeMap<Uuid, Vec<Link>>,
    /// What waits for each step.
    after: BTreeMap<Uuid, Vec<Link>>,
    calendars: [WorkCalendar; 2],
}

/// Where a step is heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Projection {
    /// The step.
    pub id: Uuid,
    /// When it begins, if all goes on from today.
    pub starts_on: Date,
    /// When it is finished.
    pub finish_on: Date,
    /// By how many business days of its owner that can still slip without moving the end of the timeline.
    pub slack_days: i32,
}

impl Network {
    /// Of steps and what waits for what. What names a step that is not among them does not count; nor does what would
    /// close a circle, of which there are none.
    pub fn new(tasks: Vec<Task>, links: Vec<Link>, calendars: [WorkCalendar; 2]) -> Self {
        let known: BTreeSet<Uuid> = tasks.iter().map(|task| task.id).collect();
        let mut before: BTreeMap<Uuid, Vec<Link>> = BTreeMap::new();
        let mut after: BTreeMap<Uuid, Vec<Link>> = BTreeMap::new();
        for link in links {
            if known.contains(&link.before) && known.contains(&link.after) {
                before.entry(link.after).or_default().push(link);
                after.entry(link.before).or_default().push(link);
            }
        }
        Self {
            tasks: in_order(tasks, &before, &after),
            before,
            after,
            calendars,
        }
    }

    fn calendar(&self, owner: Side) -> &WorkCalendar {
        let [us, them] = &self.calendars;
        match owner {
            Side::Us => us,
            Side::Them => them,
        }
    }

    fn open(&self) -> impl DoubleEndedIterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.done_on.is_none())
    }

    /// The earliest date on which a step can be finished, by those steps before it whose finish is told.
    fn earliest(&self, task: &Task, finishes: &BTreeMap<Uuid, Date>) -> Option<Date> {
        let calendar = self.calendar(task.owner);
        let before = self.before.get(&task.id).into_iter().flatten();
        let begins = before.filter_map(|link| {
            let finish = finishes.get(&link.before)?;
            Some(calendar.after(*finish, link.lag))
        });
        Some(calendar.plus(begins.max()?, task.length_days - 1))
    }

    /// When each step is finished if all goes on from today; `late` lets one of them slip by business days.
    fn finishes(&self, today: Date, late: Option<(Uuid, i32)>) -> BTreeMap<Uuid, Date> {
        let mut finishes = BTreeMap::new();
        for task in &self.tasks {
            let calendar = self.calendar(task.owner);
            let finish_on = task.done_on.unwrap_or_else(|| {
                let mut finish = match task.due_on < today {
                    true => calendar.on_or_after(today),
                    false => task.due_on,
                };
                if let Some(earliest) = self.earliest(task, &finishes) {
                    finish = finish.max(earliest);
                }
                match late {
                    Some((id, days)) if id == task.id && days > 0 => calendar.plus(finish, days),
                    _ => finish,
                }
            });
            finishes.insert(task.id, finish_on);
        }
        finishes
    }

    /// When the last open step is finished; none where nothing is open.
    fn end(&self, finishes: &BTreeMap<Uuid, Date>) -> Option<Date> {
        let of_open = self.open().filter_map(|task| finishes.get(&task.id));
        of_open.max().copied()
    }

    /// Where the open steps are heading, each after all that it waits for.
    pub fn project(&self, today: Date) -> Vec<Projection> {
        let finishes = self.finishes(today, None);
        let Some(end) = self.end(&finishes) else {
            return Vec::new();
        };
        // The last date on which each step can begin, so that the end stays, and by whose business days.
        let mut latest: BTreeMap<Uuid, (Date, Side)> = BTreeMap::new();
        let mut projections: Vec<Projection> = Vec::new();
        for task in self.open().rev() {
            let calendar = self.calendar(task.owner);
            let finish_on = finishes.get(&task.id).copied().unwrap_or(task.due_on);
            let waiting = self.after.get(&task.id).into_iter().flatten();
            let last = waiting
                .filter_map(|link| {
                    let (start, owner) = latest.get(&link.after)?;
                    Some(self.calendar(*owner).last_before(*start, link.lag))
                })
                .fold(end, Date::min);
            let start =
                |finish: Date| calendar.minus(calendar.on_or_before(finish), task.length_days - 1);
            latest.insert(task.id, (start(last), task.owner));
            projections.push(Projection {
                id: task.id,
                starts_on: start(finish_on),
                finish_on,
                slack_days: calendar.count_between(finish_on, last),
            });
        }
        projections.reverse();
        projections
    }

    /// The dates that change when a step is moved: its own, and those of the open steps that wait for it, be it by way of
    /// others, and would begin too early. Each comes after those that move it.
    pub fn cascade(&self, id: Uuid, to_on: Date) -> Vec<(Uuid, Date, Date)> {
        let mut moved: BTreeMap<Uuid, Date> = BTreeMap::new();
        let mut changes = Vec::new();
        for task in self.open() {
            let pushed = self.earliest(task, &moved);
            let to = match task.id == id {
                true => Some(to_on),
                false => pushed.filter(|earliest| *earliest > task.due_on),
            };
            if let Some(to) = to {
                moved.insert(task.id, to);
                changes.push((task.id, task.due_on, to));
            }
        }
        changes
    }
}

/// Each after all that it waits for, and by date where it waits for none of the others (Kahn, 1962).
fn in_order(
    tasks: Vec<Task>,
    before: &BTreeMap<Uuid, Vec<Link>>,
    after: &BTreeMap<Uuid, Vec<Link>>,
) -> Vec<Task> {
    let mut waits: BTreeMap<Uuid, usize> = before
        .iter()
        .map(|(id, links)| (*id, links.len()))
        .collect();
    let by_id: BTreeMap<Uuid, Task> = tasks.into_iter().map(|task| (task.id, task)).collect();
    let mut ready: BTreeSet<(Date, Uuid)> = by_id
        .values()
        .filter(|task| !waits.contains_key(&task.id))
        .map(|task| (task.due_on, task.id))
        .collect();
    let mut ordered = Vec::new();
    while let Some((_, id)) = ready.pop_first() {
        ordered.extend(by_id.get(&id).copied());
        for link in after.get(&id).into_iter().flatten() {
            let Some(left) = waits.get_mut(&link.after) else {
                continue;
            };
            *left = left.saturating_sub(1);
            if *left == 0 {
                ready.extend(by_id.get(&link.after).map(|task| (task.due_on, task.id)));
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests;
