"""Training compared with PyTorch on the CPU: the same network, optimizer, batches, learning rate.

Both take the same number of steps and return the loss of each as a Python number. PyTorch computes
in float32, netviz in float64. The results are compared with PyTorch in float64: the largest
difference between the losses of the first 100 steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

import netviz
from benchmarks.side_by_side import fastest

STEPS, TURNS, SEED = 200, 15, 7
STEPS_PER_EPOCH = 20


@dataclass(frozen=True)
class Case:
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    batch_size: int
    optimizer: str
    learning_rate: float

    def __str__(self) -> str:
        shape = "-".join(map(str, self.sizes))
        return f"{shape}, batch {self.batch_size}, {self.loss}, {self.optimizer}"


LARGE = ((64, 32, 10), ("relu", "softmax"), "cross_entropy", 32)
SMALL = ((5, 2, 2, 5), ("sigmoid",) * 3, "mse", 1)
CASES = [
    Case(*shape, optimizer, rate)
    for shape in (LARGE, SMALL)
    for optimizer, rate in (("sgd", 0.1), ("momentum", 0.01), ("adam", 0.01))
]


def netviz_training(case: Case, steps: int) -> netviz.Training:
    """Return a run of at least so many steps, on random samples of random classes."""
    rng = np.random.default_rng(SEED)
    labels = rng.integers(case.sizes[-1], size=STEPS_PER_EPOCH * case.batch_size)
    inputs = rng.normal(size=(len(labels), case.sizes[0]))
    return netviz.train(
        netviz.Network.random(case.sizes, case.activations, rng=rng),
        (inputs, np.eye(case.sizes[-1])[labels]),
        loss=case.loss,
        optimizer=case.optimizer,
        learning_rate=case.learning_rate,
        batch_size=case.batch_size,
        epochs=-(-steps // STEPS_PER_EPOCH),
        rng=rng,
    )


class TorchTraining:
    """The usual training loop, with the same initial network and batches."""

    def __init__(self, torch: Any, case: Case, plan: Any, dtype: Any) -> None:
        nn = torch.nn
        classes = case.loss == "cross_entropy"  # torch's own takes z, not the softmax of it
        self.loss = nn.CrossEntropyLoss() if classes else nn.MSELoss()
        functions = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU, "softmax": nn.Identity}
        modules = []
        for layer in plan.network.layers:
            linear = nn.Linear(layer.n_in, layer.n_out, dtype=dtype)
            linear.weight.data = torch.tensor(layer.weights, dtype=dtype)
            linear.bias.data = torch.tensor(layer.bias, dtype=dtype)
            modules += [linear, functions[layer.activation.name]()]
        self.model = nn.Sequential(*(modules[:-1] if classes else modules))
        make, settings = {
            "sgd": (torch.optim.SGD, {}),
            "momentum": (torch.optim.SGD, {"momentum": 0.9}),
            "adam": (torch.optim.Adam, {}),
        }[case.optimizer]
        self.optimizer = make(self.model.parameters(), case.learning_rate, **settings)
        targets = plan.data.targets
        self.inputs = torch.tensor(plan.data.inputs, dtype=dtype)
        self.targets = torch.tensor(targets.argmax(1) if classes else targets).to(
            torch.int64 if classes else dtype
        )
        self.batches = iter(
            [
                batch
                for epoch in range(plan.epochs)
                for batch in torch.tensor(plan.order(epoch)).split(case.batch_size)
            ]
        )

    def run(self, steps: int) -> list[float]:
        losses = []
        for batch in islice(self.batches, steps):
            self.optimizer.zero_grad()
            loss = self.loss(self.model(self.inputs[batch]), self.targets[batch])
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
        return losses


def difference(torch: Any, case: Case) -> float:
    """Return the largest difference between the losses of 100 steps, both in float64."""
    training = netviz_training(case, 100)
    theirs = TorchTraining(torch, case, training.plan, torch.float64).run(100)
    ours = [step.loss for step in training]
    return max(abs(a - b) for a, b in zip(ours, theirs, strict=True))


def times(torch: Any, case: Case) -> list[float]:
    """Return the seconds for one step of netviz, and of PyTorch."""
    ours = netviz_training(case, STEPS * TURNS)
    theirs = TorchTraining(torch, case, ours.plan, torch.float32)
    ways = [lambda: [step.loss for step in islice(ours, STEPS)], lambda: theirs.run(STEPS)]
    return [seconds / STEPS for seconds in fastest(ways, TURNS)]


def report() -> None:
    """Print a row for each case."""
    try:
        import torch
    except ModuleNotFoundError:
        print("training: PyTorch is not installed, nothing to compare with")
        return
    torch.set_num_threads(1)
    print(f"training, one thread: netviz {netviz.__version__} and PyTorch {torch.__version__}")
    for case in CASES:
        ours, theirs = times(torch, case)
        print(
            f"  {case!s:52} {1e6 * ours:5.0f} µs per step, PyTorch {1e6 * theirs:5.0f} µs, "
            f"{theirs / ours:4.1f} times as fast; losses differ by {difference(torch, case):.0e}"
        )
