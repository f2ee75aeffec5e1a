"""Network files: from TOML to a validated description of network, sample, loss and film."""

from netviz.spec.checks import at_keys
from netviz.spec.description import Description, Film, SceneDescription, describe
from netviz.spec.errors import SpecError
from netviz.spec.load import (
    Models,
    built_in_names,
    built_in_networks,
    is_name,
    load,
    load_film,
)
from netviz.spec.playlist import Clip, Playlist, is_playlist, load_playlist
from netviz.spec.schema import schema
from netviz.spec.training_setup import TrainingSetup

__all__ = [
    "Clip",
    "Description",
    "Film",
    "Models",
    "Playlist",
    "SceneDescription",
    "SpecError",
    "TrainingSetup",
    "at_keys",
    "built_in_names",
    "built_in_networks",
    "describe",
    "is_name",
    "is_playlist",
    "load",
    "load_film",
    "load_playlist",
    "schema",
]
