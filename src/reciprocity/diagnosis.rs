//! The likely cause of an imbalance, by written rules.
//!
//! The article that the service stands on says where one-sidedness comes from: not from bad will but from a
//! part of the foundation or of the path that was never laid. So each part is looked at, in the order of the
//! article, and each rule that fires adds its weight to its part. The causes are told with the heaviest
//! part first; of parts that weigh the same the article's order decides.
//!
//! | rule | weight | fires when |
//! |---|---|---|
//! | `missing` | 4 | no version of the section is agreed, and it is not waived by both; of the action steps: none was ever promised |
//! | `waived` | 3 | both parties do without the section |
//! | `stale` | 2 | the version in force is older than 365 days |
//! | `not_a_fit` | 1 | of at least 3 introductions that were declined, at least half were declined as `not_a_fit` |
//! | `untold` | 1 | somebody was introduced without the core story |
//! | `overdue` | 1 | an action step that was promised is past its date |
//! | `silent` | 1 | nothing has happened for 28 days: four weekly conversations would have been due |
//!
//! | part | rules | the article |
//! |---|---|---|
//! | `business_understanding` | `missing`, `waived`, `stale` | 1: "Having a thorough understanding of your partner's business and value proposition." |
//! | `ideal_client` | the same, `not_a_fit` | 1: "Both partners must define who they serve best and where it makes the most sense to make introductions accordingly." |
//! | `success_definition` | `missing`, `waived`, `stale` | 1: "Both partners need to come to an agreement on what the definition of success is." |
//! | `service_models` | `missing`, `waived`, `stale` | 2: "What are the similarities and differences in our sales and service models?" |
//! | `core_story` | the same, `untold` | 2: "We suggest an agreed upon script used by both partners at the outset of the relationship." |
//! | `action_steps` | `missing`, `overdue` | 2: "It is critical that partners hold each other accountable to when and how client interaction will happen." |
//! | `communication_protocol` | `missing`, `waived`, `stale`, `silent` | 3: "They have my cell phone number, I have theirs, and we speak at least once a week." |
//!
//! *Example: the ideal client was never agreed, 4 of 6 declines were `not_a_fit`, the core story is waived
//! and one step is overdue: `ideal_client` weighs 4 + 1 = 5, `core_story` 3, `action_steps` 1, and they are
//! told in this order.*

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::values::Date;
use crate::words;

/// How old a section may be.
const FRESH_DAYS: i64 = 365;
/// How many declines tell anything.
const DECLINES: i64 = 3;
/// How long nothing may happen.
const SILENT_DAYS: i64 = 28;

words! {
    /// A part of the foundation or of the path, in the order of the article.
    pub enum DiagnosedPart {
        /// What each understands of the other's business.
        BusinessUnderstanding = "business_understanding",
        /// Whom the two serve best.
        IdealClient = "ideal_client",
        /// What the two want to come of it.
        SuccessDefinition = "success_definition",
        /// Where introductions are made, and who is responsible.
        ServiceModels = "service_models",
        /// The script that both use.
        CoreStory = "core_story",
        /// What each does by when.
        ActionSteps = "action_steps",
        /// How the two keep talking.
        CommunicationProtocol = "communication_protocol",
    }
}

words! {
    /// What is the matter with a part.
    pub enum DiagnosisRule {
        /// It was never agreed.
        Missing = "missing",
        /// Both do without.
        Waived = "waived",
        /// It is older than 365 days.
        Stale = "stale",
        /// Introductions are declined since the clients don't fit.
        NotAFit = "not_a_fit",
        /// Clients are introduced without it.
        Untold = "untold",
        /// What was promised is past its date.
        Overdue = "overdue",
        /// Nothing has happened for four weeks.
        Silent = "silent",
    }
}

impl DiagnosisRule {
    const fn weight(self) -> i32 {
        match self {
            Self::Missing => 4,
            Self::Waived => 3,
            Self::Stale => 2,
            Self::NotAFit | Self::Untold | Self::Overdue | Self::Silent => 1,
        }
    }
}

