"""A model that fails in the middle of a scene: the run ends with its error, and goes on from there."""

from pathlib import Path

import pytest
from room_kit import MODEL, a_series, begin, draft, drive, open_room, resume
from scripted_room import play, scripted_room

from storyroom.errors import ModelAbsent, ModelError
from storyroom.formats.fountain import write
from storyroom.models.scripted import Call, Rule, ScriptedModel
from storyroom.session import Session

OUT_OF_MEMORY = ModelError("Memory ran out on cuda:0.", hint="Close what uses memory, and resume.")
GONE = ModelAbsent("The server cannot be reached.", hint="Start the server, and resume.")


def failing(error: ModelError, *, after: int) -> ScriptedModel:
    """Return a model that fails for good once the second scene has taken so many calls."""
    taken = 0

    def answer(call: Call) -> str:
        nonlocal taken
        if call.label.startswith("scene.2"):
            taken += 1
            if taken > after:
                raise error
        return play(call)

    return ScriptedModel(rules=(Rule("*", (answer,)),))


def script(session: Session) -> str:
    """Return what a session has written."""
    return write(session.manuscript.script())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int]:
    """The script of a session whose model never fails, and how many calls it took."""
    with open_room(a_series(tmp_path_factory.mktemp("undisturbed"))) as room:
        session = draft(room)
        return script(session), len(room.ledger.calls.made(session=session.id))


@pytest.mark.parametrize(("error", "after"), [(OUT_OF_MEMORY, 3), (GONE, 0)], ids=["memory", "server"])
def test_a_session_whose_model_fails_in_mid_scene_ends_as_if_it_had_not(
    undisturbed: tuple[str, int], tmp_path: Path, error: ModelError, after: int
) -> None:
    """The error comes through with its hint, nothing is lost, and no answer is asked for a second time."""
    with open_room(a_series(tmp_path), model=failing(error, after=after)) as room:
        run = begin(room)
        with pytest.raises(type(error)) as caught:
            drive(run)
        name = run.session.id
        assert caught.value.hint == error.hint
        assert set(room.session(name).approved) == {1}
        before = room.ledger.calls.made(session=name)
        room.models[MODEL] = scripted_room()
        assert resume(room, name).outcome == "finished"
        made = room.ledger.calls.made(session=name)
        assert made[: len(before)] == before
        assert (script(room.session(name)), len(made)) == undisturbed
