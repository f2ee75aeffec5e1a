"""A PyTorch loop that netviz records: its weights, and the gradients of autograd."""

from __future__ import annotations

import numpy as np
import pytest

import netviz
from netviz.recording import record

torch = pytest.importorskip("torch", reason="PyTorch is not installed: recording is not tested")
from torch import nn  # noqa: E402

OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {"lr": 0.1}),
    "momentum": (torch.optim.SGD, {"lr": 0.02, "momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
    "rmsprop": (torch.optim.RMSprop, {"lr": 0.005}),
    "adam": (torch.optim.Adam, {"lr": 0.01}),
    "adamw": (torch.optim.AdamW, {"lr": 0.01}),
}


def model_of(network: netviz.Network) -> nn.Sequential:
    """The same network in PyTorch, with z for outputs."""
    modules: list[nn.Module] = []
    for layer in network.layers:
        linear = nn.Linear(layer.n_in, layer.n_out, dtype=torch.float64)
        linear.weight.data = torch.tensor(layer.weights)
        linear.bias.data = torch.tensor(layer.bias)
        modules += [linear, nn.Tanh()]
    return nn.Sequential(*modules[:-1])


@pytest.fixture
def problem(iris) -> tuple[netviz.Network, netviz.Data]:
    data = netviz.Data(iris.x, np.eye(3)[iris.y], name="iris")
    return netviz.Network.random((4, 6, 3), ["tanh", "softmax"], rng=3), data


def loop(model, optimizer, data, batches):
    """The loop of the tutorials; gives the losses."""
    x, y = torch.tensor(data.inputs), torch.tensor(data.targets.argmax(axis=1))
    for batch in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x[batch]), y[batch])
        loss.backward()
        optimizer.step()
        yield loss.item()


@pytest.mark.parametrize("name", netviz.OPTIMIZERS)
def test_losses_are_those_of_pytorch(name: str, problem) -> None:
    network, data = problem
    kind, settings = OPTIMIZERS[name]
    training = netviz.train(
        network,
        data,
        loss="cross_entropy",
        optimizer=name,
        learning_rate=settings["lr"],
        batch_size=16,
        epochs=10,
        rng=0,
    )
    steps = list(training)
    model = model_of(network)
    theirs = loop(model, kind(model.parameters(), **settings), data, [s.batch for s in steps])
    found = [step.loss for step in steps]
    np.testing.assert_allclose(found, list(theirs), rtol=1e-10, atol=1e-10)
    assert found[-1] < found[0]


def test_every_step_of_the_loop_is_recorded(problem) -> None:
    network, data = problem
    model = model_of(network)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    kept = [model[0].weight.detach().numpy().copy()]
    with record(model, data, loss="cross_entropy", samples=[0, 100]) as recorder:
        for _ in loop(model, optimizer, data, [slice(None)] * 8):
            kept.append(model[0].weight.detach().numpy().copy())
    recording = recorder.recording
    np.testing.assert_array_equal(recording.steps, np.arange(9))
    np.testing.assert_array_equal(recording.parameters[0]["weights"], kept)
    layers = recording.network(0).layers
    assert [layer.activation.text for layer in layers] == ["tanh", "softmax"]
    next(loop(model, optimizer, data, [slice(None)]))
    assert recorder.step == 8


def test_a_recorded_sample_has_the_numbers_of_pytorch(problem) -> None:
    network, data = problem
    model = model_of(network).float()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    single = netviz.Data(np.float32(data.inputs), data.targets)
    x, y = torch.tensor(single.inputs).float(), torch.tensor(single.targets.argmax(axis=1))
    with record(model, single, loss="cross_entropy", samples=[100]) as recorder:
        for _ in range(20):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
    recording = recorder.recording
    activations = []
    hook = model[1].register_forward_hook(lambda module, given, a: activations.append(a))
    model.zero_grad()
    z = model(x[100])
    hook.remove()
    loss = nn.functional.cross_entropy(z, y[100])
    loss.backward()
    forward, backward = recording.forward(-1), recording.backward(-1)
    found = [
        (forward.layers[0].activation, activations[0]),
        (forward.prediction, z.softmax(dim=-1)),
        (backward.loss, loss),
    ]
    for linear, layer in zip((model[0], model[2]), backward.layers, strict=True):
        found.append((layer.weight_gradient, linear.weight.grad))
        found.append((layer.bias_gradient, linear.bias.grad))
    for ours, theirs in found:
        np.testing.assert_allclose(ours, theirs.detach().numpy(), atol=1e-6)
    with torch.no_grad():
        whole = nn.functional.cross_entropy(model(x), y).item()
        share = (model(x).argmax(dim=1) == y).double().mean().item()
    assert recording.losses[-1] == pytest.approx(whole, abs=1e-6)
    assert recording.accuracies[-1] == share


def test_steps_of_another_model_are_not_counted(problem) -> None:
    network, data = problem
    model, other = model_of(network), model_of(network)
    optimizer = torch.optim.SGD(other.parameters(), lr=0.1)
    with record(model, data, loss="cross_entropy") as recorder:
        for _ in loop(other, optimizer, data, [slice(None)] * 3):
            pass
    assert recorder.step == 0
    assert len(recorder.recording) == 1


def test_non_finite_weights_stop_the_loop(problem) -> None:
    network, data = problem
    model = model_of(network)
    optimizer = torch.optim.SGD(model.parameters(), lr=float("nan"))
    with (
        pytest.raises(
            ValueError, match=r"weights of model\[0\] \(Linear\) has nan at index \[0, 0\]"
        ),
        record(model, data, loss="cross_entropy"),
    ):
        next(loop(model, optimizer, data, [slice(None)]))
