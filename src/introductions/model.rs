//! What an introduction is, and which stage leads where.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::fit::KeptFit;
use crate::platform::db::columns::{ExternalIds, RawJson};
use crate::platform::values::{Date, EmailAddress, Money, Name, Timestamp};
use crate::words;

words! {
    /// How far an introduction has come.
    pub enum Stage {
        /// Being prepared; the introducer alone sees it.
        Draft = "draft",
        /// Offered to the receiver, which has not answered.
        Offered = "offered",
        /// The receiver wants it.
        Accepted = "accepted",
        /// The client and the receiver know of one another.
        Introduced = "introduced",
        /// They have a date.
        MeetingSet = "meeting_set",
        /// They have met.
        Met = "met",
        /// The client works with the receiver.
        Engaged = "engaged",
        /// It came to nothing.
        NotEngaged = "not_engaged",
        /// The receiver does not want it.
        Declined = "declined",
        /// Nobody answered in time.
        Expired = "expired",
        /// The introducer took it back.
        Withdrawn = "withdrawn",
    }
}

impl Stage {
    /// Whether it can still move.
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Draft
                | Self::Offered
                | Self::Accepted
                | Self::Introduced
                | Self::MeetingSet
                | Self::Met
        )
    }
}

words! {
    /// The caller's side.
    pub enum Direction {
        /// The caller's firm introduces.
        Given = "given",
        /// The caller's firm receives.
        Received = "received",
    }
}

impl Direction {
    /// The side of the firm that gives, or of the other.
    pub const fn of(is_given: bool) -> Self {
        if is_given {
            Self::Given
        } else {
            Self::Received
        }
    }
}

words! {
    /// A stage that is reported once the receiver has accepted.
    pub enum ReportedStage {
        /// The client and the receiver know of one another. Either party reports it.
        Introduced = "introduced",
        /// They have a date.
        MeetingSet = "meeting_set",
        /// They have met.
        Met = "met",
        /// The client works with the receiver.
        Engaged = "engaged",
        /// It came to nothing; asks for a reason.
        NotEngaged = "not_engaged",
    }
}

words! {
    /// Why an introduction was declined or came to nothing.
    pub enum ReasonCode {
        /// The client is not one whom the receiver serves best.
        NotAFit = "not_a_fit",
        /// The receiver has no room.
        NoCapacity = "no_capacity",
        /// The receiver may not serve this client.
        ConflictOfInterest = "conflict_of_interest",
        /// The receiver knows the client already.
        AlreadyKnown = "already_known",
        /// The client does not answer.
        NoResponse = "no_response",
        /// The client does not want it.
        ClientDeclined = "client_declined",
        /// The client chose somebody else.
        ChoseAnother = "chose_another",
        /// Something else; say what in the note.
        Other = "other",
    }
}

words! {
    /// What a reported stage is corrected to.
    pub enum CorrectedStage {
        /// Nothing was reached since the receiver accepted.
        Accepted = "accepted",
        /// The client and the receiver know of one another.
        Introduced = "introduced",
        /// They have a date.
        MeetingSet = "meeting_set",
        /// They have met.
        Met = "met",
        /// The client works with the receiver.
        Engaged = "engaged",
        /// It came to nothing; asks for a reason.
        NotEngaged = "not_engaged",
    }
}

impl CorrectedStage {
    /// The report that says so; `None` for what is no report.
    pub const fn reported(self) -> Option<ReportedStage> {
        match self {
            Self::Accepted => None,
            Self::Introduced => Some(ReportedStage::Introduced),
            Self::MeetingSet => Some(ReportedStage::MeetingSet),
            Self::Met => Some(ReportedStage::Met),
            Self::Engaged => Some(ReportedStage::Engaged),
            Self::NotEngaged => Some(ReportedStage::NotEngaged),
        }
    }

    /// The stage.
    pub const fn stage(self) -> Stage {
        match self.reported() {
            Some(reported) => Verb::Record(reported).arrow().1,
            None => Stage::Accepted,
        }
    }

    /// Whether a report that was made at `came_from` can be corrected to this: to that stage itself,
    /// when nothing had happened, or to any that could have been reported there.
    pub fn can_replace(self, came_from: Stage) -> bool {
        self.stage() == came_from
            || self
                .reported()
                .is_some_and(|reported| Verb::Record(reported).arrow().0.contains(&came_from))
    }
}

/// Something that is done to an introduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The introducer offers it.
    Offer,
    /// The introducer takes it back.
    Withdraw,
    /// The receiver wants it.
    Accept,
    /// The receiver does not want it, or has found a conflict since it accepted.
    Decline,
    /// A stage is reported.
    Record(ReportedStage),
}

