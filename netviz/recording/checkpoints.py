"""Checkpoints in .npz files, so that a run that was interrupted can go on as if it had not been."""

from __future__ import annotations

import json
from pathlib import Path

from netviz import archive
from netviz.archive import ArchiveError
from netviz.core import Checkpoint
from netviz.problems import Problem

KIND = "netviz checkpoint 1"


def save_checkpoint(checkpoint: Checkpoint, path: str | Path) -> None:
    """Write a checkpoint; an older file of that name is there until the new one is whole.

    Raises:
        ArchiveError: The name of the file does not end in .npz.
        OSError: The file cannot be written.

    Example:
        >>> network, xor = netviz.Network.random([2, 3, 1], rng=0), netviz.load_data("xor")
        >>> run = netviz.train(network, xor, rng=0)
        >>> step = next(run)
        >>> netviz.save_checkpoint(run.checkpoint, "run.npz")
        >>> netviz.load_checkpoint("run.npz").step
        1
    """
    memory = {f"memory{place}": vector for place, vector in enumerate(checkpoint.memory)}
    told = {"kind": KIND, "plan": json.dumps(checkpoint.plan), "seed": str(checkpoint.seed)}
    numbers = {"step": checkpoint.step, "parameters": checkpoint.parameters}
    archive.write(path, {**told, **numbers, **memory})


def load_checkpoint(path: str | Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        ArchiveError: The file cannot be read, or is no checkpoint.

    Example:
        >>> network, xor = netviz.Network.random([2, 3, 1], rng=0), netviz.load_data("xor")
        >>> run = netviz.train(network, xor, rng=0)
        >>> netviz.save_checkpoint(run.checkpoint, "run.npz")
        >>> netviz.load_checkpoint("run.npz").seed == run.checkpoint.seed
        True
    """
    arrays = archive.read(path)
    archive.check_kind(path, arrays, KIND)
    try:
        count = sum(name.startswith("memory") for name in arrays)
        return Checkpoint(
            step=int(arrays["step"]),
            seed=int(str(arrays["seed"])),
            parameters=arrays["parameters"],
            memory=tuple(arrays[f"memory{place}"] for place in range(count)),
            plan=json.loads(str(arrays["plan"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        problem = Problem("the checkpoint", f"is broken ({error!r})")
        raise ArchiveError(problem, source=path) from error
