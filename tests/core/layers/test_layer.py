"""The interface holds for layers that share weights, and that choose their connections."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.core import LAYERS, Connections, Data, Layer, Network, OneToOne, forward, train
from netviz.core.arrays import Array, checked
from netviz.core.layers import Parameters
from netviz.problems import Problem, ProblemError
from netviz.recording import Recording, record

from .checks import check_layer

FOLDER = Path(__file__).parent


class Convolution(Layer):
    """A one-dimensional convolution: a kernel of shared weights moves over n inputs."""

    def __init__(self, inputs: int, kernel: Any, shift: Any, activation: Any) -> None:
        array = checked(kernel, "kernel")
        outputs = inputs - len(array) + 1
        super().__init__(activation, np.full(outputs, checked(shift, "shift")))
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "parameters_", {"kernel": array, "shift": checked(shift, "shift")})

    @property
    def n_in(self) -> int:
        return self.inputs  # type: ignore[attr-defined]

    @property
    def n_out(self) -> int:
        return len(self.bias)

    @property
    def parameters(self) -> Parameters:
        return self.parameters_  # type: ignore[attr-defined]

    @property
    def structure(self) -> dict[str, int]:
        return {"inputs": self.n_in}

    def spread(self, kernel: Array) -> Array:
        """The matrix that has the kernel in every row, one place further each time."""
        rows = [np.pad(kernel, (j, self.n_in - j - len(kernel))) for j in range(self.n_out)]
        return np.array(rows)

    def preactivation(self, x: Array, parameters: Parameters) -> Array:
        return x @ self.spread(parameters["kernel"]).T + parameters["shift"]

    def parameter_gradients(
        self, blame: Array, x: Array, parameters: Parameters, gradients: Parameters
    ) -> None:
        size = len(parameters["kernel"])
        windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=-1)
        gradients["kernel"][...] = np.tensordot(blame, windows, axes=blame.ndim)
        gradients["shift"][...] = blame.sum()

    def input_gradient(self, blame: Array, x: Array, parameters: Parameters) -> Array:
        return blame @ self.spread(parameters["kernel"])

    def connections(self, record: Any = None) -> Connections:
        mask = self.spread(np.ones(len(self.parameters["kernel"]))) > 0
        return Connections(self.spread(self.parameters["kernel"]), mask)

    def effective_gradients(
        self, blame: Array, x: Array, gradients: Parameters
    ) -> tuple[Array, Array]:
        outer = blame.reshape(-1, self.n_out).T @ x.reshape(-1, self.n_in)
        return outer * self.connections().mask, blame.reshape(-1, self.n_out).sum(axis=0)


class LargestOfTwo(OneToOne):
    """Neuron i reads the larger one of its pair of inputs: connections depend on the input."""

    @property
    def n_in(self) -> int:
        return 2 * self.size

    def chosen(self, x: Array) -> Array:
        """1 for the larger one of each pair and 0 for the other, shape (..., n_out, n_in)."""
        pairs = x.reshape(*x.shape[:-1], self.size, 2)
        larger = pairs == pairs.max(axis=-1, keepdims=True)
        return (np.eye(self.size)[:, :, np.newaxis] * larger[..., np.newaxis, :, :]).reshape(
            *x.shape[:-1], self.size, self.n_in
        )

    def preactivation(self, x: Array, parameters: Parameters) -> Array:
        return x.reshape(*x.shape[:-1], self.size, 2).max(axis=-1)

    def input_gradient(self, blame: Array, x: Array, parameters: Parameters) -> Array:
        return (self.chosen(x) * blame[..., :, np.newaxis]).sum(axis=-2)

    def connections(self, record: Any = None) -> Connections:
        if record is None:
            raise ProblemError(Problem("record", "is missing", "a forward pass"))
        weights = self.chosen(record.incoming)
        return Connections(weights, weights > 0)


def convolution() -> Convolution:
    return Convolution(5, kernel=[0.5, -1.0, 2.0], shift=0.25, activation="tanh")


def test_shared_weights_fit_the_interface() -> None:
    check_layer(convolution())


def test_connections_that_depend_on_the_input_fit_the_interface() -> None:
    layer = LargestOfTwo(3, "leaky_relu(0.2)")
    check_layer(layer)
    trace = forward(Network((layer,)), [1, 2, 5, 4, 0, -1])
    (connections,) = Network((layer,)).connections(trace)
    np.testing.assert_array_equal(np.argwhere(connections.mask), [[0, 1], [1, 2], [2, 4]])
    with pytest.raises(ProblemError, match="record is missing"):
        Network((layer,)).connections()


def test_a_network_of_another_kind_of_layer_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LAYERS, "Convolution", Convolution)
    network = Network((convolution(), OneToOne(3, "tanh")))
    data = Data(np.eye(5), np.zeros((5, 3)))
    run = train(network, data, epochs=3, rng=0)
    with record(run) as recorder:
        for _ in run:
            pass
    recorder.recording.save(tmp_path / "run.npz")
    again = Recording.load(tmp_path / "run.npz")
    assert again.network(0) == network
    assert again.network(-1) == recorder.recording.network(-1) != network


def test_layers_of_different_kinds_are_different() -> None:
    assert OneToOne(2, "relu") != OneToOne(3, "relu")
    assert OneToOne(2, "relu") != "a layer"
    assert convolution() != OneToOne(5)


@pytest.mark.parametrize("kind", LAYERS.values(), ids=LAYERS)
def test_every_kind_has_a_test_that_checks_it(kind: type[Layer]) -> None:
    module = kind.__module__.rpartition(".")[2]
    test = FOLDER / f"test_{module}.py"
    assert test.exists(), f"{kind.__name__} has no {test.name}, which calls check_layer"
    assert "check_layer(" in test.read_text(encoding="utf-8")
