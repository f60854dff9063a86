//! Coverage: whether a meeting was more than a check-in call.
//!
//! The article asks that the weekly conversation "has an agenda to address all of the elements defined in the prior two
//! sections", and that there be "agreed upon outcomes for activity and results". Its elements are the words of
//! [`MeetingTopic`]. An element is covered when whoever recorded the meeting says so, and also when the records prove
//! it:
//!
//! - `action_steps`, by an action step that came of the meeting;
//! - `introductions`, by an introduction that came of it and was offered;
//! - any element, by an agenda item of it that the meeting resolved.
//!
//! `coverage = elements covered / all elements`, of a meeting that was held; each element counts once.
//!
//! *Example: `introductions`, `results` and `personal` were told, a step came of it, and an item of `results` and one
//! of `team` were resolved: introductions, results, personal, action_steps and team are 5 of 10 elements, 0.5.*

use std::collections::BTreeSet;

use super::model::MeetingTopic;

/// The elements that a meeting covered, in the order of the article: those told and those proven.
pub fn covered(told: &[MeetingTopic], proven: &[MeetingTopic]) -> Vec<MeetingTopic> {
    let all: BTreeSet<MeetingTopic> = told.iter().chain(proven).copied().collect();
    all.into_iter().collect()
}

/// The share of the elements that these are, 0 to 1.
pub fn coverage(covered: &[MeetingTopic]) -> f64 {
    let count = |topics: usize| f64::from(u32::try_from(topics).unwrap_or(u32::MAX));
    count(covered.len()) / count(MeetingTopic::ALL.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use MeetingTopic::{ActionSteps, Introductions, Personal, Results, Team};

    #[test]
    fn the_worked_example() {
        let all = covered(
            &[Personal, Introductions, Results],
            &[ActionSteps, Results, Team],
        );
        assert_eq!(all, [ActionSteps, Introductions, Results, Team, Personal]);
        assert!((coverage(&all) - 0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn nothing_covered_is_nothing_and_everything_is_one() {
        assert!(coverage(&covered(&[], &[])).abs() < f64::EPSILON);
        assert!(
            (coverage(&covered(MeetingTopic::ALL, MeetingTopic::ALL)) - 1.0).abs() < f64::EPSILON
        );
    }
}
