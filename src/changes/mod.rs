//! The change feed: what happened to whatever a firm may see.
//!
//! Rows are ordered by `(xid8, seq)`. A reader misses nothing as long as it stops below
//! `pg_snapshot_xmin(pg_current_snapshot())`: what is still under way comes above that.
//!
//! Every write records its change in its transaction, one row for each firm that sees it. A row has
//! no client data: whoever reads the feed asks for the resource, and sees of it what is visible
//! then.

mod store;

use uuid::Uuid;

use crate::audit;
use crate::platform::auth::Caller;
use crate::platform::db::Tx;
use crate::platform::db::constraints::{Constraint, Means, constraint};
use crate::platform::error::ApiResult;
use crate::platform::values::Timestamp;
use crate::words;

/// What the constraints of this feature's tables mean.
pub const CONSTRAINTS: &[Constraint] = &[
    constraint("changes_pkey", Means::Guarded),
    constraint("changes_firm_id_fkey", Means::Gone),
];

words! {
    /// What kind of thing was changed.
    pub enum Kind {
        /// The firm.
        Firm = "firm",
        /// A member.
        Member = "member",
        /// An invitation to become a member.
        MemberInvitation = "member_invitation",
        /// An API client.
        ApiClient = "api_client",
        /// A partnership.
        Partnership = "partnership",
        /// The terms of a partnership; the id is the partnership's.
        PartnershipTerms = "partnership_terms",
        /// A party's own note about a partnership; the other party is not told.
        PartnershipNote = "partnership_note",
        /// A client.
        Client = "client",
        /// A client's consent.
        Consent = "consent",
        /// An introduction.
        Introduction = "introduction",
        /// An action step.
        ActionStep = "action_step",
        /// What one party gave the other besides clients.
        Contribution = "contribution",
        /// How alive a partnership is; the id is the partnership's.
        Vitality = "vitality",
        /// A figure of a metric that a party reported by hand.
        MetricReading = "metric_reading",
        /// A version of a section of a plan.
        PlanVersion = "plan_version",
        /// A party's decision whether a partnership makes sense for its business.
        PlanDecision = "plan_decision",
        /// A section that a party goes without.
        PlanWaiver = "plan_waiver",
        /// What the owner of an action step shows for it.
        ActionStepEvidence = "action_step_evidence",
        /// A step that was moved together with those that wait for it.
        Cascade = "cascade",
        /// A reminder of a step that a member has promised; the id is the step's.
        ActionStepReminder = "action_step_reminder",
        /// The secret address of a member's calendar; the id is the member's.
        CalendarFeed = "calendar_feed",
        /// A firm's template of a timeline.
        Playbook = "playbook",
        /// Where a firm laid a playbook out.
        PlaybookApplication = "playbook_application",
        /// The days on which a firm works; the id is the firm's.
        WorkCalendar = "work_calendar",
        /// A teammate of one party whom the other may call.
        Contact = "contact",
        /// Time spent personally; of a private one its own firm alone is told.
        Touchpoint = "touchpoint",
        /// A meeting.
        Meeting = "meeting",
        /// A party's own note of a meeting, whose id this is; the other party is not told.
        MeetingNote = "meeting_note",
        /// Something that a party wants to speak about.
        AgendaItem = "agenda_item",
        /// What came of a meeting.
        MeetingOutcome = "meeting_outcome",
    }
}

/// One change, as it is told to each firm that sees it.
#[derive(Debug)]
pub struct Change {
    /// What kind of thing.
    pub kind: Kind,
    /// Which one.
    pub resource_id: Uuid,
    /// What happened to it: `created`, `updated`, `deleted`, or the verb as in addresses (`accept`).
    pub action: &'static str,
    /// Its version after the change.
    pub version: i32,
    /// The partnership that it belongs to.
    pub partnership_id: Option<Uuid>,
    /// Who sees it.
    pub firms: Vec<Uuid>,
    /// Who did it; `None` for the service itself.
    pub actor_id: Option<Uuid>,
    /// When.
    pub at: Timestamp,
}

impl Change {
    /// A change by a caller that its own firm sees, and no other yet.
    pub fn by(
        caller: &Caller,
        kind: Kind,
        resource_id: Uuid,
        action: &'static str,
        at: Timestamp,
    ) -> Self {
        let actor_id = Some(caller.actor_id());
        Self::of(actor_id, kind, resource_id, action, at).seen_by([caller.firm_id])
    }

    /// A change by a member or an API client, or by the service itself, that no firm sees yet.
    pub fn of(
        actor_id: Option<Uuid>,
        kind: Kind,
        resource_id: Uuid,
        action: &'static str,
        at: Timestamp,
    ) -> Self {
        Self {
            kind,
            resource_id,
            action,
            version: 1,
            partnership_id: None,
            firms: Vec::new(),
            actor_id,
            at,
        }
    }

    /// With the version that it made.
    #[must_use]
    pub fn version(self, version: i32) -> Self {
        Self { version, ..self }
    }

    /// In a partnership.
    #[must_use]
    pub fn within(self, partnership_id: Uuid) -> Self {
        Self {
            partnership_id: Some(partnership_id),
            ..self
        }
    }

    /// Seen by exactly these firms.
    #[must_use]
    pub fn seen_by(self, firms: impl IntoIterator<Item = Uuid>) -> Self {
        Self {
            firms: firms.into_iter().collect(),
            ..self
        }
    }
}

/// Records a change in the transaction that makes it, in the feed and in the audit log. The two
/// statements travel together.
pub async fn record(tx: &Tx, change: Change) -> ApiResult<()> {
    let entry = audit::Entry {
        firms: &change.firms,
        actor_id: change.actor_id,
        action: change.action,
        kind: change.kind.as_str(),
        resource_id: Some(change.resource_id),
        partnership_id: change.partnership_id,
        version: Some(change.version),
        at: change.at,
    };
    futures_util::try_join!(store::insert(tx, &change), audit::record(tx, entry))?;
    Ok(())
}
