"""What happens in the room, in a few words for whoever watches."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyroom.story.turn import Task, Turn

_TO_WHAT_END = {
    "brief": "sets out the brief",
    "pitch": "pitches a storyline",
    "choice": "chooses among the pitches",
    "outline": "breaks the story into scenes",
    "table_read": "reads the whole episode",
    "lock": "writes the episode out",
}
_ON_A_SCENE = {
    "dialogue_writer": "writes the scene",
    "editor": "reads the scene",
    "emotion_critic": "reads the scene",
    "script_coordinator": "reads the scene",
}
_IN_A_DEBATE = {
    1: "answers the objections",
    2: "checks what became of an objection",
    3: "rules on what stayed open",
}
_FOR_THEMSELVES = frozenset({"pitch", "gate", "edit"})
"""What a member does under their own name, whatever seat they hold."""

_LONGEST = 90


def role_name(role: str) -> str:
    """Return a role as it is said: `dialogue writer`."""
    return role.replace("_", " ")


def who(turn: Turn, role: str = "") -> str:
    """Return who a turn is of: a role, with the member in its seat; or a member who spoke for themselves.

    Args:
        role: how the turn's role is said, if not by its slug.
    """
    if turn.kind == "note":  # Settled by the task of its author, whoever then speaks of it.
        role = turn.body["by"] or ("code" if turn.actor.kind == "code" else turn.role)
    role = role or turn.role
    if turn.actor.kind != "member":
        return role
    return turn.actor.name if turn.kind in _FOR_THEMSELVES else f"{role} ({turn.actor.name})"


def purpose(task: Task) -> str:
    """Return to what end a task is worked on."""
    if task.scene is None:
        return _TO_WHAT_END[task.stage]
    if task.round in _IN_A_DEBATE:
        return _IN_A_DEBATE[task.round]
    return _ON_A_SCENE.get(task.role, "works on the scene")


def place(task: Task, scenes: int) -> str:
    """Return where in the making of the episode a task is: `scene 2/4`, `table read`."""
    if task.scene is None:
        return task.stage.replace("_", " ")
    return f"scene {task.scene}/{scenes}"


def summary(turn: Turn, words_of: Callable[[str], int]) -> str:
    """Return what a turn said, on one line.

    Args:
        words_of: counts the words of a scene's draft.
    """
    if turn.kind == "draft" and turn.produced:
        return f"{words_of(turn.produced)} words"
    if turn.kind == "ruling":
        return " ".join(_ruling(turn).split())
    say = _SUMMARIES.get(turn.kind)
    return " ".join(say(turn.body).split()) if say else ""


def shortened(text: str, most: int = _LONGEST) -> str:
    """Return a text on one line, cut at a word (or anywhere, where words are not parted by spaces)."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    whole, _, _ = cut.rpartition(" ")
    return (whole if len(whole) > most // 2 else cut) + "…"


def count(number: int, thing: str) -> str:
    """Return `1 scene`, `2 scenes`, `no scenes`."""
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """Return `0:07`, `12:30`, `1:02:03`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def moment(written: str) -> str:
    """Return a time that the ledger wrote (ISO 8601, UTC) as the clock here shows it."""
    return datetime.fromisoformat(written).astimezone().strftime("%Y-%m-%d %H:%M")


def _objection(body: dict[str, Any]) -> str:
    return ": ".join(filter(None, (f"{body['gravity']} {body['kind']}", body["says"])))


def _ruling(turn: Turn) -> str:
    old = turn.body["keep"] == "old"
    if turn.task.stage == "table_read":
        return _because("the scene stays as it is" if old else "the scene goes back", turn.body)
    # The line may never have been reworded: then there is no new wording that could be kept.
    return _because("the old wording stands" if old else "the line stays as it is now", turn.body)


def _because(said: str, body: dict[str, Any]) -> str:
    return ": ".join(filter(None, (said, body["reason"])))


def _gate(body: dict[str, Any]) -> str:
    if "verdict" not in body:
        return f"waits for a human after {role_name(body['gate'])}"
    return " ".join(filter(None, (role_name(body["verdict"]), body.get("reason", ""))))


def _choice(body: dict[str, Any]) -> str:
    story = body["story"]
    return ": ".join(filter(None, (story["title"] or story["conflict"], body["reason"])))


_SUMMARIES: dict[str, Callable[[dict[str, Any]], str]] = {
    "brief": lambda body: body["premise"],
    "pitch": lambda body: body["title"] or body["conflict"],
    "pitches": lambda body: f"{len(body['pitches'])} on the table, {len(body['sent_back'])} sent back",
    "choice": _choice,
    "outline": lambda body: f"{body['title']}, {count(len(body['scenes']), 'scene')}",
    "recall": lambda body: f"{count(len(body['hits']), 'passage')} of earlier scenes",
    "facts": lambda body: f"{count(len(body['facts']), 'fact')} read, {body['dropped']} without a quote",
    "review": lambda body: count(body["objections"], "objection"),
    "objection": _objection,
    "acceptance": lambda body: body["reason"],
    "rebuttal": lambda body: body["reason"],
    "revision": lambda body: f"{count(len(body['changed']), 'line')} changed",
    "verification": lambda body: _because("met" if body["met"] else "not met", body),
    "note": lambda body: _because(f"a note is {body['state']}", body),
    "edit": lambda body: (
        f"{body['file']}: {len(body['changed'])} changed, {len(body['new'])} new, {len(body['gone'])} gone"
    ),
    "stop": lambda body: role_name(body["reason"]),
    "gate": _gate,
    "table_read": lambda body: (
        f"{body['pages']:.1f} pages of {body['wanted']:g}, {count(len(body['again']), 'scene')} sent back"
    ),
    "lock": lambda body: body["files"][0],
}
