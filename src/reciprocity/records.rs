//! The addresses of the records behind the figures.

use std::fmt::Write as _;

use uuid::Uuid;

use super::contributions::ContributionKind;
use super::model::{CountedOn, ReachedStage};
use super::window::Window;
use crate::introductions::{Direction, ReasonCode, Stage};

/// Where the records of a window are read: of one partnership, or of all.
#[derive(Clone, Copy, Debug)]
pub struct Records {
    /// The partnership, if it is about one.
    pub partnership_id: Option<Uuid>,
    /// The window.
    pub window: Window,
}

impl Records {
    /// The same in another window.
    #[must_use]
    pub fn within(self, window: Window) -> Self {
        Self { window, ..self }
    }

    /// The same of one partnership.
    #[must_use]
    pub fn of(self, partnership_id: Uuid) -> Self {
        Self {
            partnership_id: Some(partnership_id),
            ..self
        }
    }

    /// The entries of one direction, or of both, that have come so far at least.
    pub fn entries(self, direction: Option<Direction>, reached: Option<ReachedStage>) -> String {
        let direction = direction.map(Direction::as_str);
        let reached = reached.map(ReachedStage::as_str);
        self.at(
            "/v1/reciprocity/entries",
            &[("direction", direction), ("reached", reached)],
        )
    }

    /// The entries of both directions that stand there, for this reason.
    pub fn ended(self, stage: Stage, reason: ReasonCode) -> String {
        let filters = [
            ("stage", Some(stage.as_str())),
            ("reason", Some(reason.as_str())),
        ];
        self.at("/v1/reciprocity/entries", &filters)
    }

    /// The entries of one direction or of both that came so far in the window, whenever they were offered.
    pub fn reached(self, direction: Option<Direction>, reached: ReachedStage) -> String {
        let filters = [
            ("direction", direction.map(Direction::as_str)),
            ("reached", Some(reached.as_str())),
            ("counted_on", Some(CountedOn::Reached.as_str())),
        ];
        self.at("/v1/reciprocity/entries", &filters)
    }

    /// The entries of both directions whose client was introduced and told no core story.
    pub fn untold(self) -> String {
        let filters = [
            ("reached", Some(ReachedStage::Introduced.as_str())),
            ("core_story_told", Some("false")),
        ];
        self.at("/v1/reciprocity/entries", &filters)
    }

    /// The confirmed contributions of one direction and kind.
    pub fn contributions(self, direction: Direction, kind: Option<ContributionKind>) -> String {
        let filters = [
            ("direction", Some(direction.as_str())),
            ("kind", kind.map(ContributionKind::as_str)),
            ("state", Some("confirmed")),
        ];
        self.at("/v1/contributions", &filters)
    }

    /// The whole report of one partnership.
    pub fn report(self, partnership_id: Uuid) -> String {
        let Window { from, to } = self.window;
        format!("/v1/partnerships/{partnership_id}/reciprocity?from={from}&to={to}")
    }

    fn at(self, path: &str, filters: &[(&str, Option<&str>)]) -> String {
        let Window { from, to } = self.window;
        let mut address = format!("{path}?from={from}&to={to}");
        if let Some(id) = self.partnership_id {
            let _ = write!(address, "&partnership_id={id}");
        }
        for (name, value) in filters {
            if let Some(value) = value {
                let _ = write!(address, "&{name}={value}");
            }
        }
        address
    }
}
