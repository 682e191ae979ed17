"""`storyroom credits`: how much of a script each human and each agent wrote."""

from __future__ import annotations

from storyroom.cli.looking import OptionalSession, open_archive, session_or_newest
from storyroom.cli.options import AsJson, SeriesFolder
from storyroom.cli.output import show, show_json, show_table
from storyroom.cli.words import role_name


def credits(session: OptionalSession = None, as_json: AsJson = False, series: SeriesFolder = None) -> None:
    """Say who wrote the script as it stands, line by line, and how much of it models worded."""
    from storyroom.memory.credits import credits as credited
    from storyroom.memory.credits import statement

    with open_archive(series) as archive:
        one = session_or_newest(archive, session, series)
        shares = credited(one.ledger, one.head) if one.head else []
        said = statement(shares, one.order.language)
        if as_json:
            show_json(
                {
                    "session": one.id,
                    "head": one.head,
                    "credits": [share.model_dump() for share in shares],
                    "statement": said,
                }
            )
            return
        show_table(
            ("who", "role", "lines written", "lines changed", "words", "share"),
            [
                (
                    share.actor.replace(":", " ", 1),
                    role_name(share.role),
                    str(share.written),
                    str(share.changed),
                    f"{share.words:,}",
                    f"{share.share:.1f} %",
                )
                for share in shares
            ],
            empty=f"No scene of session {one.id} is written yet.",
        )
        if shares:
            show("")
            show(said)
