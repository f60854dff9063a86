//! The authorization matrix: every operation, asked by everybody.
//!
//! The cells are copied by hand from the table "Who may do what" of the product's description, never
//! computed from the code. What a refused request was about is used for the next one: when the allowed
//! request then succeeds, the refused ones have changed nothing.

use std::collections::{BTreeMap, BTreeSet};

use quid::platform::auth::Role;

use super::coverage::Coverage;
use super::nothing;
use super::world::{Request, Side, WITH_SECOND_FACTOR, World, owner};
use crate::support::{Actor, Firm};

/// Who asks. "Own" is the party that may, where not both may: the receiver for an answer to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Persona {
    Nobody,
    BadToken,
    /// An API client of the own firm with every scope but the one that is needed.
    WrongScope,
    /// The admin of a firm that has nothing to do with it.
    Stranger,
    /// The admin of the other party.
    Partner,
    Admin,
    Advisor,
    Assistant,
    Compliance,
    /// An API client of the own firm with the needed scope alone; with all, where none suffices.
    ApiClient,
}

const PERSONAS: [Persona; 10] = [
    Persona::Nobody,
    Persona::BadToken,
    Persona::WrongScope,
    Persona::Stranger,
    Persona::Partner,
    Persona::Admin,
    Persona::Advisor,
    Persona::Assistant,
    Persona::Compliance,
    Persona::ApiClient,
];

/// An operation, or one case of it.
struct Row {
    operation: &'static str,
    case: &'static str,
    /// The scope with which an API client may; `""` where it is for people alone, or for everyone.
    scope: &'static str,
    /// What an allowed request is answered with.
    done: u16,
    /// In the order of [`PERSONAS`]; [`OK`] stands for `done`.
    cells: [u16; 10],
}

/// May do it.
const OK: u16 = 0;

