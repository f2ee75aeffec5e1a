"""Acts in any order: each finds on screen what it needs, whatever was played before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from manim import FadeOut, Mobject, VGroup
from numpy.typing import NDArray

from netviz.acts.registry import PLAYED, Act
from netviz.animation.details import BlameNeuron, FillNeuron, Forget
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX
from netviz.training_scene import TrainingScene

Values = dict[int, NDArray[Any]]


class ActsScene(TrainingScene):
    """A scene that is made of acts.

    Attributes:
        acts: Names in ``netviz.catalogue.ACTS``, in the order in which they are played. By
            default the acts of the network file.
    """

    acts: ClassVar[Sequence[str]] = ()

    def construct(self) -> None:
        """Play the acts. A network that has learnt in one is what the next ones are about."""
        panels: Mobject = VGroup()
        for name in self.acts or self.example.film.acts:
            act = PLAYED[name]
            if act.section:
                self.section(act.section)
            _prepare(self, act, panels)
            panels = act.play(self) or (panels if act.over else VGroup())
            self.add(self.diagram)  # as one: manim has taken apart what was animated in parts
            if self.diagram.network is not self.example.network:
                self.go_on_with(self.diagram.network)


def _prepare(scene: TrainingScene, act: Act, panels: Mobject) -> None:
    """Let the frame be as the act needs it; what is missing appears, what is too much goes."""
    diagram = scene.diagram
    values, blames = _needed(scene, act)
    if act.rows:
        scene.expect_columns()
    if diagram not in scene.mobjects:
        diagram.fit(act.box or WIDE_BOX)
        diagram.show_activations(scene.trace, layers=values)
        diagram.show_blame(scene.blame, layers=blames)
        if not act.empty:
            scene.add(diagram)
        return
    if act.over:
        return
    leaving = [panels] if len(panels) else []
    if (act.box or diagram.box) == LEFT_BOX:
        scene.make_room(*leaving, rows=act.rows)
    else:
        scene.take_all(*leaving)
    if act.empty:
        scene.play(FadeOut(diagram), run_time=0.5)
    if not _fits(scene, values, blames):
        scene.play(Forget(diagram))
    if not values:
        diagram.clear_activations()
    _complete(scene, values, blames)


def _needed(scene: TrainingScene, act: Act) -> tuple[Values, Values]:
    """The values and the blame that the act finds, by layer."""
    last = len(scene.diagram.sizes) - 1
    filled = range(last + 1)[: act.values]
    blamed = range(last, 0, -1)[: act.blames]
    return (
        {layer: scene.trace.activations[layer] for layer in filled},
        {layer: scene.blame.layers[layer - 1].blame for layer in blamed},
    )


def _fits(scene: TrainingScene, values: Values, blames: Values) -> bool:
    """Whether nothing is shown but what is needed."""
    diagram = scene.diagram
    shown = (
        (neuron, layer, i)
        for layer in range(len(diagram.sizes))
        for i, neuron in zip(diagram.shown(layer), diagram.layer(layer), strict=True)
    )
    return all(
        found is None or (layer in needed and found == needed[layer][i])
        for neuron, layer, i in shown
        for found, needed in ((neuron.value, values), (neuron.blame, blames))
    )


def _complete(scene: TrainingScene, values: Values, blames: Values) -> None:
    diagram = scene.diagram
    fill = [
        FillNeuron(diagram, scene.trace, layer, i)
        for layer, i in _shown(scene, values)
        if diagram.neuron(layer, i).value != values[layer][i]
    ]
    blame = [
        BlameNeuron(diagram, scene.blame, layer, i)
        for layer, i in _shown(scene, blames)
        if diagram.neuron(layer, i).blame is None
    ]
    if fill or blame:
        scene.play(*fill, *blame)


def _shown(scene: TrainingScene, layers: Iterable[int]) -> list[tuple[int, int]]:
    return [(layer, i) for layer in layers for i in scene.diagram.shown(layer)]
