"""Lectures, scripts, slides, a voice and a pace, from the command line."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import av
import pytest
from tones import loud, tone

from netviz import catalogue
from netviz.captions import read_srt
from netviz.cli import lecture, main
from netviz.cli.films import Place
from netviz.export.slides import Slide
from netviz.spec import Clip, Playlist
from netviz.words import languages, load_words

SCENE = '''"""A dot moves."""

from helper import SECONDS
from manim import RIGHT, Dot

from netviz.scene import BeatScene


class Mine(BeatScene):
    def construct(self):
        dot = Dot()
        self.add(dot)
        with self.beat(text="A dot moves to the right.", hold=0.5):
            self.play(dot.animate.shift(RIGHT), run_time=SECONDS)
        with self.beat("update.end", hold=0.5):
            self.play(dot.animate.shift(-RIGHT))
'''
PLAIN = """from manim import Create, Scene, Square


class Plain(Scene):
    def construct(self):
        self.add_subcaption("A square.", duration=1)
        self.play(Create(Square()))
"""
NETWORK = """
[network]
layers = [2, 1]

[scene]
acts = ["end"]
pace = 2
"""
PLAYLIST = """
title = "A short course"
width = 96
fps = 10
clips = ["mine.py", { clip = "lesson.toml", title = "A network" }, "plain.py:Plain", "film.mp4"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    texts = {"mine.py": SCENE, "plain.py": PLAIN, "lesson.toml": NETWORK, "course.toml": PLAYLIST}
    for name, text in texts.items():
        Path(name).write_text(text)
    Path("helper.py").write_text("SECONDS = 1.0\n")
    return tmp_path


def small(output: str, *more: str) -> list[str]:
    return ["-o", output, "--width", "96", "--fps", "10", "--quiet", *more]


# ---- one film -----------------------------------------------------------------------------------


def test_a_lecture_is_one_film_and_only_what_changed_is_rendered_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["render", "plain.py", *small("film.mp4")]) == 0
    assert main(["lecture", "course.toml", "-o", "out/course.mp4", "--jobs", "1"]) == 0
    assert "0:03 1. Mine\n" in capsys.readouterr().out
    made = Path("out/course.mp4")
    with av.open(made) as film:
        titles = [chapter["metadata"]["title"] for chapter in film.chapters()]
        starts = [float(chapter["start"] * chapter["time_base"]) for chapter in film.chapters()]
        times = [round(float(frame.time), 2) for frame in film.decode(video=0)]
    assert titles == ["A short course", "1. Mine", "2. A network", "3. Plain", "4. Film"]
    assert times == [round(n / 10, 2) for n in range(len(times))]
    lines = [f"{int(s) // 60}:{int(s) % 60:02} {t}" for s, t in zip(starts, titles, strict=True)]
    assert Path("out/course.txt").read_text().splitlines() == lines
    said = read_srt(Path("out/course.srt").read_text())
    assert said[0].text == "A dot moves to the right."
    # After the title and the card of the first clip, three seconds each.
    assert said[0].start.total_seconds() == pytest.approx(6.0, abs=0.1)
    assert sum(cue.text == "A square." for cue in said) == 2

    clips = {path: path.stat().st_mtime_ns for path in Path("out/course.clips").glob("*.mp4")}
    assert len(clips) == 5 + 3  # the film that exists fits
    Path("helper.py").write_text("SECONDS = 2.0\n")
    assert main(["lecture", "course.toml", "-o", "out/course.mp4", "--jobs", "1", "--quiet"]) == 0
    again = {path: path.stat().st_mtime_ns for path in Path("out/course.clips").glob("*.mp4")}
    assert len(again) == len(clips)
    (new,) = set(again) - set(clips)
    assert new.name.startswith("mine-")
    assert all(again[path] == clips[path] for path in set(again) & set(clips))

    finished = made.read_bytes()
    new.write_bytes(new.read_bytes()[:-999])
    (plain,) = Path("out/course.clips").glob("plain-*.srt")
    plain.write_bytes(b"\xff")
    assert main(["lecture", "course.toml", "-o", "out/course.mp4", "--jobs", "1", "--quiet"]) == 0
    assert made.read_bytes() == finished
    spoiled = {new, plain.with_suffix(".mp4")}
    assert all((path.stat().st_mtime_ns != again[path]) == (path in spoiled) for path in again)


