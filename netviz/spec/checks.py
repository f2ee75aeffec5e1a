"""What the values of a network file must agree on, in addition to what each may be by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from netviz import catalogue, memory
from netviz.core import LOSSES, Activation, Network
from netviz.core.activations import as_activation
from netviz.export.formats import FORMATS, MEANINGS, has_meaning, suffixes
from netviz.problems import Problem, ProblemError, did_you_mean
from netviz.spec.build import layer_number, style
from netviz.spec.description import Description, SceneDescription
from netviz.spec.errors import SpecError
from netviz.spec.tables import (
    LabelsTable,
    NetworkFile,
    NetworkTable,
    OutputTable,
    SceneTable,
    captions_table,
)
from netviz.style import Style

NO_SLOPE = "which has derivative 0 everywhere"
SLOPE = "an activation that can be trained, such as sigmoid"
EACH_LAYER = "one for each layer after the input"
EACH_NEURON = "one for each neuron of its layer"


def problems(file: NetworkFile, trained: Network | None = None) -> Iterator[Problem]:
    """Yield what does not fit together, in the order in which a reader would fix it.

    Args:
        file: The tables of the file.
        trained: The network in the model that the file names, if it names one.
    """
    network = file.network
    if network is None:
        yield from _only_a_scene(file)
        return
    if trained is not None:
        yield from _trained(trained)
        sizes: Sequence[int] = trained.sizes
        activations: Sequence[Activation] = [layer.activation for layer in trained.layers]
    else:
        sizes = sizes_of(network)
        activations = activations_of(network, len(sizes) - 1)
        yield from _random(network)
        yield from _weights(network, sizes)
        yield from _biases(network, sizes)
        yield from _activations(network, activations, len(sizes) - 1)
        yield from _skips(network, sizes)
    yield from _loss(file, activations, sizes[-1])
    yield from _sample(file, sizes)
    yield from _style(file, sizes)
    yield from _captions(file.scene)
    yield from _output(file.output)


def _only_a_scene(file: NetworkFile) -> Iterator[Problem]:
    """Check that a file without a network does not say how one is drawn."""
    for key in sorted(file.style.model_fields_set - {"theme", "language"}):
        yield Problem(f"style.{key}", "is given without a table [network]", "theme or language")
    yield from _output(file.output)


def sizes_of(network: NetworkTable) -> Sequence[int]:
    """Return the number of neurons in each layer, input first: as given, or as in the weights."""
    if network.layers is not None:
        return network.layers
    weights = network.weights or []
    return [len(weights[0][0]), *(len(matrix) for matrix in weights)]


def activations_of(network: NetworkTable, layers: int) -> Sequence[Activation]:
    """Return the activation of each of the ``layers`` after the input."""
    if isinstance(network.activation, str):
        return [as_activation(network.activation)] * layers
    return [as_activation(text) for text in network.activation]


def _length(where: str, values: Sized, right: int, why: str) -> Iterator[Problem]:
    if len(values) != right:
        yield Problem(where, f"has length {len(values)}", f"{right}, {why}")


def _trained(trained: Network) -> Iterator[Problem]:
    """Check the size of a model, and that blame can flow back through its layers."""
    yield from memory.weights("network.model", trained.weight_count)
    for place, layer in enumerate(trained.layers, start=1):
        if not layer.activation.differentiable:
            found = f"has {layer.activation.name} in layer {place}, {NO_SLOPE}"
            yield Problem("network.model", found, SLOPE)


def _random(network: NetworkTable) -> Iterator[Problem]:
    """Check that there are not too many random weights."""
    if network.weights is None:
        count = sum(n_in * n_out for n_in, n_out in pairwise(network.layers or ()))
        yield from memory.weights("network.layers", count)


def _weights(network: NetworkTable, sizes: Sequence[int]) -> Iterator[Problem]:
    if network.weights is None:
        return
    yield from _length("network.weights", network.weights, len(sizes) - 1, EACH_LAYER)
    shapes = zip(network.weights, pairwise(sizes), strict=False)  # the count is checked above
    for at, (matrix, (n_in, n_out)) in enumerate(shapes):
        where = f"network.weights[{at}]"
        yield from _length(where, matrix, n_out, EACH_NEURON)
        for row, numbers in enumerate(matrix):
            why = "one for each neuron of the layer before"
            yield from _length(f"{where}[{row}]", numbers, n_in, why)


def _biases(network: NetworkTable, sizes: Sequence[int]) -> Iterator[Problem]:
    if network.biases is None:
        return
    yield from _length("network.biases", network.biases, len(sizes) - 1, EACH_LAYER)
    for at, (bias, n_out) in enumerate(zip(network.biases, sizes[1:], strict=False)):
        yield from _length(f"network.biases[{at}]", bias, n_out, EACH_NEURON)


def _activations(
    network: NetworkTable, activations: Sequence[Activation], layers: int
) -> Iterator[Problem]:
    yield from _length("network.activation", activations, layers, EACH_LAYER)
    for at, activation in enumerate(activations):
        if not activation.differentiable:
            one = isinstance(network.activation, str)
            where = "network.activation" if one else f"network.activation[{at}]"
            yield Problem(where, f'is "{activation}", {NO_SLOPE}', SLOPE)
            if one:
                return


def _skips(network: NetworkTable, sizes: Sequence[int]) -> Iterator[Problem]:
    """Check that skip connections add the activations of a layer to a later one of its size."""
    last = len(sizes) - 1
    for at, (source, target) in enumerate(network.skips):
        where, found = f"network.skips[{at}]", f"is [{source}, {target}]"
        if max(source, target) > last:
            yield Problem(where, found, f"layers from 0 to {last}")
        elif target < source + 2:
            yield Problem(where, found, "a target at least two layers after the source")
        elif sizes[source] != sizes[target]:
            found += f", from {sizes[source]} to {sizes[target]} neurons"
            yield Problem(where, found, "layers of equal sizes")
        elif [source, target] in network.skips[:at]:
            yield Problem(where, f"{found} again", "each pair only once")


def _loss(file: NetworkFile, activations: Sequence[Activation], outputs: int) -> Iterator[Problem]:
    loss = LOSSES[file.loss.name]
    output = activations[-1] if activations else None
    made_for = loss.joined and loss.joined.activation
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
            expected = f"0 to 1, because {loss.name} compares probabilities"
            yield Problem(f"sample.target[{at}]", f"is {number}", expected)


def _style(file: NetworkFile, sizes: Sequence[int]) -> Iterator[Problem]:
    """Yield what ``Style`` finds wrong for these layers, at the keys of the file."""
    found = list(_neurons(file.labels, len(sizes) - 1))
    yield from found
    if found:
        return
    try:
        Style(**style(file.style, file.labels)).check(tuple(sizes))
    except ProblemError as error:
        for problem in error.problems:
            yield _in_toml(problem, _key(problem.where, file.labels))


def at_keys(error: ProblemError, description: SceneDescription) -> ProblemError:
    """Return what a scene finds wrong with the options of a file as an error at its keys.

    Args:
        error: An error while the scene of the file is drawn.
        description: What the file says.

    Returns:
        The same error if it is not about something that the file sets.
    """
    where = error.problems[0].where
    name = where.partition("[")[0]
    if isinstance(description, Description) and name in description.style:
        table = "labels" if name in (*LabelsTable.model_fields, "neuron_labels") else "style"
        key = f"{table}.{where}"
        if name == "neuron_labels":
            key = _labels_key(where, len(description.network.sizes) - 1, description)
    elif where.startswith("scene.captions"):
        key = where
    else:
        return error
    first, *others = error.problems
    return SpecError(_in_toml(first, key), *others, source=description.source)


def _labels_key(where: str, last: int, description: Description) -> str:
    """Return the key of labels that do not fit, from a place such as ``neuron_labels[2]``."""
    layer = int(where.partition("[")[2].rstrip("]"))
    by_name = layer == 0 or (layer == last and -1 in description.style["neuron_labels"])
    return f"labels.neurons.{('output' if layer else 'input') if by_name else layer}"


def _in_toml(problem: Problem, key: str) -> Problem:
    """Return a problem of ``Style`` in the words of a network file, which has no None."""
    return replace(problem, where=key, expected=problem.expected.replace("or None", 'or "auto"'))


def _key(option: str, labels: LabelsTable) -> str:
    """Return the key of an option of ``Style``: ``labels.neurons.output`` for neuron_labels[-1]."""
    name, _, index = option.partition("[")
    if name == "neuron_labels":
        number = index.rstrip("]")
        keys = (key for key in labels.neurons or () if str(layer_number(key)) == number)
        return ".".join(("labels.neurons", *keys))
    table = "labels" if name in LabelsTable.model_fields else "style"
    return f"{table}.{option}"


def _neurons(labels: LabelsTable, last: int) -> Iterator[Problem]:
    """Check the layers of the labels of neurons. Input and output have a name and a number."""
    keys = list(labels.neurons or ())
    for name, number in (("input", "0"), ("output", str(last))):
        if {name, number} <= set(keys):
            found = f"is given together with labels.neurons.{name}"
            yield Problem(f"labels.neurons.{number}", found, "one of the two")
    for key in keys:
        if layer_number(key) > last:
            yield Problem(f"labels.neurons.{key}", "is not a layer", f"0 to {last}")


def _captions(table: SceneTable) -> Iterator[Problem]:
    """Check that the scene or the acts of the file show the captions that it replaces."""
    if not table.captions:
        return
    known = catalogue.scenes()
    if table.acts:
        shown = [key for name in table.acts for key in catalogue.captions_of_act(name)]
        film = f"the acts {', '.join(table.acts)}" if len(table.acts) > 1 else table.acts[0]
    elif table.name in known:
        shown, film = catalogue.captions_of_scene(known[table.name]), f"the scene {table.name}"
    else:
        return  # the file may be rendered with any scene
    yield from captions_never_shown(table.captions.given, shown, film)


def captions_never_shown(
    given: Iterable[str], shown: Sequence[str], film: str
) -> Iterator[Problem]:
    """Yield a problem for each caption that a file replaces and a film does not show.

    Args:
        given: The keys of the captions of the file.
        shown: Those of the film.
        film: What shows them.
    """
    for key in given:
        if key not in shown:
            where = f'scene.captions."{key}"'
            captions = {field.alias for field in captions_table().model_fields.values()}
            hint = did_you_mean(key, [each for each in shown if each in captions], quote='"')
            found = f"does not appear in {film}"
            yield Problem(where, found, "a caption that `netviz list --captions` lists there", hint)


def _output(table: OutputTable) -> Iterator[Problem]:
    """Check that the numbers have a meaning for the format of the file."""
    if table.file is None:
        return
    kind = FORMATS[Path(table.file).suffix]
    given = table.model_dump(exclude_none=True, by_alias=True)
    for key in given:
        if not has_meaning(key, [kind]):
            what = "still image" if kind.still else "film"
            expected = "a film" if kind.still else "a still image" if key == "at" else ""
            hint = "" if expected else MEANINGS[key][1]
            yield Problem(f"output.{key}", f"is given for {table.file}, a {what}", expected, hint)
    if table.transparent and not kind.alpha:
        expected = f"one of {suffixes(lambda kind: kind.alpha)}"
        yield Problem("output.transparent", f"is given for {table.file}", expected)
    if table.from_ is not None and table.to is not None and table.to <= table.from_:
        yield Problem("output.to", f"is {table.to:g}", f"a moment after {table.from_:g}")
    if table.fps is not None and kind.rates and table.fps not in kind.rates:
        rates = ", ".join(f"{rate:g}" for rate in kind.rates)
        yield Problem("output.fps", f"is {table.fps:g} for {table.file}", f"one of {rates}")
