"""Everything that a network file may contain: one pydantic model a table, one field a key.

A field's type and its bounds say what a single value may be, and its docstring is the description
of the key in the JSON Schema. What several values must agree on is in ``checks``.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    create_model,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from netviz import plugins
from netviz.catalogue import ACTS
from netviz.core import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS
from netviz.core.activations import SYNONYMS, activation_named
from netviz.datasets import ON_MISSING
from netviz.export import FORMATS, QUALITY_PRESETS
from netviz.export.request import (
    ASPECTS,
    FASTEST,
    FILE_SIZE,
    LONGEST_HOLD,
    MOST_LOOPS,
    SPEEDS,
    WIDTHS,
)
from netviz.problems import ProblemError
from netviz.spec.toml import (
    CONTROL,
    EACH,
    MISMATCH,
    ONE,
    WORD,
    Expected,
    Index,
    Later,
    Length,
    Limit,
    Line,
    Matrix,
    Number,
    OneOf,
    Pair,
    Pattern,
    Positive,
    Text,
    TomlTable,
    Vector,
    one_or_each,
    refusal,
)
from netviz.style import CHOICES
from netviz.theme import THEMES
from netviz.words import languages, load_words

MAX_LAYERS = 100
MAX_NEURONS = 10_000
MAX_EPOCHS = 1_000_000_000
SOURCES = ("layers", "weights", "model")  # [network] needs one of them
CAPTION = "caption."  # the prefix of captions in ``netviz.words``
PACES = 0.25, 4.0  # how much slower and faster a film may be played than it was made

# ---- The network and its sample ------------------------------------------------------------------


class _ActivationText:
    """Marks a string as an activation: a name, or one with settings such as leaky_relu(0.2)."""

    names = OneOf(ACTIVATIONS, synonyms=SYNONYMS)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate as a name of ``ACTIVATIONS``, or else as a text for ``activation_named``."""
        by_name = self.names.__get_pydantic_core_schema__(source, handler)
        return core_schema.no_info_wrap_validator_function(_activation_text, by_name)

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """List the names, and give a pattern for those with settings."""
        return {
            "anyOf": [
                {"enum": self.names.names, "type": "string"},
                {"pattern": _activation_pattern(), "type": "string"},
            ]
        }


def _activation_pattern() -> str:
    number = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"
    kinds = []
    for name, activation in ACTIVATIONS.items():
        if activation.settings:
            setting = rf"(({'|'.join(activation.settings)}) *= *)?{number}"
            kinds.append(rf"{name}\( *{setting} *(, *{setting} *)*\)")
    return f"^({'|'.join(kinds)})$"


def _activation_text(value: object, by_name: ValidatorFunctionWrapHandler) -> str:
    """Return the text of an activation, or raise an error of pydantic."""
    name = value.partition("(")[0] if isinstance(value, str) else ""
    if value == name and name and plugins.load_named("netviz.activations", name):
        return name
    if not isinstance(value, str) or value == name or name not in ACTIVATIONS:
        text: str = by_name(value)
        return text
    try:
        expected = activation_named(value).text
    except ProblemError as error:
        problem = error.problems[0]
        setting = "" if problem.where == "activation" else f" as {problem.where}"
        expected = problem.expected + setting
    else:
        if re.fullmatch(_activation_pattern(), value):
            return value
    raise PydanticCustomError(MISMATCH, "", {"expected": expected})


ActivationText = Annotated[str, _ActivationText()]
OneOrEach = Annotated[
    Annotated[ActivationText, Tag(ONE)] | Annotated[list[ActivationText], Tag(EACH)],
    Discriminator(one_or_each),
]
Size = Annotated[int, Field(ge=1, le=MAX_NEURONS)]