/// Where a section of the plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A version is agreed, since this date.
    InForce(Date),
    /// Both parties do without it, since this date.
    Waived(Date),
    /// Neither.
    Missing,
}

/// Where all sections of the plan stand.
#[derive(Clone, Copy, Debug)]
pub struct Sections {
    pub business_understanding: Standing,
    pub ideal_client: Standing,
    pub success_definition: Standing,
    pub service_models: Standing,
    pub core_story: Standing,
    pub communication_protocol: Standing,
}

/// Some records out of others of their kind, and where they are read.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub count: i64,
    pub of: i64,
    pub records: String,
}

/// What the records say, for the rules to judge.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub today: Date,
    /// Where the plan stands; `None` where that is not known.
    pub sections: Option<Sections>,
    /// Declined as no fit, of all that were declined.
    pub not_a_fit: Part,
    /// Introduced without the core story, of all that were introduced.
    pub untold: Part,
    /// How many action steps were ever promised.
    pub promised: i64,
    /// The steps of your party that are past their date.
    pub overdue_of_us: Vec<Uuid>,
    /// Those of the other.
    pub overdue_of_them: Vec<Uuid>,
    /// When something was last done by either; `None` for never.
    pub last_activity_on: Option<Date>,
}

/// What the records show of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// The rule that fired.
    pub rule: DiagnosisRule,
    /// What it is about, in a sentence.
    pub words: String,
    /// Since when.
    pub since_on: Option<Date>,
    /// How many records show it; `null` where none does.
    pub count: Option<i64>,
    /// Out of how many.
    pub of: Option<i64>,
    /// Where the records that show it are read: a relative address; `null` where there is none.
    pub records: Option<String>,
    /// The action steps that show it.
    pub action_step_ids: Vec<Uuid>,
}

impl Finding {
    fn new(rule: DiagnosisRule, words: impl Into<String>) -> Self {
        Self {
            rule,
            words: words.into(),
            since_on: None,
            count: None,
            of: None,
            records: None,
            action_step_ids: Vec::new(),
        }
    }
}

/// A part that may explain the imbalance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cause {
    /// The part.
    pub part: DiagnosedPart,
    /// How much speaks for it: 4 where it is missing, 3 where it is waived, 2 where it is stale, and 1 more
    /// where the records show it.
    pub weight: i32,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What most likely explains an imbalance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Diagnosis {
    /// The most likely part first.
    pub causes: Vec<Cause>,
    /// Whether it was known where the plan stands; without, its sections were not judged.
    pub plan_known: bool,
}

/// Looks at every part, and tells those of which a rule fires.
pub fn diagnose(evidence: &Evidence) -> Diagnosis {
    let mut causes: Vec<Cause> = DiagnosedPart::ALL
        .iter()
        .filter_map(|part| cause(*part, evidence))
        .collect();
    // The sort is stable: the article's order stays among those of one weight.
    causes.sort_by_key(|cause| -cause.weight);
    Diagnosis {
        causes,
        plan_known: evidence.sections.is_some(),
    }
}

fn cause(part: DiagnosedPart, evidence: &Evidence) -> Option<Cause> {
    let standing = match part {
        DiagnosedPart::ActionSteps => no_steps(evidence),
        section => stands(section, evidence),
    };
    let shown = match part {
        DiagnosedPart::IdealClient => not_a_fit(evidence),
        DiagnosedPart::CoreStory => untold(evidence),
        DiagnosedPart::ActionSteps => overdue(evidence),
        DiagnosedPart::CommunicationProtocol => silent(evidence),
        _ => None,
    };
    let findings: Vec<Finding> = standing.into_iter().chain(shown).collect();
    let weight = findings.iter().map(|finding| finding.rule.weight()).sum();
    (weight > 0).then_some(Cause {
        part,
        weight,
        findings,
    })
}

