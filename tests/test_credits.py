"""Credits: who wrote and changed which lines, counted from what the ledger recorded."""

from __future__ import annotations

import json
from pathlib import Path

from debate_kit import a_crew, answered_by_hand, asked_of, debate_in, file_of, play
from room_kit import ZH_IDEA, a_series, begin, draft, drive, open_room, resume
from test_debates import Agreeable, Held, crew_of

from storyroom.memory.credits import Credit, credits, statement
from storyroom.memory.ledger import Said
from storyroom.room import Room
from storyroom.session import Session
from storyroom.story.script import Kind
from storyroom.story.turn import Actor, Stage, Task, TurnKind


def shares_of(session: Session) -> dict[str, Credit]:
    """Return the credits of a session by who and in which role."""
    assert session.head
    return {f"{one.actor} {one.role}": one for one in credits(session.ledger, session.head)}


def edit(room: Room, session: Session, line: str, text: str, member: str) -> Session:
    """Commit a member's edit of a line, as one that comes back in a file is."""
    changed = session.manuscript.scenes[1].with_line(line, text)
    task = Task(
        session=session.id, head=session.head, stage=Stage.SCENE, scene=1, pass_=9, role="dialogue_writer"
    )
    body = {"changed": [line], "new": [], "gone": [], "file": "x.fountain"}
    draft = ("scene", changed.model_dump(mode="json"))
    actor = Actor(kind="member", name=member)
    room.ledger.commit(task, [Said(TurnKind.EDIT, actor, body=body, draft=draft, slot="scene:1")])
    return room.session(session.id)


def test_every_line_is_somebody_s(tmp_path: Path):
    """Lines and words add up to the script's, shares to a hundred; headings and names are nobody's."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room)
        lines = [line for one in session.manuscript.scenes.values() for line in one.lines]
        shares = shares_of(session).values()
        assert sum(one.written for one in shares) == len(lines)
        assert sum(one.words for one in shares) == sum(line.words for line in lines)
        assert abs(sum(one.share for one in shares) - 100) < 0.2


def test_a_member_s_answer_counts_as_changed(tmp_path: Path):
    """The agent wrote the line first, the member's wording stands."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(0), Agreeable())) as room:
        session = answered_by_hand(room, "Dev", "Put the lamp down, Ines.")
        shares = shares_of(session)
        dev = shares["member:Dev dialogue_writer"]
        assert (dev.written, dev.changed, dev.words) == (0, 1, 5)
        assert dev.share == round(500 / sum(one.words for one in shares.values()), 1)


def test_an_edit_counts_for_whoever_made_it(tmp_path: Path):
    """A line that a member edits is theirs; one that they put back is its writer's again."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, scenes=1)
        line = next(one for one in session.manuscript.scenes[1].lines if one.kind is Kind.DIALOGUE)
        agent = next(iter(shares_of(session)))
        before = shares_of(session)[agent].words
        edited = edit(room, session, line.id, "Rosa was here.", "Rosa")
        rosa = shares_of(edited)["member:Rosa dialogue_writer"]
        assert (rosa.written, rosa.changed, rosa.words) == (0, 1, 3)
        back = edit(room, edited, line.id, line.text, "Rosa")
        assert list(shares_of(back)) == [agent]
        assert shares_of(back)[agent].words == before


def test_one_word_is_one_word(tmp_path: Path):
    """Of a line to which a member adds a word, that word is theirs; the line's writer keeps all others."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, scenes=1)
        line = next(one for one in session.manuscript.scenes[1].lines if one.kind is Kind.DIALOGUE)
        (agent, before), *_ = shares_of(session).items()
        shares = shares_of(edit(room, session, line.id, f"{line.text} Twice.", "Rosa"))
        rosa = shares["member:Rosa dialogue_writer"]
        assert (rosa.written, rosa.changed, rosa.words) == (0, 1, 1)
        assert (shares[agent].written, shares[agent].words) == (before.written, before.words)


def test_each_who_worded_a_line_has_their_own_words(tmp_path: Path):
    """A word goes with whoever put it there, through as many wordings as it stays."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, scenes=1)
        line = next(one for one in session.manuscript.scenes[1].lines if one.kind is Kind.DIALOGUE)
        for member, text in (
            ("Rosa", "You stopped on ninety, and I heard it."),
            ("Kit", "You stopped on eighty, and I heard it."),
            ("Dev", "You never stopped on eighty, and I heard."),
        ):
            session = edit(room, session, line.id, text, member)
        shares = shares_of(session)
        counted = {name: shares[f"member:{name} dialogue_writer"] for name in ("Rosa", "Kit", "Dev")}
        assert {name: one.words for name, one in counted.items()} == {"Rosa": 6, "Kit": 1, "Dev": 1}
        assert [one.changed for one in counted.values()] == [1, 1, 1]
        assert sum(one.written for one in shares.values()) == len(session.manuscript.scenes[1].lines)


def test_words_that_come_back_are_whoever_s_they_were(tmp_path: Path):
    """Also where the wording before did not have them, and one that was taken back counts for nobody."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, scenes=1)
        line = next(one for one in session.manuscript.scenes[1].lines if one.kind is Kind.DIALOGUE)
        for member, text in (
            ("Rosa", "You stopped on ninety."),
            ("Kit", "Nobody asked."),
            ("Dev", "You stopped on ninety. Why?"),
        ):
            session = edit(room, session, line.id, text, member)
        shares = shares_of(session)
        assert shares["member:Rosa dialogue_writer"].words == 4
        assert shares["member:Dev dialogue_writer"].words == 1
        back = shares_of(edit(room, session, line.id, "You stopped on ninety.", "Dev"))
        assert back["member:Rosa dialogue_writer"].words == 4
        assert not {"member:Kit dialogue_writer", "member:Dev dialogue_writer"} & set(back)


