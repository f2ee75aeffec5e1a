"""Declarations of acts: what is on screen, and the options that an act takes."""

from __future__ import annotations

from typing import Any

import pytest

from netviz.drawing.layout.box import LEFT_BOX
from netviz.problems import ProblemError
from netviz.scene import OnScreen, Play, act


def test_boxes_are_given_by_name() -> None:
    assert OnScreen("left").box == OnScreen(LEFT_BOX).box == LEFT_BOX


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"box": "middle"}, "box is 'middle': expected one of"),
        ({"values": -1}, "values is -1: expected a number of layers, 'all' or None"),
        ({"blames": "some"}, "blames is 'some': expected a number of layers, 'all' or None"),
    ],
)
def test_a_state_that_cannot_be_on_screen_is_refused(
    options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ProblemError) as caught:
        OnScreen(**options)
    assert str(caught.value).startswith(sentence)


def test_an_act_is_called_with_its_options() -> None:
    seen: list[tuple[object, int]] = []

    @act("mine", needs=OnScreen(), leaves=OnScreen())
    def mine(scene: object, *, count: int = 1) -> None:
        seen.append((scene, count))

    mine("a scene")
    mine.with_options({"count": 3})("a scene")
    assert seen == [("a scene", 1), ("a scene", 3)]
    assert mine.option_names == ["count"]
    assert Play(mine, count=2).options == {"count": 2}
