"""Playlists: clips of every kind, paths relative to the file, and errors of one sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netviz.spec import Clip, SpecError, is_playlist, load_playlist


def written(folder: Path, text: str) -> Path:
    path = folder / "course.toml"
    path.write_text(text, encoding="utf-8")
    for name in ("lesson.toml", "mine.py", "intro.mp4"):
        (folder / name).touch()
    return path


def test_a_playlist_mixes_scenes_network_files_scene_files_and_films(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        title = "A course"
        cards = false
        theme = "light"
        language = "ko"
        quality = "medium"
        clips = [
            "overview",
            "lesson.toml",
            "mine.py:Mine",
            "intro.mp4",
            { clip = "loop", title = "Once more", network = "xor", pace = 2, options = { a = 1 } },
            { clip = "loop", network = "lesson.toml", duration = 20.5, voice = "said" },
        ]
        """,
    )
    made = load_playlist(path)
    assert [clip.source for clip in made.clips[:4]] == [
        "overview",
        str(tmp_path / "lesson.toml"),
        str(tmp_path / "mine.py:Mine"),
        str(tmp_path / "intro.mp4"),
    ]
    assert [clip.is_film for clip in made.clips[:4]] == [False, False, False, True]
    assert made.clips[4] == Clip("loop", "Once more", "xor", {"a": 1}, {"pace": 2})
    assert made.clips[5].network == str(tmp_path / "lesson.toml")
    assert made.clips[5].pacing == {"duration": 20.5}
    assert made.clips[5].voice == tmp_path / "said"
    assert (made.title, made.cards, made.theme, made.language) == ("A course", False, "light", "ko")
    assert made.picture == {"quality": "medium"}
    assert made.source == path


def test_the_playlist_of_the_documentation_can_be_read(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "lecture.md"
    (text,) = re.findall(r"^```toml\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    assert len(load_playlist(written(tmp_path, text)).clips) == 6


def test_a_playlist_is_told_from_a_network_file_by_its_clips(tmp_path: Path) -> None:
    assert is_playlist(written(tmp_path, 'clips = ["loop"]'))
    assert not is_playlist(written(tmp_path, "[network]\nlayers = [2, 1]"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("clips = []", "clips is an array of 0: expected an array of at least 1"),
        ("clips = [3]", r"clips\[0\] is 3: expected a table of keys"),
        ('clips = ["gone.mp4"]', r"clips\[0\] is .*gone.mp4, which does not exist"),
        ('clips = ["gone.py:Mine"]', r"clips\[0\] is .*gone.py, which does not exist"),
        ('clip = ["loop"]', "clips is missing: expected an array such as clips = "),
        ('clips = [{ title = "Loop" }]', r"clips\[0\].clip is missing"),
        (
            'clips = [{ clip = "loop", tittle = "Loop" }]',
            r"clips\[0\].tittle is not a known key: .*did you mean clips.title",
        ),
        (
            'clips = [{ clip = "loop", pace = 2, duration = 9 }]',
            r"clips\[0\].duration is given together with clips\[0\].pace",
        ),
        ('clips = [{ clip = "loop", pace = 9 }]', r"clips\[0\].pace is 9: expected at most 4"),
        ('theme = "pink"\nclips = ["loop"]', 'theme is "pink": expected one of dark, light'),
    ],
)
def test_what_is_wrong_in_a_playlist_is_one_sentence(
    text: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SpecError, match=sentence):
        load_playlist(written(tmp_path, text))
