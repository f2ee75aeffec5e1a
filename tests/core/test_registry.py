import re

import pytest
import typst

from netviz.core import ACTIVATIONS, INITIALIZERS, LOSSES
from netviz.core.registry import named

REGISTRIES = {"activation": ACTIVATIONS, "loss": LOSSES, "initializer": INITIALIZERS}


@pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES)
def test_entries_stand_under_their_names_with_formula_and_source(registry: dict) -> None:
    for name, entry in registry.items():
        assert entry.name == name
        assert entry.formula
        assert entry.source


@pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES)
def test_formulae_are_typst_mathematics(registry: dict) -> None:
    formulae = [entry.formula for entry in registry.values()]
    symbols = [entry.symbol for entry in registry.values() if hasattr(entry, "symbol")]
    page = "\n\n".join(f"$ {formula} $" for formula in formulae + symbols)
    assert typst.compile(page.encode(), format="svg").startswith(b"<svg")


def test_a_name_or_an_entry_gives_the_entry() -> None:
    assert named("relu", ACTIVATIONS, "activation") is ACTIVATIONS["relu"]
    assert named(ACTIVATIONS["relu"], ACTIVATIONS, "activation") is ACTIVATIONS["relu"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sigmod", "unknown activation 'sigmod'; did you mean 'sigmoid'?"),
        ("xyz", "unknown activation 'xyz'; expected one of identity, step, sigmoid,"),
    ],
)
def test_an_unknown_name_is_answered_with_the_right_ones(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        named(name, ACTIVATIONS, "activation")
