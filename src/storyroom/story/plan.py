"""What is decided before a line is written: order, brief, pitch, outline.

These are the stored forms. What a model may answer is narrower (bounded sentences, names as enums) and is
made by the role that asks.
"""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Depth = Literal["quick", "standard", "deep"]
Gate = Literal["pitches", "outline", "scene", "table_read"]
Language = Literal["en", "zh"]


class Plan(BaseModel):
    """The base of all plans: immutable, and strict about what it knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(Plan):
    """When a debate ends, whatever is still open.

    Attributes:
        rounds: how often the author answers what an objector insists on.
        tokens: how many tokens the models may write in one debate; None sets no bound.
        seconds: how long the models may work on one debate; None sets no bound.
    """

    rounds: int = Field(default=1, ge=1, le=9)
    tokens: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, gt=0)


class Order(Plan):
    """What a human asked for when a session began; it never changes.

    Attributes:
        idea: the idea or the keywords, as given.
        episode: number of the episode.
        scenes: how many scenes the outline has.
        pages: length that is aimed at, in screenplay pages.
        depth: how hard the room works: pitches, attempts and reviews per scene.
        seed: where all randomness of the session comes from.
        model: spec of the model that fills the seats which name none of their own.
        models: specs of roles that have a model of their own.
        gates: the stages after which the session waits for a human.
        language: language the script is written in.
        cast: names the episode is limited to; empty means the whole cast.
        lock: whether the finished episode becomes canon at once.
        limits: when a debate ends.
        tool: the writer's tool that the session is a use of; empty where an episode is drafted.
        pitches: how many storylines agents pitch, 0 when only members do; None is as many as the bible says.
        merge: whether all pitches on the table are to become one story.
    """

    idea: str
    episode: int
    scenes: int = Field(ge=1, le=400)
    pages: float = Field(gt=0, le=400)
    depth: Depth = "standard"
    seed: int = 1
    model: str
    models: dict[str, str] = {}
    gates: tuple[Gate, ...] = ()
    language: Language = "en"
    cast: tuple[str, ...] = ()
    lock: bool = False
    limits: Limits = Limits()
    tool: str = ""
    pitches: int | None = Field(default=None, ge=0, le=9)
    merge: bool = False


Letter = Literal["A", "B", "C"]


class Story(Plan):
    """One of the lines of story that an episode braids: A, B or C."""

    letter: Letter
    lead: str
    line: str


class Brief(Plan):
    """What the showrunner wants of the episode.

    Attributes:
        own_words: its sentences that are the idea's own.
    """

    premise: str
    theme: str
    stories: tuple[Story, ...]
    arc: tuple[str, ...]
    pages: float
    scenes: int
    own_words: tuple[str, ...] = ()


class Pitch(Plan):
    """One storyline for the episode, told by one writer; a member may leave fields of it empty."""

    title: str
    conflict: str
    turn: str
    ending: str

    @property
    def lines(self) -> tuple[str, ...]:
        """What it tells, without its title: the fields that are filled in."""
        return tuple(text for text in (self.conflict, self.turn, self.ending) if text)

    @property
    def told(self) -> str:
        """What it tells, without its title, as one text."""
        return " ".join(self.lines)


class Pitched(Plan):
    """A pitch, and whose it is.

    Attributes:
        by: the actor: ``agent:MODEL`` or ``member:NAME``.
        repeats: number of the pitch on the table that it nearly repeats.
    """

    by: str
    pitch: Pitch
    repeats: int | None = None

    @property
    def is_members(self) -> bool:
        """Whether a member of the team pitched it."""
        return self.by.startswith("member:")


class Pitches(Plan):
    """The pitches of an episode, as they lie on the table when the showrunner chooses."""

    pitches: tuple[Pitched, ...]


PitchField = Literal["title", "conflict", "turn", "ending"]
PITCH_FIELDS: tuple[PitchField, ...] = get_args(PitchField)


class Taken(Plan):
    """What a story took from a pitch.

    Attributes:
        field: the field of the story; it may lean on several pitches.
        pitch: number of the pitch.
        by: whose pitch it is.
    """

    field: PitchField
    pitch: int
    by: str = ""


class Choice(Plan):
    """The storyline that the showrunner chose, and why.

    Attributes:
        pitches: ordinals of the pitches that it takes from; more than one is a merge.
        takes: which field of the story leans on which pitch; a field that is nobody's is new.
    """

    pitches: tuple[int, ...]
    reason: str
    story: Pitch
    takes: tuple[Taken, ...] = ()


class ScenePlan(Plan):
    """One scene of an outline.

    Attributes:
        number: place in the episode, from 1.
        act: `cold open`, `act 1` …, `tag`, in the script's language.
        heading: the scene heading as it will stand in the script.
        story: which line of story the scene serves.
        cast: the only ones who may speak in it.
        beat: what happens.
        change: what is different when it ends.
        emotions: planned feeling of each of the cast, from the seven of `EMOTIONS`.
        own_words: its sentences that are the idea's own.
        plants: words for what it sets up; a later scene that uses one of them pays it off.
    """

    number: int
    act: str
    heading: str
    place: str
    time: str
    story: Letter
    cast: tuple[str, ...]
    beat: str
    change: str
    emotions: dict[str, str]
    own_words: tuple[str, ...] = ()
    plants: tuple[str, ...] = ()


class Outline(Plan):
    """The episode scene by scene."""

    title: str
    scenes: tuple[ScenePlan, ...]


EMOTIONS = ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")
