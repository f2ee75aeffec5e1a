"""A file is complete or absent; an interrupted render leaves existing files unchanged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from manim import Create, Scene, Square, UpdateFromAlphaFunc

from netviz.export import FORMATS, ExportError, check, render
from netviz.export.target import open_target

MOVING = [suffix for suffix, kind in FORMATS.items() if not kind.still]


def stopped_by(error: BaseException) -> type[Scene]:
    """Return a scene that raises an error in its second animation."""

    def stop(square: Square, alpha: float) -> None:
        if alpha > 0:
            raise error

    class Stopped(Scene):
        def construct(self) -> None:
            square = Square()
            self.add_subcaption("soon over", duration=1)
            self.play(Create(square), run_time=0.3)
            self.play(UpdateFromAlphaFunc(square, stop), run_time=0.3)

    return Stopped


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ZeroDivisionError(), RuntimeError()])
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_failed_render_leaves_existing_files(
    suffix: str, error: BaseException, tmp_path: Path
) -> None:
    output = (tmp_path / "film").with_suffix(suffix)
    for path in (output, output.with_suffix(".srt")):
        path.write_text("made before")
    with pytest.raises(type(error)):
        render(stopped_by(error), output, width=64)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([output.name, "film.srt"])
    assert {path.read_text() for path in tmp_path.iterdir()} == {"made before"}


@pytest.mark.parametrize("suffix", MOVING)
def test_a_failed_render_leaves_no_new_folders(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        render(stopped_by(KeyboardInterrupt()), tmp_path / f"a/b/film{suffix}", width=64)
    assert list(tmp_path.iterdir()) == []


def test_nothing_appears_before_the_end(tmp_path: Path) -> None:
    output = tmp_path / "film.mp4"
    output.write_text("old")
    with open_target(output) as target:
        target.draft.write_text("new")
        target.draft.with_suffix(".vtt").write_text("captions")
        assert target.draft.parent.parent == tmp_path
        assert output.read_text() == "old"
    assert output.read_text() == "new"
    assert target.companions == [tmp_path / "film.vtt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4", "film.vtt"]


def test_a_file_name_may_contain_quotes_spaces_and_percent_signs(tmp_path: Path) -> None:
    class Short(Scene):
        def construct(self) -> None:
            self.wait(0.2)

    output = tmp_path / "it's 100%: a film" / "%03d 'film'.mp4"
    assert render(Short, output, width=64).size_bytes > 0
    assert list(output.parent.iterdir()) == [output]


def test_captions_that_were_not_written_with_the_film_are_kept(tmp_path: Path) -> None:
    film, captions = tmp_path / "talk.mp4", tmp_path / "talk.srt"
    captions.write_text("by hand")
    with pytest.raises(ExportError, match=r"talk\.srt was not written with talk\.mp4, whose capt"):
        check(film)
    film.write_text("old")
    check(film)  # written together
    os.utime(captions, (film.stat().st_mtime + 60,) * 2)
    with pytest.raises(ExportError, match="was not written with"):
        render(stopped_by(ZeroDivisionError()), film, width=64)
    check(film.with_suffix(".gif"))  # has no captions
    assert captions.read_text() == "by hand"


def test_a_directory_with_the_name_of_captions_is_found_before(tmp_path: Path) -> None:
    (tmp_path / "o.vtt").mkdir()
    with pytest.raises(ExportError, match=r"o\.vtt is a directory: expected another name for o\.m"):
        check(tmp_path / "o.mp4")


def test_a_film_is_written_to_what_a_link_points_to(tmp_path: Path) -> None:
    real, link = tmp_path / "real" / "film.mp4", tmp_path / "link.mp4"
    real.parent.mkdir()
    real.write_text("old")
    link.symlink_to(real)
    with open_target(link) as target:
        target.draft.write_text("new")
        target.draft.with_suffix(".srt").write_text("captions")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert target.companions == [real.with_suffix(".srt")]
    real.unlink()
    with pytest.raises(ExportError, match=r"is a link to .*, which does not exist"):
        check(link)
