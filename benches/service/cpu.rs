//! How much processor time processes have had, from `/proc` (Linux alone).

use std::fs;

/// Nanoseconds in a clock tick; `USER_HZ` is 100 wherever Linux runs.
const TICK: u64 = 10_000_000;

/// What a process has had so far, in nanoseconds, with all its threads.
pub fn of(pid: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten();
    // The scheduler's account is exact; the one in `stat` is cut to ticks.
    let exact: u64 = threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|account| account.split_ascii_whitespace().next()?.parse::<u64>().ok())
        .sum();
    if exact > 0 {
        return exact;
    }
    let [user, system, ..] = stat(pid).unwrap_or_default().times;
    (user + system) * TICK
}

/// What a process and its children, also those that have ended, have had so far.
pub fn of_family(pid: u32) -> u64 {
    let [_, _, user, system] = stat(pid).unwrap_or_default().times;
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let children = processes
        .filter_map(|process| process.file_name().to_str()?.parse().ok())
        .filter(|child| stat(*child).is_some_and(|stat| stat.parent == pid));
    of(pid) + (user + system) * TICK + children.map(of).sum::<u64>()
}

/// What the machine as a whole has been busy with so far, and the time that its cores had.
pub fn of_machine() -> (u64, u64) {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks: Vec<u64> = stat
        .lines()
        .next()
        .unwrap_or_default()
        .split_ascii_whitespace()
        .skip(1)
        .take(8)
        .filter_map(|ticks| ticks.parse().ok())
        .collect();
    let idle: u64 = ticks.iter().skip(3).take(2).sum();
    let all: u64 = ticks.iter().sum();
    ((all - idle) * TICK, all * TICK)
}

#[derive(Default)]
struct Stat {
    parent: u32,
    /// User, system, and the same of children that have ended, in ticks.
    times: [u64; 4],
}

fn stat(pid: u32) -> Option<Stat> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let (_, fields) = line.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<u64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        times: [ticks(11)?, ticks(12)?, ticks(13)?, ticks(14)?],
    })
}
