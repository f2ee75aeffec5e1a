"""Find what keeps a viewer from reading the screen: a sentence for each fault."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
from manim import config

from netviz.theme import Theme

from .screen import Rect, Screen, Shape, Written

# Distance that everything keeps from the border, in frame units.
MARGIN = 0.15


def complaints(screen: Screen, theme: Theme) -> Iterator[str]:
    """Yield all faults of a screen."""
    yield from overlapping(screen)
    yield from crossed(screen)
    yield from covered(screen)
    yield from outside(screen)
    yield from small(screen, theme)


def overlapping(screen: Screen) -> Iterator[str]:
    for one, other in combinations(screen.texts, 2):
        if one.ink.overlaps(other.ink) and any(
            part.overlaps(another) for part, another in product(one.parts, other.parts)
        ):
            yield f"{one} overlaps {other}"


def crossed(screen: Screen) -> Iterator[str]:
    """Yield texts that are crossed by a line or outline and have no plate over it."""
    segments, owners = screen.outlines
    widest = max((shape.half_line for shape in screen.obstacles), default=0.0)
    for text in screen.texts:
        near = text.ink.grown(widest).crossed_by(segments)
        for i in np.unique(owners[near]):
            shape, outline = screen.obstacles[i], segments[near & (owners == i)]
            parts = (part.grown(shape.half_line) for part in text.parts)
            runs_through = any(part.crossed_by(outline).any() for part in parts)
            if runs_through and not shielded(screen, text, shape):
                yield f"{text} is crossed by {shape}"


def shielded(screen: Screen, text: Written, shape: Shape) -> bool:
    return any(shape.order < plate.order for plate in screen.plates_under(text))


def covered(screen: Screen) -> Iterator[str]:
    """Yield texts on the disc of another neuron, or under something drawn later."""
    for text in screen.texts:
        for shape in screen.obstacles:
            if not shape.rect.holds(text.ink) or not shape.is_opaque:
                continue
            if shape.neuron is not None and shape.neuron is not text.owner:
                yield f"{text} stands on the {shape}"
            elif shape.order > text.order:
                yield f"{text} is under {shape}"


def outside(screen: Screen) -> Iterator[str]:
    half = np.array([config.frame_width, config.frame_height]) / 2 - MARGIN
    frame = Rect(-half[0], -half[1], half[0], half[1])
    for text in screen.texts:
        if not frame.holds(text.ink):
            yield f"{text} leaves the frame"
    for shape in screen.shapes:
        if not frame.holds(shape.rect):
            yield f"{shape} leaves the frame"


def small(screen: Screen, theme: Theme) -> Iterator[str]:
    for text in screen.texts:
        if text.em < 0.999 * theme.smallest_text:
            yield f"{text} has an em of {text.em:.3f}, smaller than {theme.smallest_text:.3f}"
