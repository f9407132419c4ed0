"""Stands between the program and the server: notes every request, and does to some of them what networks do."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ERROR = b'<?xml version="1.0"?><Error><Code>InternalError</Code><Message>made by a test</Message></Error>'
DENIED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>made by a test</Message></Error>'


@dataclass
class Fault:
    """What happens to the first requests of a method whose path matches.

    error: answered with 500. denied: answered with 403. slow: answered after `seconds`. cut: half of the answer comes.
    lost: done, and the connection closed without an answer. refused: closed without anything done. call: done after
    `action`.
    """

    method: str
    path: str
    kind: str
    times: int = 1
    seconds: float = 0
    action: callable = None
    met: int = 0


@dataclass
class Request:
    method: str
    path: str
    headers: dict
    # How many were under way with it.
    together: int = field(default=0)


class Proxy:
    def __init__(self, host, port):
        self.target = (host, port)
        self.requests, self.faults = [], []
        self.lock, self.under_way = threading.Lock(), 0
        handler = type("Handler", (Handler,), {"proxy": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def clear(self):
        with self.lock:
            self.requests, self.faults = [], []

    def wait(self):
        """Waits until no request is under way."""
        while self.under_way:
            time.sleep(0.05)

    def note(self, request):
        """The fault that a request meets."""
        with self.lock:
            self.under_way += 1
            request.together = self.under_way
            self.requests.append(request)
            for fault in self.faults:
                if fault.method == request.method and fault.met < fault.times and re.search(fault.path, request.path):
                    fault.met += 1
                    return fault
            return None

    def done(self):
        with self.lock:
            self.under_way -= 1


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_request(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
        fault = self.proxy.note(request)
        try:
            self.answer(body, fault)
        except (BrokenPipeError, ConnectionResetError):
            # Who waits no longer has gone.
            self.close_connection = True
        finally:
            self.proxy.done()

    def answer(self, body, fault):
        kind = fault.kind if fault else None
        if kind in ("error", "denied"):
            status, text = (500, ERROR) if kind == "error" else (403, DENIED)
            return self.send(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(text)))], text)
        if kind == "refused":
            self.close_connection = True
            return None
        if kind == "slow":
            time.sleep(fault.seconds)
        if kind == "call":
            fault.action()
        status, headers, text = self.forward(body)
        if kind == "lost":
            self.close_connection = True
            return None
        if kind == "cut":
            self.close_connection = True
            text = text[: len(text) // 2]
        return self.send(status, headers, text)

    def forward(self, body):
        connection = http.client.HTTPConnection(*self.proxy.target)
        hop = ("connection", "transfer-encoding")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in hop}
        connection.request(self.command, self.path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in hop]
        if self.command != "HEAD":
            kept = [(name, value) for name, value in kept if name.lower() != "content-length"]
            kept.append(("Content-Length", str(len(text))))
        connection.close()
        return answer.status, kept, text

    def send(self, status, headers, text):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)
        return None

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_request
