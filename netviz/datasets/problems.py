"""What is said of data that cannot be used: one sentence, with what would be right."""

from __future__ import annotations


class DataError(ValueError):
    """Data that cannot be used; the message is one sentence."""

    def __init__(self, source: object, where: str, found: str, expected: str) -> None:
        """Make the sentence.

        Args:
            source: The file, or the name of the data set.
            where: The place in it: ``line 3, column 2``.
            found: What is there, as a predicate: ``is "abc"``.
            expected: What would be right, as a noun: ``a number``.
        """
        super().__init__(f"{source}: {where} {found}, expected {expected}")
