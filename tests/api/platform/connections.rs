//! Connections that only hold on are ended.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::{self, Quid};

/// The limit that the service promises.
const LONGEST: Duration = Duration::from_secs(15);

fn address(quid: &Quid) -> std::net::SocketAddr {
    quid.url.trim_start_matches("http://").parse().unwrap()
}

/// Reads until the connection ends, and gives what came and how long that took.
async fn until_the_end(mut socket: TcpStream) -> (String, Duration) {
    let begun = Instant::now();
    let mut all = Vec::new();
    let end = tokio::time::timeout(2 * LONGEST, socket.read_to_end(&mut all)).await;
    assert!(end.is_ok(), "it is still open");
    (String::from_utf8_lossy(&all).into_owned(), begun.elapsed())
}

async fn says(quid: &Quid, text: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address(quid)).await.unwrap();
    socket.write_all(text.as_bytes()).await.unwrap();
    socket
}

const HEAD: &str = "POST /v1/sessions HTTP/1.1\r\nHost: quid\r\nContent-Type: application/json\r\n";

#[tokio::test]
async fn a_head_or_body_that_does_not_come_ends_the_connection_the_second_of_it_too() {
    let quid = support::start().await;
    let whole = "GET /healthz HTTP/1.1\r\nHost: quid\r\n\r\n";
    let cases = [
        String::new(),
        HEAD.to_owned(),
        // actix-web has no time limit on the head of a second request.
        format!("{whole}{HEAD}"),
        format!("{HEAD}Content-Length: 100\r\n\r\n{{"),
        // Nor on the rest of a chunked body that nobody reads any more.
        format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n"),
        format!("{whole}{HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n"),
    ];
    let ends = cases.iter().map(async |case| {
        let (answer, took) = until_the_end(says(&quid, case).await).await;
        (case, answer, took)
    });
    for (case, answer, took) in futures_util::future::join_all(ends).await {
        println!("{took:?}: {case:?}");
        assert!(took < LONGEST, "{took:?}: {case:?}");
        if case.contains("\r\n\r\n1") || case.contains("\r\n\r\n{") {
            assert!(answer.contains("HTTP/1.1 408"), "{case:?}: {answer}");
            assert!(answer.contains("connection: close"), "{case:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_body_that_trickles_ends_the_connection() {
    let quid = support::start().await;
    let socket = says(&quid, &format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n")).await;
    let begun = Instant::now();
    let (mut read, mut write) = socket.into_split();
    let trickle = async {
        while write.write_all(b"1\r\n{\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let mut answer = Vec::new();
    let (_, ()) = tokio::join!(read.read_to_end(&mut answer), trickle);
    println!("ended after {:?}", begun.elapsed());
    assert!(begun.elapsed() < LONGEST);
}

#[tokio::test]
async fn an_answer_that_is_not_taken_ends_the_connection() {
    let quid = support::start().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut socket = socket.connect(address(&quid)).await.unwrap();
    let ask = "GET /openapi.json HTTP/1.1\r\nHost: quid\r\n\r\n".repeat(16);
    let begun = Instant::now();
    // Never reads; asks until the answers have filled every buffer.
    let ended = tokio::time::timeout(2 * LONGEST, async {
        while socket.write_all(ask.as_bytes()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    assert!(ended.await.is_ok(), "it is still open");
    println!("ended after {:?}", begun.elapsed());
    assert!(begun.elapsed() < LONGEST);
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_no_more() {
    let db = Arc::new(support::database().await);
    let quid = support::start_on(db, &["--address-connections=3"]).await;
    let ask = "GET /healthz HTTP/1.1\r\nHost: quid\r\n\r\n";
    let mut kept = Vec::new();
    for _ in 0..3 {
        let mut socket = says(&quid, ask).await;
        let mut answer = [0; 12];
        socket.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        kept.push(socket);
    }
    let mut answer = Vec::new();
    let mut refused = TcpStream::connect(address(&quid)).await.unwrap();
    let _ = refused.write_all(ask.as_bytes()).await;
    let _ = refused.read_to_end(&mut answer).await;
    assert_eq!(String::from_utf8_lossy(&answer), "");
    drop(kept);
    let begun = Instant::now();
    while quid
        .http
        .get(format!("{}/healthz", quid.url))
        .send()
        .await
        .is_err()
    {
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "the place stays taken"
        );
    }
}
