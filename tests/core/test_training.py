import gc
import itertools
import re
import tracemalloc
import weakref

import numpy as np
import pytest

from netviz.core import (
    LOSSES,
    OPTIMIZERS,
    Data,
    Network,
    Training,
    backward,
    evaluate,
    forward,
    train,
)
from netviz.core.objective import ParameterLayout, flat, mean_loss_and_gradient
from netviz.problems import ProblemError

from . import reference
from .differences import assert_is_gradient
from .networks import RESIDUAL, random_network
from .variants import DIFFERENTIABLE

XOR = Data([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]], name="xor")


def regression(samples: int = 23) -> Data:
    rng = np.random.default_rng(5)
    return Data(rng.normal(size=(samples, 4)), rng.normal(size=(samples, 3)))


def run(**changes: object) -> Training:
    options = {"optimizer": "adam", "batch_size": 5, "epochs": 4, "rng": 1} | changes
    network = Network.random((4, 6, 3), ["tanh", "identity"], rng=2)
    return train(network, regression(), **options)  # type: ignore[arg-type]


def last(training: Training) -> Network:
    for _ in training:
        pass
    return training.network


@pytest.mark.parametrize("hidden", DIFFERENTIABLE)
@pytest.mark.parametrize("loss", LOSSES)
def test_the_fast_gradient_is_that_of_the_backward_pass(hidden: str, loss: str) -> None:
    rng = np.random.default_rng(4)
    outputs = 4
    for output in ("sigmoid", "softmax"):
        network = Network.random((5, 3, outputs), [hidden, output], rng=rng)
        x = rng.normal(size=(6, 5))
        target = rng.uniform(size=(6, LOSSES[loss].target_size(outputs)))
        trace = backward(network, forward(network, x), target, loss)
        value, gradient = mean_loss_and_gradient(
            ParameterLayout.of(network), flat(network), x, target, LOSSES[loss]
        )
        assert value == pytest.approx(float(trace.loss.mean()), rel=1e-13)
        parts = ParameterLayout.of(network).views(gradient)
        for arrays, layer in zip(parts, trace.layers, strict=True):
            for name, array in arrays.items():
                right = layer.gradients[name] / 6
                np.testing.assert_allclose(array, right, rtol=1e-10, atol=1e-14)


def test_the_vector_has_all_parameters_in_order() -> None:
    network = Network.from_weights([[[1, 2], [3, 4]], [[5, 6]]], [[7, 8], [9]], "tanh")
    layout = ParameterLayout.of(network)
    np.testing.assert_array_equal(flat(network), [1, 2, 3, 4, 7, 8, 5, 6, 9])
    assert layout.size == 9
    assert layout.network(flat(network)) == network


def test_a_run_is_the_gradient_descent_of_an_independent_autodiff() -> None:
    network, data = run(optimizer="sgd", learning_rate=0.1).plan.network, regression()
    for step in run(optimizer="sgd", learning_rate=0.1):
        x, target = data.inputs[step.batch], data.targets[step.batch]
        total, gradients = reference.gradients(network, x, target, "mse")
        assert step.loss == pytest.approx(total / len(x), rel=1e-12)
        rate = 0.1 / len(x)
        layers = [
            (w.weights - rate * slopes["weights"], w.bias - rate * slopes["bias"])
            for w, slopes in zip(network.layers, gradients["parameters"], strict=True)
        ]
        network = Network.from_weights(*zip(*layers, strict=True), ["tanh", "identity"])
        np.testing.assert_allclose(flat(step.network), flat(network), rtol=1e-10, atol=1e-12)
        for found, right in zip(step.gradients, gradients["parameters"], strict=True):
            np.testing.assert_allclose(found.weight_gradient, right["weights"] / len(x), atol=1e-12)
            np.testing.assert_allclose(found.bias_gradient, right["bias"] / len(x), atol=1e-12)


def test_an_epoch_sees_every_sample_once_and_in_a_new_order() -> None:
    steps = list(run(epochs=3))
    assert [step.step for step in steps] == list(range(1, 16))
    assert [step.epoch for step in steps] == [1] * 5 + [2] * 5 + [3] * 5
    assert [len(step.batch) for step in steps[:5]] == [5, 5, 5, 5, 3]
    orders = [
        np.concatenate([step.batch for step in steps if step.epoch == epoch]) for epoch in (1, 2, 3)
    ]
    for order in orders:
        np.testing.assert_array_equal(np.sort(order), np.arange(23))
    for one, other in itertools.combinations(orders, 2):
        assert not np.array_equal(one, other)


