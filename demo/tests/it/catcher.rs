//! A server as small as can be: it keeps every event, and is busy now and then.

use std::sync::{Arc, Mutex};

use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Every so many requests one is turned away.
const BUSY_EVERY: usize = 40;

/// What arrived.
#[derive(Debug, Default)]
pub struct Caught {
    pub events: Vec<Json>,
    pub requests: usize,
    pub tokens: Vec<String>,
}

/// Starts the server and returns its URL and what it catches.
pub async fn start() -> (String, Arc<Mutex<Caught>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let caught = Arc::new(Mutex::new(Caught::default()));
    let shared = Arc::clone(&caught);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&shared)));
        }
    });
    (url, caught)
}

async fn serve(stream: TcpStream, caught: Arc<Mutex<Caught>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_owned());
        }
        let header = |name: &str| {
            head.iter().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let length = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        let status = answer(&head[0], &body, header("authorization"), &caught);
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

fn answer(line: &str, body: &[u8], token: Option<String>, caught: &Mutex<Caught>) -> &'static str {
    let mut caught = caught.lock().unwrap();
    caught.requests += 1;
    if caught.requests % BUSY_EVERY == 1 {
        return "503 Service Unavailable";
    }
    if line.starts_with("GET /readyz ") {
        return "200 OK";
    }
    assert!(line.starts_with("POST /api/v1/lineage "), "{line}");
    caught.tokens.extend(token);
    caught.events.push(serde_json::from_slice(body).unwrap());
    "201 Created"
}
