"""netviz explains neural networks in pictures of their own numbers.

A film in ten lines::

    import netviz
    from manim import Scene
    from netviz.animation import BackwardPass, ForwardPass
    from netviz.drawing import NetworkDiagram
    from netviz.export import render

    class MyNetwork(Scene):
        def construct(self):
            network = netviz.Network.random([3, 4, 2], activation="tanh", rng=7)
            trace = netviz.forward(network, [0.5, -0.2, 0.8])
            blame = netviz.backward(network, trace, target=[1.0, 0.0], loss="mse")
            diagram = NetworkDiagram(network)
            self.add(diagram)
            self.play(ForwardPass(diagram, trace))
            self.play(BackwardPass(diagram, blame))

    render(MyNetwork, "my_network.gif")

This package holds the numbers: networks, their forward and backward passes, their training, and the
registries of activations, losses, initializers and optimizers. ``Expression`` is a formula with its
gradients, number by number. ``load`` reads networks of other
frameworks, ``load_data`` reads data, and ``record`` records a training run. Importing netviz loads
nothing: numpy is imported with the first name that is used, a framework when it is needed.

What is drawn with manim is in ``netviz.drawing`` (diagrams and panels), ``netviz.animation``
(passes) and ``netviz.scene`` (scenes with captions, a theme and a language). ``netviz.style.Style``
lists every option of a diagram, ``netviz.theme`` the colours, and ``netviz.export`` writes files.
In a notebook, networks and traces are displayed as pictures; see ``netviz.notebook``.

On screen W₁,₂ is the weight from neuron 1 to neuron 2. In the core the same number is
``weights[1, 0]``: matrices have shape (n_out, n_in), and indices start at 0.
"""

import importlib
import typing

if typing.TYPE_CHECKING:
    from netviz import notebook as notebook
    from netviz.core import (
        ACTIVATIONS,
        INITIALIZERS,
        LAYERS,
        LOSSES,
        OPTIMIZERS,
        Activation,
        BackwardTrace,
        Checkpoint,
        Connections,
        Data,
        Dense,
        Expression,
        ExpressionTrace,
        ForwardTrace,
        Initializer,
        Layer,
        Loss,
        Network,
        OneToOne,
        Optimizer,
        Score,
        Training,
        TrainingStep,
        backward,
        evaluate,
        forward,
        one_hot,
        train,
    )
    from netviz.datasets import load_data
    from netviz.interop import load, save
    from netviz.recording import Recording, load_checkpoint, record, save_checkpoint

__version__ = "0.1.0"

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LAYERS",
    "LOSSES",
    "OPTIMIZERS",
    "Activation",
    "BackwardTrace",
    "Checkpoint",
    "Connections",
    "Data",
    "Dense",
    "Expression",
    "ExpressionTrace",
    "ForwardTrace",
    "Initializer",
    "Layer",
    "Loss",
    "Network",
    "OneToOne",
    "Optimizer",
    "Recording",
    "Score",
    "Training",
    "TrainingStep",
    "__version__",
    "backward",
    "evaluate",
    "forward",
    "load",
    "load_checkpoint",
    "load_data",
    "one_hot",
    "record",
    "save",
    "save_checkpoint",
    "train",
]

_ROOMS = ("core", "datasets", "interop", "notebook", "recording")

if not typing.TYPE_CHECKING:  # so that a name that does not exist is found before it is used

    def __getattr__(name: str) -> typing.Any:
        """Load a part of netviz when it is first used: ``netviz --help`` answers before numpy."""
        if name in _ROOMS:
            return importlib.import_module(f"{__name__}.{name}")
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        for room in _ROOMS:
            module = importlib.import_module(f"{__name__}.{room}")
            globals().update({key: getattr(module, key) for key in {*__all__} & {*module.__all__}})
        return globals()[name]

    def __dir__() -> list[str]:
        """List also what is not loaded yet."""
        return [*globals(), *__all__, *_ROOMS]
