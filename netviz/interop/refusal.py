"""What is said of a model that cannot be shown: one sentence, with what would work."""

from __future__ import annotations


class ModelError(ValueError):
    """A model that cannot be shown or kept; the message is one sentence."""

    def __init__(self, where: str, found: str, expected: str) -> None:
        """Make the sentence.

        Args:
            where: The layer, or the file.
            found: What is there, as a predicate: ``is a pickle``.
            expected: What would work, as a noun.
        """
        super().__init__(f"{where} {found}, expected {expected}")

    @classmethod
    def about(cls, source: object, error: Exception) -> ModelError:
        """The same sentence, or that of another error, led by what it is about."""
        told = cls.__new__(cls)
        sentence = str(error).removeprefix(f"{source}: ")  # which some say already
        ValueError.__init__(told, f"{source}: {sentence}")
        return told