def test_all_samples_are_one_batch_by_default() -> None:
    assert [len(step.batch) for step in run(batch_size=None)] == [23] * 4


def test_the_same_rng_gives_the_same_run() -> None:
    first, again, other = (last(run(rng=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert last(run(rng=np.random.default_rng(1))) == first


def test_a_step_is_taken_on_demand() -> None:
    training = run()
    assert training.step == 0
    assert training.network == training.plan.network
    step = next(training)
    assert training.step == step.step == 1
    assert step.network == training.network
    assert len(training) == 20
    assert len(list(training)) == 19
    assert list(training) == []


def test_a_step_that_is_kept_does_not_change() -> None:
    training = run()
    step = next(training)
    before = flat(step.network), step.gradients[0].weight_gradient.copy()
    last(training)
    np.testing.assert_array_equal(flat(step.network), before[0])
    np.testing.assert_array_equal(step.gradients[0].weight_gradient, before[1])
    with pytest.raises(ValueError, match="read-only"):
        step.gradients[0].bias_gradient[0] = 1.0


def test_a_step_that_is_not_kept_is_freed() -> None:
    training = run()
    watched = weakref.ref(next(training))
    gc.collect()
    assert watched() is None


def test_a_long_run_needs_no_more_memory_than_a_short_one() -> None:
    training = run(epochs=200)
    peaks = []
    tracemalloc.start()
    try:
        for steps in (100, 800):
            tracemalloc.reset_peak()
            start = tracemalloc.get_traced_memory()[0]
            for _ in itertools.islice(training, steps):
                pass
            peaks.append(tracemalloc.get_traced_memory()[1] - start)
    finally:
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_validation_is_of_the_network_after_the_step() -> None:
    validation = regression(9)
    for step in itertools.islice(run(validation=validation), 3):
        expected = backward(
            step.network, forward(step.network, validation.inputs), validation.targets
        )
        assert step.validation_loss == pytest.approx(float(expected.loss.mean()), rel=1e-13)
    assert next(run()).validation_loss is None


def test_the_validation_loss_is_computed_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("netviz.core.training.score", lambda *args: asked.append(args))
    last(run(validation=regression(9)))
    assert asked == []


def test_the_gradient_under_dropout_is_that_of_the_network_without_the_dropped_neurons() -> None:
    layers = ["tanh", "sigmoid", "softplus", "identity"]
    network = Network.random((4, 6, 5, 6, 3), layers, skips=[(1, 3)], rng=2)
    training = train(network, regression(), dropout=0.4, rng=3)
    order, factors = training.plan.order(0), training.plan.factors(0, 23)
    assert factors is not None
    x, target = regression().inputs[order], regression().targets[order]
    activations = [x]
    for place, layer in enumerate(network.layers, start=1):
        z = layer.preactivation(activations[-1], layer.parameters)
        z = z + sum(activations[source] for source in network.skip_sources[place])
        factor = factors[place - 1]
        a = layer.activation.value(z)
        activations.append(a if factor is None else a * factor)
    layout, arguments = ParameterLayout.of(network), (x, target, LOSSES["mse"], factors)
    loss, gradient = mean_loss_and_gradient(layout, flat(network), *arguments)
    assert loss == pytest.approx(float(((activations[-1] - target) ** 2).mean()), rel=1e-12)
    assert_is_gradient(
        gradient,
        lambda p: np.float64(mean_loss_and_gradient(layout, p, *arguments)[0]),
        flat(network),
    )
    step = next(training)
    assert step.loss == loss
    np.testing.assert_array_equal(step.gradients[0].weight_gradient.ravel(), gradient[:24])


def test_dropout_drops_its_share_and_keeps_the_mean() -> None:
    network = Network.random((4, 60, 50, 3), "tanh", rng=2)
    training = train(network, regression(200), dropout=0.3, epochs=2, rng=1)
    hidden, second, last = training.plan.factors(0, 200) or ()
    assert last is None
    for factors, neurons in ((hidden, 60), (second, 50)):
        assert factors is not None
        assert factors.shape == (200, neurons)
        assert set(np.unique(factors)) == {0.0, 1.0 / 0.7}
        assert np.mean(factors == 0.0) == pytest.approx(0.3, abs=0.02)
    again, other = training.plan.factors(0, 200), training.plan.factors(1, 200)
    np.testing.assert_array_equal((again or [None])[0], hidden)
    assert not np.array_equal((other or [None])[0], hidden)


def test_a_run_stops_after_epochs_without_a_lower_validation_loss() -> None:
    validation = regression(9)
    options = {"validation": validation, "learning_rate": 0.1, "epochs": 60}
    endless = run(**options)
    epochs = [step for step in endless if step.step % 5 == 0]
    losses = [step.validation_loss for step in epochs]
    early = run(**options, patience=4)
    stopped = [step for step in early if step.step % 5 == 0]
    best = int(np.argmin(losses[: len(stopped)]))
    assert len(stopped) == best + 1 + 4 < 60
    assert [step.validation_loss for step in stopped] == losses[: len(stopped)]
    assert early.ended
    assert early.best == epochs[best].network
    assert early.network == stopped[-1].network
    assert endless.best == endless.network
    resumed = run(**options, patience=4)
    for _ in range(5 * (best + 3)):
        next(resumed)
    resumed = run(**options, patience=4, resume=resumed.checkpoint)
    assert len(list(resumed)) == 2 * 5
    assert resumed.best == early.best


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("steps", [0, 1, 5, 7, 20])
def test_a_resumed_run_equals_an_uninterrupted_one(optimizer: str, steps: int) -> None:
    options = {"optimizer": optimizer, "dropout": 0.2, "weight_decay": 0.1}
    whole = run(**options)
    losses = [step.loss for step in whole]
    first = run(**options)
    before = [step.loss for step in itertools.islice(first, steps)]
    second = run(**options, resume=first.checkpoint, rng=99)
    assert before + [step.loss for step in second] == losses
    assert second.network == whole.network


def test_a_finished_run_may_be_made_longer() -> None:
    short = run(epochs=2)
    last(short)
    assert last(run(epochs=4, resume=short.checkpoint)) == last(run(epochs=4))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"loss": "mae"}, "loss"),
        ({"optimizer": "sgd"}, "optimizer"),
        ({"learning_rate": 0.5}, "optimizer"),
        ({"batch_size": 6}, "batch size"),
        ({"weight_decay": 0.1}, "optimizer"),
        ({"dropout": 0.1}, "dropout"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(changes: dict, what: str) -> None:
    message = f"the {what} of the checkpoint is "
    with pytest.raises(ProblemError, match=re.escape(message)):
        run(resume=run().checkpoint, **changes)


def test_a_checkpoint_of_other_data_is_refused() -> None:
    network = run().plan.network
    with pytest.raises(
        ValueError, match=r"the data of the checkpoint is .*; it belongs to another run"
    ):
        train(network, regression(24), optimizer="adam", rng=1, resume=run().checkpoint)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optimizer": "adan"}, "optimizer is 'adan': expected one of sgd, "),
        ({"loss": "msee"}, "loss is 'msee': expected one of mse, "),
        ({"epochs": 0}, "epochs is 0: expected a whole number from 1 up"),
        ({"batch_size": 2.5}, "batch_size is 2.5: expected a whole number from 1 up"),
        (
            {"learning_rate": -1.0},
            "learning_rate of adam is -1.0: expected a finite number from 0 up",
        ),
        ({"loss": "cross_entropy"}, ": expected 0 to 1, as cross_entropy compares probabilities"),
        ({"weight_decay": -1.0}, "weight_decay of adam is -1.0: expected a finite number from 0"),
        ({"dropout": 1.0}, "dropout is 1.0: expected a number from 0 to below 1"),
        ({"patience": 3}, "patience is given: expected validation data to stop by"),
        (
            {"patience": 0, "validation": regression()},
            "patience is 0: expected a whole number from 1 up",
        ),
        ({"validation": XOR}, "input has shape (1, 2): expected shape (1, 4)"),
    ],
)
def test_wrong_arguments_are_refused_before_the_first_step(changes: dict, message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message)):
        run(**changes)


