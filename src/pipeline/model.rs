//! What the pipeline looks like, and how it is made of what was counted.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::fit::FitBand;
use crate::introductions::{Direction, Stage};
use crate::platform::values::{Currency, Date};
use crate::reciprocity::{LedgerValue, ReachedStage, Records, Sums, Window, median, share};

/// How many are open at a stage.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PipelineStage {
    /// Whether your firm gives, or receives.
    pub direction: Direction,
    /// The stage.
    pub stage: Stage,
    /// How many stand there.
    pub count: i64,
    /// What they are expected to be worth, each currency by itself.
    pub expected: Vec<LedgerValue>,
    /// The median of the days since they got there.
    pub median_age_days: i64,
    /// The days since the first of them got there.
    pub oldest_age_days: i64,
    /// The same by how well the clients fitted when they were offered; a band in which there is none is left out.
    pub by_fit: Vec<PipelineFit>,
    /// Where they are read: a relative address.
    pub records: String,
}

/// How many of a stage fitted so well when they were offered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PipelineFit {
    /// How well; `null` for drafts, and where no ideal client was agreed.
    #[schema(nullable)]
    pub band: Option<FitBand>,
    /// How many.
    pub count: i64,
    /// What they are expected to be worth, each currency by itself.
    pub expected: Vec<LedgerValue>,
    /// Where they are read: a relative address.
    pub records: String,
}

/// How many of a partner's are open at a stage.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartnerStage {
    /// Whether your firm gives, or receives.
    pub direction: Direction,
    /// The stage.
    pub stage: Stage,
    /// How many stand there.
    pub count: i64,
    /// What they are expected to be worth, each currency by itself.
    pub expected: Vec<LedgerValue>,
    /// The days since the first of them got there.
    pub oldest_age_days: i64,
    /// Where they are read: a relative address.
    pub records: String,
}

/// What is open with a partner.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PipelinePartner {
    /// The partnership.
    pub partnership_id: Uuid,
    /// The other firm.
    pub partner_firm_id: Uuid,
    /// How many are open.
    pub count: i64,
    /// Where they stand; a stage at which there is none is left out.
    pub by_stage: Vec<PartnerStage>,
}

/// How many go on from a stage to the next, and how fast.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Conversion {
    /// Whether your firm gives, or receives.
    pub direction: Direction,
    /// The stage.
    pub from: ReachedStage,
    /// The next one.
    pub to: ReachedStage,
    /// How many reached the stage.
    pub reached: i64,
    /// Where these are read: a relative address.
    pub records: String,
    /// How many reached the next one, too.
    pub converted: i64,
    /// Where these are read: a relative address.
    pub converted_records: String,
    /// The one out of the other; `null` where there is none.
    #[schema(minimum = 0, maximum = 1)]
    pub share: Option<f64>,
    /// The median of the days from the stage to the next; `null` where it is known of none.
    pub median_days: Option<i64>,
    /// Of how many both dates are known.
    pub timed: i64,
}

/// How soon offers are answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FirstAnswer {
    /// Whether your firm offers, or answers.
    pub direction: Direction,
    /// How many were offered.
    pub offered: i64,
    /// How many of them were answered.
    pub answered: i64,
    /// The median of the seconds between offer and first answer; `null` where there is none.
    pub median_seconds: Option<i64>,
    /// Where the offers are read: a relative address.
    pub records: String,
}

/// The pipeline of your firm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Pipeline {
    /// The date in UTC by which ages are told.
    pub today_on: Date,
    /// What is open, by direction and stage; a stage at which there is none is left out.
    pub open: Vec<PipelineStage>,
    /// The same by partner.
    pub partners: Vec<PipelinePartner>,
    /// The first date of offers that count for what follows, in UTC.
    pub from_on: Date,
    /// The first date that does not.
    pub to_on: Date,
    /// From stage to stage.
    pub conversion: Vec<Conversion>,
    /// How soon offers are answered.
    pub first_answer: Vec<FirstAnswer>,
}

/// Open introductions of a partner that are alike.
#[derive(Clone, Debug)]
pub struct Open {
    pub partnership_id: Uuid,
    pub partner_firm_id: Uuid,
    pub direction: Direction,
    pub stage: Stage,
    pub fit: Option<FitBand>,
    pub count: i64,
    pub expected: Option<(Currency, i64)>,
    pub oldest: i64,
}

/// All that was counted.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    pub open: Vec<Open>,
    /// How many have which age in days.
    pub ages: BTreeMap<(Direction, Stage), BTreeMap<i64, i64>>,
    /// How many came how far at their furthest.
    pub reached: BTreeMap<(Direction, ReachedStage), i64>,
    /// How many took how many days to a stage from the one before.
    pub days: BTreeMap<(Direction, ReachedStage), BTreeMap<i64, i64>>,
    /// How many were answered, and after how many seconds in the median.
    pub answered: BTreeMap<Direction, (i64, Option<i64>)>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub partnership_id: Option<Uuid>,
    pub direction: Option<Direction>,
    pub window: Window,
    pub today: Date,
}

