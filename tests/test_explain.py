"""The numbers without a picture, against an autodiff that shares nothing with the core."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from rich.console import Console

from netviz.cli import main
from netviz.core import Network, OneToOne
from netviz.explain import MOST_ROWS, alt_text, as_json, as_tables
from netviz.spec import describe, load
from netviz.words import languages, load_words

FUNCTIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.maximum(z, 0),
    "softplus": lambda z: anp.log(1 + anp.exp(z)),
    "silu": lambda z: z / (1 + anp.exp(-z)),
    "softmax": lambda z: anp.exp(z) / anp.sum(anp.exp(z)),
}
COSTS = {
    "mse": lambda y, t: anp.mean((y - t) ** 2),
    "half_squared_error": lambda y, t: anp.sum((y - t) ** 2) / 2,
    "mae": lambda y, t: anp.mean(anp.abs(y - t)),
    "cross_entropy": lambda y, t: -anp.sum(t * anp.log(y)),
    "binary_cross_entropy": lambda y, t: -anp.sum(t * anp.log(y) + (1 - t) * anp.log(1 - y)),
}
OUTPUTS = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}


def random_file(rng: np.random.Generator, loss: str) -> str:
    """A network file of random depth, widths, activations and numbers, all written out."""
    sizes = rng.integers(1, 7, size=rng.integers(2, 6))
    names = [str(name) for name in rng.choice(list(FUNCTIONS), len(sizes) - 1)]
    names[-1] = OUTPUTS.get(loss, names[-1])
    weights = [rng.normal(size=(m, n)).tolist() for n, m in pairwise(sizes)]
    biases = [rng.normal(size=m).tolist() for m in sizes[1:]]
    return (
        f"[network]\nactivation = {json.dumps(names)}\nweights = {weights}\nbiases = {biases}\n"
        f"[sample]\ninput = {rng.normal(size=sizes[0]).tolist()}\n"
        f"target = {rng.random(sizes[-1]).tolist()}\n"
        f'[loss]\nname = "{loss}"\n'
    )


def independent(description) -> dict:
    """The same from autograd; ∂L/∂z and ∂L/∂a are the derivatives by offsets of z and a."""
    x, target = description.input, description.target
    layers = description.network.layers
    functions = [FUNCTIONS[layer.activation.name] for layer in layers]
    zeros = [np.zeros(layer.n_out) for layer in layers]

    def run(x, weights, biases, at_z, at_a):
        a, records = x, []
        for w, b, f, dz, da in zip(weights, biases, functions, at_z, at_a, strict=True):
            z = anp.dot(w, a) + b + dz
            a = f(z) + da
            records.append((z, a))
        return records

    def cost(*parts):
        return COSTS[description.loss.name](run(*parts)[-1][1], target)

    parts = (x, [la.weights for la in layers], [la.bias for la in layers], zeros, zeros)
    d_input, d_weights, d_biases, d_z, d_a = (grad(cost, place)(*parts) for place in range(5))
    records = run(*parts)
    return {
        "network": {
            "layers": [len(x), *(layer.n_out for layer in layers)],
            "kinds": ["Dense"] * len(layers),
            "activations": [layer.activation.name for layer in layers],
            "skips": [],
        },
        "names": [[""] * n for n in (len(x), *(layer.n_out for layer in layers))],
        "measured": x,
        "input": x,
        "target": target,
        "prediction": records[-1][1],
        "loss": {"name": description.loss.name, "value": cost(*parts)},
        "layers": [
            {"z": z, "activation": a, "activation_gradient": da, "blame": dz}
            for (z, a), da, dz in zip(records, d_a, d_z, strict=True)
        ],
        "input_gradient": d_input,
        "weight_gradients": d_weights,
        "bias_gradients": d_biases,
        "shares": [layer.weights * dz[:, None] for layer, dz in zip(layers, d_z, strict=True)],
        "skip_shares": [],
    }


def assert_same(found, expected, where: str = "") -> None:
    """Assert the same keys, lengths and texts, and numbers equal to 1e-9."""
    if isinstance(expected, dict):
        assert list(found) == list(expected), where
        for key in expected:
            assert_same(found[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, str):
        assert found == expected, where
    elif isinstance(expected, list) and expected and not isinstance(expected[0], int | float):
        assert len(found) == len(expected), where
        for at, (one, other) in enumerate(zip(found, expected, strict=True)):
            assert_same(one, other, f"{where}[{at}]")
    else:
        assert np.shape(found) == np.shape(expected), where
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=where)


@pytest.mark.parametrize("loss", COSTS)
@pytest.mark.parametrize("seed", range(8))
def test_json_agrees_with_autograd(seed, loss, tmp_path):
    path = tmp_path / "net.toml"
    path.write_text(random_file(np.random.default_rng(seed), loss))
    description = load(path)
    found = json.loads(json.dumps(as_json(description), allow_nan=False))
    assert_same(found, independent(description))


def test_json_holds_the_numbers_to_the_last_bit(tmp_path):
    path = tmp_path / "net.toml"
    path.write_text(random_file(np.random.default_rng(3), "mse"))
    description = load(path)
    answer = as_json(description)
    assert json.loads(json.dumps(answer)) == answer
    assert answer["input"] == description.input.tolist()


def test_json_of_a_saturated_network_is_finite(tmp_path):
    path = tmp_path / "net.toml"
    path.write_text(
        "[network]\nweights = [[[1e4]]]\n[sample]\ninput = [1]\ntarget = [0]\n"
        '[loss]\nname = "binary_cross_entropy"\n'
    )
    answer = as_json(load(path))
    json.dumps(answer, allow_nan=False)
    assert answer["loss"]["value"] == pytest.approx(1e4)
    assert answer["layers"][0]["blame"] == [1.0]


# --- tables ------------------------------------------------------------------------------------

SMALL = """
[network]
activation = "identity"
weights = [[[1.0, -2.0], [0.5, 0.25]], [[3.0, 4.0]]]
[sample]
input = [1.0, 0.5]
target = [1.0]
[update]
learning_rate = 0.01
"""


def tables(source, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    as_tables(load(source), console)
    return console.file.getvalue()


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


def test_a_row_holds_z_activation_blame_and_the_largest_shares(small):
    """By hand: z = 0, 0.625; y = 2.5; error 1.5; blame 3; shares 9, 12; then 9·(1, −2), 12·…"""
    lines = [" ".join(line.split()) for line in tables(small).splitlines()]
    assert "hidden 1.1 0.0000 0.0000 +9.0000 output 1 +9.0000 input 2 -18.0000" in lines
    assert "hidden 1.2 0.6250 0.6250 +12.0000 output 1 +12.0000 input 1 +6.0000" in lines
    assert "output 1 2.5000 2.5000 +3.0000 the loss hidden 1.2 +12.0000" in lines
    assert "input 1 1.0000 +15.0000 hidden 1.1 +9.0000" in lines
    assert "output 1 2.5000 1.0000 +1.5000" in lines


def test_the_sentences_are_computed_from_the_numbers(small):
    text = " ".join(tables(small).split())
    assert "Loss (MSE): 2.2500." in text
    assert (
        "Hidden 1.2 has the largest blame in its layer: +12.0000; largest share: output 1 +" in text
    )
    assert (
        "The weight from input 1 to hidden 1.2 has the largest gradient: activation 1.0000 x "
        "blame +12.0000 = +12.0000." in text
    )
    # W1 = [[.91, -2.045], [.38, .19]], b1 = [-.09, -.12], W2 = [[3, 3.98125]], b2 = [-.03]
    hidden = 0.91 - 2.045 / 2 - 0.09, 0.38 + 0.19 / 2 - 0.12
    prediction = 3 * hidden[0] + 3.98125 * hidden[1] - 0.03
    assert f"leads to a loss of {(prediction - 1) ** 2:.4f}." in text


def test_the_story_network_fits_a_terminal_of_80_columns():
    lines = tables("5-2-2-5").splitlines()
    assert sum(line.startswith(("hidden", "input", "output")) for line in lines) == 14 + 5
    assert all(len(line) <= 80 for line in lines)


def test_large_layers_list_the_neurons_with_the_largest_blame():
    text = tables("40-3-2")
    blame = np.abs(as_json(load("40-3-2"))["input_gradient"])
    assert f"the {MOST_ROWS} of 40 neurons with the largest blame" in text
    listed = {line.split()[1] for line in text.splitlines() if line.startswith("input ")}
    assert listed == {str(i + 1) for i in np.argsort(-blame)[:MOST_ROWS]}


def test_outputs_without_a_target_of_their_own(tmp_path):
    path = tmp_path / "net.toml"
    path.write_text(
        '[network]\nlayers = [2, 2]\nactivation = "identity"\n[loss]\nname = "gaussian_nll"\n'
    )
    prediction = tables(path).split("Prediction and target")[1]
    means, widths = (line.split() for line in prediction.splitlines() if "output" in line[:6])
    assert len(means) == 5
    assert len(widths) == 3


# --- residual networks -------------------------------------------------------------------------


def residual():
    """By hand: h = (2, −2), y = h + x = (3, −4), L = ½ (1 + 1), blame (1, −1)."""
    network = Network.from_weights(
        [np.eye(2) * [[2], [1]], np.eye(2)], [[0, 0], [0, 0]], "identity", skips=[(0, 2)]
    )
    return describe(network, input=[1.0, -2.0], target=[2.0, -3.0], loss="half_squared_error")


def test_json_has_skip_connections_and_what_goes_back_over_them():
    answer = as_json(residual())
    assert answer["network"]["skips"] == [[0, 2]]
    assert answer["prediction"] == [3.0, -4.0]
    assert answer["skip_shares"] == [[1.0, -1.0]]
    assert answer["input_gradient"] == [2.0 + 1.0, -1.0 - 1.0]


def test_tables_name_the_layers_at_both_ends_of_a_skip_connection():
    console = Console(file=io.StringIO(), width=80, color_system=None)
    as_tables(residual(), console)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    assert "Output layer, identity, plus layer 0" in lines
    assert "input 1 1.0000 +3.0000 hidden 1.1 +2.0000" in lines
    assert "output 1 3.0000 3.0000 +1.0000 the loss hidden 1.1 +1.0000" in lines


def test_the_largest_share_can_go_over_a_skip_connection():
    network = Network.from_weights([[[0.1]], [[0.1]]], [[0], [0]], "identity", skips=[(0, 2)])
    console = Console(file=io.StringIO(), width=80, color_system=None)
    as_tables(describe(network, input=[1.0], target=[0.0], loss="half_squared_error"), console)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    assert "input 1 1.0000 +1.0201 output 1 +1.0100" in lines
    assert "output 1 1.0100 1.0100 +1.0100 the loss input 1 +1.0100" in lines


def test_a_network_without_parameters_has_no_update():
    console = Console(file=io.StringIO(), width=80, color_system=None)
    network = Network((OneToOne(2, "tanh"),))
    as_tables(describe(network, input=[1.0, 2.0], target=[0.0, 0.0], loss="mse"), console)
    assert "learning rate" not in console.file.getvalue()


@pytest.mark.parametrize("language", languages())
def test_the_text_alternative_names_skip_connections(language):
    words = load_words(language)
    names = words.layer_names(3)
    assert f"{names[0]} → {names[2]}" in alt_text(residual().network, language)
    assert "→" not in alt_text(load("5-2-2-5").network, words)


# --- weight ------------------------------------------------------------------------------------


def test_explaining_loads_no_manim():
    code = (
        "import sys; from netviz import explain, spec; explain.as_json(spec.load('3-4-2'));"
        "sys.exit('manim' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("language", languages())
def test_the_text_alternative_has_the_numbers_in_every_language(language: str) -> None:
    description, words = load("5-2-2-5"), load_words(language)
    text, numbers = alt_text(description, words), as_json(description)
    assert "5-2-2-5" in text
    for row in (numbers["input"], numbers["prediction"], numbers["target"]):
        assert ", ".join(f"{number:.2f}" for number in row) in text
    assert f"{numbers['loss']['value']:.3f}" in text
    for name, layer in zip(words.layer_names(4)[1:], numbers["layers"], strict=True):
        top = max(layer["blame"], key=abs)
        blame = f"{top:+.3f}".replace("-", "−")
        who = words("alt.neuron", layer=name, n=layer["blame"].index(top) + 1, blame=blame)
        assert who in text
    assert "\n" not in text


def test_the_text_alternative_of_a_large_network_is_short() -> None:
    text = alt_text(load("784-10"), load_words("en"))
    assert f"and {784 - MOST_ROWS} more" in text
    assert len(text) < 500


@pytest.mark.parametrize("language", languages())
def test_the_command_prints_the_text_alternative(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "5-2-2-5", "--alt", "--lang", language]) == 0
    assert capsys.readouterr().out.strip() == alt_text(load("5-2-2-5"), language)
    assert main(["explain", "5-2-2-5", "--alt", "--json"]) == 2
