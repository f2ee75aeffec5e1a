"""The tables [style] and [labels]: how the network is drawn, and what is written about it.

Their fields are those of ``netviz.style.Style``, ``neuron_labels`` as [labels.neurons].
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from netviz.spec.table import (
    CONTROL,
    ONE,
    WORD,
    Length,
    OneOf,
    Row,
    Table,
    Text,
    Written,
    number_or_word,
)
from netviz.style import CHOICES
from netviz.theme import THEMES
from netviz.words import languages

NOTHING = {"all", "auto"}  # the words that stand for None
ENDS = {"input": 0, "output": -1}

Limit = Annotated[
    Annotated[int, Field(ge=3), Tag(ONE)] | Annotated[Literal["all"], Tag(WORD)],
    Discriminator(number_or_word),
]
Color = Annotated[str, Written(r"^(#[0-9A-Fa-f]{6})?$", 'a colour such as "#50BCFE", or ""')]
Line = Annotated[str, Written(rf"^[^{CONTROL}]*$", "a text of one line")]
Pair = Annotated[list[Row], Field(min_length=2, max_length=2)]
LayerKey = Annotated[
    str, Written(r"^(input|output|0|[1-9][0-9]?)$", "input, output, or the number of a layer")
]


class StyleTable(Table):
    """How everything looks; what is left out is as the theme has it.

    Lengths are in manim's units: the frame is 8 of them high. Layers and neurons are counted
    from 0, the input.
    """

    theme: Annotated[str, OneOf(THEMES)] | None = None
    """Colours, as ``--theme`` chooses them."""

    language: Annotated[str, OneOf(languages())] | None = None
    """Of captions and names, as ``--lang`` chooses it."""

    max_neurons: Limit | None = None
    """A longer layer is drawn as its first neurons, ⋮ and its last; "all" draws every neuron."""

    input_grid: bool | None = None
    """Whether the input, a square image, stands as its pixels."""

    direction: Annotated[str, OneOf(CHOICES["direction"])] | None = None
    """Which way activations flow."""

    layer_spacing: Length | None = None
    """From the middle of a layer to the next; "auto" fills the frame."""

    neuron_spacing: Length | None = None
    """From the middle of a neuron to the next of its layer; "auto" fills the frame."""

    neuron_size: Length | None = None
    """Radius of a neuron; "auto" for as large as there is room."""

    numbers: bool | None = None
    """Whether activations and blame are written in digits."""

    biases: Annotated[str, OneOf(CHOICES["biases"])] | None = None
    """Not shown, as numbers beside the neurons, or as neurons that are always 1."""

    edge_labels: Annotated[str, OneOf(CHOICES["edge_labels"])] | None = None
    """Nothing on the edges, their weights, or the names of these."""

    edge_shape: Annotated[str, OneOf(CHOICES["edge_shape"])] | None = None
    """Straight or curved edges."""

    edge_colors: Annotated[str, OneOf(CHOICES["edge_colors"])] | None = None
    """One colour, one for each sign, a scale by weight, or from layer colour to layer colour."""

    edge_threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    """Edges whose |w| is below this quantile of their layer are hidden."""

    layer_names: bool | None = None
    """Whether the names of the layers are written."""

    braces: bool | None = None
    """Whether a brace with its number of neurons stands at each layer."""

    layer_colors: list[Color] | None = None
    """A colour for each layer, such as "#50BCFE"; "" for the theme's."""

    highlight: list[Pair] | None = None
    """Neurons that stay in the light, as [layer, neuron]; everything else is dimmed."""


class LabelsTable(Table):
    """What is written about this network."""

    names: list[Text] | None = None
    """A name for each layer, input first."""

    captions: list[Line] | None = None
    """A text under each layer, input first; "" for none."""

    neurons: dict[LayerKey, list[Line]] | None = None
    """Texts beside the neurons of a layer: "input", "output", or its number from the input, 0."""


def options(style: StyleTable, labels: LabelsTable) -> dict[str, Any]:
    """What the two tables tell, as keywords for a diagram: attributes of ``Style``."""
    told = style.model_dump(exclude_unset=True, exclude={"theme", "language"})
    told |= labels.model_dump(exclude_unset=True, exclude={"neurons"})
    if labels.neurons is not None:
        told["neuron_labels"] = {
            ENDS[layer] if layer in ENDS else int(layer): tuple(texts)
            for layer, texts in labels.neurons.items()
        }
    return {option: _value(value) for option, value in told.items()}


def _value(value: Any) -> Any:
    """As ``Style`` has it: nothing is None, and arrays are tuples."""
    return None if isinstance(value, str) and value in NOTHING else _frozen(value)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
