//! The formula, and what explains it. Pure: the same client and version give the same fit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::parties::Side;
use crate::plan::{ClientProfile, FigureCriterion, IdealClient, TraitCriterion};
use crate::words;

words! {
    /// How well a client fits.
    pub enum FitBand {
        /// Three quarters of what is asked, or more.
        Strong = "strong",
        /// A good part of it.
        Fair = "fair",
        /// Less.
        Weak = "weak",
        /// Whether something required is met is unknown.
        Unclear = "unclear",
        /// Something required is unmet.
        None = "none",
    }
}

words! {
    /// Whether a criterion is met.
    pub enum FitVerdict {
        /// It is.
        Met = "met",
        /// It is not.
        Unmet = "unmet",
        /// The client's record does not tell.
        Unknown = "unknown",
    }
}

words! {
    /// Who asks.
    pub enum FitSource {
        /// The party that would receive the client.
        Receiver = "receiver",
        /// Both, of every client.
        Combined = "combined",
    }
}

/// A criterion, and what decided it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FitCriterion {
    /// Who asks.
    pub source: FitSource,
    /// The figure that is asked for; `null` for a trait.
    pub attribute: Option<String>,
    /// The trait; `null` for a figure.
    #[serde(rename = "trait")]
    pub quality: Option<String>,
    /// Whether it is met.
    pub verdict: FitVerdict,
    /// The client's figure.
    pub value: Option<f64>,
    /// The least that meets it.
    pub min: Option<f64>,
    /// The most that meets it.
    pub max: Option<f64>,
    /// What the figure is counted in.
    pub unit: Option<String>,
    /// For a trait: whether the client should have it.
    pub wanted: Option<bool>,
    /// How much it counts.
    pub weight: i16,
    /// Whether nothing fits without it.
    pub required: bool,
}

/// How well a client fits, and why.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Fit {
    /// The version of the ideal client that it was weighed against.
    pub plan_version_id: Uuid,
    /// 0 to 100.
    pub score: i16,
    /// The same in a word.
    pub band: FitBand,
    /// Each criterion.
    pub criteria: Vec<FitCriterion>,
}

/// The fit that an introduction had when it was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeptFit {
    /// The version of the ideal client that it was weighed against.
    pub plan_version_id: Uuid,
    /// 0 to 100.
    pub score: i16,
    /// The same in a word.
    pub band: FitBand,
}

impl From<&Fit> for KeptFit {
    fn from(fit: &Fit) -> Self {
        Self {
            plan_version_id: fit.plan_version_id,
            score: fit.score,
            band: fit.band,
        }
    }
}

/// What a client's record tells, of what is never sealed.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Figures by name.
    pub figures: BTreeMap<String, f64>,
    /// Traits.
    pub traits: Vec<String>,
}

