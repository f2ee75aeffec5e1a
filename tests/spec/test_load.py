"""Network files: what loads, and the message for each of the files that do not."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest

from netviz.core import ACTIVATIONS, INITIALIZERS, LOSSES, Network
from netviz.spec import SpecError, built_in_names, load

BAD = sorted((Path(__file__).parent / "bad_networks").glob("*.toml"))
WEIGHTS = "weights = [[[1.0, -2.0], [0.5, 3.0], [0, 1]], [[1.5, 2.5, -1]]]\n"


@pytest.fixture
def write(tmp_path):
    def write(text: str, name: str = "net.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def failure(source) -> str:
    with pytest.raises(SpecError) as caught:
        load(source)
    return str(caught.value)


# --- wrong files -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_each_bad_file_gives_the_message_in_its_first_line(path):
    """An … in the message stands for anything: names of a registry, Python's own words."""
    sentence = path.read_text(encoding="latin-1").splitlines()[0].removeprefix("# ")
    sentence = sentence.encode("latin-1").decode("utf-8")
    pattern = ".+".join(map(re.escape, f"{path}: {sentence}".split("…")))
    message = failure(path)
    assert re.fullmatch(pattern, message), message


def test_the_corpus_of_bad_files_is_found():
    assert len(BAD) > 60


def test_the_message_lists_the_valid_names(write):
    message = failure(write('[network]\nlayers = [2, 2]\nactivation = "?"\ninit = "?"\n'))
    assert ", ".join(ACTIVATIONS) in message
    message = failure(write('[network]\nlayers = [2, 2]\n[loss]\nname = "?"\n'))
    assert ", ".join(LOSSES) in message
    message = failure(write('[network]\nlayers = [2, 2]\ninit = "?"\n'))
    assert ", ".join(INITIALIZERS) in message


def test_an_empty_file(write):
    assert "the file is empty: expected a table [network]" in failure(write(""))


def test_an_error_holds_all_problems_as_data(write):
    path = write('[network]\nlayers = [2, 0]\nactivation = "swish"\n')
    with pytest.raises(SpecError) as caught:
        load(path)
    assert caught.value.source == str(path)
    assert [problem.where for problem in caught.value.problems] == [
        "network.layers[1]",
        "network.activation",
    ]
    assert caught.value.problems[1].hint == '"swish" is called "silu" here'


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("theme = light", 'a text needs quotes: theme = "light"'),
        ("theme=light  # for paper", 'a text needs quotes: theme="light"'),
        ("numbers = False", "write numbers = false"),
        ("theme = 'light", ""),
    ],
)
def test_a_text_without_quotes(line, hint, write):
    path = write(f"[network]\nlayers = [2, 2]\n[style]\n{line}\n")
    with pytest.raises(SpecError) as caught:
        load(path)
    assert caught.value.problems[0].where == "line 4"
    assert caught.value.problems[0].hint == hint


@pytest.mark.parametrize(
    ("tables", "hint"),
    [
        ("[output]\nspin = 2\n", ""),
        ("[output]\nqualitty = 2\n", "did you mean output.quality?"),
        ("[output]\noptimizer = 2\n", "did you mean training.optimizer?"),
        (
            '[scene.captions]\ninput.arrives = "Hello."\n',
            'put a key with a dot in quotes: "input.arrives" = …',
        ),
        (
            '[scene.captions]\n"input.arrive" = "x"\n',
            'did you mean scene.captions."input.arrives"?',
        ),
    ],
)
def test_the_hint_for_an_unknown_key(tables, hint, write):
    path = write(f"[network]\nlayers = [2, 2]\n{tables}")
    with pytest.raises(SpecError) as caught:
        load(path)
    assert caught.value.problems[0].hint == hint


@pytest.mark.parametrize(("key", "where"), [("output", "output"), ("2", "2"), ("0", "0")])
def test_labels_of_neurons_are_named_as_in_the_file(key, where, write):
    path = write(f'[network]\nlayers = [2, 3, 2]\n[labels.neurons]\n{key} = ["a"]\n')
    with pytest.raises(SpecError) as caught:
        load(path)
    assert caught.value.problems[0].where == f"labels.neurons.{where}"


