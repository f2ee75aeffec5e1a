"""Models trained by PyTorch give the same outputs and the same gradients in netviz."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import netviz

torch = pytest.importorskip("torch", reason="PyTorch is not installed: its models are not tested")
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

torch.set_num_threads(1)  # the models are small, and other tests run at the same time

ACTIVATIONS = [
    nn.Identity(),
    nn.Sigmoid(),
    nn.Tanh(),
    nn.ReLU(),
    nn.LeakyReLU(),
    nn.LeakyReLU(0.2),
    nn.ELU(),
    nn.ELU(0.5),
    nn.GELU(),
    nn.Softplus(),
    nn.Softplus(beta=2.0),
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
    for ours, theirs in pairs:  # ours is a sum over the samples, theirs a mean
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
def test_a_model_exported_to_onnx_is_the_same_network(iris_model, tmp_path):
    pytest.importorskip("onnx", reason="onnx is not installed: exported models are not tested")
    path = tmp_path / "model.onnx"
    if any(getattr(module, "beta", 1.0) != 1.0 for module in iris_model.modules()):
        pytest.skip("ONNX has no Softplus with another β: it is exported as several nodes")
    torch.onnx.export(iris_model, (torch.zeros(1, 4),), path, dynamo=False, opset_version=20)
    assert netviz.load(path) == netviz.load(iris_model)


def test_a_state_dict_in_safetensors(digits_model, tmp_path):
    files = pytest.importorskip("safetensors.torch", reason="safetensors is not installed")
    files.save_file(digits_model.state_dict(), tmp_path / "model.safetensors")
    network = netviz.load(tmp_path / "model.safetensors", activation=["relu", "softmax"])
    assert network == netviz.load(digits_model)


class Residual(nn.Module):
    """x + block(x), as ``forward`` writes it."""

    def __init__(self, forward, *layers, **parts):
        super().__init__()
        self.block, self._forward = nn.Sequential(*layers), forward
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        return self._forward(self, x)


def in_place(self, x):
    y = self.block(x)
    y += x
    return functional.relu(y, inplace=True)


def with_options(self, x):
    z = torch.tanh(self.first(x.view(x.size(0), -1)))
    z = functional.dropout(z, 0.5, training=self.training)
    return functional.leaky_relu(z + self.block(z), 0.3)


class Optional(nn.Module):
    """A forward with options, of which the defaults hold."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([block(), block()])

    def forward(self, x, mask=None, scale=1.0, double=False):
        for part in self.blocks:
            x = x + part(x)
        if mask is not None:
            x = x * mask
        return 2 * x if double else x.softmax(dim=-1)


def block(activation=nn.Tanh):
    return nn.Sequential(nn.Linear(4, 5), activation(), nn.Linear(5, 4))


def pre_activation():
    return Residual(lambda self, x: self.block(x) + x, nn.ReLU(), *block(nn.ReLU))


RESIDUAL = {
    "sum": (lambda: Residual(lambda self, x: x + self.block(x), *block()), "0→2"),
    "swapped": (lambda: Residual(lambda self, x: self.block(x) + x, *block()), "0→2"),
    "torch.add": (lambda: Residual(lambda self, x: torch.add(x, self.block(x)), *block()), "0→2"),
    "method": (lambda: Residual(lambda self, x: self.block(x).add(x), *block()), "0→2"),
    "activation after the sum": (
        lambda: Residual(lambda self, x: torch.relu(x + self.block(x)), *block()),
        "0→2",
    ),
    "in place": (lambda: Residual(in_place, *block()), "0→2"),
    "block that ends in an activation": (
        lambda: Residual(lambda self, x: x + self.block(x), nn.Linear(4, 4), nn.SiLU()),
        "0→2",
    ),
    "identity module as shortcut": (
        lambda: Residual(lambda self, x: self.cut(x) + self.block(x), *block(), cut=nn.Identity()),
        "0→2",
    ),
    "functions": (lambda: Residual(with_options, *block(), first=nn.Linear(4, 4)), "1→3"),
    "optional arguments": (Optional, "0→2, 2→4"),
    "nested": (
        lambda: nn.Sequential(
            nn.Linear(4, 4),
            nn.ReLU(),
            Residual(lambda self, x: x + self.block(x), *block(), nn.ELU(0.7), nn.Linear(4, 4)),
            Residual(
                lambda self, x: x + self.block(x),
                nn.Linear(4, 4),
                nn.Tanh(),
                Residual(lambda self, x: x + self.block(x), *block()),
                nn.Linear(4, 4),
            ),
        ),
        "1→4, 4→8, 5→7",
    ),
    "activation before the weights": (
        lambda: nn.Sequential(pre_activation(), pre_activation(), nn.Linear(4, 2)),
        "0→3, 3→6",
    ),
    "no residual": (
        lambda: Residual(lambda self, x: functional.elu(self.block(x), alpha=0.5), *block()),
        "",
    ),
}


