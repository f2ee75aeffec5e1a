"""Hearing when a PyTorch model takes a step, in whatever loop its owner has written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook


def listen(model: nn.Module, listener: Callable[[], object]) -> Callable[[], None]:
    """Call ``listener`` after each ``step()`` of an optimizer that holds parameters of ``model``.

    Returns:
        What ends that.
    """
    own = {id(parameter) for parameter in model.parameters()}

    def after_step(optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        held = (id(entry) for group in optimizer.param_groups for entry in group["params"])
        if not own.isdisjoint(held):
            listener()

    handle = register_optimizer_step_post_hook(after_step)
    return lambda: handle.remove()