class NetworkTable(TomlTable):
    """The layers of the network, and their weights or how these are initialized."""

    exclusive = (
        *(("model", key) for key in ("layers", "init", "weights", "biases", "skips")),
        *(("weights", key) for key in ("init", "seed")),
    )
    requires: ClassVar = {"biases": "weights"}
    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [key]} for key in SOURCES]})

    layers: Annotated[list[Size], Field(min_length=2, max_length=MAX_LAYERS)] | None = Field(
        default=None, examples=[[4, 8, 3]]
    )
    """Number of neurons in each layer, the input layer first. Optional if ``weights`` are given."""

    activation: OneOrEach = Field(default="sigmoid", examples=[["relu", "softmax"]])
    """Activation function of every layer after the input, such as "relu" or "leaky_relu(0.2)", or
    an array with one for each of them."""

    init: Annotated[str, OneOf(INITIALIZERS)] = Field(
        default="xavier_uniform", examples=["he_normal"]
    )
    """Initializer of the random weights."""

    seed: Annotated[int, Field(ge=0)] = Field(default=0, examples=[7])
    """Seed of the random weights, and of the random sample if there is no ``[sample]``."""

    weights: Annotated[list[Matrix], Field(min_length=1)] | None = Field(
        default=None, examples=[[[[0.5, -1.0], [2.0, 0.3]], [[1.0, -1.5]]]]
    )
    """A matrix for each layer after the input: a row for each neuron of the layer, and in the row
    a number for each neuron of the layer before. The weight W₁,₂ on screen, from neuron 1 to
    neuron 2, is the first number of the second row."""

    biases: Annotated[list[Vector], Field(min_length=1)] | None = Field(
        default=None, examples=[[[0.1, -0.2], [0.0]]]
    )
    """An array for each layer after the input, with a bias for each neuron. Default: zeros."""

    skips: list[Pair] = Field(default=[], examples=[[[0, 2]]])
    """Skip connections as [source, target], layers counted from 0, the input layer. The activations
    of the source are added to the weighted sums of the target, which is at least two layers later
    and has as many neurons."""

    model: Text | None = Field(default=None, examples=["trained.onnx"])
    """File of a trained model, relative to this file, in place of layers or weights. If it contains
    only arrays, ``activation`` gives the activation functions."""

    @model_validator(mode="after")
    def _there_are_layers(self) -> Self:
        if not self.model_fields_set & set(SOURCES):
            expected = "the number of neurons in each layer, such as layers = [5, 2, 2, 5]"
            raise refusal("layers", "is missing", expected)
        return self


class SampleTable(TomlTable):
    """An input of the network and the target for it."""

    input: Vector = Field(examples=[[0.9, 0.1]])
    """One number for each input neuron, in the units of the data."""

    target: Vector = Field(examples=[[1.0]])
    """The desired prediction, one number for each output neuron."""


def _loss_name(value: object, by_name: ValidatorFunctionWrapHandler) -> str:
    """Return the name of a loss, also of one from another package."""
    if isinstance(value, str) and value and plugins.load_named("netviz.losses", value):
        return value
    text: str = by_name(value)
    return text


class LossTable(TomlTable):
    """How prediction and target are compared."""

    name: Annotated[str, OneOf(LOSSES), WrapValidator(_loss_name)] = Field(
        default="mse", examples=["cross_entropy"]
    )
    """Name of the loss function."""


class UpdateTable(TomlTable):
    """The step of gradient descent that is shown for the sample."""

    learning_rate: Positive = Field(default=0.5, examples=[0.1])
    """Learning rate η in W − η ∂L/∂W."""


# ---- Training ------------------------------------------------------------------------------------

Columns = Annotated[
    Annotated[int, Field(ge=1), Tag(ONE)] | Annotated[list[str], Field(min_length=1), Tag(EACH)],
    Discriminator(one_or_each),
]

ColumnName = Annotated[str, Pattern(rf"^[^{CONTROL}]+$", "the name of a column")]


