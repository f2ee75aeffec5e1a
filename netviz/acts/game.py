"""The blame game: neurons blame the upstream neurons that were most active."""

from __future__ import annotations

from manim import LEFT as LEFTWARD
from manim import FadeIn, FadeOut, GrowFromEdge, LaggedStart, TransformFromCopy

from netviz.acts.backward import last_layer, most_blamed
from netviz.acts.forward import edge_tags, strengths
from netviz.animation.details import DimEdges, LightCorrections
from netviz.drawing.edges import Edge
from netviz.drawing.layout import RIGHT
from netviz.drawing.panels.ranking import Correction, GradientRanking
from netviz.scene import NetworkScene


def blame_game(scene: NetworkScene) -> None:
    """Rank the corrections of the weights into one output, then into one neuron of the first layer.

    Needs the diagram, wide, with all values and blames. Leaves it so, with every edge lit by the
    size of its correction.
    """
    scene.make_room()
    layers = dict.fromkeys([last_layer(scene), 1])
    for layer, key in zip(layers, ("game.rule", "game.ranking"), strict=False):
        _rank(scene, layer, most_blamed(scene, layer), key)
    _everywhere(scene)


def ranking(scene: NetworkScene, layer: int, j: int) -> GradientRanking:
    """The gradients of the weights into neuron j of a layer, the largest first."""
    n = j + 1
    incoming = scene.trace.layers[layer - 1].incoming
    gradients = scene.blame.layers[layer - 1].weight_gradient[j]
    source = '"In"' if layer == 1 else "a"
    return GradientRanking(
        f"partial L slash partial W_(k,{n}) = {source}_k dot delta_{n}",
        [
            Correction(f"W_({k + 1},{n})", float(a), float(g))
            for k, (a, g) in enumerate(zip(incoming, gradients, strict=True))
        ],
        float(scene.blame.layers[layer - 1].blame[j]),
        theme=scene.theme,
        box=RIGHT,
        color=scene.theme.role(layer - 1, len(scene.diagram.sizes)),
    )


def _rank(scene: NetworkScene, layer: int, j: int, key: str) -> None:
    diagram, panel = scene.diagram, ranking(scene, layer, j)
    edges: list[Edge] = list(diagram.edges_into(layer, j))
    gradients = scene.blame.layers[layer - 1].weight_gradient[j]
    tags = edge_tags(scene, edges, gradients, color=scene.theme.text, decimals=3)
    with scene.beat(key):
        diagram.focus(edges)
        scene.play(FadeIn(panel.heading), run_time=0.5)
        scene.play(LightCorrections(diagram, edges, strengths(gradients)))
        if tags:
            scene.play(LaggedStart(*map(FadeIn, tags), lag_ratio=0.25), run_time=1.0)
        for place, k in enumerate(panel.order):
            row, bar = panel.rows[place], panel.bars[place]
            source = tags[k].number if tags else row.question
            scene.play(
                FadeIn(panel.names[place]),
                FadeIn(row.question),
                TransformFromCopy(source, row.product),
                GrowFromEdge(bar, LEFTWARD),
                run_time=0.7,
            )
        scene.add(panel)
    scene.play(FadeOut(panel), *map(FadeOut, tags), DimEdges(diagram), run_time=0.4)
    diagram.focus(None)


def _everywhere(scene: NetworkScene) -> None:
    """All edges at once, each as wide as its correction beside the largest of its layer."""
    diagram = scene.diagram
    scene.take_all()
    with scene.beat("game.all"):
        lights = []
        for layer, edges in enumerate(diagram.edge_layers):
            gradient = scene.blame.layers[layer].weight_gradient
            lit = [edge for _, _, edge in edges.edges()]
            lights.append(LightCorrections(diagram, lit, strengths(gradient.ravel())))
        scene.play(*lights, run_time=1.2)
