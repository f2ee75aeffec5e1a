"""Find what keeps a viewer from reading the screen: a sentence for each fault."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, product

import numpy as np
from manim import config

from netviz.drawing.edges.layer import Edge
from netviz.drawing.layout.box import CAPTION_BOX
from netviz.drawing.neuron import Neuron
from netviz.drawing.numerals import MOST_CHARACTERS
from netviz.drawing.text import Number, TextLabel
from netviz.theme import Theme, contrast, luminance, mix

from .screen import (
    Rect,
    Screen,
    Written,
    crossings,
    fill_of,
    is_stroked,
    is_visible,
    stroke_of,
)

lightness = cache(luminance)

# Distance that everything keeps from the border, 1/40 of the height of the frame, in frame units.
MARGIN = 8 / 40
# The same for a diagram alone, which may stand in a smaller box or fill the frame.
DIAGRAM_MARGIN = 0.15
# The smallest em, 1/34 of the height of the frame; in frame units.
SMALLEST = 8 / 34
# Contrast of text, and of what is dimmed or only a line.
TEXT_CONTRAST, DIMMED_CONTRAST = 4.5, 2.0
# How much of the width of the frame the content covers.
COVERED = 0.8
# What is thinner, in stroke units, is a hairline that shows a weight of almost nothing.
HAIRLINE = 0.5
# Characters of a factor or product, which has more digits where a calculator needs them; other
# numbers are these.
MOST_CHECKED = 9
RESULTS = ("activation", "blame", "bias", "target", "loss")
# Gap bars, edges and outlines may touch the neurons that they belong to.
TOUCH = 1e-3


def complaints(screen: Screen, theme: Theme, margin: float = MARGIN) -> dict[str, list[str]]:
    """Return the faults of a screen by the name of the check that finds them."""
    return {
        "overlapping": [*overlapping(screen), *touching(screen)],
        "crossed": list(crossed(screen)),
        "covered": list(covered(screen)),
        "outside": list(outside(screen, margin)),
        "small": list(small(screen)),
        "faint": list(faint(screen, theme)),
        "format": list(misformatted(screen)),
        "zero": list(false_zeros(screen, theme)),
        "sign": list(false_signs(screen)),
        "narrow": list(narrow(screen)),
    }


def complaints_of_a_diagram(screen: Screen, theme: Theme) -> list[str]:
    """Return the faults of a diagram alone, which need not be as wide as the frame."""
    found = complaints(screen, theme, DIAGRAM_MARGIN)
    return [fault for check, faults in found.items() if check != "narrow" for fault in faults]


def overlapping(screen: Screen) -> Iterator[str]:
    for one, other in combinations(screen.texts, 2):
        if one.ink.overlaps(other.ink) and any(
            part.overlaps(another) for part, another in product(one.parts, other.parts)
        ):
            yield f"{one} overlaps {other}"


def crossed(screen: Screen) -> Iterator[str]:
    """Yield texts that are crossed by a line or outline and have no plate over it."""
    widest = max((shape.half_line for shape in screen.obstacles), default=0.0)
    for text in screen.texts:
        plate = max((each.order for each in screen.plates_under(text)), default=-1)
        for shape, outline in screen.crossing(text.ink.grown(widest)):
            parts = [part.grown(shape.half_line) for part in text.parts]
            if shape.order >= plate and crossings(parts, outline).any():
                yield f"{text} is crossed by {shape}"


def covered(screen: Screen) -> Iterator[str]:
    """Yield texts on the disc of another neuron, or under something drawn later."""
    opaque = [shape for shape in screen.obstacles if shape.is_opaque]
    for text in screen.texts:
        for shape in opaque:
            if not shape.rect.holds(text.ink):
                continue
            if shape.neuron is not None and shape.neuron is not text.owner:
                yield f"{text} stands on the {shape}"
            elif shape.order > text.order:
                yield f"{text} is under {shape}"


def outside(screen: Screen, margin: float) -> Iterator[str]:
    half = np.array([config.frame_width, config.frame_height]) / 2 - margin
    frame = Rect(-half[0], -half[1], half[0], half[1])
    for text in screen.texts:
        if not frame.holds(text.ink):
            yield f"{text} leaves the frame"
    for shape in screen.shapes:
        if not frame.holds(shape.rect):
            yield f"{shape} leaves the frame"


def small(screen: Screen) -> Iterator[str]:
    for text in screen.texts:
        if text.em < 0.999 * SMALLEST:
            yield f"{text} has an em of {text.em:.3f}, smaller than {SMALLEST:.3f}"


def touching(screen: Screen) -> Iterator[str]:
    """Yield neurons that lie on each other."""
    discs = [shape for shape in screen.shapes if shape.neuron is not None]
    centers = np.array([shape.mobject.get_center()[:2] for shape in discs]).reshape(-1, 2)
    radii = np.array([shape.mobject.width / 2 for shape in discs])
    for i in range(len(discs)):
        apart = np.linalg.norm(centers[i + 1 :] - centers[i], axis=1)
        for k in np.flatnonzero(apart < radii[i + 1 :] + radii[i] - TOUCH):
            yield f"{discs[i]} overlaps the {discs[i + 1 + k]}"


def faint(screen: Screen, theme: Theme) -> Iterator[str]:
    """Yield texts, rings and edges that have too little contrast to what is under them."""
    for text in screen.texts:
        under = screen.plates_under(text)
        ground = fill_of(under[-1].mobject) if under else theme.background
        ratio = contrast(mix(ground, text.color, min(text.opacity, 1.0)), ground)
        # Letters that are dimmed are not read now.
        needed = TEXT_CONTRAST if text.opacity > 0.99 else DIMMED_CONTRAST
        if ratio < 0.99 * needed:
            yield f"{text} has a contrast of {ratio:.2f}, less than {needed:g}"
    for shape in screen.shapes:
        drawn = shape.neuron is not None or isinstance(shape.mobject, Edge)
        if not drawn or shape.mobject.get_stroke_width() < HAIRLINE:
            continue
        opacity = min(float(shape.mobject.get_stroke_opacity()), 1.0)
        seen = mix(theme.background, stroke_of(shape.mobject), opacity)
        ratio = contrast(seen, theme.background)
        if ratio < 0.99 * DIMMED_CONTRAST:
            yield f"{shape} has a contrast of {ratio:.2f}, less than {DIMMED_CONTRAST:g}"


def misformatted(screen: Screen) -> Iterator[str]:
    """Yield numbers that are too long, that are not numbers, or that are minus zero."""
    for text in screen.texts:
        if not isinstance(text.mobject, Number):
            continue
        kind = text.subject.kind if text.subject is not None else ""
        most = MOST_CHARACTERS if kind in RESULTS else MOST_CHECKED
        if len(text.text) > most:
            yield f"{text} has more than {most} characters"
        if "n" in text.text:
            yield f"{text} is not a number"
        if is_zero(text.text) and text.text[0] in "+−-":
            yield f"{text} is a zero with a sign"


def is_zero(text: str) -> bool:
    """Return whether a number is printed as zero."""
    return not any(digit in "123456789" for digit in text)


def false_zeros(screen: Screen, theme: Theme) -> Iterator[str]:
    """Yield zeros that do not look like zero, and numbers that look like zero and are not."""
    for text in screen.texts:
        if isinstance(text.mobject, Number) and is_zero(text.text):
            if text.mobject.value == 0 and text.text != "0":
                yield f"{text} is a zero that is not written 0"
            at_neuron = text.subject is not None and text.subject.kind in ("activation", "blame")
            if text.mobject.value != 0 and at_neuron:
                yield f"{text} looks like zero and is {text.mobject.value:g}"
    for neuron in (shape.neuron for shape in screen.shapes if shape.neuron is not None):
        if neuron.value is None:
            continue
        filled = not is_unfilled(neuron, theme)
        if filled and neuron.value == 0:
            yield f"the neuron at {neuron.disc.get_center()[:2].round(2)} is filled and shows 0"


def false_signs(screen: Screen) -> Iterator[str]:
    """Yield neurons whose ring is dashed although they are not negative, or the other way round."""
    for neuron in (shape.neuron for shape in screen.shapes if shape.neuron is not None):
        negative = neuron.value is not None and neuron.value < 0
        if is_visible(neuron.notches) != negative:
            ring = "no dashed ring" if negative else "a dashed ring"
            yield f"the neuron at {neuron.disc.get_center()[:2].round(2)} has {ring}"


def is_unfilled(neuron: Neuron, theme: Theme) -> bool:
    """Return whether a neuron looks as if it had no activation."""
    fill = fill_of(neuron.disc)
    empty = (theme.background, theme.fill(neuron.role, 0.0))
    return neuron.disc.get_fill_opacity() < 0.02 or fill in {color.upper() for color in empty}


def is_caption(text: Written) -> bool:
    return isinstance(text.mobject, TextLabel) and text.ink.center[1] < CAPTION_BOX.top


def content(screen: Screen) -> list[Rect]:
    """Return the rectangles of everything that is drawn, but for the caption."""
    background = lightness(screen.background)
    texts = [text.ink for text in screen.texts if not is_caption(text)]
    shapes = [
        shape.rect
        for shape in screen.shapes
        if is_stroked(shape.mobject) or abs(lightness(fill_of(shape.mobject)) - background) > 1e-3
    ]
    return [*texts, *shapes]


def narrow(screen: Screen) -> Iterator[str]:
    """Yield the width of the content if it leaves too much of the frame empty."""
    rects = content(screen)
    left, right = min((r.left for r in rects), default=0), max((r.right for r in rects), default=0)
    if right - left < COVERED * config.frame_width:
        yield f"the content covers {(right - left) / config.frame_width:.0%} of the width"
