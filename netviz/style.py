"""How a diagram is drawn, beside its colours: every option of ``NetworkDiagram``, checked.

A theme has a style, which holds where nothing else is told; a network file may tell another in its
tables ``[style]`` and ``[labels]``, and a script in keywords.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Direction = Literal["right", "down"]
Biases = Literal["hidden", "numbers", "neurons"]
EdgeLabels = Literal["none", "weights", "names"]
EdgeShape = Literal["straight", "curved"]
EdgeColors = Literal["plain", "sign", "weight", "gradient"]

CHOICES = {
    "direction": get_args(Direction),
    "biases": get_args(Biases),
    "edge_labels": get_args(EdgeLabels),
    "edge_shape": get_args(EdgeShape),
    "edge_colors": get_args(EdgeColors),
}
_SIZES = ("layer_spacing", "neuron_spacing", "neuron_size")
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Style:
    """Every option of a diagram. Lengths are in manim units; the frame is 8 of them high.

    Layers are counted from the input, 0, and neurons of a layer from 0.

    Attributes:
        max_neurons: A longer layer is drawn as its first neurons, ⋮ and its last, with a brace and
            its true size; ``None`` draws all of every layer.
        input_grid: Whether the input, a square image row by row, stands as its pixels; then all of
            them are drawn, whatever ``max_neurons`` is.
        direction: Which way activations flow: ``"right"`` or ``"down"``.
        layer_spacing: From the middle of a layer to the next; ``None`` fills the box.
        neuron_spacing: From the middle of a neuron to the next of its layer; ``None`` fills the
            box.
        neuron_size: Radius; ``None`` for as large as there is room.
        numbers: Whether activations and blame are also written in digits, where neurons are large
            enough, or have room beside them.
        biases: ``"hidden"``; ``"numbers"`` writes b beside each neuron; ``"neurons"`` draws a
            neuron that is always 1 above each layer, with b on the edges out of it.
        edge_labels: ``"none"``; ``"weights"`` writes w on each edge; ``"names"`` writes W₁,₂ for
            the weight from neuron 1 to neuron 2, counted from 1, which is ``weights[1, 0]`` of the
            layer; from the second layer on with the layer above it, W₁,₂⁽²⁾.
        edge_shape: ``"straight"`` or ``"curved"``.
        edge_colors: ``"plain"``; ``"sign"`` has one colour for w > 0 and one for w < 0;
            ``"weight"`` a scale between these by size; ``"gradient"`` runs from the colour of the
            layer before to that of the layer after.
        edge_threshold: Edges whose |w| is below this quantile of their layer, 0 … 1, are hidden.
        layer_names: Whether the names of the layers are written.
        names: These names, input first, instead of "input", "hidden", "output".
        captions: A text under each layer, input first; an empty one is left out.
        braces: Whether a brace with its number of neurons stands at each layer.
        neuron_labels: Texts beside the neurons of a layer: ``{0: ("age", "height")}``; −1 is the
            output.
        layer_colors: Colour of each layer as ``#RRGGBB``, input first; an empty one is the
            theme's.
        highlight: Addresses (layer, i) of neurons that stay in the light, with the edges between
            them, while everything else is dimmed; empty for all.
        skips: Pairs (layer, later layer) between which a skip connection is drawn as an arc.
    """

    max_neurons: int | None = 16
    input_grid: bool = False
    direction: Direction = "right"
    layer_spacing: float | None = None
    neuron_spacing: float | None = None
    neuron_size: float | None = None
    numbers: bool = True
    biases: Biases = "hidden"
    edge_labels: EdgeLabels = "none"
    edge_shape: EdgeShape = "straight"
    edge_colors: EdgeColors = "plain"
    edge_threshold: float = 0.0
    layer_names: bool = True
    names: tuple[str, ...] | None = None
    captions: tuple[str, ...] = ()
    braces: bool = False
    neuron_labels: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    layer_colors: tuple[str, ...] = ()
    highlight: tuple[tuple[int, int], ...] = ()
    skips: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        """Check what can be checked without a network.

        Raises:
            ValueError: In one sentence: the option, what was found, what would be right.
        """
        for option, choices in CHOICES.items():
            _expect(option, getattr(self, option), getattr(self, option) in choices, list(choices))
        if self.max_neurons is not None:
            _expect("max_neurons", self.max_neurons, self.max_neurons >= 3, "3 or more, or None")
        for option in _SIZES:
            length = getattr(self, option)
            right = length is None or 0 < length < math.inf
            _expect(option, length, right, "more than 0, or None")
        _expect("edge_threshold", self.edge_threshold, 0 <= self.edge_threshold <= 1, "0 to 1")
        for color in filter(None, self.layer_colors):
            _expect("layer_colors", color, bool(_HEX.fullmatch(color)), "such as #50BCFE")

    def check(self, sizes: tuple[int, ...]) -> None:
        """Check what must agree with a network.

        Args:
            sizes: Neurons in each layer, input first.

        Raises:
            ValueError: In one sentence: the option, what was found, what would be right.
        """
        layers = len(sizes)
        for option, texts in (
            ("names", self.names),
            ("captions", self.captions or None),
            ("layer_colors", self.layer_colors or None),
        ):
            if texts is not None:
                _expect_entries(option, len(texts), layers)
        if self.input_grid:
            self._check_grid(sizes)
        for layer, labels in self.neuron_labels.items():
            _expect("neuron_labels", f"layer {layer}", -layers <= layer < layers, _range(layers))
            _expect_entries(f"neuron_labels[{layer}]", len(labels), sizes[layer])
        for layer, i in self.highlight:
            _expect("highlight", f"layer {layer}", 0 <= layer < layers, _range(layers))
            _expect("highlight", f"neuron {i}", 0 <= i < sizes[layer], _range(sizes[layer]))
        for start, end in self.skips:
            there = start >= 0 and start + 1 < end < layers
            _expect("skips", f"({start}, {end})", there, "a layer and one beyond the next")

    def _check_grid(self, sizes: tuple[int, ...]) -> None:
        """Nothing has room beside a pixel."""
        inputs = sizes[0]
        square = math.isqrt(inputs) ** 2 == inputs
        _expect("input_grid", f"told for {inputs} inputs", square, "a square number such as 784")
        beside = self.biases != "neurons"
        _expect("biases", "neurons beside input_grid", beside, ["hidden", "numbers"])
        labelled = {layer % len(sizes) for layer in self.neuron_labels}
        _expect("neuron_labels", "of the input, an input_grid", 0 not in labelled, "other layers")


def _range(count: int) -> str:
    return f"0 to {count - 1}"


def _expect_entries(option: str, found: int, right: int) -> None:
    if found != right:
        raise ValueError(f"{option} has {found} entries: expected {right}")


def _expect(option: str, found: object, right: bool, expected: object) -> None:
    if not right:
        told = f"one of {', '.join(map(str, expected))}" if isinstance(expected, list) else expected
        raise ValueError(f"{option} is {found}: expected {told}")
