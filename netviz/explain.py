"""The numbers of a network without a picture: as JSON, as tables, as the text of a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.table import Table

from netviz.core import BackwardTrace, ForwardTrace, Network, backward, forward
from netviz.spec import Description
from netviz.words import Words

MOST_ROWS = 16
"""Of a larger layer only this many neurons are listed: those most to blame."""


def as_json(description: Description) -> dict[str, Any]:
    """Both passes of the sample, as plain lists and floats at full precision.

    ``layers``, ``weight_gradients``, ``bias_gradients`` and ``shares`` begin with the first layer
    after the input; every matrix is ``(n_out, n_in)``.
    """
    run = _Run.of(description)
    network, back = description.network, run.backward
    return {
        "network": {
            "layers": list(network.sizes),
            "activations": [layer.activation.name for layer in network.layers],
        },
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
    }


def as_tables(description: Description, console: Console) -> None:
    """Print a table for each layer, then prediction and target, the loss, and what stands out."""
    run = _Run.of(description)
    for layer in range(len(description.network.sizes)):
        console.print(_layer_table(run, layer), "")
    console.print(_prediction_table(run), "")
    for sentence in _sentences(run):
        console.print(sentence, highlight=False)


def alt_text(shown: Description | Network | ForwardTrace | BackwardTrace, words: Words) -> str:
    """What the picture of a network says, in a few sentences for those who do not see it.

    Args:
        shown: A description, for both passes of its sample; or what else the picture is of. Traces
            are without batch axes.
        words: The language.
    """
    match shown:
        case Network():
            return words("alt.network", shape="-".join(map(str, shown.sizes)))
        case ForwardTrace():
            return f"{alt_text(shown.network, words)} {_predicted(shown, words)}"
        case BackwardTrace():
            return f"{alt_text(shown.forward, words)} {_blamed(shown, words)}"
        case Description():
            return alt_text(_Run.of(shown).backward, words)


def _predicted(trace: ForwardTrace, words: Words) -> str:
    given, prediction = _listed(trace.input, words), _listed(trace.prediction, words)
    return words("alt.prediction", input=given, prediction=prediction)


def _blamed(trace: BackwardTrace, words: Words) -> str:
    names = words.layer_names(len(trace.sizes))[1:]
    most = []
    for name, layer in reversed(list(zip(names, trace.layers, strict=True))):
        top = _largest(layer.blame)
        blame = _read(layer.blame[top], 3, signed=True)
        most.append(words("alt.neuron", layer=name, n=top + 1, blame=blame))
    loss = words("alt.loss", target=_listed(trace.target, words), loss=_read(float(trace.loss), 3))
    return f"{loss} {words('alt.blame', neurons=', '.join(most))}"


def _listed(values: NDArray[np.float64], words: Words) -> str:
    told = [_read(value) for value in values[:MOST_ROWS]]
    rest = [words("alt.more", n=len(values) - MOST_ROWS)] if len(values) > MOST_ROWS else []
    return ", ".join(told + rest)


def _read(value: float, decimals: int = 2, *, signed: bool = False) -> str:
    """A number as a picture shows it: rounded, with a true minus."""
    kind = "f" if abs(value) < 1e6 else "e"
    return f"{value:{'+' if signed else ''}.{decimals}{kind}}".replace("-", "−")


@dataclass(frozen=True)
class _Run:
    """A description with both of its passes; layer 0 is the input."""

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
        """What to call a neuron: ``input 1``, ``hidden 2.1`` (layer 2, neuron 1), ``output 1``."""
        if layer in (0, self.last):
            return f"{'output' if layer else 'input'} {index + 1}"
        return f"hidden {layer}.{index + 1}"

    def blame(self, layer: int) -> NDArray[np.float64]:
        """δ of a layer, shape ``(n,)``; an input is its own z, so there it is ∂L/∂x."""
        return self.backward.layers[layer - 1].blame if layer else self.backward.input_gradient

    def blamed_by(self, layer: int, index: int) -> str:
        """The neuron after this one with the largest share in its ∂L/∂a."""
        if layer == self.last:
            return "the loss"
        shares = self.backward.layers[layer].shares[:, index]
        top = _largest(shares)
        return f"{self.neuron(layer + 1, top)} {_signed(shares[top])}"

    def blames(self, layer: int, index: int) -> str:
        """The neuron before this one that gets the largest share of its blame."""
        if layer == 0:
            return ""
        shares = self.backward.layers[layer - 1].shares[index]
        top = _largest(shares)
        return f"{self.neuron(layer - 1, top)} {_signed(shares[top])}"


def _layer_table(run: _Run, layer: int) -> Table:
    blame, activation = run.blame(layer), run.forward.activations[layer]
    headings = ("neuron", "<"), ("z", ">"), ("activation", ">"), ("blame", ">")
    table = _table(_title(run, layer), *headings, ("blamed most by", "<"), ("blames most", "<"))
    listed = np.sort(np.argsort(-np.abs(blame), kind="stable")[:MOST_ROWS])
    for index in map(int, listed):
        table.add_row(
            run.neuron(layer, index),
            _number(run.forward.layers[layer - 1].z[index]) if layer else "",
            _number(activation[index]),
            _signed(blame[index]),
            run.blamed_by(layer, index),
            run.blames(layer, index),
            style="bold" if index == _largest(blame) else None,
        )
    if len(listed) < len(blame):
        table.caption = f"the {len(listed)} most to blame of {len(blame)} neurons"
    return table


def _table(title: str, *headings: tuple[str, str]) -> Table:
    """Return an empty table; ``>`` beside a heading sets its column flush right."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.show_edge, table.pad_edge, table.padding = False, False, (0, 1, 0, 0)
    for heading, side in headings:
        table.add_column(heading, justify="right" if side == ">" else "left")
    return table


