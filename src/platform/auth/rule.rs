//! The table "who may do what": duties by role, and scopes for machines.

use super::{Caller, Who};
use crate::platform::error::Problem;
use crate::words;

words! {
    /// What a member may do in the firm.
    pub enum Role {
        /// Runs the firm: everything an advisor may, and members, API clients, webhooks.
        Admin = "admin",
        /// Holds partnerships and commits the firm.
        Advisor = "advisor",
        /// Prepares what an advisor then commits to.
        Assistant = "assistant",
        /// Reads, audits, exports; changes nothing but erasures and holds.
        Compliance = "compliance",
    }
}

words! {
    /// What an API client was granted. `read` covers what the firm may see, `write` what it may
    /// prepare; `introductions:write` also moves introductions and records consent.
    pub enum Scope {
        /// Read the firm.
        FirmRead = "firm:read",
        /// Change the firm.
        FirmWrite = "firm:write",
        /// Read members.
        MembersRead = "members:read",
        /// Change members.
        MembersWrite = "members:write",
        /// Read the firm's clients.
        ClientsRead = "clients:read",
        /// Create and change the firm's clients.
        ClientsWrite = "clients:write",
        /// Read partnerships.
        PartnershipsRead = "partnerships:read",
        /// Prepare partnerships.
        PartnershipsWrite = "partnerships:write",
        /// Read plans.
        PlanRead = "plan:read",
        /// Draft sections of plans.
        PlanWrite = "plan:write",
        /// Read introductions.
        IntroductionsRead = "introductions:read",
        /// Draft, offer, answer, move and withdraw introductions; record and withdraw consent.
        IntroductionsWrite = "introductions:write",
        /// Read action steps and timelines.
        ActionStepsRead = "action-steps:read",
        /// Create action steps, and move and finish the firm's own.
        ActionStepsWrite = "action-steps:write",
        /// Read meetings.
        MeetingsRead = "meetings:read",
        /// Prepare meetings.
        MeetingsWrite = "meetings:write",
        /// Read contacts.
        ContactsRead = "contacts:read",
        /// Change the firm's contacts.
        ContactsWrite = "contacts:write",
        /// Read touchpoints.
        TouchpointsRead = "touchpoints:read",
        /// Record touchpoints.
        TouchpointsWrite = "touchpoints:write",
        /// Read documents.
        DocumentsRead = "documents:read",
        /// Prepare documents.
        DocumentsWrite = "documents:write",
        /// Read webhooks.
        WebhooksRead = "webhooks:read",
        /// Change webhooks.
        WebhooksWrite = "webhooks:write",
        /// Read imports.
        ImportsRead = "imports:read",
        /// Run imports.
        ImportsWrite = "imports:write",
        /// Read reports.
        ReportsRead = "reports:read",
        /// Read the change feed.
        ChangesRead = "changes:read",
        /// Read exports.
        ExportsRead = "exports:read",
        /// Read the audit log.
        AuditRead = "audit:read",
    }
}

/// A column of the table: a kind of doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// See what the firm may see.
    Read,
    /// Prepare: clients, drafts, own steps, notes.
    Prepare,
    /// Bind the firm: propose, accept, offer, answer, consent.
    Commit,
    /// Run the firm: members, API clients, webhooks, limits.
    Run,
    /// Read the audit and disclosure logs, export everything.
    Audit,
    /// Erase a client, hold a record.
    Erase,
}

impl Duty {
    /// Whether a member of this role may.
    pub const fn is_for(self, role: Role) -> bool {
        match self {
            Self::Read => true,
            Self::Prepare => matches!(role, Role::Admin | Role::Advisor | Role::Assistant),
            Self::Commit => matches!(role, Role::Admin | Role::Advisor),
            Self::Run => matches!(role, Role::Admin),
            Self::Audit | Self::Erase => matches!(role, Role::Admin | Role::Compliance),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Prepare => "prepare records",
            Self::Commit => "commit the firm",
            Self::Run => "run the firm",
            Self::Audit => "audit the firm",
            Self::Erase => "erase or hold records",
        }
    }
}

