//! What the reports look like.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::contributions::ContributionKind;
use super::diagnosis::Diagnosis;
use super::model::{BalanceTerms, ReachedStage, Verdict, balance, weighed};
use super::records::Records;
use super::tally::{Ledger, Ledgers, Sums, Tally};
use super::window::Window;
use crate::introductions::Direction;
use crate::parties::{PartnershipState, Side};
use crate::plan::BalanceMeasure;
use crate::platform::values::{Currency, Date};

/// What some introductions are worth in one currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerValue {
    /// The currency.
    pub currency: Currency,
    /// Minor units of it, of all together.
    pub amount_minor: i64,
    /// How many introductions have a value in it.
    pub introductions: i64,
}

impl LedgerValue {
    /// Each currency by itself.
    pub fn all(sums: &Sums) -> Vec<Self> {
        let one = |(currency, amount_minor, introductions): (&Currency, i64, i64)| Self {
            currency: currency.clone(),
            amount_minor,
            introductions,
        };
        sums.iter().map(one).collect()
    }
}

/// How many introductions have come so far at least.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerStage {
    /// The stage.
    pub reached: ReachedStage,
    /// How many have reached it, whatever came of them later.
    pub count: i64,
    /// Where they are read: a relative address.
    pub records: String,
}

/// How many contributions of a kind both confirm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerContributions {
    /// The kind.
    pub kind: ContributionKind,
    /// How many.
    pub count: i64,
    /// Where they are read: a relative address.
    pub records: String,
}

/// What one party gave.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerSide {
    /// How many introductions were offered.
    pub introductions: i64,
    /// How many of them have come how far.
    pub by_stage: Vec<LedgerStage>,
    /// What they were expected to be worth, each currency by itself.
    pub expected: Vec<LedgerValue>,
    /// What they came to be worth, each currency by itself.
    pub realised: Vec<LedgerValue>,
    /// Where the introductions and their values are read: a relative address.
    pub records: String,
    /// What was given besides clients and both confirm, by kind.
    pub contributions: Vec<LedgerContributions>,
}

impl LedgerSide {
    fn of(tally: &Tally, direction: Direction, records: Records) -> Self {
        let stage = |reached: &ReachedStage| LedgerStage {
            reached: *reached,
            count: tally.at_least(*reached),
            records: records.entries(Some(direction), Some(*reached)),
        };
        let kind = |kind: &ContributionKind| LedgerContributions {
            kind: *kind,
            count: tally.contributed(*kind),
            records: records.contributions(direction, Some(*kind)),
        };
        Self {
            introductions: tally.at_least(ReachedStage::Offered),
            by_stage: ReachedStage::ALL.iter().map(stage).collect(),
            expected: LedgerValue::all(&tally.expected),
            realised: LedgerValue::all(&tally.realised),
            records: records.entries(Some(direction), None),
            contributions: ContributionKind::ALL.iter().map(kind).collect(),
        }
    }
}

/// A count with where its records are read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerFigure {
    /// How many.
    pub count: i64,
    /// Where they are read: a relative address.
    pub records: String,
}

/// What was given and received in a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerMonth {
    /// Its first date, or the window's.
    pub from_on: Date,
    /// The first date after it, or after the window.
    pub to_on: Date,
    /// What your party gave, of the measure.
    pub given: LedgerFigure,
    /// What it received.
    pub received: LedgerFigure,
    /// The balance of the month; `null` where there is nothing.
    pub balance: Option<f64>,
}

fn months(ledgers: &Ledgers, measure: BalanceMeasure, records: Records) -> Vec<LedgerMonth> {
    let reached = weighed(measure);
    let one = |month: Window| {
        let ledger = ledgers.months.get(&month.from.month());
        let (given, received) = ledger.map_or((0, 0), |ledger| ledger.weighed(measure));
        let figure = |count, direction| LedgerFigure {
            count,
            records: records
                .within(month)
                .entries(Some(direction), Some(reached)),
        };
        LedgerMonth {
            from_on: month.from,
            to_on: month.to,
            given: figure(given, Direction::Given),
            received: figure(received, Direction::Received),
            balance: balance(given, received),
        }
    };
    records.window.months().into_iter().map(one).collect()
}

/// What the two parties gave one another, as one of them sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reciprocity {
    /// The partnership.
    pub partnership_id: Uuid,
    /// The first date that counts, in UTC.
    pub from_on: Date,
    /// The first date that does not.
    pub to_on: Date,
    /// How the balance is told.
    pub terms: BalanceTerms,
    /// What your party gave.
    pub given: LedgerSide,
    /// What it received.
    pub received: LedgerSide,
    /// `(given - received) / (given + received)` of the measure: 1 is all given, -1 all received; `null`
    /// where there is nothing. The other party reads the same with the opposite sign.
    #[schema(minimum = -1, maximum = 1)]
    pub balance: Option<f64>,
    /// What it comes to.
    pub verdict: Verdict,
    /// Whether it is past the threshold.
    pub alert: bool,
    /// Whose turn it is to give; `null` where nothing was given, or where it can't be told.
    pub whose_turn: Option<Side>,
    /// What most likely explains an alert; `null` where there is none.
    #[schema(nullable)]
    pub diagnosis: Option<Diagnosis>,
    /// Month by month.
    pub months: Vec<LedgerMonth>,
}

