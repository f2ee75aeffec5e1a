"""Every example is rendered as ``netviz render FILE`` renders it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.pictures import differs

from netviz.cli import main
from netviz.spec.load import load_film

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
NEEDS_SKLEARN = {"iris_captions"}


def test_there_are_nine() -> None:
    assert len(EXAMPLES) == 9


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_rendered(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if path.stem in NEEDS_SKLEARN:
        pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    monkeypatch.chdir(tmp_path)
    assert main(["render", str(path), "-o", "end.png", "--width", "160"]) == 0
    assert differs(Path("end.png"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_says_in_its_first_line_what_it_is(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
    film = load_film(path).film
    assert film.output is None or film.output.parent == path.parent
