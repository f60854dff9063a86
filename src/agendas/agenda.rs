//! The rules of an agenda.
//!
//! Each entry stands in the section of the article's element that it belongs to; the sections are all there, in the order
//! of the article, since the conversation is to address all of them.
//!
//! | section | entries |
//! |---|---|
//! | `business_understanding`, `ideal_client`, `expectations`, `service_models`, `core_story`, `team` | the section of the plan where it is missing, or older than 365 days; `expectations` is the success definition, `team` the communication protocol |
//! | `action_steps` | steps promised and past their date in the zone of who does them; then steps due before the next meeting |
//! | `introductions` | introductions to answer, the longest wait first; clients to be spoken to before the next meeting: who, when, about what; an imbalance past the agreed threshold |
//! | `results` | metrics off pace, or missed |
//! | any | the open items of that element: first those carried over, then the others |
//!
//! A conversation with a client that is past its date is a step overdue. Items of no element stand by themselves, as
//! do those in the parking lot. *Example: it is Tuesday 10 March and the next meeting is on the 17th: a step due on the 9th
//! is overdue, one due on the 16th is due, one due on the 17th is not told yet.*

use super::model::{AgendaEntry, AgendaEntryKind, AgendaSection, MeetingAgenda};
use super::store::{Offer, Step};
use crate::action_steps::StepKind;
use crate::meetings::{AgendaItem, Meeting, MeetingTopic};
use crate::parties::Side;
use crate::plan::{PlanSection, PlanSectionStanding};
use crate::platform::values::{Date, TimeZone, Timestamp};
use crate::reciprocity::Reciprocity;
use crate::results::{MetricPace, MetricResult};

/// How old a section of the plan may be.
const FRESH_DAYS: i64 = 365;

/// All that an agenda is made of.
pub struct Gathered<'a> {
    pub meeting: &'a Meeting,
    pub next_starts_at: Timestamp,
    pub offers: Vec<Offer>,
    pub steps: Vec<Step>,
    pub sections: &'a [PlanSectionStanding],
    pub metrics: &'a [MetricResult],
    pub reciprocity: &'a Reciprocity,
    pub items: Vec<AgendaItem>,
}

/// Puts an agenda together.
pub fn assemble(gathered: Gathered<'_>, now: Timestamp) -> MeetingAgenda {
    let meeting = gathered.meeting;
    let mut all: Vec<(Option<MeetingTopic>, AgendaEntry)> = Vec::new();
    let mut of = |topic, entries: Vec<AgendaEntry>| {
        all.extend(entries.into_iter().map(|entry| (Some(topic), entry)));
    };
    of(
        MeetingTopic::Introductions,
        gathered
            .offers
            .into_iter()
            .map(|offer| to_answer(offer, now))
            .collect(),
    );
    let zones = [
        &meeting.starts_local_us.time_zone,
        &meeting.starts_local_them.time_zone,
    ];
    for step in gathered.steps {
        if let Some((topic, entry)) = step_entry(step, zones, gathered.next_starts_at, now) {
            of(topic, vec![entry]);
        }
    }
    of(
        MeetingTopic::Introductions,
        imbalance(gathered.reciprocity).into_iter().collect(),
    );
    of(
        MeetingTopic::Results,
        gathered.metrics.iter().filter_map(off_pace).collect(),
    );
    let today = now.date_in(&TimeZone::utc());
    for section in gathered.sections {
        let id = meeting.partnership_id;
        let gap = plan_gap(section, &format!("/v1/partnerships/{id}/plan"), today);
        of(element(section.section), gap.into_iter().collect());
    }
    // What stands on the agenda of an earlier meeting, of which nobody has said what became of it, comes from there.
    let carried = |item: AgendaItem| AgendaItem {
        carried_from_id: item
            .carried_from_id
            .or(item.meeting_id.filter(|id| *id != meeting.id)),
        ..item
    };
    let items = gathered.items.into_iter().map(carried);
    let (parked, open): (Vec<_>, Vec<_>) = items.partition(|item| item.parked);
    let (carried, new): (Vec<_>, Vec<_>) = open
        .into_iter()
        .partition(|item| item.carried_from_id.is_some());
    all.extend(
        carried
            .into_iter()
            .chain(new)
            .map(|item| (item.topic, item_entry(item))),
    );
    let told = |topic: Option<MeetingTopic>| -> Vec<AgendaEntry> {
        let entries = all.iter().filter(|(of, _)| *of == topic);
        entries.map(|(_, entry)| entry.clone()).collect()
    };
    let section = |topic: &MeetingTopic| AgendaSection {
        topic: *topic,
        entries: told(Some(*topic)),
    };
    MeetingAgenda {
        meeting_id: meeting.id,
        partnership_id: meeting.partnership_id,
        starts_at: meeting.starts_at,
        next_starts_at: gathered.next_starts_at,
        sections: MeetingTopic::ALL.iter().map(section).collect(),
        other_items: told(None),
        parking_lot: parked.into_iter().map(item_entry).collect(),
    }
}

