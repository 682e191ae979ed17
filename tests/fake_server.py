"""A chat completions server for tests: it streams what it is told to and keeps what it is sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeServer:
    """What it answers, and what it has seen.

    Attributes:
        pieces: streamed one by one as the answer.
        models: answered by `GET /v1/models`; None answers 404.
        props: answered by `GET /props`; None answers 404.
        html: every path answers a web page.
        status: of chat completions; other than 200 answers an error.
        drop_after: the connection is cut after so many pieces.
        hold: the stream waits for `release` before its second piece.
        delay: seconds before each answer begins.
        paths, bodies, keys: of the requests, in order.
        aborted: set when the client went away in mid-stream.
    """

    pieces: list[str] = field(default_factory=lambda: ["Hello", ", ", "Mara", "."])
    models: Any = field(default_factory=lambda: {"data": [{"id": "m"}]})
    props: Any = None
    html: bool = False
    status: int = 200
    drop_after: int | None = None
    hold: bool = False
    delay: float = 0.0
    paths: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    aborted: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    @property
    def spec(self) -> str:
        """The spec that names its model."""
        return f"openai:m@{self.url}"


@contextmanager
def serving(server: FakeServer) -> Iterator[FakeServer]:
    """Run the server while the block runs."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    try:
        yield server
    finally:
        server.release.set()
        http.shutdown()
        http.server_close()


def _handler(server: FakeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            """Models and properties."""
            self._seen()
            page = {"/v1/models": server.models, "/props": server.props}.get(self.path)
            if server.html:
                self._send(200, "text/html", b"<html><h1>It works!</h1></html>")
            elif page is None:
                self._json(404, {"error": {"message": "not found"}})
            else:
                self._json(200, page)

        def do_POST(self) -> None:
            """Chat completions, streamed; llama.cpp's template and tokens, a token being a character."""
            self._seen()
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/tokenize":
                return self._json(200, {"tokens": list(range(len(body["content"])))})
            if self.path == "/apply-template":
                return self._json(200, {"prompt": "".join(m["content"] for m in body["messages"])})
            server.bodies.append(body)
            if server.status != 200:
                return self._json(server.status, {"error": {"message": "the server's own words"}})
            return self._stream()

        def _seen(self) -> None:
            server.paths.append(self.path)
            server.keys.append(self.headers.get("Authorization", ""))

        def _stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            time.sleep(server.delay)
            try:
                for place, piece in enumerate(server.pieces):
                    if server.drop_after == place:
                        return
                    if server.hold and place == 1:
                        self._until_gone()
                    self._event(
                        {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
                    )
                self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                details = {"cached_tokens": 7}
                usage = {"prompt_tokens": 9, "completion_tokens": len(server.pieces), "total_tokens": 9}
                self._event({"choices": [], "usage": {**usage, "prompt_tokens_details": details}})
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                server.aborted.set()

        def _until_gone(self) -> None:
            """Keep the stream alive until it is released or the client is gone."""
            while not server.release.wait(0.01):
                self.wfile.write(b": keep-alive\n\n")
                self.wfile.flush()

        def _event(self, chunk: dict[str, Any]) -> None:
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", **chunk}
            self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
            self.wfile.flush()

        def _json(self, status: int, page: Any) -> None:
            self._send(status, "application/json", json.dumps(page).encode())

        def _send(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
