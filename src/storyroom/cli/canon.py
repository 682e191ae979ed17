"""`storyroom canon`: what holds in the story, since when, who knows it, and where the script says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from storyroom.cli.debating import ListByDefault
from storyroom.cli.fact_words import as_json as fact_json
from storyroom.cli.fact_words import scene_words, whole
from storyroom.cli.looking import open_archive
from storyroom.cli.options import AsJson, SeriesFolder, command
from storyroom.cli.output import say, show, show_json, show_table
from storyroom.cli.words import count, shortened
from storyroom.errors import InputError

if TYPE_CHECKING:
    from storyroom.story.canon import Fact, Moment
    from storyroom.story.canon.knowledge import Known

app = typer.Typer(cls=ListByDefault, help="Look at the facts of the story, add to them, approve them.")

KINDS = ("death", "departure", "possession", "knowledge", "attribute", "setup")
STATUSES = ("planned", "likely", "approved", "superseded", "waived")

_OfSession = Annotated[
    str | None,
    typer.Option("--session", metavar="SESSION", help="As this session has it. Default: the series."),
]
_FactId = Annotated[str, typer.Argument(metavar="ID", help="A fact, or the beginning of its id.")]
_By = Annotated[str, typer.Option("--from", metavar="MEMBER", help="Who of the team says so.")]
_Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
_Anyway = Annotated[
    bool, typer.Option("--anyway", help="Also if it contradicts the bible or what was approved.")
]


@app.command("list")
def list_facts(
    session: _OfSession = None,
    episode: Annotated[int | None, typer.Option(min=1, help="Only what this episode shows.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="|".join(KINDS), help="Only of this kind.")] = None,
    status: Annotated[str | None, typer.Option(metavar="|".join(STATUSES), help="Only so far along.")] = None,
    about: Annotated[str, typer.Option(metavar="NAME", help="Only what names this person or thing.")] = "",
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """List facts in the order in which they began to hold."""
    _one_of(kind, KINDS, "kind")
    _one_of(status, STATUSES, "status")
    with open_archive(series) as archive:
        desk = archive.canon(session)
        found = desk.facts(kind=kind, status=status, about=about, episode=episode)  # type: ignore[arg-type]
        if as_json:
            show_json([fact_json(desk, fact) for fact in found])
            return
        show_table(
            ("fact", "status", "kind", "since", "about", "says", "from"),
            [
                (fact.id, fact.status, fact.kind, _since(fact), fact.subject, fact.says, fact.origin)
                for fact in found
            ],
            empty=f"No such facts. Add one: {command(series, 'canon', 'add', '--kind', '…', '--says', '…')}",
        )
        for late in desk.overdue():
            say(f"Not paid off by the end of episode {late.due}: {late.says} ({late.id})")
        for one in desk.rechecks():
            lost = "; ".join(fact.says for fact in one.facts)
            say(f"Scene {one.scene} is to recheck. Its writer was told what is no longer canon: {lost}")


@app.command("show")
def show_fact(
    fact: _FactId, session: _OfSession = None, as_json: AsJson = False, series: SeriesFolder = None
) -> None:
    """Show a fact with the lines that show it, who was there, and what was decided about it."""
    with open_archive(series) as archive:
        desk = archive.canon(session)
        found = desk.get(fact)
        if as_json:
            history = [mark.model_dump(mode="json") for mark in desk.history(found)]
            show_json({**fact_json(desk, found), "history": history})
            return
        show(whole(desk, found))


@app.command("add")
def add(
    kind: Annotated[str, typer.Option(metavar="|".join(KINDS), help="What sort of thing it says.")],
    says: Annotated[str, typer.Option(metavar="TEXT", help="The fact in a sentence.")],
    subject: Annotated[str, typer.Option(metavar="NAME", help="Who or what it is about.")],
    since: Annotated[
        str, typer.Option(metavar="EPISODE:SCENE", help="The scene that shows it. Default: it always holds.")
    ] = "",
    quote: Annotated[str, typer.Option(metavar="TEXT", help="The words of that scene that show it.")] = "",
    holders: Annotated[
        list[str] | None, typer.Option(metavar="NAMES", help="Who knows it. Default: who is in that scene.")
    ] = None,
    terms: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="Words that only who knows it can say, or that pay a set-up off."),
    ] = None,
    thing: Annotated[str, typer.Option(metavar="TEXT", help="What somebody has.")] = "",
    attribute: Annotated[str, typer.Option(metavar="TEXT", help="Such as eyes.")] = "",
    value: Annotated[str, typer.Option(metavar="TEXT", help="Such as blue.")] = "",
    due: Annotated[
        int | None, typer.Option(min=1, metavar="EPISODE", help="By whose end a set-up is to be paid off.")
    ] = None,
    member: _By = "",
    anyway: _Anyway = False,
    session: _OfSession = None,
    series: SeriesFolder = None,
) -> None:
    """Add a fact; it is approved by being said."""
    from storyroom.canon_checks import LONGEST, a_text, texts
    from storyroom.story.canon import BIBLE, Fact

    _one_of(kind, KINDS, "kind")
    limits = LONGEST
    with open_archive(series) as archive:
        given = Fact(
            kind=kind,  # type: ignore[arg-type]
            subject=a_text("--subject", subject, limits["subject"]),
            says=a_text("--says", says, limits["says"]),
            since=_moment(since) if since else BIBLE,
            holders=texts("a name in --holders", holders or ()),
            terms=texts("a word in --terms", terms or ()),
            thing=a_text("--thing", thing, limits["term"]) if thing else "",
            attribute=a_text("--attribute", attribute, limits["term"]) if attribute else "",
            value=a_text("--value", value, limits["term"]) if value else "",
            due=due,
            by=member,
        )
        fact = archive.canon(session).add(given, quote=quote, anyway=anyway)
        say(f"Added: {fact.says}")
        show(fact.id)


@app.command("approve")
def approve(
    facts: Annotated[list[str], typer.Argument(metavar="ID…", help="Facts, or the beginnings of their ids.")],
    member: _By = "",
    session: _OfSession = None,
    series: SeriesFolder = None,
) -> None:
    """Approve facts that were read out of prose: checks are certain about them from now on."""
    with open_archive(series) as archive:
        fresh = archive.canon(session).approve(facts, member=member)
        say(f"Approved {count(len(fresh), 'fact')}." if fresh else "They were approved already.")


@app.command("waive")
def waive(
    fact: _FactId,
    reason: _Why,
    member: _By = "",
    session: _OfSession = None,
    series: SeriesFolder = None,
) -> None:
    """Say that nothing contradicts a fact: it is a lie, a dream, a reveal to come."""
    with open_archive(series) as archive:
        found = archive.canon(session).waive(fact, reason=reason, member=member)
        say(f"Waived: {found.says}")


@app.command("supersede")
def supersede(
    fact: _FactId,
    by: Annotated[str, typer.Option(metavar="ID", help="The fact that takes its place.")] = "",
    says: Annotated[str, typer.Option(metavar="TEXT", help="What is true instead.")] = "",
    value: Annotated[str, typer.Option(metavar="TEXT", help="Of an attribute, what it is instead.")] = "",
    reason: _Why = "",
    member: _By = "",
    anyway: _Anyway = False,
    session: _OfSession = None,
    series: SeriesFolder = None,
) -> None:
    """Put another fact in the place of one."""
    with open_archive(series) as archive:
        desk = archive.canon(session)
        new = desk.supersede(fact, by=by, says=says, value=value, reason=reason, member=member, anyway=anyway)
        say(f"It is true instead: {new.says}")
        show(new.id)


@app.command("end")
def end(
    fact: _FactId,
    at: Annotated[str, typer.Option(metavar="EPISODE:SCENE", help="The scene that ends it.")],
    reason: _Why = "",
    member: _By = "",
    session: _OfSession = None,
    series: SeriesFolder = None,
) -> None:
    """Say which scene ends a fact, or pays a set-up off."""
    with open_archive(series) as archive:
        found = archive.canon(session).end_at(fact, _moment(at), reason=reason, member=member)
        what = "Paid off" if found.kind == "setup" else "It held"
        say(f"{what} {'in' if found.kind == 'setup' else 'until'} {_moment(at)}: {found.says}")


@app.command("at")
def at_scene(
    moment: Annotated[str, typer.Argument(metavar="EPISODE:SCENE", help="The scene.")],
    session: _OfSession = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Show who is in a scene, where and when it is, and what holds as it begins."""
    with open_archive(series) as archive:
        desk = archive.canon(session)
        found = desk.at(_moment(moment))
        if as_json:
            show_json(
                {
                    **found.scene.model_dump(mode="json"),
                    "speaks": found.scene.speakers,
                    "silent": found.scene.silent,
                    "holds": [fact_json(desk, fact) for fact in found.holds],
                    "gone": [fact.id for fact in found.gone],
                    "setups": [fact_json(desk, fact) for fact in found.setups],
                }
            )
            return
        show(scene_words(found))


