"""Arrays in .npz and .safetensors: round trips, names, and files that hold something else."""

from __future__ import annotations

import pickle
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

import netviz
from netviz import archive
from netviz.interop import ModelError

ALL = ["identity", "step", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus"]
SUFFIXES = [".npz", ".safetensors"]


@pytest.fixture
def network():
    sizes = [3] * (len(ALL) + 1) + [2]
    return netviz.Network.random(sizes, [*ALL, "softmax"], rng=0)


def write(path: Path, arrays, activations=None) -> Path:
    """Arrays as numpy and safetensors themselves write them."""
    if path.suffix == ".npz":
        told = {} if activations is None else {"activations": activations}
        np.savez(path, **arrays, **told)
    else:
        told = None if activations is None else {"activations": ",".join(activations)}
        save_file(arrays, path, metadata=told)
    return path


def refusal(source, **options) -> str:
    with pytest.raises(ModelError) as caught:
        netviz.load(source, **options)
    return str(caught.value).removeprefix(f"{source}: ")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_saved_network_comes_back_bit_by_bit(network, tmp_path, suffix):
    path = tmp_path / f"network{suffix}"
    netviz.save(network, path)
    assert netviz.load(path) == network
    assert netviz.load(str(path)) == network
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_weights_that_are_views_are_saved_in_their_order(tmp_path, suffix):
    weights = np.arange(6.0).reshape(2, 3)
    network = netviz.Network.from_weights([weights.T], [np.zeros(3)], "tanh")
    netviz.save(network, tmp_path / f"network{suffix}")
    assert netviz.load(tmp_path / f"network{suffix}") == network


def test_what_the_documentation_says_of_the_names(network, tmp_path):
    netviz.save(network, tmp_path / "network.npz")
    with np.load(tmp_path / "network.npz", allow_pickle=False) as file:
        assert set(file) == {"activations"} | {
            f"{kind}.{place}" for kind in ("weights", "bias") for place in range(10)
        }
        np.testing.assert_array_equal(file["weights.9"], network.layers[9].weights)
        assert file["activations"].tolist() == [*ALL, "softmax"]


FIRST, SECOND = np.float32([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]), np.float32([[1, -2, 3]])
BIAS = np.float32([0.1, 0.2, 0.3])


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "names",
    [
        ("weights.0", "bias.0", "weights.1"),
        ("0.weight", "0.bias", "2.weight"),
        ("weights1", "bias1", "weights2"),
        ("layers.9.weight", "layers.9.bias", "layers.10.weight"),
        ("fc1_weight", "fc1_bias", "fc2_weight"),
        ("weights_1", "biases_1", "weights_2"),
    ],
)
def test_names_of_arrays(tmp_path, suffix, names):
    arrays = dict(zip(names, (FIRST, BIAS, SECOND), strict=True))
    path = write(tmp_path / f"model{suffix}", arrays, ["relu", "sigmoid"])
    expected = netviz.Network.from_weights(
        [FIRST, SECOND], [BIAS, np.zeros(1)], ["relu", "sigmoid"]
    )
    assert netviz.load(path) == expected


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_activations_are_told_by_the_caller_or_the_file(tmp_path, suffix):
    arrays = {"0.weight": FIRST, "1.weight": SECOND}
    silent = write(tmp_path / f"silent{suffix}", arrays)
    assert refusal(silent) == (
        "the file has arrays, but not the activations between them, "
        'expected activation="relu", or one for each layer'
    )
    names = [layer.activation.name for layer in netviz.load(silent, activation="relu").layers]
    assert names == ["relu", "relu"]
    told = write(tmp_path / f"told{suffix}", arrays, ["tanh", "sigmoid"])
    names = [layer.activation.name for layer in netviz.load(told).layers]
    assert names == ["tanh", "sigmoid"]
    names = [layer.activation.name for layer in netviz.load(told, activation="relu").layers]
    assert names == ["relu", "relu"]


REFUSED = {
    "convolution": (
        {"0.weight": np.ones((1, 1, 3, 3))},
        "the array '0.weight' is float64 of shape (1, 1, 3, 3), "
        "expected numbers in 2 dimension(s): a dense layer",
    ),
    "complex": (
        {"0.weight": np.ones((2, 2), complex)},
        "the array '0.weight' is complex128 of shape (2, 2), "
        "expected numbers in 2 dimension(s): a dense layer",
    ),
    "batch normalisation": (
        {"0.weight": FIRST, "1.running_mean": BIAS},
        "the array '1.running_mean' is neither weights nor a bias, "
        "expected names like 0.weight, 0.bias",
    ),
    "bias alone": (
        {"0.bias": BIAS},
        "layer '0' has a bias only, expected weights, too",
    ),
    "no order": (
        {"decoder.weight": SECOND, "encoder.weight": FIRST},
        "the layers are called 'decoder', 'encoder', "
        "expected names that differ in a number, which orders them",
    ),
    "twice": (
        {"0.weight": FIRST, "weights.0": FIRST},
        "the array 'weights.0' is there under another name, too, expected one of them",
    ),
    "nothing": ({}, "the file holds no arrays, expected names like 0.weight, 0.bias"),
    "sizes": (
        {"0.weight": FIRST, "1.weight": FIRST},
        "layer 2 has 2 inputs: expected 3, the number of neurons of layer 1",
    ),
    "nan": (
        {"0.weight": np.full((1, 1), np.nan)},
        "weights of layer 1 has nan at index [0, 0]: expected finite numbers",
    ),
}


