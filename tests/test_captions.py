"""Captions in files: few letters, long enough, never two at a time."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.captions import Caption, as_srt, as_vtt, cues, letters, rows

SAID = (
    "The input becomes a prediction, layer by layer, and the loss says how wrong it is in the end."
)


def caption(start: float, end: float, text: str) -> Caption:
    return Caption(timedelta(seconds=start), timedelta(seconds=end), text)


def said(made: list[Caption]) -> list[tuple[float, float, str]]:
    return [(cue.start.total_seconds(), cue.end.total_seconds(), cue.text) for cue in made]


TEXTS = st.text("ab가 .", min_size=1, max_size=200).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 20), TEXTS), max_size=6))
def test_any_captions_become_cues_that_can_be_read(given: list[tuple[float, float, str]]) -> None:
    made = cues(caption(start, start + length, text) for start, length, text in given)
    for cue in made:
        seconds = (cue.end - cue.start).total_seconds()
        lines = cue.text.split("\n")
        assert 1 <= len(lines) <= 2
        assert all(0 < letters(line) <= 42 for line in lines)
        assert 1 - 1e-5 <= seconds <= 7 + 1e-5
        assert letters(cue.text) <= 20 * seconds + 1e-3
    assert all(first.end <= second.start for first, second in pairwise(made))
    words = "".join(
        text for *_, text in sorted(given, key=lambda each: (each[0], each[0] + each[1]))
    )
    assert letters("".join("".join(cue.text for cue in made).split())) == letters(
        "".join(words.split())
    )


def test_a_long_caption_is_split_after_its_comma_in_proportion_to_its_letters() -> None:
    first, second = cues([caption(2, 12, SAID)])
    assert " ".join(first.text.split()) == "The input becomes a prediction, layer by layer,"
    assert " ".join(f"{first.text} {second.text}".split()) == SAID
    assert (first.start, second.end) == (timedelta(seconds=2), timedelta(seconds=12))
    assert first.end == second.start
    assert first.end.total_seconds() == pytest.approx(2 + 10 * 47 / 91, abs=0.3)


def test_a_caption_of_two_lines_has_lines_of_about_the_same_length() -> None:
    (cue,) = cues([caption(0, 5, "The weights of this layer change a little.")])
    assert cue.text == "The weights of this layer change a little."
    (cue,) = cues([caption(0, 5, "The weights of this layer change a little bit.")])
    assert cue.text == "The weights of this layer\nchange a little bit."


def test_captions_that_overlap_or_are_short_follow_each_other() -> None:
    made = cues([caption(0, 9, "one"), caption(2, 2.1, "two"), caption(2.2, 30, "three")])
    assert said(made) == [(0, 2, "one"), (2, 3, "two"), (3, 10, "three")]


def test_korean_letters_are_as_wide_as_two() -> None:
    assert rows("가중치가 조금씩 바뀝니다", 16) == ["가중치가 조금씩", "바뀝니다"]


def test_files_are_written_as_their_formats_say() -> None:
    made = [caption(0, 1.5, "a < b"), caption(3661.25, 3663, "c\nd")]
    assert as_srt(made) == (
        "1\n00:00:00,000 --> 00:00:01,500\na < b\n\n2\n01:01:01,250 --> 01:01:03,000\nc\nd\n"
    )
    assert as_vtt(made) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\na &lt; b\n\n01:01:01.250 --> 01:01:03.000\nc\nd\n"
    )