def test_a_clip_that_cannot_be_rendered_leaves_no_film(capsys: pytest.CaptureFixture[str]) -> None:
    Path("plain.py").write_text(PLAIN.replace("Create(Square())", "nothing"))
    Path("course.toml").write_text('width = 96\nclips = ["plain.py"]')
    assert main(["lecture", "course.toml", "-o", "course.mp4", "--jobs", "1"]) == 2
    error = capsys.readouterr().err
    assert "the clip plain.py cannot be rendered (plain.py, line 7" in error
    assert not Path("course.mp4").exists()


def test_the_lecture_has_every_scene_that_exists_in_order() -> None:
    names = [clip.source for clip in lecture.whole().clips]
    assert names == [name for name in lecture.SCENES if name in catalogue.scenes()]
    assert {"overview", "forward_pass", "encoder"} <= set(names)
    for language in languages():
        assert all(f"title.{name}" in load_words(language).texts for name in lecture.SCENES)
    assert lecture.title_of(Clip("forward_pass"), "en") == "The forward pass"
    assert lecture.title_of(Clip("talks/my_own.py"), "en") == "My own"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["lecture", "course.toml", "-o", "a.webm"], "a.webm is not the name of an .mp4 file"),
        (["lecture", "course.toml", "-o", "film.mp4"], "film.mp4, which this command reads"),
        (["lecture", "lesson.toml"], "clips is missing"),
        (["lecture", "spoken.toml"], "mine.py is not a folder: expected a folder with recordings"),
        (["script", "mine.py", "-o", "helper.py"], "helper.py, which this command reads"),
        (["script", "course.toml", "-o", "plain.py"], "plain.py, which this command reads"),
        (["script", "course.toml", "-o", "lesson.toml/a"], "lesson.toml/a cannot be written"),
        (["script", "broken.py"], "broken.py: the scene raises SyntaxError"),
        (["lecture", "broken.toml", "--jobs", "1"], "clip broken.py cannot be rendered"),
        (["slides", "mine.py", "-o", "a.odp"], "a.odp has suffix '.odp': expected one of .html"),
        (["script", "course.toml", "--set", "a=1"], "--set is given together with course.toml"),
        (["render", "plain.py", "--pace", "2"], "Plain is a plain manim Scene, without beats"),
        (["render", "mine.py", "--pace", "9"], "pace is 9.0: expected a number from 0.25 to 4"),
        (["render", "mine.py", "--duration", "1"], "seconds, in which its captions can be read"),
        (["render", "mine.py", "--voice", "gone"], "gone is not a folder"),
        (["render", "mine.py", "--voice", "."], "has no recordings: expected files that end in"),
        (["render", "mine.py", "--voice", "twice"], "twice has 1.mp3 and 1.wav: expected one"),
        (["lecture", "latin.toml"], "latin.srt cannot be read: expected captions in SubRip"),
        (["lecture", "empty.toml"], "empty.mp4 cannot be read"),
    ],
)
def test_wrong_input_is_refused_in_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy("course.toml", "film.mp4")
    Path("spoken.toml").write_text('clips = [{ clip = "mine.py", voice = "mine.py" }]')
    Path("broken.toml").write_text('width = 96\ncards = false\nclips = ["broken.py"]')
    Path("broken.py").write_text("1 / ")
    Path("twice").mkdir()
    for name in ("twice/1.wav", "twice/1.mp3", "empty.mp4", "latin.mp4"):
        Path(name).touch()
    Path("latin.srt").write_bytes("1\n00:00:00,000 --> 00:00:01,000\nÜber\n".encode("latin-1"))
    for name in ("empty", "latin"):
        Path(f"{name}.toml").write_text(f'clips = ["mine.py", "{name}.mp4"]')
    assert main(arguments) == 2
    assert re.search(re.escape(sentence), capsys.readouterr().err)


