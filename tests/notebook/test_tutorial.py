"""The tutorial runs as written, and its pictures and sums agree with its text."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from PIL import Image

from .kernel import execute, printed, shown

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.ipynb"


def written() -> NotebookNode:
    return nbformat.read(TUTORIAL, as_version=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def cells(folder: Path) -> dict[str, NotebookNode]:
    return {cell.id: cell for cell in execute(written(), folder).cells}


def test_the_tutorial_is_stored_without_outputs() -> None:
    nbformat.validate(written())
    code = [cell for cell in written().cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


@pytest.mark.parametrize("name", ["network", "forward", "backward", "correction", "own", "look"])
def test_each_of_these_cells_displays_a_picture(cells: dict[str, NotebookNode], name: str) -> None:
    assert shown(cells[f"{name}-code"])["image/svg+xml"].startswith("<svg ")


def test_custom_names_and_weights_appear_in_the_pictures(cells: dict[str, NotebookNode]) -> None:
    own, look = (shown(cells[name])["image/svg+xml"] for name in ("own-code", "look-code"))
    for word in ("the day before", "the exam", "studied", "slept", "passes", "is awake"):
        assert f">{word}</text>" in own
    for weight in re.findall(r"-?\d\.\d", cells["network-code"].source.split("biases")[0]):
        assert f">{float(weight):+.2f}</text>".replace("-", "−") in look


def test_sums_by_hand_are_those_of_the_trace(cells: dict[str, NotebookNode]) -> None:
    for name in ("forward-by-hand", "share-code"):
        by_hand, in_trace = printed(cells[name]).splitlines()[-2:]
        numbers = in_trace.removeprefix("in the trace: ").split(", ")
        assert re.findall(r"= ([+-]?\d+\.\d+)", by_hand) == numbers


def test_the_rounded_numbers_of_a_share_agree(cells: dict[str, NotebookNode]) -> None:
    lines = re.findall(r"(\S+) × \((\S+)\) = (\S+)", printed(cells["share-code"]))
    assert len(lines) == 2
    for weight, delta, share in lines:
        assert float(weight) * float(delta) == pytest.approx(float(share), abs=1e-4)


def test_one_update_lowers_the_loss(cells: dict[str, NotebookNode]) -> None:
    before, after = re.search(
        r"loss before (\S+), after (\S+)", printed(cells["correction-code"])
    ).groups()
    assert float(after) < float(before)
    assert f"loss = {before}\n" == printed(cells["backward-code"])


def test_the_clip_exists_and_is_animated(cells: dict[str, NotebookNode], folder: Path) -> None:
    with Image.open(folder / "exam.gif") as image:
        assert image.n_frames > 20
    assert "data:image/gif;base64," in shown(cells["clip-code"])["text/html"]
