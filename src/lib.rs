//! Quid: the record that two professional firms share about their partnership.
//!
//! # The map
//!
//! | folder | is about |
//! |---|---|
//! | [`sign_up`] | how a firm comes in, with its first admin |
//! | [`member_invitations`] | how its other members come in |
//! | [`closing`] | how it goes out again |
//! | [`firms`], [`members`], [`sessions`], [`api_clients`], [`oauth`] | who uses the service, and how they sign in |
//! | [`passwords`], [`second_factors`], [`attempts`] | how people prove who they are, and how guessing is slowed down |
//! | [`partnerships`], [`parties`] | what two firms share, and who stands on which side |
//! | [`plan`] | what the two have agreed, section by section, and whether the foundation stands |
//! | [`fit`] | how well a client is one whom the other party serves best |
//! | [`clients`] | the people whom a firm serves, and their consent |
//! | [`introductions`] | clients introduced by one party to the other, with sealed identity |
//! | [`reciprocity`] | what each party gave the other, whose turn it is, and what explains an imbalance |
//! | [`pipeline`] | what is open with all partners, and how fast it moves |
//! | [`results`] | what the two call success, against what the records show |
//! | [`vitality`] | how alive a partnership is, and when it falls silent |
//! | [`contacts`] | whom to call in the other firm, and what about |
//! | [`touchpoints`] | time spent personally, and what it cost |
//! | [`action_steps`] | what each party will do by when: the timeline |
//! | [`timelines`], [`work_calendar`] | what the steps come to together, and the days on which a firm works |
//! | [`playbooks`] | a firm's templates of whole timelines |
//! | [`reminders`] | who has promised a step hears of it before its date, and after |
//! | [`calendar_feeds`] | conversations and due steps, for a calendar program |
//! | [`today`] | the phone's first screen, in one call |
//! | [`agendas`] | what the records bring up for a meeting |
//! | [`meetings`] | the weekly conversation, its agenda items, minutes and outcomes, and how well it is kept |
//! | [`changes`] | what every write leaves for the change feed |
//! | [`audit`], [`disclosures`] | who did what, and whose identity was made known to whom |
//! | [`erasure`] | a person is taken out of every record |
//! | [`demo`], [`housekeeping`], [`serve`] | data to try it with, what is cleared away, how it runs |
//! | [`platform`] | what all of it stands on and that knows none of it |
//!
//! # How a request flows
//!
//! 1. [`platform::http::frame`] gives it an id, and its answer a form.
//! 2. The handler's first argument is its permission, [`platform::http::Allowed`]: the token's caller,
//!    the rule for role or scope, the subject as the caller's firm sees it, the side. What fails here
//!    is a 401, 403 or 404, before the body is looked at.
//! 3. [`platform::http::Json`] checks the body against the published schema and parses it.
//! 4. The effect runs in one transaction, with its change and its idempotency key.
//! 5. [`platform::http::Answer`] says what came of it, with an entity tag.
//!
//! A feature's `mod.rs` says what it is and what always holds; `model.rs` has its states, `policy.rs`
//! who may do what, `store.rs` its SQL, and each other file is one operation.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::disallowed_methods,
    clippy::todo,
    clippy::dbg_macro,
    clippy::print_stdout,
    clippy::print_stderr,
    unsafe_code,
    missing_docs,
    rustdoc::broken_intra_doc_links
)]

pub mod action_steps;
pub mod agendas;
pub mod api_clients;
pub mod attempts;
pub mod audit;
pub mod calendar_feeds;
pub mod changes;
pub mod clients;
pub mod closing;
pub mod contacts;
pub mod demo;
pub mod disclosures;
pub mod erasure;
pub mod firms;
pub mod fit;
pub mod housekeeping;
pub mod introductions;
pub mod meetings;
pub mod member_invitations;
pub mod members;
pub mod oauth;
pub mod parties;
pub mod partnerships;
pub mod passwords;
pub mod pipeline;
pub mod plan;
pub mod platform;
pub mod playbooks;
pub mod reciprocity;
pub mod reminders;
pub mod results;
pub mod routes;
pub mod second_factors;
pub mod serve;
pub mod sessions;
pub mod sign_up;
pub mod timelines;
pub mod today;
pub mod touchpoints;
pub mod vitality;
pub mod work_calendar;
