"""Network files: TOML in, a validated description of network, sample, loss and update out."""

from netviz.spec.description import Description, describe
from netviz.spec.film import Film
from netviz.spec.load import Models, built_in_names, load
from netviz.spec.problems import SpecError
from netviz.spec.schema import schema
from netviz.spec.training_setup import TrainingSetup

__all__ = [
    "Description",
    "Film",
    "Models",
    "SpecError",
    "TrainingSetup",
    "built_in_names",
    "describe",
    "load",
    "schema",
]
