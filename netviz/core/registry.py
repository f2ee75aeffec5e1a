"""Looking up a name in a registry, with an error that helps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from netviz.problems import entry_named

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
    return entry_named(entry, registry, kind)
