"""Texts of the user's own on edges and neurons, where they cover no other text and no neuron."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from manim import TAU, Mobject, VGroup
from numpy.typing import NDArray

from netviz.drawing.edges.layer import Edge
from netviz.drawing.edges.tags import lift, plate
from netviz.drawing.layout.box import FRAME_BOX
from netviz.drawing.neuron import Z_NUMBER, Neuron
from netviz.drawing.text import Number, TextLabel
from netviz.problems import Problem, ProblemError, expect
from netviz.theme import Theme

Array = NDArray[np.float64]

# What a plate adds to its text, and the air around it, in frame units.
_PADDING, _AIR = np.array([0.12, 0.04]), 0.05
# Places that are tried: on an edge, 0 … 1 of the way; around a neuron, the angles and the
# distances from its rings, in frame units.
_ON_EDGE = np.linspace(0.1, 0.9, 33)
_ANGLES, _DISTANCES = TAU * np.arange(16) / 16, (0.05, 0.25, 0.5, 0.8)
# Points of an edge that are checked to find what a text covers.
_CHECKED = np.linspace(0.02, 0.98, 41)
# Costs: of an edge that is covered, of the whole distance from the best place, and of an overlap.
_COVERED, _AWAY, _OVERLAP = 1.0, 2.0, 1000.0


class Annotation(VGroup):
    """A text of the user's own at an edge or a neuron, on a plate.

    Args:
        part: The edge or the neuron.
        text: One line or more.
        theme: Gives the font and the colours.
        color: Colour of the text, ``#RRGGBB``; by default that of texts.
    """

    def __init__(self, part: Edge | Neuron, text: str, theme: Theme, color: str | None) -> None:
        self.part = part
        self.label = TextLabel(text, theme, em=theme.smallest_text, color=color)
        width, height = np.array([self.label.width, self.label.height]) + _PADDING
        self.plate = plate(width, height, theme)
        super().__init__(self.plate, self.label)
        lift(self.plate, self.label, Z_NUMBER)

    def place(self, texts: Sequence[Mobject], neurons: Sequence[Neuron], edges: Array) -> Self:
        """Move to the best place.

        Args:
            texts: What must not be covered.
            neurons: All neurons.
            edges: Points of all edges, shape (edges, points, 2).

        Raises:
            ProblemError: No place is free. The text is then where it covers least.
        """
        size = np.array([self.plate.width, self.plate.height]) + 2 * _AIR
        centers, away = self._around(size)
        taken = [_box(text) for text in texts if text.width > 0]
        taken += [_square(neuron) for neuron in neurons]
        taken += [box for neuron in neurons if (box := _blame(neuron)) is not None]
        hit = np.zeros(len(centers))
        for center, half in taken:
            hit += (np.abs(centers - center) < size / 2 + half).all(axis=1)
        frame = FRAME_BOX
        low, high = np.array([frame.left, frame.bottom]), np.array([-frame.left, frame.top])
        hit += ((centers - size / 2 < low) | (centers + size / 2 > high)).any(axis=1)
        apart = np.abs(centers[:, np.newaxis, np.newaxis] - edges)
        covered = (apart < size / 2).all(axis=-1).any(axis=-1).sum(axis=1)
        cost = _OVERLAP * hit + _COVERED * covered + _AWAY * away
        best = int(np.argmin(cost))
        self.move_to([*centers[best], 0])
        if hit[best]:
            found, expected = "has no room there", "a shorter text, or a larger box"
            raise ProblemError(Problem(f"the annotation {self.label.text!r}", found, expected))
        return self

    def _around(self, size: Array) -> tuple[Array, Array]:
        """Return the places that are tried, shape (n, 2), and how far from the best each is."""
        if isinstance(self.part, Edge):
            return self.part.course.at(_ON_EDGE)[:, :2], np.abs(_ON_EDGE - 0.5)
        disc = self.part.disc.get_center()[:2]
        centers, away = [], []
        for distance in _DISTANCES:
            for angle in _ANGLES:
                side = np.array([np.cos(angle), np.sin(angle)])
                reach = self.part.reach + distance + np.abs(side) @ size / 2
                centers.append(disc + reach * side)
                away.append(distance + 0.1 * (1 - abs(side[1])))
        return np.array(centers), np.array(away)


def checked_text(text: object) -> str:
    """Return the text of an annotation.

    Raises:
        ProblemError: It is no text, or an empty one.
    """
    expect("text", text, isinstance(text, str) and bool(text.strip()), "a text that is not empty")
    return str(text)


def texts_in(parts: Iterable[Mobject]) -> list[Mobject]:
    """Return all words, numbers and plates below some mobjects that are visible."""
    return [
        member
        for part in parts
        for member in part.get_family()
        if isinstance(member, TextLabel | Number) and member.has_points()
    ]


def points_of(edges: Iterable[Edge]) -> Array:
    """Return points of visible edges, shape (edges, points, 2)."""
    courses = [edge.course.at(_CHECKED)[:, :2] for edge in edges if not edge.hidden]
    return np.array(courses) if courses else np.zeros((0, len(_CHECKED), 2))


def _box(mobject: Mobject) -> tuple[Array, Array]:
    return mobject.get_center()[:2], np.array([mobject.width, mobject.height]) / 2


def _square(neuron: Neuron) -> tuple[Array, Array]:
    return neuron.disc.get_center()[:2], np.full(2, neuron.reach)


def _blame(neuron: Neuron) -> tuple[Array, Array] | None:
    """Return the place that a blame takes when it is shown."""
    if neuron.blame_side is None:
        return None
    half = neuron.theme.number_size * np.array([1.5, 0.5])
    side = neuron.blame_side[:2]
    return neuron.disc.get_center()[:2] + (neuron.reach + _AIR + np.abs(side) @ half) * side, half
