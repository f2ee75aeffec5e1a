"""The sdist and the wheel, installed as a user installs them; lock files and the CI workflow."""

from __future__ import annotations

import os
import re
import site
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from dataclasses import dataclass
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-frameworks.lock")
LOWEST = "requirements-lowest.lock"
SCENES = sorted(path.stem for path in (ROOT / "scenes").glob("[!_]*.py"))


@dataclass(frozen=True)
class Distributions:
    wheel: Path
    sdist: Path


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Build both offline: the sdist from the checkout, the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Distributions(wheel, sdist)


def files_under(folder: Path) -> set[str]:
    """Return the paths of the source files below ``folder``, without caches."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if "__pycache__" not in path.parts}


def test_the_wheel_holds_the_package_and_its_scenes_only(distributions: Distributions) -> None:
    package = {f"netviz/{name}" for name in files_under(ROOT / "netviz")}
    scenes = {f"netviz/scenes/{name}" for name in files_under(ROOT / "scenes")}
    names = set(zipfile.ZipFile(distributions.wheel).namelist())
    assert {name for name in names if ".dist-info/" not in name} == package | scenes
    assert "netviz/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_sdist_is_a_whole_checkout(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {"run", ".ci/run", ".github/workflows/ci.yml", *LOCKS, LOWEST, "pyproject.toml"}
    expected |= {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"}
    folders = ("netviz", "scenes", "tests", "examples")
    expected |= {f"{folder}/{name}" for folder in folders for name in files_under(ROOT / folder)}
    assert expected <= names


@pytest.fixture(scope="module")
def installed(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return ``bin`` of a fresh environment with the wheel and the dependencies of this one.

    A .pth file adds the dependencies. It ignores the .pth files among them, so the editable netviz
    of this checkout stays out.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    install = ["install", "--quiet", "--no-deps", "--no-index", "--force-reinstall"]
    command = [*pip, *install, str(distributions.wheel)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "bin"


def outside(folder: Path, *command: str | Path) -> str:
    """Return the standard output of a command that runs in ``folder``, outside the checkout."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_wheel_is_imported(installed: Path, tmp_path: Path) -> None:
    path = outside(tmp_path, installed / "python", "-c", "import netviz; print(netviz.__file__)")
    assert Path(path).is_relative_to(installed.parent)


def test_the_wheel_lists_its_scenes(installed: Path, tmp_path: Path) -> None:
    assert SCENES
    listed = outside(tmp_path, installed / "netviz", "list")
    assert [name for name in SCENES if not re.search(rf"\b{name}\b", listed)] == []


def test_the_wheel_renders_a_picture(installed: Path, tmp_path: Path) -> None:
    picture = tmp_path / "first.png"
    options = ["--quality", "low", "--at", "0.5", "-o", str(picture)]
    outside(tmp_path, installed / "netviz", "render", "loop", *options)
    assert set(tmp_path.iterdir()) == {picture, picture.with_suffix(".txt")}
    with Image.open(picture) as image:
        darkest_and_brightest = image.convert("L").getextrema()
    assert darkest_and_brightest[0] != darkest_and_brightest[1], "an empty frame"


def locked(name: str) -> dict[str, str]:
    """Package name → its whole entry in a lock file."""
    entries = re.split(r"^(?=\w)", (ROOT / name).read_text(), flags=re.MULTILINE)
    return {entry.partition("==")[0]: entry for entry in entries[1:]}


def required(*groups: str) -> set[str]:
    """Names of the packages that the project and some of its dependency groups require."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = list(project["project"]["dependencies"])
    for group in groups:
        wanted += project["dependency-groups"][group]
    return {re.split(r"[\[<>=~]", requirement)[0] for requirement in wanted}


@pytest.mark.parametrize("name", [*LOCKS, LOWEST])
def test_a_lock_file_pins_everything_by_version_and_hash(name: str) -> None:
    entries = locked(name)
    assert entries
    assert [entry for entry in entries.values() if not re.match(r"[\w.-]+==[\w.]+ ", entry)] == []
    assert [name for name, entry in entries.items() if "--hash=sha256:" not in entry] == []


def test_the_lock_files_hold_every_dependency_once() -> None:
    first, frameworks = map(set, map(locked, LOCKS))
    assert required("dev") <= first
    assert required("dev", "frameworks") <= first | frameworks
    assert not first & frameworks


def test_the_lowest_versions_are_those_that_the_project_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["onnx"], *extras["safetensors"], *extras["sklearn"]]
    found = locked(LOWEST)
    for name, lowest in (re.split(r"(?:\[\w+\])?>=", each) for each in wanted):
        assert found[name].startswith((f"{name}=={lowest} ", f"{name}=={lowest}.0 ")), name


@pytest.mark.skipif(find_spec("keras") is None, reason="keras is not installed")
def test_the_locks_hold_what_keras_and_torch_depend_on() -> None:
    pinned = {name.replace("_", "-") for lock in LOCKS for name in locked(lock)}
    for framework in filter(find_spec, ("keras", "torch")):
        depends = [line for line in requires(framework) or [] if ";" not in line]
        names = {re.split(r"[\[<>=~! ]", line)[0].replace("_", "-") for line in depends}
        assert names <= pinned, framework


@pytest.mark.parametrize("name", [*LOCKS, LOWEST])
def test_a_lock_file_names_no_index_and_no_large_framework(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert not locked(name).keys() & {"torch", "tensorflow", "jax", "onnxruntime"}


def test_ci_installs_nothing_without_a_version() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    installs = re.findall(r'^"\$\{(?:pip|lowest)\[@\]\}" (.*)$', script, flags=re.MULTILINE)
    assert installs == [
        "--no-deps --require-hashes -r requirements-frameworks.lock",
        "torch==2.13.0",
        "--use-pep517 --require-hashes -r requirements-lowest.lock",
        "--no-deps --no-build-isolation -e .",
    ]


def test_the_workflow_runs_what_ci_runs_with_pinned_actions() -> None:
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    assert re.findall(r"- run: (.*)", workflow) == [".ci/run"]
    actions = re.findall(r"uses: (\S+)", workflow)
    assert actions
    assert [
        action for action in actions if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)
    ] == []
