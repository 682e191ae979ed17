"""Writing an episode out, and making it canon."""

from __future__ import annotations

import json
from pathlib import Path

from storyroom.files import sha256, write_whole
from storyroom.formats.fountain import write
from storyroom.memory.credits import credits, statement
from storyroom.memory.drafts import scene_slots
from storyroom.memory.ledger import Ledger
from storyroom.memory.manuscript import Manuscript, read_manuscript
from storyroom.memory.sessions import SessionRecord
from storyroom.story.bible import Bible
from storyroom.story.script import TitlePage

_KEYS = {
    "en": ("Title", "Episode", "Credit", "Author", "Draft date", "Drafted by Storyroom for"),
    "zh": ("标题", "集数", "署名", "作者", "日期", "由 Storyroom 起草，团队："),
}


def script_text(bible: Bible, session: SessionRecord, manuscript: Manuscript) -> str:
    """Return a script version as Fountain, with its title page."""
    title, episode, credit, author, date, drafted = _KEYS[bible.language]
    named = manuscript.outline.title if manuscript.outline else ""
    team = ", ".join(member.name for member in bible.team) or bible.title
    page = TitlePage(
        (
            (title, (bible.title,)),
            (episode, (f"{session.episode}" + (f" - {named}" if named else ""),)),
            (credit, (drafted,)),
            (author, (team,)),
            (date, (session.created[:10],)),
        )
    )
    return write(manuscript.script(page))


def write_out(ledger: Ledger, bible: Bible, session: SessionRecord, head: str, folder: Path) -> list[Path]:
    """Write a session's script as Fountain, its credits beside it, and record the export.

    Raises:
        FormatError: the folder cannot be written.
    """
    data = script_text(bible, session, read_manuscript(ledger, head)).encode()
    script = folder / f"s01e{session.episode:02d}-{session.id}.fountain"
    shares = credits(ledger, head)
    about = {
        "session": session.id,
        "episode": session.episode,
        "head": head,
        "credits": [credit.model_dump() for credit in shares],
        "statement": statement(shares, session.order.language),
    }
    listed = script.with_suffix(".credits.json")
    write_whole(script, data)
    write_whole(listed, (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode())
    ledger.record_export(session=session.id, head=head, format="fountain", path=script, sha256=sha256(data))
    return [script, listed]


def lock_episode(ledger: Ledger, session: SessionRecord, head: str) -> str:
    """Make what stands at `head` the canon of its episode, superseding what was; return the episode's id.

    A head that holds already is left as it is: a lock that a crash interrupted is done again.
    """
    from storyroom.memory.episodes import put_episode

    holds = ledger.episodes.newest(session.episode)
    if holds is not None and (holds.session, holds.source) == (session.id, head):
        return holds.id
    manuscript = read_manuscript(ledger, head)
    script = "".join(str(manuscript.slots[f"scene:{n}"]) for n in scene_slots(manuscript.slots))
    with ledger.database.write() as connection:
        return put_episode(
            connection,
            number=session.episode,
            title=manuscript.outline.title if manuscript.outline else "",
            origin="locked",
            source=head,
            sha256=sha256(script.encode()),
            scenes={n: manuscript.slots[f"scene:{n}"] for n in scene_slots(manuscript.slots)},
            session=session.id,
        )
