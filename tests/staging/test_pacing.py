"""Pace, holds and lengths of films; beats with their names and times; recordings of a voice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from manim import RIGHT, Dot

from netviz.captions import letters
from netviz.export import rehearse
from netviz.problems import ProblemError
from netviz.scene import BeatScene, NetworkScene, Pacing, Spoken
from netviz.staging.pacing import Beat

TEXT = "A dot moves to the right."


class Moves(BeatScene):
    """Four beats of a second of movement, a second between them, and one hold of two seconds."""

    def construct(self) -> None:
        dot = Dot()
        self.add(dot)
        for hold in (0.5, 0.5, 2.0):
            with self.beat(text=TEXT, hold=hold):
                self.play(dot.animate.shift(RIGHT))
            self.play(dot.animate.shift(-RIGHT))
        with self.beat("update.end"):
            self.hold(1)


def played(pacing: Pacing | None = None, scene: type[BeatScene] = Moves, **options: Any) -> Any:
    return rehearse(scene.paced(pacing, **options))


def test_beats_have_names_times_and_texts() -> None:
    made = played()
    beats = made.scene.beats
    assert [beat.name for beat in beats] == ["1", "2", "3", "update.end"]
    assert [beat.text for beat in beats[:3]] == [TEXT] * 3
    assert [beat.start for beat in beats[1:]] == [beat.end for beat in beats[:-1]]
    assert (beats[0].start, beats[-1].end) == (0.0, made.seconds)
    assert [(c.start.total_seconds(), c.end.total_seconds()) for c in made.captions] == [
        (pytest.approx(beat.start, abs=1e-5), pytest.approx(beat.end, abs=1e-5)) for beat in beats
    ]


def test_a_key_that_is_used_again_has_a_number() -> None:
    class Again(BeatScene):
        def construct(self) -> None:
            for _ in range(3):
                with self.beat("update.end"):
                    pass

    names = [beat.name for beat in played(scene=Again).scene.beats]
    assert names == ["update.end", "update.end-2", "update.end-3"]


def test_twice_the_pace_is_half_the_time_but_captions_can_still_be_read() -> None:
    slow, fast = played(Pacing(pace=0.5)), played(Pacing(pace=4))
    moving = [[beat.moving for beat in made.scene.beats] for made in (slow, played())]
    assert moving[0] == pytest.approx([2 * seconds for seconds in moving[1]])
    assert fast.seconds < 0.7 * played().seconds
    for made in (slow, fast):
        for caption in made.captions:
            seconds = (caption.end - caption.start).total_seconds()
            assert seconds >= max(letters(caption.text) / 20, 1.0)


def test_holds_can_be_longer_without_slower_movements() -> None:
    plain, long = played(), played(Pacing(hold=3))
    own = [beat.wanted for beat in plain.scene.beats]
    assert [beat.wanted for beat in long.scene.beats] == pytest.approx([3 * hold for hold in own])
    assert [beat.moving for beat in long.scene.beats[:3]] == pytest.approx(
        [beat.moving for beat in plain.scene.beats[:3]]
    )
    # The last beat holds within its body too.
    assert long.scene.beats[3].moving == pytest.approx(3.0)


@pytest.mark.parametrize("seconds", [10.0, 25.0])
def test_a_film_has_the_length_that_is_asked_for(seconds: float) -> None:
    assert played(Pacing(duration=seconds)).seconds == pytest.approx(seconds, abs=1e-6)
    mixed = played(Pacing(duration=seconds, hold=1.5))
    assert mixed.seconds == pytest.approx(seconds, abs=1e-6)


def test_a_length_in_which_captions_cannot_be_read_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"duration is 3: expected [\d.]+ to [\d.]+ seconds, in"):
        played(Pacing(duration=3))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"pace": 0}, "pace is 0: expected a number from 0.25 to 4"),
        ({"hold": 9}, "hold is 9: expected a number from 0.25 to 4"),
        ({"duration": -1}, "duration is -1: expected a number of seconds above 0"),
        ({"duration": 9, "pace": 2}, "duration is given together with pace: expected one of"),
    ],
)
def test_a_pacing_that_is_not_possible_is_refused(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ProblemError, match=sentence):
        Pacing(**wrong)


# ---- a voice ------------------------------------------------------------------------------------


def test_a_beat_lasts_as_long_as_its_recording() -> None:
    voice = {"2": Spoken(Path("2.wav"), 6.0), "0004": Spoken(Path("0004.wav"), 9.0)}
    own, made = played(), played(Pacing(voice=voice))
    beats: list[Beat] = made.scene.beats
    assert [beat.end - beat.start for beat in (beats[0], beats[2])] == pytest.approx(
        [beat.end - beat.start for beat in (own.scene.beats[0], own.scene.beats[2])]
    )
    for beat, spoken in ((beats[1], 6.0), (beats[3], 9.0)):
        assert spoken + 0.3 <= beat.end - beat.start < spoken + 1.6
    assert made.scene.sounds == [
        (beats[1].start, Path("2.wav")),
        (beats[3].start, Path("0004.wav")),
    ]
    assert made.scene.without_recording() == (["1", "3"], [])


def test_a_longer_recording_slows_the_movement_down_before_the_picture_stands_still() -> None:
    own = played().scene.beats[1]
    little = played(Pacing(voice={"2": Spoken(Path("2.wav"), 2.5)})).scene.beats[1]
    much = played(Pacing(voice={"2": Spoken(Path("2.wav"), 30.0)})).scene.beats[1]
    assert own.moving < little.moving < much.moving == pytest.approx(2 * own.moving, rel=0.05)
    assert little.held == pytest.approx(own.wanted)
    assert much.held > 20


def test_recordings_without_a_beat_are_named() -> None:
    voice = {"nowhere": Spoken(Path("nowhere.wav"), 1.0)}
    silent, unused = played(Pacing(voice=voice)).scene.without_recording()
    assert (silent, unused) == (["1", "2", "3", "update.end"], ["nowhere"])


# ---- without captions ---------------------------------------------------------------------------


def test_without_captions_the_picture_has_their_room() -> None:
    class Shown(NetworkScene):
        def construct(self) -> None:
            self.add(self.diagram)
            with self.beat("update.end"):
                self.lowest = min(each.get_bottom()[1] for each in self.mobjects)

    texts = [[c.text for c in played(scene=Shown, captions=on).captions] for on in (True, False)]
    assert texts[0] == texts[1]
    with_captions, without = (played(scene=Shown, captions=on).scene.lowest for on in (True, False))
    assert with_captions < -3.1  # the caption
    assert -3.7 < without < -3.3  # the diagram
    assert Shown.paced(captions=False)().room("wide").bottom < Shown().room("wide").bottom
    assert Shown.paced(captions=False)().room("loss") == Shown().room("loss")
