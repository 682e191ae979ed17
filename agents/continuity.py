"""What in the draft of a scene does not go together with the canon and the scenes before it.

The checks are those of `storyroom check`, on the script so far. Only what is certain is held against a draft.
"""

from __future__ import annotations

from collections.abc import Iterator

from storyroom.agents.desk import Desk
from storyroom.memory.canon import account_of
from storyroom.story.canon import Moment
from storyroom.story.continuity import Finding, FindingKind, Line, Show, check
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.script import Element, Kind, Scene, Script

# Who speaks where is held against the outline and the order, which know more of that than the bible.
_KINDS: tuple[FindingKind, ...] = (
    "dead_speaks",
    "two_places",
    "time_backwards",
    "attribute_conflict",
    "unheld_fact",
)


def contradictions(desk: Desk, draft: SceneDraft) -> Iterator[Objection]:
    """Yield the lines of a draft that contradict the canon or the scenes before."""
    session = desk.ledger.sessions.get(desk.task.session)
    account = account_of(desk.ledger, desk.bible, session, head=desk.task.head)
    episode = desk.order.episode
    earlier = [
        (Moment(one.episode, one.scene), desk.ledger.drafts.get(one.draft, SceneDraft).elements)
        for one in account.scenes
        if one.episode < episode
    ]
    show = Show.of_bible(desk.bible, episode, settled=desk.ledger.people.settled())
    for one in check(_so_far(desk, draft), show, account.canon, kinds=_KINDS, earlier=earlier):
        line = next((line for line in draft.elements if line.id == one.here.element), None)
        if one.here.scene == draft.number and line is not None and not _said_already(desk, one, line):
            yield Objection(
                line=line.id,
                quote=line.text,
                kind="continuity",
                gravity="serious",
                says=one.says + _against(one.against, episode),
                certain=True,
            )


def _said_already(desk: Desk, finding: Finding, line: Element) -> bool:
    """Whether the bible itself calls the speaker dead: they have no part in the episode at all."""
    who = desk.bible.character(line.text)
    return finding.kind == "dead_speaks" and who is not None and who.status == "dead"


def _so_far(desk: Desk, draft: SceneDraft) -> Script:
    """Return the script up to a draft; a scene that is not written yet keeps its number."""
    written = {one.number: one.scene for one in desk.manuscript.before(draft.number)}
    nothing = Scene(Element(kind=Kind.SCENE_HEADING, text=""))
    before = (written.get(number, nothing) for number in range(1, draft.number))
    return Script(scenes=(*before, draft.scene))


def _against(line: Line | None, episode: int) -> str:
    if line is None:
        return ""
    return f" ({Moment(line.episode or episode, line.scene)}: {line.quote})"
