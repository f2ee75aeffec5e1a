from __future__ import annotations

import numpy as np
import pytest

from netviz.drawing import StepList
from netviz.problems import ProblemError


def steps() -> StepList:
    return StepList(["initialize", "forward", "loss", "update"], back_to=1)


def test_the_mark_is_at_its_step_or_between_two() -> None:
    panel = steps()
    heights = [text.get_y() for text in panel.texts]
    assert heights == sorted(heights, reverse=True)
    assert np.isclose(panel.mark(3).frame.get_y(), heights[3])
    assert np.isclose(panel.mark(1.5).frame.get_y(), (heights[1] + heights[2]) / 2)


def test_the_arrow_leads_from_the_last_step_back() -> None:
    panel = steps()
    assert np.isclose(panel.arrow.get_start()[1], panel.texts[3].get_y())
    assert np.isclose(panel.head.get_y(), panel.texts[1].get_y())


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(ProblemError, match="place is 4: expected a number from 0 to 3"):
        steps().mark(4)
    with pytest.raises(ProblemError, match="back_to is 3: expected a step from 0 to 2"):
        StepList(["a", "b", "c", "d"], back_to=3)