class DataTable(TomlTable):
    """Where the training data are, and how they are prepared."""

    exclusive = (("targets", "target"),)

    source: Text = Field(examples=["students.csv"])
    """A built-in data set such as "iris", or a .csv or .npz file, relative to this file."""

    inputs: Annotated[list[str], Field(min_length=1)] | None = Field(
        default=None, examples=[["hours", "sleep"]]
    )
    """The names of the input columns of a CSV file. Default: all that are not targets."""

    targets: Columns = Field(default=1, examples=[2])
    """The target columns of a CSV file: their names, or how many of the last columns they are."""

    target: Text | None = Field(default=None, examples=["passed"])
    """The name of the target column of a CSV file, if it is only one."""

    classes: bool | None = Field(default=None, examples=[True])
    """Whether the target column of a CSV file is a class. Default: true if it contains text."""

    missing: Annotated[str, OneOf(ON_MISSING)] = Field(default="error", examples=["skip"])
    """What happens if a value is missing in a CSV file: an error, or "skip" to leave out the
    row."""

    units: dict[ColumnName, Line] | None = Field(default=None, examples=[{"hours": "h"}])
    """The unit of an input, by the name of its column. A name such as "length (cm)" has its unit
    already."""

    standardise: bool = Field(default=False, examples=[True])
    """Whether each input is shifted and scaled to mean 0 and standard deviation 1. The network then
    gets these numbers, which stand in the neurons, and what was measured stands next to them.
    ``sample.input`` is given as it was measured."""

    validation: Annotated[float, Field(gt=0, lt=1)] | None = Field(default=None, examples=[0.2])
    """Share of the samples that is used for validation only, sampled with ``training.seed``."""


class TrainingTable(TomlTable):
    """Optimizer, order and number of the training steps."""

    optimizer: Annotated[str, OneOf(OPTIMIZERS)] = Field(default="sgd", examples=["adam"])
    """The rule that turns gradients into steps."""

    learning_rate: Positive | None = Field(default=None, examples=[0.01])
    """Learning rate η. Default: that of the optimizer."""

    epochs: Annotated[int, Field(ge=1, le=MAX_EPOCHS)] = Field(default=100, examples=[200])
    """Number of passes over all training samples."""

    batch_size: Annotated[int, Field(ge=1)] | None = Field(default=None, examples=[32])
    """Number of samples in a step. Default: all of them."""

    weight_decay: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        default=None, examples=[0.01]
    )
    """Weight decay λ, which pulls the parameters towards zero. Default: that of the optimizer."""

    dropout: Annotated[float, Field(ge=0, lt=1)] = Field(default=0.0, examples=[0.5])
    """Probability with which an activation of a hidden layer is set to zero in a step."""

    patience: Annotated[int, Field(ge=1)] | None = Field(default=None, examples=[10])
    """Early stopping: the training ends after this many epochs without a lower validation loss, and
    the network of the best epoch is the result. Needs ``data.validation``."""

    seed: Annotated[int, Field(ge=0)] = Field(default=0, examples=[1])
    """Seed of the order of the samples and of the choice of those for validation."""

    follow: list[Index] = Field(default=[0], min_length=1, examples=[[0, 7]])
    """Rows of the data, counted from 0, whose passes are shown. They are always used for training,
    never for validation."""


# ---- Style and labels ----------------------------------------------------------------------------

Color = Annotated[str, Pattern(r"^(#[0-9A-Fa-f]{6})?$", 'a colour such as "#50BCFE", or ""')]
LayerKey = Annotated[
    str, Pattern(r"^(input|output|0|[1-9][0-9]?)$", "input, output, or the number of a layer")
]


