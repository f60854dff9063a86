//! What each kind of step needs, and what goes with no other.

use super::create::CreateActionStep;
use super::model::StepKind;
use crate::platform::error::FieldError;

/// What is missing for the kind of step, and what does not go with it.
pub(super) fn complaints(body: &CreateActionStep) -> Vec<FieldError> {
    let talks = body.kind == StepKind::ClientConversation;
    let follows = body.kind == StepKind::FollowUp;
    // The field, whether it is there, whether the kind needs it, and whether the kind can have it.
    let fields = [
        ("/channel", body.channel.is_some(), talks, talks),
        ("/topic", body.topic.is_some(), talks, talks),
        (
            "/introduction_id",
            body.introduction_id.is_some(),
            talks,
            true,
        ),
        ("/follows_id", body.follows_id.is_some(), false, follows),
    ];
    let kind = body.kind;
    let complaint = |(pointer, is_there, needed, possible)| match (is_there, needed, possible) {
        (false, true, _) => Some(FieldError::new(
            pointer,
            "needed",
            format!("The kind {kind} needs it."),
        )),
        (true, _, false) => Some(FieldError::new(
            pointer,
            "not_of_kind",
            format!("It does not go with the kind {kind}."),
        )),
        _ => None,
    };
    fields.into_iter().filter_map(complaint).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action_steps::ConversationChannel;
    use crate::parties::Side;
    use crate::platform::values::Date;
    use uuid::Uuid;

    fn of(kind: StepKind) -> CreateActionStep {
        CreateActionStep {
            id: None,
            owner: Side::Us,
            owner_member_id: None,
            introduction_id: None,
            kind,
            channel: None,
            topic: None,
            follows_id: None,
            section: None,
            title: "Speak to her".to_owned(),
            detail: None,
            due_on: Date::new(2026, 3, 9),
            length_days: None,
            after: Vec::new(),
        }
    }

    fn full(kind: StepKind) -> CreateActionStep {
        CreateActionStep {
            introduction_id: Some(Uuid::nil()),
            channel: Some(ConversationChannel::Phone),
            topic: Some("Her practice".to_owned()),
            follows_id: Some(Uuid::nil()),
            ..of(kind)
        }
    }

    fn told(body: &CreateActionStep) -> Vec<String> {
        let errors = complaints(body).into_iter();
        errors
            .map(|error| format!("{} {}", error.pointer, error.code))
            .collect()
    }

    /// By hand from "Action step" of the product's description.
    #[test]
    fn each_kind_needs_its_own_fields_and_bears_no_others() {
        assert_eq!(
            told(&of(StepKind::ClientConversation)),
            [
                "/channel needed",
                "/topic needed",
                "/introduction_id needed"
            ]
        );
        assert!(told(&of(StepKind::FollowUp)).is_empty());
        assert!(told(&of(StepKind::Internal)).is_empty());
        assert_eq!(
            told(&full(StepKind::ClientConversation)),
            ["/follows_id not_of_kind"]
        );
        assert_eq!(
            told(&full(StepKind::FollowUp)),
            ["/channel not_of_kind", "/topic not_of_kind"]
        );
        assert_eq!(
            told(&full(StepKind::Internal)),
            [
                "/channel not_of_kind",
                "/topic not_of_kind",
                "/follows_id not_of_kind"
            ]
        );
    }
}