def _title(run: _Run, layer: int) -> str:
    if layer == 0:
        return "Input layer"
    name = "Output layer" if layer == run.last else f"Hidden layer {layer}"
    return f"{name}, {run.description.network.layers[layer - 1].activation.name}"


def _prediction_table(run: _Run) -> Table:
    """Outputs that have no target of their own, as widths in gaussian_nll, stand alone."""
    headings = ("neuron", "<"), ("prediction", ">"), ("target", ">"), ("error", ">")
    table = _table("Prediction and target", *headings)
    pairs = zip_longest(run.forward.prediction, run.description.target)
    for index, (prediction, target) in enumerate(list(pairs)[:MOST_ROWS]):
        told = ("", "") if target is None else (_number(target), _signed(prediction - target))
        table.add_row(run.neuron(run.last, index), _number(prediction), *told)
    return table


def _sentences(run: _Run) -> Iterator[str]:
    """Yield what stands out: the loss, who is most to blame, which weight to correct most."""
    yield f"Loss ({run.description.loss.title}): {_number(float(run.backward.loss))}."
    for layer in range(run.last, 0, -1):
        top = _largest(run.blame(layer))
        blame = f"{run.neuron(layer, top).capitalize()} is most to blame in its layer: "
        share = f"; largest share: {run.blamed_by(layer, top)}" if layer < run.last else ""
        yield f"{blame}{_signed(run.blame(layer)[top])}{share}."
    yield _largest_correction(run)
    yield _after_update(run)


def _largest_correction(run: _Run) -> str:
    peaks = [float(np.abs(layer.weight_gradient).max()) for layer in run.backward.layers]
    layer = int(np.argmax(peaks)) + 1
    gradient = run.backward.layers[layer - 1].weight_gradient
    to, source = divmod(_largest(gradient), gradient.shape[1])
    activation, blame = run.forward.activations[layer - 1][source], run.blame(layer)[to]
    return (
        f"The weight from {run.neuron(layer - 1, source)} to {run.neuron(layer, to)} matters most: "
        f"activation {_number(activation)} x blame {_signed(blame)} = gradient "
        f"{_signed(gradient[to, source])}."
    )


def _after_update(run: _Run) -> str:
    description = run.description
    better = description.network.updated(run.backward, description.learning_rate)
    trace = forward(better, description.input)
    loss = float(backward(better, trace, description.target, description.loss).loss)
    return (
        f"One correction with learning rate {description.learning_rate:g} leads to a loss of "
        + (f"{_number(loss)}.")
    )


def _largest(values: NDArray[np.float64]) -> int:
    """Flat index of the entry with the largest magnitude."""
    return int(np.argmax(np.abs(values)))


def _number(value: float) -> str:
    ordinary = value == 0 or 1e-4 <= abs(value) < 1e6
    return f"{value:.4f}" if ordinary else f"{value:.2e}"


def _signed(value: float) -> str:
    return ("+" if value >= 0 else "") + _number(value)
