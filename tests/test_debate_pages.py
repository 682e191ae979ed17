"""Debates as pages: HTML that stands alone, Markdown, JSON, in English and Chinese."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from debate_kit import MARKUP, a_debate, a_read, a_room, a_session, debate_in  # noqa: F401
from room_kit import EXAMPLES, ZH_IDEA, a_series, draft, drive, open_room

from storyroom.memory.debates import Debate, debates_of
from storyroom.memory.named_lines import lines_saying
from storyroom.memory.provenance import why
from storyroom.memory.threads import FATES
from storyroom.session import Session
from storyroom.story.turn import TurnKind
from storyroom.transcripts.html import as_html
from storyroom.transcripts.json import as_json
from storyroom.transcripts.markdown import as_markdown
from storyroom.transcripts.transcript import Transcript, transcript_of


class Wellformed(HTMLParser):
    """Reads a page, and checks that every element that is opened is closed."""

    void = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an opening tag."""
        self.tags[tag] += 1
        if tag not in self.void:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            assert name not in ("src", "style", "onclick", "onload"), f"{name} in <{tag}>"
            if name == "href":
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        """Take a closing tag."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.text += data


def page_of(session: Session, language: str = "en") -> tuple[str, Wellformed]:
    """Return the page of a session's debates, and what a reader makes of it."""
    debates = debates_of(session.ledger, session.id)
    shown = [transcript_of(session.ledger, one, language) for one in debates]  # type: ignore[arg-type]
    page = as_html(shown, language, title="<The> & Last", about="Episode 1")  # type: ignore[arg-type]
    reader = Wellformed()
    reader.feed(page)
    return page, reader


def test_the_page_is_whole_and_needs_nothing_else(session: Session, read: Transcript):
    """Well-formed, links lead to what is on it, nothing is fetched, what was said is text."""
    page, reader = page_of(session)
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    assert all(link.startswith("#") and link[1:] in reader.ids for link in reader.links)
    assert {"#scene-1", "#scene-1-3"} <= set(reader.links)
    assert MARKUP in reader.text
    assert "<The> & Last" in reader.text
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img|<b>", page)
    assert "default-src &#x27;none&#x27;; style-src &#x27;sha256-" in page
    assert reader.tags["article"] == sum(one.objections for one in debates_of(session.ledger, session.id))
    assert reader.tags["ins"] >= 3
    assert reader.tags["del"] >= 1
    assert 'lang="en"' in page


def test_the_page_speaks_chinese(session: Session):
    """The words around what was said are those of the language."""
    page, reader = page_of(session, "zh")
    assert 'lang="zh-Hans"' in page
    for word in ("争论", "对白编剧", "裁定保留原文", "没有人要求的改动", "到最后仍不同意"):
        assert word in reader.text
    assert "dialogue writer" not in reader.text


def test_a_chinese_episode_is_read_back(tmp_path: Path):
    """The example's debates are named and told in its language, and Chinese changes word by word."""
    folder = tmp_path / "river"
    shutil.copytree(EXAMPLES / "the-long-river", folder)
    with open_room(folder) as room:
        run = room.begin(ZH_IDEA, episode=3, seed=1, model=f"scripted:{folder / 'answers.yaml'}")
        drive(run)
        session = room.session(run.session.id)
        debates = {one.id: one for one in debates_of(room.ledger, session.id)}
        assert debates["scene.3"].fates == {"settled": 1, "overruled": 1}
        assert debates["scene.2"].fates == {"settled": 1, "withdrawn": 1}
        _, reader = page_of(session, "zh")
        assert "没有达成一致，由总编剧裁定" in reader.text
        assert "第3场" in reader.text
        settled = next(one for one in debates["scene.3"].threads if one.fate == "settled")
        assert session.head
        found = why(room.ledger, session.head, settled.objection.line)
        assert [step.turn.kind for step in found.steps] == [TurnKind.DRAFT, TurnKind.REVISION]
        assert {hit.episode for hit in found.written.memory} <= {1, 2, 3}
        quote = settled.objection.quote
        assert lines_saying(room.ledger, session.head, found.element.text)[0][2].id == found.element.id
        assert lines_saying(room.ledger, session.head, quote) == []


def test_both_languages_have_the_same_words():
    """No word of the page, no fate, no stop is missing in either."""
    from storyroom.transcripts import words

    assert set(words._ENGLISH) <= set(words._CHINESE)
    assert set(FATES) <= set(words._ENGLISH)
    for key, text in words._ENGLISH.items():
        assert text.count("{") == words._CHINESE[key].count("{"), key


def test_markdown_takes_what_was_said_for_text(read: Transcript):
    """Marks are escaped, each objection is a section with its quote, changes are marked."""
    text = as_markdown([read], "A * title")
    assert text.startswith("# A \\* title\n")
    assert "\\<b\\>Nobody\\</b\\> says \\& \\[writes\\](x) this." in text
    assert text.count("### Objection") == 5
    assert f"> {read.exchanges[0].quote}" in text
    assert "<ins>anew</ins>" in text
    assert "rules that the old wording stands: I have said so." in text


def test_a_line_that_looks_like_a_list_is_none(read: Transcript):
    """A quote that begins with a dash or a number stays a quote."""
    one = replace(read.exchanges[0], quote="- Not a list.", says="3. Nor this.")
    text = as_markdown([replace(read, exchanges=(one,))])
    assert "> \\- Not a list." in text
    assert "\n3\\. Nor this.\n" in text


def test_json_says_everything(session: Session, debate: Debate):
    """Fates, who said what in which turn, the line before and after each answer."""
    said = json.loads(json.dumps(as_json(session.ledger, debate)))
    assert (said["debate"], said["reason"], said["rounds"]) == ("scene.1", "ruling", 3)
    upheld = next(one for one in said["threads"] if one["fate"] == "upheld")
    assert [one["what"] for one in upheld["said"]] == ["acceptance", "verification"] * 3 + ["ruling"]
    first = upheld["said"][0]
    assert (first["was"], first["now"]) == (upheld["quote"], upheld["quote"].rstrip(".") + " anew.")
    assert {one["was"] for one in said["unasked"]} != {one["now"] for one in said["unasked"]}
    assert upheld["says"] == MARKUP


def test_a_note_that_was_argued_about_is_named(tmp_path: Path):
    """Whose note an objection stands for, and what became of it, stand in the transcript."""
    with open_room(a_series(tmp_path)) as room:
        room.note('Mara says: "Nobody leaves this tower."', member="Dev", roles=["dialogue_writer"])
        session = draft(room, scenes=1)
        shown = transcript_of(room.ledger, debate_in(session), "en")
        assert "for a note by Dev" in {one.note for one in shown.exchanges}
        assert {(one.by, one.state) for one in shown.notes} >= {("Dev", "verified")}
        text = as_markdown([shown])
        assert "**verified** note by Dev" in text
        page, reader = page_of(session)
        assert "note by Dev" in reader.text
        assert 'class="tag">verified' in page
