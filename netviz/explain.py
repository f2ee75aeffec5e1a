"""The numbers of a network without a picture: as JSON, as tables, as a text alternative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.table import Table

from netviz.core import BackwardTrace, ForwardTrace, Network, backward, forward
from netviz.core.data import name_and_unit
from netviz.spec import Description
from netviz.words import Words, as_words

MOST_ROWS = 16
"""The largest number of neurons that is listed for a layer: those with the largest blame."""


def as_json(description: Description) -> dict[str, Any]:
    """Return both passes of the sample, as plain lists and floats at full precision.

    ``layers``, ``weight_gradients``, ``bias_gradients`` and ``shares`` begin with the first layer
    after the input. Every matrix has the shape ``(n_out, n_in)``: ``weight_gradients[0][1][0]``
    belongs to the weight from input 1 to neuron 2, which is W₁,₂ on screen. ``skip_shares`` has
    an entry for each skip connection. ``names`` has an empty text for a neuron without a name;
    ``measured`` is the input in the units of the data, also if the network gets it standardised.
    """
    run = _Run.of(description)
    network, back = description.network, run.backward
    return {
        "network": {
            "layers": list(network.sizes),
            "kinds": [type(layer).__name__ for layer in network.layers],
            "activations": [layer.activation.text for layer in network.layers],
            "skips": [list(pair) for pair in network.skips],
        },
        "names": [
            [description.name_of(layer, i) for i in range(size)]
            for layer, size in enumerate(network.sizes)
        ],
        "measured": _measured(description).tolist(),
        "input": description.input.tolist(),
        "target": description.target.tolist(),
        "prediction": run.forward.prediction.tolist(),
        "loss": {"name": description.loss.name, "value": float(back.loss)},
        "layers": [
            {
                "z": record.z.tolist(),
                "activation": record.activation.tolist(),
                "activation_gradient": errors.activation_gradient.tolist(),
                "blame": errors.blame.tolist(),
            }
            for record, errors in zip(run.forward.layers, back.layers, strict=True)
        ],
        "input_gradient": back.input_gradient.tolist(),
        "weight_gradients": [layer.weight_gradient.tolist() for layer in back.layers],
        "bias_gradients": [layer.bias_gradient.tolist() for layer in back.layers],
        "shares": [layer.shares.tolist() for layer in back.layers],
        "skip_shares": [
            back.layers[target - 1].skip_shares[source].tolist() for source, target in network.skips
        ],
    }


def _measured(description: Description) -> NDArray[np.float64]:
    return description.input if description.measured is None else description.measured


def as_tables(description: Description, console: Console) -> None:
    """Print a table for each layer, then prediction, target, loss and the largest numbers."""
    run = _Run.of(description)
    for layer in range(len(description.network.sizes)):
        console.print(_layer_table(run, layer), "")
    console.print(_prediction_table(run), "")
    for sentence in _sentences(run):
        console.print(sentence, highlight=False)


def alt_text(
    shown: Description | Network | ForwardTrace | BackwardTrace, words: Words | str
) -> str:
    """Return the text alternative of a picture: its content in a few sentences.

    Args:
        shown: The content of the picture: a network, a trace without batch axes, or a description,
            for both passes of its sample.
        words: The language, or its name.

    Raises:
        ProblemError: There is no such language.
    """
    words = as_words(words)
    match shown:
        case Network():
            return _shape(shown, words)
        case ForwardTrace():
            return f"{alt_text(shown.network, words)} {_predicted(shown, words)}"
        case BackwardTrace():
            return f"{alt_text(shown.forward, words)} {_blamed(shown, words)}"
        case Description():
            trace = _Run.of(shown).backward
            start = alt_text(shown.network, words)
            return (
                f"{start} {_predicted(trace.forward, words, shown)} {_blamed(trace, words, shown)}"
            )


def _shape(network: Network, words: Words) -> str:
    shape = words("alt.network", shape="-".join(map(str, network.sizes)))
    if not network.skips:
        return shape
    names = words.layer_names(len(network.sizes))
    pairs = (
        words("alt.skip", source=names[source], target=names[target])
        for source, target in network.skips
    )
    return f"{shape} {words('alt.skips', skips=', '.join(pairs))}"


def _predicted(trace: ForwardTrace, words: Words, about: Description | None = None) -> str:
    given = _listed(trace.input, words)
    if about is not None:
        names = about.input_names or _names(about, 0)
        given = _listed(trace.input, words, names)
        if about.measured is not None:
            given = _listed(about.measured, words, names, measured=True)
    prediction = _listed(trace.prediction, words, _names(about, len(trace.sizes) - 1))
    return words("alt.prediction", input=given, prediction=prediction)


def _blamed(trace: BackwardTrace, words: Words, about: Description | None = None) -> str:
    names = words.layer_names(len(trace.sizes))
    most = []
    for number in range(len(trace.layers), 0, -1):
        layer = trace.layers[number - 1]
        top = _largest(layer.blame)
        blame = _read(layer.blame[top], 3, signed=True)
        own = about.name_of(number, top) if about else ""
        if own:
            most.append(words("alt.named", name=own, blame=blame))
        else:
            most.append(words("alt.neuron", layer=names[number], n=top + 1, blame=blame))
    targets = _listed(trace.target, words, _names(about, len(trace.layers)))
    loss = words("alt.loss", target=targets, loss=_read(float(trace.loss), 3))
    return f"{loss} {words('alt.blame', neurons=', '.join(most))}"


def _names(about: Description | None, layer: int) -> list[str]:
    """Return the names of the neurons of a layer; none if there is no description."""
    if about is None:
        return []
    return [about.name_of(layer, i) for i in range(about.network.sizes[layer])]


def _listed(
    values: NDArray[np.float64],
    words: Words,
    names: Sequence[str] = (),
    *,
    measured: bool = False,
) -> str:
    """Return numbers, each after its name if it has one; a unit follows its number."""
    listed = []
    for value, full in zip_longest(values[:MOST_ROWS], names[: len(values)][:MOST_ROWS]):
        name, unit = name_and_unit(full or "")
        name += ":" * name[-1:].isdigit()
        number = f"{value:g}".replace("-", "−") if measured else _read(value)
        listed.append(" ".join(filter(None, [name, number, unit])))
    rest = [words("alt.more", n=len(values) - MOST_ROWS)] if len(values) > MOST_ROWS else []
    return ", ".join(listed + rest)


def _read(value: float, decimals: int = 2, *, signed: bool = False) -> str:
    """Return a number as in a picture: rounded, with a true minus sign."""
    kind = "f" if abs(value) < 1e6 else "e"
    text = f"{value:{'+' if signed else ''}.{decimals}{kind}}"
    if not any(digit in "123456789" for digit in text):
        text = text.lstrip("+-")
    return text.replace("-", "−")


@dataclass(frozen=True)
class _Run:
    """A description with both passes of its sample. Layer 0 is the input."""

    description: Description
    forward: ForwardTrace
    backward: BackwardTrace

    @classmethod
    def of(cls, description: Description) -> _Run:
        trace = forward(description.network, description.input)
        back = backward(description.network, trace, description.target, description.loss)
        return cls(description, trace, back)

    @property
    def last(self) -> int:
        return len(self.backward.layers)

    def neuron(self, layer: int, index: int) -> str:
        """Return the name of a neuron; without one, ``hidden 2.1`` is neuron 1 of layer 2."""
        if name := self.description.name_of(layer, index):
            return name
        if layer in (0, self.last):
            return f"{'output' if layer else 'input'} {index + 1}"
        return f"hidden {layer}.{index + 1}"

    def unit(self, index: int) -> str:
        """Return the unit of an input; empty if it has none."""
        names = self.description.input_names
        return name_and_unit(names[index])[1] if names else ""

    def blame(self, layer: int) -> NDArray[np.float64]:
        """Return δ of a layer, shape ``(n,)``; for the input, ∂L/∂x."""
        return self.backward.layers[layer - 1].blame if layer else self.backward.input_gradient

    def blamed_by(self, layer: int, index: int) -> str:
        """Return the neuron in a later layer with the largest share in the ∂L/∂a of this one."""
        if layer == self.last:
            return "the loss"
        shares = self.backward.layers[layer].shares[:, index]
        top = _largest(shares)
        candidates = [(layer + 1, top, float(shares[top]))]
        for target in self.description.network.skip_targets[layer]:
            share = self.backward.layers[target - 1].skip_shares[layer][index]
            candidates.append((target, index, float(share)))
        return self._largest_of(candidates)

    def blames(self, layer: int, index: int) -> str:
        """Return the neuron in an earlier layer that gets the largest share of this one's blame."""
        if layer == 0:
            return ""
        record = self.backward.layers[layer - 1]
        top = _largest(record.shares[index])
        candidates = [(layer - 1, top, float(record.shares[index, top]))]
        for source, shares in record.skip_shares.items():
            candidates.append((source, index, float(shares[index])))
        return self._largest_of(candidates)

    def _largest_of(self, candidates: Sequence[tuple[int, int, float]]) -> str:
        """Return the neuron with the largest share, of triples (layer, neuron, share)."""
        layer, neuron, share = max(candidates, key=lambda candidate: abs(candidate[2]))
        return f"{self.neuron(layer, neuron)} {_signed(share)}"