@pytest.mark.parametrize(("make", "skips"), RESIDUAL.values(), ids=RESIDUAL)
def test_modules_with_a_custom_forward(make, skips):
    """Outputs and gradients are those of autograd."""
    torch.manual_seed(2)
    model = make().double()
    network = netviz.load(model)
    assert model.training
    assert ", ".join(f"{source}→{target}" for source, target in network.skips) == skips
    model.eval()
    x = torch.randn(6, 4, dtype=torch.float64, requires_grad=True)
    expected = model(x)
    trace = netviz.forward(network, x.detach().numpy())
    np.testing.assert_allclose(trace.prediction, expected.detach(), rtol=0, atol=1e-12)
    nn.functional.mse_loss(expected, torch.zeros_like(expected), reduction="sum").backward()
    back = netviz.backward(network, trace, np.zeros(expected.shape), "mse")
    linear = [module for module in model.modules() if isinstance(module, nn.Linear)]
    gradients = [(back.input_gradient, x.grad)]
    for layer, errors in zip(network.layers, back.layers, strict=True):
        for module in linear:
            if layer.parameters and np.array_equal(layer.weights, module.weight.detach()):
                gradients.append((errors.weight_gradient, module.weight.grad))
                gradients.append((errors.bias_gradient, module.bias.grad))
    assert len(gradients) == 1 + 2 * len(linear)
    for ours, theirs in gradients:  # a mean over the outputs of a sample, and a sum
        np.testing.assert_allclose(ours * network.sizes[-1], theirs, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (torch.sigmoid, "sigmoid"),
        (lambda z: z.sigmoid(), "sigmoid"),
        (torch.tanh, "tanh"),
        (lambda z: z.tanh_(), "tanh"),
        (functional.relu, "relu"),
        (torch.relu, "relu"),
        (lambda z: z.relu(), "relu"),
        (lambda z: functional.leaky_relu(z, 0.2), "leaky_relu(0.2)"),
        (lambda z: functional.leaky_relu(z, negative_slope=0.3, inplace=True), "leaky_relu(0.3)"),
        (lambda z: functional.elu(z, alpha=0.5), "elu(0.5)"),
        (functional.gelu, "gelu"),
        (lambda z: functional.softplus(z, beta=2.0), "softplus(2)"),
        (functional.silu, "silu"),
        (lambda z: functional.softmax(z, dim=-1), "softmax"),
        (lambda z: torch.softmax(z, 1), "softmax"),
        (lambda z: z.softmax(dim=1), "softmax"),
    ],
)
def test_activations_as_functions(function, text):
    model = Residual(lambda self, x: function(self.block(x)), nn.Linear(4, 3)).double()
    network = netviz.load(model)
    assert [layer.activation.text for layer in network.layers] == [text]
    x = torch.randn(20, 4, dtype=torch.float64)
    given = netviz.forward(network, x.numpy()).prediction
    np.testing.assert_allclose(given, model(x).detach(), rtol=0, atol=1e-12)


def test_reading_does_not_change_the_model():
    torch.manual_seed(0)
    model = RESIDUAL["sum"][0]()
    weights = netviz.load(model).layers[0].weights
    assert model.training
    assert model.block[0].weight.dtype == torch.float32
    assert weights.tolist() == model.block[0].weight.tolist()


def test_steps_that_do_not_lead_to_the_output_are_left_out():
    def forward(self, x):
        rows = x.size(0) + 1
        self.unused(x * rows)
        return self.block(x)

    model = Residual(forward, nn.Linear(4, 3), unused=nn.BatchNorm1d(4))
    assert netviz.load(model) == netviz.load(model.block)


@pytest.mark.filterwarnings("ignore:You are using the legacy TorchScript-based:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:torch")
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
@pytest.mark.parametrize(("make", "skips"), RESIDUAL.values(), ids=RESIDUAL)
def test_a_traced_model_exported_to_onnx_is_the_same_network(make, skips, tmp_path):
    model, path = make().eval(), tmp_path / "model.onnx"
    torch.onnx.export(model, (torch.zeros(1, 4),), path, dynamo=False, opset_version=20)
    assert netviz.load(path) == netviz.load(model)


class Doubled(nn.Sequential):
    def forward(self, x):
        return 2 * super().forward(x)


TRACEABLE = "a forward of modules, activations and additions, such as x + self.block(x)"
KNOWN = (
    "expected one of Sequential, Linear, BatchNorm1d, Identity, Sigmoid, Tanh, ReLU, LeakyReLU, "
    "ELU, GELU, Softplus, SiLU, Softmax, Flatten, Dropout, AlphaDropout"
)


def block_changes_x(self, x):
    return x + self.block(x)


def depends_on_values(self, x):
    return self.block(x) if x.sum() > 0 else x


def method_changes_x(self, x):
    y = self.block(x)
    x.mul_(2.0)
    return x + y


