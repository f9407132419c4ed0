//! Serves the page, and nothing else, to this machine.
//!
//! A whole HTTP server would bring more code than this answers requests with: one document, no bodies, a connection
//! for each answer. Requests are parsed by `httparse`.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::time::Duration;
use std::{str, thread};

use super::super::{Failure, terminal};
use super::content::PAGE;

/// The port that is asked for when none is named.
pub const PORT: u16 = 8000;

/// The longest head of a request that is read.
const HEAD_BYTES: usize = 16 << 10;
/// How much of what follows it is read, to be thrown away.
const DRAINED_BYTES: u64 = 1 << 20;
/// How long a client may say nothing, or take nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves until the program is ended.
pub fn serve(port: u16, open: bool) -> Result<(), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        Failure::Failed(format!("cannot serve on port {port}: {error}; --serve 0 takes any free one"))
    })?;
    let own = listener.local_addr().map_err(|error| Failure::Failed(format!("cannot serve: {error}")))?;
    let address = format!("http://{own}/");
    terminal::print(&format!("The page is at {address} (Ctrl-C ends it)\n"));
    if open && let Err(failure) = super::browser::open(&address) {
        terminal::say(&format!("stedi-lakehouse: {failure}; open it yourself\n"));
    }
    let headers = headers()?;
    for stream in listener.incoming().flatten() {
        let headers = headers.clone();
        // A client that fails is gone; nobody else need know.
        thread::spawn(move || answer(stream, &headers));
    }
    Ok(())
}

/// What `make serve` sends too, from the same list. The policy is the page's own, and keeps it out of frames.
fn headers() -> Result<String, Failure> {
    let list: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(include_str!("../../../scripts/page-headers.json"))
            .map_err(|error| Failure::Failed(format!("the list of headers cannot be read: {error}")))?;
    let policy =
        policy().ok_or_else(|| Failure::Failed("the page in this program has no policy".to_owned()))?;
    let line = |(name, value): (&String, &serde_json::Value)| {
        format!("{name}: {}\r\n", value.as_str().unwrap_or_default().replace("{policy}", policy))
    };
    Ok(list.iter().map(line).collect())
}

/// The Content-Security-Policy in the page's head.
fn policy() -> Option<&'static str> {
    let page = str::from_utf8(PAGE).ok()?;
    let (_, rest) = page.split_once("<meta http-equiv=\"Content-Security-Policy\" content=\"")?;
    rest.split_once('"').map(|(policy, _)| policy)
}

fn answer(mut stream: TcpStream, headers: &str) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut head = Vec::new();
    let answer = loop {
        let mut chunk = [0; 4096];
        let length = stream.read(&mut chunk)?;
        head.extend_from_slice(&chunk[..length]);
        match answered(&head) {
            Some(answer) => break answer,
            None if length == 0 => return Ok(()),
            None if head.len() > HEAD_BYTES => break Answer::text("431 Request Header Fields Too Large"),
            None => {}
        }
    };
    let Answer { status, kind, body, with_body } = answer;
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/{kind}; charset=utf-8\r\ncontent-length: {length}\r\n\
         cache-control: no-store\r\nconnection: close\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes())?;
    if with_body {
        stream.write_all(body)?;
    }
    // What is closed before all was read resets the connection, and the answer may be lost with it.
    stream.shutdown(Shutdown::Write)?;
    io::copy(&mut stream.take(DRAINED_BYTES), &mut io::sink()).map(drop)
}

struct Answer {
    status: &'static str,
    kind: &'static str,
    body: &'static [u8],
    with_body: bool,
}

impl Answer {
    fn text(status: &'static str) -> Answer {
        Answer { status, kind: "plain", body: status.as_bytes(), with_body: true }
    }
}

/// The answer to a request; none while its head is not whole.
fn answered(head: &[u8]) -> Option<Answer> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(head) {
        Ok(httparse::Status::Partial) => return None,
        Ok(httparse::Status::Complete(_)) => {}
        Err(_) => return Some(Answer::text("400 Bad Request")),
    }
    let mut hosts = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
    // By a name of its own that leads here, another site would be of the page's origin.
    if !hosts.next().is_some_and(|host| is_this_machine(host.value)) || hosts.next().is_some() {
        return Some(Answer::text("403 Forbidden: the page is served to 127.0.0.1 and localhost only"));
    }
    let path = request.path.unwrap_or_default();
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    Some(match (request.method.unwrap_or_default(), path) {
        (method @ ("GET" | "HEAD"), "/" | "/stedi-lakehouse.html") => {
            Answer { status: "200 OK", kind: "html", body: PAGE, with_body: method == "GET" }
        }
        ("GET" | "HEAD", _) => Answer::text("404 Not Found"),
        _ => Answer::text("405 Method Not Allowed"),
    })
}

/// Whether a Host header names this machine; the port may be that of a tunnel.
fn is_this_machine(host: &[u8]) -> bool {
    let host = str::from_utf8(host).unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    (name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")) && port.parse::<u16>().is_ok()
}
