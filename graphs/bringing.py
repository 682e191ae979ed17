"""Material that members brought: which scene it is kept for, and what of it the outline tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from storyroom.agents.idea import prose, sentences
from storyroom.agents.member_words import MemberWords, words_of
from storyroom.graphs.context import RoomContext
from storyroom.graphs.state import State
from storyroom.memory.inbox import Note
from storyroom.memory.ledger import Said
from storyroom.memory.manuscript import Manuscript
from storyroom.memory.notes import note_body, standing
from storyroom.story.bible import Bible, Role
from storyroom.story.checks import key_terms, line_form, mentions
from storyroom.story.paper import Paper, outline_paper
from storyroom.story.plan import Language, ScenePlan
from storyroom.story.turn import Actor, TurnKind

_CODE = Actor(kind="code")
_SAID: dict[Language, dict[str, str]] = {
    "en": {
        "kept": "It is kept for scene {}: {}.",
        "cast": "{} is in its cast",
        "casts": "{} are in its cast",
        "place": "it is set at the {}",
        "words": "its outline speaks of {} too",
        "first": "nothing in it tells of another scene",
        "out": "{} is in no scene of the outline.",
        "outs": "{} are in no scene of the outline.",
        "part": " What {} says is left out, being of nobody in its cast.",
        "parts": " What {} say is left out, being of nobody in its cast.",
        "one": "The outline tells its one sentence.",
        "all": "The outline tells all of its {} sentences.",
        "told": "The outline tells {} of its {} sentences.",
        "and": " and ",
        "comma": ", ",
    },
    "zh": {
        "kept": "留给第 {} 场：{}。",
        "cast": "{}在场",
        "casts": "{}在场",
        "place": "地点是{}",
        "words": "大纲里也说到{}",
        "first": "看不出属于别的场",
        "out": "大纲里没有一场有{}。",
        "outs": "大纲里没有一场有{}。",
        "part": "{}不在场，所说的话没有放进去。",
        "parts": "{}不在场，所说的话没有放进去。",
        "one": "大纲用了这一句。",
        "all": "大纲用了全部 {} 句。",
        "told": "大纲用了其中的 {} 句，共 {} 句。",
        "and": "和",
        "comma": "、",
    },
}


def kept_for_scenes(context: RoomContext, state: State, manuscript: Manuscript) -> list[Said]:
    """Return, for all that was brought to a writer, what the outline makes of it."""
    outline = manuscript.outline
    assert outline is not None, "scenes are known once there is an outline"
    session = context.session(state["session"])
    bible, language = context.bible_of(session), session.order.language
    said: list[Said] = []
    whole: set[int] = set()
    for note in standing(context.ledger, session.id):
        if note.brought and Role.DIALOGUE_WRITER in note.roles:
            said += _for_a_scene(note, bible, language, outline.scenes, whole)
        elif note.brought and Role.PLOT_WRITER in note.roles:
            said += _told(note, language, outline_paper(outline))
    return said


def best_scene(
    words: MemberWords, text: str, plans: Sequence[ScenePlan], whole: Collection[int] = ()
) -> ScenePlan:
    """Return the scene that brought lines fit best.

    Those who speak count most, then the place of their heading, then what the scene is about; the first of
    scenes that fit alike is taken.

    Args:
        whole: scenes that are another member's already, left to them if these lines fit elsewhere at all.
    """

    def fits(plan: ScenePlan) -> tuple[int, bool, int]:
        return _speak(words, plan), _at(words, plan), len(_shared(text, plan))

    free = [plan for plan in plans if plan.number not in whole and _speak(words, plan)]
    return max(free or plans, key=fits)


def _for_a_scene(
    note: Note, bible: Bible, language: Language, plans: Sequence[ScenePlan], whole: set[int]
) -> list[Said]:
    words, say = words_of(note, bible), _SAID[language]
    if not words.lines:
        return []
    plan = best_scene(words, note.text, plans, whole)
    shared = _as_read(note.text, _shared(note.text, plan))
    if words.whole:
        whole.add(plan.number)
    here = [name for name in words.speakers if name in plan.cast]
    away = [name for name in words.speakers if name not in plan.cast]
    if words.speakers and not here:
        reason = say["outs" if len(away) > 1 else "out"].format(_listed(away, say))
        return [Said(TurnKind.NOTE, _CODE, body=note_body(note.id, "declined", reason, by=""))]
    why = [say["casts" if len(here) > 1 else "cast"].format(_listed(here, say))] if here else []
    why += [say["place"].format(plan.place)] if _at(words, plan) else []
    why += [say["words"].format(_listed([f"“{one}”" for one in shared[:3]], say))] if shared else []
    reason = say["kept"].format(plan.number, _listed(why or [say["first"]], say))
    reason += say["parts" if len(away) > 1 else "part"].format(_listed(away, say)) if away else ""
    return [
        Said(
            TurnKind.NOTE, _CODE, body={**note_body(note.id, "accepted", reason, by=""), "scene": plan.number}
        )
    ]


def _told(note: Note, language: Language, outline: Paper) -> list[Said]:
    said = [line_form(one) for one in sentences(prose(note.text))]
    lines = [line for line in outline.lines if any(one and one in line_form(line.text) for one in said)]
    if not lines:
        return []
    told = "".join(line_form(line.text) for line in outline.lines)
    found = sum(one in told for one in said)
    key = "told" if found < len(said) else "all" if found > 1 else "one"
    reason = _SAID[language][key].format(*((found, len(said)) if key == "told" else (found,)))
    ids, quotes = [line.id for line in lines], [line.text for line in lines]
    return [Said(TurnKind.NOTE, _CODE, body=note_body(note.id, "done", reason, ids, quotes, by=""))]


def _speak(words: MemberWords, plan: ScenePlan) -> int:
    return sum(name in plan.cast for name in words.speakers)


def _at(words: MemberWords, plan: ScenePlan) -> bool:
    return bool(words.place) and words.place.casefold() == plan.place.casefold()


def _shared(text: str, plan: ScenePlan) -> set[str]:
    people = key_terms(" ".join(plan.cast))
    return mentions(text, key_terms(f"{plan.beat} {plan.change} {plan.place}") - people)


def _as_read(text: str, terms: Collection[str]) -> list[str]:
    """Return terms as a reader knows them: the pieces of two characters that overlap in a text are joined."""
    found = {term for term in terms if term.isascii()}
    covered = [any(text.startswith(one, at) for one in terms if not one.isascii()) for at in range(len(text))]
    for joined, run in groupby(range(len(text)), key=covered.__getitem__):
        places = list(run)
        if joined:
            found.add(text[places[0] : places[-1] + 2])
    return sorted(found)


def _listed(things: Sequence[str], say: Mapping[str, str]) -> str:
    return say["and"].join(filter(None, (say["comma"].join(things[:-1]), *things[-1:])))
