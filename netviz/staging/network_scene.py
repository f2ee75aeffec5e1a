"""NetworkScene: a scene with an example to explain: a network, a sample and their two passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

import numpy as np
from manim import LEFT, Animation, FadeIn
from numpy.typing import ArrayLike, NDArray

from netviz import interop
from netviz.animation.details import DimEdges, FitBox, MagnifyEdges
from netviz.animation.gap import OpenGap
from netviz.animation.timeline import Change
from netviz.core import BackwardTrace, ForwardTrace, Network, backward, forward
from netviz.core.data import name_and_unit
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_key import EdgeKey
from netviz.drawing.layout.box import GAPS_BOX, WIDE_BOX, Box
from netviz.drawing.numerals import MINUS, MOST_CHARACTERS, figures
from netviz.drawing.panels.gaps import GapBars, LossMeter
from netviz.problems import Problem, ProblemError, expect
from netviz.spec import Description, SceneDescription, describe, load
from netviz.staging.beat_scene import CLEARING, BeatScene
from netviz.theme import Theme
from netviz.words import Words

# A space at which no line is broken, and the longest name that is kept on a line.
_SPACE, _SHORT = "\N{NO-BREAK SPACE}", 16

# Left end of the key of the edges, in frame units, above the diagram.
_KEY = np.array([-6.75, 3.62, 0.0])


def described(network: Description | Network | str) -> Description:
    """Return a network with its sample: as it is, with a random one, or from a file or a name.

    Raises:
        ProblemError: There is no such network, or something in its file is wrong.
    """
    if isinstance(network, Description):
        return network
    return describe(network) if isinstance(network, Network) else load(network, interop)


def measurements(example: Description) -> list[str]:
    """Return the name of each input, with what was measured if the network gets other numbers.

    A unit in the name follows the number: ``length 5.1 cm``.
    """
    names, measured = example.input_names, example.measured
    if measured is None:
        return list(names)
    texts = []
    for i, value in enumerate(measured):
        name, unit = name_and_unit(names[i]) if names else ("", "")
        # Number and unit stay on one line, and so does a short name.
        number = _SPACE.join(filter(None, [_measured(float(value)), unit]))
        whole = name.replace(" ", _SPACE) if len(name) <= _SHORT else name
        texts.append(f"{whole} {number}".strip())
    return texts


def layers_of(network: Network) -> str:
    """Return what an error says about the layers of a network."""
    return f"has layers of {', '.join(map(str, network.sizes))} neurons"


def _measured(value: float) -> str:
    """Return a number as it was written down, unless it is long."""
    text = f"{value:g}".replace("-", MINUS)
    return text if len(text) <= MOST_CHARACTERS and "e" not in text else figures(value)


class NetworkScene(BeatScene):
    """A scene about one network, one sample and one step of learning.

    Attributes:
        network: What is explained: a network with its sample, as
            ``netviz.spec.describe(network, input=…, target=…)`` returns it; a network alone, for a
            sample that is sampled at random; the path of a network or model file; or a built-in
            name. The scene then has its ``diagram``, ``trace`` and ``blame``.
        style: How the scene draws the diagram: attributes of :class:`netviz.style.Style` → value.
        gaps_box: Where ``gap_bars`` stand, if it is changed before they are used first.

    Example:
        >>> from netviz.animation import BackwardPass, ForwardPass
        >>> class Mine(NetworkScene):
        ...     network = "3-4-2"
        ...     theme = "light"
        ...     def construct(self):
        ...         self.add(self.diagram)
        ...         with self.beat("overview.predict"):
        ...             self.play(ForwardPass(self.diagram, self.trace))
        ...         with self.beat("overview.blame"):
        ...             self.play(BackwardPass(self.diagram, self.blame))
        >>> Mine().example.network.sizes
        (3, 4, 2)
    """

    network: ClassVar[Description | Network | str] = "5-2-2-5"
    style: ClassVar[Mapping[str, Any]] = {}
    gaps_box: Box = GAPS_BOX

    @classmethod
    def configured(
        cls,
        *,
        network: Description | Network | str | None = None,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
        options: Mapping[str, object] | None = None,
        file: SceneDescription | None = None,
    ) -> type[Self]:
        """Return this scene class with other defaults: manim makes a scene from a class.

        Args:
            network: What is explained.
            theme, language, options, file: As for :class:`BeatScene`.

        Raises:
            ProblemError: There is no such theme, language or option, or an option has a value that
                is not possible.
        """
        return cls._with(
            network=network, theme=theme, language=language, options=options, file=file
        )

    # ---- what is explained -----------------------------------------------------------------------

    @cached_property
    def example(self) -> Description:
        """The network with its sample, loss and learning rate."""
        if isinstance(self.network, Description):
            return self.network
        return described(self.network).shown_as(self.file)

    @property
    def description(self) -> SceneDescription:
        """The example, with what its file says about the film."""
        return self.example

    @cached_property
    def trace(self) -> ForwardTrace:
        """The forward pass of the sample."""
        return forward(self.example.network, self.example.input)

    @cached_property
    def blame(self) -> BackwardTrace:
        """The backward pass of the sample."""
        return self.blame_in(self.example.network)

    def blame_in(self, network: Network) -> BackwardTrace:
        """Return the backward pass of the sample in another network of the same shape."""
        trace = forward(network, self.example.input)
        return backward(network, trace, self.example.target, self.example.loss)

    @cached_property
    def corrected(self) -> Network:
        """The network after one step of gradient descent."""
        return self.example.network.updated(self.blame, self.example.learning_rate)

    @cached_property
    def corrected_trace(self) -> ForwardTrace:
        """The forward pass of the sample through the corrected network."""
        return forward(self.corrected, self.example.input)

    @cached_property
    def past_losses(self) -> list[float]:
        """The losses of the sample before each correction that was played, in order."""
        return []

    def continue_with(self, network: Network) -> None:
        """Explain another network of the same shape from now on, such as the corrected one."""
        self.example = replace(self.example, network=network)
        for computed in ("trace", "blame", "corrected", "corrected_trace"):
            self.__dict__.pop(computed, None)

    # ---- what is on screen -----------------------------------------------------------------------

    @cached_property
    def diagram(self) -> NetworkDiagram:
        """The diagram of the example, not yet on screen.

        It keeps the scales of the first passes of the scene.
        """
        return self.labelled_diagram({})

    def labelled_diagram(self, labels: Mapping[int, Sequence[str]]) -> NetworkDiagram:
        """Return a new diagram of the example with other names of neurons.

        Args:
            labels: Texts by layer, in place of the names in the data. Those of the network file
                have precedence, and those that do not fit are left out.
        """
        network = self.example.network
        last = len(network.sizes) - 1
        names = {0: measurements(self.example), last: self.example.output_names, **labels}
        try:
            diagram = NetworkDiagram(
                network,
                self.theme,
                box=self.room(WIDE_BOX),
                words=self.words,
                spare_labels={layer: texts for layer, texts in names.items() if texts},
                **{**self.example.style, **self.style},
            )
        except ProblemError as error:
            if error.problems[0].where not in self.style:
                raise
            # What the scene itself asks for is not an option of who renders it.
            problem = Problem("the network", layers_of(network), "fewer neurons a layer")
            raise ProblemError(problem) from error
        return diagram.keep_scales(self.trace, self.blame)

    def neuron_name(self, layer: int, i: int) -> str:
        """Return what a neuron is called in captions: its name, or layer and number."""
        last = len(self.example.network.sizes) - 1
        own = self.style.get("neuron_labels", {})
        texts = own.get(layer) or own.get(layer - last - 1)
        if name := texts[i] if texts else self.example.name_of(layer, i):
            return str(name)
        layer_name = self.words.layer_names(last + 1)[layer]
        return self.words("neuron.name", layer=layer_name, n=i + 1)

    def move_diagram(self, box: Box | str) -> None:
        """Move the diagram to a box, after panels and light have left and its open gap has closed.

        Lines have their usual width then.

        Args:
            box: ``"left"`` (room for panels on the right), ``"wide"``, or any other box.

        Raises:
            ProblemError: There is no such box.
        """
        box = self.room(box)
        animations = self.fade_panels()
        if self.diagram.is_flowing():
            animations.append(DimEdges(self.diagram))
        edges = (edge for layer in self.diagram.edge_layers for _, _, edge in layer.edges())
        if any(edge.magnification != 1 for edge in edges):
            animations.append(MagnifyEdges(self.diagram, 1.0))
        if animations:
            self.play(*animations, run_time=CLEARING)
        if self.diagram.gap is not None:
            self.play(OpenGap(self.diagram, None))
        if self.diagram.box != box:
            self.play(*self.fit_diagram(box))

    def fit_diagram(self, box: Box | str, run_time: float = 0.8) -> list[Animation]:
        """Return the animations in which the diagram, and the gaps next to it, move to a box."""
        moves: list[Animation] = [FitBox(self.diagram, self.room(box), run_time=run_time)]
        if "gap_bars" in self.__dict__ and self.gap_bars in self.get_mobject_family_members():

            def follow(_: float) -> None:
                self.gap_bars.set_heights(self._output_heights())

            moves.append(Change(self.gap_bars, follow, run_time))
        return moves

    def expect_columns(self) -> None:
        """Check that the layers of the diagram are columns, next to which rows can stand.

        Raises:
            ProblemError: They are rows themselves.
        """
        direction = self.diagram.style.direction
        hint = "the scene shows rows of numbers next to the neurons"
        expect("direction", direction, direction == "right", "'right'", hint)

    def show_key(
        self,
        shows: Literal["weights", "gradients", "blame"],
        *,
        negative: bool = True,
        along: Sequence[Animation] = (),
    ) -> None:
        """Show at the top left what lines or rings mean, until the panels are cleared.

        Args:
            shows, negative: As for :class:`EdgeKey`.
            along: Animations that are played while the key appears.
        """
        dense = any(edges.dense for edges in self.diagram.edge_layers)
        key = EdgeKey(
            self.theme,
            shows,
            dense=dense,
            negative=negative,
            em=self.theme.number_size,
            words=self.words,
        )
        self.play(FadeIn(key.move_to(_KEY, aligned_edge=LEFT), run_time=0.6), *along)
        self.show(key)

    # ---- what is still wrong ---------------------------------------------------------------------

    @cached_property
    def gap_bars(self) -> GapBars:
        """The gaps between predictions and targets, in the box ``gaps_box``.

        Not yet on screen: ``show_gaps`` adds them, and then they stay to the end of the scene.
        """
        return self.gaps_of(self.example.target, self.trace, self.room(self.gaps_box))

    def gaps_of(self, target: ArrayLike, trace: ForwardTrace, box: Box) -> GapBars:
        """Return the gaps between the prediction of a trace and its target.

        Each row stands next to its output, unless the outputs are a row themselves.

        Args:
            target: Shape (n,).
            trace: Gives the prediction.
            box: Where the gaps stand.
        """
        last, outputs = len(self.diagram.sizes) - 1, self._outputs_with_target()
        rows = self.diagram.style.direction == "right"
        return GapBars(
            np.asarray(target, dtype=float)[outputs],
            trace.prediction[outputs],
            color=self.diagram.role(last),
            heights=self._output_heights() if rows else None,
            box=box,
            theme=self.theme,
            words=self.words,
        )

    @cached_property
    def loss_meter(self) -> LossMeter:
        """The loss as a bar above the gaps; full at the loss before the first correction."""
        loss, words = float(self.blame.loss), self.words
        return LossMeter(loss, theme=self.theme, box="loss", words=words)

    def predictions(self, trace: ForwardTrace) -> NDArray[np.float64]:
        """Return the outputs of a trace that :attr:`gap_bars` has rows for, shape (m,)."""
        return trace.prediction[self._outputs_with_target()]

    def _outputs_with_target(self) -> list[int]:
        last, count = len(self.diagram.sizes) - 1, len(self.example.target)
        return [i for i in self.diagram.shown(last) if i < count]

    def _output_heights(self) -> list[float]:
        last = len(self.diagram.sizes) - 1
        outputs = self._outputs_with_target()
        return [float(self.diagram.neuron(last, i).disc.get_y()) for i in outputs]

    def show_gaps(self, trace: ForwardTrace | None = None, loss: float | None = None) -> None:
        """Put gaps and loss on screen, where they stay; they fade in if the diagram is there.

        Args:
            trace: Gives the predictions; without one, only the targets are shown.
            loss: The loss; without one, its bar is empty.
        """
        shown = None if trace is None else self.predictions(trace)
        panels = self.gap_bars.show_prediction(shown), self.loss_meter.show_loss(loss)
        if self.time > 0 and not {*panels} & {*self.mobjects}:
            self.play(*map(FadeIn, panels), run_time=0.6)
        self.add(*panels)
