"""The gradients of the weights: the more active a neuron, the larger those of its weights."""

from __future__ import annotations

from netviz.acts.backward import most_blamed
from netviz.animation.details import DimEdges, Focus, LightGradient, MagnifyEdges
from netviz.animation.gap import OpenGap
from netviz.animation.timeline import Change, Span, Timeline
from netviz.drawing.edge_gradients import EdgeGradients
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import reading_time
from netviz.staging.network_scene import NetworkScene

# Seconds in which one gradient is computed slowly, and quickly, and from one to the next.
_SLOW, _QUICK, _NEXT = 3.0, 1.6, 0.5
# How many times as wide as usual edges are while the gap that they cross is open.
_OPEN = 2.5
# Up to this part of the largest gradient, the smallest one leaves its weight nearly alone.
_INACTIVE = 0.3
# Brightness of gradients that are not discussed.
_FAINT = 0.4


@act(
    "game",
    section="game",
    rows=True,
    needs=OnScreen("stage", values="all", blames="all", gaps="open"),
    leaves=OnScreen("stage", values="all", blames="all", gaps="open"),
)
def game(scene: NetworkScene) -> None:
    """The gradients of the weights into one neuron, and then all of them."""
    diagram, layer = scene.diagram, _layer(scene)
    j = most_blamed(scene, layer)
    with scene.beat("game.rule"):
        scene.play(OpenGap(diagram, layer - 1, result=False))
        edges = diagram.edges_into(layer, j)
        scene.play(Focus(diagram, edges), MagnifyEdges(diagram, _OPEN, edges))
        gradients = EdgeGradients(diagram, scene.blame, layer, j)
        scene.add(gradients)
        first, *others = gradients.ranked()
        scene.play(Timeline(gradients, [_span(gradients, first, 0.0, _SLOW)]))
        scene.hold(reading_time(1))
    if others and gradients.terms[first].gradient:
        with scene.beat("game.others", hold=reading_time(len(others))):
            spans = [
                _span(gradients, k, place * _NEXT, _QUICK) for place, k in enumerate(sorted(others))
            ]
            scene.play(Timeline(gradients, spans))
        largest, smallest = (abs(gradients.terms[k].gradient) for k in (first, others[-1]))
        least = "game.least" if smallest <= _INACTIVE * largest else "game.smallest"
        steps = (("game.most", first, None), (least, others[-1], first))
        for key, k, before in steps:
            with scene.beat(key, hold=reading_time(1)):
                _point_at(scene, gradients, k, before)
    with scene.beat("game.all", hold=2.0):
        scene.play(
            Change(gradients, lambda p: gradients.set_presence(1 - p), 0.4),
            DimEdges(diagram),
        )
        scene.remove(gradients)
        scene.play(Focus(diagram, None), OpenGap(diagram, None), MagnifyEdges(diagram, 1.0))
        scene.play(LightGradient(diagram, scene.blame, run_time=1.4))


def _layer(scene: NetworkScene) -> int:
    """Return the first layer after the input that has any blame."""
    layers = range(1, len(scene.diagram.sizes))
    blamed = (layer for layer in layers if scene.blame.layers[layer - 1].blame.any())
    return next(blamed, 1)


def _span(gradients: EdgeGradients, k: int, start: float, length: float) -> Span:
    return Span(start, start + length, lambda progress: gradients.show_term(k, progress))


def _point_at(scene: NetworkScene, gradients: EdgeGradients, k: int, before: int | None) -> None:
    """Dim all gradients but one; before, all were bright or only the one with index ``before``."""

    def step(progress: float) -> None:
        for term in range(len(gradients.terms)):
            start = 1.0 if before is None or term == before else _FAINT
            end = 1.0 if term == k else _FAINT
            gradients.set_brightness(term, start + progress * (end - start))

    scene.play(
        Focus(scene.diagram, [gradients.terms[k].edge], run_time=0.6),
        Change(gradients, step, 0.6),
    )