@app.command("knows")
def knows(
    character: Annotated[str, typer.Argument(metavar="CHARACTER", help="Somebody of the cast.")],
    at: Annotated[
        str, typer.Option(metavar="EPISODE:SCENE", help="As this scene begins. Default: after all scenes.")
    ] = "",
    session: _OfSession = None,
    as_json: AsJson = False,
    series: SeriesFolder = None,
) -> None:
    """Show what a character knows, and what they have no way of knowing, with the lines that say so."""
    with open_archive(series) as archive:
        desk = archive.canon(session)
        found = desk.knows(character, _moment(at) if at else None)
        if as_json:
            known = {"knows": found.knows, "unaware": found.unaware}
            lists = {key: [_known_json(one) for one in value] for key, value in known.items()}
            show_json({"character": found.character, "at": at or None, **lists})
            return
        parts = ((f"{found.character} knows:", found.knows), ("Cannot know:", found.unaware))
        told = ["\n".join((title, *map(_known, known))) for title, known in parts if known]
        show("\n\n".join(told) or f"Nothing is told yet that {found.character} could know.")


def _known(one: Known) -> str:
    quote = f" “{shortened(one.evidence.quote, 60)}”" if one.evidence else ""
    likely = " (likely)" if one.fact.status == "likely" else ""
    return f"  {one.fact.id}  {one.fact.says}{likely}  [{one.at}]{quote}"


def _known_json(one: Known) -> dict[str, Any]:
    evidence = one.evidence.model_dump(mode="json") if one.evidence else None
    return {
        "fact": one.fact.id,
        "says": one.fact.says,
        "status": one.fact.status,
        "at": str(one.at),
        "evidence": evidence,
    }


def _since(fact: Fact) -> str:
    until = f"–{fact.until}" if fact.until else ""
    return f"{fact.since}{until}" if fact.since.episode else "always"


def _moment(text: str) -> Moment:
    from storyroom.story.canon import Moment

    return Moment.parse(text)


def _one_of(given: str | None, known: tuple[str, ...], what: str) -> None:
    if given is not None and given not in known:
        raise InputError(f"{given[:40]!r} is no {what} of a fact.", hint=f"Use one of: {', '.join(known)}.")