@pytest.mark.parametrize("activation", ["relu", "tanh", "identity", "gelu"])
def test_losses_of_probabilities_need_a_fitting_output_layer(activation: str) -> None:
    ones = Network.from_weights([[[0.0, 0.0]]], [[0.5]], activation)
    with pytest.raises(
        ValueError,
        match=f"the activation of the output layer is {activation}: expected sigmoid, as binary",
    ):
        train(ones, XOR, loss="binary_cross_entropy", rng=0)


def test_later_samples_are_checked_too() -> None:
    data = Data(XOR.inputs, [[0], [1], [1], [2]])
    network = Network.random((2, 1), rng=0)
    with pytest.raises(ValueError, match=r"targets has 2\.0: expected 0 to 1, as binary_cross"):
        train(network, data, loss="binary_cross_entropy", rng=0)


@pytest.mark.filterwarnings("error")
def test_a_run_that_diverges_is_stopped() -> None:
    training = run(optimizer="sgd", learning_rate=1e6, epochs=1000)
    with pytest.raises(
        ValueError, match=r"training diverged in step \d+, epoch \d+: expected a learning"
    ):
        last(training)
    assert np.isfinite(flat(training.network)).all()


def test_xor_is_learned() -> None:
    network = Network.random((2, 3, 1), ["tanh", "sigmoid"], rng=1)
    training = train(
        network,
        XOR,
        loss="binary_cross_entropy",
        optimizer="adam",
        learning_rate=0.05,
        epochs=300,
        rng=0,
    )
    losses = [step.loss for step in training]
    score = evaluate(training.network, XOR, "binary_cross_entropy")
    assert losses[0] > 0.5
    assert score.loss < 0.02
    assert score.accuracy == 1.0