def test_scenes_may_import_each_other() -> None:
    names = "abcdefghijkl"
    for name in names:
        Path(f"{name}.py").write_text(f"import {', '.join(set(names) - {name})}")
    files = lecture.inputs_of(lecture.playlist_of("a.py"))
    assert sorted(path.stem for path in files) == list(names)


# ---- what is said when --------------------------------------------------------------------------


def test_a_dry_run_lists_acts_and_beats_and_renders_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["render", "blame_game", "--network", "3-4-2", "--dry-run"]) == 0
    first, act, *beats = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"blame_game  \d+\.\d s", first)
    assert act == "game: The blame game"
    assert re.fullmatch(r" +1  0:00\.0 +\d\.\d s  game\.rule +A weight's gradient: .*", beats[0])
    assert main(["render", "plain.py", "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "plain  1.0 s",
        "   1  0:00.0    1.0 s  1  A square.",
    ]
    assert not Path("media").exists()


def test_a_pace_makes_a_film_shorter_and_captions_off_keep_its_files() -> None:
    assert main(["render", "mine.py", *small("a.mp4")]) == 0
    assert main(["render", "mine.py", *small("b.mp4", "--pace", "0.5", "--no-captions")]) == 0
    lengths = []
    for name in ("a.mp4", "b.mp4"):
        with av.open(name) as film:
            lengths.append(film.streams.video[0].frames)
    assert lengths[1] > lengths[0]
    cues = read_srt(Path("b.srt").read_text())
    assert [cue.text for cue in cues] == [cue.text for cue in read_srt(Path("a.srt").read_text())]


def test_a_script_has_every_beat_with_its_name_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["script", "mine.py", "-o", "said.md"]) == 0
    text = Path("said.md").read_text()
    assert text.startswith("# Mine\n\n0:05.")
    assert "**1** · `1` · 0:00.0 · " in text
    assert "> A dot moves to the right.\n" in text
    assert "**2** · `update.end` · " in text
    Path("film.mp4").touch()
    assert main(["script", "course.toml"]) == 0
    headings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("#")]
    assert headings == ["# A short course", "## 1. Mine", "## 2. A network", "## 3. Plain"]