def _layer_table(run: _Run, layer: int) -> Table:
    blame, activation = run.blame(layer), run.forward.activations[layer]
    measured = run.description.measured if layer == 0 else None
    before = ("measured" if measured is not None else "z", ">")
    headings = ("neuron", "<"), before, ("activation", ">"), ("blame", ">")
    table = _table(_title(run, layer), *headings, ("blamed most by", "<"), ("blames most", "<"))
    listed = np.sort(np.argsort(-np.abs(blame), kind="stable")[:MOST_ROWS])
    for index in map(int, listed):
        if layer:
            first = _number(run.forward.layers[layer - 1].z[index])
        else:
            first = "" if measured is None else f"{measured[index]:g} {run.unit(index)}".strip()
        table.add_row(
            run.neuron(layer, index),
            first,
            _number(activation[index]),
            _signed(blame[index]),
            run.blamed_by(layer, index),
            run.blames(layer, index),
            style="bold" if index == _largest(blame) else None,
        )
    if len(listed) < len(blame):
        table.caption = f"the {len(listed)} of {len(blame)} neurons with the largest blame"
    return table


def _table(title: str, *headings: tuple[str, str]) -> Table:
    """Return an empty table. Columns are left-aligned (``<``) or right-aligned (``>``)."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.show_edge, table.pad_edge, table.padding = False, False, (0, 1, 0, 0)
    for heading, side in headings:
        table.add_column(heading, justify="right" if side == ">" else "left")
    return table


def _title(run: _Run, layer: int) -> str:
    if layer == 0:
        return "Input layer"
    name = "Output layer" if layer == run.last else f"Hidden layer {layer}"
    network = run.description.network
    skips = "".join(f", plus layer {source}" for source in network.skip_sources[layer])
    return f"{name}, {network.layers[layer - 1].activation}{skips}"


def _prediction_table(run: _Run) -> Table:
    """Return the table of the outputs; some have no target, such as the widths of gaussian_nll."""
    headings = ("neuron", "<"), ("prediction", ">"), ("target", ">"), ("error", ">")
    table = _table("Prediction and target", *headings)
    pairs = zip_longest(run.forward.prediction, run.description.target)
    for index, (prediction, target) in enumerate(list(pairs)[:MOST_ROWS]):
        error = ("", "") if target is None else (_number(target), _signed(prediction - target))
        table.add_row(run.neuron(run.last, index), _number(prediction), *error)
    return table


def _sentences(run: _Run) -> Iterator[str]:
    """Yield the loss, the largest blame of each layer, the largest gradient, and the next loss."""
    yield f"Loss ({run.description.loss.title}): {_number(float(run.backward.loss))}."
    for layer in range(run.last, 0, -1):
        top = _largest(run.blame(layer))
        own = run.description.name_of(layer, top)
        blame = f"{own or run.neuron(layer, top).capitalize()} has the largest blame in its layer: "
        share = f"; largest share: {run.blamed_by(layer, top)}" if layer < run.last else ""
        yield f"{blame}{_signed(run.blame(layer)[top])}{share}."
    if any(layer.parameters for layer in run.description.network.layers):
        yield _largest_gradient(run)
        yield _after_update(run)


def _largest_gradient(run: _Run) -> str:
    peaks = [float(np.abs(layer.weight_gradient).max()) for layer in run.backward.layers]
    layer = int(np.argmax(peaks)) + 1
    gradient = run.backward.layers[layer - 1].weight_gradient
    to, source = divmod(_largest(gradient), gradient.shape[1])
    activation, blame = run.forward.activations[layer - 1][source], run.blame(layer)[to]
    return (
        f"The weight from {run.neuron(layer - 1, source)} to {run.neuron(layer, to)} has the "
        "largest gradient: "
        f"activation {_number(activation)} x blame {_signed(blame)} = "
        f"{_signed(gradient[to, source])}."
    )


def _after_update(run: _Run) -> str:
    description = run.description
    better = description.network.updated(run.backward, description.learning_rate)
    trace = forward(better, description.input)
    loss = float(backward(better, trace, description.target, description.loss).loss)
    return (
        f"One update with learning rate {description.learning_rate:g} leads to a loss of "
        f"{_number(loss)}."
    )


def _largest(values: NDArray[np.float64]) -> int:
    """Return the flat index of the entry with the largest magnitude."""
    return int(np.argmax(np.abs(values)))


def _number(value: float) -> str:
    value += 0.0  # a negative zero becomes zero
    ordinary = value == 0 or 1e-4 <= abs(value) < 1e6
    return f"{value:.4f}" if ordinary else f"{value:.2e}"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + _number(value)
