"""From the tables of a checked network file to the values that the rest of netviz uses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from netviz.core import Network
from netviz.spec.description import Film
from netviz.spec.tables import (
    CAPTION,
    LabelsTable,
    NetworkTable,
    OutputTable,
    SceneTable,
    StyleTable,
)

WORDS_FOR_NONE = {"all", "auto"}
ENDS = {"input": 0, "output": -1}


def network(table: NetworkTable, rng: np.random.Generator) -> Network:
    """Return the network of a table that does not name a model.

    Args:
        table: The table [network].
        rng: Source of the random weights.
    """
    skips = [(source, target) for source, target in table.skips]
    if table.weights is None:
        return Network.random(
            table.layers or (), table.activation, table.init, skips=skips, rng=rng
        )
    biases = table.biases or [[0.0] * len(matrix) for matrix in table.weights]
    return Network.from_weights(table.weights, biases, table.activation, skips=skips)


def style(table: StyleTable, labels: LabelsTable) -> dict[str, Any]:
    """Return what the two tables set of ``netviz.style.Style``, as keywords for a diagram."""
    given = table.given | labels.given
    for key in ("theme", "language", "neurons"):  # no options of a diagram, or not in this form
        given.pop(key, None)
    if labels.neurons is not None:
        given["neuron_labels"] = {
            layer_number(key): tuple(texts) for key, texts in labels.neurons.items()
        }
    return {option: _as_python(value) for option, value in given.items()}


def layer_number(key: str) -> int:
    """Return the number of a layer from its key in [labels.neurons]; −1 is the output."""
    return ENDS[key] if key in ENDS else int(key)


def _as_python(value: Any) -> Any:
    """Return a value as ``Style`` takes it: None for a word, tuples for arrays."""
    return None if isinstance(value, str) and value in WORDS_FOR_NONE else _frozen(value)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def film(folder: Path | None, scene: SceneTable, output: OutputTable) -> Film:
    """Return what the two tables say, with paths relative to the current folder.

    Args:
        folder: The folder of the file. A built-in network has none.
        scene: The table [scene].
        output: The table [output].
    """
    name = scene.name
    if name is not None and folder is not None and re.search(r"\.py(:\w+)?$", name):
        name = str(folder / name)
    captions = scene.captions.given if scene.captions else {}  # false is none of one's own
    return Film(
        scene=name,
        acts=tuple(scene.acts or ()),
        options=dict(scene.options or {}),
        captions={f"{CAPTION}{key}": text for key, text in captions.items()},
        captioned=scene.captions is not False,
        pacing=scene.pacing,
        output=(folder or Path()) / output.file if output.file else None,
        picture={key: value for key, value in output.given.items() if key != "file"},
    )