def test_every_recording_is_heard_from_the_frame_in_which_its_beat_begins(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("said").mkdir()
    tone(Path("said/1.wav"), 3.7)
    tone(Path("said/update.end.wav"), 2.0, pitch=880)
    tone(Path("said/unused.wav"), 0.5)
    assert main(["render", "mine.py", *small("a.mp4", "--voice", "said")]) == 0
    assert capsys.readouterr().err == "netviz: no beat for the recording unused\n"
    begins = [cue.start.total_seconds() for cue in read_srt(Path("a.srt").read_text())]
    heard = loud(Path("a.mp4"))
    assert [start for start, _ in heard] == pytest.approx(begins, abs=1 / 10)
    assert [end - start for start, end in heard] == pytest.approx([3.7, 2.0], abs=0.03)
    assert begins[1] > 3.7
    Path("said/1.wav").unlink()
    assert main(["render", "mine.py", *small("b.mp4", "--voice", "said")]) == 0
    assert "netviz: no recording for 1\n" in capsys.readouterr().err
    assert len(loud(Path("b.mp4"))) == 1
    assert main(["render", "mine.py", *small("a.gif", "--voice", "said")]) == 2
    assert "a.gif has no sound" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "output"),
    [("lecture", "a.mp4"), ("slides", "c.pptx"), ("script", "")],
)
def test_a_clip_runs_a_scene_outside_its_folder_only_if_it_is_trusted(
    command: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if command == "slides":
        pytest.importorskip("pptx")
        pytest.importorskip("manim_slides")
    # Films are rendered in a folder of their own.
    mark = Path("was run").resolve()
    Path("talk.py").write_text(f'open({str(mark)!r}, "w").close()\nraise ValueError\n')
    Path("files").mkdir()
    Path("files/net.toml").write_text('[scene]\nname = "../talk.py"\n')
    Path("list.toml").write_text('clips = ["files/net.toml"]\n')
    source = "list.toml" if command == "lecture" else "files/net.toml"
    given = [command, source, *(["-o", output] if output else [])]
    given += [] if command == "script" else ["--width", "96", "--jobs", "1", "--quiet"]
    assert main(given) == 2
    error = capsys.readouterr().err
    assert "outside the folder of this file: expected a file in its folder" in error
    assert "give --trust" in error
    assert not mark.exists()
    assert main([*given, "--trust"]) == 2
    assert mark.exists()


def test_clips_are_trusted_as_the_command_says(monkeypatch: pytest.MonkeyPatch) -> None:
    trusted: list[bool] = []

    def make(playlist: Playlist, *_: object, **__: object) -> str:
        trusted.extend(clip.trust for clip in playlist.clips)
        return ""

    monkeypatch.setattr(lecture, "make", make)
    for given in (["join", "mine.py", "-o", "a.mp4"], ["lecture", "lone.toml", "-o", "a.mp4"]):
        Path("lone.toml").write_text('clips = ["mine.py"]')
        assert main([*given, "--quiet"]) == main([*given, "--quiet", "--trust"]) == 0
    assert trusted == [False, True] * 2


def test_files_of_the_user_stay_next_to_a_lecture() -> None:
    assert main(["render", "plain.py", *small("plain.mp4")]) == 0
    Path("a.clips").mkdir()
    mine = [Path("a.clips", name) for name in ("mine.mp4", "photo.jpg", "notes.srt")]
    for path in mine:
        path.write_bytes(Path("plain.mp4").read_bytes())
    Path("a.txt").write_text("written by hand")
    line = ["--width", "96", "--fps", "10", "--jobs", "1", "--quiet", "-o", "a.mp4"]
    assert main(["join", "plain.py", *line]) == 0
    (kept,) = Path("a.clips").glob("plain-*.mp4")
    assert main(["join", str(kept.absolute()), "plain.mp4", *line]) == 0
    assert all(path.exists() for path in [kept, *mine])
    assert main(["join", "plain.mp4", *line]) == 0
    assert not kept.exists()
    assert all(path.exists() for path in mine)
    assert Path("a.txt").read_text() == "written by hand"


def test_a_folder_of_clips_that_cannot_be_made_is_found_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("a.clips").write_text("")
    assert main(["join", "plain.py", *small("a.mp4", "--jobs", "1")]) == 2
    assert "cannot be written (Not a directory)" in capsys.readouterr().err


# ---- slides -------------------------------------------------------------------------------------


def test_what_is_said_in_less_than_a_frame_is_on_the_slide_before_or_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[Slide] = []

    def write(slides: list[Slide], draft: Path, **_: object) -> None:
        written.extend(slides)
        draft.touch()

    monkeypatch.setattr(lecture, "write_slides", write)
    two = '"A square.", duration=1)\n        self.add_subcaption("Four sides.", duration=1)'
    Path("plain.py").write_text(PLAIN.replace('"A square.", duration=1)', two))
    playlist, picture = Playlist((Clip("plain.py"),), cards=False), {"width": 96, "fps": 10}
    lecture.make_slides(playlist, Path("a.pptx"), place=Place(1), picture=picture)
    assert [slide.notes for slide in written] == ["A square.\nFour sides."]


def test_slides_need_manim_slides_and_have_one_page_a_beat(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pptx = pytest.importorskip("pptx")
    pytest.importorskip("manim_slides")
    assert main(["slides", "mine.py", "-o", "mine.pptx", "--width", "96", "--fps", "10"]) == 0
    assert capsys.readouterr().out == "mine.pptx  2 slides\n"
    notes = [
        page.notes_slide.notes_text_frame.text for page in pptx.Presentation("mine.pptx").slides
    ]
    assert notes[0] == "A dot moves to the right."


def test_without_manim_slides_there_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "manim_slides", None)
    assert main(["slides", "mine.py", "-o", "mine.html"]) == 2
    assert "manim-slides is not installed: expected pip install" in capsys.readouterr().err
    assert not Path("mine.clips").exists()
