"""Models trained by PyTorch give the same outputs and the same gradients in netviz."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import netviz

torch = pytest.importorskip("torch", reason="PyTorch is not installed: its models are not tested")
from torch import nn  # noqa: E402

torch.set_num_threads(1)  # the models are small, and other tests run beside these

ACTIVATIONS = [
    nn.Identity(),
    nn.Sigmoid(),
    nn.Tanh(),
    nn.ReLU(),
    nn.LeakyReLU(),
    nn.ELU(),
    nn.GELU(),
    nn.Softplus(),
    nn.SiLU(),
    nn.Softmax(dim=1),
]


def trained(model, data, steps, rate=0.05):
    """Train for some steps, the whole data set in each, with the outputs as logits."""
    x, y = torch.tensor(data.x, dtype=torch.float32), torch.tensor(data.y)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    return model.eval()


@pytest.fixture(scope="module")
def digits_model(digits):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))
    return nn.Sequential(*trained(model, digits, 60, rate=0.02), nn.Softmax(dim=-1))


@pytest.fixture(scope="module", params=ACTIVATIONS, ids=lambda layer: type(layer).__name__)
def iris_model(request, iris):
    torch.manual_seed(1)
    hidden = nn.Sequential(nn.Linear(5, 4, bias=False), request.param, nn.Dropout(0.2))
    model = nn.Sequential(nn.Linear(4, 5), request.param, hidden, nn.Linear(4, 3))
    return nn.Sequential(trained(model, iris, 40), nn.Softmax(dim=-1)).eval()


def compare(model, data, dtype, tolerance):
    """Outputs of every sample, and all gradients of a loss over a few of them."""
    model = copy.deepcopy(model).to(dtype)
    network = netviz.load(model)
    x = torch.tensor(data.x, dtype=dtype)
    given = netviz.forward(network, data.x).prediction
    np.testing.assert_allclose(given, model(x).detach(), rtol=0, atol=tolerance)

    few = slice(None, None, 29)
    target = np.eye(network.sizes[-1])[data.y[few]]
    leaf = x[few].clone().requires_grad_()
    loss = -(torch.tensor(target, dtype=dtype) * torch.log(model(leaf))).sum(dim=-1).mean()
    loss.backward()
    trace = netviz.forward(network, data.x[few])
    back = netviz.backward(network, trace, target, "cross_entropy")

    linear = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    pairs = [(back.loss.sum(), loss.detach()), (back.input_gradient, leaf.grad)]
    for ours, theirs in zip(back.layers, linear, strict=True):
        pairs.append((ours.weight_gradient, theirs.weight.grad))
        if theirs.bias is not None:
            pairs.append((ours.bias_gradient, theirs.bias.grad))
    for ours, theirs in pairs:  # a sum over the samples beside a mean
        np.testing.assert_allclose(ours / len(target), theirs, rtol=0, atol=tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
def test_iris_with_each_activation(iris_model, iris, dtype, tolerance):
    if tolerance == 1e-12 and any(isinstance(m, nn.Softplus) for m in iris_model.modules()):
        tolerance = 3e-9  # from z = 20 on, torch takes z for ln(1 + e^z)
    compare(iris_model, iris, dtype, tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-6), (torch.float64, 1e-12)])
def test_digits(digits_model, digits, dtype, tolerance):
    right = netviz.forward(netviz.load(digits_model), digits.x).prediction.argmax(axis=1)
    assert np.mean(right == digits.y) > 0.9
    compare(digits_model, digits, dtype, tolerance)


def test_float32_and_bfloat16_become_float64_unchanged():
    for dtype in (torch.float32, torch.bfloat16):
        model = nn.Linear(3, 2, dtype=dtype)
        weights = netviz.load(model).layers[0].weights
        assert weights.tolist() == model.weight.tolist()


def test_the_network_does_not_change_with_the_model():
    model = nn.Sequential(nn.Linear(3, 2))
    network = netviz.load(model)
    before = network.layers[0].weights.copy()
    with torch.no_grad():
        model[0].weight.add_(1.0)
    np.testing.assert_array_equal(network.layers[0].weights, before)


@pytest.mark.filterwarnings("ignore:You are using the legacy TorchScript-based:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")
def test_what_torch_exports_to_onnx_is_the_same_network(iris_model, tmp_path):
    pytest.importorskip("onnx", reason="onnx is not installed: exported models are not tested")
    path = tmp_path / "model.onnx"
    torch.onnx.export(iris_model, (torch.zeros(1, 4),), path, dynamo=False, opset_version=20)
    assert netviz.load(path) == netviz.load(iris_model)


def test_a_state_dict_in_safetensors(digits_model, tmp_path):
    files = pytest.importorskip("safetensors.torch", reason="safetensors is not installed")
    files.save_file(digits_model.state_dict(), tmp_path / "model.safetensors")
    network = netviz.load(tmp_path / "model.safetensors", activation=["relu", "softmax"])
    assert network == netviz.load(digits_model)


class OfItsOwn(nn.Sequential):
    def forward(self, x):
        return 2 * super().forward(x)


KNOWN = (
    "expected one of Sequential, Linear, Identity, Sigmoid, Tanh, ReLU, LeakyReLU, ELU, GELU, "
    "Softplus, SiLU, Softmax, Flatten, Dropout, AlphaDropout"
)
REFUSED = {
    "convolution": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Conv2d(1, 1, 3))),
        f"model[1][0] (Conv2d) cannot be shown, {KNOWN}",
    ),
    "forward of its own": (
        lambda: OfItsOwn(nn.Linear(2, 2)),
        f"model (OfItsOwn) cannot be shown, {KNOWN}",
    ),
    "slope": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.LeakyReLU(0.2)),
        "model[1] (LeakyReLU) has negative_slope=0.2, expected negative_slope=0.01",
    ),
    "gelu": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.GELU(approximate="tanh")),
        "model[1] (GELU) has approximate='tanh', expected approximate='none'",
    ),
    "elu": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.ELU(0.5)),
        "model[1] (ELU) has alpha=0.5, expected alpha=1.0",
    ),
    "softmax over samples": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Softmax(dim=0)),
        "model[1] (Softmax) has dim=0, expected dim=-1",
    ),
    "flatten": (
        lambda: nn.Sequential(nn.Flatten(0), nn.Linear(2, 2)),
        "model[0] (Flatten) keeps some dimensions apart, expected Flatten() as it comes",
    ),
    "lazy": (
        lambda: nn.Sequential(nn.LazyLinear(2)),
        "model[0] (LazyLinear) has no weights yet, expected a model that has seen its first batch",
    ),
    "first": (
        lambda: nn.Sequential(nn.Tanh(), nn.Linear(2, 2)),
        "model[0] (Tanh) comes before any weights, expected a layer with weights first",
    ),
    "two": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Dropout(), nn.ReLU()),
        "model[3] (ReLU) comes right after an activation, tanh, expected weights between",
    ),
    "empty": (
        lambda: nn.Sequential(nn.Flatten()),
        "the model has no weights, expected at least one layer with weights",
    ),
}


@pytest.mark.filterwarnings("ignore:Lazy modules are a new feature:UserWarning")
@pytest.mark.parametrize(("model", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(model, sentence):
    with pytest.raises(netviz.interop.ModelError) as caught:
        netviz.load(model())
    assert str(caught.value) == sentence


def test_layers_that_do_not_fit():
    with pytest.raises(ValueError, match="layer 2 has 2 inputs: expected 3"):
        netviz.load(nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 3)))