REFUSED = {
    "several outputs": (
        lambda: Residual(lambda self, x: (x, self.block(x)), *block()),
        f"model (Residual) computes with a tuple: expected {TRACEABLE}",
    ),
    "several inputs": (
        lambda: Residual(lambda self, x: self.block(x, x), *block()),
        "model.block (Sequential) is called with 2 values: expected one",
    ),
    "control flow": (
        lambda: nn.Sequential(Residual(depends_on_values, *block())),
        "model[0] (Residual) cannot be traced (symbolically traced variables cannot be used as "
        f"inputs to control flow): expected {TRACEABLE}",
    ),
    "gate": (
        lambda: Residual(lambda self, x: x * self.block(x), *block()),
        f"model (Residual) computes mul: expected {TRACEABLE}",
    ),
    "scaled sum": (
        lambda: Residual(lambda self, x: torch.add(x, self.block(x), alpha=2), *block()),
        f"model (Residual) computes add: expected {TRACEABLE}",
    ),
    "projection shortcut": (
        lambda: Residual(lambda self, x: self.cut(x) + self.block(x), *block(), cut=block()[0]),
        "model.block[0] (Linear) is on a second branch: expected one "
        "chain of layers with identity shortcuts, y = x + block(x)",
    ),
    "normalisation inside": (
        lambda: Residual(lambda self, x: x + self.block(x), nn.Linear(4, 4), nn.LayerNorm(4)),
        f"model.block[1] (LayerNorm) is not supported: {KNOWN}",
    ),
    "value changed in place": (
        lambda: Residual(block_changes_x, nn.ReLU(inplace=True), *block()),
        f"model (Residual) computes more than its trace shows: expected {TRACEABLE}; "
        "values must not be changed in place",
    ),
    "step without result": (
        lambda: Residual(method_changes_x, *block()),
        f"model (Residual) computes more than its trace shows: expected {TRACEABLE}; "
        "values must not be changed in place",
    ),
    "convolution": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Conv2d(1, 1, 3))),
        f"model[1][0] (Conv2d) is not supported: {KNOWN}",
    ),
    "custom forward": (
        lambda: Doubled(nn.Linear(2, 2)),
        f"model (Doubled) computes mul: expected {TRACEABLE}",
    ),
    "gelu": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.GELU(approximate="tanh")),
        "model[1] (GELU) has approximate='tanh': expected approximate='none'",
    ),
    "softplus": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Softplus(threshold=2)),
        "model[1] (Softplus) has threshold=2: expected threshold=20.0",
    ),
    "softmax over samples": (
        lambda: nn.Sequential(nn.Linear(2, 2), nn.Softmax(dim=0)),
        "model[1] (Softmax) has dim=0: expected dim=-1",
    ),
    "flatten": (
        lambda: nn.Sequential(nn.Flatten(0), nn.Linear(2, 2)),
        "model[0] (Flatten) keeps some dimensions apart: "
        "expected Flatten() with its default settings",
    ),
    "lazy": (
        lambda: nn.Sequential(nn.LazyLinear(2)),
        "model[0] (LazyLinear) has no weights yet: expected a model after its first batch",
    ),
    "empty": (
        lambda: nn.Sequential(nn.Flatten()),
        "the model has no weights: expected at least one layer with weights",
    ),
}


@pytest.mark.filterwarnings("ignore:Lazy modules are a new feature:UserWarning")
@pytest.mark.parametrize(("model", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(model, sentence):
    with pytest.raises(netviz.interop.ModelError) as caught:
        netviz.load(model())
    assert str(caught.value) == sentence


def test_layers_that_do_not_fit():
    with pytest.raises(
        ValueError, match="layer 2 has 2 inputs: expected 3, the number of neurons of layer 1"
    ):
        netviz.load(nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 3)))


@pytest.mark.parametrize("affine", [True, False])
def test_batch_normalization_becomes_part_of_the_weights_next_to_it(iris, affine):
    """After weights, before weights behind an activation, and before the first weights."""
    torch.manual_seed(2)
    model = nn.Sequential(
        nn.BatchNorm1d(4, affine=affine),
        nn.Linear(4, 6, bias=False),
        nn.BatchNorm1d(6, affine=affine),
        nn.ReLU(),
        nn.BatchNorm1d(6, eps=0.1, affine=affine),
        nn.Dropout(0.5),
        nn.Linear(6, 3),
        nn.BatchNorm1d(3),
    )
    trained(model, iris, 20)
    network = netviz.load(model)
    assert network.sizes == (4, 6, 3)
    expected = model(torch.tensor(iris.x, dtype=torch.float32)).detach().numpy()
    np.testing.assert_allclose(netviz.forward(network, iris.x).prediction, expected, atol=2e-5)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ((nn.Linear(4, 3), nn.ReLU(), nn.BatchNorm1d(3)), "is between other operations: expected"),
        (
            (nn.Linear(4, 3), nn.ReLU(), nn.BatchNorm1d(3), nn.Tanh(), nn.Linear(3, 1)),
            "is between other operations: expected weights directly before or after",
        ),
        ((nn.Linear(4, 3), nn.BatchNorm1d(3, track_running_stats=False)), "no running statistics"),
        ((nn.Linear(4, 3), nn.BatchNorm1d(2)), "normalizes 2 numbers: expected 3 numbers"),
    ],
)
def test_a_normalization_without_weights_next_to_it_is_refused(layers, message):
    with pytest.raises(netviz.interop.ModelError, match=rf"BatchNorm1d\).*{message}"):
        netviz.load(nn.Sequential(*layers))
