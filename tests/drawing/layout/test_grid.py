"""An input that is an image is drawn as its pixels, and the other layers as usual."""

import numpy as np
import pytest

from netviz.animation import ForwardPass
from netviz.core import Network, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX

NETWORK = Network.random((64, 20, 10), "relu", rng=3)


@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("box", [WIDE_BOX, LEFT_BOX])
def test_pixels_are_in_reading_order(direction: str, box: object) -> None:
    diagram = NetworkDiagram(NETWORK, input_grid=True, direction=direction, box=box)
    centers = np.array([neuron.disc.get_center() for neuron in diagram.layer(0)])
    grid = centers.reshape(8, 8, 3)
    step = np.diff(grid[0, :, 0])
    np.testing.assert_allclose(step, step[0])
    np.testing.assert_allclose(np.diff(grid[:, 0, 1]), -step[0])
    np.testing.assert_allclose(grid[:, :, 0], np.broadcast_to(grid[0, :, 0], (8, 8)))
    assert diagram.neuron(0, 9).radius < step[0] / 2
    assert diagram.get_left()[0] >= box.left - 0.01
    assert diagram.get_right()[0] <= box.right + 0.01
    assert diagram.get_top()[1] <= box.top + 0.01


@pytest.mark.parametrize(("direction", "axis", "sign"), [("right", 0, 1), ("down", 1, -1)])
def test_layers_follow_the_image_evenly(direction: str, axis: int, sign: int) -> None:
    diagram = NetworkDiagram(NETWORK, input_grid=True, direction=direction)
    places = [sign * diagram.layer(layer)[0].disc.get_center()[axis] for layer in (1, 2)]
    pixels = diagram.layer(0)
    end = max(sign * n.disc.get_center()[axis] for n in pixels) + pixels[0].radius
    first, second = places[0] - end, places[1] - places[0]
    assert first == pytest.approx(second, abs=pixels[0].radius)
    name, image = diagram.names[0].get_center(), pixels.get_center()
    assert name[axis] == pytest.approx(image[axis], abs=1e-6)


def test_all_pixels_are_drawn_and_other_long_layers_are_not() -> None:
    diagram = NetworkDiagram(NETWORK, input_grid=True, max_neurons=8)
    assert diagram.shown(0) == list(range(64))
    assert len(diagram.shown(1)) < 20
    assert diagram.neuron(0, 63).value_em is None


def test_other_neurons_are_as_large_as_next_to_a_single_input() -> None:
    small = NetworkDiagram(Network.random((1, 20, 10), "relu", rng=3))
    diagram = NetworkDiagram(NETWORK, input_grid=True)
    assert diagram.neuron(1, 0).radius == pytest.approx(small.neuron(1, 0).radius)


def test_the_image_shows_its_values() -> None:
    diagram = NetworkDiagram(NETWORK, input_grid=True)
    pixels = np.linspace(0, 1, 64)
    ForwardPass(diagram, forward(NETWORK, pixels)).begin()
    diagram.show_activations(forward(NETWORK, pixels))
    levels = [sum(neuron.disc.get_fill_color().to_rgb()) for neuron in diagram.layer(0)]
    assert (np.diff(levels) >= 0).all()
    assert levels[-1] > 2 * levels[0]


@pytest.mark.parametrize(
    ("sizes", "options", "message"),
    [
        ((63, 4), {}, "input_grid is True for 63 inputs: expected a square number of inputs"),
        (
            (64, 4),
            {"biases": "neurons"},
            "biases is 'neurons' with input_grid: expected 'hidden'",
        ),
        (
            (64, 4),
            {"neuron_labels": {0: ("a",) * 64}},
            r"neuron_labels\[0\] is given for the input",
        ),
        (
            (64, 4),
            {"neuron_labels": {-2: ("a",) * 64}},
            r"neuron_labels\[-2\] is given for the input",
        ),
    ],
)
def test_options_without_room_next_to_pixels_are_refused(
    sizes: tuple[int, ...], options: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        NetworkDiagram(Network.random(sizes, "relu", rng=1), input_grid=True, **options)
