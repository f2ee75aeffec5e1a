"""The gradients of the weights: the more active a neuron, the larger those of its weights."""

from __future__ import annotations

import numpy as np
from manim import LEFT, FadeIn, FadeOut, GrowFromEdge, ReplacementTransform

from netviz.acts.backward import most_blamed
from netviz.acts.forward import edge_tags, edges_into, strengths
from netviz.acts.loss import last_layer
from netviz.animation.details import DimEdges, Focus, LightCorrections, LightGradient
from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.notation import activation, gradient, symbol
from netviz.drawing.panels.arithmetic import GradientRanking, WeightGradient
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene


@act(
    "game",
    section="game",
    rows=True,
    needs=OnScreen("left", values="all", blames="all"),
    leaves=OnScreen("left", values="all", blames="all", panels=True),
)
def game(scene: NetworkScene) -> None:
    """The gradients of the weights, the largest first."""
    layers = dict.fromkeys([last_layer(scene), 1])
    for layer, key in zip(layers, ("game.rule", "game.ranking"), strict=False):
        _rank(scene, layer, most_blamed(scene, layer), key)
    _everywhere(scene)


def ranking(scene: NetworkScene, layer: int, j: int) -> GradientRanking:
    """Return the gradients of the weights into neuron j of a layer, the largest first."""
    weight = symbol("W", layer, "k", j + 1)
    return GradientRanking(
        f"{gradient(weight)} = {activation(layer - 1, 'k')} dot {symbol('delta', layer, j + 1)}",
        [correction(scene, layer, k, j) for k in range(scene.diagram.sizes[layer - 1])],
        theme=scene.theme,
        box=RIGHT_BOX,
    )


def correction(scene: NetworkScene, layer: int, k: int, j: int) -> WeightGradient:
    """Return the gradient of the weight from neuron k into neuron j of a layer, with factors."""
    record = scene.blame.layers[layer - 1]
    return WeightGradient(
        symbol("W", layer, k + 1, j + 1),
        float(scene.trace.layers[layer - 1].incoming[k]),
        float(record.blame[j]),
        float(record.weight_gradient[j, k]),
        color=scene.diagram.role(layer - 1),
    )


def _rank(scene: NetworkScene, layer: int, j: int, key: str) -> None:
    """Rank the gradients of the weights into one neuron."""
    diagram, panel = scene.diagram, ranking(scene, layer, j)
    edges = edges_into(scene, layer, j)
    gradients = scene.blame.layers[layer - 1].weight_gradient[j]
    tags = edge_tags(scene, edges, gradients, color=scene.theme.text, decimals=3)
    with scene.beat(key):
        scene.play(Focus(diagram, edges.values()))
        scene.play(FadeIn(panel.heading), run_time=0.5)
        lit = list(edges.values())
        scene.play(LightCorrections(diagram, lit, strengths(gradients, edges)))
        for place, k in enumerate(panel.order):
            row, bar = panel.rows[place], panel.bars[place]
            on_edge = [FadeIn(tags[k])] if k in tags else []
            scene.play(FadeIn(panel.names[place]), FadeIn(row.question), *on_edge, run_time=0.4)
            product = (
                [ReplacementTransform(tags[k].number, row.product), FadeOut(tags[k].plate)]
                if k in tags
                else [FadeIn(row.product)]
            )
            scene.play(*product, run_time=0.45)
            scene.play(GrowFromEdge(bar, LEFT), run_time=0.3)
        scene.add(panel)
    scene.play(FadeOut(panel), DimEdges(diagram), run_time=0.4)


def _everywhere(scene: NetworkScene) -> None:
    """Show all gradients at once, each edge as wide as its gradient relative to the largest."""
    diagram = scene.diagram
    gradients = [record.weight_gradient for record in scene.blame.layers]
    weight = symbol("W", 1, "k", "j")
    every = [
        correction(scene, layer + 1, k, j)
        for layer, part in enumerate(gradients)
        for j, k in np.ndindex(part.shape)
    ]
    panel = GradientRanking(
        f"{gradient(weight)} = a_k dot delta_j", every, theme=scene.theme, box=RIGHT_BOX
    )
    with scene.beat("game.all"):
        scene.play(Focus(diagram, None))
        scene.play(LightGradient(diagram, scene.blame, run_time=1.2))
        scene.show(panel, run_time=0.7)
