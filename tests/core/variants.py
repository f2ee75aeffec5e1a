"""Every activation in the registry, and those with settings also with other settings."""

from collections.abc import Iterator

from netviz.core import ACTIVATIONS, Activation


def _variants() -> Iterator[Activation]:
    for activation in ACTIVATIONS.values():
        yield activation
        for name, value in activation.settings.items():
            for factor in (0.3, 2.5):
                yield activation.with_settings(**{name: factor * value})


VARIANTS = {activation.text: activation for activation in _variants()}
DIFFERENTIABLE = [text for text, activation in VARIANTS.items() if activation.differentiable]
