"""Network files: TOML in, a validated description of network, sample, loss and update out."""

from netviz.spec.load import Description, built_in_names, load
from netviz.spec.problems import SpecError

__all__ = ["Description", "SpecError", "built_in_names", "load"]