fn entry(kind: AgendaEntryKind, words: String, record: String) -> AgendaEntry {
    AgendaEntry {
        kind,
        words,
        party: None,
        member_id: None,
        due_on: None,
        since_at: None,
        reference: None,
        record_id: None,
        record,
        carried_from_id: None,
    }
}

fn to_answer(offer: Offer, now: Timestamp) -> AgendaEntry {
    let seconds = now.as_second().saturating_sub(offer.offered_at.as_second());
    let days = seconds / 86_400;
    let words = format!(
        "The introduction {} waits for an answer for {days} {}.",
        offer.reference,
        if days == 1 { "day" } else { "days" }
    );
    let record = format!("/v1/introductions/{}", offer.id);
    AgendaEntry {
        // Whoever did not offer it answers.
        party: Some(Side::of(!offer.is_ours)),
        since_at: Some(offer.offered_at),
        reference: Some(offer.reference),
        record_id: Some(offer.id),
        ..entry(AgendaEntryKind::IntroductionToAnswer, words, record)
    }
}

/// What is to be said of a step; nothing of one that is due at the next meeting or later.
fn step_entry(
    step: Step,
    [ours, theirs]: [&TimeZone; 2],
    next_starts_at: Timestamp,
    now: Timestamp,
) -> Option<(MeetingTopic, AgendaEntry)> {
    let zone = if step.is_ours { ours } else { theirs };
    let is_overdue = step.due_on < now.date_in(zone);
    if !is_overdue && step.due_on >= next_starts_at.date_in(zone) {
        return None;
    }
    let is_talk = step.kind == StepKind::ClientConversation && !is_overdue;
    let (kind, topic) = match (is_overdue, is_talk) {
        (true, _) => (AgendaEntryKind::StepOverdue, MeetingTopic::ActionSteps),
        (false, true) => (
            AgendaEntryKind::ClientToSpeakTo,
            MeetingTopic::Introductions,
        ),
        (false, false) => (AgendaEntryKind::StepDue, MeetingTopic::ActionSteps),
    };
    let words = match step.kind {
        StepKind::ClientConversation => conversation(&step),
        _ => step.title.clone(),
    };
    let told = AgendaEntry {
        party: Some(Side::of(step.is_ours)),
        member_id: step.member_id,
        due_on: Some(step.due_on),
        reference: step.reference,
        record_id: Some(step.id),
        ..entry(kind, words, format!("/v1/action-steps/{}", step.id))
    };
    Some((topic, told))
}

/// Who is spoken to, how and about what.
fn conversation(step: &Step) -> String {
    let whom = step.reference.as_ref().map_or_else(
        || "a client".to_owned(),
        |reference| format!("the client of {reference}"),
    );
    let how = step.channel.map_or("", |channel| channel.as_str());
    let about = step.topic.as_deref().unwrap_or(&step.title);
    format!("Speak to {whom} ({how}): {about}")
}

fn imbalance(told: &Reciprocity) -> Option<AgendaEntry> {
    let balance = told.balance.filter(|_| told.alert)?;
    let causes = told
        .diagnosis
        .iter()
        .flat_map(|diagnosis| &diagnosis.causes);
    let causes: Vec<&str> = causes.map(|cause| cause.part.as_str()).collect();
    let likely = if causes.is_empty() {
        String::new()
    } else {
        format!("; most likely for: {}", causes.join(", "))
    };
    let words = format!(
        "The balance is {balance:.2}, past the threshold of {:.2}{likely}.",
        told.terms.threshold
    );
    let id = told.partnership_id;
    Some(AgendaEntry {
        party: told.whose_turn,
        record_id: Some(id),
        ..entry(
            AgendaEntryKind::Imbalance,
            words,
            format!("/v1/partnerships/{id}/reciprocity"),
        )
    })
}

fn off_pace(metric: &MetricResult) -> Option<AgendaEntry> {
    if !matches!(metric.pace, MetricPace::OffPace | MetricPace::Missed) {
        return None;
    }
    let actual = metric.actual.unwrap_or_default();
    let words = format!(
        "{}: {actual} against {} expected by now, of {} by {}.",
        metric.name, metric.expected, metric.target, metric.ends_on
    );
    Some(AgendaEntry {
        party: metric.party,
        due_on: Some(metric.ends_on),
        ..entry(
            AgendaEntryKind::ResultOffPace,
            words,
            metric.records.clone(),
        )
    })
}

fn plan_gap(section: &PlanSectionStanding, plan: &str, today: Date) -> Option<AgendaEntry> {
    let party = match section.waits_for.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let Some(version) = &section.in_force else {
        let proposal = section.proposal.as_ref().map(|proposal| proposal.id);
        let words = format!("The section {} is not agreed.", section.section);
        return (!section.is_waived).then(|| AgendaEntry {
            party,
            record_id: proposal,
            ..entry(AgendaEntryKind::PlanPartMissing, words, plan.to_owned())
        });
    };
    let since = version.closed_at.map(|at| at.date_in(&TimeZone::utc()))?;
    let days = since.days_until(today);
    (days > FRESH_DAYS).then(|| {
        let words = format!(
            "The section {} was agreed {days} days ago.",
            section.section
        );
        let record = format!("/v1/plan-versions/{}", version.id);
        AgendaEntry {
            party,
            since_at: version.closed_at,
            record_id: Some(version.id),
            ..entry(AgendaEntryKind::PlanPartStale, words, record)
        }
    })
}

