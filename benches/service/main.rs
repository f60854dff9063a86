//! What `scripts/bench` measures with: a load generator, and a bare handler to measure the service
//! against.
//!
//! `load` sends requests over kept-alive connections and prints, as JSON, how many were answered, how
//! long each took, and how much processor time the service and PostgreSQL spent on them. `bare` serves
//! the introductions with actix-web and diesel-async as the service does, but without anything of the
//! service's platform: what the platform costs is the difference.

mod bare;
mod changes;
mod cpu;
mod introductions;
mod load;

/// The service's platform, as its stores name it, with another transaction: the service's own can be
/// had from its `Db` alone.
mod platform {
    pub use quid::platform::{auth, error, values};
    pub mod db {
        pub use crate::bare::Tx;
        pub use quid::platform::db::{Conn, columns, statement};
    }
}

use clap::{Parser, Subcommand};
use quid::{fit, statement, words};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The tools of the benchmark.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Send requests and measure
    Load(load::Load),
    /// Serve introductions without the service's platform
    Bare(bare::Serve),
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match Cli::parse().command {
        Command::Load(load) => load::run(&load),
        Command::Bare(serve) => actix_web::rt::System::new().block_on(bare::run(serve)),
    }
}
