//! What a compliance officer relies on: the audit log, the disclosure log, erasure and holds.

mod audit;
mod disclosures;
mod erasure;
