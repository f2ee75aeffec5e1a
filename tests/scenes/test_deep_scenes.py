"""The scenes about fading blame, overfitting and approximation: what they claim is measured."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from netviz.core import Data, Network, forward, train
from netviz.drawing import Box
from netviz.problems import ProblemError

from .playing import FILES, scene_in


def made(name: str, **options: object) -> Any:
    return scene_in(FILES[name]).configured(options=options)()


def test_the_bars_are_the_blame_of_another_autodiff() -> None:
    scene = made("vanishing_gradient", layers=3)
    network, sizes = scene.networks[0].network, scene.networks[0].blame
    inputs, targets = scene.samples
    arrays = [dict(layer.parameters) for layer in network.layers]

    def loss(offsets: list[Any]) -> Any:
        a = inputs
        for place, arrays_of in enumerate(arrays):
            z = anp.dot(a, arrays_of["weights"].T) + arrays_of["bias"] + offsets[place]
            a = 1 / (1 + anp.exp(-z)) if place < len(arrays) - 1 else z
        return anp.sum((a - targets) ** 2)

    zeros = [np.zeros((len(inputs), layer.n_out)) for layer in network.layers]
    blames = grad(loss)(zeros)
    expected = [np.sqrt((blame**2).mean()) for blame in blames[:-1]]
    np.testing.assert_allclose(sizes, expected, rtol=1e-9)


def test_one_thing_changes_at_a_time_until_the_blame_arrives() -> None:
    networks = made("vanishing_gradient").networks
    kinds = [(deep.activation, deep.init) for deep in networks]
    assert kinds == [
        ("sigmoid", "xavier_uniform"),
        ("relu", "xavier_uniform"),
        ("relu", "he_normal"),
    ]
    fading, weaker, level = (deep.blame for deep in networks)
    assert np.all(fading[:-1] < fading[1:] / 3)
    assert fading[0] < 1e-3 * fading[-1]
    assert 0.01 < weaker[0] / weaker[-1] < 0.5
    assert level.min() > 0.5 * level.max()


def test_arrows_of_all_layers_and_networks_are_on_one_scale() -> None:
    scene = made("vanishing_gradient", layers=5)
    (widest,) = set(scene.scale.shares)
    fading, _, level = (
        [float(np.abs(part.shares).max()) / widest for part in deep.trace.layers[1:-1]]
        for deep in scene.networks
    )
    assert all(after > 2 * before for before, after in pairwise(fading))
    assert fading[0] < scene.scale.least
    assert min(level) > 1
    assert scene.diagram_of(scene.networks[0]).blame_scale is scene.scale


def test_a_change_that_changes_nothing_is_left_out() -> None:
    networks = made("vanishing_gradient", other_init="xavier_uniform", layers=3).networks
    assert [deep.activation for deep in networks] == ["sigmoid", "relu"]


def test_every_help_against_overfitting_helps() -> None:
    runs = made("overfitting").runs
    trained, unseen = {}, {}
    for name, run in runs.items():
        trained[name], unseen[name] = run.losses[run.kept], run.unseen[run.kept]
        assert len(run.steps) == len(run.curves) == len(run.losses) == len(run.unseen)
        assert run.unseen[run.lowest] == run.unseen.min()
    assert trained[""] < 0.01
    assert unseen[""] > 3 * runs[""].unseen.min()
    for name in ("patience", "weight_decay", "dropout"):
        assert unseen[name] < unseen[""] / 3
    stopped = runs["patience"]
    assert stopped.steps[-1] - stopped.steps[stopped.kept] == 150
    assert all(run.kept == len(run.steps) - 1 for name, run in runs.items() if name != "patience")


def test_more_neurons_come_closer_to_the_curve() -> None:
    losses = [float(losses[-1]) for _, losses, _ in made("universal_approximation").runs.values()]
    assert all(after < before for before, after in pairwise(losses))
    assert losses[-1] < 0.01 * losses[0]


@pytest.mark.parametrize(
    ("curve", "message"),
    [
        ("sin(x", "expected a formula such as"),
        ("x * y", "option curve is 'x \\* y': expected a formula of x"),
        ("log(x)", "log\\(x\\) has no finite value for x = -2"),
    ],
)
def test_a_curve_is_a_formula_of_x(curve: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        made("universal_approximation", curve=curve)


def test_neurons_that_begin_at_zero_stay_twins() -> None:
    network, *_ = made("initialization").starts["zeros"]
    small = Network.random([3, 4, 2], "tanh", "zeros", rng=0)
    data = Data(np.eye(3), np.array([[0.5, -0.2], [0.1, 0.3], [-0.4, 0.2]]))
    *_, last = train(small, data, learning_rate=0.5, epochs=20, rng=0)
    for arrays in (each.parameters["weights"] for each in last.network.layers[:-1]):
        assert np.ptp(arrays, axis=0).max() == 0
    assert all(not layer.parameters["weights"].any() for layer in network.layers)


def test_signals_die_out_saturate_or_stay_alive() -> None:
    scene = made("initialization")
    spread, full = {}, {}
    for key, (network, *_) in scene.starts.items():
        *_, last = forward(network, scene.inputs).activations
        spread[key], full[key] = float(last.std()), float(np.mean(np.abs(last) > 0.95))
    assert spread["zeros"] == 0
    assert spread["small"] < 1e-3
    assert full["large"] > 0.5
    assert spread["xavier"] > 0.2
    assert full["xavier"] < 0.05
    assert 0.3 < spread["he"] < 3
    panel = scene.histograms("he", Box(-6, 6, -2, 2))
    assert set(panel.tops) == {(layer, 0) for layer in range(6)}
    off = [float(np.mean(layer == 0)) for layer in forward(network, scene.inputs).activations[1:]]
    assert all(0.4 < share < 0.6 for share in off)
    assert np.allclose(panel.shares[:, 0], off, atol=0.05)


def test_the_race_is_that_of_torch() -> None:
    torch = pytest.importorskip("torch")
    scene = made("optimizers")
    rates = dict(zip(scene.paths, scene.chosen["rates"], strict=True))
    rules = {
        "sgd": lambda p: torch.optim.SGD(p, lr=rates["sgd"]),
        "momentum": lambda p: torch.optim.SGD(p, lr=rates["momentum"], momentum=0.9),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=rates["rmsprop"]),
        "adam": lambda p: torch.optim.Adam(p, lr=rates["adam"]),
    }
    for name, path in scene.paths.items():
        point = torch.tensor(path[0], requires_grad=True)
        rule = rules[name]([point])
        for expected in path[1:]:
            rule.zero_grad()
            (0.08 * point[0] ** 2 + 6 * point[1] ** 2).backward()
            rule.step()
            np.testing.assert_allclose(point.detach().numpy(), expected, rtol=1e-9, atol=1e-12)


def test_every_optimizer_comes_down() -> None:
    scene = made("optimizers")
    begin = scene.loss.evaluate(dict(zip("xy", scene.paths["sgd"][0], strict=True))).value
    assert all(loss < begin / 20 for loss in scene.losses.values()), scene.losses


def test_smaller_batches_take_more_steps_and_stagger_more() -> None:
    scene = made("batches")
    counts, turns = [], []
    for path in scene.paths.values():
        steps = np.diff(path, axis=0)
        units = steps / np.linalg.norm(steps, axis=1, keepdims=True)
        counts.append(len(steps))
        turns.append(float((1 - (units[:-1] * units[1:]).sum(axis=1)).mean()))
    assert counts == [10, 40, 320]
    assert turns[0] < turns[1] < turns[2]


@pytest.mark.parametrize("batch", [8, 5])
def test_after_each_epoch_all_batches_have_seen_the_same_samples(batch: int) -> None:
    scene = made("batches", batch=batch, epochs=3)
    for kind, path in scene.paths.items():
        steps = (len(path) - 1) // 3
        assert [scene.seen(kind, k * steps) for k in range(4)] == [0, 32, 64, 96]
        first = [scene.seen(kind, step) for step in range(steps + 1)]
        assert set(np.diff(first)[:-1]) <= {scene.sizes[kind]}


def test_a_whole_batch_is_gradient_descent_by_hand() -> None:
    scene = made("batches")
    x, y = scene.data.inputs[:, 0], scene.data.targets[:, 0]
    path = scene.paths["whole"]
    w, b = path[0]
    for expected in path[1:]:
        error = w * x + b - y
        w, b = w - 0.15 * 2 * (error * x).mean(), b - 0.15 * 2 * error.mean()
        np.testing.assert_allclose((w, b), expected, rtol=1e-10)
