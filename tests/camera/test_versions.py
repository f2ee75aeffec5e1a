"""Versions: a path gets a new one whenever it looks different."""

from manim import Circle, Square

from netviz.camera.versions import PathVersions, appearance
from tests.camera.test_strands import strand


def test_a_path_keeps_its_version_until_it_looks_different() -> None:
    versions, circle, square = PathVersions(), Circle(), Square()
    first = versions.of([circle, square])
    assert versions.of([circle, square]) == first
    circle.shift([0.1, 0, 0])
    second = versions.of([circle, square])
    assert (second[0] != first[0], second[1]) == (True, first[1])


def test_a_long_path_is_compared_by_value_when_its_array_is_new() -> None:
    path = strand(2000)
    before = appearance(path)
    path.points = path.points * (1 + 1e-15)
    assert appearance(path) == before
    path.points = path.points.copy()
    path.points[4000] += 0.5
    assert appearance(path) != before
    path = strand(2000)
    before = appearance(path)
    path.points += [0.0, 1e-3, 0.0]
    assert appearance(path) != before
