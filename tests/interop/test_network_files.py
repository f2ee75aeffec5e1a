"""Trained models where a network file may stand: on the command line, in TOML, in a script."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

import netviz
from netviz import interop, spec
from netviz.cli import main
from netviz.scene import NetworkScene

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"  # a few steps are enough here
)


@pytest.fixture(scope="module")
def model(iris):
    fitted = MLPClassifier(5, max_iter=300, learning_rate_init=0.02, random_state=0)
    return fitted.fit(iris.x, iris.y)


@pytest.fixture
def file(model, tmp_path):
    netviz.save(netviz.load(model), tmp_path / "iris.npz")
    return tmp_path / "iris.npz"


def test_a_model_file_is_a_description_with_a_random_sample(file, model):
    described = spec.load(file, interop)
    assert described.name == "iris"
    assert described.network == netviz.load(model)
    assert described.loss is netviz.LOSSES["cross_entropy"]
    assert described.input.shape == (4,)
    assert sorted(described.target) == [0, 0, 1]


def test_the_command_line_shows_the_numbers_of_the_framework(file, model, capsys):
    assert main(["explain", "--json", str(file)]) == 0
    explained = json.loads(capsys.readouterr().out)
    expected = model.predict_proba([explained["input"]])[0]
    np.testing.assert_allclose(explained["prediction"], expected, rtol=0, atol=1e-12)


def test_a_network_file_gives_a_model_its_sample(file, iris, model):
    toml = file.with_suffix(".toml")
    sample = f"input = {iris.x[77].tolist()}\ntarget = [0, 1, 0]\n"
    toml.write_text(f'[network]\nmodel = "iris.npz"\n[sample]\n{sample}[loss]\nname = "mse"\n')
    described = spec.load(toml, interop)
    assert described.network == netviz.load(model)
    np.testing.assert_array_equal(described.input, iris.x[77])
    assert described.loss.name == "mse"


def test_a_network_file_gives_the_activations_for_arrays(tmp_path):
    np.savez(tmp_path / "arrays.npz", weights0=np.eye(2), weights1=np.eye(2))
    toml = tmp_path / "net.toml"
    toml.write_text('[network]\nmodel = "arrays.npz"\nactivation = ["relu", "softmax"]\n')
    names = [layer.activation.name for layer in spec.load(toml, interop).network.layers]
    assert names == ["relu", "softmax"]


def refusal(path, models=interop) -> str:
    with pytest.raises(ValueError, match=re.escape(str(path.parent))) as caught:
        spec.load(path, models)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_other_keys_of_a_network_file_with_a_model(file):
    toml = file.with_suffix(".toml")
    toml.write_text('[network]\nmodel = "iris.npz"\nlayers = [4, 5, 3]\n')
    assert refusal(toml) == (
        "iris.toml: network.layers is given together with network.model: expected one of the two"
    )
    toml.write_text('[network]\nmodel = "iris.npz"\n[loss]\nname = "binary_cross_entropy"\n')
    assert refusal(toml) == (
        'iris.toml: loss.name is "binary_cross_entropy" after an output layer of softmax: '
        "expected sigmoid as the activation of the output layer"
    )
    toml.write_text('[network]\nmodel = "iris.npz"\n[sample]\ninput = [1]\ntarget = [0, 1, 0]\n')
    assert refusal(toml) == (
        "iris.toml: sample.input has length 1: expected 4, one for each neuron of the input layer"
    )
    toml.write_text('[network]\nmodel = "none.npz"\n')
    assert refusal(toml) == "none.npz: the file does not exist: expected a model file"
    toml.write_text('[network]\nmodel = "iris.npz"\n')
    assert refusal(toml, models=None) == (
        "iris.toml: network.model is given: "
        "expected spec.load(source, netviz.interop), which reads models"
    )


def test_a_step_activation_can_be_loaded_but_not_differentiated(tmp_path):
    netviz.save(netviz.Network.random([2, 2], "step", rng=0), tmp_path / "step.npz")
    assert refusal(tmp_path / "step.npz") == (
        "step.npz: network.model has step in layer 1, which has derivative 0 everywhere: "
        "expected an activation that can be trained, such as sigmoid"
    )


def test_a_pickle_is_refused_on_the_command_line_in_one_sentence(tmp_path, capsys):
    (tmp_path / "model.pt").write_bytes(b"\x80\x04.")
    assert main(["explain", str(tmp_path / "model.pt")]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "may be a pickle" in message


def test_scenes_take_networks_and_files(file, model, iris):
    network = netviz.load(model)
    assert NetworkScene.configured(network=network)().example.network == network
    assert NetworkScene.configured(network=str(file))().example.network == network
    chosen = spec.describe(network, input=iris.x[3], target=np.eye(3)[iris.y[3]], name="iris 4")
    scene = NetworkScene.configured(network=chosen)()
    np.testing.assert_allclose(scene.trace.prediction, model.predict_proba(iris.x[3:4])[0])
    assert scene.example.loss.name == "cross_entropy"


def test_networks_that_cannot_be_described():
    network = netviz.Network.random([2, 3], rng=0)
    with pytest.raises(ValueError, match=r"input has shape \(1,\): expected shape \(2,\)"):
        spec.describe(network, input=[1.0])
    with pytest.raises(ValueError, match=r"target has shape \(1,\): expected shape \(3,\)"):
        spec.describe(network, target=[1.0])
    with pytest.raises(ValueError, match="did you mean 'mse'"):
        spec.describe(network, loss="mes")
