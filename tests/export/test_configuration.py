"""A file manim.cfg in the folder matters neither to the command nor to what a script renders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from manim import Scene, config, tempconfig
from manim.mobject.svg.svg_mobject import SVG_HASH_TO_MOB_MAP

import netviz
from netviz.drawing import formula
from netviz.export import render
from netviz.export.configuration import configured

OPTIONS = """[CLI]
frame_width = 20
frame_height = 3
pixel_width = 100
background_opacity = 0
partial_movie_dir = {media_dir}/elsewhere
max_files_cached = many
verbosity = LOUD
"""
SCRIPT = """
import sys
from manim import config
from netviz.export import render
from netviz.scene import DiagramScene
render(DiagramScene, sys.argv[1], width=128)
print(config.frame_width, config.background_opacity)
"""


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(netviz.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": root, "HOME": str(folder)}
    return subprocess.run(
        [sys.executable, *command],
        **{"cwd": folder, "env": environment, "capture_output": True, "text": True},
        check=False,
    )


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("plain")
    run(folder, "-c", SCRIPT, "a.png")
    return (folder / "a.png").read_bytes()


def test_the_command_reads_no_configuration_of_manim(plain: bytes, tmp_path: Path) -> None:
    """Neither that of the folder nor that of the user."""
    (tmp_path / ".config" / "manim").mkdir(parents=True)
    (tmp_path / ".config" / "manim" / "manim.cfg").write_text("no configuration", encoding="utf-8")
    (tmp_path / "manim.cfg").write_text(OPTIONS + "renderer = opengl\n", encoding="utf-8")
    command = ["render", "scene.py", "-o", "a.png", "--width", "128"]
    (tmp_path / "scene.py").write_text(
        "from netviz.scene import DiagramScene\n\n\nclass Mine(DiagramScene):\n    pass\n"
    )
    done = run(tmp_path, "-m", "netviz", *command)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "a.png").read_bytes() == plain


def test_a_script_renders_with_manim_s_defaults_and_keeps_its_own(
    plain: bytes, tmp_path: Path
) -> None:
    options = "[CLI]\nframe_width = 20\nbackground_opacity = 0\n"
    (tmp_path / "manim.cfg").write_text(options, encoding="utf-8")
    done = run(tmp_path, "-c", SCRIPT, "a.png")
    assert (tmp_path / "a.png").read_bytes() == plain
    assert done.stdout == "20.0 0.0\n"


def test_a_size_of_its_own_does_not_change_the_size_that_is_chosen() -> None:
    """manim's quality, a name for a size, is none for it, and would be set back as an option."""
    with tempconfig({"pixel_width": 64, "pixel_height": 36, "frame_rate": 8}):
        with configured({"pixel_width": 320, "pixel_height": 180, "frame_rate": 12.5}):
            assert (config.pixel_width, config.pixel_height, config.frame_rate) == (320, 180, 12.5)
        assert (config.pixel_width, config.pixel_height, config.frame_rate) == (64, 36, 8)


def test_a_process_keeps_nothing_of_the_formulae_of_a_finished_picture(tmp_path: Path) -> None:
    class Formula(Scene):
        def construct(self) -> None:
            self.add(formula("z_1 = W_(1,1) a_1", "dark"))

    render(Formula, tmp_path / "a.png", width=64)
    assert not SVG_HASH_TO_MOB_MAP
