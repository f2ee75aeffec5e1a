"""Arrays in .npz and .safetensors: round trips, names, and files that hold something else."""

from __future__ import annotations

import json
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

ALL = ["identity", "step", "sigmoid", "tanh", "relu", "leaky_relu(0.2)", "elu", "gelu", "softplus"]
SUFFIXES = [".npz", ".safetensors"]


@pytest.fixture
def network():
    sizes = [3] * (len(ALL) + 1) + [2]
    return netviz.Network.random(sizes, [*ALL, "softmax"], rng=0)


def write(path: Path, arrays, activations=None) -> Path:
    """Arrays as numpy and safetensors themselves write them."""
    if path.suffix == ".npz":
        texts = {} if activations is None else {"activations": activations}
        np.savez(path, **arrays, **texts)
    else:
        texts = None if activations is None else {"activations": ",".join(activations)}
        save_file(arrays, path, metadata=texts)
    return path


def refusal(source, **options) -> str:
    with pytest.raises(ModelError) as caught:
        netviz.load(source, **options)
    return str(caught.value).removeprefix(f"{source}: ")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_saved_network_is_loaded_exactly(network, tmp_path, suffix):
    path = tmp_path / f"network{suffix}"
    netviz.save(network, path)
    assert netviz.load(path) == network
    assert netviz.load(str(path)) == network
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_weights_that_are_views_are_saved_in_order(tmp_path, suffix):
    weights = np.arange(6.0).reshape(2, 3)
    network = netviz.Network.from_weights([weights.T], [np.zeros(3)], "tanh")
    netviz.save(network, tmp_path / f"network{suffix}")
    assert netviz.load(tmp_path / f"network{suffix}") == network


def test_names_in_a_file(network, tmp_path):
    netviz.save(network, tmp_path / "network.npz")
    with np.load(tmp_path / "network.npz", allow_pickle=False) as file:
        assert set(file) == {"activations"} | {
            f"{kind}.{place}" for kind in ("weights", "bias") for place in range(10)
        }
        np.testing.assert_array_equal(file["weights.9"], network.layers[9].weights)
        assert file["activations"].tolist() == [*ALL, "softmax"]


@pytest.fixture
def residual():
    """Skip connections, both kinds of layers and settings of activations."""
    block = netviz.Network.random([3, 4, 3], ["elu(0.5)", "tanh"], rng=0)
    return block.residual("leaky_relu(0.2)").then(block)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_residual_network_is_loaded_exactly(residual, tmp_path, suffix):
    path = tmp_path / f"network{suffix}"
    netviz.save(residual, path)
    assert netviz.load(path) == residual
    dense = netviz.Network.random([3, 4, 3], "softplus(2)", skips=[(0, 2)], rng=0)
    netviz.save(dense, path)
    assert netviz.load(path) == dense
    changed = netviz.load(path, activation=["relu", "elu(0.5)"])
    assert [str(layer.activation) for layer in changed.layers] == ["relu", "elu(0.5)"]
    assert changed.skips == dense.skips


def test_names_in_a_file_of_a_residual_network(residual, tmp_path):
    netviz.save(residual, tmp_path / "network.npz")
    with np.load(tmp_path / "network.npz", allow_pickle=False) as file:
        places = (0, 1, 3, 4)
        arrays = {f"{kind}.{place}" for kind in ("weights", "bias") for place in places}
        assert set(file) == {"structure"} | arrays
        assert json.loads(str(file["structure"])) == residual.structure


STRUCTURE = '{"layers": [{"kind": "Dense", "activation": "relu"}], "skips": []}'
REFUSED_STRUCTURES = {
    "not JSON": ("{", "the structure is not JSON ("),
    "no layers": (
        "{}",
        "the structure has no list of layers and list of skips: expected Network.structure as JSON",
    ),
    "other layers": ('{"layers": [1]}', "layer 1 of the structure is 1: expected an object"),
    "kind": (STRUCTURE.replace("Dense", "Dens"), "kind of layer 1 is 'Dens': expected one of"),
    "option": (STRUCTURE.replace('"kind"', '"stride": 2, "kind"'), "description of layer 1 has"),
    "activation": (STRUCTURE.replace("relu", "relo"), "activation of layer 1 is 'relo': expected"),
    "no activation": (STRUCTURE.replace(', "activation": "relu"', ""), "description of layer 1"),
    "skip": (STRUCTURE.replace("[]", "[[0, 1]]"), "skip connection (0, 1) leads to the next"),
    "skips": (
        STRUCTURE.replace("[]", "7"),
        "the structure has no list of layers and list of skips: expected",
    ),
    "too few layers": (
        STRUCTURE.replace('"relu"}', '"relu"}, {"kind": "Dense", "activation": "relu"}'),
        "description of layer 2 has activation: expected",
    ),
    "too many arrays": (
        '{"layers": []}',
        "the array 'weights.0' belongs to no layer: expected names like weights.0",
    ),
}


@pytest.mark.parametrize(
    ("structure", "sentence"), REFUSED_STRUCTURES.values(), ids=REFUSED_STRUCTURES
)
def test_structures_that_are_refused(tmp_path, structure, sentence):
    path = tmp_path / "model.npz"
    np.savez(path, structure=structure, **{"weights.0": np.ones((2, 2)), "bias.0": np.ones(2)})
    assert refusal(path).startswith(sentence)