class StyleTable(TomlTable):
    """How the network is drawn. The theme gives the defaults.

    Lengths are in manim units: the frame is 8 units high. Layers and neurons are counted from 0,
    the input layer.
    """

    theme: Annotated[str, OneOf(THEMES)] | None = Field(default=None, examples=["light"])
    """The colour theme, like ``--theme``. Default: dark; light for ``netviz diagram``."""

    language: Annotated[str, OneOf(languages())] | None = Field(default=None, examples=["ko"])
    """Language of captions and names, like ``--lang``. Default: English."""

    max_neurons: Limit | None = Field(default=None, examples=[12])
    """A longer layer is drawn as its first neurons, ⋮ and its last; "all" draws every neuron."""

    input_grid: bool | None = Field(default=None, examples=[True])
    """Whether the input, a square image, is drawn as a grid of pixels."""

    direction: Annotated[str, OneOf(CHOICES["direction"])] | None = Field(
        default=None, examples=["down"]
    )
    """Direction in which activations flow."""

    layer_spacing: Length | None = Field(default=None, examples=[2.5])
    """Distance between the centres of neighbouring layers; "auto", the default, fills the frame."""

    neuron_spacing: Length | None = Field(default=None, examples=["auto"])
    """Distance between the centres of neighbouring neurons of a layer; "auto", the default, fills
    the frame."""

    neuron_size: Length | None = Field(default=None, examples=[0.3])
    """Radius of a neuron; "auto", the default, makes it as large as fits."""

    numbers: (
        Annotated[
            Annotated[bool, Tag(ONE)] | Annotated[list[bool], Tag(EACH)], Discriminator(one_or_each)
        ]
        | None
    ) = Field(default=None, examples=[[False, True, True]])
    """Whether activations and blame are written as numbers; or an array with that for each layer,
    input first."""

    biases: Annotated[str, OneOf(CHOICES["biases"])] | None = Field(
        default=None, examples=["neurons"]
    )
    """Biases are hidden, written as numbers next to the neurons, or drawn as neurons that always
    output 1."""

    edge_labels: Annotated[str, OneOf(CHOICES["edge_labels"])] | None = Field(
        default=None, examples=["names"]
    )
    """Edges have no labels, their weights, or the names of their weights, such as W₁,₂: the weight
    from neuron 1 to neuron 2, counted from 1."""

    edge_shape: Annotated[str, OneOf(CHOICES["edge_shape"])] | None = Field(
        default=None, examples=["curved"]
    )
    """Straight or curved edges."""

    edge_colors: Annotated[str, OneOf(CHOICES["edge_colors"])] | None = Field(
        default=None, examples=["sign"]
    )
    """One colour, one for each sign, a colour scale by weight, or a gradient from the colour of a
    layer to that of the next."""

    edge_threshold: Annotated[float, Field(ge=0, le=1)] | None = Field(default=None, examples=[0.5])
    """Edges with |w| below this quantile of their layer are hidden."""

    layer_names: bool | None = Field(default=None, examples=[False])
    """Whether the names of the layers are written."""

    braces: bool | None = Field(default=None, examples=[True])
    """Whether each layer has a brace with its number of neurons."""

    layer_colors: list[Color] | None = Field(default=None, examples=[["#FF862F", "", ""]])
    """A colour for each layer, such as "#50BCFE"; "" is the colour of the theme."""

    sum_of: Pair | None = Field(default=None, examples=[[1, 0]])
    """A neuron, as [layer, neuron], whose sum is written on its edges, in an open gap between
    layers."""

    highlight: list[Pair] | None = Field(default=None, examples=[[[0, 1], [1, 0], [2, 2]]])
    """Neurons, as [layer, neuron], that are shown at full brightness while the others are
    dimmed."""


class LabelsTable(TomlTable):
    """Names and texts in the drawing of this network."""

    names: list[Line] | None = Field(default=None, examples=[["Pixels", "Features", "Digits"]])
    """A name for each layer, input layer first; "" for none."""

    captions: list[Line] | None = Field(default=None, examples=[["28 × 28", "", "0 to 9"]])
    """A text under each layer, input layer first; "" for none."""

    neurons: dict[LayerKey, list[Line]] | None = Field(
        default=None, examples=[{"input": ["hours", "sleep"], "output": ["pass"]}]
    )
    """Texts next to the neurons of a layer. The key is "input", "output", or the number of the
    layer, counted from 0, the input layer."""


# ---- The film and its file -----------------------------------------------------------------------


def caption_fields(text: str) -> list[str]:
    """Return the names in the braces of a text, in order."""
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def _caption_pattern(original: str) -> Pattern:
    """Return the pattern of a caption: one line, not empty, with no fields but the original's."""
    names = sorted(set(caption_fields(original)))
    filled = rf"|\{{({'|'.join(names)})\}}" if names else ""
    others = f" other than {', '.join(f'{{{name}}}' for name in names)}" if names else ""
    return Pattern(
        rf"^([^{{}}{CONTROL}]|\{{\{{|\}}\}}{filled})+$",
        f"a non-empty line of text without {{fields}}{others}",
    )


