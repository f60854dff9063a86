//! A client's consent to be made known to a partner firm.

pub mod ended;
pub mod expire;
pub mod get;
pub mod list;
pub mod record;
pub mod store;
pub mod withdraw;
