"""How the numbers of a network are written in formulae, in Typst.

Neurons are counted from 1, and ``W_(a,b)`` leads from neuron a to neuron b, as in the literature on
this network: ``W_(1,2)`` is ``weights[1, 0]`` of the core. From the second layer on, the layer is
written above in brackets, so that no two numbers share a name.
"""

from __future__ import annotations


def symbol(letter: str, layer: int, *indices: int | str) -> str:
    """Return a letter with its layer (1 is the first after the input) and its indices."""
    subscript = ",".join(str(index) for index in indices)
    above = f"^(({layer}))" if layer > 1 else ""
    return f"{letter}_({subscript}){above}"


def activation(layer: int, i: int | str) -> str:
    """Return ``In₁`` for the input layer, ``a₁`` for a layer after it."""
    return f'"In"_({i})' if layer == 0 else symbol("a", layer, i)


def gradient(of: str) -> str:
    """Return ``∂L/∂x`` on one line."""
    return f"partial L slash partial {of}"


def slope(function: str, z: str) -> str:
    """Return ``σ′(z)``."""
    return of(f"{function}'", z)


def of(function: str, z: str) -> str:
    """Return ``σ(z)``, its brackets of a fixed size: Typst's own grow into other lines."""
    return f"{function} \\({z}\\)"