@cache
def captions_table() -> type[TomlTable]:
    """Return a table with a key for each caption."""
    originals = {
        key.removeprefix(CAPTION): text
        for key, text in load_words("en").texts.items()
        if key.startswith(CAPTION)
    }
    keys: dict[str, Any] = {
        key.replace(".", "_"): (
            Annotated[str, _caption_pattern(text)] | None,
            Field(None, alias=key, description=f'Replaces "{text}"'),
        )
        for key, text in originals.items()
    }
    doc = 'Your own captions, by the key of the original in quotes: ``"forward.bias" = "…"``.'
    return create_model("CaptionsTable", __base__=TomlTable, __doc__=doc, **keys)


FilmFile = Annotated[
    str,
    Pattern(
        rf"^[^{CONTROL}]*[^/\\{CONTROL}]\.({'|'.join(suffix[1:] for suffix in FORMATS)})$",
        f"a file name that ends in {', '.join(FORMATS)}",
    ),
]

OptionName = Annotated[str, Pattern(r"^[A-Za-z_][A-Za-z0-9_]*$", "the name of an option")]
# Which options there are, and their values, is for the scene to say.
OptionValue = Annotated[
    bool | int | Number | Line | list[Number],
    Expected("a number, a string, true, false, or an array of numbers"),
]


Pace = Annotated[float, Field(ge=PACES[0], le=PACES[1])]


class PacingTable(TomlTable):
    """How fast a film is played. Captions are always shown long enough to be read."""

    exclusive: ClassVar[tuple[tuple[str, str], ...]] = (("pace", "duration"),)

    pace: Pace | None = Field(default=None, examples=[1.5])
    """How fast, compared with the film as it was made: 2 is twice as fast."""

    hold: Pace | None = Field(default=None, examples=[1.5])
    """How long pictures stay, compared with the film as it was made."""

    duration: Positive | None = Field(default=None, examples=[60.0])
    """Seconds to which the whole film is stretched or compressed."""

    @property
    def pacing(self) -> dict[str, float]:
        """What is given of pace, hold and duration."""
        values = {key: getattr(self, key) for key in PacingTable.model_fields}
        return {key: value for key, value in values.items() if value is not None}


class SceneTable(PacingTable):
    """What the film shows and says. Default: the scene ``loop``."""

    exclusive = (("name", "acts"), *PacingTable.exclusive)
    requires: ClassVar = {"options": "name"}

    name: Text | None = Field(default=None, examples=["forward_pass"])
    """A name from ``netviz list``, or FILE.py or FILE.py:ClassName, relative to this file."""

    acts: Annotated[list[Annotated[str, OneOf(ACTS)]], Field(min_length=1)] | None = Field(
        default=None, examples=[["neuron", "layers", "loss"]]
    )
    """Acts, in the order in which they are played, in place of a scene."""

    options: dict[OptionName, OptionValue] | None = Field(default=None, examples=[{"gate": "OR"}])
    """Options of the scene, by their names; ``netviz list SCENE`` lists them."""

    captions: Annotated[
        Annotated[
            Annotated[Literal[False], Expected("a table of captions, or false"), Tag(WORD)]
            | Annotated[Any, Later(captions_table), Tag(ONE)],
            Discriminator(lambda value: ONE if isinstance(value, dict | BaseModel) else WORD),
        ]
        | None,
        Field(examples=[{"forward.bias": "The bias is added."}]),
    ] = None
    """Your own captions; or false for none on screen, where the picture then has their room."""


