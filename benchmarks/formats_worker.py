"""One library at work, in a process of its own, so that it may hang or fall over: `ask` starts it and waits.

python benchmarks/formats_worker.py LIBRARY < JOBS

A job is a JSON list: what to do, the file to do it to, further arguments. An answer is ``{"value": …}`` or
``{"error": …}``.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Timer
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fountain_readers import READERS

Job = Callable[..., Any]


def read(library: str) -> Job:
    """Find the neutral pieces of a Fountain file."""
    return lambda path: READERS[library](Path(path))


def _parse(library: str) -> Callable[[str], Any]:
    """Return what parses a Fountain file into the library's own tree, and nothing more."""
    if library == "storyroom":
        from storyroom.formats import fountain

        return fountain.read_file
    if library == "fountain-py":
        from fountain import FountainParser

        return FountainParser().parse_file
    if library == "screenplain":
        from screenplain.parsers import fountain as parsers

        return lambda path: parsers.parse(io.StringIO(Path(path).read_text(encoding="utf-8-sig")))
    from screenplay_tools.fountain.parser import Parser

    def parse(path: str) -> Any:
        parser = Parser()
        parser.add_text(Path(path).read_text(encoding="utf-8"))
        return parser.script

    return parse


def seconds(library: str) -> Job:
    """Time the parsing of a file."""
    parse = _parse(library)

    def timed(path: str) -> float:
        begun = time.perf_counter()
        parse(path)
        return time.perf_counter() - begun

    return timed


def rewrite(library: str) -> Job | None:
    """Read a Fountain file and write it again; the bytes go into a second file."""
    parse = _parse(library)
    write: Callable[[Any], str]
    if library == "storyroom":
        from storyroom.formats.fountain import write
    elif library == "fountain-py":
        from fountain.renderer import FountainRenderer

        write = FountainRenderer().render
    elif library == "screenplay-tools":
        from screenplay_tools.fountain.writer import Writer

        write = Writer().write
    else:
        return None
    return lambda path, out: Path(out).write_bytes(write(parse(path)).encode("utf-8"))


def to_fdx(library: str) -> Job | None:
    """Write a Fountain file as FDX."""
    parse = _parse(library)
    if library == "storyroom":
        from storyroom.formats import fdx

        return lambda path, out: Path(out).write_bytes(fdx.write(parse(path)))
    if library == "fountain-py":
        from fountain import FDXRenderer

        return lambda path, out: Path(out).write_text(FDXRenderer().render(parse(path)), encoding="utf-8")
    if library == "screenplain":
        from screenplain.export.fdx import to_fdx as export

        def write(path: str, out: str) -> None:
            with Path(out).open("w", encoding="utf-8") as file:
                export(parse(path), file)

        return write
    from screenplay_tools.fdx.writer import Writer

    return lambda path, out: Path(out).write_text(Writer().write(parse(path)), encoding="utf-8")


def from_fdx(library: str) -> Job | None:
    """Read an FDX file and write its text into a second file."""
    if library == "storyroom":
        from storyroom.formats import fdx, fountain

        return lambda path, out: Path(out).write_text(fountain.write(fdx.read_file(path)), encoding="utf-8")
    if library == "screenplay-tools":
        from screenplay_tools.fdx.parser import Parser
        from screenplay_tools.fountain.writer import Writer

        def read_fdx(path: str, out: str) -> None:
            script = Parser().parse(Path(path).read_text(encoding="utf-8"))
            Path(out).write_text(Writer().write(script), encoding="utf-8")

        return read_fdx
    return None


def to_pdf(library: str) -> Job | None:
    """Write a Fountain file as PDF; `font` is a Chinese font, for libraries that can be given one."""
    parse = _parse(library)
    if library == "storyroom":
        from storyroom.formats.pdf import write_pdf

        return lambda path, out, font: len(write_pdf(parse(path), out))
    if library == "fountain-py":
        from fountain import PDFRenderer

        return lambda path, out, font: Path(out).write_bytes(PDFRenderer().render_bytes(parse(path)))
    if library == "screenplain":
        return lambda path, out, font: _screenplain_pdf(parse(path), out, font)
    return None


def _screenplain_pdf(screenplay: Any, out: str, font: str | None) -> None:
    from screenplain.export.pdf import FontSettings, Settings, to_pdf

    settings = None
    if font:
        named = FontSettings("Chinese")
        named.file_normal = named.file_bold = named.file_italic = named.file_bold_italic = font
        named.register()
        settings = Settings(font_settings=named)
    with Path(out).open("wb") as file:
        to_pdf(screenplay, file, settings=settings)


LIMIT_S = 60.0
JOBS = {job.__name__: job for job in (read, seconds, rewrite, to_fdx, from_fdx, to_pdf)}


def ask(library: str, jobs: Sequence[Sequence[object]]) -> list[dict[str, Any]]:
    """Have a library do jobs, one after the other; a process that takes too long is replaced."""
    answers: list[dict[str, Any]] = []
    while len(answers) < len(jobs):
        with subprocess.Popen(
            [sys.executable, __file__, library],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as worker:
            for job in jobs[len(answers) :]:
                answers.append(_answer(worker, job))
                if worker.poll() is not None:
                    break
            worker.kill()
    return answers


def _answer(worker: subprocess.Popen[str], job: Sequence[object]) -> dict[str, Any]:
    assert worker.stdin
    assert worker.stdout
    timer = Timer(LIMIT_S, worker.kill)
    timer.start()
    try:
        print(json.dumps(job), file=worker.stdin, flush=True)
        if line := worker.stdout.readline():
            answer: dict[str, Any] = json.loads(line)
            return answer
    except BrokenPipeError:
        pass  # the process is gone, and that is the answer
    finally:
        timer.cancel()
    worker.wait()
    return {"error": f"no answer within {LIMIT_S:.0f} s" if worker.returncode == -9 else "the process died"}


def main(library: str) -> None:
    """Answer jobs until there are no more. What a library prints goes nowhere."""
    answers, made = os.fdopen(os.dup(1), "w", encoding="utf-8"), {}
    os.dup2(2, 1)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        answer: dict[str, Any]
        try:
            if name not in made:
                made[name] = JOBS[name](library)
            job = made[name]
            answer = {"value": job(*arguments)} if job else {"error": "not offered"}
        except Exception as error:  # whatever a library raises is its answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