impl Asked {
    fn directions(self) -> impl Iterator<Item = Direction> {
        let all = [Direction::Given, Direction::Received].into_iter();
        all.filter(move |one| self.direction.is_none_or(|asked| asked == *one))
    }

    fn records(self) -> Records {
        Records {
            partnership_id: self.partnership_id,
            window: self.window,
        }
    }
}

/// Where open introductions are read.
fn introductions(partnership_id: Option<Uuid>, direction: Direction, stage: Stage) -> String {
    let of = partnership_id.map(|id| format!("&partnership_id={id}"));
    format!(
        "/v1/introductions?direction={direction}&stage={stage}{}",
        of.unwrap_or_default()
    )
}

/// What belongs to some that stand at one place.
#[derive(Default)]
struct Standing {
    count: i64,
    expected: Sums,
    oldest: i64,
}

impl Standing {
    fn add(&mut self, open: &Open) {
        self.count += open.count;
        self.oldest = self.oldest.max(open.oldest);
        if let Some((currency, amount)) = &open.expected {
            self.expected.add(currency.clone(), *amount, open.count);
        }
    }
}

fn counted(histogram: Option<&BTreeMap<i64, i64>>) -> Vec<(i64, i64)> {
    let all = histogram.into_iter().flatten();
    all.map(|(value, count)| (*value, *count)).collect()
}

impl Pipeline {
    /// Makes the pipeline of what was counted.
    pub fn of(counted: &Counted, asked: Asked) -> Self {
        Self {
            today_on: asked.today,
            open: stages(counted, asked),
            partners: partners(counted),
            from_on: asked.window.from,
            to_on: asked.window.to,
            conversion: conversion(counted, asked),
            first_answer: first_answer(counted, asked),
        }
    }
}

fn stages(all: &Counted, asked: Asked) -> Vec<PipelineStage> {
    let mut standing: BTreeMap<(Direction, Stage), Standing> = BTreeMap::new();
    let mut fits: BTreeMap<(Direction, Stage), BTreeMap<Option<FitBand>, Standing>> =
        BTreeMap::new();
    for open in &all.open {
        let place = (open.direction, open.stage);
        standing.entry(place).or_default().add(open);
        let bands = fits.entry(place).or_default();
        bands.entry(open.fit).or_default().add(open);
    }
    let stage = |((direction, stage), one): ((Direction, Stage), Standing)| PipelineStage {
        direction,
        stage,
        count: one.count,
        expected: LedgerValue::all(&one.expected),
        median_age_days: median(&counted(all.ages.get(&(direction, stage)))).unwrap_or_default(),
        oldest_age_days: one.oldest,
        by_fit: by_fit(
            fits.remove(&(direction, stage)).unwrap_or_default(),
            &introductions(asked.partnership_id, direction, stage),
        ),
        records: introductions(asked.partnership_id, direction, stage),
    };
    standing.into_iter().map(stage).collect()
}

fn by_fit(bands: BTreeMap<Option<FitBand>, Standing>, records: &str) -> Vec<PipelineFit> {
    let fit = |(band, one): (Option<FitBand>, Standing)| PipelineFit {
        band,
        count: one.count,
        expected: LedgerValue::all(&one.expected),
        records: match band {
            Some(band) => format!("{records}&fit_band={band}"),
            None => format!("{records}&has_fit=false"),
        },
    };
    bands.into_iter().map(fit).collect()
}

fn partners(all: &Counted) -> Vec<PipelinePartner> {
    let mut standing: BTreeMap<(Uuid, Uuid), BTreeMap<(Direction, Stage), Standing>> =
        BTreeMap::new();
    for open in &all.open {
        let partner = standing
            .entry((open.partnership_id, open.partner_firm_id))
            .or_default();
        partner
            .entry((open.direction, open.stage))
            .or_default()
            .add(open);
    }
    let partner =
        |((partnership_id, partner_firm_id), places): ((Uuid, Uuid), BTreeMap<_, Standing>)| {
            PipelinePartner {
                partnership_id,
                partner_firm_id,
                count: places.values().map(|one| one.count).sum(),
                by_stage: places
                    .into_iter()
                    .map(|((direction, stage), one)| PartnerStage {
                        direction,
                        stage,
                        count: one.count,
                        expected: LedgerValue::all(&one.expected),
                        oldest_age_days: one.oldest,
                        records: introductions(Some(partnership_id), direction, stage),
                    })
                    .collect(),
            }
        };
    standing.into_iter().map(partner).collect()
}

