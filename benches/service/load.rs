//! Sends requests over kept-alive connections as fast as they are answered.
//!
//! HTTP is spoken by hand: a client library would cost more than what is measured, on the same cores.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clap::Args;
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::cpu;

type Failure = Box<dyn std::error::Error>;

/// What is sent, and who is watched.
#[derive(Clone, Debug, Args)]
pub struct Load {
    /// Port of the service on this machine
    #[arg(long)]
    port: u16,
    /// Connections
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// How long to warm up
    #[arg(long, default_value_t = 1.0)]
    warm_up: f64,
    /// How long to measure
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// A JSON document with the requests
    #[arg(long)]
    requests: PathBuf,
    /// The service's process
    #[arg(long)]
    service: u32,
    /// PostgreSQL's first process
    #[arg(long)]
    postmaster: u32,
}

/// Requests: a template, and what is put in the place of `{0}`, `{1}` … of each.
#[derive(Debug, Deserialize)]
struct Requests {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    items: Vec<Vec<String>>,
    /// Whether an item may be sent once only; then the run ends early when there are no more.
    once: bool,
    expect: u16,
}

impl Requests {
    fn write(&self, item: &[String], request: &mut Vec<u8>) {
        let fill = |template: &str| {
            let mut text = template.to_owned();
            for (place, value) in item.iter().enumerate() {
                text = text.replace(&format!("{{{place}}}"), value);
            }
            text
        };
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: localhost\r\n",
            self.method,
            fill(&self.target)
        );
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {}\r\n", fill(value)));
        }
        let body = self.body.as_deref().map(fill);
        if let Some(body) = &body {
            head.push_str(&format!(
                "Content-Type: application/json\r\nContent-Length: {}\r\n",
                body.len()
            ));
        }
        request.clear();
        request.extend_from_slice(head.as_bytes());
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(body.unwrap_or_default().as_bytes());
    }
}

/// What the connections share.
struct Course {
    requests: Requests,
    next: Cell<usize>,
    measuring: Cell<bool>,
    stopped: Cell<bool>,
    took: RefCell<Vec<u32>>,
    bytes: Cell<usize>,
    statuses: RefCell<BTreeMap<u16, usize>>,
    wrong: RefCell<Option<String>>,
}

impl Course {
    fn next(&self) -> Option<&[String]> {
        let place = self.next.get();
        self.next.set(place + 1);
        let count = self.requests.items.len();
        if self.stopped.get() || (self.requests.once && place >= count) {
            return None;
        }
        self.requests.items.get(place % count).map(Vec::as_slice)
    }
}

/// Measures and prints the result.
pub fn run(load: &Load) -> Result<(), Failure> {
    let requests: Requests = serde_json::from_slice(&std::fs::read(&load.requests)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = tokio::task::LocalSet::new();
    let result = local.block_on(&runtime, measure(load, requests))?;
    println!("{result}");
    Ok(())
}

async fn measure(load: &Load, requests: Requests) -> Result<serde_json::Value, Failure> {
    let course = Rc::new(Course {
        requests,
        next: Cell::new(0),
        measuring: Cell::new(false),
        stopped: Cell::new(false),
        took: RefCell::new(Vec::with_capacity(1 << 20)),
        bytes: Cell::new(0),
        statuses: RefCell::default(),
        wrong: RefCell::new(None),
    });
    let mut connections = tokio::task::JoinSet::new();
    for _ in 0..load.connections {
        connections.spawn_local(connection(load.port, Rc::clone(&course)));
    }
    tokio::time::sleep(Duration::from_secs_f64(load.warm_up)).await;
    let own = std::process::id();
    let account = || {
        (
            cpu::of(load.service),
            cpu::of_family(load.postmaster),
            cpu::of(own),
            cpu::of_machine(),
        )
    };
    let before = account();
    course.measuring.set(true);
    let begun = Instant::now();
    let end = begun + Duration::from_secs_f64(load.seconds);
    while Instant::now() < end && !connections.is_empty() {
        tokio::select! {
            () = tokio::time::sleep_until(end.into()) => {}
            Some(ended) = connections.join_next() => ended??,
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    course.measuring.set(false);
    let after = account();
    course.stopped.set(true);
    while let Some(ended) = connections.join_next().await {
        ended??;
    }
    if let Some(wrong) = course.wrong.take() {
        return Err(wrong.into());
    }
    let mut took = course.took.take();
    took.sort_unstable();
    let count = took.len();
    if count == 0 {
        return Err("no request was answered while measuring".into());
    }
    let at = |part: f64| {
        let place = (count as f64 * part) as usize;
        f64::from(took[place.min(count - 1)]) / 1000.0
    };
    let each = |after: u64, before: u64| (after - before) as f64 / 1000.0 / count as f64;
    let (busy, all) = (after.3.0 - before.3.0, after.3.1 - before.3.1);
    Ok(serde_json::json!({
        "requests": count,
        "seconds": seconds,
        "per_second": count as f64 / seconds,
        "p50_ms": at(0.5),
        "p99_ms": at(0.99),
        "service_us": each(after.0, before.0),
        "postgres_us": each(after.1, before.1),
        "load_us": each(after.2, before.2),
        "bytes": course.bytes.get() / count,
        "machine_busy": busy as f64 / all.max(1) as f64,
    }))
}

async fn connection(port: u16, course: Rc<Course>) -> Result<(), Failure> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut request, mut answer) = (Vec::with_capacity(2048), Vec::with_capacity(1 << 16));
    while let Some(item) = course.next() {
        course.requests.write(item, &mut request);
        let begun = Instant::now();
        stream.write_all(&request).await?;
        let status = read(&mut stream, &mut answer).await?;
        let took = begun.elapsed();
        *course.statuses.borrow_mut().entry(status).or_default() += 1;
        if status != course.requests.expect {
            let text = String::from_utf8_lossy(&answer);
            *course.wrong.borrow_mut() = Some(format!("{item:?} was answered {text}"));
            course.stopped.set(true);
        }
        if course.measuring.get() {
            course.took.borrow_mut().push(took.as_micros() as u32);
            course.bytes.set(course.bytes.get() + answer.len());
        }
    }
    Ok(())
}

/// Reads one answer whole and gives its status.
async fn read(stream: &mut TcpStream, answer: &mut Vec<u8>) -> Result<u16, Failure> {
    answer.clear();
    let mut looked = 0;
    let head = loop {
        if let Some(place) = answer[looked..]
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
        {
            break looked + place + 4;
        }
        looked = answer.len().saturating_sub(3);
        if stream.read_buf(answer).await? == 0 {
            return Err("the service closed a connection".into());
        }
    };
    let text = std::str::from_utf8(&answer[..head])?;
    let status = text.get(9..12).unwrap_or_default().parse()?;
    let length = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Ok(0), |(_, length)| length.trim().parse::<usize>())?;
    while answer.len() < head + length {
        if stream.read_buf(answer).await? == 0 {
            return Err("the service closed a connection".into());
        }
    }
    Ok(status)
}
