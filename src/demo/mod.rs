//! Demo data: two firms that work together, and as much more as is asked for. The same every time.
//!
//! A few are made through the same code as the API; for millions, [`bulk`] writes the rows in one
//! statement for each table.

mod bulk;
mod foundation;
mod store;
mod story;
mod together;

use std::fmt;

use clap::Args;

use crate::platform::app::App;
use crate::platform::error::ApiResult;

pub use story::{Demo, ensure};

/// How much demo data.
#[derive(Clone, Copy, Debug, Args)]
pub struct Size {
    /// Firms; every two neighbours have a partnership
    #[arg(long, default_value_t = 2)]
    pub firms: u32,
    /// Introductions, spread over the partnerships
    #[arg(long, default_value_t = 12)]
    pub introductions: u32,
    /// Partnerships; there are as many firms as they need, and one for every two neighbours at least
    #[arg(long, default_value_t = 1)]
    pub partnerships: u32,
    /// Partnerships of the first firm, out of these; the others are between neighbours
    #[arg(long, default_value_t = 1)]
    pub of_first: u32,
}

impl Size {
    fn all_firms(self) -> u32 {
        self.firms.max(self.partnerships.saturating_add(1)).max(2)
    }

    fn all_partnerships(self) -> u32 {
        self.all_firms().saturating_sub(1)
    }
}

/// What was made.
#[derive(Clone, Copy, Debug)]
pub struct Filled {
    firms: u32,
    introductions: u32,
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "filled with {} firms and {} introductions",
            self.firms, self.introductions
        )
    }
}

/// Fills the database: the demo firms, and what goes beyond them in bulk.
pub async fn fill(app: &App, size: Size) -> ApiResult<Filled> {
    ensure(app).await?;
    if size.all_firms() > 2 || size.introductions > 12 {
        bulk::fill(app, size).await?;
    }
    Ok(Filled {
        firms: size.all_firms(),
        introductions: size.introductions.max(12),
    })
}