/// How many have come so far, or further.
fn at_least(all: &Counted, direction: Direction, reached: ReachedStage) -> i64 {
    let from = (direction, reached);
    let to = (direction, ReachedStage::Engaged);
    all.reached.range(from..=to).map(|(_, count)| count).sum()
}

fn conversion(all: &Counted, asked: Asked) -> Vec<Conversion> {
    let records = asked.records();
    let of = |direction: Direction| {
        let steps = ReachedStage::ALL
            .iter()
            .zip(ReachedStage::ALL.iter().skip(1));
        steps.map(move |(from, to)| {
            let (reached, converted) = (
                at_least(all, direction, *from),
                at_least(all, direction, *to),
            );
            let days = counted(all.days.get(&(direction, *to)));
            Conversion {
                direction,
                from: *from,
                to: *to,
                reached,
                records: records.entries(Some(direction), Some(*from)),
                converted,
                converted_records: records.entries(Some(direction), Some(*to)),
                share: share(converted, reached),
                median_days: median(&days),
                timed: days.iter().map(|(_, count)| count).sum(),
            }
        })
    };
    asked.directions().flat_map(of).collect()
}

fn first_answer(all: &Counted, asked: Asked) -> Vec<FirstAnswer> {
    let of = |direction| {
        let (answered, median_seconds) = all.answered.get(&direction).copied().unwrap_or_default();
        FirstAnswer {
            direction,
            offered: at_least(all, direction, ReachedStage::Offered),
            answered,
            median_seconds,
            records: asked.records().entries(Some(direction), None),
        }
    };
    asked.directions().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(direction: Option<Direction>) -> Asked {
        let date = |text: &str| text.parse().unwrap();
        Asked {
            partnership_id: None,
            direction,
            window: Window {
                from: date("2026-01-01"),
                to: date("2026-04-01"),
            },
            today: date("2026-03-02"),
        }
    }

    #[test]
    fn of_ten_that_were_accepted_four_went_on_in_three_days_as_in_the_example() {
        let mut all = Counted::default();
        all.reached
            .insert((Direction::Given, ReachedStage::Accepted), 6);
        all.reached
            .insert((Direction::Given, ReachedStage::Introduced), 1);
        all.reached
            .insert((Direction::Given, ReachedStage::Engaged), 3);
        all.reached
            .insert((Direction::Received, ReachedStage::Met), 9);
        let days = [(1, 1), (3, 1), (20, 1)].into();
        all.days
            .insert((Direction::Given, ReachedStage::Introduced), days);
        let steps = Pipeline::of(&all, asked(Some(Direction::Given))).conversion;
        let told: Vec<_> = steps
            .iter()
            .map(|step| (step.from, step.reached, step.converted))
            .collect();
        let expected = [
            (ReachedStage::Offered, 10, 10),
            (ReachedStage::Accepted, 10, 4),
            (ReachedStage::Introduced, 4, 3),
            (ReachedStage::MeetingSet, 3, 3),
            (ReachedStage::Met, 3, 3),
        ];
        assert_eq!(told, expected);
        assert_eq!(steps[1].share, Some(0.4));
        assert_eq!((steps[1].median_days, steps[1].timed), (Some(3), 3));
        assert_eq!((steps[2].median_days, steps[2].timed), (None, 0));
    }

    #[test]
    fn what_is_open_is_told_by_stage_and_by_partner_with_each_currency_by_itself() {
        let open = |partner: u128, code: Option<&str>, oldest| Open {
            partnership_id: Uuid::from_u128(partner),
            partner_firm_id: Uuid::from_u128(100 + partner),
            direction: Direction::Given,
            stage: Stage::Offered,
            fit: (partner == 2).then_some(FitBand::Strong),
            count: 2,
            expected: code.map(|code| (code.parse().unwrap(), 5_000)),
            oldest,
        };
        let mut all = Counted {
            open: vec![
                open(1, Some("USD"), 9),
                open(1, None, 30),
                open(2, Some("EUR"), 1),
            ],
            ..Counted::default()
        };
        let ages = [(1, 2), (9, 3), (30, 1)].into();
        all.ages.insert((Direction::Given, Stage::Offered), ages);
        let pipeline = Pipeline::of(&all, asked(None));
        let [offered] = &pipeline.open[..] else {
            panic!("{:?}", pipeline.open)
        };
        assert_eq!(
            (
                offered.count,
                offered.median_age_days,
                offered.oldest_age_days
            ),
            (6, 9, 30)
        );
        let worth: Vec<_> = offered
            .expected
            .iter()
            .map(|value| {
                (
                    value.currency.as_str(),
                    value.amount_minor,
                    value.introductions,
                )
            })
            .collect();
        assert_eq!(worth, [("EUR", 5_000, 2), ("USD", 5_000, 2)]);
        let counts: Vec<_> = pipeline
            .partners
            .iter()
            .map(|partner| partner.count)
            .collect();
        assert_eq!(counts, [4, 2]);
    }
}