/// What a policy says: go on, or the problem that the caller is told.
pub type Verdict = Result<(), Problem>;

/// Who may do something at all, before it is looked at what it is done to.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// For members: the duty that their role must cover.
    pub duty: Duty,
    /// For API clients: the scope that they must hold; `None` when it is for people alone.
    pub machines: Option<Scope>,
}

impl Rule {
    /// For people by duty and for machines by scope.
    pub const fn new(duty: Duty, scope: Scope) -> Self {
        Self {
            duty,
            machines: Some(scope),
        }
    }

    /// For people alone.
    pub const fn people(duty: Duty) -> Self {
        Self {
            duty,
            machines: None,
        }
    }

    /// The scope as the document names it; empty when it is for people alone.
    pub const fn scope(self) -> &'static str {
        match self.machines {
            Some(scope) => scope.as_str(),
            None => "",
        }
    }

    /// Whether this caller may.
    pub fn permits(self, caller: &Caller) -> Verdict {
        match (&caller.who, self.machines) {
            (Who::Member { role, .. }, _) if self.duty.is_for(*role) => Ok(()),
            (Who::Member { role, .. }, _) => Err(Problem::forbidden(format!(
                "The role {role} may not {}.",
                self.duty.name()
            ))),
            (Who::ApiClient { scopes, .. }, Some(scope)) if scopes.has(scope) => Ok(()),
            (Who::ApiClient { .. }, Some(scope)) => Err(Problem::forbidden(format!(
                "The API client lacks the scope {scope}."
            ))),
            (Who::ApiClient { .. }, None) => Err(Problem::forbidden(
                "This is for people; no API client may do it.",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Copied by hand from the table "Who may do what" of the product's description.
    #[test]
    fn the_duties_are_those_of_the_table() {
        use Duty::{Audit, Commit, Erase, Prepare, Read, Run};
        let table = [
            //         admin  advisor assistant compliance
            (Read, [true, true, true, true]),
            (Prepare, [true, true, true, false]),
            (Commit, [true, true, false, false]),
            (Run, [true, false, false, false]),
            (Audit, [true, false, false, true]),
            (Erase, [true, false, false, true]),
        ];
        for (duty, expected) in table {
            let roles = [
                Role::Admin,
                Role::Advisor,
                Role::Assistant,
                Role::Compliance,
            ];
            assert_eq!(roles.map(|role| duty.is_for(role)), expected, "{duty:?}");
        }
    }

    fn machine(scopes: &[Scope]) -> Caller {
        let scopes = scopes.iter().copied().collect();
        let who = Who::ApiClient {
            api_client_id: uuid::Uuid::nil(),
            scopes,
        };
        Caller {
            firm_id: uuid::Uuid::nil(),
            who,
            credential_id: uuid::Uuid::nil(),
        }
    }

    #[test]
    fn a_machine_needs_exactly_the_scope_and_never_does_what_is_for_people() {
        for &needed in Scope::ALL {
            let rule = Rule::new(Duty::Commit, needed);
            assert_eq!(rule.scope(), needed.as_str());
            for &held in Scope::ALL {
                assert_eq!(
                    rule.permits(&machine(&[held])).is_ok(),
                    held == needed,
                    "{held} for {needed}"
                );
            }
        }
        let all = machine(Scope::ALL);
        assert!(Rule::people(Duty::Read).permits(&all).is_err());
        assert_eq!(Rule::people(Duty::Read).scope(), "");
    }

    #[test]
    fn a_member_needs_the_duty_and_no_scope() {
        let rule = Rule::new(Duty::Commit, Scope::IntroductionsWrite);
        for &role in Role::ALL {
            let who = Who::Member {
                member_id: uuid::Uuid::nil(),
                role,
            };
            let caller = Caller {
                firm_id: uuid::Uuid::nil(),
                who,
                credential_id: uuid::Uuid::nil(),
            };
            assert_eq!(
                rule.permits(&caller).is_ok(),
                Duty::Commit.is_for(role),
                "{role}"
            );
        }
    }
}
