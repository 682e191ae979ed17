"""`storyroom debates`: what was argued about, by whom, and what came of it."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from storyroom.cli.looking import OptionalSession, open_archive, session_or_newest
from storyroom.cli.options import AsJson, SeriesFolder, command
from storyroom.cli.output import say, show, show_json, show_table
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.memory.debates import Debate
    from storyroom.memory.sifting import Sieve
    from storyroom.session import Session
    from storyroom.story.bible import Bible


class ListByDefault(TyperGroup):
    """A group of commands that lists when no command is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `list` before arguments that begin with no command."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=ListByDefault, help="List debates and read them back.")


class _Stage(StrEnum):
    PITCHES = "pitches"
    OUTLINE = "outline"
    SCENE = "scene"
    TABLE_READ = "table_read"


class _To(StrEnum):
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


_SUFFIXES = {_To.MARKDOWN: ".md", _To.JSON: ".json", _To.HTML: ".html"}
_DEBATE = re.compile(r"(pitches|outline|table[_-]read|scene[.:]\d+)([.:]p\d+)?", re.IGNORECASE)

_Scene = Annotated[int | None, typer.Option(min=1, help="About this scene.")]
_Role = Annotated[str | None, typer.Option(metavar="ROLE", help="In which this role spoke.")]
_Member = Annotated[
    str | None, typer.Option(metavar="NAME", help="In which this member spoke, or a note of theirs counted.")
]
_Kind = Annotated[
    str | None, typer.Option(metavar="KIND", help="With objections of this kind, such as logic.")
]
_Fate = Annotated[
    str | None,
    typer.Option(
        metavar="FATE",
        help="With objections that are settled, withdrawn, upheld, overruled, rejected, sent_back, open.",
    ),
]
_OfStage = Annotated[_Stage | None, typer.Option(help="Of this stage.")]