def test_a_structure_with_another_number_of_activations(residual, tmp_path):
    netviz.save(residual, tmp_path / "model.npz")
    message = refusal(tmp_path / "model.npz", activation=["relu"])
    assert message == "activation has 1 entries: expected 5, one for each layer after the input"


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
def test_activations_are_given_by_the_caller_or_the_file(tmp_path, suffix):
    arrays = {"0.weight": FIRST, "1.weight": SECOND}
    silent = write(tmp_path / f"silent{suffix}", arrays)
    assert refusal(silent) == (
        "the file contains weights, but no activations: "
        'expected activation="relu", or one for each layer'
    )
    names = [layer.activation.name for layer in netviz.load(silent, activation="relu").layers]
    assert names == ["relu", "relu"]
    given = write(tmp_path / f"given{suffix}", arrays, ["tanh", "sigmoid"])
    names = [layer.activation.name for layer in netviz.load(given).layers]
    assert names == ["tanh", "sigmoid"]
    names = [layer.activation.name for layer in netviz.load(given, activation="relu").layers]
    assert names == ["relu", "relu"]


REFUSED = {
    "convolution": (
        {"0.weight": np.ones((1, 1, 3, 3))},
        "the array '0.weight' has shape (1, 1, 3, 3): expected 2 dimensions, as in a dense layer",
    ),
    "complex": (
        {"0.weight": np.ones((2, 2), complex)},
        "the array '0.weight' is of type complex128: expected real numbers",
    ),
    "batch normalisation": (
        {"0.weight": FIRST, "1.running_mean": BIAS},
        "the array '1.running_mean' is neither weights nor a bias: "
        "expected names like 0.weight, 0.bias",
    ),
    "bias alone": (
        {"0.bias": BIAS},
        "layer '0' has only a bias: expected weights and a bias",
    ),
    "no order": (
        {"decoder.weight": SECOND, "encoder.weight": FIRST},
        "the layers have the names 'decoder', 'encoder': "
        "expected names that differ only in numbers, which order them",
    ),
    "twice": (
        {"0.weight": FIRST, "weights.0": FIRST},
        "the array 'weights.0' is also there under another name: expected one of them",
    ),
    "nothing": ({}, "the file contains no arrays: expected names like 0.weight, 0.bias"),
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
def test_an_unknown_activation(tmp_path, suffix):
    path = write(tmp_path / f"model{suffix}", {"0.weight": FIRST}, ["relo"])
    message = refusal(path)
    assert message.startswith("activation of layer 1 is 'relo': expected one of identity, step, ")
    assert message.endswith("; did you mean 'relu'?")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_truncated_files(network, tmp_path, suffix):
    path = tmp_path / f"model{suffix}"
    netviz.save(network, path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        assert refusal(path).startswith("the file ")


@pytest.mark.parametrize("kind", ["network", "residual"])
def test_damaged_archives(kind, request, tmp_path):
    """With any byte changed, the file is read or refused; nothing else is raised."""
    path = tmp_path / "model.npz"
    netviz.save(request.getfixturevalue(kind), path)
    whole = path.read_bytes()
    for place in range(0, len(whole), 41):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with suppress(ModelError):
            assert netviz.load(path).sizes


def test_an_archive_that_unpacks_to_more_than_the_limit(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    np.savez_compressed(path, **{"0.weight": np.zeros((1000, 1000))})
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000_000)
    assert (
        refusal(path, activation="relu")
        == "the file unpacks to 8000128 bytes: expected at most 1000000 bytes"
    )


def test_bfloat16_is_refused(tmp_path):
    header = b'{"0.weight":{"dtype":"BF16","shape":[1,1],"data_offsets":[0,2]}}'
    path = tmp_path / "model.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"\x80\x3f")
    assert refusal(path, activation="relu") == (
        "the array '0.weight' is of type BF16: expected one of F64, F32, F16"
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
        "the file may be a pickle, which can run any code when it is opened: expected a file made "
        "by netviz.save(netviz.load(model), 'model.npz') with the live model"
    )
    assert not sprung.exists()


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".onnx"])
def test_pickles_with_another_suffix_are_not_opened(tmp_path, suffix):
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
        "the file may contain code, so that only Keras should open it: expected a file made by "
        "netviz.save(netviz.load(keras.models.load_model(path)), 'model.npz')"
    )
    assert refusal("model.txt") == (
        "the file is not a model file: expected one of .onnx, .npz, .safetensors"
    )
    assert refusal("none.npz") == "the file does not exist: expected a model file"
    (tmp_path / "folder.npz").mkdir()
    assert refusal(tmp_path / "folder.npz").endswith("is a directory: expected a model file")


def test_other_objects():
    assert refusal({"weights": 1}) == (
        "the model is of the class dict: expected a path, or a model of torch, sklearn, keras, onnx"
    )
    with pytest.raises(ModelError, match="a live model defines its activations"):
        netviz.load(object(), activation="relu")


def test_a_package_that_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "safetensors", None)
    monkeypatch.delitem(sys.modules, "netviz.interop.safetensors", raising=False)
    path = tmp_path / "model.safetensors"
    path.touch()
    assert refusal(path) == (
        "the package safetensors is not installed; run pip install 'manim-netviz[safetensors]'"
    )


def test_networks_that_cannot_be_saved(network, tmp_path):
    with pytest.raises(ModelError, match=r"is '\.pkl': expected '\.npz' or '\.safetensors'"):
        netviz.save(network, tmp_path / "network.pkl")
    custom = netviz.Activation("custom", np.sin, lambda g, z, a: g * np.cos(z), "")
    odd = netviz.Network.from_weights([[[1.0]]], [[0.0]], custom)
    with pytest.raises(ModelError, match="layer 1 has the unregistered activation custom"):
        netviz.save(odd, tmp_path / "network.npz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_failed_save_leaves_the_old_file(network, tmp_path, monkeypatch, suffix):
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