impl Verb {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Offer,
        Self::Withdraw,
        Self::Accept,
        Self::Decline,
        Self::Record(ReportedStage::Introduced),
        Self::Record(ReportedStage::MeetingSet),
        Self::Record(ReportedStage::Met),
        Self::Record(ReportedStage::Engaged),
        Self::Record(ReportedStage::NotEngaged),
    ];

    /// Its word: the verb, or the stage that is reported.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Withdraw => "withdraw",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Record(stage) => stage.as_str(),
        }
    }

    /// The stages from which it leads anywhere, and where to.
    pub const fn arrow(self) -> (&'static [Stage], Stage) {
        use Stage::{Accepted, Draft, Introduced, MeetingSet, Met, Offered};
        match self {
            Self::Offer => (&[Draft], Offered),
            Self::Withdraw => (
                &[Draft, Offered, Accepted, Introduced, MeetingSet, Met],
                Stage::Withdrawn,
            ),
            Self::Accept => (&[Offered], Accepted),
            Self::Decline => (&[Offered, Accepted], Stage::Declined),
            Self::Record(ReportedStage::Introduced) => (&[Accepted], Introduced),
            Self::Record(ReportedStage::MeetingSet) => (&[Accepted, Introduced], MeetingSet),
            Self::Record(ReportedStage::Met) => (&[Accepted, Introduced, MeetingSet], Met),
            Self::Record(ReportedStage::Engaged) => {
                (&[Accepted, Introduced, MeetingSet, Met], Stage::Engaged)
            }
            Self::Record(ReportedStage::NotEngaged) => {
                (&[Accepted, Introduced, MeetingSet, Met], Stage::NotEngaged)
            }
        }
    }

    /// Whether the partnership must be active.
    pub const fn needs_active(self) -> bool {
        matches!(self, Self::Offer | Self::Accept)
    }

    /// Whether the client's consent must stand. That it came to nothing can be said without.
    pub const fn needs_consent(self) -> bool {
        matches!(
            self,
            Self::Record(
                ReportedStage::Introduced
                    | ReportedStage::MeetingSet
                    | ReportedStage::Met
                    | ReportedStage::Engaged
            )
        )
    }
}

/// The client of an introduction, as the caller may know it now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IntroducedClient {
    /// The client's record; the introducer alone has it.
    pub id: Option<Uuid>,
    /// Whether the identity is sealed from you: then name, address, number and notes are `null`.
    pub sealed: bool,
    /// Whether the client was erased: then nothing is known of the person any more, to anybody.
    pub erased: bool,
    /// The client's name.
    pub name: Option<Name>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number.
    pub phone: Option<String>,
    /// What the introducer noted.
    pub notes: Option<String>,
    /// Figures by name.
    #[schema(value_type = BTreeMap<String, f64>)]
    pub attributes: RawJson,
    /// Traits by name.
    pub traits: Vec<String>,
}

/// What became of the client, as the receiver recorded it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientOutcome {
    /// What the client gained.
    pub words: String,
    /// What the client gave it, 1 to 5; `null` where it was not asked.
    pub rating: Option<i16>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

words! {
    /// What may be wrong with an introduction.
    pub enum IntroductionWarning {
        /// The client has an open introduction to another partner too.
        ParallelPartner = "parallel_partner",
    }
}

impl IntroductionWarning {
    /// What is to be warned of.
    pub fn of(is_parallel: bool) -> Vec<Self> {
        is_parallel
            .then_some(Self::ParallelPartner)
            .into_iter()
            .collect()
    }
}

/// An introduction, as one of the two parties sees it now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Introduction {
    /// Its id.
    pub id: Uuid,
    /// A short name that says nothing about the client, for documents, mail and the phone.
    #[schema(example = "7KQ4M-X2N9D")]
    pub reference: String,
    /// The partnership.
    pub partnership_id: Uuid,
    /// Your side.
    pub direction: Direction,
    /// How far it has come.
    pub stage: Stage,
    /// The client.
    pub client: IntroducedClient,
    /// Whether the client's consent to be made known to the receiver stands.
    pub has_consent: bool,
    /// Why the two should meet.
    pub summary: Option<String>,
    /// What the introducer expects it to be worth.
    pub expected_value: Option<Money>,
    /// What it came to be worth.
    pub realised_value: Option<Money>,
    /// Why it was declined or came to nothing.
    pub reason: Option<ReasonCode>,
    /// The same in words.
    pub reason_note: Option<String>,
    /// When the present stage was reached in the world.
    pub occurred_on: Option<Date>,
    /// When it was offered.
    pub offered_at: Option<Timestamp>,
    /// Until when the offer can be answered.
    pub expires_at: Option<Timestamp>,
    /// When the receiver first answered.
    pub answered_at: Option<Timestamp>,
    /// Seconds between the offer and the receiver's first answer.
    pub first_answer_seconds: Option<i64>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The closed introduction of the same client to the same firm that this one follows.
    pub previous_id: Option<Uuid>,
    /// How well the client fitted when it was offered, by the ideal client agreed then; `null` where none was.
    #[schema(value_type = Option<KeptFit>)]
    pub fit: Option<RawJson>,
    /// The version of the core story that the client was told at the outset; `null` where none was, or it is not
    /// known.
    pub core_story_id: Option<Uuid>,
    /// What became of the client.
    #[schema(nullable)]
    pub outcome: Option<ClientOutcome>,
    /// What you may want to look at.
    pub warnings: Vec<IntroductionWarning>,
    /// Its ids in your other systems, by system.
    #[schema(value_type = BTreeMap<String, String>)]
    pub external_ids: ExternalIds,
    /// When it was drafted.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i32,
    /// The other firm.
    pub partner_firm_id: Uuid,
}