@app.command("list")
def list_debates(
    session: OptionalSession = None,
    scene: _Scene = None,
    role: _Role = None,
    member: _Member = None,
    kind: _Kind = None,
    fate: _Fate = None,
    stage: _OfStage = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """List the debates of a session: about what, who took part, how objections fared, why it stopped."""
    from storyroom.memory.debates import debates_of
    from storyroom.transcripts.json import summary_json

    with open_archive(series) as archive:
        sieve = _sieve(archive.bible, stage, scene, role, member, kind, fate)
        one = session_or_newest(archive, session, series)
        found = debates_of(one.ledger, one.id)
        wanted = sieve.sift(found)
        if not wanted:
            _refuse_strangers(archive.bible, sieve)
        if as_json:
            show_json([summary_json(debate) for debate in wanted])
            return
        nothing = "None of its debates is so." if found else f"Session {one.id} has held no debate yet."
        show_table(
            ("debate", "who", "rounds", "objections", "outcome"),
            [_row(debate) for debate in wanted],
            empty=nothing,
        )
        if wanted:
            say(f"Read one: {command(series, 'debates', 'show', one.id, wanted[-1].id)}", "dim")


@app.command("show")
def show_debates(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SESSION] [DEBATE]",
            help="A session, the newest if left out; and a debate such as scene.3, all of them if left out.",
        ),
    ] = None,
    to: Annotated[_To | None, typer.Option(help="Write it in this format.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write to this file. Default: standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that differs.")] = False,
    scene: _Scene = None,
    role: _Role = None,
    member: _Member = None,
    kind: _Kind = None,
    fate: _Fate = None,
    stage: _OfStage = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Read debates back: each objection with its line, what was answered, and what became of the line.

    In a reworded line [-these words went-] and {+these came+}.
    """
    from storyroom.cli.transcript import show_transcript
    from storyroom.memory.debates import debate_named, debates_of
    from storyroom.transcripts.transcript import transcript_of

    if as_json and to not in (None, _To.JSON):
        raise InputError(f"--json and --to {to} are two formats.", hint="Ask for one of them.")
    session, name = _session_and_debate(names or [])
    with open_archive(series) as archive:
        sieve = _sieve(archive.bible, stage, scene, role, member, kind, fate)
        one = session_or_newest(archive, session, series)
        found = debates_of(one.ledger, one.id)
        wanted = sieve.sift([debate_named(found, name)] if name else found)
        if not wanted:
            _refuse_strangers(archive.bible, sieve)
        if as_json or to is not None or out is not None:
            _write(one, wanted, _To.JSON if as_json else _format(to, out), out, force=force)
            return
        if not wanted:
            say("None of its debates is so." if found else f"Session {one.id} has held no debate yet.")
        for place, debate in enumerate(wanted):
            if place:
                show("")
            show_transcript(transcript_of(one.ledger, debate, "en"))


def _session_and_debate(names: list[str]) -> tuple[str | None, str | None]:
    """Tell a session's name from a debate's."""
    match names:
        case []:
            return None, None
        case [name] if _DEBATE.fullmatch(name):
            return None, name
        case [session]:
            return session, None
        case [session, name]:
            return session, name
    raise InputError(f"{len(names)} names were given.", hint="Name a session, and one of its debates.")


def _sieve(
    bible: Bible,
    stage: _Stage | None,
    scene: int | None,
    role: str | None,
    member: str | None,
    kind: str | None,
    fate: str | None,
) -> Sieve:
    """Return what is wanted, with names as the series knows them.

    Raises:
        InputError: there is no such kind or fate; roles and members may be of an earlier bible.
    """
    from typing import get_args

    from storyroom.memory.sifting import Sieve
    from storyroom.memory.threads import FATES
    from storyroom.story.objection import ObjectionKind

    if member is not None:
        team = {one.name.casefold(): one.name for one in bible.team}
        member = team.get(member.casefold(), member)
    if role is not None:
        role = role.replace("-", "_").replace(" ", "_").casefold()
    fate = fate.replace("-", "_").replace(" ", "_") if fate else None
    _known("kind of objection", kind, get_args(ObjectionKind))
    _known("fate", fate, FATES)
    return Sieve(
        stage=stage.value if stage else None, scene=scene, role=role, member=member, kind=kind, fate=fate
    )


def _refuse_strangers(bible: Bible, sieve: Sieve) -> None:
    """Refuse a role or a member that nothing was found of because the series has none of that name.

    Raises:
        InputError: there is no such role or member.
    """
    from storyroom.team import on_the_team

    if sieve.role is not None:
        _known("role", sieve.role, bible.roles)
    if sieve.member is not None:
        on_the_team(bible, sieve.member)


def _known(what: str, given: str | None, names: tuple[str, ...]) -> None:
    if given is not None and given not in names:
        raise InputError(f"There is no {what} {given!r}.", hint=f"Name one of: {', '.join(names)}.")


def _row(debate: Debate) -> tuple[str, ...]:
    from storyroom.memory.threads import FATES
    from storyroom.transcripts.words import Words

    words = Words("en")
    shared = f" (from {debate.session})" if debate.shared else ""
    counted = [f"{debate.fates[fate]} {words[fate]}" for fate in FATES if debate.fates[fate]]
    return (
        debate.id + shared,
        _who(debate),
        str(debate.rounds),
        ", ".join(counted) or "none",
        words.outcome(debate),
    )


def _who(debate: Debate) -> str:
    """Return the roles that took part, with the members in their seats."""
    seats: dict[str, set[str]] = {}
    for role, actor in debate.speakers:
        seats.setdefault(role.replace("_", " "), set()).update({actor.name} if actor.kind == "member" else ())
    return ", ".join(
        f"{role} ({', '.join(sorted(members))})" if members else role for role, members in seats.items()
    )


def _format(to: _To | None, out: Path | None) -> _To:
    if to is not None:
        return to
    found = {suffix: name for name, suffix in _SUFFIXES.items()}.get(out.suffix.casefold() if out else "")
    if found is None:
        raise InputError(
            f"The name {out} does not say in which format.", hint="Add --to markdown, json or html."
        )
    return found


def _write(session: Session, wanted: list[Debate], to: _To, out: Path | None, *, force: bool) -> None:
    from storyroom.cli.places import put, refuse_to_lose

    text = _written(session, wanted, to)
    if out is None or str(out) == "-":
        typer.echo(text, nl=False)
        return
    path = out / f"{session.id}-debates{_SUFFIXES[to]}" if out.is_dir() else out
    data = text.encode()
    refuse_to_lose(path, data, force=force)
    put(path, data, keep=False)


def _written(session: Session, wanted: list[Debate], to: _To) -> str:
    import json

    from storyroom.transcripts.html import as_html
    from storyroom.transcripts.json import as_json
    from storyroom.transcripts.markdown import as_markdown
    from storyroom.transcripts.transcript import transcript_of
    from storyroom.transcripts.words import Words

    ledger, language = session.ledger, session.order.language
    if to is _To.JSON:
        body = {"session": session.id, "debates": [as_json(ledger, debate) for debate in wanted]}
        return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    words = Words(language)
    transcripts = [transcript_of(ledger, one, language) for one in wanted]
    about = words["comma"].join(
        (words["episode"].format(session.order.episode), words["session"].format(session.id))
    )
    title = session.bible.title
    if to is _To.MARKDOWN:
        return as_markdown(transcripts, f"{title}{words['comma']}{about}")
    return as_html(transcripts, language, title=title, about=about)