/// What is asked of a client.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The version in which it stands.
    pub plan_version_id: Uuid,
    profiles: [(FitSource, Option<&'a ClientProfile>); 2],
}

impl<'a> Asked<'a> {
    /// What is asked of a client whom this party would receive.
    pub fn by(plan_version_id: Uuid, ideal: &'a IdealClient, receiver: Side) -> Self {
        let profile = match receiver {
            Side::Us => ideal.us.as_ref(),
            Side::Them => ideal.them.as_ref(),
        };
        Self {
            plan_version_id,
            profiles: [
                (FitSource::Receiver, profile),
                (FitSource::Combined, ideal.combined.as_ref()),
            ],
        }
    }

    /// The same, where something is agreed.
    pub fn of(agreed: Option<&'a (Uuid, IdealClient)>, receiver: Side) -> Option<Self> {
        agreed.map(|(version_id, ideal)| Self::by(*version_id, ideal, receiver))
    }

    /// Weighs a client.
    pub fn weigh(&self, known: &Known) -> Fit {
        let profiles = self.profiles.iter();
        let profiles = profiles.filter_map(|(source, profile)| Some((*source, (*profile)?)));
        let criteria: Vec<FitCriterion> = profiles
            .flat_map(|(source, profile)| {
                let figures = profile.figures.iter();
                let figures = figures.map(move |one| of_figure(source, one, known));
                let traits = profile.traits.iter();
                figures.chain(traits.map(move |one| of_trait(source, one, known)))
            })
            .collect();
        let score = score(&criteria);
        Fit {
            plan_version_id: self.plan_version_id,
            score,
            band: band(&criteria, score),
            criteria,
        }
    }
}

fn of_figure(source: FitSource, asked: &FigureCriterion, known: &Known) -> FitCriterion {
    let value = known.figures.get(&asked.attribute).copied();
    let meets = |value: f64| {
        asked.min.is_none_or(|min| value >= min) && asked.max.is_none_or(|max| value <= max)
    };
    FitCriterion {
        source,
        attribute: Some(asked.attribute.clone()),
        quality: None,
        verdict: verdict(value.map(meets)),
        value,
        min: asked.min,
        max: asked.max,
        unit: asked.unit.clone(),
        wanted: None,
        weight: asked.weight,
        required: asked.required,
    }
}

fn of_trait(source: FitSource, asked: &TraitCriterion, known: &Known) -> FitCriterion {
    let has = known.traits.contains(&asked.name);
    let told = !known.traits.is_empty();
    FitCriterion {
        source,
        attribute: None,
        quality: Some(asked.name.clone()),
        verdict: verdict(told.then_some(has == asked.wanted)),
        value: None,
        min: None,
        max: None,
        unit: None,
        wanted: Some(asked.wanted),
        weight: asked.weight,
        required: asked.required,
    }
}

fn verdict(is_met: Option<bool>) -> FitVerdict {
    match is_met {
        Some(true) => FitVerdict::Met,
        Some(false) => FitVerdict::Unmet,
        None => FitVerdict::Unknown,
    }
}

fn is_required(criteria: &[FitCriterion], verdict: FitVerdict) -> bool {
    let mut required = criteria.iter().filter(|one| one.required);
    required.any(|one| one.verdict == verdict)
}

/// Rounded half up, in integers.
fn score(criteria: &[FitCriterion]) -> i16 {
    let weight = |one: &FitCriterion| i64::from(one.weight);
    let all: i64 = criteria.iter().map(weight).sum();
    let met = criteria.iter().filter(|one| one.verdict == FitVerdict::Met);
    let met: i64 = met.map(weight).sum();
    if all == 0 || is_required(criteria, FitVerdict::Unmet) {
        return 0;
    }
    i16::try_from((200 * met + all) / (2 * all)).unwrap_or(100)
}

fn band(criteria: &[FitCriterion], score: i16) -> FitBand {
    if is_required(criteria, FitVerdict::Unmet) {
        FitBand::None
    } else if is_required(criteria, FitVerdict::Unknown) {
        FitBand::Unclear
    } else {
        match score {
            75.. => FitBand::Strong,
            40.. => FitBand::Fair,
            _ => FitBand::Weak,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::IdealClientSection;
    use proptest::prelude::*;

    fn figure(
        attribute: &str,
        (min, max): (Option<f64>, Option<f64>),
        weight: i16,
        required: bool,
    ) -> FigureCriterion {
        FigureCriterion {
            attribute: attribute.to_owned(),
            min,
            max,
            unit: None,
            weight,
            required,
        }
    }

    fn quality(name: &str, wanted: bool, weight: i16, required: bool) -> TraitCriterion {
        TraitCriterion {
            name: name.to_owned(),
            wanted,
            weight,
            required,
        }
    }

    fn ideal(profile: ClientProfile) -> IdealClient {
        IdealClient {
            section: IdealClientSection::IdealClient,
            us: None,
            them: Some(profile),
            combined: None,
        }
    }

    fn example() -> IdealClient {
        ideal(ClientProfile {
            summary: None,
            figures: vec![
                figure("investable_assets", (Some(500_000.0), None), 3, true),
                figure("age", (None, Some(65.0)), 1, false),
            ],
            traits: vec![quality("business_owner", true, 2, false)],
        })
    }

    fn known(figures: &[(&str, f64)], traits: &[&str]) -> Known {
        Known {
            figures: figures
                .iter()
                .map(|(name, value)| ((*name).to_owned(), *value))
                .collect(),
            traits: traits.iter().map(|one| (*one).to_owned()).collect(),
        }
    }

    fn weigh(ideal: &IdealClient, known: &Known) -> Fit {
        Asked::by(Uuid::nil(), ideal, Side::Them).weigh(known)
    }

    /// The worked example of the module.
    #[test]
    fn the_example_is_weighed_as_it_is_written() {
        let fit = weigh(
            &example(),
            &known(&[("investable_assets", 750_000.0)], &["business_owner"]),
        );
        assert_eq!((fit.score, fit.band), (83, FitBand::Strong));
        let told: Vec<_> = fit
            .criteria
            .iter()
            .map(|one| (one.verdict, one.value))
            .collect();
        assert_eq!(
            told,
            [
                (FitVerdict::Met, Some(750_000.0)),
                (FitVerdict::Unknown, None),
                (FitVerdict::Met, None)
            ]
        );
        let fit = weigh(
            &example(),
            &known(&[("investable_assets", 400_000.0)], &["business_owner"]),
        );
        assert_eq!((fit.score, fit.band), (0, FitBand::None));
    }

    #[test]
    fn bounds_belong_to_what_meets_them() {
        for (value, expected) in [(499_999.9, FitVerdict::Unmet), (500_000.0, FitVerdict::Met)] {
            let fit = weigh(&example(), &known(&[("investable_assets", value)], &[]));
            assert_eq!(fit.criteria[0].verdict, expected);
        }
        for (value, expected) in [(65.0, FitVerdict::Met), (65.1, FitVerdict::Unmet)] {
            let fit = weigh(&example(), &known(&[("age", value)], &[]));
            assert_eq!(fit.criteria[1].verdict, expected);
        }
    }

    #[test]
    fn what_is_required_and_unknown_leaves_it_unclear() {
        let fit = weigh(&example(), &known(&[("age", 50.0)], &["business_owner"]));
        assert_eq!((fit.score, fit.band), (50, FitBand::Unclear));
        let nothing = weigh(&example(), &Known::default());
        assert_eq!((nothing.score, nothing.band), (0, FitBand::Unclear));
    }

    #[test]
    fn a_trait_that_is_not_wanted_counts_where_traits_are_known() {
        let asked = ideal(ClientProfile {
            summary: None,
            figures: vec![],
            traits: vec![quality("litigious", false, 1, false)],
        });
        let table = [
            (&["litigious"][..], FitVerdict::Unmet),
            (&["retired"][..], FitVerdict::Met),
            (&[][..], FitVerdict::Unknown),
        ];
        for (traits, expected) in table {
            assert_eq!(
                weigh(&asked, &known(&[], traits)).criteria[0].verdict,
                expected
            );
        }
    }

    #[test]
    fn both_profiles_count_and_the_other_partys_does_not() {
        let asked = IdealClient {
            us: Some(example().them.unwrap()),
            them: Some(ClientProfile {
                traits: vec![quality("retired", true, 1, false)],
                ..ClientProfile::default()
            }),
            combined: Some(ClientProfile {
                traits: vec![quality("solvent", true, 3, false)],
                ..ClientProfile::default()
            }),
            ..example()
        };
        let fit = weigh(&asked, &known(&[], &["retired"]));
        let sources: Vec<_> = fit.criteria.iter().map(|one| one.source).collect();
        assert_eq!(sources, [FitSource::Receiver, FitSource::Combined]);
        assert_eq!(fit.score, 25);
    }

    fn arbitrary() -> impl Strategy<Value = (IdealClient, Known)> {
        let figures =
            proptest::collection::vec((0..5_usize, -3..3_i32, 1..9_i16, any::<bool>()), 0..4);
        let traits =
            proptest::collection::vec((0..5_usize, any::<bool>(), 1..9_i16, any::<bool>()), 0..4);
        let has = proptest::collection::btree_map(0..5_usize, -4..4_i32, 0..5);
        let is = proptest::collection::vec(0..5_usize, 0..4);
        (figures, traits, has, is).prop_map(|(figures, traits, has, is)| {
            let name = |number: usize| format!("n{number}");
            let profile = ClientProfile {
                summary: None,
                figures: figures
                    .into_iter()
                    .map(|(n, min, weight, required)| {
                        figure(&name(n), (Some(f64::from(min)), None), weight, required)
                    })
                    .collect(),
                traits: traits
                    .into_iter()
                    .map(|(n, wanted, weight, required)| {
                        quality(&name(n), wanted, weight, required)
                    })
                    .collect(),
            };
            let known = Known {
                figures: has
                    .into_iter()
                    .map(|(n, value)| (name(n), f64::from(value)))
                    .collect(),
                traits: is.into_iter().map(name).collect(),
            };
            (ideal(profile), known)
        })
    }

    proptest! {
        /// With nothing but least values asked, a figure that grows makes nothing worse.
        #[test]
        fn a_fit_is_the_same_again_and_never_falls_where_a_figure_grows(
            (asked, known) in arbitrary(), which in 0..5_usize, by in 0..5_i32,
        ) {
            let before = weigh(&asked, &known);
            prop_assert_eq!(&before, &weigh(&asked, &known));
            prop_assert!((0..=100).contains(&before.score));
            let mut more = known.clone();
            if let Some(value) = more.figures.get_mut(&format!("n{which}")) {
                *value += f64::from(by);
            }
            prop_assert!(weigh(&asked, &more).score >= before.score);
        }

        #[test]
        fn a_criterion_that_gets_better_never_lowers_the_score(
            (asked, known) in arbitrary(), which in 0..8_usize,
        ) {
            let before = weigh(&asked, &known);
            let mut better = before.criteria.clone();
            prop_assume!(!better.is_empty());
            let place = which % better.len();
            better[place].verdict = match better[place].verdict {
                FitVerdict::Unmet => FitVerdict::Unknown,
                FitVerdict::Unknown | FitVerdict::Met => FitVerdict::Met,
            };
            prop_assert!(score(&better) >= before.score);
        }
    }
}