#[rustfmt::skip]
const MATRIX: &[Row] = &[
    // Open to everyone.                                                  nobody bad  wrong stra part admin advi assi comp client
    row("get_health", "", "", 200,                                        [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_readiness", "", "", 200,                                     [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_problems", "", "", 200,                                     [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_problem", "", "", 200,                                       [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_jwks", "", "", 200,                                          [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_authorization_server_metadata", "", "", 200,                 [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("request_sign_up", "", "", 202,                                   [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    // Whoever has the token that came by mail.
    row("sign_up_firm", "", "", 201,                                      [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("accept_member_invitation", "", "", 201,                          [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("request_password_reset", "", "", 202,                            [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("use_password_reset", "", "", 200,                                [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("sign_in", "", "", 201,                                           [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    // Here the `Authorization` header is the API client's own (RFC 6749, 2.3.1); a bearer token in it is none.
    row("issue_token", "", "", 200,                                       [OK,   401, 401, 401, 401, 401, 401, 401, 401, 401]),
    row("issue_token", "refresh", "", 200,                                [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),

    // Whoever is signed in; a session is a person's.                     nobody bad  wrong stra part admin advi assi comp client
    row("sign_out", "", "", 204,                                          [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    // Each has sessions, a password and a second factor of the own, and nobody else's are there.
    row("list_sessions", "", "", 200,                                     [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    row("end_session", "", "", 204,                                       [401,  401, 403, 404, 404, OK,  404, 404, 404, 403]),
    row("end_other_sessions", "", "", 204,                                [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    row("change_password", "", "", 204,                                   [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    row("get_second_factor", "", "", 200,                                 [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    row("enrol_second_factor", "", "", 201,                               [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    // By people of firms of their own: whoever has a second factor signs in otherwise from then on.
    row("confirm_second_factor", "", "", 200,                             [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    row("renew_recovery_codes", "", "", 200,                              [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    row("remove_second_factor", "", "", 204,                              [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    row("get_me", "", "firm:read", 200,                                   [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    // Everybody has a profile of its own, whatever the role; the tag is the admin's.
    row("patch_me", "", "", 200,                                          [401,  401, 403, 412, 412, OK,  412, 412, 412, 403]),
    row("get_firm", "", "firm:read", 200,                                 [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_members", "", "members:read", 200,                          [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),

    row("get_member", "", "members:read", 200,                            [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("list_member_invitations", "", "members:read", 200,               [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_member_invitation", "", "members:read", 200,                 [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),

    // Run the firm.                                                      nobody bad  wrong stra part admin advi assi comp client
    // Everybody has a firm of its own; the tag is not that of the others'.
    row("patch_firm", "", "", 200,                                        [401,  401, 403, 412, 412, OK,  403, 403, 403, 403]),
    row("patch_member", "", "", 200,                                      [401,  401, 403, 404, 404, OK,  403, 403, 403, 403]),
    row("deactivate_member", "", "", 200,                                 [401,  401, 403, 404, 404, OK,  403, 403, 403, 403]),
    row("reactivate_member", "", "", 200,                                 [401,  401, 403, 404, 404, OK,  403, 403, 403, 403]),
    row("create_member_invitation", "", "", 201,                          [401,  401, 403, OK,  OK,  OK,  403, 403, 403, 403]),
    row("revoke_member_invitation", "", "", 200,                          [401,  401, 403, 404, 404, OK,  403, 403, 403, 403]),
    row("list_api_clients", "", "", 200,                                  [401,  401, 403, OK,  OK,  OK,  403, 403, 403, 403]),
    row("create_api_client", "", "", 201,                                 [401,  401, 403, OK,  OK,  OK,  403, 403, 403, 403]),
    row("revoke_api_client", "", "", 204,                                 [401,  401, 403, 404, 404, OK,  403, 403, 403, 403]),

    // Each closes a firm of its own, made for that.
    row("close_firm", "", "", 204,                                        [401,  401, 403, OK,  OK,  OK,  403, 403, 403, 403]),

    // Partnerships: to commit the firm is for people alone.              nobody bad  wrong stra part admin advi assi comp client
    row("list_partnerships", "", "partnerships:read", 200,                [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_partnership", "", "partnerships:read", 200,                  [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("propose_partnership", "", "", 201,                               [401,  401, 403, OK,  OK,  OK,  OK,  403, 403, 403]),
    // The recipient answers; the proposer ("partner" here) takes back.
    row("accept_partnership", "", "", 200,                                [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),
    row("decline_partnership", "", "", 200,                               [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),
    row("withdraw_partnership", "", "", 200,                              [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),
    // Either party.
    row("activate_partnership", "", "", 200,                              [401,  401, 403, 404, OK,  OK,  OK,  403, 403, 403]),
    row("pause_partnership", "", "", 200,                                 [401,  401, 403, 404, OK,  OK,  OK,  403, 403, 403]),
    row("resume_partnership", "", "", 200,                                [401,  401, 403, 404, OK,  OK,  OK,  403, 403, 403]),
    row("end_partnership", "", "", 200,                                   [401,  401, 403, 404, OK,  OK,  OK,  403, 403, 403]),

    // An admin hands anybody's party over, the lead its own; here the admin leads, and the advisor does not.
    // To the partner, the member who is named is none of its own.
    row("change_lead", "", "", 200,                                       [401,  401, 403, 404, 422, OK,  403, 403, 403, 403]),
    row("get_partnership_terms", "", "partnerships:read", 200,            [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_partnership_terms", "", "partnerships:read", 200,           [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("patch_partnership_terms", "", "", 200,                           [401,  401, 403, 404, OK,  OK,  OK,  403, 403, 403]),
    // Each party has notes of its own, and the partner's are not there.
    row("create_partnership_note", "", "partnerships:write", 201,         [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("list_partnership_notes", "", "partnerships:read", 200,           [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_partnership_note", "", "partnerships:read", 200,             [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("patch_partnership_note", "", "partnerships:write", 200,          [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),
    row("delete_partnership_note", "", "partnerships:write", 204,         [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),

    // Plans: both see what was proposed; a draft is its own party's.     nobody bad  wrong stra part admin advi assi comp client
    row("get_plan", "", "plan:read", 200,                                 [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_plan_versions", "", "plan:read", 200,                       [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_plan_version", "", "plan:read", 200,                         [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_plan_version", "of a draft", "plan:read", 200,               [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("compare_plan_versions", "", "plan:read", 200,                    [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("create_plan_version", "", "plan:write", 201,                     [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("patch_plan_version", "", "plan:write", 200,                      [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),
    row("delete_plan_version", "", "plan:write", 204,                     [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),
    row("propose_plan_version", "", "", 200,                              [401,  401, 403, 404, 404, OK,  OK,  403, 403, 403]),
    // The other party agrees; the one that proposed it is the partner here.
    row("agree_plan_version", "", "", 200,                                [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),
    row("withdraw_plan_version", "", "", 200,                             [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),
    row("decide_plan", "", "", 201,                                       [401,  401, 403, 404, OK,  OK,  OK,  403, 403, 403]),
    row("list_plan_decisions", "", "plan:read", 200,                      [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_plan_decision", "", "plan:read", 200,                        [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("waive_plan_section", "", "", 201,                                [401,  401, 403, 404, OK,  OK,  OK,  403, 403, 403]),
    row("list_plan_waivers", "", "plan:read", 200,                        [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_plan_waiver", "", "plan:read", 200,                          [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("withdraw_plan_waiver", "", "", 200,                              [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),

    // Whom to introduce: of the firm's own clients, who are unknown to the partner.
    row("get_candidate", "", "clients:read", 200,                         [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("list_candidates", "", "clients:read", 200,                       [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),

    // The ledger is of the firm's own partnerships.                      nobody bad  wrong stra part admin advi assi comp client
    row("get_reciprocity", "", "reports:read", 200,                       [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_firm_reciprocity", "", "reports:read", 200,                  [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_reciprocity_entries", "", "reports:read", 200,              [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_pipeline", "", "reports:read", 200,                          [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_results", "", "reports:read", 200,                           [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_vitality", "", "reports:read", 200,                          [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("create_metric_reading", "", "plan:write", 201,                   [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("list_metric_readings", "", "plan:read", 200,                     [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_metric_reading", "", "plan:read", 200,                       [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_contributions", "", "partnerships:read", 200,               [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_contribution", "", "partnerships:read", 200,                 [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("create_contribution", "", "partnerships:write", 201,             [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    // Who gave takes back; who received ("partner" is the other here) answers, by its people.
    row("withdraw_contribution", "", "partnerships:write", 200,           [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("confirm_contribution", "", "", 200,                              [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),
    row("decline_contribution", "", "", 200,                              [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),

    // Clients are the firm's own.                                        nobody bad  wrong stra part admin advi assi comp client
    row("list_clients", "", "clients:read", 200,                          [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_client", "", "clients:read", 200,                            [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("get_client_by_external_id", "", "clients:read", 200,             [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("create_client", "", "clients:write", 201,                        [401,  401, 403, OK,  OK,  OK,  OK,  OK,  403, OK]),
    row("patch_client", "", "clients:write", 200,                         [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),
    // Every firm has external ids of its own: whoever puts one makes a client of its own.
    row("upsert_client", "", "clients:write", 201,                        [401,  401, 403, OK,  OK,  OK,  OK,  OK,  403, OK]),
    row("list_consents", "", "clients:read", 200,                         [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("get_consent", "", "clients:read", 200,                           [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("record_consent", "", "introductions:write", 201,                 [401,  401, 403, 404, 404, OK,  OK,  403, 403, OK]),
    row("withdraw_consent", "", "introductions:write", 200,               [401,  401, 403, 404, 404, OK,  OK,  403, 403, OK]),

    // To erase and to hold is for admin and compliance, who are people.
    row("hold_client", "", "", 200,                                       [401,  401, 403, 404, 404, OK,  403, 403, OK,  403]),
    row("release_client", "", "", 200,                                    [401,  401, 403, 404, 404, OK,  403, 403, OK,  403]),
    row("erase_client", "", "", 204,                                      [401,  401, 403, 404, 404, OK,  403, 403, OK,  403]),

    // Audit and disclosure log.                                          nobody bad  wrong stra part admin advi assi comp client
    row("list_audit_entries", "", "audit:read", 200,                      [401,  401, 403, OK,  OK,  OK,  403, 403, OK,  OK]),
    row("list_disclosures", "", "audit:read", 200,                        [401,  401, 403, OK,  OK,  OK,  403, 403, OK,  OK]),

    // Introductions: a draft is the introducer's alone.                  nobody bad  wrong stra part admin advi assi comp client
    row("list_introductions", "", "introductions:read", 200,              [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_introduction", "", "introductions:read", 200,                [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_introduction", "of a draft", "introductions:read", 200,      [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("get_introduction_fit", "", "introductions:read", 200,            [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_stages", "", "introductions:read", 200,                     [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_stages", "of a draft", "introductions:read", 200,           [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    // The partner may introduce clients too, but not another firm's: to it this one is unknown.
    row("create_introduction", "", "introductions:write", 201,            [401,  401, 403, 404, 422, OK,  OK,  OK,  403, OK]),
    row("create_introduction", "of the receiver's client",
                                   "introductions:write", 201,            [401,  401, 403, 404, 422, OK,  OK,  OK,  403, OK]),
    row("upsert_introduction", "", "introductions:write", 201,            [401,  401, 403, 422, 422, OK,  OK,  OK,  403, OK]),
    row("patch_introduction", "", "introductions:write", 200,             [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("patch_introduction", "of a draft", "introductions:write", 200,   [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),
    // The introducer offers and withdraws.
    row("offer_introduction", "", "introductions:write", 200,             [401,  401, 403, 404, 404, OK,  OK,  403, 403, OK]),
    // Made already, so that its owner meets the state; the receiver, who sees it now, still may not.
    row("offer_introduction", "of an offer", "introductions:write", 200,  [401,  401, 403, 404, 403, 409, 409, 403, 403, 409]),
    row("withdraw_introduction", "", "introductions:write", 200,          [401,  401, 403, 404, 403, OK,  OK,  403, 403, OK]),
    row("withdraw_introduction", "of a draft",
                                     "introductions:write", 200,          [401,  401, 403, 404, 404, OK,  OK,  403, 403, OK]),
    // The receiver answers; the introducer is the partner here.
    row("accept_introduction", "", "introductions:write", 200,            [401,  401, 403, 404, 403, OK,  OK,  403, 403, OK]),
    row("decline_introduction", "", "introductions:write", 200,           [401,  401, 403, 404, 403, OK,  OK,  403, 403, OK]),
    // Either records `introduced`; what follows, the receiver.
    row("record_stage", "introduced", "introductions:write", 200,         [401,  401, 403, 404, OK,  OK,  OK,  403, 403, OK]),
    row("record_stage", "meeting_set", "introductions:write", 200,        [401,  401, 403, 404, 403, OK,  OK,  403, 403, OK]),

    // Whoever recorded a stage corrects it; here the introducer, and the receiver is the partner.
    row("correct_stage", "", "introductions:write", 200,                  [401,  401, 403, 404, 403, OK,  OK,  403, 403, OK]),
    // The receiver tells what became of the client.
    row("record_outcome", "", "introductions:write", 200,                 [401,  401, 403, 404, 403, OK,  OK,  403, 403, OK]),
    // Each party has ids of its own; the other's are none of its business.
    row("get_introduction_by_external_id", "", "introductions:read", 200, [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("link_introduction", "", "introductions:write", 200,              [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("unlink_introduction", "", "introductions:write", 200,            [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),

    // Action steps: both see them.                                       nobody bad  wrong stra part admin advi assi comp client
    row("list_action_steps", "", "action-steps:read", 200,                [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_action_step", "", "action-steps:read", 200,                  [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_moves", "", "action-steps:read", 200,                       [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_timeline", "", "action-steps:read", 200,                     [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("create_action_step", "", "action-steps:write", 201,              [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    // A proposal binds nobody before the owner accepts it.
    row("create_action_step", "laid on the other",
                                  "action-steps:write", 201,              [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    // The owner says that it is done; either names another date, of which the other's is a proposal.
    row("complete_action_step", "", "action-steps:write", 200,            [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("reschedule_action_step", "", "action-steps:write", 200,          [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("list_step_states", "", "action-steps:read", 200,                 [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("list_evidence", "", "action-steps:read", 200,                    [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_evidence", "", "action-steps:read", 200,                     [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("add_evidence", "", "action-steps:write", 201,                    [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("patch_action_step", "", "action-steps:write", 200,               [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    // Until it is answered, who proposed a step edits it as well as its owner; the entity tag that is sent
    // is the proposer's, and the owner sees another representation.
    row("patch_action_step", "laid on the other",
                                  "action-steps:write", 200,              [401,  401, 403, 404, 412, OK,  OK,  OK,  403, OK]),
    row("begin_action_step", "", "action-steps:write", 200,               [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("skip_action_step", "", "action-steps:write", 200,                [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("reopen_action_step", "", "action-steps:write", 200,              [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("cancel_action_step", "", "action-steps:write", 200,              [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    // Whoever proposed it takes it back; its owner declines it instead.
    row("cancel_action_step", "laid on the other",
                                  "action-steps:write", 200,              [401,  401, 403, 404, 409, OK,  OK,  OK,  403, OK]),
    // That a broken promise does not count binds the firm; the owner ("partner" here) can't say it.
    row("agree_cancellation", "", "", 200,                                [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),
    row("get_work_calendar", "", "firm:read", 200,                        [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("put_work_calendar", "", "", 200,                                 [401,  401, 403, 412, 412, OK,  403, 403, 403, 403]),
    row("get_predecessors", "", "action-steps:read", 200,                 [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("put_predecessors", "", "action-steps:write", 200,                [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    // Timelines: both look at them and move them, each its own steps; who moved steps together undoes it.
    row("get_forecast", "", "action-steps:read", 200,                     [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_promises", "", "action-steps:read", 200,                     [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("preview_cascade", "", "action-steps:read", 200,                  [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("cascade_action_step", "", "action-steps:write", 201,             [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("list_cascades", "", "action-steps:read", 200,                    [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_cascade", "", "action-steps:read", 200,                      [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("undo_cascade", "", "action-steps:write", 200,                    [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    // The first screen is each person's own.
    row("get_today", "", "", 200,                                         [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    // Its address is the secret: a token is not looked at.
    row("read_calendar", "", "", 200,                                     [OK,   OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_calendar_feed", "", "", 200,                                 [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    row("create_calendar_feed", "", "", 201,                              [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    row("delete_calendar_feed", "", "", 204,                              [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  403]),
    // A firm's playbooks are its own.
    row("list_playbooks", "", "action-steps:read", 200,                   [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_playbook", "", "action-steps:read", 200,                     [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("list_playbook_versions", "", "action-steps:read", 200,           [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("create_playbook", "", "action-steps:write", 201,                 [401,  401, 403, OK,  OK,  OK,  OK,  OK,  403, OK]),
    row("patch_playbook", "", "action-steps:write", 200,                  [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),
    row("archive_playbook", "", "action-steps:write", 200,                [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),
    // The playbook that is named is the admin's firm's, and none of the partner's.
    row("preview_playbook", "", "action-steps:read", 200,                 [401,  401, 403, 404, 400, OK,  OK,  OK,  OK,  OK]),
    row("apply_playbook", "", "action-steps:write", 201,                  [401,  401, 403, 404, 422, OK,  OK,  OK,  403, OK]),
    row("list_playbook_applications", "", "action-steps:read", 200,       [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_playbook_application", "", "action-steps:read", 200,         [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    // To take a step on, or not, commits the firm: the owner's people, not the proposer ("partner" here).
    row("accept_action_step", "", "", 200,                                [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),
    row("decline_action_step", "", "", 200,                               [401,  401, 403, 404, 403, OK,  OK,  403, 403, 403]),

    // Contacts: both read both sides'; each writes its own.              nobody bad  wrong stra part admin advi assi comp client
    row("list_contacts", "", "contacts:read", 200,                        [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_contact", "", "contacts:read", 200,                          [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_whom_to_call", "", "contacts:read", 200,                     [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("create_contact", "", "contacts:write", 201,                      [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("patch_contact", "", "contacts:write", 200,                       [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("delete_contact", "", "contacts:write", 204,                      [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),

    // Touchpoints: of a private one the partner sees no sign.            nobody bad  wrong stra part admin advi assi comp client
    row("list_touchpoints", "", "touchpoints:read", 200,                  [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_touchpoint", "", "touchpoints:read", 200,                    [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_touchpoint", "that is private", "touchpoints:read", 200,     [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    row("create_touchpoint", "", "touchpoints:write", 201,                [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("patch_touchpoint", "", "touchpoints:write", 200,                 [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("patch_touchpoint", "that is private", "touchpoints:write", 200,  [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),
    row("delete_touchpoint", "", "touchpoints:write", 204,                [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("delete_touchpoint", "that is private", "touchpoints:write", 204, [401,  401, 403, 404, 404, OK,  OK,  OK,  403, OK]),
    // Everybody has a firm of its own.
    row("get_gift_totals", "", "touchpoints:read", 200,                   [401,  401, 403, OK,  OK,  OK,  OK,  OK,  OK,  OK]),
    // Meetings are both's; to prepare, move, skip and hold them is to prepare.
    //                                                                    nobody bad  wrong stra part admin advi assi comp client
    row("list_meetings", "", "meetings:read", 200,                        [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("create_meeting", "", "meetings:write", 201,                      [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("get_meeting", "", "meetings:read", 200,                          [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    // The tag is the admin's, and the partner sees another representation.
    row("patch_meeting", "", "meetings:write", 200,                       [401,  401, 403, 404, 412, OK,  OK,  OK,  403, OK]),
    row("move_meeting", "", "meetings:write", 200,                        [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("skip_meeting", "", "meetings:write", 200,                        [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("hold_meeting", "", "meetings:write", 200,                        [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("get_agenda", "", "meetings:read", 200,                           [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_conversations", "", "meetings:read", 200,                    [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    // Each party has a note of its own of the meeting, and both are empty at first.
    row("get_meeting_note", "", "meetings:read", 200,                     [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("put_meeting_note", "", "meetings:write", 200,                    [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("list_meeting_outcomes", "", "meetings:read", 200,                [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("get_meeting_outcome", "", "meetings:read", 200,                  [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    // A draft's is its introducer's alone.
    row("get_meeting_outcome", "of a draft", "meetings:read", 200,        [401,  401, 403, 404, 404, OK,  OK,  OK,  OK,  OK]),
    // A machine needs `action-steps:write` for the step as well, which this one has not.
    row("create_meeting_outcome", "", "meetings:write", 201,              [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, 403]),
    row("list_agenda_items", "", "meetings:read", 200,                    [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    row("create_agenda_item", "", "meetings:write", 201,                  [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
    row("get_agenda_item", "", "meetings:read", 200,                      [401,  401, 403, 404, OK,  OK,  OK,  OK,  OK,  OK]),
    // Its own party edits and removes it, either resolves it.
    row("patch_agenda_item", "", "meetings:write", 200,                   [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("delete_agenda_item", "", "meetings:write", 204,                  [401,  401, 403, 404, 403, OK,  OK,  OK,  403, OK]),
    row("resolve_agenda_item", "", "meetings:write", 200,                 [401,  401, 403, 404, OK,  OK,  OK,  OK,  403, OK]),
];

const fn row(
    operation: &'static str,
    case: &'static str,
    scope: &'static str,
    done: u16,
    cells: [u16; 10],
) -> Row {
    Row {
        operation,
        case,
        scope,
        done,
        cells,
    }
}

/// Every scope, copied by hand from the product's description.
fn every_scope() -> Vec<String> {
    let both = "firm members clients partnerships plan introductions action-steps meetings contacts touchpoints documents \
                webhooks imports";
    let both = both
        .split_whitespace()
        .flat_map(|thing| [format!("{thing}:read"), format!("{thing}:write")]);
    let read = "reports changes exports audit"
        .split_whitespace()
        .map(|thing| format!("{thing}:read"));
    both.chain(read).collect()
}

/// A person, who can sign in anew.
struct Person {
    actor: Actor,
    email: String,
}

struct Staff {
    advisor: Person,
    assistant: Person,
    compliance: Person,
    clients: BTreeMap<String, Actor>,
}

impl Staff {
    async fn new(world: &World, side: Side) -> Self {
        let firm = world.firm(side);
        let (advisor, assistant, compliance) = tokio::join!(
            person(world, firm, Role::Advisor),
            person(world, firm, Role::Assistant),
            person(world, firm, Role::Compliance)
        );
        let mut clients = BTreeMap::new();
        let needed: BTreeSet<&str> = MATRIX.iter().map(|row| row.scope).collect();
        for scope in needed {
            let all = every_scope();
            let others: Vec<&str> = all
                .iter()
                .map(String::as_str)
                .filter(|one| *one != scope)
                .collect();
            let exact = if scope.is_empty() {
                others.clone()
            } else {
                vec![scope]
            };
            clients.insert(
                format!("not {scope}"),
                world.quid.api_client(firm, &others).await,
            );
            clients.insert(
                format!("only {scope}"),
                world.quid.api_client(firm, &exact).await,
            );
        }
        Self {
            advisor,
            assistant,
            compliance,
            clients,
        }
    }
}

async fn person(world: &World, firm: &Firm, role: Role) -> Person {
    let actor = world.quid.member(firm, role).await;
    let me = actor.get("/v1/me").await.expect(200);
    Person {
        actor,
        email: me["member"]["email"].as_str().unwrap().to_owned(),
    }
}

/// The firms' people and machines.
struct Cast<'a> {
    world: &'a World,
    a: Staff,
    b: Staff,
}

impl Cast<'_> {
    /// Somebody of a firm that was made to be closed.
    async fn leaver(&self, persona: Persona) -> Actor {
        let quid = &self.world.quid;
        let firm = quid.firm("Soon Gone").await;
        match persona {
            Persona::Nobody => firm.admin.nobody(),
            Persona::BadToken => firm
                .admin
                .with_token(&tampered(firm.admin.token.as_deref().unwrap())),
            Persona::WrongScope | Persona::ApiClient => {
                let all = every_scope();
                let all: Vec<&str> = all.iter().map(String::as_str).collect();
                quid.api_client(&firm, &all).await
            }
            Persona::Stranger | Persona::Partner | Persona::Admin => firm.admin,
            Persona::Advisor => quid.member(&firm, Role::Advisor).await,
            Persona::Assistant => quid.member(&firm, Role::Assistant).await,
            Persona::Compliance => quid.member(&firm, Role::Compliance).await,
        }
    }

    async fn actor(&self, row: &Row, persona: Persona) -> Actor {
        if row.operation == "close_firm" {
            return self.leaver(persona).await;
        }
        if WITH_SECOND_FACTOR.contains(&row.operation) {
            let actor = self.leaver(persona).await;
            let world = self.world;
            world.spread_second_factor("Soon Gone", row.operation).await;
            return actor;
        }
        let own = owner(row.operation, row.case);
        let (firm, other) = match own {
            Side::A => (&self.world.pair.a, &self.world.pair.b),
            Side::B => (&self.world.pair.b, &self.world.pair.a),
        };
        let staff = if own == Side::A { &self.a } else { &self.b };
        let (actor, email) = match persona {
            Persona::Nobody => return firm.admin.nobody(),
            Persona::BadToken => {
                return firm
                    .admin
                    .with_token(&tampered(firm.admin.token.as_deref().unwrap()));
            }
            Persona::WrongScope => return staff.clients[&format!("not {}", row.scope)].clone(),
            Persona::ApiClient => return staff.clients[&format!("only {}", row.scope)].clone(),
            Persona::Stranger => (&self.world.stranger.admin, &self.world.stranger.email),
            Persona::Partner => (&other.admin, &other.email),
            Persona::Admin => (&firm.admin, &firm.email),
            Persona::Advisor => (&staff.advisor.actor, &staff.advisor.email),
            Persona::Assistant => (&staff.assistant.actor, &staff.assistant.email),
            Persona::Compliance => (&staff.compliance.actor, &staff.compliance.email),
        };
        // Whoever signs out does it in a session made for that.
        if row.operation == "sign_out" {
            self.world.quid.sign_in(email).await
        } else {
            actor.clone()
        }
    }
}

/// A token of the service's own in which one letter of the signature is another.
fn tampered(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{signed}.{other}{}", &signature[1..])
}

#[test]
fn every_operation_has_its_row_in_the_matrix() {
    let documented: BTreeSet<String> = super::documented::operations(&quid::routes::document())
        .into_iter()
        .map(|operation| operation.id)
        .collect();
    let rows: BTreeSet<String> = MATRIX.iter().map(|row| row.operation.to_owned()).collect();
    let missing = documented.difference(&rows).map(|id| {
        format!("{id}: add a row to MATRIX with its cells from the product's table, and its request to World::content")
    });
    let superfluous = rows.difference(&documented).map(|id| {
        format!("{id}: the document has no such operation; take its rows out of MATRIX and its request out of World::content")
    });
    nothing(
        &missing.chain(superfluous).collect::<Vec<_>>(),
        "the matrix names every operation and no other",
    );
}

#[test]
fn no_case_stands_in_the_matrix_twice_and_each_operation_can_be_done_by_somebody() {
    let mut cases = BTreeSet::new();
    let mut found = Vec::new();
    for row in MATRIX {
        if !cases.insert((row.operation, row.case)) {
            found.push(format!("{} {:?} twice", row.operation, row.case));
        }
        let mut same = MATRIX
            .iter()
            .filter(|other| other.operation == row.operation);
        if !same.any(|other| other.cells.contains(&OK)) {
            found.push(format!("{} by nobody", row.operation));
        }
    }
    nothing(&found, "each case once, and each operation by somebody");
}

#[tokio::test]
async fn everyone_may_do_what_the_product_says_and_nothing_else() {
    let world = World::new().await;
    let (a, b) = (
        Staff::new(&world, Side::A).await,
        Staff::new(&world, Side::B).await,
    );
    let cast = Cast {
        world: &world,
        a,
        b,
    };
    let (mut wrong, mut undocumented) = (Vec::new(), BTreeSet::new());
    let mut coverage = Coverage::default();
    for row in MATRIX {
        let mut fresh: Option<Request> = None;
        for (persona, cell) in PERSONAS.into_iter().zip(row.cells) {
            let request = match fresh.take() {
                Some(request) => request,
                None => world.request(row.operation, row.case).await,
            };
            let actor = cast.actor(row, persona).await;
            let answer = request.send(&actor).await;
            let (status, expected) = (
                answer.status.as_u16(),
                if cell == OK { row.done } else { cell },
            );
            coverage.saw(row.operation, status);
            if status != expected {
                let persona = format!("{persona:?}");
                wrong.push(format!(
                    "{:<34} {:<25} {persona:<11} expected {expected}, got {status} {}",
                    row.operation,
                    row.case,
                    answer.text().chars().take(160).collect::<String>()
                ));
            }
            let complaints = world.documented.complaints(&request.operation, &answer);
            undocumented.extend(
                complaints
                    .into_iter()
                    .map(|complaint| format!("{}: {complaint}", row.operation)),
            );
            // A read can be repeated; a write that was carried out can't.
            if request.operation.method == "GET" || !answer.status.is_success() {
                fresh = Some(request);
            }
        }
    }
    let operations = world.documented.operations();
    println!("Documented statuses that no cell of the matrix produced:");
    coverage
        .unseen(&operations)
        .iter()
        .for_each(|line| println!("  {line}"));
    let wrong: Vec<_> = wrong
        .into_iter()
        .chain(
            undocumented
                .into_iter()
                .map(|line| format!("not as documented: {line}")),
        )
        .chain(
            coverage
                .never_done(&operations)
                .into_iter()
                .map(|id| format!("{id} never answered 2xx")),
        )
        .collect();
    nothing(
        &wrong,
        "every cell is as the product says, every answer as the document says",
    );
}
