//! What a playbook is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::action_steps::{ConversationChannel, StepKind};
use crate::changes::{Change, Kind};
use crate::platform::auth::Caller;
use crate::platform::error::FieldError;
use crate::platform::values::{Name, Timestamp};
use crate::words;
use crate::work_calendar::Lag;

words! {
    /// Whose timeline a playbook lays out.
    pub enum PlaybookSubject {
        /// That of a partnership.
        Partnership = "partnership",
        /// That of an introduction.
        Introduction = "introduction",
    }
}

words! {
    /// Who does a step of a playbook.
    pub enum PlaybookOwner {
        /// The firm whose playbook it is.
        Us = "us",
        /// Its partner.
        Partner = "partner",
        /// The party that introduces the client; of introductions alone.
        Introducer = "introducer",
        /// The party that receives the introduction; of introductions alone.
        Receiver = "receiver",
    }
}

/// What a step of a playbook comes after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaybookPredecessor {
    /// The key of the step; `null` for the start.
    #[schema(required, min_length = 1, max_length = 60)]
    pub key: Option<String>,
    /// How long after that it begins at the earliest.
    pub lag: Lag,
}

/// A step of a playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaybookStep {
    /// What the other steps call it; each key is there once.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,60}$", min_length = 1, max_length = 60)]
    pub key: String,
    /// What is to be done. Both parties will read it.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub title: String,
    /// More about it.
    #[schema(required, min_length = 1, max_length = 5000)]
    pub detail: Option<String>,
    /// Who does it.
    pub owner: PlaybookOwner,
    /// What kind of step it is.
    pub kind: StepKind,
    /// Of a conversation: how the client is spoken to.
    #[schema(required)]
    pub channel: Option<ConversationChannel>,
    /// Of a conversation: what about.
    #[schema(required, min_length = 1, max_length = 500, pattern = r"\S")]
    pub topic: Option<String>,
    /// What it comes after, whichever comes last; nothing: it begins on the start date.
    #[schema(max_items = 20)]
    pub after: Vec<PlaybookPredecessor>,
    /// How many business days it is expected to take.
    #[schema(minimum = 1, maximum = 1000)]
    pub length_days: i32,
}

/// What a playbook says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What it is called.
    pub name: Name,
    /// What it is for.
    pub description: Option<String>,
    /// Whose timeline it lays out.
    pub applies_to: PlaybookSubject,
    /// Whether its dates fall on business days alone.
    pub skips_days_off: bool,
    /// Its steps.
    pub steps: Vec<PlaybookStep>,
}

/// A firm's template of a timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Playbook {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub name: Name,
    /// What it is for.
    pub description: Option<String>,
    /// Whose timeline it lays out.
    pub applies_to: PlaybookSubject,
    /// Whether its dates fall on business days alone.
    pub skips_days_off: bool,
    /// Its steps, in their order.
    pub steps: Vec<PlaybookStep>,
    /// When it was put away; `null` while it can be applied.
    pub archived_at: Option<Timestamp>,
    /// Who wrote this version.
    pub written_by: Uuid,
    /// When it was first written.
    pub created_at: Timestamp,
    /// When this version was written.
    pub updated_at: Timestamp,
    /// The number of this version.
    pub version: i32,
}

impl Playbook {
    /// What it says.
    pub fn script(&self) -> Script {
        Script {
            name: self.name.clone(),
            description: self.description.clone(),
            applies_to: self.applies_to,
            skips_days_off: self.skips_days_off,
            steps: self.steps.clone(),
        }
    }

    /// Tells its firm.
    pub fn done(&self, caller: &Caller, action: &'static str, now: Timestamp) -> Change {
        Change::by(caller, Kind::Playbook, self.id, action, now).version(self.version)
    }
}

impl Script {
    /// What is wrong with the steps.
    pub fn complaints(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut seen = BTreeSet::new();
        let keys: BTreeSet<&str> = self.steps.iter().map(|step| step.key.as_str()).collect();
        for (at, step) in self.steps.iter().enumerate() {
            if !seen.insert(step.key.as_str()) {
                let pointer = format!("/steps/{at}/key");
                errors.push(FieldError::new(pointer, "twice", "It is there already."));
            }
            errors.extend(self.misfits(at, step));
            for (place, one) in step.after.iter().enumerate() {
                let mut before = step.after.iter().take(place);
                if before.any(|other| other.key == one.key) {
                    let pointer = format!("/steps/{at}/after/{place}/key");
                    errors.push(FieldError::new(
                        pointer,
                        "twice",
                        "It is waited for already.",
                    ));
                }
                let is_known = one.key.as_deref().is_none_or(|key| keys.contains(key));
                if !is_known {
                    let pointer = format!("/steps/{at}/after/{place}/key");
                    errors.push(FieldError::new(pointer, "unknown", "No step has this key."));
                }
            }
        }
        if errors.is_empty() && self.order().len() < self.steps.len() {
            let detail = "Steps wait for one another in a circle.";
            errors.push(FieldError::new("/steps", "circle", detail));
        }
        errors
    }

    /// What does not go with the subject, or with the kind of step.
    fn misfits(&self, at: usize, step: &PlaybookStep) -> Vec<FieldError> {
        let of_introduction = self.applies_to == PlaybookSubject::Introduction;
        let talks = step.kind == StepKind::ClientConversation;
        let sided = matches!(
            step.owner,
            PlaybookOwner::Introducer | PlaybookOwner::Receiver
        );
        let checks = [
            (
                "owner",
                sided && !of_introduction,
                "Only a timeline of an introduction has it.",
            ),
            (
                "kind",
                talks && !of_introduction,
                "Only a timeline of an introduction has it.",
            ),
            (
                "channel",
                talks != step.channel.is_some(),
                "A conversation needs it, and nothing else has it.",
            ),
            (
                "topic",
                talks != step.topic.is_some(),
                "A conversation needs it, and nothing else has it.",
            ),
        ];
        let wrong = checks.into_iter().filter(|(_, is_wrong, _)| *is_wrong);
        wrong
            .map(|(field, _, detail)| {
                FieldError::new(format!("/steps/{at}/{field}"), "misfit", detail)
            })
            .collect()
    }

    /// The places of the steps, each after those that it waits for; what waits in a circle is left out.
    pub fn order(&self) -> Vec<usize> {
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        let mut order = Vec::new();
        loop {
            let before = order.len();
            for (at, step) in self.steps.iter().enumerate() {
                let is_new = !placed.contains(step.key.as_str());
                let keys = || step.after.iter().filter_map(|one| one.key.as_deref());
                if is_new && keys().all(|key| placed.contains(key)) {
                    placed.insert(step.key.as_str());
                    order.push(at);
                }
            }
            if order.len() == before {
                return order;
            }
        }
    }
}