fn stands(part: DiagnosedPart, evidence: &Evidence) -> Option<Finding> {
    let sections = evidence.sections.as_ref()?;
    let (name, standing) = match part {
        DiagnosedPart::BusinessUnderstanding => (
            "What each understands of the other's business",
            sections.business_understanding,
        ),
        DiagnosedPart::IdealClient => ("Whom the two serve best", sections.ideal_client),
        DiagnosedPart::SuccessDefinition => {
            ("What the two call success", sections.success_definition)
        }
        DiagnosedPart::ServiceModels => (
            "Where introductions are made, and who is responsible,",
            sections.service_models,
        ),
        DiagnosedPart::CoreStory => ("The core story", sections.core_story),
        DiagnosedPart::CommunicationProtocol => {
            ("How the two keep talking", sections.communication_protocol)
        }
        DiagnosedPart::ActionSteps => return None,
    };
    let (rule, words, since_on) = match standing {
        Standing::Missing => (DiagnosisRule::Missing, "was never agreed.", None),
        Standing::Waived(since) => (DiagnosisRule::Waived, "is waived by both.", Some(since)),
        Standing::InForce(since) if since.days_until(evidence.today) > FRESH_DAYS => (
            DiagnosisRule::Stale,
            "was agreed more than a year ago.",
            Some(since),
        ),
        Standing::InForce(_) => return None,
    };
    Some(Finding {
        since_on,
        ..Finding::new(rule, format!("{name} {words}"))
    })
}

fn not_a_fit(evidence: &Evidence) -> Option<Finding> {
    let Part { count, of, records } = &evidence.not_a_fit;
    (*of >= DECLINES && count * 2 >= *of).then(|| Finding {
        count: Some(*count),
        of: Some(*of),
        records: Some(records.clone()),
        ..Finding::new(
            DiagnosisRule::NotAFit,
            format!("{count} of {of} declined introductions were declined as no fit."),
        )
    })
}

fn untold(evidence: &Evidence) -> Option<Finding> {
    let Part { count, of, records } = &evidence.untold;
    (*count > 0).then(|| Finding {
        count: Some(*count),
        of: Some(*of),
        records: Some(records.clone()),
        ..Finding::new(
            DiagnosisRule::Untold,
            format!("{count} of {of} clients were introduced without the core story."),
        )
    })
}

fn no_steps(evidence: &Evidence) -> Option<Finding> {
    (evidence.promised == 0)
        .then(|| Finding::new(DiagnosisRule::Missing, "No action step was ever promised."))
}

fn overdue(evidence: &Evidence) -> Option<Finding> {
    let (ours, theirs) = (&evidence.overdue_of_us, &evidence.overdue_of_them);
    let all = [ours.as_slice(), theirs.as_slice()].concat();
    (!all.is_empty()).then(|| Finding {
        count: i64::try_from(all.len()).ok(),
        of: Some(evidence.promised),
        action_step_ids: all,
        ..Finding::new(
            DiagnosisRule::Overdue,
            format!(
                "Action steps are past their date: {} of your party, {} of the other.",
                ours.len(),
                theirs.len()
            ),
        )
    })
}

