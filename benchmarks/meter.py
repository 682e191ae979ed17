"""A loopback proxy before the runtime that counts what each call read and wrote, whoever made it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

_TIMINGS = re.compile(rb'"timings":(\{[^{}]*\})')


@dataclass
class Meter:
    """What went through.

    Attributes:
        url, key: where a client finds the runtime.
        calls: completions that were answered.
        refused: completions that the runtime answered with an error.
        prompt, cached, new: tokens of the prompts, those of them that were not read again, of the answers.
    """

    url: str = ""
    key: str = ""
    calls: int = 0
    refused: int = 0
    prompt: int = 0
    cached: int = 0
    new: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, status: int, body: bytes) -> None:
        """Add up one answer: llama.cpp puts its timings into it."""
        found = _TIMINGS.findall(body)
        with self.lock:
            if status != 200 or not found:
                self.refused += 1
                return
            timings = json.loads(found[-1])
            self.calls += 1
            self.cached += timings.get("cache_n", 0)
            self.prompt += timings["prompt_n"] + timings.get("cache_n", 0)
            self.new += timings["predicted_n"]


@contextmanager
def metered(url: str, key: str) -> Iterator[Meter]:
    """Put a meter before an OpenAI-compatible llama.cpp server.

    Args:
        url: of the server, with `/v1`.
        key: that it wants.
    """
    meter = Meter(key=key)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(meter, url.removesuffix("/v1"), key))
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    meter.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    try:
        yield meter
    finally:
        http.shutdown()
        http.server_close()


def _handler(meter: Meter, root: str, key: str) -> type[BaseHTTPRequestHandler]:
    client = httpx.Client(base_url=root, timeout=None, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            """Pass on."""
            self._pass("GET", b"")

        def do_POST(self) -> None:
            """Pass on, and count what was answered."""
            self._pass("POST", self.rfile.read(int(self.headers["Content-Length"])))

        def _pass(self, method: str, body: bytes) -> None:
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            answer = client.request(method, self.path, content=body, headers=headers)
            if self.path.endswith("/completions"):
                meter.count(answer.status_code, answer.content)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("Content-Type", "application/json"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

    return Handler