class OutputTable(TomlTable):
    """The file that is written. Options of the command line take precedence."""

    file: FilmFile | None = Field(default=None, examples=["lesson.gif"])
    """File to write. Its suffix chooses the format. The path is relative to the network file, like
    all paths in it. Default: ``media/NAME.mp4`` in the current folder."""

    quality: Annotated[str, OneOf(QUALITY_PRESETS)] | None = Field(default=None, examples=["high"])
    """Width and frame rate. A .gif has defaults of its own."""

    fps: Annotated[float, Field(ge=1, le=FASTEST)] | None = Field(default=None, examples=[20.0])
    """Frames per second, in place of the quality's."""

    width: Annotated[int, Field(ge=WIDTHS[0], le=WIDTHS[-1])] | None = Field(
        default=None, examples=[800]
    )
    """Width in pixels, in place of the quality's."""

    aspect: Annotated[str, OneOf(ASPECTS)] | None = Field(default=None, examples=["1:1"])
    """Width to height. In a frame that is higher than 16:9, the picture keeps its shape, and larger
    captions are below it. Default: 16:9."""

    crop: bool | None = Field(default=None, examples=[True])
    """Whether pictures are cut to what is drawn, and a margin: in a film, to what is drawn at any
    moment."""

    transparent: bool | None = Field(default=None, examples=[True])
    """Whether pictures have no background, in the formats that can."""

    from_: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        default=None, alias="from", examples=[3.0]
    )
    """Where the film begins, in seconds."""

    to: Positive | None = Field(default=None, examples=[9.0])
    """Where the film ends, in seconds."""

    speed: Annotated[float, Field(ge=SPEEDS[0], le=SPEEDS[1])] | None = Field(
        default=None, examples=[2.0]
    )
    """How fast the finished film runs, captions too: 2 is twice as fast."""

    hold_end: Annotated[float, Field(ge=0, le=LONGEST_HOLD)] | None = Field(
        default=None, examples=[2.0]
    )
    """Seconds for which the last picture stays longer."""

    loop: Annotated[int, Field(ge=0, le=MOST_LOOPS)] | None = Field(default=None, examples=[1])
    """How often an animated image is played; after that it shows its last picture. Default: 0,
    endlessly."""

    max_size: Annotated[str, Pattern(FILE_SIZE, "a size such as 1MB or 500kB")] | None = Field(
        default=None, examples=["1MB"]
    )
    """Most bytes of the file. If it is larger, its frame rate is lowered, then its width, then its
    colours or its quality."""

    at: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        default=None, examples=[12.5]
    )
    """Time of a still image in seconds. Default: the end of the film."""


# ---- The whole file ------------------------------------------------------------------------------


_NETWORK_OR_SCENE: dict[str, Any] = {
    "anyOf": [
        {"required": ["network"]},
        {"required": ["scene"], "properties": {"scene": {"required": ["name"]}}},
    ]
}


class NetworkFile(TomlTable):
    """A network file, or a file about a scene of its own, without a network."""

    requires: ClassVar = {
        "training": "data",
        **dict.fromkeys(("sample", "loss", "update", "data", "labels"), "network"),
    }
    model_config = ConfigDict(json_schema_extra=_NETWORK_OR_SCENE)

    network: NetworkTable | None = None
    """A table [network] with the sizes or the weights of the layers. Needed unless ``scene.name``
    names a scene, which then shows its own."""

    sample: SampleTable | None = None
    """Input and target. Default: the first row of ``training.follow``; without data, random inputs
    from 0 to 1 and a random one-hot target."""

    loss: LossTable = LossTable.model_construct()
    """The loss function."""

    update: UpdateTable = UpdateTable.model_construct()
    """The step of gradient descent."""

    data: DataTable | None = None
    """The training data."""

    training: TrainingTable | None = None
    """How the network is trained on the data."""

    style: StyleTable = StyleTable.model_construct()
    """How the network is drawn."""

    labels: LabelsTable = LabelsTable.model_construct()
    """Names and texts in the drawing."""

    scene: SceneTable = SceneTable.model_construct()
    """What the film shows and says."""

    output: OutputTable = OutputTable.model_construct()
    """The file that is written."""

    @model_validator(mode="after")
    def _there_is_a_network(self) -> Self:
        if self.network is None and self.scene.name is None:
            expected = "a table [network] with the sizes or the weights of the layers"
            raise refusal("network", "is missing", expected)
        return self
