"""What leaves the house: the lock file, the sdist and the wheel, used as a stranger would."""

from __future__ import annotations

import re
import site
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SCENES = sorted(path.stem for path in (ROOT / "scenes").glob("[!_]*.py"))


@dataclass(frozen=True)
class Distributions:
    wheel: Path
    sdist: Path


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """Both, built without the network: the sdist from the checkout, the wheel from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Distributions(wheel, sdist)


def files_under(folder: Path) -> set[str]:
    """Paths below ``folder`` that are source: no caches."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if "__pycache__" not in path.parts}


def test_wheel_holds_the_package_and_its_scenes_only(distributions: Distributions) -> None:
    package = {f"netviz/{name}" for name in files_under(ROOT / "netviz")}
    scenes = {f"netviz/scenes/{name}" for name in files_under(ROOT / "scenes")}
    names = set(zipfile.ZipFile(distributions.wheel).namelist())
    assert {name for name in names if ".dist-info/" not in name} == package | scenes
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_sdist_is_a_whole_checkout(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {"run", ".ci/run", "requirements.lock", "pyproject.toml", "README.md", "LICENSE"}
    folders = ("netviz", "scenes", "tests", "examples")
    expected |= {f"{folder}/{name}" for folder in folders for name in files_under(ROOT / folder)}
    assert expected <= names


@pytest.fixture(scope="module")
def stranger(distributions: Distributions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``bin`` of a fresh environment with the wheel in it; the dependencies are those of here.

    They come by a .pth file, which does not read the .pth files in there: the editable netviz of
    this checkout stays out.
    """
    folder = tmp_path_factory.mktemp("stranger")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    install = ["install", "--quiet", "--no-deps", "--no-index", "--force-reinstall"]
    command = [*pip, *install, str(distributions.wheel)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "bin"


def outside(folder: Path, *command: str | Path) -> str:
    """Standard output of a command that runs in ``folder``, far from the checkout."""
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_wheel_is_what_gets_imported(stranger: Path, tmp_path: Path) -> None:
    path = outside(tmp_path, stranger / "python", "-c", "import netviz; print(netviz.__file__)")
    assert Path(path).is_relative_to(stranger.parent)


def test_wheel_lists_its_scenes(stranger: Path, tmp_path: Path) -> None:
    assert SCENES
    listed = outside(tmp_path, stranger / "netviz", "list")
    assert [name for name in SCENES if not re.search(rf"\b{name}\b", listed)] == []


def test_wheel_renders_a_picture(stranger: Path, tmp_path: Path) -> None:
    picture = tmp_path / "first.png"
    options = ["--quality", "low", "--at", "0.5", "-o", str(picture)]
    outside(tmp_path, stranger / "netviz", "render", "loop", *options)
    assert list(tmp_path.iterdir()) == [picture]
    with Image.open(picture) as image:
        darkest_and_brightest = image.convert("L").getextrema()
    assert darkest_and_brightest[0] != darkest_and_brightest[1], "an empty frame"


def locked() -> dict[str, str]:
    """Package name → its whole entry in the lock file."""
    entries = re.split(r"^(?=\w)", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)
    return {entry.partition("==")[0]: entry for entry in entries[1:]}


def test_lock_pins_every_dependency_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[\[<>=~]", requirement)[0] for requirement in wanted}
    assert names <= locked().keys()
    assert [name for name, entry in locked().items() if "--hash=sha256:" not in entry] == []


def test_lock_names_no_place_and_no_heavy_framework() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert not locked().keys() & {"torch", "tensorflow", "keras", "jax", "onnxruntime"}
