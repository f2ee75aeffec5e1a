"""The gradients of the weights: the more active a neuron, the larger those of its weights."""

from __future__ import annotations

from collections.abc import Sequence

from netviz.acts.backward import most_blamed
from netviz.acts.loss import clearing
from netviz.animation.details import Focus, LightGradient, MagnifyEdges
from netviz.animation.gap import OpenGap
from netviz.animation.timeline import Change, Span, Timeline
from netviz.drawing.edge_gradients import EdgeGradients
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import CLEARING
from netviz.staging.network_scene import NetworkScene

# Seconds in which one gradient is computed slowly, and quickly: all of them take no longer than the
# last number says; seconds in which the halos grow.
_SLOW, _QUICK, _ALL, _HALOS = 2.2, 0.65, 5.0, 1.8
# How many times as wide as usual edges are while their halos are looked at: thin, so that there is
# one width to compare.
_THIN = 0.4
# Brightness of gradients that are not discussed.
_FAINT = 0.55


@act(
    "game",
    section="game",
    rows=True,
    needs=OnScreen("stage", values="all", blames="all", panels=None, gaps="open"),
    leaves=OnScreen("stage", values="all", blames="all", gaps="open", panels=True),
)
def game(scene: NetworkScene) -> None:
    """The gradients of the weights into one neuron, and then all of them."""
    diagram, layer = scene.diagram, _layer(scene)
    j = most_blamed(scene, layer)
    edges = diagram.edges_into(layer, j)
    opening = [
        OpenGap(diagram, layer - 1, result=False),
        Focus(diagram, edges),
        MagnifyEdges(diagram, _THIN, edges),
    ]
    with scene.beat("game.rule", along=clearing(scene)):
        scene.show_key("blame", along=opening)
        gradients = EdgeGradients(diagram, scene.blame, layer, j, words=scene.words)
        scene.add(gradients)
        first, *others = gradients.ranked()
        scene.play(
            Focus(diagram, [gradients.terms[first].edge], [(layer, j)]),
            Timeline(gradients, [_span(gradients, first, 0.0, _SLOW)]),
        )
    if others and gradients.terms[first].gradient:
        with scene.beat("game.others"):
            apart = min(_QUICK, _ALL / len(others))
            spans = [
                _span(gradients, k, place * apart, apart) for place, k in enumerate(sorted(others))
            ]
            scene.play(Focus(diagram, edges), Timeline(gradients, spans))
        with scene.beat("game.most", along=clearing(scene)):
            negative = any(term.gradient < 0 for term in gradients.terms)
            halos = Change(gradients, gradients.show_halos, _HALOS)
            scene.show_key("gradients", negative=negative, along=[halos])
            _compare(scene, gradients, (first, others[-1]))
    leaving = Change(gradients, lambda p: gradients.set_presence(1 - p), CLEARING)
    with scene.beat("game.all", hold=0, along=[leaving, *clearing(scene)]):
        scene.remove(gradients)
        negative = any((record.weight_gradient < 0).any() for record in scene.blame.layers)
        closing = OpenGap(diagram, None), Focus(diagram, None), MagnifyEdges(diagram, _THIN)
        scene.show_key("gradients", negative=negative, along=closing)
        # As long as it takes to read the caption: the numbers were on screen before.
        scene.play(LightGradient(diagram, scene.blame, run_time=2.6))


def _layer(scene: NetworkScene) -> int:
    """Return the first layer after the input that has any blame."""
    layers = range(1, len(scene.diagram.sizes))
    blamed = (layer for layer in layers if scene.blame.layers[layer - 1].blame.any())
    return next(blamed, 1)


def _span(gradients: EdgeGradients, k: int, start: float, length: float) -> Span:
    return Span(start, start + length, lambda progress: gradients.show_term(k, progress))


def _compare(scene: NetworkScene, gradients: EdgeGradients, pair: Sequence[int]) -> None:
    """Dim all gradients but two."""

    def step(progress: float) -> None:
        for term in range(len(gradients.terms)):
            gradients.set_brightness(term, 1 - progress * (1 - _FAINT) * (term not in pair))

    scene.play(
        Focus(scene.diagram, [gradients.terms[k].edge for k in pair], run_time=0.6),
        Change(gradients, step, 0.6),
    )
