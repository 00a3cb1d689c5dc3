//! A light load generator: blocking connections that are kept alive.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Posts bodies on `connections` kept-alive connections, showing a token, and returns each
/// request's time.
pub fn post_all(
    address: SocketAddr,
    (path, token): (&str, &str),
    bodies: &[Vec<u8>],
    connections: usize,
) -> Vec<Duration> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| scope.spawn(|| post_some(address, (path, token), bodies, &next)))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
    });
    times.sort_unstable();
    times
}

fn post_some(
    address: SocketAddr,
    (path, token): (&str, &str),
    bodies: &[Vec<u8>],
    next: &std::sync::atomic::AtomicUsize,
) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_nodelay(true).expect("nodelay");
    let mut times = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    let mut request = Vec::new();
    loop {
        let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let Some(body) = bodies.get(place) else { return times };
        request.clear();
        write!(request, "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len())
            .expect("memory");
        request.extend_from_slice(body);
        let started = Instant::now();
        stream.write_all(&request).expect("it reads");
        let read = read_answer(&mut stream, &mut buffer);
        times.push(started.elapsed());
        assert!(buffer.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&buffer[..read]));
    }
}

fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> usize {
    let mut filled = 0;
    loop {
        filled += stream.read(&mut buffer[filled..]).expect("it answers");
        let text = String::from_utf8_lossy(&buffer[..filled]).to_ascii_lowercase();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
            if filled >= end + 4 + length {
                return filled;
            }
        }
        assert!(filled > 0, "the connection was closed");
    }
}
