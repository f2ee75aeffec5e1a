"""Layers: the interface, and every kind of layer that implements it.

To add a kind, write it in a file of its own and add it to `LAYERS`.
"""

from netviz.core.layers.dense import Dense
from netviz.core.layers.layer import Connections, Layer, Parameters
from netviz.core.layers.one_to_one import OneToOne

LAYERS: dict[str, type[Layer]] = {kind.__name__: kind for kind in (Dense, OneToOne)}
"""Every kind of layer, by the name that recordings and model files have for it."""

__all__ = ["LAYERS", "Connections", "Dense", "Layer", "OneToOne", "Parameters"]