def test_a_ruling_writes_nothing(tmp_path: Path):
    """A wording that the showrunner brings back is the writer's who wrote it."""
    with open_room(a_series(tmp_path), crew=a_crew()) as room:
        session = play(room)
        assert debate_in(session).fates["overruled"] == 1
        assert {one.role for one in shares_of(session).values()} == {"dialogue_writer"}


def test_a_member_s_words_in_an_agent_s_revision_are_the_member_s(tmp_path: Path):
    """What a note gives word for word counts for its member, in the role that put it in."""
    with open_room(a_series(tmp_path)) as room:
        room.note('Mara says: "Nobody leaves this tower tonight."', member="Dev", roles=["dialogue_writer"])
        session = draft(room, scenes=1)
        dev = shares_of(session)["member:Dev dialogue_writer"]
        assert dev.words >= 5
        assert dev.written + dev.changed >= 1


def test_a_note_s_words_are_its_member_s_whoever_types_them(tmp_path: Path):
    """Dev sits in the writer's seat and types what Kit's note gives."""
    with open_room(a_series(tmp_path), crew=crew_of(Held(0), Agreeable())) as room:
        room.note("Mara says: “Nobody leaves tonight.”", member="Kit", roles=["dialogue_writer"], scene=1)
        shares = shares_of(answered_by_hand(room, "Dev", "Nobody leaves tonight!"))
        assert shares["member:Kit dialogue_writer"].words == 3
        assert "member:Dev dialogue_writer" not in shares


def test_credits_of_a_fork_name_the_parent_s_writers_too(tmp_path: Path):
    """A line that both share counts in both."""
    with open_room(a_series(tmp_path)) as room:
        parent = draft(room)
        fork = room.fork(parent.id, "2", seed=77)
        resume(room, fork.id)
        session = room.session(fork.id)
        lines = [line for one in session.manuscript.scenes.values() for line in one.lines]
        assert sum(one.written for one in shares_of(session).values()) == len(lines)


def test_the_number_of_queries_does_not_grow(tmp_path: Path):
    """Two scenes or four, a dozen queries are enough."""
    with open_room(a_series(tmp_path)) as room:
        counts = []
        for scenes in (1, 3):
            session = draft(room, scenes=scenes)
            room.ledger.drafts._lines.clear()
            assert session.head
            with asked_of(room) as asked:
                credits(room.ledger, session.head)
            counts.append(len(asked))
        assert 0 < counts[0] == counts[1] <= 12


def test_the_export_has_the_credits(tmp_path: Path):
    """The JSON beside the script holds the same numbers."""
    with open_room(a_series(tmp_path)) as room:
        session = draft(room, scenes=1)
        beside = json.loads(file_of(room, session).with_suffix(".credits.json").read_text("utf-8"))
        shares = list(shares_of(session).values())
        assert beside["credits"] == [one.model_dump() for one in shares]
        assert beside["statement"] == statement(shares, "en")


def test_the_statement_is_one_sentence():
    """It says how much models worded, which, and how much each member did."""
    shares = [
        Credit(actor="agent:embedded", role="dialogue_writer", written=9, words=700),
        Credit(actor="member:Ana", role="dialogue_writer", changed=2, words=200),
        Credit(actor="member:Ben", role="editor", changed=1, words=100),
    ]
    assert statement(shares, "en") == (
        "Of the 1,000 words of this script, 70.0 % stand as a language model worded them (embedded), "
        "and 30.0 % as members of the team did (Ana 20.0 %, Ben 10.0 %)."
    )
    assert statement(shares, "zh") == (
        "本剧本共 1,000 字，其中 70.0 % 由语言模型写定（embedded），"
        "30.0 % 由团队成员写定（Ana 20.0 %、Ben 10.0 %）。"
    )
    assert statement(shares[:1], "en").endswith("and none as a human did.")
    assert statement([], "en") == "Nothing is written yet."
    assert statement([], "zh") == "还什么都没有写。"


def test_chinese_words_are_characters(tmp_path: Path):
    """A Chinese line counts by its characters."""
    with open_room(a_series(tmp_path, "the-long-river")) as room:
        run = begin(room, ZH_IDEA, scenes=1)
        drive(run)
        session = room.session(run.session.id)
        text = "".join(line.text for line in session.manuscript.scenes[1].lines)
        han = sum("一" <= one <= "鿿" for one in text)
        assert sum(one.words for one in shares_of(session).values()) == han


def test_chinese_words_are_told_apart_too(tmp_path: Path):
    """Of a Chinese line each character is whoever's who put it there."""
    with open_room(a_series(tmp_path, "the-long-river")) as room:
        run = begin(room, ZH_IDEA, scenes=1)
        drive(run)
        session = room.session(run.session.id)
        line = next(one for one in session.manuscript.scenes[1].lines if one.kind is Kind.DIALOGUE)
        session = edit(room, session, line.id, "船不等人，人等船。", "Rosa")
        session = edit(room, session, line.id, "船从不等人，人等船。", "Kit")
        shares = shares_of(session)
        assert shares["member:Rosa dialogue_writer"].words == 7
        assert shares["member:Kit dialogue_writer"].words == 1
