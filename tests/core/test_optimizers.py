import math
from collections.abc import Iterator

import numpy as np
import pytest

from netviz.core import OPTIMIZERS, Optimizer

every = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
GRADIENTS = [0.5, -2.0, 1e-3, 0.0, 7.0, -0.25, 1.0]


def by_hand(name: str, start: float) -> Iterator[float]:
    """One parameter under `GRADIENTS`, number by number, with the defaults written out."""
    theta, velocity, mean, square = start, 0.0, 0.0, 0.0
    for t, g in enumerate(GRADIENTS, start=1):
        if name == "sgd":
            theta -= 0.01 * g
        elif name == "momentum":
            velocity = 0.9 * velocity + g
            theta -= 0.01 * velocity
        elif name == "nesterov":
            velocity = 0.9 * velocity + g
            theta -= 0.01 * (g + 0.9 * velocity)
        elif name == "rmsprop":
            square = 0.99 * square + 0.01 * g**2
            theta -= 0.01 * g / (math.sqrt(square) + 1e-8)
        elif name in ("adam", "adamw"):
            theta *= 1 - 0.001 * 0.01 if name == "adamw" else 1
            mean, square = 0.9 * mean + 0.1 * g, 0.999 * square + 0.001 * g**2
            unbiased_mean, unbiased_square = mean / (1 - 0.9**t), square / (1 - 0.999**t)
            theta -= 0.001 * unbiased_mean / (math.sqrt(unbiased_square) + 1e-8)
        else:
            raise AssertionError(f"write {name} by hand, too")
        yield theta


@every
def test_steps_agree_with_the_formula(optimizer: Optimizer) -> None:
    theta, memory = np.array([0.3, -0.3]), optimizer.first_memory(2)
    expected = zip(by_hand(optimizer.name, 0.3), by_hand(optimizer.name, -0.3), strict=True)
    for t, (g, right) in enumerate(zip(GRADIENTS, expected, strict=True), start=1):
        theta, memory = optimizer.step(theta, np.full(2, g), memory, t)
        np.testing.assert_allclose(theta, right, rtol=1e-13)


@every
def test_a_quadratic_function_is_minimized(optimizer: Optimizer) -> None:
    quick = optimizer.with_settings(learning_rate=0.02)
    theta, memory = np.array([1.0, -1.0]), quick.first_memory(2)
    steepness = np.array([1.0, 3.0])
    for t in range(1, 1001):
        theta, memory = quick.step(theta, steepness * theta, memory, t)
    assert np.abs(theta).max() < 0.02


@every
def test_nothing_is_mutated(optimizer: Optimizer) -> None:
    memory = tuple(np.full(3, 0.5) for _ in range(optimizer.slots))
    gradient = np.array([1.0, -1.0, 0.0])
    for array in (gradient, *memory):
        array.setflags(write=False)
    theta = gradient.copy()
    theta.setflags(write=False)
    moved, after = optimizer.step(theta, gradient, memory, 1)
    assert len(after) == optimizer.slots
    assert not any(np.shares_memory(moved, array) for array in (theta, gradient, *memory, *after))


@every
def test_settings_are_frozen_and_change_by_name(optimizer: Optimizer) -> None:
    with pytest.raises(TypeError):
        optimizer.settings["learning_rate"] = 1.0  # type: ignore[index]
    other = optimizer.with_settings(learning_rate=0.5)
    assert other.settings["learning_rate"] == 0.5
    assert OPTIMIZERS[optimizer.name].settings["learning_rate"] < 0.5
    assert other.rule is optimizer.rule


@every
def test_weight_decay_is_that_of_torch(optimizer: Optimizer) -> None:
    torch = pytest.importorskip("torch")
    classes = {"momentum": "SGD", "nesterov": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW"}
    options = {"momentum": 0.9} if optimizer.name in ("momentum", "nesterov") else {}
    options |= {"nesterov": True} if optimizer.name == "nesterov" else {}
    theta = np.array([0.3, -2.0])
    theirs = torch.tensor(theta, requires_grad=True)
    make = getattr(torch.optim, classes.get(optimizer.name, optimizer.name.upper()), None)
    make = make or torch.optim.Adam
    rule = make([theirs], lr=0.1, weight_decay=0.2, **options)
    mine = optimizer.with_settings(learning_rate=0.1, weight_decay=0.2)
    memory = mine.first_memory(2)
    for t, g in enumerate(GRADIENTS, start=1):
        theirs.grad = torch.full((2,), g, dtype=torch.float64)
        rule.step()
        theta, memory = mine.step(theta, np.full(2, g), memory, t)
        np.testing.assert_allclose(theta, theirs.detach().numpy(), rtol=1e-12)


def test_weight_decay_is_added_to_the_gradient_or_shrinks_the_parameters() -> None:
    theta, g = np.array([2.0, -4.0]), np.array([0.5, 0.0])
    sgd = OPTIMIZERS["sgd"].with_settings(learning_rate=0.1, weight_decay=0.5)
    moved, _ = sgd.step(theta, g, (), 1)
    np.testing.assert_allclose(moved, theta - 0.1 * (g + 0.5 * theta))
    adamw = OPTIMIZERS["adamw"].with_settings(learning_rate=0.1, weight_decay=0.5)
    moved, _ = adamw.step(theta, np.zeros(2), adamw.first_memory(2), 1)
    np.testing.assert_allclose(moved, theta * (1 - 0.1 * 0.5))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"speed": 1.0}, "setting of adam is 'speed': expected one of learning_rate, beta1"),
        (
            {"learning_rate": -1.0},
            "learning_rate of adam is -1.0: expected a finite number from 0 up",
        ),
        ({"learning_rate": math.nan}, "is nan: expected a finite number from 0 up"),
        ({"learning_rate": math.inf}, "is inf: expected a finite number from 0 up"),
        ({"weight_decay": -0.1}, "weight_decay of adam is -0.1: expected a finite number from 0"),
        ({"beta1": 1.0}, "beta1 of adam is 1.0: expected a number from 0 to below 1"),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        OPTIMIZERS["adam"].with_settings(**settings)
