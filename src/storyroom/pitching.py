"""What members pitch: storylines for the table, and ideas that are to meet in one story."""

from __future__ import annotations

from collections.abc import Sequence

from storyroom.agents.pitched import is_keyword, read_pitch
from storyroom.errors import InputError, SessionError
from storyroom.memory.inbox import MemberPitch
from storyroom.session import Session
from storyroom.story.bible import Bible
from storyroom.team import check_text, on_the_team

LONGEST_PITCH = 4_000

# Keywords are no sentences; this makes one of them, so that whoever reads the idea reads all of them at once.
_LISTED = {"en": ("Ideas for one story: ", "; ", "."), "zh": ("合成一个故事的想法：", "；", "。")}


def check_pitch(bible: Bible, member: str, text: str) -> MemberPitch:
    """Return a member's storyline, if it can be pitched.

    Raises:
        InputError: it is empty, too long or cannot be read, or nobody of the team is called so.
    """
    check_text("The pitch", text, LONGEST_PITCH)
    on_the_team(bible, member)
    read_pitch(text)
    return MemberPitch(member=member, text=text.strip())


def check_ideas(bible: Bible, ideas: Sequence[tuple[str, str]]) -> list[MemberPitch]:
    """Return members' ideas, if one story can be made of them.

    Raises:
        InputError: there is one idea only, a member has two, or one of them cannot be used.
    """
    pitches = [check_pitch(bible, member, text) for member, text in ideas]
    members = [one.member for one in pitches]
    if len(pitches) < 2:
        raise InputError(
            "One idea does not meet another.",
            hint='Give two or more: storyroom collide --from NAME "…" --from OTHER "…". '
            'One alone is drafted: storyroom draft "…".',
        )
    if len(set(members)) < len(members):
        twice = next(name for name in members if members.count(name) > 1)
        raise InputError(
            f"{twice} is named twice.", hint="Ideas of different members meet; put all of one's own into one."
        )
    return pitches


def idea_of(pitches: Sequence[MemberPitch], language: str) -> str:
    """Return the idea of an episode in which ideas meet: the keywords in one sentence, then the prose."""
    told = [" ".join(read_pitch(one.text).lines) for one in pitches]
    start, between, end = _LISTED["zh" if language == "zh" else "en"]
    keywords = between.join(text for text in told if is_keyword(text))
    listed = [f"{start}{keywords}{end}"] if keywords else []
    return "\n".join([*listed, *(text for text in told if not is_keyword(text))])


def refuse_late(session: Session) -> None:
    """Refuse a pitch for a session that has its pitches together.

    Raises:
        SessionError: they lie on the table already.
    """
    if session.manuscript.pitches is not None:
        raise SessionError(
            f"Session {session.id} has its pitches on the table already.",
            hint=f"Fork it and pitch to the fork: storyroom fork {session.id} --at pitch",
        )
