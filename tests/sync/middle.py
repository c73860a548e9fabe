"""Somebody between laptop and province: passes everything on, but answers some questions as he likes."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Alter = Callable[["Question", "Reply"], "Reply | bytes"]


@dataclass(frozen=True)
class Question:
    method: str
    path: str
    body: bytes
    nonce: str = ""


@dataclass(frozen=True)
class Reply:
    """What the province answered."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


class Middle:
    """Forwards to `port`. `alter(question, reply)` gives the reply that the laptop gets, or raw bytes after which the
    connection ends; `heard` keeps every reply of the province by method and path."""

    def __init__(self, port: int) -> None:
        self.alter: Alter = lambda question, reply: reply
        self.heard: list[tuple[Question, Reply]] = []
        middle = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                question = Question(self.command, self.path, body, self.headers.get("X-Nonce", ""))
                reply = middle.asked(port, question, dict(self.headers.items()))
                given = middle.alter(question, reply)
                if isinstance(given, bytes):
                    self.wfile.write(given)
                    self.close_connection = True
                    return
                self.send_response(given.status)
                for name, value in given.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(given.body)

            do_GET = do_POST = do_PUT = do_HEAD = answer

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def asked(self, port: int, question: Question, headers: dict[str, str]) -> Reply:
        """The province's own reply."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request(question.method, question.path, question.body or None, headers)
        answer = connection.getresponse()
        reply = Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        self.heard.append((question, reply))
        return reply

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