/// The element of the article that a section of the plan is.
const fn element(section: PlanSection) -> MeetingTopic {
    match section {
        PlanSection::BusinessUnderstanding => MeetingTopic::BusinessUnderstanding,
        PlanSection::IdealClient => MeetingTopic::IdealClient,
        PlanSection::SuccessDefinition => MeetingTopic::Expectations,
        PlanSection::ServiceModels => MeetingTopic::ServiceModels,
        PlanSection::CoreStory => MeetingTopic::CoreStory,
        PlanSection::CommunicationProtocol => MeetingTopic::Team,
    }
}

fn item_entry(item: AgendaItem) -> AgendaEntry {
    let kind = match item.carried_from_id {
        Some(_) => AgendaEntryKind::ItemCarriedOver,
        None => AgendaEntryKind::Item,
    };
    AgendaEntry {
        party: Some(item.party),
        since_at: Some(item.created_at),
        record_id: Some(item.id),
        carried_from_id: item.carried_from_id,
        ..entry(kind, item.title, format!("/v1/agenda-items/{}", item.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action_steps::ConversationChannel;
    use uuid::Uuid;

    fn at(text: &str) -> Timestamp {
        let parsed: jiff::Timestamp = text.parse().unwrap();
        Timestamp::rounded(parsed)
    }

    fn step(kind: StepKind, due: &str) -> Step {
        Step {
            id: Uuid::nil(),
            kind,
            title: "Send the letter".to_owned(),
            topic: Some("Her practice".to_owned()),
            channel: Some(ConversationChannel::Phone),
            is_ours: true,
            member_id: None,
            due_on: due.parse().unwrap(),
            reference: Some("R-7".to_owned()),
        }
    }

    fn told(step: Step) -> Option<(MeetingTopic, AgendaEntryKind)> {
        let (ours, theirs) = (
            "America/Los_Angeles".parse().unwrap(),
            "Europe/Berlin".parse().unwrap(),
        );
        // Tuesday 10 March, still the 9th in Los Angeles.
        let (now, next) = (at("2026-03-10T05:00:00Z"), at("2026-03-17T16:00:00Z"));
        let found = step_entry(step, [&ours, &theirs], next, now);
        found.map(|(topic, entry)| (topic, entry.kind))
    }

    #[test]
    fn a_step_is_overdue_in_the_zone_of_who_does_it_and_due_before_the_next_meeting() {
        use AgendaEntryKind::{ClientToSpeakTo, StepDue, StepOverdue};
        let theirs = |due| Step {
            is_ours: false,
            ..step(StepKind::Internal, due)
        };
        let internal = |due| step(StepKind::Internal, due);
        let steps = MeetingTopic::ActionSteps;
        assert_eq!(told(internal("2026-03-08")), Some((steps, StepOverdue)));
        assert_eq!(told(internal("2026-03-09")), Some((steps, StepDue)));
        assert_eq!(told(theirs("2026-03-09")), Some((steps, StepOverdue)));
        assert_eq!(told(internal("2026-03-16")), Some((steps, StepDue)));
        assert_eq!(told(internal("2026-03-17")), None);
        let talk = |due| step(StepKind::ClientConversation, due);
        let introductions = MeetingTopic::Introductions;
        assert_eq!(
            told(talk("2026-03-12")),
            Some((introductions, ClientToSpeakTo))
        );
        assert_eq!(told(talk("2026-03-08")), Some((steps, StepOverdue)));
    }

    #[test]
    fn a_conversation_says_whose_client_how_and_about_what() {
        let talk = step(StepKind::ClientConversation, "2026-03-12");
        assert_eq!(
            conversation(&talk),
            "Speak to the client of R-7 (phone): Her practice"
        );
        let hidden = Step {
            reference: None,
            ..talk
        };
        assert_eq!(
            conversation(&hidden),
            "Speak to a client (phone): Her practice"
        );
    }

    #[test]
    fn whoever_was_offered_an_introduction_answers_it() {
        let offer = |is_ours| Offer {
            id: Uuid::nil(),
            reference: "R-7".to_owned(),
            is_ours,
            offered_at: at("2026-03-08T05:00:00Z"),
        };
        let now = at("2026-03-10T05:00:00Z");
        assert_eq!(to_answer(offer(true), now).party, Some(Side::Them));
        let ours = to_answer(offer(false), now);
        assert_eq!(ours.party, Some(Side::Us));
        assert_eq!(
            ours.words,
            "The introduction R-7 waits for an answer for 2 days."
        );
    }
}
