"""Looking up a name in a registry, with an error that helps."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

Entry = TypeVar("Entry")


def named(entry: Entry | str, registry: Mapping[str, Entry], kind: str) -> Entry:
    """The registered entry of that name; an entry itself is returned as it is.

    Args:
        entry: A name in the registry, or an entry, registered or not.
        registry: ``ACTIVATIONS``, say.
        kind: What the entries are, for the error: ``"activation"``.

    Raises:
        ValueError: There is no entry of that name; the closest one is offered.
    """
    if not isinstance(entry, str):
        return entry
    if entry in registry:
        return registry[entry]
    close = get_close_matches(entry, registry, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(registry)}"
    raise ValueError(f"unknown {kind} {entry!r}; {hint}")
