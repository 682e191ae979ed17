"""What code holds against an episode as a whole: length, notes that wait, set-ups, what does not go together.

    findings(desk)      every objection, each with the number of the scene that it is about

A check is a function of the desk, whose manuscript has all scenes; another one joins `_CHECKS`. What it finds
has a name in `Objection.finding`: found again under that name after a revision, the objection is not met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from storyroom.agents.continuity import contradictions_of_episode
from storyroom.agents.desk import Desk
from storyroom.agents.note_check import line_for, note_in_brief
from storyroom.memory.canon import account_of
from storyroom.memory.inbox import Note
from storyroom.memory.note_lives import unanswered
from storyroom.memory.notes import note_turns, standing
from storyroom.memory.rechecking import rechecks
from storyroom.story.bible import Role
from storyroom.story.canon import Moment
from storyroom.story.canon.setups import overdue
from storyroom.story.checks import key_terms, mentions
from storyroom.story.draft import SceneDraft
from storyroom.story.measure import pages
from storyroom.story.objection import LENGTH, Objection
from storyroom.story.script import Element, Kind
from storyroom.story.turn import Stage

NOTE = "note"
OVERDUE = "overdue"
GONE = "gone"
_OFF = 0.5
"""How far the length may be off what is wanted, as a share of it: a draft is no final cut."""

_SAYS = {
    "en": {
        "short": "The episode runs {pages:.1f} pages of {wanted:g}; this is its shortest scene.",
        "long": "The episode runs {pages:.1f} pages of {wanted:g}; this is its longest scene.",
        "overdue": "A set-up was to be paid off by the end of this episode, and is not: {says}",
        "gone": "This scene was written on what is no longer canon: {says}",
    },
    "zh": {
        "short": "全集约 {pages:.1f} 页，要的是 {wanted:g} 页；这一场最短。",
        "long": "全集约 {pages:.1f} 页，要的是 {wanted:g} 页；这一场最长。",
        "overdue": "有一处伏笔本该在这一集收回，还没有：{says}",
        "gone": "写这一场时依据的事，现在已不是设定：{says}",
    },
}

Check = Callable[[Desk], Iterator[Objection]]


def findings(desk: Desk) -> list[Objection]:
    """Return what code holds against the episode, each objection with its scene."""
    return [one for check in _CHECKS for one in check(desk)]


def length(desk: Desk) -> Iterator[Objection]:
    """Yield that the episode is far from the length that is wanted."""
    sizes = {number: pages(draft.elements) for number, draft in sorted(desk.manuscript.scenes.items())}
    total, wanted = sum(sizes.values()), desk.order.pages
    if not sizes or abs(total - wanted) <= _OFF * wanted:
        return
    short = total < wanted
    number = min(sizes, key=sizes.__getitem__) if short else max(sizes, key=sizes.__getitem__)
    lines = desk.manuscript.scenes[number].lines
    if not lines:
        return
    speeches = [one for one in lines if one.kind is Kind.DIALOGUE] or lines
    # A short scene goes on where it ends; a long one is long in its longest speech.
    line = lines[-1] if short else max(speeches, key=lambda one: one.words)
    yield Objection(
        line=line.id,
        quote=line.text,
        kind="format",
        gravity="minor",
        says=_SAYS[desk.language]["short" if short else "long"].format(pages=total, wanted=wanted),
        finding=LENGTH,
        scene=number,
    )


def waiting_notes(desk: Desk) -> Iterator[Objection]:
    """Yield the notes to the dialogue writer that no scene's debate has answered."""
    session = desk.task.session
    open_ones = set(unanswered(desk.ledger, session))
    for note in standing(desk.ledger, session, role=Role.DIALOGUE_WRITER):
        draft = _scene_for(desk, note) if note.id in open_ones and not note.brought else None
        if draft is None:
            continue
        line = draft.line(line_for(note, desk.bible, draft, frozenset()))
        assert line is not None, "a note is about a line of its scene"
        yield Objection(
            line=line.id,
            quote=line.text,
            kind="note",
            gravity="serious",
            says=note_in_brief(note, desk.language),
            note=note.id,
            finding=NOTE,
            scene=draft.number,
        )


def overdue_setups(desk: Desk) -> Iterator[Objection]:
    """Yield the set-ups that this episode was to pay off and does not, against its last line."""
    session = desk.ledger.sessions.get(desk.task.session)
    canon = account_of(desk.ledger, desk.bible, session, head=desk.task.head).canon
    spoken = [draft for _, draft in sorted(desk.manuscript.scenes.items()) if draft.lines]
    late = list(overdue(canon, Moment(session.episode + 1))) if spoken else []
    for one in late:
        line = spoken[-1].lines[-1]
        yield _continuity(desk, spoken[-1], line, "overdue", one.says, f"{OVERDUE}:{one.id}")


def lost_ground(desk: Desk) -> Iterator[Objection]:
    """Yield the scenes whose writer was told what is no longer canon."""
    session = desk.ledger.sessions.get(desk.task.session)
    for one in rechecks(desk.ledger, desk.bible, session, desk.task.head):
        draft = desk.manuscript.scenes[one.scene]
        if draft.lines:
            says = "; ".join(fact.says for fact in one.facts)
            yield _continuity(desk, draft, draft.lines[0], "gone", says, GONE)


def _continuity(
    desk: Desk, draft: SceneDraft, line: Element, text: str, says: str, finding: str
) -> Objection:
    return Objection(
        line=line.id,
        quote=line.text,
        kind="continuity",
        gravity="serious",
        says=_SAYS[desk.language][text].format(says=says),
        finding=finding,
        scene=draft.number,
    )


def _scene_for(desk: Desk, note: Note) -> SceneDraft | None:
    """Return the scene that is to answer a note: its own, where it was argued about, or the likeliest."""
    scenes = {number: draft for number, draft in sorted(desk.manuscript.scenes.items()) if draft.lines}
    if note.scene is not None:
        return scenes.get(note.scene)
    own = [one for one in scenes.values() if any(one.line(line) for line in note.lines)]
    if own or note.lines:
        return own[0] if own else None
    argued = [
        turn.scene
        for turn in note_turns(desk.ledger, desk.task.session)
        if turn.body["note"] == note.id and turn.task.stage is Stage.SCENE and turn.scene in scenes
    ]
    if argued and argued[-1] is not None:
        return scenes[argued[-1]]
    terms = key_terms(note.text)
    return max(
        scenes.values(),
        key=lambda one: len(mentions(" ".join(line.text for line in one.elements), terms)),
        default=None,
    )


_CHECKS: tuple[Check, ...] = (
    length,
    waiting_notes,
    overdue_setups,
    lost_ground,
    contradictions_of_episode,
)
