"""How the numbers of a network are written in formulae, in Typst.

Neurons are counted from 1, and ``W_(a,b)`` leads from neuron a to neuron b, as the literature on
this network has it. From the second layer on, the layer stands above in brackets, so that no two
numbers share a name.
"""

from __future__ import annotations


def symbol(letter: str, layer: int, *indices: int | str) -> str:
    """A letter with its layer (1 is the first after the input) and its indices."""
    subscript = ",".join(str(index) for index in indices)
    above = f"^(({layer}))" if layer > 1 else ""
    return f"{letter}_({subscript}){above}"


def activation(layer: int, i: int | str) -> str:
    """``In₁`` in the input, ``a₁`` in a layer after it."""
    return f'"In"_({i})' if layer == 0 else symbol("a", layer, i)


def gradient(of: str) -> str:
    """``∂L/∂x`` on one line."""
    return f"partial L slash partial {of}"


def slope(function: str, z: str) -> str:
    """``σ′(z)``."""
    return of(f"{function}'", z)


def of(function: str, z: str) -> str:
    """``σ(z)`` in brackets of one size: Typst's own grow with the indices into other lines."""
    return f"{function} \\({z}\\)"
