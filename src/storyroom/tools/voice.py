"""How a character speaks, measured against the others: `voice(scripts, "Mara", bible)`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import Any

from storyroom.errors import InputError
from storyroom.story.bible import Bible, nearest
from storyroom.story.script import Kind, Script
from storyroom.story.surprise import TokenBits
from storyroom.story.voice.favourites import Favourite, favourites
from storyroom.story.voice.likeness import LEAST_SPEECHES, Judged, Likeness, Trust, enough, sound_alike
from storyroom.story.voice.measures import Measures, measure
from storyroom.story.voice.speech import Speech, naming, speeches_of
from storyroom.story.voice.words import terms

_LISTED = 5


@dataclass(frozen=True)
class Heard:
    """A speech on one of the lists, and where it stands."""

    speaker: str
    text: str
    score: float
    where: str


@dataclass(frozen=True)
class VoiceReport:
    """How a character speaks.

    Attributes:
        who: the character.
        hers, others: the measures of both sides; None for a side that says nothing.
        favourites: words that she uses more than the others.
        trust: what the lists are worth; None where there are too few speeches to tell.
        alike: speeches of others that sound like her.
        unlike: speeches of hers that do not.
        withheld: why there are no lists; empty if there are.
        bits, others_bits: mean surprise in bits a token, where a model was asked; else None.
    """

    who: str
    hers: Measures
    others: Measures | None
    favourites: tuple[Favourite, ...]
    trust: Trust | None
    alike: tuple[Heard, ...] = ()
    unlike: tuple[Heard, ...] = ()
    withheld: str = ""
    bits: float | None = None
    others_bits: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        values = asdict(self)
        values["trust"] = self.trust._asdict() if self.trust else None
        values["favourites"] = [one._asdict() for one in self.favourites]
        return values


def voice(
    scripts: Mapping[str, Script], character: str, bible: Bible | None = None, *, most: int = _LISTED
) -> VoiceReport:
    """Measure how a character speaks.

    Args:
        scripts: what to listen to, by the name of the file.
        character: by name, alias, or the spelling of a cue.
        bible: of the series, which knows aliases.
        most: how many speeches the lists hold.

    Raises:
        InputError: nobody of that name says anything there.
    """
    speeches = speeches_in(scripts, bible)
    who = _found(character, speeches, bible)
    hers = [one.text for one in speeches if one.speaker == who]
    others = [one.text for one in speeches if one.speaker != who]
    measured = measure(hers)
    if measured is None:
        raise InputError(f"{who} says nothing but marks.", hint="Name somebody who speaks.")
    ours, theirs = (Counter(word for text in side for word in terms(text)) for side in (hers, others))
    report = VoiceReport(who, measured, measure(others), tuple(favourites(ours, theirs)), None)
    return _with_lists(report, speeches, scripts, most)


def speeches_in(scripts: Mapping[str, Script], bible: Bible | None) -> list[Speech]:
    """Return the speeches of some scripts, each under the one name of who says it."""
    return list(speeches_of((script.elements() for script in scripts.values()), naming(bible)))


def with_surprise(
    report: VoiceReport, speeches: Sequence[Speech], bits: Mapping[int, Mapping[int, Sequence[TokenBits]]]
) -> VoiceReport:
    """Add how surprising her speeches are to a model, and those of the others.

    Args:
        speeches: as `speeches_in` gives them.
        bits: by script and by place of the line among its elements.
    """
    sides: tuple[list[float], list[float]] = ([], [])
    for one in speeches:
        tokens = bits.get(one.script, {}).get(one.place, ())
        sides[one.speaker != report.who].extend(token.bits for token in tokens)
    means = [fmean(side) if side else None for side in sides]
    return replace(report, bits=means[0], others_bits=means[1])


def scenes_to_read(script: Script, who: str, bible: Bible | None, most: int) -> set[int]:
    """Return the numbers of the scenes in which she speaks most, for a model to read."""
    name = naming(bible)
    spoken = {
        number: sum(one.kind is Kind.CUE and name(one.text) == who for one in scene.elements)
        for number, scene in enumerate(script.scenes, 1)
    }
    first = sorted((number for number in spoken if spoken[number]), key=lambda number: -spoken[number])
    return set(first[:most])


def _found(character: str, speeches: Sequence[Speech], bible: Bible | None) -> str:
    who = naming(bible)(character)
    heard = Counter(one.speaker for one in speeches)
    by_form = {naming(bible)(name).casefold(): name for name in heard}
    if (name := by_form.get(who.casefold())) is not None:
        return name
    if not heard:
        raise InputError("Nobody speaks there.", hint="Name a script with dialogue.")
    close = nearest(character, heard)
    if bible and (known := bible.character(character)):
        raise InputError(
            f"{known.name} has no line there.",
            hint="Name other files, or leave them out to listen to the whole series.",
        )
    names = ", ".join(name for name, _ in heard.most_common(8))
    raise InputError(f"Nobody called {character!r} speaks there{close}.", hint=f"Those who do: {names}.")


def _with_lists(
    report: VoiceReport, speeches: Sequence[Speech], scripts: Mapping[str, Script], most: int
) -> VoiceReport:
    def heard(judged: Sequence[Judged]) -> tuple[Heard, ...]:
        return tuple(
            Heard(one.speech.speaker, one.speech.text, one.score, _where(one.speech, scripts))
            for one in judged
        )

    if not enough(report.who, speeches):
        hers = report.hers.speeches
        withheld = (
            f"{report.who} has {hers} speeches and the others {len(speeches) - hers}; "
            f"to tell voices apart each side needs {LEAST_SPEECHES}."
        )
        return replace(report, withheld=withheld)
    likeness = Likeness(report.who, speeches)
    trust = likeness.trust
    if not trust.beats_guessing:
        withheld = (
            f"By {trust.hers} speeches {report.who} cannot be told from the others "
            f"({trust.auc:.0%} right, {trust.low:.0%} to {trust.high:.0%}; guessing gives 50%), "
            "so any list of lines would be a guess."
        )
        return replace(report, trust=trust, withheld=withheld)
    alike, unlike = sound_alike(likeness, most)
    return replace(report, trust=trust, alike=heard(alike), unlike=heard(unlike))


def _where(speech: Speech, scripts: Mapping[str, Script]) -> str:
    name, script = list(scripts.items())[speech.script]
    if speech.line:
        return f"{name}:{speech.line}"
    before = list(script.elements())[: speech.place]
    return f"{name}, scene {sum(one.kind is Kind.SCENE_HEADING for one in before)}"
