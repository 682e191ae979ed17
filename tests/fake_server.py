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
        retry_after: seconds, sent with such an error as `Retry-After`.
        hang_up: the connection is cut before anything is answered.
        silence: seconds before anything is answered.
        drop_after: the connection is cut after so many pieces.
        cut_after: the piece after so many is broken off in the middle of its JSON.
        error_after: an error comes as an event after so many pieces.
        no_end: the answer ends without a word that it has ended.
        faults: how many completions suffer from `status`, `hang_up`, `drop_after`, `cut_after`, `error_after`
            or `no_end`, before all is well; None is all of them.
        html_on_post: completions answer a web page.
        rejects: fields of a body that are answered with a 400.
        abilities: what it really does; None streams the pieces whatever is asked. See `_answer`.
        pages: more pages by path, such as `/version`.
        piece_delay: seconds before each piece.
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
    retry_after: int | None = None
    hang_up: bool = False
    silence: float = 0.0
    drop_after: int | None = None
    cut_after: int | None = None
    error_after: int | None = None
    no_end: bool = False
    faults: int | None = None
    html_on_post: bool = False
    rejects: frozenset[str] = frozenset()
    abilities: frozenset[str] | None = None
    pages: dict[str, Any] = field(default_factory=dict)
    piece_delay: float = 0.0
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

    @property
    def faulty(self) -> bool:
        """Whether the completion that is asked for now suffers."""
        return self.faults is None or len(self.bodies) <= self.faults


def _answer(body: dict[str, Any], abilities: frozenset[str]) -> str:
    """What a server with these abilities streams; one that lacks one ignores what asks for it.

    `json_schema`, `json_object`, `grammar`, `structured_outputs` and `guided_grammar` hold the answer,
    `plain` and `flag` continue a message, `strips` cuts spaces off.
    """
    kind = (body.get("response_format") or {}).get("type")
    if any(way in body and way in abilities for way in ("grammar", "structured_outputs", "guided_grammar")):
        return "qax"
    if kind == "json_schema" and kind in abilities:
        return '{"answer": "zub"}'
    if kind == "json_object" and kind in abilities:
        return '{"hello": 1}'
    if body["messages"][-1]["role"] == "assistant":
        continues = "plain" in abilities or ("flag" in abilities and body.get("continue_final_message"))
        begun = body["messages"][-1]["content"]
        if begun == "light":
            return "house" if continues else "lighthouse"
        # A clever model goes on counting in a message of its own, which looks much the same.
        return " 9 10 11 12" if continues and "strips" not in abilities else "9 10 11 12"
    return "Paris"


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
            page = {"/v1/models": server.models, "/props": server.props, **server.pages}.get(self.path)
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
            if self.path in server.pages:
                return self._json(200, server.pages[self.path])
            if self.path == "/tokenize":
                return self._json(200, {"tokens": list(range(len(body["content"])))})
            if self.path == "/apply-template":
                return self._json(200, {"prompt": "".join(m["content"] for m in body["messages"])})
            server.bodies.append(body)
            time.sleep(server.silence)
            if server.hang_up and server.faulty:
                return None
            if server.html_on_post:
                return self._send(200, "text/html", b"<html><h1>Log in</h1></html>")
            if server.status != 200 and server.faulty:
                return self._json(server.status, {"error": {"message": "the server's own words"}})
            if rejected := sorted(server.rejects & body.keys()):
                return self._json(400, {"error": {"message": f"cannot take {rejected[0]}"}})
            return self._stream(body)

        def _seen(self) -> None:
            server.paths.append(self.path)
            server.keys.append(self.headers.get("Authorization", ""))

        def _stream(self, body: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            time.sleep(server.delay)
            abilities = server.abilities
            pieces = server.pieces if abilities is None else [_answer(body, abilities)]
            likely = {"content": [{"logprob": -1.0}]} if "logprobs" in (abilities or ()) else None
            try:
                for place, piece in enumerate(pieces):
                    if server.faulty and self._breaks(place):
                        return
                    if server.hold and place == 1:
                        self._until_gone()
                    time.sleep(server.piece_delay)
                    self._choice({"content": piece}, None, **({"logprobs": likely} if likely else {}))
                if server.no_end and server.faulty:
                    return
                self._choice({}, "stop")
                details = {"cached_tokens": 7}
                usage = {"prompt_tokens": 9, "completion_tokens": len(pieces), "total_tokens": 9}
                self._event({"choices": [], "usage": {**usage, "prompt_tokens_details": details}})
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                server.aborted.set()

        def _breaks(self, place: int) -> bool:
            if server.cut_after == place:
                self.wfile.write(b'data: {"id": "1", "object": "chat.completion.chunk", "cho\n\n')
            elif server.error_after == place:
                self.wfile.write(b'data: {"error": {"message": "the slot was lost", "code": 500}}\n\n')
            return place in (server.drop_after, server.cut_after, server.error_after)

        def _choice(self, delta: dict[str, Any], reason: str | None, **more: Any) -> None:
            self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": reason, **more}]})

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
            if status != 200 and server.retry_after is not None:
                self.send_header("Retry-After", str(server.retry_after))
            self.end_headers()
            self.wfile.write(content)

    return Handler
