"""Earlier episodes, read from script files into the memory.

All files are read before anything is written. The index is filled first and the ledger last, in one
transaction: chunks of drafts that no episode names are seen by nobody, so an import that dies in the middle
has not happened, and the next one takes up the vectors that are there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal

from storyroom.errors import InputError
from storyroom.formats.plain import Doubt
from storyroom.memory.drafts import put_draft
from storyroom.memory.episode_file import EpisodeFile, read_episode
from storyroom.memory.episodes import Episode, put_episode
from storyroom.memory.index import Index
from storyroom.memory.indexing import bring_up_to_date, draft_chunks
from storyroom.memory.ledger import Ledger
from storyroom.memory.packing import canonical, content_id
from storyroom.memory.presences import put_namings, put_presences
from storyroom.story.bible import Bible, nearest
from storyroom.story.draft import SceneDraft, dump_element, named
from storyroom.story.headings import cue_name
from storyroom.story.people import Appearance, People
from storyroom.story.presence import appearing
from storyroom.story.script import Scene
from storyroom.story.spellings import Place, Question, find_questions
from storyroom.story.turn import short_hash

Stage = Literal["reading", "indexing"]
Progress = Callable[[Stage, int, int], None]
Ask = Callable[[Question], str | None]
"""Told a question about a name, returns whom it means: a candidate, the name itself if it is somebody of its
own, or None to leave it open."""

_KIND = "scene"


@dataclass(frozen=True)
class Remembered:
    """What came of one file.

    Attributes:
        outcome: `new`, `unchanged` (the same is remembered already), or `superseded` (it changed).
        elements: how many elements the script has.
        doubts: which of them are uncertain, and why.
        speakers: who speaks, by canonical name where the bible knows them.
        strangers: speakers that the bible does not know.
        questions: names that a human has to look at.
    """

    path: Path
    episode: int
    title: str
    outcome: Literal["new", "unchanged", "superseded"]
    scenes: int
    elements: int
    doubts: tuple[Doubt, ...]
    speakers: tuple[str, ...]
    strangers: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass
class _Import:
    """One file on its way into the ledger."""

    file: EpisodeFile
    drafts: dict[int, SceneDraft]
    ids: dict[int, str]
    before: Episode | None
    people: dict[int, list[Appearance]] = field(default_factory=dict)

    @property
    def outcome(self) -> Literal["new", "unchanged", "superseded"]:
        if self.before is None:
            return "new"
        same = self.before.sha256 == self.file.sha256
        same = same or (self.before.scenes, self.before.title) == (self.ids, self.file.title)
        return "unchanged" if same else "superseded"


def remember(
    ledger: Ledger,
    bible: Bible,
    index: Index,
    files: Sequence[Path],
    *,
    same: Mapping[str, str] | None = None,
    ask: Ask | None = None,
    told: Callable[[Remembered], None] | None = None,
    progress: Progress | None = None,
) -> list[Remembered]:
    """Read episodes into the memory, in the order of their numbers; all of them, or none.

    Args:
        files: scripts in any format that can be read.
        same: spellings of names, and whom they mean; kept for good.
        ask: asked about each name that could mean somebody of the cast. Left out, they are only listed.
        told: told what came of each file, once all are kept.
        progress: told how far the import is.

    Raises:
        InputError: two files are the same episode, or `same` names nobody.
        FormatError: a file cannot be read, has no scene, or no episode number.
        IndexStale: the index is damaged, or was made by another embedder.
        MemoryFault: ledger or index cannot be written.
    """
    imports = _read(ledger, files, progress)
    people = ledger.people.of(bible)
    decided = _checked(dict(same or {}), bible, imports, ledger, people)
    people = People(bible, {**people.settled, **{cue_name(one): name for one, name in decided.items()}})
    questions = _questions(ledger, people, imports)
    if ask:
        answers = {one.spelling: name for one in questions if one.kind != "twice" and (name := ask(one))}
        decided |= answers
        people = People(bible, people.settled | {cue_name(one): name for one, name in answers.items()})
        questions = _questions(ledger, people, imports)
    for one in imports:
        one.people = {number: appearing(draft.elements, people) for number, draft in one.drafts.items()}
    _fill_index(index, bible, people, imports, progress)
    _keep(ledger, people, imports, decided)
    bring_up_to_date(ledger, bible, index)
    results = [_result(one, questions) for one in imports]
    for result in results:
        if told:
            told(result)
    return results


def _read(ledger: Ledger, files: Sequence[Path], progress: Progress | None) -> list[_Import]:
    canon = {episode.number: episode for episode in ledger.episodes.canon()}
    imports = []
    for done, path in enumerate(dict.fromkeys(files), 1):
        file = read_episode(path)
        drafts = {
            number: _draft(file.number, number, scene) for number, scene in enumerate(file.script.scenes, 1)
        }
        ids = {
            number: content_id(_KIND, canonical(draft.model_dump(mode="json")))
            for number, draft in drafts.items()
        }
        imports.append(_Import(file, drafts, ids, canon.get(file.number)))
        if progress:
            progress("reading", done, len(files))
    imports.sort(key=lambda one: one.file.number)
    for one, other in pairwise(imports):
        if one.file.number == other.file.number:
            raise InputError(
                f"{one.file.path} and {other.file.path} are both episode {one.file.number}.",
                hint="Name one of them, or give the other its own number: s01e02-title.fountain.",
            )
    return imports


def _draft(episode: int, number: int, scene: Scene) -> SceneDraft:
    """Return a scene as a draft whose ids change only when it does, so that a changed file keeps the rest.

    What a mark of Fountain said about an element's kind, the kind says now: other formats have no marks.
    """
    elements = tuple(one.edited(forced=False) for one in (scene.heading, *scene.elements))
    said = canonical([dump_element(one) for one in elements]).decode()
    return SceneDraft(number=number, elements=named(elements, short_hash(episode, number, said)))


def _checked(
    same: dict[str, str], bible: Bible, imports: Sequence[_Import], ledger: Ledger, people: People
) -> dict[str, str]:
    """Return the settlements with canonical names.

    Raises:
        InputError: one means nobody who is known, or renames somebody of the cast.
    """
    checked = {}
    for spelling, name in same.items():
        if not cue_name(spelling) or not cue_name(name):
            raise InputError("A spelling or a name is empty.", hint='Write it so: --same "MARAH=Mara".')
        who = bible.character(cue_name(name))
        if bible.character(cue_name(spelling)) and cue_name(spelling) != cue_name(name):
            raise InputError(
                f"{spelling} is in the bible already, and cannot mean {name}.",
                hint="Names of the cast and their aliases are set in series.yaml.",
            )
        if who is None and cue_name(spelling) != cue_name(name):
            speakers = _speakers(imports, people) | _strangers(ledger, people)
            if cue_name(name) not in map(cue_name, speakers):
                cast = [one for character in bible.cast for one in character.names]
                raise InputError(
                    f"Nobody is called {name!r}{nearest(name, [*cast, *speakers])}.",
                    hint="Name somebody of the cast, or a speaker of an episode.",
                )
        checked[spelling] = who.name if who else name.strip()
    return checked


def _speakers(imports: Iterable[_Import], people: People) -> set[str]:
    cues = {cue for one in imports for scene in one.file.script.scenes for cue in scene.speakers}
    return {who.name for cue in cues for who in people.everyone(cue)}


def _strangers(ledger: Ledger, people: People, but: frozenset[int] = frozenset()) -> set[str]:
    """Return who speaks in the canon without being in the bible."""
    found = set()
    for episode in ledger.episodes.canon():
        if episode.number not in but:
            for draft in episode.scenes.values():
                for cue in ledger.drafts.get(draft, SceneDraft).scene.speakers:
                    found |= {who.name for who in people.everyone(cue) if not who.known}
    return found


def _questions(ledger: Ledger, people: People, imports: Sequence[_Import]) -> list[Question]:
    scenes = [
        (Place(one.file.number, number), draft.elements)
        for one in imports
        for number, draft in one.drafts.items()
    ]
    earlier = _strangers(ledger, people, frozenset(one.file.number for one in imports))
    return find_questions(scenes, people, sorted(earlier))


def _fill_index(
    index: Index, bible: Bible, people: People, imports: Iterable[_Import], progress: Progress | None
) -> None:
    chunks = [
        chunk
        for one in imports
        if one.outcome != "unchanged"
        for number, draft in one.drafts.items()
        for chunk in draft_chunks(
            draft, one.ids[number], bible, people, episode=one.file.number, scene=number
        )
    ]
    index.add(chunks, progress=(lambda done, total: progress("indexing", done, total)) if progress else None)


def _keep(ledger: Ledger, people: People, imports: Sequence[_Import], decided: Mapping[str, str]) -> None:
    """Write all that came in, in one transaction."""
    changed = [one for one in imports if one.outcome != "unchanged"]
    if not changed and not decided:
        return
    with ledger.database.write() as connection:
        put_namings(connection, decided)
        for one in changed:
            for draft in one.drafts.values():
                put_draft(connection, _KIND, draft.model_dump(mode="json"))
            put_presences(
                connection, {one.ids[number]: present for number, present in one.people.items()}, people
            )
            put_episode(
                connection,
                number=one.file.number,
                title=one.file.title,
                origin="remembered",
                source=one.file.path.name,
                sha256=one.file.sha256,
                scenes=one.ids,
            )


def _result(one: _Import, questions: Iterable[Question]) -> Remembered:
    who: Counter[tuple[str, bool]] = Counter()
    for present in one.people.values():
        who.update({(person.name, person.known): person.speeches for person in present if person.speeches})
    return Remembered(
        path=one.file.path,
        episode=one.file.number,
        title=one.file.title,
        outcome=one.outcome,
        scenes=len(one.drafts),
        elements=sum(1 for _ in one.file.script.elements()),
        doubts=one.file.doubts,
        speakers=tuple(name for name, known in who if known),
        strangers=tuple(name for name, known in who if not known),
        questions=tuple(q for q in questions if any(place.episode == one.file.number for place in q.places)),
    )
