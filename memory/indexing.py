"""What the index should hold, worked out from the ledger and the bible: the ground of every rebuild."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from storyroom.memory.chunks import Chunk, entry_chunk, scene_chunks
from storyroom.memory.drafts import scene_slots
from storyroom.memory.index import Index
from storyroom.memory.ledger import Ledger
from storyroom.memory.packing import canonical, content_id
from storyroom.story.bible import Bible
from storyroom.story.draft import SceneDraft
from storyroom.story.people import People, appearances
from storyroom.story.script import Element, Kind


def expected(ledger: Ledger, bible: Bible) -> Iterator[Chunk]:
    """Yield every chunk that the index should hold: the bible, the canon, and the heads of all sessions."""
    yield from bible_chunks(bible)
    people = ledger.people.of(bible)
    seen: set[str] = set()
    for episode in ledger.episodes.canon():
        for number, draft_id in episode.scenes.items():
            seen.add(draft_id)
            draft = ledger.drafts.get(draft_id, SceneDraft)
            yield from draft_chunks(draft, draft_id, bible, people, episode=episode.number, scene=number)
    for session in ledger.sessions.every():
        script = ledger.drafts.script(ledger.drafts.head_of(session.id))
        for number in scene_slots(script):
            draft_id = script[f"scene:{number}"]
            if draft_id not in seen:
                seen.add(draft_id)
                draft = ledger.drafts.get(draft_id, SceneDraft)
                yield from draft_chunks(draft, draft_id, bible, people, episode=session.episode, scene=number)


def bring_up_to_date(
    ledger: Ledger, bible: Bible, index: Index, *, progress: Callable[[int, int], None] | None = None
) -> int:
    """Add what the index lacks and drop what should no longer be in it; return how many chunks changed.

    A process that died between recording an approved scene and indexing it leaves such a gap; a name that the
    bible has learned since changes who is present in scenes that are there.

    Args:
        progress: told how many chunks are done, of how many.
    """
    wanted = {chunk.id: chunk for chunk in expected(ledger, bible)}
    drafts = {chunk.draft_id for chunk in wanted.values()}
    stale = index.draft_ids() - drafts
    if stale:
        index.remove(stale)
    return index.add([wanted[key] for key in sorted(wanted)], progress=progress) + len(stale)


def bible_chunks(bible: Bible) -> Iterator[Chunk]:
    """Yield one chunk for each character and each place."""
    for who in bible.cast:
        lines = [who.role, ", ".join(who.traits), who.voice.style, *who.voice.samples, who.want]
        lines += [f"{name}: {text}" for name, text in who.relations.items()]
        yield entry_chunk(
            draft_id=content_id("character", canonical(who.model_dump(mode="json"))),
            kind="character",
            name=who.name,
            text="\n".join(lines),
            language=bible.language,
        )
    for place in bible.locations:
        yield entry_chunk(
            draft_id=content_id("place", canonical(place.model_dump(mode="json"))),
            kind="place",
            name=place.name,
            text=place.description,
            language=bible.language,
        )


def chunks_of(ledger: Ledger, bible: Bible, draft_id: str, episode: int, scene: int) -> list[Chunk]:
    """Cut one recorded scene into chunks."""
    draft = ledger.drafts.get(draft_id, SceneDraft)
    return draft_chunks(draft, draft_id, bible, ledger.people.of(bible), episode=episode, scene=scene)


def draft_chunks(
    draft: SceneDraft, draft_id: str, bible: Bible, people: People, *, episode: int, scene: int
) -> list[Chunk]:
    """Cut a scene into chunks, recorded or not."""
    place = bible.location(draft.scene.parts.place)
    return scene_chunks(
        draft.elements,
        draft_id=draft_id,
        episode=episode,
        scene=scene,
        place=place.name if place else draft.scene.parts.place,
        characters=[one.name for one in appearances(draft.elements, people)],
        language=bible.language,
    )


def present(bible: Bible, elements: Sequence[Element], speakers: Iterable[str]) -> list[str]:
    """Return who of the cast is in a scene, in the bible's order: who speaks, and whom the action names."""
    cues = [Element(kind=Kind.CUE, text=speaker) for speaker in speakers]
    found = {one.name for one in appearances([*elements, *cues], People(bible))}
    return [who.name for who in bible.cast if who.name in found]


def admitted(ledger: Ledger, bible: Bible, head: str | None, episode: int | None) -> set[str]:
    """Return the drafts that retrieval may show: the bible, the canon, and the scenes that `head` names.

    Args:
        episode: the one being drafted; an older version of it in the canon is left out.
    """
    ids = {chunk.draft_id for chunk in bible_chunks(bible)}
    for one in ledger.episodes.canon():
        if one.number != episode:
            ids |= set(one.scenes.values())
    script = ledger.drafts.script(head)
    return ids | {script[f"scene:{number}"] for number in scene_slots(script)}
