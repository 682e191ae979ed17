"""Nothing leaves the machine: a draft works without a network, and with one it talks to itself alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from room_kit import IDEA, a_series

pytestmark = [pytest.mark.real_model, pytest.mark.slow]

# What would send prompts away, if it were heeded. The proxy leads nowhere.
TEMPTED = {
    "LANGSMITH_TRACING": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "x",
    "LANGSMITH_ENDPOINT": "http://192.0.2.1:1",
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"), "http://192.0.2.1:9"),
    "ANONYMIZED_TELEMETRY": "True",
    "CHROMA_SERVER_HOST": "192.0.2.1",
}

DRAFT = """
import asyncio, json, os, socket, sys, threading, time
from pathlib import Path

addresses, remote = set(), set()

def hook(name, arguments):
    if name in ("socket.connect", "socket.sendto"):
        addresses.add(repr(arguments[1]))
    elif name == "socket.getaddrinfo":
        addresses.add(repr(arguments[:2]))

sys.addaudithook(hook)

def watch():
    if not Path("/proc/net/tcp").exists():
        return
    # Libraries that are no Python open sockets that the hook does not see, and the kernel does.
    while True:
        mine = set()
        for link in Path("/proc/self/fd").iterdir():
            try:
                mine.add(os.readlink(link))
            except OSError:
                continue
        for table in ("tcp", "tcp6", "udp", "udp6"):
            file = Path("/proc/net", table)
            for row in file.read_text().splitlines()[1:] if file.exists() else ():
                parts = row.split()
                if f"socket:[{parts[9]}]" in mine:
                    remote.add(parts[2].partition(":")[0])
        time.sleep(0.01)

threading.Thread(target=watch, daemon=True).start()

from storyroom.room import Room

async def main(folder, idea):
    with Room.open(folder) as room:
        run = room.begin(idea, scenes=1, pages=0.5, depth="quick", seed=3, model="embedded")
        async for event in run.events():
            pass
        session = room.session(run.session.id)
        return {"outcome": run.outcome, "scenes": len(session.manuscript.scenes), "script": session.fountain}

told = asyncio.run(main(sys.argv[1], sys.argv[2]))
told["addresses"], told["remote"] = sorted(addresses), sorted(remote)
Path(sys.argv[3]).write_text(json.dumps(told), encoding="utf-8")
"""

# 127.0.0.1, ::ffff:127.0.0.1, ::1, and the remote end of a socket that has none, as the kernel writes them.
LOOPBACK = {
    "0100007F",
    "0000000000000000FFFF00000100007F",
    "00000000000000000000000001000000",
    "00000000",
    "0" * 32,
}

# A new namespace has a loopback that is down, and no `ip` is needed to raise it.
ALONE = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    up = struct.pack("16sh14x", b"lo", 0x1 | 0x40)
    fcntl.ioctl(any_socket, 0x8914, up)
interfaces = [name for _, name in socket.if_nameindex()]
assert interfaces == ["lo"], interfaces
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def drafted(tmp_path: Path, *before: str) -> dict[str, object]:
    """Draft one scene on the embedded model in a process of its own, and return what it told."""
    told = tmp_path / "told.json"
    command = [sys.executable, "-c", DRAFT, str(a_series(tmp_path)), IDEA, str(told)]
    if before:
        command = [*before, *command[1:]]
    done = subprocess.run(
        command, env={**os.environ, **TEMPTED}, text=True, capture_output=True, check=False, timeout=900
    )
    if "unshare:" in done.stderr:
        pytest.skip(f"SILENCE WAS NOT TRIED: no network namespace can be made here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(told.read_text(encoding="utf-8")))


def test_a_draft_needs_no_network(tmp_path: Path):
    """In a network namespace of a loopback alone, with tracing and a proxy set, it succeeds."""
    if shutil.which("unshare") is None:
        pytest.skip("SILENCE WAS NOT TRIED: there is no `unshare` here to make a network namespace with.")
    told = drafted(tmp_path, "unshare", "-rn", sys.executable, "-c", ALONE)
    assert told["outcome"] == "finished"
    assert told["scenes"] == 1


def test_a_draft_connects_to_this_machine_alone(tmp_path: Path):
    """With a network at hand, tracing on and a proxy set, every address that is asked for is a loopback's."""
    told = drafted(tmp_path)
    assert told["outcome"] == "finished"
    addresses = told["addresses"]
    assert isinstance(addresses, list)
    assert addresses, "the model's server was not seen: the hook does not work"
    for address in addresses:
        assert "127.0.0.1" in address or "localhost" in address or "'::1'" in address, address
    remote = told["remote"]
    assert isinstance(remote, list)
    if Path("/proc/net/tcp").exists():
        assert "0100007F" in remote, "the model's server was not seen: /proc does not tell"
        assert set(remote) <= LOOPBACK
