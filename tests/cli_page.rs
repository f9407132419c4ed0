//! The page in the program: saved, served, opened.

#![cfg(all(feature = "page", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// dist/stedi-lakehouse.html as it is now, not as the program has it.
fn page() -> Vec<u8> {
    fs::read("dist/stedi-lakehouse.html").unwrap()
}

fn program(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stedi-lakehouse"));
    command.current_dir(folder).arg("page").args(words);
    command
}

fn call(folder: &TempDir, words: &[&str]) -> Output {
    program(folder.path(), words).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server, ended with the test, and where it listens.
struct Server(Child, SocketAddr);

impl Server {
    fn start(mut command: Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        assert!(address.is_some(), "no address: {line}");
        let address = address.unwrap().parse().unwrap();
        Server(child, address)
    }

    /// Sends a request as it is, and gives status line, headers and body.
    fn ask(&self, request: &str) -> (String, BTreeMap<String, String>, Vec<u8>) {
        let mut stream = TcpStream::connect(self.1).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let body = answer.split_off(end + 4);
        let head = String::from_utf8(answer).unwrap();
        let mut lines = head.trim_end().lines();
        let status = lines.next().unwrap().to_owned();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        (status, headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(), body)
    }

    fn get(&self, path: &str) -> (String, BTreeMap<String, String>, Vec<u8>) {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.1))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn out_gives_the_bytes_of_the_page_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output = call(&folder, &["--out", "new/page.html"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(fs::read(folder.path().join("new/page.html")).unwrap() == page());

    let mine = folder.path().join("mine.html");
    fs::write(&mine, "mine").unwrap();
    let output = call(&folder, &["-o", "mine.html"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("mine.html exists") && said(&output).contains("--force"),
        "{}",
        said(&output)
    );
    assert_eq!(fs::read(&mine).unwrap(), b"mine");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
        assert_eq!(call(&folder, &["-o", "link"]).status.code(), Some(2), "a link to nowhere is there too");
        assert!(!folder.path().join("nowhere").exists());
    }
    assert!(call(&folder, &["-o", "mine.html", "--force"]).status.success());
    assert!(fs::read(&mine).unwrap() == page());

    fs::create_dir(folder.path().join("folder")).unwrap();
    for words in [&["-o", "folder"][..], &["-o", "folder", "--force"], &["-o", "mine.html/x"]] {
        assert_eq!(call(&folder, words).status.code(), Some(1), "{words:?}");
    }
    for words in [&[][..], &["--force"], &["--serve", "no"], &["--serve", "70000"]] {
        assert_eq!(call(&folder, words).status.code(), Some(2), "{words:?}");
    }
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{names:?}");
}

#[cfg(unix)]
#[test]
fn out_may_be_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let output = call(&folder, &["--out", "/dev/stdout"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(output.stdout == page());
}

#[test]
fn serve_answers_this_machine_and_sends_what_make_serve_sends() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(program(folder.path(), &["--serve", "0"]));
    assert!(server.1.ip().is_loopback());
    let (status, headers, body) = server.get("/");
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert!(body == page());
    assert_eq!(server.get("/stedi-lakehouse.html").2.len(), body.len());

    let mut command = Command::new("node");
    command.arg("scripts/serve.mjs").env("PORT", "0");
    let made = Server::start(command);
    let (_, expected, _) = made.get("/");
    // What an HTTP server says of the connection is its own.
    for (name, value) in expected.iter().filter(|(name, _)| !["date", "connection"].contains(&name.as_str()))
    {
        if name != "transfer-encoding" && name != "content-length" {
            assert_eq!(headers.get(name), Some(value), "{name}");
        }
    }
    let policy = &headers["content-security-policy"];
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(policy.ends_with("; frame-ancestors 'none'"), "{policy}");
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(headers[name], value);
    }

    let (status, headers, body) = server.ask("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!((status.as_str(), body.len()), ("HTTP/1.1 200 OK", 0));
    assert_eq!(headers["content-length"], page().len().to_string());
    for (request, expected) in [
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403"),
        ("GET / HTTP/1.1\r\n\r\n", "403"),
        ("GET /../Cargo.toml HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", "405"),
        ("rubbish\r\n\r\n", "400"),
        (&format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(40_000)), "431"),
    ] {
        let (status, headers, body) = server.ask(request);
        assert_eq!(status.split(' ').nth(1), Some(expected), "{}", &request[..20]);
        assert!(body.len() < 200 && headers.contains_key("x-frame-options"));
    }
    // Someone who says nothing keeps nobody waiting.
    let _idle = TcpStream::connect(server.1).unwrap();
    assert!(server.get("/").2 == page());

    // A second server on its port.
    let port = server.1.port().to_string();
    let output = call(&folder, &["--serve", &port]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains(&port) && said(&output).contains("--serve 0"), "{}", said(&output));
}

#[test]
fn only_this_machine_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(program(folder.path(), &["--serve", "0"]));
    let status = |head: &str| server.ask(head).0.split(' ').nth(1).unwrap().to_owned();
    for host in ["127.0.0.1", "127.0.0.1:8000", "localhost:1", "LocalHost"] {
        assert_eq!(status(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")), "200", "{host}");
    }
    for host in
        ["", "evil.example", "127.0.0.1.evil.example:8000", "localhost:80:80", "localhost:x", "127.0.0.2"]
    {
        assert_eq!(status(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")), "403", "{host}");
    }
    for (head, expected) in [
        ("GET /?a HTTP/1.1\r\nhost: 127.0.0.1:8000\r\n\r\n", "200"),
        ("GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
        ("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", "405"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", "403"),
        ("GET / HTTP/1.0\r\n\r\n", "403"),
        ("\u{0}\r\n\r\n", "400"),
    ] {
        assert_eq!(status(head), expected, "{head:?}");
    }
}

#[test]
fn a_request_that_goes_on_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(program(folder.path(), &["--serve", "0"]));
    let mut stream = TcpStream::connect(server.1).unwrap();
    stream.write_all(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let early = stream.read(&mut [0; 1]).unwrap_err();
    assert!(matches!(early.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{early}");
    stream.write_all(b"\r\n").unwrap();
    stream.set_read_timeout(None).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[cfg(target_os = "linux")]
#[test]
fn open_opens_the_browser() {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;
    let folder = tempfile::tempdir().unwrap();
    let (browser, asked) = (folder.path().join("browser"), folder.path().join("asked"));
    fs::write(&browser, format!("#!/bin/sh\necho \"$1\" >> '{}'\n", asked.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let open = |words: &[&str]| {
        let mut command = program(folder.path(), words);
        command.env("BROWSER", &browser);
        command
    };
    let opened = || {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let text = fs::read_to_string(&asked).unwrap_or_default();
            if text.ends_with('\n') {
                fs::remove_file(&asked).unwrap();
                return text.trim_end().to_owned();
            }
            assert!(Instant::now() < end, "no browser was opened");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let output = open(&["--out", "page.html", "--open"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let place = opened();
    assert!(place.starts_with("file:///") && place.ends_with("/page.html"), "{place}");
    let server = Server::start(open(&["--serve", "0", "--open"]));
    assert_eq!(opened(), format!("http://{}/", server.1));
}
