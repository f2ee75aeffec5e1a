"""Courses of edges: even along their axis, exact in pieces, one or many at once."""

from __future__ import annotations

import numpy as np
import pytest
from manim import DOWN, RIGHT, VMobject
from numpy.typing import NDArray

from netviz.drawing.paths import Course, add_band, add_dashes

START, END = np.array([1.0, 2.0, 0.0]), np.array([4.0, 0.5, 0.0])
LINE = Course.straight(START, END)
BEND = Course.curved(START, END, RIGHT)
PLACES = np.linspace(0, 1, 11)

every_course = pytest.mark.parametrize(
    "course",
    [LINE, BEND, Course.curved(START, END, DOWN)],
    ids=["straight", "to the right", "downward"],
)


def bezier(curve: NDArray[np.float64], t: float) -> NDArray[np.float64]:
    s = 1 - t
    return np.array([s**3, 3 * s * s * t, 3 * s * t * t, t**3]) @ curve


@every_course
def test_a_course_goes_from_end_to_end(course: Course) -> None:
    assert course.at(0) == pytest.approx(START)
    assert course.at(1) == pytest.approx(END)
    assert course.end == pytest.approx(END)


@every_course
def test_a_piece_is_the_part_between_its_ends(course: Course) -> None:
    piece = course.piece(0.2, 0.7)
    for t in PLACES:
        assert bezier(piece, t) == pytest.approx(course.at(0.2 + 0.5 * t))


@pytest.mark.parametrize("axis", [RIGHT, DOWN], ids=["right", "down"])
def test_a_curve_leaves_and_arrives_along_the_flow_and_is_even_along_it(
    axis: NDArray[np.float64],
) -> None:
    course = Course.curved(START, END, axis)
    for t in (0.0, 1.0):
        slope = course.slope(t) / np.linalg.norm(course.slope(t))
        assert slope == pytest.approx(axis)
    assert (course.at(PLACES) - START) @ axis == pytest.approx(PLACES * ((END - START) @ axis))
    assert course.bends
    assert course.length > LINE.length


def test_a_curve_between_points_on_its_axis_is_a_line() -> None:
    course = Course.curved(START, START + 2 * RIGHT, RIGHT)
    assert not course.bends
    assert course.length == pytest.approx(2)


def test_a_line_is_as_long_as_its_ends_are_apart() -> None:
    assert LINE.length == pytest.approx(np.linalg.norm(END - START))
    assert LINE.place_of(PLACES) == pytest.approx(PLACES)


def test_shares_of_the_length_are_even_steps_on_the_curve() -> None:
    steps = np.diff(BEND.at(BEND.place_of(PLACES)), axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    assert lengths == pytest.approx(np.full(10, BEND.length / 10), rel=0.01)


def test_many_courses_at_once_are_each_its_own() -> None:
    starts, ends = np.stack([START, END]), np.stack([END, START + 3 * RIGHT])
    for make in (Course.straight, lambda a, b: Course.curved(a, b, RIGHT)):
        many = make(starts, ends)
        singles = [make(a, b) for a, b in zip(starts, ends, strict=True)]
        for one, single in zip(many.piece(0.1, 0.6), singles, strict=True):
            assert one == pytest.approx(single.piece(0.1, 0.6))
        own = np.array([0.2, 0.9])
        for point, single, t in zip(many.at(own), singles, own, strict=True):
            assert point == pytest.approx(single.at(t))


@every_course
def test_dashes_lie_on_the_course_and_reach_both_ends(course: Course) -> None:
    path = VMobject()
    add_dashes(path, course)
    assert len(path.get_subpaths()) > 5
    assert path.points[0] == pytest.approx(START)
    assert path.points[-1] == pytest.approx(END)
    fine = course.at(np.linspace(0, 1, 2001))
    for anchor in path.get_anchors():
        assert np.linalg.norm(fine - anchor, axis=1).min() < 2e-3


@every_course
@pytest.mark.parametrize("part", [(0.0, 1.0), (0.8, 0.3)], ids=["forward", "backward"])
def test_a_band_keeps_its_width_along_the_course(course: Course, part: tuple[float, float]) -> None:
    path = VMobject()
    add_band(path, course, 0.1, dashed=False, part=part)
    fine = course.at(np.linspace(*sorted(part), 2001))
    for anchor in path.get_anchors():
        assert np.linalg.norm(fine - anchor, axis=1).min() == pytest.approx(0.1, abs=1e-3)