fn silent(evidence: &Evidence) -> Option<Finding> {
    let since = evidence.last_activity_on;
    let days = since.map(|since| since.days_until(evidence.today));
    let words = match days {
        Some(days) if days < SILENT_DAYS => return None,
        Some(days) => format!("Nothing has happened for {days} days."),
        None => "Nothing has ever happened.".to_owned(),
    };
    Some(Finding {
        since_on: since,
        ..Finding::new(DiagnosisRule::Silent, words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn sections(standing: Standing) -> Sections {
        Sections {
            business_understanding: standing,
            ideal_client: standing,
            success_definition: standing,
            service_models: standing,
            core_story: standing,
            communication_protocol: standing,
        }
    }

    fn set(sections: &mut Sections, part: DiagnosedPart, standing: Standing) {
        match part {
            DiagnosedPart::BusinessUnderstanding => sections.business_understanding = standing,
            DiagnosedPart::IdealClient => sections.ideal_client = standing,
            DiagnosedPart::SuccessDefinition => sections.success_definition = standing,
            DiagnosedPart::ServiceModels => sections.service_models = standing,
            DiagnosedPart::CoreStory => sections.core_story = standing,
            DiagnosedPart::CommunicationProtocol => sections.communication_protocol = standing,
            DiagnosedPart::ActionSteps => {}
        }
    }

    fn of(count: i64, of: i64) -> Part {
        Part {
            count,
            of,
            records: "/there".to_owned(),
        }
    }

    /// Of which no rule has anything to say.
    fn healthy() -> Evidence {
        Evidence {
            today: date("2026-03-02"),
            sections: Some(sections(Standing::InForce(date("2026-01-01")))),
            not_a_fit: of(0, 9),
            untold: of(0, 9),
            promised: 4,
            overdue_of_us: vec![],
            overdue_of_them: vec![],
            last_activity_on: Some(date("2026-03-01")),
        }
    }

    fn found(evidence: &Evidence) -> Vec<(DiagnosedPart, DiagnosisRule, i32)> {
        let causes = diagnose(evidence).causes.into_iter();
        causes
            .flat_map(|cause| {
                let (part, weight) = (cause.part, cause.weight);
                cause
                    .findings
                    .into_iter()
                    .map(move |finding| (part, finding.rule, weight))
            })
            .collect()
    }

    const SECTIONS: [DiagnosedPart; 6] = [
        DiagnosedPart::BusinessUnderstanding,
        DiagnosedPart::IdealClient,
        DiagnosedPart::SuccessDefinition,
        DiagnosedPart::ServiceModels,
        DiagnosedPart::CoreStory,
        DiagnosedPart::CommunicationProtocol,
    ];

    #[test]
    fn where_all_is_well_no_rule_fires() {
        assert_eq!(found(&healthy()), []);
    }

    #[test]
    fn a_section_that_is_missing_waived_or_stale_is_found_and_a_fresh_one_is_not() {
        let cases = [
            (Standing::Missing, Some((DiagnosisRule::Missing, 4))),
            (
                Standing::Waived(date("2026-02-01")),
                Some((DiagnosisRule::Waived, 3)),
            ),
            (
                Standing::InForce(date("2025-03-01")),
                Some((DiagnosisRule::Stale, 2)),
            ),
            (Standing::InForce(date("2025-03-02")), None),
        ];
        for part in SECTIONS {
            for (standing, expected) in cases {
                let mut evidence = healthy();
                let mut all = sections(Standing::InForce(date("2026-01-01")));
                set(&mut all, part, standing);
                evidence.sections = Some(all);
                let expected: Vec<_> = expected
                    .into_iter()
                    .map(|(rule, weight)| (part, rule, weight))
                    .collect();
                assert_eq!(found(&evidence), expected, "{part} {standing:?}");
            }
        }
    }

    #[test]
    fn declines_as_no_fit_are_found_when_they_are_half_of_three_or_more() {
        let rule = (DiagnosedPart::IdealClient, DiagnosisRule::NotAFit, 1);
        for (count, all, fires) in [(2, 4, true), (2, 3, true), (1, 3, false), (2, 2, false)] {
            let mut evidence = healthy();
            evidence.not_a_fit = of(count, all);
            let expected: Vec<_> = fires.then_some(rule).into_iter().collect();
            assert_eq!(found(&evidence), expected, "{count} of {all}");
        }
    }

    #[test]
    fn an_introduction_without_the_core_story_is_found_and_none_is_not() {
        let rule = (DiagnosedPart::CoreStory, DiagnosisRule::Untold, 1);
        for (untold, expected) in [(of(1, 9), vec![rule]), (of(0, 9), vec![])] {
            let mut evidence = healthy();
            evidence.untold = untold;
            assert_eq!(found(&evidence), expected);
        }
    }

    #[test]
    fn steps_that_were_never_promised_are_found_and_one_is_enough() {
        let rule = (DiagnosedPart::ActionSteps, DiagnosisRule::Missing, 4);
        for (promised, expected) in [(0, vec![rule]), (1, vec![])] {
            let mut evidence = healthy();
            evidence.promised = promised;
            assert_eq!(found(&evidence), expected);
        }
    }

    #[test]
    fn an_overdue_step_of_either_party_is_found_and_named() {
        let id = Uuid::from_u128(7);
        for (ours, theirs) in [(vec![id], vec![]), (vec![], vec![id])] {
            let mut evidence = healthy();
            (evidence.overdue_of_us, evidence.overdue_of_them) = (ours, theirs);
            let diagnosis = diagnose(&evidence);
            let finding = &diagnosis.causes[0].findings[0];
            assert_eq!(finding.rule, DiagnosisRule::Overdue);
            assert_eq!(finding.action_step_ids, [id]);
            assert_eq!((finding.count, finding.of), (Some(1), Some(4)));
        }
        assert_eq!(found(&healthy()), []);
    }

    #[test]
    fn four_weeks_of_silence_are_found_and_a_day_less_is_not() {
        let rule = (
            DiagnosedPart::CommunicationProtocol,
            DiagnosisRule::Silent,
            1,
        );
        for (last, expected) in [
            (Some(date("2026-02-02")), vec![rule]),
            (None, vec![rule]),
            (Some(date("2026-02-03")), vec![]),
        ] {
            let mut evidence = healthy();
            evidence.last_activity_on = last;
            assert_eq!(found(&evidence), expected, "{last:?}");
        }
    }

    #[test]
    fn the_heaviest_part_comes_first_as_in_the_example() {
        let mut evidence = healthy();
        let mut all = sections(Standing::InForce(date("2026-01-01")));
        all.ideal_client = Standing::Missing;
        all.core_story = Standing::Waived(date("2026-02-01"));
        evidence.sections = Some(all);
        evidence.not_a_fit = of(4, 6);
        evidence.overdue_of_us = vec![Uuid::from_u128(7)];
        let expected = [
            (DiagnosedPart::IdealClient, DiagnosisRule::Missing, 5),
            (DiagnosedPart::IdealClient, DiagnosisRule::NotAFit, 5),
            (DiagnosedPart::CoreStory, DiagnosisRule::Waived, 3),
            (DiagnosedPart::ActionSteps, DiagnosisRule::Overdue, 1),
        ];
        assert_eq!(found(&evidence), expected);
    }

    #[test]
    fn missing_beats_waived_beats_stale_and_else_the_order_of_the_article_decides() {
        let mut evidence = healthy();
        evidence.sections = Some(Sections {
            business_understanding: Standing::InForce(date("2020-01-01")),
            ideal_client: Standing::Waived(date("2026-01-01")),
            success_definition: Standing::Missing,
            service_models: Standing::Missing,
            core_story: Standing::Waived(date("2026-01-01")),
            communication_protocol: Standing::InForce(date("2020-01-01")),
        });
        let parts: Vec<_> = found(&evidence)
            .into_iter()
            .map(|(part, ..)| part)
            .collect();
        let expected = [
            DiagnosedPart::SuccessDefinition,
            DiagnosedPart::ServiceModels,
            DiagnosedPart::IdealClient,
            DiagnosedPart::CoreStory,
            DiagnosedPart::BusinessUnderstanding,
            DiagnosedPart::CommunicationProtocol,
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn of_a_plan_that_is_not_known_nothing_is_said() {
        let mut evidence = healthy();
        evidence.sections = None;
        let diagnosis = diagnose(&evidence);
        assert!(diagnosis.causes.is_empty() && !diagnosis.plan_known);
        assert!(diagnose(&healthy()).plan_known);
    }
}