/// A stage that an introduction was put to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StageRecord {
    /// The stage.
    pub stage: Stage,
    /// When it happened.
    pub occurred_on: Date,
    /// Why, where one is asked for.
    pub reason: Option<ReasonCode>,
    /// Why, in words.
    pub reason_note: Option<String>,
    /// The firm that recorded it.
    pub recorded_by_firm_id: Uuid,
    /// The member or API client of that firm; `null` for the service.
    pub recorded_by: Option<Uuid>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The version of the introduction that it made.
    pub version: i32,
    /// For a correction: the version of the report that it replaces.
    pub corrects: Option<i32>,
    /// For a correction: why.
    pub correction_reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The arrows of the product's description, copied by hand; what is not here is no arrow.
    fn leads_to(from: Stage, verb: Verb) -> Option<Stage> {
        use Stage as S;
        let path = [S::Accepted, S::Introduced, S::MeetingSet, S::Met];
        let place = path.iter().position(|stage| *stage == from);
        match (verb, from) {
            (Verb::Offer, S::Draft) => Some(S::Offered),
            (Verb::Accept, S::Offered) => Some(S::Accepted),
            (Verb::Decline, S::Offered | S::Accepted) => Some(S::Declined),
            (Verb::Withdraw, S::Draft | S::Offered) => Some(S::Withdrawn),
            (Verb::Withdraw, _) => place.map(|_| S::Withdrawn),
            (Verb::Record(ReportedStage::Introduced), _) => {
                place.filter(|p| *p < 1).map(|_| S::Introduced)
            }
            (Verb::Record(ReportedStage::MeetingSet), _) => {
                place.filter(|p| *p < 2).map(|_| S::MeetingSet)
            }
            (Verb::Record(ReportedStage::Met), _) => place.filter(|p| *p < 3).map(|_| S::Met),
            (Verb::Record(ReportedStage::Engaged), _) => place.map(|_| S::Engaged),
            (Verb::Record(ReportedStage::NotEngaged), _) => place.map(|_| S::NotEngaged),
            _ => None,
        }
    }

    /// Copied by hand: what could have been reported at a stage, and the stage itself.
    #[test]
    fn a_report_is_corrected_to_what_could_have_been_reported_instead() {
        use CorrectedStage as C;
        let table = [
            (
                Stage::Accepted,
                &[
                    C::Accepted,
                    C::Introduced,
                    C::MeetingSet,
                    C::Met,
                    C::Engaged,
                    C::NotEngaged,
                ][..],
            ),
            (
                Stage::Introduced,
                &[
                    C::Introduced,
                    C::MeetingSet,
                    C::Met,
                    C::Engaged,
                    C::NotEngaged,
                ],
            ),
            (
                Stage::MeetingSet,
                &[C::MeetingSet, C::Met, C::Engaged, C::NotEngaged],
            ),
            (Stage::Met, &[C::Met, C::Engaged, C::NotEngaged]),
            (Stage::Draft, &[]),
            (Stage::Offered, &[]),
        ];
        for (came_from, expected) in table {
            let possible: Vec<_> = C::ALL
                .iter()
                .copied()
                .filter(|to| to.can_replace(came_from))
                .collect();
            assert_eq!(possible, expected, "{came_from}");
        }
    }

    #[test]
    fn the_arrows_are_those_of_the_product_and_no_others() {
        for &stage in Stage::ALL {
            for &verb in Verb::ALL {
                let (from, to) = verb.arrow();
                let leads = from.contains(&stage).then_some(to);
                assert_eq!(leads, leads_to(stage, verb), "{stage} {verb:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_walk_leaves_a_closed_stage_or_goes_back(steps in proptest::collection::vec(0_usize..9, 0..40)) {
            let order = |stage: Stage| Stage::ALL.iter().position(|one| *one == stage).unwrap();
            let mut stage = Stage::Draft;
            for step in steps {
                let (from, to) = Verb::ALL[step].arrow();
                if from.contains(&stage) {
                    prop_assert!(stage.is_open());
                    prop_assert!(order(to) > order(stage));
                    stage = to;
                }
            }
        }
    }
}