def test_the_encoder_learns_five_patterns() -> None:
    patterns = Data(np.eye(5), np.eye(5), name="encoder")
    network = Network.random((5, 2, 5), ["tanh", "softmax"], rng=0)
    training = train(
        network,
        patterns,
        loss="cross_entropy",
        optimizer="adam",
        learning_rate=0.05,
        epochs=600,
        rng=0,
    )
    last(training)
    assert evaluate(training.network, patterns, "cross_entropy").accuracy == 1.0


def test_a_regression_has_no_accuracy() -> None:
    assert evaluate(run().plan.network, regression()).accuracy is None


@pytest.mark.parametrize("shape", RESIDUAL)
def test_the_fast_gradient_of_residual_networks_agrees_with_autodiff(shape: str) -> None:
    sizes, skips, one_to_one = RESIDUAL[shape]
    rng = np.random.default_rng(7)
    names = ["tanh", "leaky_relu(0.2)", "silu(2)", "elu(2)", "softplus", "identity"][
        : len(sizes) - 1
    ]
    network = random_network(sizes, names, rng, skips=skips, one_to_one=one_to_one)
    x, target = rng.normal(size=(5, sizes[0])), rng.normal(size=(5, sizes[-1]))
    layout = ParameterLayout.of(network)
    value, gradient = mean_loss_and_gradient(layout, flat(network), x, target, LOSSES["mse"])
    total, expected = reference.gradients(network, x, target, "mse")
    assert value == pytest.approx(total / 5, rel=1e-12)
    for found, right in zip(layout.views(gradient), expected["parameters"], strict=True):
        assert list(found) == list(right)
        for name, array in found.items():
            np.testing.assert_allclose(array, right[name] / 5, rtol=1e-9, atol=1e-12)
    if layout.size:
        assert_is_gradient(
            gradient,
            lambda p: np.float64(mean_loss_and_gradient(layout, p, x, target, LOSSES["mse"])[0]),
            flat(network),
        )


def test_a_residual_network_is_trained_and_resumed() -> None:
    block = Network.random((2, 5, 2), "tanh", rng=1).residual("leaky_relu(0.2)")
    network = block.then(block).then(Network.random((2, 1), rng=2))
    options = {"loss": "binary_cross_entropy", "optimizer": "adam", "learning_rate": 0.05, "rng": 0}
    training = train(network, XOR, epochs=300, **options)  # type: ignore[arg-type]
    losses = [step.loss for step in itertools.islice(training, 150)]
    resumed = train(network, XOR, epochs=300, resume=training.checkpoint, **options)  # type: ignore[arg-type]
    assert last(resumed) == last(training)
    assert training.network.structure == network.structure
    assert evaluate(training.network, XOR, "binary_cross_entropy").loss < 0.1 * losses[0]


def test_a_checkpoint_of_a_network_with_other_skips_is_refused() -> None:
    with_skip, without = (Network.random((2, 3, 2), skips=s, rng=1) for s in ([(0, 2)], []))
    data = Data([[0.0, 1.0]], [[1.0, 0.0]])
    checkpoint = train(with_skip, data, rng=0).checkpoint
    with pytest.raises(ProblemError, match="the network of the checkpoint is"):
        train(without, data, rng=0, resume=checkpoint)
