"""The examples of the docstrings run as written."""

from __future__ import annotations

import inspect
import textwrap

import pytest
from manim import Scene

import netviz.animation
from netviz.core import Network, backward, forward
from netviz.drawing import NetworkDiagram


@pytest.mark.parametrize("name", netviz.animation.__all__)
def test_the_example_runs_as_written(name: str) -> None:
    network = Network.random([3, 4, 2], "tanh", "xavier_uniform", rng=2)
    trace = forward(network, [0.9, -0.3, 0.5])
    names = {
        **{public: getattr(netviz.animation, public) for public in netviz.animation.__all__},
        "diagram": NetworkDiagram(network),
        "trace": trace,
        "blame": backward(network, trace, [1.0, 0.0], "mse"),
        "scene": Scene(skip_animations=True),
    }
    _, example = inspect.getdoc(getattr(netviz.animation, name)).split("Example::\n")
    exec(textwrap.dedent(example), names)
    assert names["scene"].time > 0
