"""What ``Transform`` and ``.animate`` do with diagrams and their parts.

manim pairs the paths of two mobjects one by one. A neuron without a number has fewer paths than
one with a number, and a larger network has more of everything. Here parts are paired by meaning.
In the end the mobject has the attributes of the other one, not only its looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from typing import Any, Self

import numpy as np
from manim import (
    Animation,
    Mobject,
    MoveToTarget,
    ReplacementTransform,
    Restore,
    Scene,
    Transform,
    VGroup,
    VMobject,
)
from manim.animation.transform import _MethodAnimation
from manim.utils.paths import path_along_arc
from numpy.typing import NDArray

from netviz.drawing.morphing.tween import PAINTS, Pair, is_alike, pair_parts, tweens

Vector = NDArray[np.float64]
Override = Callable[..., Animation]

# Attributes that depend on a mobject's scene, and are not taken over from another mobject.
_OF_SCENE = {"updaters", "updating_suspended", "target", "saved_state"}


class Morphing(VMobject):
    """A mobject that knows which of its parts match those of another."""

    def pairs_with(self, other: Self) -> Iterable[Pair]:
        """Return every part of both, in pairs."""
        return pair_parts(self, other)

    def can_become(self, other: object) -> bool:
        """Whether its parts can be paired with those of the other."""
        return type(other) is type(self)

    @classmethod
    def animation_override_for(cls, animation_class: type[Animation]) -> Override | None:
        """Return what replaces manim's own animation of that class."""
        return super().animation_override_for(animation_class) or _OVERRIDES.get(animation_class)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Copy everything but frozen values, such as the network and the theme."""
        memo.update(_frozen(self))
        return super().__deepcopy__(memo)


class Morph(Animation):
    """An animation in which a drawing becomes another of its kind.

    Args:
        mobject: What changes. In the end it has the attributes of ``target``; parts that both have
            remain the same mobjects.
        target: What it becomes; not modified.
        path_arc: Angle in radians of the arcs on which parts move.
        replace_mobject_with_target_in_scene: Whether ``target`` replaces the mobject in the end.
    """

    def __init__(
        self,
        mobject: Morphing,
        target: Morphing,
        *,
        path_arc: float = 0.0,
        replace_mobject_with_target_in_scene: bool = False,
        **options: Any,
    ) -> None:
        self.target, self.path_arc = target, path_arc
        self.replaces = replace_mobject_with_target_in_scene
        super().__init__(mobject, **options)

    def begin(self) -> None:
        """Pair the parts in their present state."""
        end = self.target.copy()
        pairs = list(self.mobject.pairs_with(end))
        self._tweens = [tween for pair in pairs for tween in tweens(pair)]
        self._both = [(pair.before, pair.after) for pair in pairs if pair.before and pair.after]
        if is_alike(self.mobject, end):  # then groups remain the same mobjects too
            self._both = list(zip(self.mobject.get_family(), end.get_family(), strict=True))
        self._end, self._shown = end, 0.0
        super().begin()

    def create_starting_mobject(self) -> Mobject:
        """Return a copy of the mobject, which may be shown again."""
        start: Mobject = self.mobject.copy()
        self._kept = list(zip(self.mobject.get_family(), start.get_family(), strict=True))
        return start

    def interpolate_mobject(self, alpha: float) -> None:
        """Show the state at ``alpha``."""
        share = min(max(self.rate_func(alpha), 0.0), 1.0)
        if share == self._shown:
            return
        self._shown = share
        # A scene that is playing holds every part and would still draw it at its old place.
        for part, _ in self._kept:
            part.points = np.zeros((0, 3))
        if share == 0:
            _adopt(self.mobject, self.starting_mobject, self._kept)
        elif share == 1:
            _adopt(self.mobject, self._end, self._both)
        else:
            self._show_between(share)

    def _show_between(self, share: float) -> None:
        path = path_along_arc(self.path_arc)
        for tween in self._tweens:
            tween.draw(share, path)
        self.mobject.submobjects = [tween.path for tween in self._tweens]

    def clean_up_from_scene(self, scene: Scene) -> None:
        """Put the target into the scene if it replaces the mobject."""
        super().clean_up_from_scene(scene)
        if self.replaces:
            scene.replace(self.mobject, self.target)


class Move(Animation):
    """An animation that moves and scales a drawing, whatever else happens to it meanwhile.

    Args:
        mobject: What moves.
        center: Where its present centre goes, shape ``(3,)``.
        scale: Its final size, relative to its present one.
    """

    path_arc = 0.0

    def __init__(self, mobject: Mobject, center: Vector, scale: float, **options: Any) -> None:
        self.way = center - mobject.get_center()
        self.scale = scale
        super().__init__(mobject, **options)

    def create_starting_mobject(self) -> Mobject:
        """Return the mobject itself: each frame continues from the one before."""
        self._center, self._scale = self.mobject.get_center(), 1.0
        self._ends = self._center, self._center + self.way
        return self.mobject

    def interpolate_mobject(self, alpha: float) -> None:
        """Move on from the previous frame."""
        share = self.rate_func(alpha)
        start, end = (point[np.newaxis] for point in self._ends)
        center = path_along_arc(self.path_arc)(start, end, share)[0]
        scale = 1 + share * (self.scale - 1)
        self.mobject.scale(scale / self._scale, about_point=self._center)
        self.mobject.shift(center - self._center)
        self._center, self._scale = center, scale


def _transform(mobject: Morphing, other: Mobject | None = None, **options: Any) -> Animation:
    if isinstance(other, Morphing) and mobject.can_become(other):
        return Morph(mobject, other, **options)
    return Transform(mobject, other, use_override=False, **options)


def _replace(mobject: Morphing, other: Mobject, **options: Any) -> Animation:
    return _transform(mobject, other, replace_mobject_with_target_in_scene=True, **options)


def _move_to_target(mobject: Morphing, **options: Any) -> Animation:
    return _transform(mobject, mobject.target, **options)


def _restore(mobject: Morphing, **options: Any) -> Animation:
    return _transform(mobject, mobject.saved_state, **options)


def _animate(mobject: Morphing, methods: Sequence[Any]) -> Animation:
    # Only manim's own methods move and scale; those of diagrams change what is shown.
    if all(hasattr(VGroup, call.method.__name__) for call in methods):
        scale = _scale_between(mobject, mobject.target)
        if scale is not None:
            return Move(mobject, mobject.target.get_center(), scale)
    return _transform(mobject, mobject.target)


_OVERRIDES: dict[type[Animation], Override] = {
    Transform: _transform,
    ReplacementTransform: _replace,
    MoveToTarget: _move_to_target,
    Restore: _restore,
    # What ``.animate`` makes.
    _MethodAnimation: _animate,
}


def _adopt(own: Mobject, other: Mobject, pairs: Iterable[tuple[Mobject, Mobject]]) -> None:
    """Give a mobject the attributes of another, part by part.

    Args:
        own: Receives all attributes but updaters; parts that are in ``pairs`` remain the same
            mobjects.
        other: Gives the attributes.
        pairs: Parts of ``own``, each with its match.
    """
    kept = [(own, other), *(pair for pair in pairs if pair[0] is not own)]
    memo: dict[int, Any] = {id(new): old for old, new in kept}
    for old, new in kept:
        memo.update(_frozen(new))
        state = {key: value for key, value in vars(new).items() if key not in _OF_SCENE}
        vars(old).update(deepcopy(state, memo))


def _frozen(mobject: Mobject) -> dict[int, Any]:
    """Return the frozen values of a mobject as a memo for ``deepcopy``."""
    return {id(value): value for value in vars(mobject).values() if _never_changes(value)}


def _never_changes(value: object) -> bool:
    parameters = getattr(value, "__dataclass_params__", None)
    return parameters is not None and parameters.frozen


def _scale_between(start: Mobject, end: Mobject) -> float | None:
    """Return the scale of ``end``, or ``None`` if more than place and size differ."""
    before, after = start.family_members_with_points(), end.family_members_with_points()
    if len(before) != len(after) or not all(map(_is_same_look, before, after)):
        return None
    points, moved = (np.concatenate([part.points for part in parts]) for parts in (before, after))
    scale = float(np.ptp(moved, axis=0).max() / np.ptp(points, axis=0).max())
    expected = end.get_center() + scale * (points - start.get_center())
    return scale if np.allclose(moved, expected, atol=1e-6) else None


def _is_same_look(one: VMobject, other: VMobject) -> bool:
    return len(one.points) == len(other.points) and all(
        np.array_equal(getattr(one, paint), getattr(other, paint)) for paint in PAINTS
    )
