"""Every option of layers, neurons and what is written does what it says, and nothing overlaps."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import DL, UR, FadeIn, Scene
from scenes.reading import complaints_of_a_diagram
from scenes.screen import Screen

from netviz.core import BackwardTrace, ForwardTrace, Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import FRAME_BOX, FRAME_HEIGHT, FRAME_WIDTH, LEFT_BOX, WIDE_BOX, Box
from netviz.drawing.layout.problem import columns
from netviz.drawing.text import Number
from netviz.style import Style
from netviz.theme import DARK_THEME, LIGHT_THEME, Theme
from netviz.words import load_words

Passes = tuple[Network, ForwardTrace, BackwardTrace]
BOTH = pytest.mark.parametrize("direction", ["right", "down"])


@cache
def passes(*sizes: int) -> Passes:
    """A network with biases, and its passes of one sample."""
    rng = np.random.default_rng(sum(sizes))
    pairs = list(pairwise(sizes))
    weights = [rng.normal(0, 1 / np.sqrt(n), (m, n)) for n, m in pairs]
    network = Network.from_weights(weights, [rng.normal(0, 0.4, m) for _, m in pairs], "tanh")
    trace = forward(network, rng.uniform(-1, 1, sizes[0]))
    return network, trace, backward(network, trace, np.zeros(sizes[-1]), "mse")


def drawn(
    *sizes: int, theme: Theme = DARK_THEME, box: Box = WIDE_BOX, shows: bool = True, **options: Any
) -> NetworkDiagram:
    network, trace, blame = passes(*sizes)
    diagram = NetworkDiagram(network, theme, box=box, **options)
    return diagram.show_activations(trace).show_blame(blame) if shows else diagram


def centers(diagram: NetworkDiagram, layer: int) -> np.ndarray:
    return np.array([neuron.disc.get_center() for neuron in diagram.layer(layer)])


def numbers(diagram: NetworkDiagram) -> list[Number]:
    return [m for m in diagram.get_family() if isinstance(m, Number) and m.has_points()]


# ---- which neurons ------------------------------------------------------------------------------


@given(st.integers(1, 2000), st.integers(3, 40) | st.none())
def test_a_column_has_the_first_and_the_last_neurons(size: int, most: int | None) -> None:
    (column,) = columns([size], most)
    if most is None or size <= most:
        assert column.shown == column.places == tuple(range(size))
        assert column.dots is None
        return
    half = len(column.shown) // 2
    assert column.shown == (*range(half), *range(size - half, size))
    assert column.length == most
    assert column.dots is not None
    assert column.places[half - 1] < column.dots < column.places[half]
    gap = column.places[half] - column.places[half - 1]
    assert column.dots - column.places[half - 1] == gap / 2
    assert gap in (2, 3)


@BOTH
def test_a_long_layer_has_dots_in_its_gap_and_a_brace_with_its_true_size(direction: str) -> None:
    diagram = drawn(784, 7, 20, direction=direction, max_neurons=8)
    assert [diagram.shown(layer) for layer in range(3)] == [
        [0, 1, 2, 781, 782, 783],
        list(range(7)),
        [0, 1, 2, 17, 18, 19],
    ]
    assert [brace.label.text for brace in diagram.braces] == ["784", "20"]
    for dots, layer in zip(diagram.lettering(0)[-1:], [0], strict=True):
        middle = centers(diagram, layer)[2:4].mean(axis=0)
        assert dots.get_center() == pytest.approx(middle)
        across = 0 if direction == "down" else 1
        assert np.ptp(dots.points[:, across]) > 2 * np.ptp(dots.points[:, 1 - across])


def test_neurons_that_are_not_drawn_cannot_be_addressed() -> None:
    diagram = drawn(20, 3, 2)
    assert diagram.neuron(0, 19) is diagram.layer(0)[-1]
    with pytest.raises(IndexError, match=r"neuron 9 of layer 0 is not drawn, 14 of 20 are"):
        diagram.neuron(0, 9)
    with pytest.raises(IndexError, match="layer 0 has no neuron 20: expected 0 to 19"):
        diagram.neuron(0, 20)
    with pytest.raises(IndexError, match="layer is 3: expected 0 to 2"):
        diagram.neuron(3, 0)
    with pytest.raises(IndexError, match="neuron 9 of layer 0"):
        diagram.edge(0, 9, 0)


def test_what_is_drawn_has_the_numbers_of_its_own_neurons() -> None:
    network, trace, blame = passes(20, 17, 2)
    diagram = drawn(20, 17, 2)
    for layer in range(3):
        for i in diagram.shown(layer):
            assert diagram.neuron(layer, i).value == trace.activations[layer][i]
            if layer:
                assert diagram.neuron(layer, i).blame == blame.layers[layer - 1].blame[i]
    weights = network.layers[0].weights
    for j, k in ((0, 0), (16, 19), (12, 3)):
        assert diagram.edge(0, k, j).weight == weights[j, k]
    assert len(diagram.edges_into(1, 16)) == len(diagram.shown(0)) == 14
    loudest = int(np.abs(trace.input).argmax())
    wide = drawn(20, 17, 2, max_neurons=None)
    assert wide.activation_of(trace, 0, 0) == diagram.activation_of(trace, 0, 0)
    assert wide.activation_of(trace, 0, loudest)[1] == pytest.approx(abs(trace.input[loudest]))


def test_focus_finds_neurons_by_their_true_index() -> None:
    diagram = drawn(20, 3, 2).focus(None, [(0, 19)])
    brightness = {i: diagram.neuron(0, i).brightness for i in diagram.shown(0)}
    assert brightness.pop(19) == 1.0
    assert max(brightness.values()) < 1


# ---- where they stand ---------------------------------------------------------------------------


def test_layers_are_rows_that_flow_downwards() -> None:
    diagram = drawn(5, 2, 3, direction="down")
    rows = [centers(diagram, layer) for layer in range(3)]
    assert all(np.ptp(row[:, 1]) == 0 for row in rows)
    assert all((np.diff(row[:, 0]) > 0).all() for row in rows)
    heights = [row[0, 1] for row in rows]
    assert heights == sorted(heights, reverse=True)
    for name, row in zip(diagram.names, rows, strict=True):
        assert name.get_y() == pytest.approx(row[0, 1])
        assert name.get_right()[0] < row[0, 0] - diagram.neuron(0, 0).reach


@BOTH
def test_sizes_and_spacings_are_as_given(direction: str) -> None:
    options = {"layer_spacing": 1.4, "neuron_spacing": 1.1, "neuron_size": 0.31}
    diagram = drawn(4, 2, 3, direction=direction, **options)
    along, across = (1, 0) if direction == "down" else (0, 1)
    lines = [centers(diagram, layer) for layer in range(3)]
    assert diagram.neuron(1, 0).radius == pytest.approx(0.31)
    steps = np.diff([line[0, along] for line in lines])
    assert np.abs(steps) == pytest.approx(1.4)
    assert np.concatenate([np.abs(np.diff(line[:, across])) for line in lines]) == pytest.approx(
        1.1
    )


@pytest.mark.parametrize("option", ["layer_spacing", "neuron_spacing", "neuron_size"])
@BOTH
def test_what_does_not_fit_is_refused_with_what_would(option: str, direction: str) -> None:
    with pytest.raises(ValueError, match=rf"{option} is 9: expected at most \d") as refusal:
        drawn(5, 2, 5, direction=direction, **{option: 9})
    most = float(str(refusal.value).split("at most ")[1].split(",")[0])
    diagram = drawn(5, 2, 5, direction=direction, **{option: most})
    assert complaints_of_a_diagram(Screen([diagram], DARK_THEME.background), DARK_THEME) == []
    with pytest.raises(ValueError, match=option):
        drawn(5, 2, 5, direction=direction, **{option: most + 0.1})


# ---- what is written ----------------------------------------------------------------------------


def test_without_numbers_brightness_and_rings_remain() -> None:
    diagram = drawn(5, 2, 5, numbers=False)
    assert numbers(diagram) == []
    fills = {neuron.disc.get_fill_color().to_hex() for neuron in diagram.layer(0)}
    assert len(fills) == 5
    assert all(neuron.blame_ring.has_points() for neuron in diagram.layer(2))


def test_names_may_be_left_out_and_leave_their_room() -> None:
    bare, named = drawn(5, 2, 5, layer_names=False), drawn(5, 2, 5)
    assert not any(name.has_points() for name in bare.names)
    assert np.ptp(centers(bare, 0)[:, 1]) > np.ptp(centers(named, 0)[:, 1])


@BOTH
def test_captions_are_below_their_names_and_empty_ones_are_left_out(direction: str) -> None:
    texts = ("what it sees", "", "what it says")
    diagram = drawn(3, 4, 2, direction=direction, captions=texts)
    for name, caption, text in zip(diagram.names, diagram.captions, texts, strict=True):
        assert caption.text.replace("\n", " ") == text
        assert caption.has_points() == bool(text)
        if text:
            assert caption.get_top()[1] < name.get_center()[1]
    with pytest.raises(ValueError, match=r"captions has 'x+', which does not fit"):
        drawn(3, 4, 2, captions=("x" * 90, "", ""))


@BOTH
def test_braces_show_the_number_of_neurons_of_each_layer(direction: str) -> None:
    diagram = drawn(5, 2, 3, direction=direction, braces=True)
    assert [brace.label.text for brace in diagram.braces] == ["5", "2", "3"]
    for layer, brace in enumerate(diagram.braces):
        tip, neurons = brace.line.get_center(), centers(diagram, layer)
        if direction == "down":
            assert tip[0] > neurons[:, 0].max() + diagram.neuron(0, 0).reach
            assert brace.label.get_left()[0] > brace.line.get_right()[0]
        else:
            assert tip[1] < neurons[:, 1].min() - diagram.neuron(0, 0).reach
            assert brace.label.get_top()[1] < brace.line.get_bottom()[1]


LABELS = {0: ("나이", "height", "weight"), 1: ("a", "b"), -1: ("cat", "강아지", "bird")}


def test_labels_are_before_inputs_after_outputs_and_below_hidden_neurons() -> None:
    diagram = drawn(3, 2, 3, neuron_labels=LABELS)
    for layer, texts in {0: LABELS[0], 1: LABELS[1], 2: LABELS[-1]}.items():
        for neuron, text in zip(diagram.layer(layer), texts, strict=True):
            label = neuron.texts.label
            assert label is not None
            assert label.text == text
            away = label.get_center() - neuron.disc.get_center()
            side = [(-1, 0), (0, -1), (1, 0)][layer]
            assert away @ (*side, 0) > neuron.reach
            assert np.abs(away[:2] - np.abs(away).max() * np.array(side)) == pytest.approx(0)


def test_in_rows_labels_are_above_inputs_and_below_outputs() -> None:
    diagram = drawn(3, 2, 3, neuron_labels=LABELS, direction="down")
    for layer, up in ((0, 1), (2, -1)):
        for neuron in diagram.layer(layer):
            label = neuron.texts.label
            assert up * (label.get_y() - neuron.disc.get_y()) > neuron.reach
            assert label.get_x() == pytest.approx(neuron.disc.get_x())


def test_long_labels_become_smaller_then_break_and_are_refused_at_last() -> None:
    long = "sepal length in centimetres, raw"
    small, broken = (
        drawn(2, 3, neuron_labels={0: (text, "x")}).neuron(0, 0).texts.label
        for text in ("petal length, in metres", long)
    )
    assert DARK_THEME.smallest_text <= small.em < DARK_THEME.number_size
    assert "\n" not in small.text
    assert broken.text.count("\n") == 1
    assert broken.em >= DARK_THEME.smallest_text - 1e-9
    with pytest.raises(ValueError, match=r"neuron_labels\[0\] has 'sepal.*', which does not fit"):
        drawn(2, 3, neuron_labels={0: (3 * long, "x")})


CLOSE: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((6, 5, 10), {"direction": "down"}),
    ((6, 5, 10), {"direction": "down", "neuron_spacing": 0.9}),
    ((20, 5, 10), {"direction": "down"}),
    ((16, 5, 5), {"direction": "down"}),
    ((6, 5, 9), {"direction": "down", "names": ("the input layer", "hidden", "the output layer")}),
    ((20, 5, 5), {"max_neurons": None}),
    ((6, 5, 10), {"neuron_spacing": 0.35}),
]


@pytest.mark.parametrize(("sizes", "options"), CLOSE, ids=str)
def test_labels_of_close_neurons_do_not_touch(
    sizes: tuple[int, ...], options: dict[str, Any]
) -> None:
    texts = tuple(f"digit {i}" for i in range(sizes[-1]))
    diagram = drawn(*sizes, neuron_labels={-1: texts}, **options)
    labels = [neuron.texts.label for neuron in diagram.layer(len(sizes) - 1)]
    for one, other in pairwise(labels):
        apart = np.abs(one.get_center() - other.get_center())
        lines = one.height - 0.16 * one.em
        room = (one.width + other.width) / 2 + 0.1, lines
        assert apart[0] >= room[0] or apart[1] >= room[1]
    assert min(label.em for label in labels) >= DARK_THEME.smallest_text - 1e-9
    assert complaints_of_a_diagram(Screen([diagram], DARK_THEME.background), DARK_THEME) == []


def test_labels_of_neurons_that_are_too_close_are_refused() -> None:
    texts = tuple(f"the digit {i}" for i in range(30))
    too_long = r"neuron_labels\[2\] has 'the digit 1\d', which does not fit"
    with pytest.raises(ValueError, match=too_long):
        drawn(3, 4, 16, neuron_labels={-1: texts[:16]}, direction="down")
    with pytest.raises(ValueError, match=r"layer 2 has texts next to 30 neurons, .*_neurons=\d+$"):
        drawn(3, 4, 30, neuron_labels={-1: texts}, max_neurons=None)
    with pytest.raises(
        ValueError, match=r"neuron_spacing is 0.22: expected at least 0.24, or None"
    ):
        drawn(3, 4, 10, neuron_labels={-1: texts[:10]}, neuron_spacing=0.22)


def test_labels_of_a_long_layer_are_those_of_the_drawn_neurons() -> None:
    labels = tuple(f"pixel {i}" for i in range(784))
    diagram = drawn(784, 3, neuron_labels={0: labels})
    shown = [neuron.texts.label.text for neuron in diagram.layer(0)]
    assert shown == [labels[i] for i in diagram.shown(0)]


def test_a_layers_colour_is_that_of_its_rings_its_fill_and_its_name() -> None:
    diagram = drawn(3, 4, 2, layer_colors=("", "#AA3377", ""))
    assert [diagram.role(layer) for layer in range(3)] == [
        DARK_THEME.input,
        "#AA3377",
        DARK_THEME.output,
    ]
    assert diagram.names[1].get_fill_color().to_hex() == "#AA3377"
    for neuron in diagram.layer(1):
        assert neuron.disc.get_stroke_color().to_hex() == "#AA3377"
        strength = diagram.activation_of(
            passes(3, 4, 2)[1], 1, list(diagram.layer(1)).index(neuron)
        )
        assert neuron.disc.get_fill_color().to_hex() == DARK_THEME.fill("#AA3377", strength[1])


# ---- biases -------------------------------------------------------------------------------------


@BOTH
def test_biases_as_numbers_are_next_to_their_neurons_and_follow_the_network(
    direction: str,
) -> None:
    network, _, blame = passes(3, 4, 2)
    diagram = drawn(3, 4, 2, biases="numbers", direction=direction)
    other = network.updated(blame, 0.5)
    for drawn_network in (network, other):
        diagram.set_weights(drawn_network)
        for layer in (1, 2):
            shown = [neuron.texts.bias.number.value for neuron in diagram.layer(layer)]
            assert shown == list(drawn_network.layers[layer - 1].bias)
    assert diagram.neuron(0, 0).texts.bias is None
    half = diagram.set_weights(network, share=0.5, start=other).neuron(1, 0).texts.bias
    ends = (network.layers[0].bias[0], other.layers[0].bias[0])
    assert half.number.value == pytest.approx(np.mean(ends))


@BOTH
def test_biases_as_neurons_are_first_in_a_column_and_last_in_a_row(direction: str) -> None:
    network, _, _ = passes(3, 4, 2)
    diagram = drawn(3, 4, 2, biases="neurons", direction=direction)
    for layer in (0, 1):
        bias, neurons = diagram.bias(layer).disc.get_center(), centers(diagram, layer)
        if direction == "down":
            assert bias[0] > neurons[:, 0].max()
            assert bias[1] == neurons[0, 1]
        else:
            assert bias[1] > neurons[:, 1].max()
            assert bias[0] == neurons[0, 0]
        assert diagram.bias(layer).value_text.text == "1"
        edges = diagram.bias_edges(layer)
        biases = network.layers[layer].bias
        assert [edge.weight for *_, edge in edges.edges()] == list(biases)
        widths = [edge.get_stroke_width() for *_, edge in edges.edges()]
        assert np.argsort(widths).tolist() == np.argsort(np.abs(biases)).tolist()
    with pytest.raises(ValueError, match="layer 2 has no bias neuron: expected 0 to 1"):
        diagram.bias(2)
    with pytest.raises(
        ValueError, match="biases are not drawn as neurons: expected biases='neurons'"
    ):
        drawn(3, 4, 2).bias_edges(0)


@pytest.mark.parametrize("options", [{}, {"numbers": False}], ids=["numbers", "none"])
@pytest.mark.parametrize("sizes", [(3, 4, 2), (12, 6, 2), (16, 16, 10)], ids=str)
@BOTH
def test_a_bias_neuron_shows_its_1_also_without_room_for_other_numbers(
    sizes: tuple[int, ...], options: dict[str, Any], direction: str
) -> None:
    diagram = drawn(*sizes, biases="neurons", direction=direction, **options)
    for layer in range(2):
        neuron = diagram.bias(layer)
        text = neuron.value_text
        corner = np.hypot(*np.abs(text.points - neuron.disc.get_center())[:, :2].T).max()
        assert text.text == "1"
        assert text.em >= DARK_THEME.smallest_text - 1e-9
        assert corner < neuron.radius


def test_edges_of_biases_follow_the_network() -> None:
    network, _, blame = passes(3, 4, 2)
    other = network.updated(blame, 0.5)
    diagram = drawn(3, 4, 2, biases="neurons").set_weights(other)
    shown = [edge.weight for *_, edge in diagram.bias_edges(0).edges()]
    assert shown == list(other.layers[0].bias)


def test_a_bias_is_kept_by_focus_with_all_edges_into_its_neuron() -> None:
    diagram = drawn(3, 4, 2, biases="neurons")
    diagram.focus(diagram.edges_into(1, 2))
    brightness = [edge.brightness for *_, edge in diagram.bias_edges(0).edges()]
    assert brightness[2] == 1.0
    assert max(brightness[:2] + brightness[3:]) < 1
    assert [diagram.bias(layer).brightness == 1.0 for layer in (0, 1)] == [True, False]
    diagram.focus(diagram.edges_out_of(0, 1))
    assert diagram.bias(0).brightness < 1
    assert diagram.focus(None).bias(0).brightness == 1


def test_flows_over_edges_of_biases_are_shown_and_cleared() -> None:
    diagram = drawn(3, 4, 2, biases="neurons")
    diagram.bias_edges(0).set_flow(0, 1, np.ones((4, 1)), DARK_THEME.forward)
    assert diagram.is_flowing()
    assert not diagram.clear_flows().is_flowing()


# ---- all of them --------------------------------------------------------------------------------


def labels_of(sizes: tuple[int, ...]) -> dict[int, tuple[str, ...]]:
    return {
        0: tuple(f"입력 {i}" for i in range(sizes[0])),
        -1: tuple(f"cat {i}" for i in range(sizes[-1])),
    }


def captions_of(sizes: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"layer number {i}" for i in range(len(sizes)))


TOGETHER: dict[str, Any] = {
    "labels": lambda sizes: {"neuron_labels": labels_of(sizes)},
    "captions": lambda sizes: {"captions": captions_of(sizes), "braces": True},
    "numbers": lambda _: {"biases": "numbers", "max_neurons": 4},
    "neurons": lambda _: {"biases": "neurons"},
    "bare": lambda _: {"numbers": False, "layer_names": False, "braces": True},
    "all": lambda sizes: {
        "neuron_labels": labels_of(sizes),
        "captions": captions_of(sizes),
        "braces": True,
        "biases": "numbers",
        "max_neurons": 3,
    },
}
SHAPES = [(5, 2, 2, 5), (20, 16, 10), (1, 1), (4, 6, 3)]


@pytest.mark.parametrize("together", TOGETHER)
@pytest.mark.parametrize("sizes", SHAPES, ids=lambda sizes: "-".join(map(str, sizes)))
@BOTH
def test_nothing_overlaps(sizes: tuple[int, ...], together: str, direction: str) -> None:
    options = TOGETHER[together](sizes)
    if direction == "down" and together == "labels" and max(sizes) > 16:
        options["max_neurons"] = 8
    theme = LIGHT_THEME if together in ("all", "neurons") else DARK_THEME
    diagram = drawn(*sizes, theme=theme, direction=direction, **options)
    assert complaints_of_a_diagram(Screen([diagram], theme.background), theme) == []


@pytest.mark.parametrize("together", TOGETHER)
@pytest.mark.parametrize("sizes", [(3, 4, 2), (5, 2, 2, 5), (20, 16, 10)], ids=str)
@BOTH
def test_a_diagram_in_the_whole_frame_is_not_cut_off(
    sizes: tuple[int, ...], together: str, direction: str
) -> None:
    options = TOGETHER[together](sizes)
    if direction == "down" and together == "labels" and max(sizes) > 16:
        options["max_neurons"] = 8
    diagram = drawn(*sizes, box=FRAME_BOX, direction=direction, **options)
    # The widest blame that numbers of this kind have.
    for neuron in diagram.layer(len(sizes) - 1):
        neuron.set_blame(-88.888, 1.0)
    margin = 0.1
    for corner in (diagram.get_corner(UR), diagram.get_corner(DL)):
        assert abs(corner[0]) <= FRAME_WIDTH / 2 - margin
        assert abs(corner[1]) <= FRAME_HEIGHT / 2 - margin
    assert complaints_of_a_diagram(Screen([diagram], DARK_THEME.background), DARK_THEME) == []


TOO_MANY: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((4, 6, 3), {"biases": "numbers", "direction": "down", "box": LEFT_BOX}),
    ((4, 7, 3), {"biases": "numbers", "braces": True}),
    ((20, 16, 10), {"biases": "numbers"}),
    ((3, 12, 2), {"biases": "numbers", "direction": "down", "layer_names": False}),
    ((4, 6, 3), {"biases": "neurons", "neuron_labels": {1: tuple("abcdef")}}),
    ((3, 4, 30), {"neuron_labels": {-1: 30 * ("digit",)}, "max_neurons": None}),
    ((5, 14), {"neuron_labels": {-1: 14 * ("digit",)}, "box": Box(-2, 2, -1.6, 1.6)}),
]


@pytest.mark.parametrize(("sizes", "options"), TOO_MANY, ids=str)
def test_too_many_texts_are_refused_with_the_number_that_fits(
    sizes: tuple[int, ...], options: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"too many for .*: .* max_neurons=\d+$") as refused:
        drawn(*sizes, **options)
    most = int(str(refused.value).rpartition("=")[2])
    diagram = drawn(*sizes, **{**options, "max_neurons": most})
    assert complaints_of_a_diagram(Screen([diagram], DARK_THEME.background), DARK_THEME) == []


def test_texts_in_a_box_that_is_too_small_are_refused() -> None:
    with pytest.raises(ValueError, match=r"layer 1 has texts next to 4 .* expected a larger box$"):
        drawn(3, 4, 2, biases="numbers", box=Box(-2, 2, -1, 1))
    with pytest.raises(ValueError, match=r"neuron_spacing is 0.5: expected at least 1\.\d+, or"):
        drawn(3, 4, 2, biases="numbers", neuron_spacing=0.5)


@pytest.mark.parametrize("together", TOGETHER)
def test_a_diagram_with_options_moves_copies_and_appears(together: str) -> None:
    sizes = (5, 2, 3)
    options = TOGETHER[together](sizes)
    options.pop("captions", None)
    diagram = drawn(*sizes, **options)
    moved = diagram.copy().fit(LEFT_BOX)
    fresh = drawn(*sizes, box=LEFT_BOX, **options)
    for part, expected in zip(moved.get_family(), fresh.get_family(), strict=True):
        assert part.get_center() == pytest.approx(expected.get_center(), abs=1e-6)
    assert diagram.box == WIDE_BOX
    scene = Scene(skip_animations=True)
    scene.play(FadeIn(diagram))
    scene.play(diagram.animate.fit(LEFT_BOX))
    for layer in range(3):
        assert centers(diagram, layer) == pytest.approx(centers(fresh, layer))


def test_a_theme_may_have_options_of_its_own() -> None:
    theme = replace(DARK_THEME, style=Style(direction="down", max_neurons=4))
    diagram = NetworkDiagram(passes(5, 2, 3)[0], theme, words=load_words("ko"))
    assert np.ptp(centers(diagram, 0)[:, 1]) == 0
    assert diagram.shown(0) == [0, 4]
