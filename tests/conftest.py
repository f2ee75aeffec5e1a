"""Keeps manim quiet where tests draw; says at the end which frameworks were not there."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

# Rooms whose tests draw. They need no pixels, and few frames.
DRAWN = {"drawing", "animation", "acts", "scenes", "test_scene.py", "test_words.py"}
QUIET = {
    **{"pixel_width": 64, "pixel_height": 36, "frame_rate": 8},
    **{"dry_run": True, "verbosity": "ERROR", "progress_bar": "none", "disable_caching": True},
}
FRAMEWORKS = ("torch", "keras", "sklearn", "onnx", "safetensors")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing = [name for name in FRAMEWORKS if find_spec(name) is None]
    if missing:
        terminalreporter.write_line(
            f"Not tested here: models of {' and '.join(missing)}, which are not installed "
            "(.ci/run installs them)."
        )


@pytest.fixture(scope="module", autouse=True)
def nothing_is_recorded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Where tests draw, manim is silent, writes no film, and keeps its formulae out of the way.

    What Typst has set once is set for the whole run: its folder is the session's.
    """
    if DRAWN.isdisjoint(request.path.parts):
        yield
        return
    from manim import tempconfig

    folder = tmp_path_factory.getbasetemp() / "manim"
    with tempconfig(QUIET | {"media_dir": str(folder)}):
        yield
