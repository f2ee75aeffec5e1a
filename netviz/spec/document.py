"""What a network file may hold: one pydantic model a table, one field a key.

Everything that can be said of a single value is said here, by its type and its bounds; what
several values must agree on is in ``checks``.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from netviz.core import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS
from netviz.spec.film import OutputTable, SceneTable
from netviz.spec.look import LabelsTable, StyleTable
from netviz.spec.table import (
    EACH,
    ONE,
    Matrix,
    OneOf,
    Row,
    Table,
    Text,
    Vector,
    one_or_each,
    refusal,
)

MAX_LAYERS = 100
MAX_NEURONS = 10_000
SOURCES = ("layers", "weights", "model")  # of a network: one of them is needed

ActivationName = Annotated[str, OneOf(ACTIVATIONS)]
OneOrEach = Annotated[
    Annotated[ActivationName, Tag(ONE)] | Annotated[list[ActivationName], Tag(EACH)],
    Discriminator(one_or_each),
]
Size = Annotated[int, Field(ge=1, le=MAX_NEURONS)]
Columns = Annotated[
    Annotated[int, Field(ge=1), Tag(ONE)] | Annotated[list[str], Field(min_length=1), Tag(EACH)],
    Discriminator(one_or_each),
]


class NetworkTable(Table):
    """The layers of the network, and how their weights are drawn or what they are."""

    apart = (
        *(("model", key) for key in ("layers", "init", "weights", "biases")),
        *(("weights", key) for key in ("init", "seed")),
    )
    beside: ClassVar = {"biases": "weights"}
    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": [key]} for key in SOURCES]})

    layers: Annotated[list[Size], Field(min_length=2, max_length=MAX_LAYERS)] | None = None
    """Neurons in each layer, the inputs first; may be left out where ``weights`` are given."""

    activation: OneOrEach = "sigmoid"
    """Activation of every layer after the input, or an array with one for each of them."""

    init: Annotated[str, OneOf(INITIALIZERS)] = "xavier_uniform"
    """How random weights are drawn."""

    seed: Annotated[int, Field(ge=0)] = 0
    """Seed of the random weights, and of the sample if there is no ``[sample]``."""

    weights: Annotated[list[Matrix], Field(min_length=1)] | None = None
    """A matrix for each layer after the input: a row for each neuron, a number for each edge."""

    biases: Annotated[list[Vector], Field(min_length=1)] | None = None
    """An array for each layer after the input; zeros if left out."""

    model: Text | None = None
    """File of a trained model, relative to this one, instead of layers or weights; where it holds
    arrays alone, ``activation`` tells what is between them."""

    @model_validator(mode="after")
    def _there_are_layers(self) -> Self:
        if not self.model_fields_set & set(SOURCES):
            right = "the neurons in each layer, such as layers = [5, 2, 2, 5]"
            raise refusal("layers", "is missing", right)
        return self


class SampleTable(Table):
    """The input that runs through the network, and what it should answer."""

    input: Vector
    """One number for each input neuron."""

    target: Vector
    """One number for each output neuron."""


class LossTable(Table):
    """How far the prediction is from the target."""

    name: Annotated[str, OneOf(LOSSES)] = "mse"
    """The loss function."""


class UpdateTable(Table):
    """How the weights are corrected."""

    learning_rate: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 0.5
    """η in W − η ∂L/∂W."""


class DataTable(Table):
    """What the network is trained on."""

    source: Text
    """A built-in data set such as "iris", or a .csv or .npz file, relative to this one."""

    targets: Columns = 1
    """Which columns of a CSV are targets: their names, or how many of the last ones."""

    classes: bool | None = None
    """Whether the target in a CSV is a class; where left out, it is if it is a text."""

    standardise: bool = False
    """Whether each input is shifted and scaled to mean 0 and standard deviation 1."""

    validation: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Share of the samples, chosen by ``training.seed``, that is only judged by."""


class TrainingTable(Table):
    """How the network is trained."""

    optimizer: Annotated[str, OneOf(OPTIMIZERS)] = "sgd"
    """The rule that turns gradients into steps."""

    learning_rate: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """η; the optimizer's own if left out."""

    epochs: Annotated[int, Field(ge=1)] = 100
    """How many times all samples are seen."""

    batch_size: Annotated[int, Field(ge=1)] | None = None
    """Samples in a step; all of them if left out."""

    seed: Annotated[int, Field(ge=0)] = 0
    """Seed of the order of the samples, and of the choice of those for validation."""

    follow: list[Row] = Field(default=[0], min_length=1)
    """Rows of the data, from 0, whose passes are shown; they are never set aside to validate."""


class NetworkFile(Table):
    """A whole network file."""

    beside: ClassVar = {"training": "data"}

    network: NetworkTable
    """A table [network] with the sizes or the weights of the layers."""

    sample: SampleTable | None = None
    """If left out, the first row that is followed; without data, drawn from the seed: inputs in
    0 … 1, and a one-hot target."""

    loss: LossTable = LossTable()
    """What the prediction is judged by."""

    update: UpdateTable = UpdateTable()
    """The step of gradient descent."""

    data: DataTable | None = None
    """The samples to train on."""

    training: TrainingTable | None = None
    """How to train on the data."""

    style: StyleTable = StyleTable()
    """How the network is drawn."""

    labels: LabelsTable = LabelsTable()
    """What is written about it."""

    scene: SceneTable = SceneTable()
    """What is played."""

    output: OutputTable = OutputTable()
    """The file that is written."""
