from collections.abc import Callable
from typing import Any

import pytest
import typst

from netviz.core import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS, Loss
from netviz.core.activations import as_activation
from netviz.core.initializers import as_initializer
from netviz.core.losses import as_loss
from netviz.core.optimizers import as_optimizer
from netviz.problems import ProblemError

REGISTRIES = {
    "activation": (ACTIVATIONS, as_activation),
    "loss": (LOSSES, as_loss),
    "initializer": (INITIALIZERS, as_initializer),
    "optimizer": (OPTIMIZERS, as_optimizer),
}
every = pytest.mark.parametrize(("registry", "get"), REGISTRIES.values(), ids=REGISTRIES)


@every
def test_entries_have_their_name_and_a_source(registry: dict, get: Callable[..., Any]) -> None:
    for name, entry in registry.items():
        assert entry.name == name
        assert entry.source


@every
def test_formulae_are_typst_mathematics(registry: dict, get: Callable[..., Any]) -> None:
    formulae = [entry.formula for entry in registry.values() if entry.formula]
    page = "\n\n".join(f"$ {formula} $" for formula in formulae)
    assert typst.compile(page.encode(), format="svg").startswith(b"<svg")


@every
def test_a_name_or_an_entry_gives_the_entry(registry: dict, get: Callable[..., Any]) -> None:
    for name, entry in registry.items():
        assert get(name) is entry
        assert get(entry) is entry


@pytest.mark.parametrize(
    ("what", "name", "message"),
    [
        ("loss", "msr", "loss is 'msr': expected one of mse, "),
        ("loss", "msr", "; did you mean 'mse'?"),
        ("initializer", "xavier", "did you mean 'xavier_normal'?"),
        ("optimizer", 3, "optimizer is 3: expected one of sgd, "),
        ("loss", "xyz", f", {list(LOSSES)[-1]}$"),
    ],
)
def test_an_unknown_name_is_refused_with_the_closest_one(
    what: str, name: object, message: str
) -> None:
    with pytest.raises(ProblemError, match=message.replace("?", r"\?")):
        REGISTRIES[what][1](name)


def test_a_title_is_optional() -> None:
    loss = Loss("own", lambda y, t: y[..., 0], lambda y, t: y, source="")
    assert (loss.title, loss.formula) == ("own", "")
