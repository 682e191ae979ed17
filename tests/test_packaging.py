"""What is built is what is in the folders: every package, template and migration, and nothing else."""

import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SETUP = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS = ("agents", "graphs", "memory", "prompts")
CORE = ROOT / "src" / "storyroom"

# Run by the Python of a fresh environment, in an empty folder. The tests' own packages come last on its path.
TRY_IT = """
import importlib, pkgutil, sys
from pathlib import Path
import storyroom

assert Path(sys.prefix) in Path(storyroom.__file__).parents, storyroom.__file__
for module in pkgutil.walk_packages(storyroom.__path__, "storyroom."):
    if ".migrations." not in module.name:
        importlib.import_module(module.name)

from storyroom import prompts
from storyroom.memory.ledger import Ledger
from storyroom.series import Series, new_series

for language in prompts.LANGUAGES:
    assert Series.open(new_series(f"Made in {language}", Path(), language)).bible.language == language
    assert prompts.render(language, "system").strip()
ledger = Ledger(Path("ledger.sqlite"))
assert ledger.counts()["turns"] == 0
ledger.close()
"""


def files_on_disk() -> set[str]:
    """Return every file that belongs into the package, by its path in it."""
    found = set()
    for prefix, folder in [("", CORE), *((f"{name}/", ROOT / name) for name in FOLDERS)]:
        for path in folder.rglob("*"):
            inside = path.relative_to(folder)
            linked = folder == CORE and inside.parts[0] in FOLDERS
            if path.is_file() and not linked and "__pycache__" not in inside.parts:
                found.add(f"storyroom/{prefix}{inside.as_posix()}")
    return found


def packages_on_disk() -> set[str]:
    """Return the dotted name of every folder that holds an `__init__.py`."""
    inits = (Path(name) for name in files_on_disk() if name.endswith("/__init__.py"))
    return {".".join(path.parent.parts) for path in inits}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with the links that `make dev` lays, to be built in."""
    copy = tmp_path_factory.mktemp("project") / "storyroom"
    skipped = shutil.ignore_patterns(
        ".git",
        ".venv*",
        ".*_cache",
        ".hypothesis",
        ".storyroom",
        "__pycache__",
        "build",
        "dist",
        "demo",
        "*.egg-info",
    )
    shutil.copytree(ROOT, copy, symlinks=True, ignore=skipped)
    for name in FOLDERS:
        link = copy / "src" / "storyroom" / name
        if not link.is_symlink():
            link.symlink_to(f"../../{name}")
    return copy


@pytest.fixture(scope="module")
def built(tree: Path) -> dict[str, Path]:
    """Build the sdist, a wheel out of the sdist, and a wheel out of the working tree."""
    for options in ([], ["--wheel", "--outdir", "direct"]):
        command = [sys.executable, "-m", "build", "--no-isolation", *options]
        made = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    return {
        "sdist": next(tree.glob("dist/*.tar.gz")),
        "wheel of the sdist": next(tree.glob("dist/*.whl")),
        "wheel of the tree": next(tree.glob("direct/*.whl")),
    }


@pytest.fixture(scope="module")
def fresh_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that has our dependencies, and not our editable install.

    The dependencies come through a path file. What hooks an editable install in is itself a path file, and
    those are not read in folders that another path file names.
    """
    home = tmp_path_factory.mktemp("fresh")
    venv.create(home, with_pip=False, symlinks=True)
    library = sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)})
    Path(library, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home / "bin" / "python"


def test_every_package_is_listed() -> None:
    """A folder with an `__init__.py` is in pyproject's list, and the list names nothing else."""
    listed = SETUP["tool"]["setuptools"]["packages"]
    assert sorted(packages_on_disk()) == sorted(listed)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("kind", ["wheel of the sdist", "wheel of the tree"])
def test_a_wheel_holds_every_file_of_the_packages_and_nothing_else(built: dict[str, Path], kind: str) -> None:
    """No template or migration is missing; no test, no link and no top-level `agents` comes along."""
    with zipfile.ZipFile(built[kind]) as wheel:
        names = {name for name in wheel.namelist() if not name.endswith("/")}
    inside = {name for name in names if ".dist-info/" not in name}
    assert inside == files_on_disk()
    assert len([name for name in names if name.endswith("licenses/LICENSE")]) == 1


def test_the_sdist_holds_no_links(built: dict[str, Path]) -> None:
    """What is unpacked is files alone, each once: the four folders are at the root, not in the core too."""
    with tarfile.open(built["sdist"]) as sdist:
        members = sdist.getmembers()
    assert [one.name for one in members if one.issym() or one.islnk()] == []
    paths = {Path(*Path(one.name).parts[1:]).as_posix() for one in members if one.isfile()}
    assert not [
        path for path in paths if path.startswith(tuple(f"src/storyroom/{name}/" for name in FOLDERS))
    ]
    assert {"LICENSE", "README.md", "Makefile", "requirements.lock", "tests/conftest.py"} <= paths


def test_the_installed_wheel_works(built: dict[str, Path], fresh_python: Path, tmp_path: Path) -> None:
    """It imports every module, renders prompts, scaffolds series, makes a ledger, and has its command."""
    wheel = built["wheel of the sdist"]
    pip = [sys.executable, "-m", "pip", "--python", str(fresh_python), "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    tried = subprocess.run(
        [fresh_python, "-c", TRY_IT], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stderr[-3000:]
    command = [fresh_python.with_name("storyroom"), "--help"]
    helped = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert helped.returncode == 0, helped.stderr[-3000:]
    assert "draft" in helped.stdout


def test_the_lock_pins_what_pyproject_asks_for() -> None:
    """Every dependency has one pin; nothing is local, nothing is for one kind of machine alone."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", pin)] == []
    names = [normalized(pin.split("==")[0]) for pin in pins]
    assert len(names) == len(set(names))
    assert [name for name in names if name.startswith(("nvidia-", "cuda-", "triton"))] == []
    project = SETUP["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    wanted = {normalized(re.match(r"[A-Za-z0-9._-]+", one)[0]) for one in asked}  # type: ignore[index]
    assert wanted - set(names) == set()


def normalized(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()
