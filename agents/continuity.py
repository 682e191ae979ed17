"""What in a draft, or in a whole episode, does not go together with the canon and with itself.

The checks are those of `storyroom check`. What is certain is held against every draft, and against the
episode at the table read. A larger model is shown a draft beside what memory found for it, and is asked
whether both can be true.
"""

from __future__ import annotations

from collections.abc import Iterator

from storyroom.agents.continuity_judge import compared
from storyroom.agents.desk import Desk
from storyroom.memory.canon import Account, account_of
from storyroom.memory.debates import debates_of
from storyroom.story.canon import Moment
from storyroom.story.continuity import Finding, FindingKind, Line, Show, check
from storyroom.story.continuity.judging import Passage, PassagePair
from storyroom.story.continuity.passages import quoted
from storyroom.story.draft import SceneDraft
from storyroom.story.objection import Objection
from storyroom.story.script import UNPRINTED, Element, Kind, Scene, Script
from storyroom.story.turn import Stage

# Who speaks where is held against the outline and the order, which know more of that than the bible.
_KINDS: tuple[FindingKind, ...] = (
    "dead_speaks",
    "two_places",
    "time_backwards",
    "attribute_conflict",
    "unheld_fact",
)
_COMPARED = 2
"""How many of the passages that memory found a draft is compared with; each is a call."""


def contradictions(desk: Desk, draft: SceneDraft) -> Iterator[Objection]:
    """Yield the lines of a draft that contradict the canon or the scenes before."""
    before = {one.number: one for one in desk.manuscript.before(draft.number)}
    for one in _certain(desk, {**before, draft.number: draft}):
        if one.scene == draft.number:
            yield one.model_copy(update={"scene": None})


def contradictions_of_episode(desk: Desk) -> Iterator[Objection]:
    """Yield the lines of the episode that contradict the canon or each other, each with its scene.

    The debates on the scenes may have come too early for it: since then a scene was written anew, a member
    reworded a line, a fact was approved. What such a debate overruled or withdrew about the same words stays
    settled.
    """
    scenes = desk.manuscript.scenes
    settled = {
        (thread.objection.line, thread.objection.quote, thread.objection.says)
        for debate in debates_of(desk.ledger, desk.task.session)
        if debate.stage is Stage.SCENE
        for thread in debate.threads
        if thread.fate in ("overruled", "withdrawn")
    }
    for one in _certain(desk, scenes):
        if (one.line, one.quote, one.says) not in settled:
            yield one


async def clashes(desk: Desk, draft: SceneDraft) -> list[Objection]:
    """Ask the model what in a draft contradicts what memory found for it, quoting both.

    Raises:
        ModelError: the model fails, or gives no answer that can be read.
    """
    found: dict[str, Objection] = {}
    text = "\n".join(one.text for one in draft.elements if one.kind not in UNPRINTED)
    later = Passage(Moment(desk.order.episode, draft.number), text)
    for episode, scene, passage in [one for one in desk.memory if one[0] and one[1]][:_COMPARED]:
        earlier = Passage(Moment(episode, scene), passage)
        clash = await compared(desk, PassagePair(earlier, later))
        if clash is None:
            continue
        line = quoted(clash.later, draft.lines)
        paragraphs = [Element(kind=Kind.ACTION, text=one) for one in passage.split("\n")]
        if line is not None and quoted(clash.earlier, paragraphs) is not None:
            found[line.id] = Objection(
                line=line.id,
                quote=line.text,
                kind="continuity",
                gravity="serious",
                says=f"{clash.reason} ({earlier.at}: {clash.earlier})",
            )
    return list(found.values())


def _certain(desk: Desk, scenes: dict[int, SceneDraft]) -> Iterator[Objection]:
    """Check scenes as one script, and yield what is wrong with their lines, each with its scene."""
    session = desk.ledger.sessions.get(desk.task.session)
    account = account_of(desk.ledger, desk.bible, session, head=desk.task.head)
    episode = desk.order.episode
    show = Show.of_bible(desk.bible, episode, settled=desk.ledger.people.settled())
    script = _script(scenes)
    found = check(script, show, account.canon, kinds=_KINDS, earlier=_earlier(desk, account, episode))
    for one in found:
        draft = scenes.get(one.here.scene)
        line = draft.line(one.here.element) if draft is not None and one.here.element else None
        if line is not None and not _said_already(desk, one, line):
            yield Objection(
                line=line.id,
                quote=line.text,
                kind="continuity",
                gravity="serious",
                says=one.says + _against(one.against, episode),
                certain=True,
                scene=one.here.scene,
            )


def _earlier(desk: Desk, account: Account, episode: int) -> list[tuple[Moment, tuple[Element, ...]]]:
    return [
        (Moment(one.episode, one.scene), desk.ledger.drafts.get(one.draft, SceneDraft).elements)
        for one in account.scenes
        if one.episode < episode
    ]


def _said_already(desk: Desk, finding: Finding, line: Element) -> bool:
    """Whether the bible itself calls the speaker dead: they have no part in the episode at all."""
    who = desk.bible.character(line.text)
    return finding.kind == "dead_speaks" and who is not None and who.status == "dead"


def _script(scenes: dict[int, SceneDraft]) -> Script:
    """Return scenes as a script; one that is not written yet keeps its number."""
    nothing = Scene(Element(kind=Kind.SCENE_HEADING, text=""))
    return Script(
        scenes=tuple(
            scenes[number].scene if number in scenes else nothing for number in range(1, max(scenes) + 1)
        )
    )


def _against(line: Line | None, episode: int) -> str:
    if line is None:
        return ""
    return f" ({Moment(line.episode or episode, line.scene)}: {line.quote})"
