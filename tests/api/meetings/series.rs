//! The series against python-dateutil: `series.txt` holds ten years of four rules, written and checked by
//! `scripts/checks/calendar`.

use quid::meetings::occurrences;
use quid::plan::Weekday;
use quid::platform::values::{Date, TimeZone};

const DATEUTIL: &str = include_str!("series.txt");

#[test]
fn ten_years_of_a_series_in_four_zones_are_those_of_an_independent_library() {
    let (from, to) = (
        Date::new(2026, 1, 1).unwrap(),
        Date::new(2036, 1, 1).unwrap(),
    );
    let mut told = String::new();
    let rules = DATEUTIL.lines().filter(|line| line.contains('/'));
    let mut count = 0;
    for rule in rules {
        let parts: Vec<&str> = rule.split(' ').collect();
        let [zone, weekday, time] = parts[..] else {
            panic!("no rule: {rule}");
        };
        let zone: TimeZone = zone.parse().unwrap();
        let weekday = Weekday::from_word(weekday).unwrap();
        let found = occurrences(weekday, time.parse().unwrap(), &zone, from, to);
        told.push_str(&format!("{rule}\n"));
        found
            .iter()
            .for_each(|(on, at)| told.push_str(&format!("{on} {at}\n")));
        count += found.len();
    }
    for (ours, theirs) in told.lines().zip(DATEUTIL.lines()) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(told.len(), DATEUTIL.len());
    assert!(count > 2000);
}
