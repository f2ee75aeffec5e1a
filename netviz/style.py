"""``Style``: every option of ``NetworkDiagram`` except its colours, checked.

A theme has a style with the defaults. A network file gives other options in its tables ``[style]``
and ``[labels]``, and a script as keywords.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, fields, replace
from numbers import Integral, Real
from typing import Any, Literal, get_args

from netviz.problems import Problem, ProblemError, did_you_mean, expect, shown

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
LEAST_LENGTH = 0.001
"""The smallest length, in frame units: a hundredth of a pixel. Of a smaller one nothing is seen."""

_SWITCHES = ("input_grid", "layer_names", "braces")
_SIZES = ("layer_spacing", "neuron_spacing", "neuron_size")
_EACH_LAYER = "a text for each layer, such as ('x', 'h', 'y')"
_EACH_NEURON = "a text for each neuron, such as ('age', 'height')"
_LABELS = "{0: ('age', 'height')}, with -1 for the output"
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Style:
    """Every option of a diagram. Lengths are in frame units; the frame is 8 units high.

    Layers are counted from the input, 0, and neurons of a layer from 0.

    Attributes:
        max_neurons: The largest number of places in a layer. A longer layer is drawn as its first
            neurons, ⋮ and its last, with a brace and its true size. ``None`` draws all neurons.
        input_grid: Whether the input, a square image row by row, is drawn as its pixels, all of
            them, regardless of ``max_neurons``.
        direction: The direction in which activations flow: ``"right"`` or ``"down"``.
        layer_spacing: Distance from the centre of a layer to the next; ``None`` fills the box.
        neuron_spacing: Distance from the centre of a neuron to the next of its layer; ``None``
            fills the box.
        neuron_size: Radius of a neuron; ``None`` makes neurons as large as there is room.
        numbers: Whether activations and blame are also written in digits, where neurons are large
            enough, or have room next to them; or that for each layer, input first.
        biases: ``"hidden"``; ``"numbers"`` writes b next to each neuron; ``"neurons"`` draws a
            neuron that is always 1 above each layer, with b on the edges out of it.
        edge_labels: ``"none"``; ``"weights"`` writes w on each edge; ``"names"`` writes W₁,₂ for
            the weight from neuron 1 to neuron 2, counted from 1, which is ``weights[1, 0]`` of the
            layer in the core; from the second layer on with the layer above it, W₁,₂⁽²⁾.
        edge_shape: ``"straight"`` or ``"curved"``.
        edge_colors: ``"plain"``; ``"sign"`` has one colour for w > 0 and one for w < 0;
            ``"weight"`` has a scale between these, by size; ``"gradient"`` goes from the colour of
            the layer before to that of the layer after.
        edge_threshold: Edges with |w| below this quantile of their layer, 0 … 1, are hidden.
        layer_names: Whether the names of the layers are written.
        names: Names of the layers, input first, instead of "input", "hidden", "output"; an empty
            one is left out.
        captions: A text below each layer, input first; an empty one is left out.
        braces: Whether each layer has a brace with its number of neurons.
        neuron_labels: Texts next to the neurons of a layer: ``{0: ("age", "height")}``; −1 is the
            output.
        layer_colors: Colour of each layer as ``#RRGGBB``, input first; an empty text is the
            theme's colour.
        sum_of: Address (layer, i) of a neuron whose sum is written on its edges, in an open gap
            between layers: with activations, value × weight = product and the bias; with blame,
            blame × weight = share. ``None`` writes no sum.
        highlight: Addresses (layer, i) of neurons that stand out, with the edges between them,
            while everything else is dimmed; empty for none.
    """

    max_neurons: int | None = 16
    input_grid: bool = False
    direction: Direction = "right"
    layer_spacing: float | None = None
    neuron_spacing: float | None = None
    neuron_size: float | None = None
    numbers: bool | tuple[bool, ...] = True
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
    sum_of: tuple[int, int] | None = None
    highlight: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        """Check what can be checked without a network.

        Raises:
            ProblemError: An option has a wrong value. ``Problem.where`` is the option.
        """
        for option, choices in CHOICES.items():
            value = getattr(self, option)
            expect(option, value, isinstance(value, str) and value in choices, _either(choices))
        for option in _SWITCHES:
            value = getattr(self, option)
            expect(option, value, isinstance(value, bool), "True or False")
        for option in _SIZES:
            value = getattr(self, option)
            right = value is None or _is_length(value)
            expect(option, value, right, f"a number of at least {LEAST_LENGTH}, or None")
        most, threshold = self.max_neurons, self.edge_threshold
        enough = most is None or (_is_index(most) and most >= 3)
        expect("max_neurons", most, enough, "an integer of at least 3, or None for all")
        share = _is_number(threshold) and 0 <= threshold <= 1
        expect("edge_threshold", threshold, share, "a number from 0 to 1")
        for option, value in self._frozen():
            object.__setattr__(self, option, value)

    def _frozen(self) -> Iterator[tuple[str, object]]:
        """Yield the options with several entries and their values, checked, lists as tuples."""
        if not isinstance(self.numbers, bool):
            expected = "True or False, or one of them for each layer"
            yield "numbers", _entries("numbers", self.numbers, _is_switch, expected)
        if self.names is not None:
            yield "names", _entries("names", self.names, _is_text, _EACH_LAYER)
        yield "captions", _entries("captions", self.captions, _is_text, _EACH_LAYER)
        labels = self.neuron_labels
        by_layer = isinstance(labels, Mapping) and all(map(_is_index, labels))
        expect("neuron_labels", labels, by_layer, f"texts by layer, such as {_LABELS}")
        yield (
            "neuron_labels",
            {
                layer: _entries(f"neuron_labels[{layer}]", texts, _is_text, _EACH_NEURON)
                for layer, texts in labels.items()
            },
        )
        yield "layer_colors", _colors(self.layer_colors)
        expected = "pairs (layer, neuron), such as [(0, 1), (1, 2)]"
        if self.sum_of is not None:
            pair = self.sum_of
            expect("sum_of", pair, _is_pair(pair), "a pair (layer, neuron), such as (1, 0)")
            yield "sum_of", tuple(map(int, pair))
        pairs = _entries("highlight", self.highlight, _is_pair, expected)
        yield "highlight", tuple((int(layer), int(i)) for layer, i in pairs)

    def numbered(self, layer: int) -> bool:
        """Return whether the activations and blame of a layer are written in digits."""
        return self.numbers if isinstance(self.numbers, bool) else self.numbers[layer]

    @property
    def any_numbers(self) -> bool:
        """Whether the activations and blame of any layer are written in digits."""
        return self.numbers if isinstance(self.numbers, bool) else any(self.numbers)

    def replaced(self, **options: Any) -> Style:
        """Return the same style with other options.

        Raises:
            ProblemError: There is no such option, or one has a wrong value.
        """
        known = [option.name for option in fields(self)]
        for option in options:
            if option not in known:
                found, expected = f"has no option {option!r}", f"one of {', '.join(known)}"
                hint = did_you_mean(option, known)
                raise ProblemError(Problem("NetworkDiagram", found, expected, hint))
        return replace(self, **options)

    def check(self, sizes: tuple[int, ...]) -> None:
        """Check what depends on a network.

        Args:
            sizes: Neurons in each layer, input first.

        Raises:
            ProblemError: An option does not fit the network. ``Problem.where`` is the option,
                such as ``names`` or ``neuron_labels[0]``.
        """
        layers = len(sizes)
        for option, texts in (
            ("numbers", None if isinstance(self.numbers, bool) else self.numbers),
            ("names", self.names),
            ("captions", self.captions or None),
            ("layer_colors", self.layer_colors or None),
        ):
            if texts is not None:
                _expect_entries(option, len(texts), layers, "layer")
        if self.input_grid:
            self._check_grid(sizes)
        self._check_labels(sizes)
        if self.sum_of is not None:
            layer, i = self.sum_of
            if not 1 <= layer < layers:
                expected = f"1 to {layers - 1}, the layers after the input"
                raise ProblemError(Problem("sum_of", f"has layer {layer}", expected))
            _expect_there("sum_of", f"neuron {i} of layer {layer}", i, sizes[layer])
        for layer, i in self.highlight:
            _expect_there("highlight", f"layer {layer}", layer, layers)
            _expect_there("highlight", f"neuron {i} of layer {layer}", i, sizes[layer])

    def _check_labels(self, sizes: tuple[int, ...]) -> None:
        layers = len(sizes)
        for layer, texts in self.neuron_labels.items():
            if not -layers <= layer < layers:
                expected = f"0 to {layers - 1}, or -1 for the output"
                raise ProblemError(Problem("neuron_labels", f"has layer {layer}", expected))
            if layer < 0 and layer + layers in self.neuron_labels:
                found = f"has both {layer} and {layer + layers}, which are the same layer"
                raise ProblemError(Problem("neuron_labels", found, "one of them"))
            _expect_entries(f"neuron_labels[{layer}]", len(texts), sizes[layer], "neuron")

    def _check_grid(self, sizes: tuple[int, ...]) -> None:
        """There is no room for texts next to a pixel."""
        inputs = sizes[0]
        if math.isqrt(inputs) ** 2 != inputs:
            expected = "a square number of inputs, such as 784"
            raise ProblemError(Problem("input_grid", f"is True for {inputs} inputs", expected))
        if self.biases == "neurons":
            others = _either(choice for choice in CHOICES["biases"] if choice != "neurons")
            raise ProblemError(Problem("biases", "is 'neurons' with input_grid", others))
        for layer in self.neuron_labels:
            if layer % len(sizes) == 0:
                found = "is given for the input, which input_grid draws as pixels"
                raise ProblemError(Problem(f"neuron_labels[{layer}]", found, "another layer"))


def _expect_entries(option: str, found: int, right: int, each: str) -> None:
    if found != right:
        expected = f"{right}, one for each {each}"
        raise ProblemError(Problem(option, f"has {found} entries", expected))


def _expect_there(option: str, what: str, index: int, count: int) -> None:
    if not 0 <= index < count:
        raise ProblemError(Problem(option, f"has {what}", f"0 to {count - 1}"))


def _entries(
    option: str, found: object, right: Callable[[Any], bool], expected: str
) -> tuple[Any, ...]:
    """Return the entries of a list as a tuple. A text is not a list of letters."""
    several = isinstance(found, Iterable) and not isinstance(found, str | Mapping | Set)
    entries = tuple(found) if isinstance(found, Iterable) and several else ()
    expect(option, found, several and all(map(right, entries)), expected)
    return entries


def _colors(found: object) -> tuple[str, ...]:
    """Return colours as ``#RRGGBB``; manim's own colours are accepted."""
    expected = "a colour for each layer, such as ('#50BCFE', ''), where '' is the theme's"
    colors = _entries("layer_colors", found, lambda _: True, expected)
    texts = [color.to_hex() if hasattr(color, "to_hex") else color for color in colors]
    for text in texts:
        if text != "" and not (_is_text(text) and _HEX.fullmatch(text)):
            raise ProblemError(Problem("layer_colors", f"has {shown(text)}", expected))
    return tuple(texts)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _is_index(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_length(value: float) -> bool:
    return _is_number(value) and LEAST_LENGTH <= value < math.inf


def _is_pair(value: object) -> bool:
    pair = tuple(value) if isinstance(value, Iterable) else ()
    return len(pair) == 2 and all(map(_is_index, pair))


def _either(choices: Iterable[str]) -> str:
    *others, last = map(repr, choices)
    return f"{', '.join(others)} or {last}"
