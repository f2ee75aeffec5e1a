"""Configure manim for tests that draw; report at the end which frameworks are not installed."""

import signal
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

# Folders and files with tests that draw. They need few pixels and few frames.
DRAWN = {"drawing", "animation", "acts", "scenes", "staging", "test_words.py"}
QUIET = {
    **{"pixel_width": 64, "pixel_height": 36, "frame_rate": 8},
    **{"dry_run": True, "verbosity": "ERROR", "progress_bar": "none", "disable_caching": True},
}
FRAMEWORKS = ("torch", "keras", "sklearn", "onnx", "safetensors")


def pytest_configure() -> None:
    # A background job of a shell ignores Ctrl-C, and so would the processes that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing = [name for name in FRAMEWORKS if find_spec(name) is None]
    if missing:
        terminalreporter.write_line(
            f"Not tested here: models of {' and '.join(missing)}, which are not installed "
            "(.ci/run installs them)."
        )


@pytest.fixture(scope="module", autouse=True)
def configured_manim(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Let manim be silent, write no film, and keep its files in a temporary folder.

    The folder is that of the session, so that each formula is set by Typst only once.
    """
    if DRAWN.isdisjoint(request.path.parts):
        yield
        return
    from manim import tempconfig

    folder = tmp_path_factory.getbasetemp() / "manim"
    with tempconfig(QUIET | {"media_dir": str(folder)}):
        yield