@pytest.mark.parametrize(("arrays", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(tmp_path, arrays, sentence):
    path = write(tmp_path / "model.npz", arrays)
    assert refusal(path, activation="relu") == sentence


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_activation_that_is_none(tmp_path, suffix):
    path = write(tmp_path / f"model{suffix}", {"0.weight": FIRST}, ["relo"])
    sentence = refusal(path)
    assert sentence.startswith("activation of layer 1 is 'relo': expected one of identity")
    assert sentence.endswith("did you mean 'relu'?")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_cut_short_at_any_place(network, tmp_path, suffix):
    path = tmp_path / f"model{suffix}"
    netviz.save(network, path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        assert refusal(path).startswith("the file ")


def test_damaged_archives(network, tmp_path):
    """A byte changed anywhere: it reads, or it is refused; nothing else is raised."""
    path = tmp_path / "model.npz"
    netviz.save(network, path)
    whole = path.read_bytes()
    for place in range(0, len(whole), 41):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with suppress(ModelError):
            assert netviz.load(path).sizes


def test_an_archive_that_unpacks_to_too_much(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    np.savez_compressed(path, **{"0.weight": np.zeros((1000, 1000))})
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000_000)
    assert (
        refusal(path, activation="relu") == "the file holds 8000128 bytes, expected up to 1000000"
    )


def test_bfloat16_is_refused_in_words(tmp_path):
    header = b'{"0.weight":{"dtype":"BF16","shape":[1,1],"data_offsets":[0,2]}}'
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"\x80\x3f")
    assert refusal(path, activation="relu") == (
        "the array '0.weight' is BF16, expected one of F64, F32, F16"
    )


# --- pickles ------------------------------------------------------------------------------------


class Trap:
    """When it is unpickled, a file appears."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self):
        return Path.touch, (self.sprung,)


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".bin"])
def test_pickles_are_never_opened(tmp_path, suffix):
    sprung, path = tmp_path / "sprung", tmp_path / f"model{suffix}"
    path.write_bytes(pickle.dumps(Trap(sprung)))
    assert refusal(path) == (
        f"{path} may be a pickle, which can run any code when it is opened, expected a file made "
        'by netviz.save(netviz.load(model), "model.npz") with the live model'
    )
    assert not sprung.exists()


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".onnx"])
def test_pickles_under_another_name_are_not_opened_either(tmp_path, suffix):
    sprung, path = tmp_path / "sprung", tmp_path / f"model{suffix}"
    path.write_bytes(pickle.dumps(Trap(sprung)))
    assert "the file " in refusal(path)
    assert not sprung.exists()


def test_pickled_objects_in_an_archive_are_not_opened(tmp_path):
    sprung, path = tmp_path / "sprung", tmp_path / "model.npz"
    np.savez(path, **{"0.weight": np.array([[Trap(sprung)]], dtype=object)})
    assert not sprung.exists()
    assert "allow_pickle=False" in refusal(path)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("weights.1", pickle.dumps(Trap(sprung)))
    assert refusal(path)
    assert not sprung.exists()


# --- loading and saving in general --------------------------------------------------------------


def test_other_files(tmp_path):
    assert refusal("model.h5") == (
        "model.h5 may hold code, so that Keras alone should open it, expected a file made by "
        'netviz.save(netviz.load(keras.models.load_model(path)), "model.npz")'
    )
    assert refusal("model.txt") == (
        "model.txt is no model file, expected one of .onnx, .npz, .safetensors"
    )
    assert refusal("none.npz") == "none.npz is missing, expected a model file"
    (tmp_path / "folder.npz").mkdir()
    assert refusal(tmp_path / "folder.npz").endswith("is a directory, expected a model file")


def test_other_objects():
    assert refusal({"weights": 1}) == (
        "a dict is not a model that can be read, "
        "expected a path, or a model of torch, sklearn, keras, onnx"
    )
    with pytest.raises(ModelError, match="a live model tells its activations itself"):
        netviz.load(object(), activation="relu")


def test_a_package_that_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.delitem(sys.modules, "netviz.interop.safetensors", raising=False)
    path = tmp_path / "model.safetensors"
    path.touch()
    assert refusal(path) == (
        "the package safetensors is not installed, expected pip install 'manim-netviz[safetensors]'"
    )


def test_what_cannot_be_saved(network, tmp_path):
    with pytest.raises(ModelError, match=r"\.npz or \.safetensors"):
        netviz.save(network, tmp_path / "network.pkl")
    own = netviz.Activation("own", np.sin, lambda g, z, a: g * np.cos(z), "", "", "")
    odd = netviz.Network.from_weights([[[1.0]]], [[0.0]], own)
    with pytest.raises(ModelError, match="layer 1 has the unregistered activation own"):
        netviz.save(odd, tmp_path / "network.npz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_save_that_fails_leaves_the_file_that_was_there(network, tmp_path, monkeypatch, suffix):
    path = tmp_path / f"network{suffix}"
    netviz.save(network, path)
    before = path.read_bytes()

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        netviz.save(netviz.Network.random([1, 1], rng=0), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