def test_utf_16_is_not_utf_8(tmp_path):
    path = tmp_path / "net.toml"
    path.write_bytes("[network]\nlayers = [2, 2]\n".encode("utf-16"))
    assert failure(path) == f"{path}: line 1 contains the byte 0xFF: expected text in UTF-8"


def test_long_values_are_shortened_and_stay_on_one_line(write):
    message = failure(write('[network]\nlayers = [2, 2]\nactivation = "a\\n' + "b" * 500 + '"\n'))
    assert "\n" not in message
    assert "b…: expected one of" in message
    assert "b" * 50 not in message


def test_a_missing_file_proposes_a_similar_file(write):
    path = write("", "encoder.toml")
    message = failure(path.with_name("encodr.toml"))
    assert (
        "the file does not exist: expected a TOML file, a shape such as 3-4-2, or one of" in message
    )
    assert message.endswith(f"did you mean {path}?")


def test_a_missing_file_proposes_the_built_in_network(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert failure("5-2-2-5.toml").endswith("did you mean 5-2-2-5?")


@pytest.mark.parametrize("source", ["", "3", "a\0b", "x" * 5000, "nowhere/net.toml", "-3-4"])
def test_what_is_neither_file_nor_shape_is_missing(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "the file does not exist" in failure(source)


def test_a_directory(tmp_path):
    assert failure(tmp_path) == f"{tmp_path}: the path is a directory: expected a network file"


def test_an_unreadable_file(write, monkeypatch):
    path = write("[network]\nlayers = [2, 2]\n")

    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert failure(path) == (
        f"{path}: the file cannot be read (Permission denied): expected a readable file"
    )


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="a device of Unix")
def test_an_endless_file():
    assert failure("/dev/zero") == "/dev/zero: the file is too large: expected at most 16 MB"


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ("3-0-2", "3-0-2: network.layers[1] is 0: expected at least 1"),
        ("3-99999-2", "3-99999-2: network.layers[1] is 99999: expected at most 10000"),
    ],
)
def test_a_wrong_shape(shape, sentence):
    assert failure(shape) == sentence


# --- good files --------------------------------------------------------------------------------


def test_a_file_with_everything(write):
    path = write(
        '[network]\nlayers = [2, 3, 1]\nactivation = ["tanh", "sigmoid"]\n' + WEIGHTS + ""
        "biases = [[0.1, 0.2, 0.3], [-1]]\n"
        "[sample]\ninput = [0.9, 1]\ntarget = [1.0]\n"
        '[loss]\nname = "binary_cross_entropy"\n[update]\nlearning_rate = 2\n',
        "story.toml",
    )
    description = load(path)
    first, second = description.network.layers
    assert description.name == "story"
    assert first.weights.tolist() == [[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]]
    assert second.weights.tolist() == [[1.5, 2.5, -1.0]]
    assert first.bias.tolist() == [0.1, 0.2, 0.3]
    assert second.bias.tolist() == [-1.0]
    assert [layer.activation.name for layer in (first, second)] == ["tanh", "sigmoid"]
    assert description.input.tolist() == [0.9, 1.0]
    assert description.target.tolist() == [1.0]
    assert description.loss is LOSSES["binary_cross_entropy"]
    assert description.learning_rate == 2.0


def test_layers_and_biases_are_optional_if_weights_are_given(write):
    network = load(write("[network]\n" + WEIGHTS)).network
    assert network.sizes == (2, 3, 1)
    assert not any(layer.bias.any() for layer in network.layers)


def test_random_weights_are_those_of_the_core(write):
    path = write('[network]\nlayers = [4, 3, 2]\nactivation = "relu"\ninit = "he_normal"\nseed = 7')
    expected = Network.random((4, 3, 2), "relu", "he_normal", rng=7)
    for layer, other in zip(load(path).network.layers, expected.layers, strict=True):
        assert np.array_equal(layer.weights, other.weights)
        assert layer.activation is other.activation