impl Reciprocity {
    /// Of one partnership.
    pub fn of(
        partnership_id: Uuid,
        ledgers: &Ledgers,
        terms: BalanceTerms,
        window: Window,
        diagnosis: impl FnOnce(Records) -> Diagnosis,
    ) -> Self {
        let ledger = ledgers.total();
        let records = Records {
            partnership_id: Some(partnership_id),
            window,
        };
        let verdict = ledger.verdict(&terms);
        Self {
            partnership_id,
            from_on: window.from,
            to_on: window.to,
            terms,
            given: LedgerSide::of(&ledger.given, Direction::Given, records),
            received: LedgerSide::of(&ledger.received, Direction::Received, records),
            balance: ledger.balance(terms.measure),
            verdict,
            alert: verdict.is_alert(),
            whose_turn: ledger.whose_turn(terms.measure),
            diagnosis: verdict.is_alert().then(|| diagnosis(records)),
            months: months(ledgers, terms.measure, records),
        }
    }
}

/// What one party of one partnership gave, in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerShare {
    /// How many introductions were offered.
    pub introductions: i64,
    /// How many of them were accepted.
    pub accepted: i64,
    /// How many came to be introduced.
    pub introduced: i64,
    /// How many had a date.
    pub meeting_set: i64,
    /// How many met.
    pub met: i64,
    /// How many engaged.
    pub engaged: i64,
    /// What they were expected to be worth, each currency by itself.
    pub expected: Vec<LedgerValue>,
    /// What they came to be worth, each currency by itself.
    pub realised: Vec<LedgerValue>,
    /// Where the introductions are read: a relative address.
    pub records: String,
    /// How much was given besides clients and both confirm.
    pub contributions: LedgerFigure,
}

impl LedgerShare {
    fn of(tally: &Tally, direction: Direction, records: Records) -> Self {
        let contributions = ContributionKind::ALL.iter();
        Self {
            introductions: tally.at_least(ReachedStage::Offered),
            accepted: tally.at_least(ReachedStage::Accepted),
            introduced: tally.at_least(ReachedStage::Introduced),
            meeting_set: tally.at_least(ReachedStage::MeetingSet),
            met: tally.at_least(ReachedStage::Met),
            engaged: tally.at_least(ReachedStage::Engaged),
            expected: LedgerValue::all(&tally.expected),
            realised: LedgerValue::all(&tally.realised),
            records: records.entries(Some(direction), None),
            contributions: LedgerFigure {
                count: contributions.map(|kind| tally.contributed(*kind)).sum(),
                records: records.contributions(direction, None),
            },
        }
    }
}

/// One partnership of a firm.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartnershipReciprocity {
    /// The partnership.
    pub partnership_id: Uuid,
    /// The other firm.
    pub partner_firm_id: Uuid,
    /// Where it stands.
    pub state: PartnershipState,
    /// How its balance is told.
    pub terms: BalanceTerms,
    /// What your party gave.
    pub given: LedgerShare,
    /// What it received.
    pub received: LedgerShare,
    /// Its balance, by its own measure; `null` where there is nothing.
    #[schema(minimum = -1, maximum = 1)]
    pub balance: Option<f64>,
    /// What it comes to.
    pub verdict: Verdict,
    /// Whether it is past the threshold.
    pub alert: bool,
    /// Whose turn it is to give; `null` where nothing was given, or where it can't be told.
    pub whose_turn: Option<Side>,
    /// Where its whole report is read: a relative address.
    pub report: String,
}

/// A partnership that a report is about.
#[derive(Clone, Copy, Debug)]
pub struct Partner {
    pub partnership_id: Uuid,
    pub partner_firm_id: Uuid,
    pub state: PartnershipState,
}

impl PartnershipReciprocity {
    /// One row of a firm's report.
    pub fn of(partner: Partner, ledger: &Ledger, terms: BalanceTerms, all: Records) -> Self {
        let records = all.of(partner.partnership_id);
        let verdict = ledger.verdict(&terms);
        Self {
            partnership_id: partner.partnership_id,
            partner_firm_id: partner.partner_firm_id,
            state: partner.state,
            terms,
            given: LedgerShare::of(&ledger.given, Direction::Given, records),
            received: LedgerShare::of(&ledger.received, Direction::Received, records),
            balance: ledger.balance(terms.measure),
            verdict,
            alert: verdict.is_alert(),
            whose_turn: ledger.whose_turn(terms.measure),
            report: all.report(partner.partnership_id),
        }
    }
}

/// What a firm gave to all its partners and received from them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FirmReciprocity {
    /// The first date that counts, in UTC.
    pub from_on: Date,
    /// The first date that does not.
    pub to_on: Date,
    /// How the balance over all is told; each partnership has its own.
    pub terms: BalanceTerms,
    /// What your firm gave.
    pub given: LedgerSide,
    /// What it received.
    pub received: LedgerSide,
    /// The balance over all; `null` where there is nothing.
    #[schema(minimum = -1, maximum = 1)]
    pub balance: Option<f64>,
    /// What it comes to.
    pub verdict: Verdict,
    /// Month by month.
    pub months: Vec<LedgerMonth>,
    /// Every partnership that lives, or has something in the window.
    pub partnerships: Vec<PartnershipReciprocity>,
}

impl FirmReciprocity {
    /// Over all partnerships.
    pub fn of(
        ledgers: &Ledgers,
        partnerships: Vec<PartnershipReciprocity>,
        window: Window,
    ) -> Self {
        let records = Records {
            partnership_id: None,
            window,
        };
        let (total, terms) = (ledgers.total(), BalanceTerms::of(None));
        Self {
            from_on: window.from,
            to_on: window.to,
            terms,
            given: LedgerSide::of(&total.given, Direction::Given, records),
            received: LedgerSide::of(&total.received, Direction::Received, records),
            balance: total.balance(terms.measure),
            verdict: total.verdict(&terms),
            months: months(ledgers, terms.measure, records),
            partnerships,
        }
    }
}
