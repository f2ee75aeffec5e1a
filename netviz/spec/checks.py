"""What the values of a network file must agree on, beyond what each must be by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from netviz.core import ACTIVATIONS, LOSSES, Network
from netviz.export import FORMATS
from netviz.spec.document import NetworkFile, NetworkTable
from netviz.spec.film import OutputTable
from netviz.spec.look import LabelsTable, options
from netviz.spec.problems import Problem
from netviz.style import Style

MAX_WEIGHTS = 10_000_000
NO_SLOPE = "whose slope is zero, so that no blame can flow back through it"
LABELS = {"names", "captions", "neuron_labels"}  # options that stand in [labels]
SLOPE = "an activation with a slope, such as sigmoid"


def problems(file: NetworkFile, trained: Network | None = None) -> Iterator[Problem]:
    """Yield what does not fit together, in the order in which a reader would mend it.

    Args:
        file: What the file says.
        trained: The network in the model that it names, if it names one.
    """
    network = file.network
    if trained is not None:
        yield from _trained(trained)
        sizes: Sequence[int] = trained.sizes
        names: Sequence[str] = [layer.activation.name for layer in trained.layers]
    else:
        sizes = sizes_of(network)
        names = activations_of(network, len(sizes) - 1)
        yield from _drawn(network)
        yield from _weights(network, sizes)
        yield from _biases(network, sizes)
        yield from _activations(network, names, len(sizes) - 1)
    yield from _loss(file, names, sizes[-1])
    yield from _sample(file, sizes)
    yield from _style(file, sizes)
    yield from _output(file.output)


def sizes_of(network: NetworkTable) -> Sequence[int]:
    """Return the neurons in each layer, inputs first: as told, or else as the weights show."""
    if network.layers is not None:
        return network.layers
    weights = network.weights or []
    return [len(weights[0][0]), *(len(matrix) for matrix in weights)]


def activations_of(network: NetworkTable, layers: int) -> Sequence[str]:
    """Return the name of the activation of each of the ``layers`` after the input."""
    if isinstance(network.activation, str):
        return [network.activation] * layers
    return network.activation


def _length(where: str, values: Sized, right: int, why: str) -> Iterator[Problem]:
    if len(values) != right:
        yield Problem(where, f"has length {len(values)}", f"{right}, {why}")


def _trained(trained: Network) -> Iterator[Problem]:
    """A model brings its layers itself, and must be able to learn."""
    for place, layer in enumerate(trained.layers, start=1):
        if not layer.activation.differentiable:
            found = f"has {layer.activation.name} in layer {place}, {NO_SLOPE}"
            yield Problem("network.model", found, SLOPE)


def _drawn(network: NetworkTable) -> Iterator[Problem]:
    """Weights that are drawn must not be too many."""
    if network.weights is None:
        count = sum(n_in * n_out for n_in, n_out in pairwise(network.layers or ()))
        if count > MAX_WEIGHTS:
            yield Problem("network.layers", f"asks for {count} weights", f"at most {MAX_WEIGHTS}")


def _weights(network: NetworkTable, sizes: Sequence[int]) -> Iterator[Problem]:
    if network.weights is None:
        return
    why = "one for each layer after the input"
    yield from _length("network.weights", network.weights, len(sizes) - 1, why)
    shapes = zip(network.weights, pairwise(sizes), strict=False)  # the count is told above
    for at, (matrix, (n_in, n_out)) in enumerate(shapes):
        where = f"network.weights[{at}]"
        yield from _length(where, matrix, n_out, "one for each neuron of its layer")
        for row, numbers in enumerate(matrix):
            why = "one for each neuron of the layer before"
            yield from _length(f"{where}[{row}]", numbers, n_in, why)


def _biases(network: NetworkTable, sizes: Sequence[int]) -> Iterator[Problem]:
    if network.biases is None:
        return
    why = "one for each layer after the input"
    yield from _length("network.biases", network.biases, len(sizes) - 1, why)
    for at, (bias, n_out) in enumerate(zip(network.biases, sizes[1:], strict=False)):
        why = "one for each neuron of its layer"
        yield from _length(f"network.biases[{at}]", bias, n_out, why)


def _activations(network: NetworkTable, names: Sequence[str], layers: int) -> Iterator[Problem]:
    why = "one for each layer after the input"
    yield from _length("network.activation", names, layers, why)
    for at, name in enumerate(names):
        if not ACTIVATIONS[name].differentiable:
            one = isinstance(network.activation, str)
            where = "network.activation" if one else f"network.activation[{at}]"
            yield Problem(where, f'is "{name}", {NO_SLOPE}', SLOPE)
            if one:
                return


def _loss(file: NetworkFile, names: Sequence[str], outputs: int) -> Iterator[Problem]:
    loss, output = LOSSES[file.loss.name], "".join(names[-1:])
    made_for = loss.joined and loss.joined.activation.name
    if made_for and output != made_for:
        found = f'is "{loss.name}" after an output layer of {output}'
        yield Problem("loss.name", found, f"{made_for} as the activation of the output layer")
    if outputs % loss.outputs_per_target:
        found = f'is "{loss.name}" after an output layer of {outputs}'
        yield Problem("loss.name", found, f"a multiple of {loss.outputs_per_target} outputs")


def _sample(file: NetworkFile, sizes: Sequence[int]) -> Iterator[Problem]:
    if file.sample is None:
        return
    loss, target = LOSSES[file.loss.name], file.sample.target
    why = "one for each neuron of the input layer"
    yield from _length("sample.input", file.sample.input, sizes[0], why)
    per_target = loss.outputs_per_target
    why = "one for each " + ("output" if per_target == 1 else f"{per_target} outputs")
    yield from _length("sample.target", target, sizes[-1] // per_target, why)
    for at, number in enumerate(target):
        if loss.probabilities and not 0 <= number <= 1:
            right = f"0 to 1, as {loss.name} compares probabilities"
            yield Problem(f"sample.target[{at}]", f"is {number}", right)


def _style(file: NetworkFile, sizes: Sequence[int]) -> Iterator[Problem]:
    """What of the look depends on the layers: ``Style`` knows, and says ``option is …``."""
    yield from _neurons(file.labels, len(sizes) - 1)
    try:
        replace(Style(), **options(file.style, file.labels)).check(tuple(sizes))
    except ValueError as error:
        option, _, told = str(error).partition(" ")
        found, _, expected = told.partition(": expected ")
        table = "labels" if option.partition("[")[0] in LABELS else "style"
        where = option.replace("neuron_labels", "neurons")
        # There it is called by its name.
        expected = expected.replace("or -1 for the output", 'or "output"')
        yield Problem(f"{table}.{where}", found, expected)


def _neurons(labels: LabelsTable, last: int) -> Iterator[Problem]:
    """The input and the output have a name and a number."""
    for name, number in (("input", "0"), ("output", str(last))):
        if {name, number} <= set(labels.neurons or ()):
            where = f"labels.neurons.{number}"
            yield Problem(where, f"is given beside labels.neurons.{name}", "one of them")


def _output(table: OutputTable) -> Iterator[Problem]:
    """Which of the numbers mean something for a film, which for a picture."""
    if table.file is None:
        return
    kind = FORMATS[Path(table.file).suffix]
    if kind.still and table.fps is not None:
        yield Problem("output.fps", f"is given for {table.file}", "it for a film only")
    if not kind.still and table.at is not None:
        yield Problem("output.at", f"is given for {table.file}", "it for a picture only")
    if table.fps is not None and kind.rates and table.fps not in kind.rates:
        rates = ", ".join(f"{rate:g}" for rate in kind.rates)
        yield Problem("output.fps", f"is {table.fps:g} for {table.file}", f"one of {rates}")
