"""What became of every note of a session, member by member, as Markdown that can be sent to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storyroom.formats.commonmark import escaped
from storyroom.memory.note_lives import AnsweringLine, NoteLife
from storyroom.session import Session
from storyroom.story.plan import Language
from storyroom.story.roles import role_name

_MOST_BROUGHT = 600
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "head": "# Notes on {title}, episode {episode}",
        "session": "Session {id}. {notes} by {people}; {open} still open.",
        "none": "Nobody has left a note.",
        "to": "To {roles}{where}, note {id}.",
        "the": "the {}",
        "scene": ", about scene {}",
        "brought": ", brought for the first draft",
        "everybody": "everybody",
        "why": "**{state}.** {reason}",
        "by": "Confirmed by {}.",
        "lines": "Lines that answer it:",
        "line": "scene {scene}: “{text}”",
        "now": " (it says now: “{}”)",
        "gone": " (it is gone)",
        "open": "Open: nobody has taken it up",
        "accepted": "Accepted",
        "waiting": "Still open: its role has read it, and nothing has come of it yet",
        "declined": "Declined",
        "done": "Done, not confirmed by another role",
        "verified": "Done and confirmed",
        "reopened": "Open again",
        "read": "It was read, and no line is named that answers it.",
        "and": " and ",
        "comma": ", ",
    },
    "zh": {
        "head": "# 《{title}》第 {episode} 集的意见",
        "session": "会话 {id}。{people}共提 {notes} 条，其中 {open} 条未了。",
        "none": "没有人提意见。",
        "to": "给{roles}{where}，编号 {id}。",
        "the": "{}",
        "scene": "，关于第 {} 场",
        "brought": "，为初稿带来的素材",
        "everybody": "所有岗位",
        "why": "**{state}。** {reason}",
        "by": "由{}确认。",
        "lines": "照办的台词与动作：",
        "line": "第 {scene} 场：“{text}”",
        "now": "（现在是：“{}”）",
        "gone": "（已经没有了）",
        "open": "未了：还没有人接",
        "accepted": "已读",
        "waiting": "未了：该岗位已经读到，还没有结果",
        "declined": "未采纳",
        "done": "已照办，尚无别的岗位确认",
        "verified": "已照办并确认",
        "reopened": "重新打开",
        "read": "已经读到，没有指明照办的是哪一行。",
        "and": "和",
        "comma": "、",
    },
}


def note_report(session: Session, lives: Sequence[NoteLife]) -> str:
    """Return the answers to all notes to a session.

    Args:
        lives: the notes that speak to it, the oldest first.
    """
    say = _WORDS[session.order.language]
    head = say["head"].format(title=escaped(session.bible.title), episode=session.order.episode)
    if not lives:
        return f"{head}\n\n{say['none']}\n"
    team = [member.name for member in session.bible.team]
    people = sorted(
        {life.note.member for life in lives},
        key=lambda name: (team.index(name) if name in team else len(team), name),
    )
    told = say["session"].format(
        id=session.id,
        notes=_counted(len(lives), session.order.language),
        people=_listed(list(map(escaped, people)), say),
        open=sum(life.open for life in lives),
    )
    parts = [head, told]
    for name in people:
        parts.append(f"## {escaped(name)}")
        own = [life for life in lives if life.note.member == name]
        # What is still open comes first: it is what the member has to know.
        for number, life in enumerate(sorted(own, key=lambda life: not life.open), 1):
            parts += _note(number, life, session.order.language)
    return "\n\n".join(parts) + "\n"


def _note(number: int, life: NoteLife, language: Language) -> Iterator[str]:
    note, say = life.note, _WORDS[language]
    roles = _roles(note.roles, language) or say["everybody"]
    where = say["brought"] if note.brought else say["scene"].format(note.scene) if note.scene else ""
    state = "waiting" if life.state == "accepted" and life.open else life.state
    yield f"### {number}. {_first_words(note.text)}"
    yield say["to"].format(roles=roles, where=where, id=note.id)
    yield _quote(note.text)
    reason = life.reason or (say["read"] if state == "accepted" else "")
    yield say["why"].format(state=say[state], reason=escaped(reason)).rstrip()
    if life.verified_by:
        yield say["by"].format(_roles(life.verified_by, language))
    if life.lines:
        yield say["lines"]
        yield "\n".join(f"- {_line(line, say)}" for line in life.lines)


def _roles(roles: Sequence[str], language: Language) -> str:
    say = _WORDS[language]
    return _listed([say["the"].format(role_name(role, language)) for role in roles], say)


def _line(line: AnsweringLine, say: dict[str, str]) -> str:
    told = say["line"].format(scene=line.scene, text=_on_one_line(line.text))
    if line.now is None:
        return told + say["gone"]
    return told if line.now == line.text else told + say["now"].format(_on_one_line(line.now))


def _on_one_line(text: str) -> str:
    return escaped(" ".join(text.split()))


def _listed(names: Sequence[str], say: dict[str, str]) -> str:
    return say["and"].join(filter(None, (say["comma"].join(names[:-1]), *names[-1:])))


def _first_words(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return escaped(line if len(line) <= most else line[: most - 1] + "…")


def _quote(text: str) -> str:
    shown = text.strip() if len(text) <= _MOST_BROUGHT else text.strip()[:_MOST_BROUGHT] + "…"
    return "\n".join(f"> {escaped(line)}".rstrip() for line in shown.splitlines())


def _counted(notes: int, language: str) -> str:
    return str(notes) if language == "zh" else f"{notes} note{'' if notes == 1 else 's'}"
