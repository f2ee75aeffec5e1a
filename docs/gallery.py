"""Makes docs/gallery.md and its pictures, one for every option: `python docs/gallery.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from manim import Scene, Transform
from PIL import Image

import netviz
from netviz import export
from netviz.animation import BackwardPass, ForwardPass, WeightUpdate
from netviz.drawing import EdgeTag, NetworkDiagram
from netviz.scene import DiagramScene, NetworkScene
from netviz.spec import Description, describe, load
from netviz.theme import LIGHT_THEME

PAGE = Path(__file__).with_suffix(".md")
PICTURES = Path(__file__).parent / "gallery"
WIDTH, COLORS = 640, 256

INTRODUCTION = """\
# Gallery

Every option of a diagram, and ways to play a pass. An option is a keyword of `NetworkDiagram` \
and a key of the same name in the table `[style]` or `[labels]` of a network file; what it may be, \
and what it is unless told, is in [netviz/style.py](../netviz/style.py). This page and its \
pictures are made by `.venv/bin/python docs/gallery.py`.

In all of them a line is as wide as its |w|, and dashed where w < 0, or brown where there are too \
many lines for dashes. A neuron is as bright as its activation is large; a red ring is its blame.
"""


@dataclass(frozen=True)
class Entry:
    """A picture of the page.

    Attributes:
        name: Of its file.
        about: What it shows, in a sentence.
        options: Of the diagram.
        network: A built-in name or a shape.
        code: What is written beside the picture; the options unless told.
        shown: Arguments of ``DiagramScene.configured``: values, blames.
        play: What happens in a scene, for a picture of a moment of it.
        at: That moment in seconds.
    """

    name: str
    about: str
    options: Mapping[str, Any] = field(default_factory=dict)
    network: str = "4-3-2"
    code: str = ""
    shown: Mapping[str, bool] = field(default_factory=dict)
    play: Callable[[NetworkScene], None] | None = None
    at: float | None = None

    @property
    def written(self) -> str:
        """The code beside the picture."""
        told = ", ".join(f"{key}={value!r}" for key, value in self.options.items())
        told = told.replace("'", '"')
        return self.code or f"NetworkDiagram(network, {told})"

    def described(self) -> Description:
        """The network of the picture, with its options."""
        return replace(load(self.network), options=self.options)

    def scene(self) -> type[Scene]:
        """The scene that is the picture, or that it is a moment of."""
        if self.play is None:
            return DiagramScene.configured(network=self.described(), **self.shown)
        body = {"construct": self.play, "network": self.described(), "theme": LIGHT_THEME}
        return type(self.name, (NetworkScene,), body)


def forward_by_neuron(scene: NetworkScene) -> None:
    """A pass, neuron by neuron."""
    scene.add(scene.diagram)
    scene.play(ForwardPass.by_neuron(scene.diagram, scene.trace))


def backward_by_layer(scene: NetworkScene) -> None:
    """A pass back, layer by layer."""
    scene.add(scene.diagram.show_activations(scene.trace))
    scene.play(BackwardPass.by_layer(scene.diagram, scene.blame))


def one_share(scene: NetworkScene) -> None:
    """A single share on its way back."""
    diagram, share = scene.diagram, float(scene.blame.layers[1].shares[1, 0])
    scene.add(diagram.show_activations(scene.trace).show_blame(scene.blame, layers=[2]))
    scene.add(
        EdgeTag(
            diagram.edge(1, 0, 1), share, LIGHT_THEME, decimals=3, color=LIGHT_THEME.blame, at=0.5
        )
    )
    scene.play(BackwardPass(diagram, scene.blame, edges=[(1, 0, 1)], layers=[1]))


def correction(scene: NetworkScene) -> None:
    """One step of learning."""
    scene.add(scene.diagram.show_activations(scene.trace))
    scene.play(WeightUpdate(scene.diagram, scene.example.network, scene.corrected))


def other_shape(scene: NetworkScene) -> None:
    """A network grows into another one."""
    other = describe(netviz.Network.random([4, 6, 3, 2], rng=1)).network
    scene.add(scene.diagram)
    scene.play(Transform(scene.diagram, NetworkDiagram(other, scene.theme)))


def zoomed(scene: NetworkScene) -> None:
    """The camera comes closer."""
    scene.add(scene.diagram.show_activations(scene.trace))
    neuron = scene.diagram.neuron(1, 0)
    scene.play(scene.camera.frame.animate.set(width=4).move_to(neuron))


LAYERS = (
    Entry(
        "max_neurons",
        "A layer of more than so many neurons is drawn as its first and its last, "
        "with a brace and its true size.",
        {"max_neurons": 8},
        "784-128-10",
    ),
    Entry("all_neurons", "`None` draws all of them.", {"max_neurons": None}, "64-32-10"),
    Entry(
        "input_grid",
        "An input that is an image stands as its pixels.",
        {"input_grid": True, "max_neurons": None},
        "64-16-10",
    ),
    Entry("direction", "Activations flow to the right, or down.", {"direction": "down"}),
    Entry(
        "layer_spacing",
        "From layer to layer, in units of which the frame is 8 high.",
        {"layer_spacing": 2.0},
    ),
    Entry("neuron_spacing", "From neuron to neuron.", {"neuron_spacing": 1.1}),
    Entry("neuron_size", "Radius of a neuron.", {"neuron_size": 0.25}),
    Entry("names", "Names of the layers.", {"names": ("pixels", "features", "answer")}),
    Entry("layer_names", "No names.", {"layer_names": False}),
    Entry("captions", "A text at each layer.", {"captions": ("what is seen", "", "what is said")}),
    Entry("braces", "How many neurons there are.", {"braces": True}),
    Entry(
        "layer_colors",
        "Colours; an empty one is the theme's.",
        {"layer_colors": ("#7A3E9D", "", "#B33951")},
    ),
    Entry("skips", "Skip connections.", {"skips": ((0, 2), (1, 3))}, "3-4-4-2"),
)
NEURONS = (
    Entry(
        "neuron_labels",
        "What the neurons stand for; −1 is the output.",
        {"neuron_labels": {0: ("age", "height", "weight", "pulse"), -1: ("cat", "dog")}},
    ),
    Entry("numbers", "Brightness without digits.", {"numbers": False}),
    Entry(
        "values",
        "No activations; `--no-values` on the command line.",
        code="diagram = NetworkDiagram(network)",
        shown={"values": False},
    ),
    Entry(
        "blame",
        "The error of every neuron, δ = ∂L/∂z; `--blame` on the command line.",
        code="diagram.show_activations(trace).show_blame(blame)",
        shown={"blames": True},
    ),
    Entry("bias_numbers", "Biases beside the neurons.", {"biases": "numbers"}, "5-2-2-5"),
    Entry(
        "bias_neurons",
        "Biases as edges from a neuron that is always 1.",
        {"biases": "neurons"},
        "5-2-2-5",
    ),
)
EDGES = (
    Entry("edge_weights", "Weights on the edges.", {"edge_labels": "weights"}, "3-2-2"),
    Entry("edge_names", "Or their names.", {"edge_labels": "names"}, "3-2-2"),
    Entry("edge_shape", "Curved edges.", {"edge_shape": "curved"}),
    Entry(
        "edge_sign",
        "One colour for positive, one for negative weights.",
        {"edge_colors": "sign"},
        "6-5-3",
    ),
    Entry(
        "edge_scale",
        "The more of the colour, the larger the weight.",
        {"edge_colors": "weight"},
        "6-5-3",
    ),
    Entry(
        "edge_gradient",
        "From the colour of one layer to that of the next.",
        {"edge_colors": "gradient"},
        "6-5-3",
    ),
    Entry(
        "edge_threshold",
        "The half of the edges with the smallest |w| is hidden.",
        {"edge_threshold": 0.5},
        "6-5-3",
    ),
    Entry(
        "highlight",
        "A path, or any set of neurons, in the light; the rest is dimmed.",
        {"highlight": ((0, 1), (1, 0), (2, 1))},
    ),
)
MOVEMENT = (
    Entry("by_neuron", "A pass that takes one neuron after the other.", network="5-2-2-5",
          code="self.play(ForwardPass.by_neuron(diagram, trace))", play=forward_by_neuron, at=2.2),
    Entry("by_layer", "A pass that takes one layer after the other.", network="5-2-2-5",
          code="self.play(BackwardPass.by_layer(diagram, blame))", play=backward_by_layer, at=0.95),
    Entry("one_share", "The share of a single edge.", network="3-4-2",
          code="self.add(EdgeTag(diagram.edge(1, 0, 1), blame.layers[1].shares[1, 0], 'light'))\n"
          "self.play(BackwardPass(diagram, blame, edges=[(1, 0, 1)], layers=[1]))",
          play=one_share, at=0.25),
    Entry("correction", "One step of gradient descent.", network="5-2-2-5",
          code="self.play(WeightUpdate(diagram, network, network.updated(blame, 5.0)))",
          play=correction, at=0.75),
    Entry("transform", "From one network to another, half way.",
          code="self.play(Transform(diagram, NetworkDiagram(other)))", play=other_shape, at=0.6),
    Entry("zoom", "A camera that comes closer; everything stays sharp.",
          code="self.play(self.camera.frame.animate.set(width=4).move_to(diagram.neuron(1, 0)))",
          play=zoomed),
    Entry("dense", "Dense layers pulse as bands of light.", {"max_neurons": None}, "64-64-10",
          code="self.play(ForwardPass(diagram, trace))", play=lambda scene: (
              scene.add(scene.diagram), scene.play(ForwardPass(scene.diagram, scene.trace))),
          at=0.9),
)  # fmt: skip
SECTIONS = {"Layers": LAYERS, "Neurons": NEURONS, "Edges": EDGES, "Movement": MOVEMENT}


def page() -> str:
    """The text of the page."""
    parts = [INTRODUCTION]
    for title, entries in SECTIONS.items():
        parts.append(f"## {title}\n")
        parts.extend(map(_told, entries))
    return "\n".join(parts)


def _told(entry: Entry) -> str:
    code = f"```python\n{entry.written}\n```"
    picture = f"![{entry.about}](gallery/{entry.name}.png)"
    return f"{entry.about}\n\n{code}\n\n{picture}\n"


def picture(entry: Entry, folder: Path = PICTURES) -> Path:
    """Draw an entry, and return the file."""
    sheet = export.Sheet(tight=entry.play is None)
    target = folder / f"{entry.name}.png"
    export.render(entry.scene(), target, width=WIDTH, at=entry.at, sheet=sheet)
    # A drawing has few colours; a palette makes the file a third as large.
    drawn = Image.open(target).convert("RGB")
    drawn.quantize(COLORS, Image.Quantize.MAXCOVERAGE).save(target, optimize=True)
    return target


def main() -> None:
    """Write the page and the pictures that are named, or all of them."""
    entries = {entry.name: entry for section in SECTIONS.values() for entry in section}
    wanted = sys.argv[1:] or list(entries)
    if unknown := set(wanted) - set(entries):
        sys.exit(f"there is no {', '.join(sorted(unknown))}: expected {', '.join(entries)}")
    for name in wanted:
        print(picture(entries[name]))
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