def test_defaults(write):
    description = load(write("[network]\nlayers = [3, 2]\n"))
    expected = Network.random((3, 2), "sigmoid", "xavier_uniform", rng=0)
    assert np.array_equal(description.network.layers[0].weights, expected.layers[0].weights)
    assert (description.loss.name, description.learning_rate) == ("mse", 0.5)


def test_a_random_sample_depends_on_the_seed(write):
    def sample(seed):
        described = load(write(f"[network]\nlayers = [6, 2, 4]\nseed = {seed}\n"))
        return described.input.tolist(), described.target.tolist()

    given, target = sample(1)
    assert (given, target) == sample(1)
    assert given != sample(2)[0]
    assert all(0 <= x <= 1 and x == round(x, 2) for x in given)
    assert sorted(target) == [0, 0, 0, 1]


def test_a_random_target_fits_the_loss(write):
    text = '[network]\nlayers = [2, 4]\nactivation = "identity"\n[loss]\nname = "gaussian_nll"\n'
    assert load(write(text)).target.shape == (2,)


@pytest.mark.parametrize("name", [n for n, a in ACTIVATIONS.items() if a.differentiable])
def test_every_differentiable_activation_loads(name, write):
    network = load(write(f'[network]\nlayers = [2, 3]\nactivation = "{name}"\n')).network
    assert network.layers[0].activation is ACTIVATIONS[name]


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_every_loss_loads_with_the_activation_it_is_made_for(loss, write):
    output = loss.joined.activation.name if loss.joined else "tanh"
    head = f'[network]\nlayers = [2, 3, 4]\nactivation = ["relu", "{output}"]\n'
    assert load(write(f'{head}[loss]\nname = "{loss.name}"\n')).loss is loss


@pytest.mark.parametrize("text", ["leaky_relu(0.2)", "leaky_relu( negative_slope = 0.2 )"])
def test_an_activation_with_settings(text, write):
    network = load(write(f'[network]\nlayers = [2, 3]\nactivation = "{text}"\n')).network
    assert network.layers[0].activation.text == "leaky_relu(0.2)"


def test_skip_connections_of_random_and_of_given_weights(write):
    text = "[network]\nlayers = [2, 3, 2]\nskips = [[0, 2]]\nseed = 3\n"
    assert load(write(text)).network == Network.random((2, 3, 2), skips=[(0, 2)], rng=3)
    weights = "weights = [[[1, 0], [0, 1], [2, 2]], [[1, 0, 0], [0, 1, 0]]]\n"
    network = load(write(f"[network]\n{weights}skips = [[0, 2]]\n")).network
    assert network.skips == ((0, 2),)
    assert not load(write("[network]\nlayers = [2, 3, 2]\n")).network.skips


def test_windows_files_with_a_byte_order_mark_load(tmp_path):
    path = tmp_path / "net.toml"
    path.write_bytes(b"\xef\xbb\xbf[network]\r\nlayers = [2, 2]\r\n")
    assert load(path).network.sizes == (2, 2)


def test_the_arrays_of_a_description_are_read_only(write):
    description = load(write("[network]\nlayers = [2, 2]\n"))
    for array in (description.input, description.target):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


# --- names -------------------------------------------------------------------------------------


def test_a_shape():
    description = load("3-4-2")
    assert description.name == "3-4-2"
    assert description.network.sizes == (3, 4, 2)
    assert {layer.activation.name for layer in description.network.layers} == {"sigmoid"}
    assert np.array_equal(description.input, load("3-4-2").input)


def test_a_file_is_preferred_to_a_shape_and_a_shape_to_a_directory(write, monkeypatch):
    path = write("[network]\nlayers = [7, 7]\n", "3-4-2")
    (path.parent / "3-4").mkdir()
    monkeypatch.chdir(path.parent)
    assert load("3-4-2").network.sizes == (7, 7)
    assert load("3-4").network.sizes == (3, 4)


@pytest.mark.parametrize("name", built_in_names())
def test_built_in_networks_load_from_anywhere(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(name).name == name


def test_the_network_of_the_main_clip_is_built_in():
    assert "5-2-2-5" in built_in_names()
