"""Make docs/gallery.md and its pictures, one for each option and panel; see ``main``."""

from __future__ import annotations

import doctest
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from manim import Scene, Transform
from PIL import Image

import netviz
from netviz import drawing, export
from netviz.animation import BackwardPass, ForwardPass, MagnifyEdges, WeightUpdate
from netviz.drawing import EdgeTag, NetworkDiagram, Panel
from netviz.scene import DiagramScene, NetworkScene
from netviz.spec import Description, describe, load
from netviz.theme import DARK_THEME, LIGHT_THEME, Theme

PAGE = Path(__file__).with_suffix(".md")
PICTURES = Path(__file__).parent / "gallery"
WIDTH, COLORS = 640, 256

INTRODUCTION = """\
# Gallery

Every option of a diagram, ways to play a pass, and every panel. An option is a keyword of \
`NetworkDiagram` and a key of the same name in the table `[style]` or `[labels]` of a network \
file; its values and its default are in [netviz/style.py](../netviz/style.py). This page and its \
pictures are made by `.venv/bin/python docs/gallery.py`.

In all diagrams a line is wider the larger |w| is, and dashed where w < 0, or brown where there \
are too many lines for dashes. A neuron is brighter the larger its activation is; a red ring is \
its blame. On screen `W₁,₂` leads from neuron 1 to neuron 2; in the core it is `weights[1, 0]`.
"""


@dataclass(frozen=True)
class Entry:
    """A picture of the page.

    Attributes:
        name: Of its file.
        about: What it shows, in one sentence.
        options: Of the diagram.
        network: A built-in name or a shape.
        code: What is written above the picture; by default the options.
        shown: Arguments of ``DiagramScene.configured``: values, blames.
        play: Plays a scene, for a picture of one of its moments.
        at: That moment in seconds; by default the last one.
        theme: Of a picture with ``play``.
        tight: Whether the picture is cropped to what is drawn; by default if nothing is played.
    """

    name: str
    about: str
    options: Mapping[str, Any] = field(default_factory=dict)
    network: str = "4-3-2"
    code: str = ""
    shown: Mapping[str, bool] = field(default_factory=dict)
    play: Callable[[NetworkScene], None] | None = None
    at: float | None = None
    theme: Theme = LIGHT_THEME
    tight: bool | None = None

    @property
    def written(self) -> str:
        """The code above the picture."""
        options = ", ".join(f"{key}={value!r}" for key, value in self.options.items())
        options = options.replace("'", '"')
        return self.code or f"NetworkDiagram(network, {options})"

    def described(self) -> Description:
        """Return the network of the picture, with its options."""
        return replace(load(self.network), style=self.options)

    def scene(self) -> type[Scene]:
        """Return the class of the scene that the picture is taken from."""
        if self.play is None:
            return DiagramScene.configured(network=self.described(), **self.shown)
        body = {"construct": self.play, "network": self.described(), "theme": self.theme}
        return type(self.name, (NetworkScene,), body)


def forward_by_neuron(scene: NetworkScene) -> None:
    """Play a forward pass, neuron by neuron."""
    scene.add(scene.diagram)
    scene.play(ForwardPass.by_neuron(scene.diagram, scene.trace))


def backward_by_layer(scene: NetworkScene) -> None:
    """Play a backward pass, layer by layer."""
    scene.add(scene.diagram.show_activations(scene.trace))
    scene.play(BackwardPass.by_layer(scene.diagram, scene.blame))


def one_share(scene: NetworkScene) -> None:
    """Play a single share on its way back."""
    diagram, share = scene.diagram, float(scene.blame.layers[1].shares[1, 0])
    scene.add(diagram.show_activations(scene.trace).show_blame(scene.blame, layers=[2]))
    scene.add(
        EdgeTag(
            diagram.edge(1, 0, 1), share, LIGHT_THEME, decimals=3, color=LIGHT_THEME.blame, at=0.5
        )
    )
    scene.play(BackwardPass(diagram, scene.blame, edges=[(1, 0, 1)], layers=[1]))


def correction(scene: NetworkScene) -> None:
    """Play one step of gradient descent, with lines that are wide enough to see it."""
    scene.add(scene.diagram.show_activations(scene.trace))
    scene.play(MagnifyEdges(scene.diagram, 3.0))
    scene.play(WeightUpdate(scene.diagram, scene.example.network, scene.corrected))


def other_shape(scene: NetworkScene) -> None:
    """Transform a network into another one."""
    other = describe(netviz.Network.random([4, 6, 3, 2], rng=1)).network
    scene.add(scene.diagram)
    scene.play(Transform(scene.diagram, NetworkDiagram(other, scene.theme)))


def zoomed(scene: NetworkScene) -> None:
    """Move the camera closer to a neuron."""
    scene.add(scene.diagram.show_activations(scene.trace))
    neuron = scene.diagram.neuron(1, 0)
    scene.play(scene.camera.frame.animate.set(width=4).move_to(neuron))


LAYERS = (
    Entry(
        "max_neurons",
        "A layer of more neurons is drawn as its first and its last ones, with a brace and its "
        "true size.",
        {"max_neurons": 8},
        "784-128-10",
    ),
    Entry("all_neurons", "`None` draws all of them.", {"max_neurons": None}, "64-32-10"),
    Entry(
        "input_grid",
        "An input that is an image is drawn as its pixels.",
        {"input_grid": True, "max_neurons": None},
        "64-16-10",
    ),
    Entry("direction", "Activations flow to the right, or down.", {"direction": "down"}),
    Entry(
        "layer_spacing",
        "Distance from layer to layer, in frame units: the frame is 8 high.",
        {"layer_spacing": 2.0},
    ),
    Entry("neuron_spacing", "Distance from neuron to neuron.", {"neuron_spacing": 1.1}),
    Entry("neuron_size", "Radius of the neurons.", {"neuron_size": 0.25}),
    Entry("names", "Names of the layers.", {"names": ("pixels", "features", "answer")}),
    Entry("layer_names", "No names of layers.", {"layer_names": False}),
    Entry("captions", "A text at each layer.", {"captions": ("what is seen", "", "what is said")}),
    Entry("braces", "The number of neurons of each layer.", {"braces": True}),
    Entry(
        "layer_colors",
        "Colours of the layers; an empty one is the theme's.",
        {"layer_colors": ("#7A3E9D", "", "#B33951")},
    ),
)
NEURONS = (
    Entry(
        "neuron_labels",
        "What the neurons stand for. Layer −1 is the output.",
        {"neuron_labels": {0: ("age", "height", "weight", "pulse"), -1: ("cat", "dog")}},
    ),
    Entry("numbers", "Brightness without numbers.", {"numbers": False}),
    Entry(
        "values",
        "No activations; `--no-values` on the command line.",
        code="diagram = NetworkDiagram(network)",
        shown={"values": False},
    ),
    Entry(
        "blame",
        "The blame of every neuron, δ = ∂L/∂z; `--blame` on the command line.",
        code="diagram.show_activations(trace).show_blame(blame)",
        shown={"blames": True},
    ),
    Entry("bias_numbers", "Biases next to the neurons.", {"biases": "numbers"}, "5-2-2-5"),
    Entry(
        "bias_neurons",
        "Biases as edges from a neuron that is always 1.",
        {"biases": "neurons"},
        "5-2-2-5",
    ),
)
EDGES = (
    Entry("edge_weights", "Weights on the edges.", {"edge_labels": "weights"}, "3-2-2"),
    Entry("edge_names", "Names of the weights on the edges.", {"edge_labels": "names"}, "3-2-2"),
    Entry("edge_shape", "Curved edges.", {"edge_shape": "curved"}),
    Entry(
        "edge_sign",
        "One colour for positive, one for negative weights.",
        {"edge_colors": "sign"},
        "6-5-3",
    ),
    Entry(
        "edge_scale",
        "The larger |w|, the stronger the colour.",
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
        "sum_forward",
        "The sum of a neuron, written on its edges in an open gap between layers.",
        {"sum_of": (1, 0)},
        "5-2-2-5",
    ),
    Entry(
        "sum_backward",
        "With blame shown, the shares that add up in a neuron.",
        {"sum_of": (2, 1)},
        "5-2-2-5",
        shown={"blames": True},
    ),
    Entry(
        "highlight",
        "A path, or any set of neurons, is highlighted; the rest is dimmed.",
        {"highlight": ((0, 1), (1, 0), (2, 1))},
    ),
)
MOVEMENT = (
    Entry("by_neuron", "A pass neuron by neuron.", network="5-2-2-5",
          code="self.play(ForwardPass.by_neuron(diagram, trace))", play=forward_by_neuron, at=2.2),
    Entry("by_layer", "A pass layer by layer.", network="5-2-2-5",
          code="self.play(BackwardPass.by_layer(diagram, blame))", play=backward_by_layer, at=0.95),
    Entry("one_share", "The share of a single edge.", network="3-4-2",
          code="self.add(EdgeTag(diagram.edge(1, 0, 1), blame.layers[1].shares[1, 0], \"light\"))\n"
          "self.play(BackwardPass(diagram, blame, edges=[(1, 0, 1)], layers=[1]))",
          play=one_share, at=0.25),
    Entry("correction", "One step of gradient descent.", network="5-2-2-5",
          code="self.play(MagnifyEdges(diagram, 3.0))\n"
          "self.play(WeightUpdate(diagram, network, network.updated(blame, 15.0)))",
          play=correction, at=1.5),
    Entry("transform", "A network on the way to becoming another one.",
          code="self.play(Transform(diagram, NetworkDiagram(other)))", play=other_shape, at=0.6),
    Entry("zoom", "The camera moves closer; everything stays sharp.",
          code="self.play(self.camera.frame.animate.set(width=4).move_to(diagram.neuron(1, 0)))",
          play=zoomed),
    Entry("dense", "Dense layers pulse as bands of light.", {"max_neurons": None}, "64-64-10",
          code="self.play(ForwardPass(diagram, trace))", play=lambda scene: (
              scene.add(scene.diagram), scene.play(ForwardPass(scene.diagram, scene.trace))),
          at=0.9),
)  # fmt: skip


def panel_entry(panel: type[Panel]) -> Entry:
    """Return the entry of a panel: the example of its docstring, up to the first output."""
    text = inspect.getdoc(panel) or ""
    examples = doctest.DocTestParser().get_examples(text)
    sources = [example.source for example in takewhile(lambda e: not e.want, examples)]
    imports = "".join(source for source in sources if source.startswith(("from ", "import ")))
    rest = "".join(source for source in sources if source not in imports)
    code = f"{imports}\n{rest}" if imports else rest

    def play(scene: NetworkScene) -> None:
        names = example_names(scene)
        exec(code, names)
        scene.add(names["panel"])

    about = text.partition("\n\n")[0].replace("\n", " ")
    return Entry(panel.__name__, about, code=code.strip(), play=play, theme=DARK_THEME, tight=True)


def example_names(scene: NetworkScene) -> dict[str, Any]:
    """Return the names that examples of ``netviz.drawing`` use without an import."""
    network = netviz.Network.random([3, 4, 2], "tanh", rng=2)
    trace = netviz.forward(network, [0.9, -0.3, 0.5])
    return {
        **vars(drawing),
        "DARK_THEME": DARK_THEME,
        "network": network,
        "trace": trace,
        "blame": netviz.backward(network, trace, [1.0, 0.0]),
        "scene": scene,
    }


def panels() -> tuple[type[Panel], ...]:
    """Return the panels among the public names of ``netviz.drawing``."""
    public = (getattr(drawing, name) for name in drawing.__all__)
    classes = (value for value in public if inspect.isclass(value) and issubclass(value, Panel))
    return tuple(panel for panel in classes if panel is not Panel)


PANELS = tuple(map(panel_entry, panels()))
SECTIONS = {
    "Layers": LAYERS,
    "Neurons": NEURONS,
    "Edges": EDGES,
    "Movement": MOVEMENT,
    "Panels": PANELS,
}
PREFACES = {
    "Panels": "A panel shows something about a network, next to its diagram. The keywords `theme`, "
    "`box` and `words` are the same for all of them, each a value or a name; in these examples "
    'they have their defaults: `theme="dark"`, `box="right"`, `words="en"`. `network` has 3 '
    "inputs, 4 hidden neurons and 2 outputs; `trace` and `blame` are its passes for one sample.\n"
}


def page() -> str:
    """Return the text of the page."""
    parts = [INTRODUCTION]
    for title, entries in SECTIONS.items():
        parts.append(f"## {title}\n")
        parts.extend([PREFACES[title]] if title in PREFACES else [])
        parts.extend(map(_written, entries))
    return "\n".join(parts)


def _written(entry: Entry) -> str:
    code = f"```python\n{entry.written}\n```"
    picture = f"![{entry.about}](gallery/{entry.name}.png)"
    return f"{entry.about}\n\n{code}\n\n{picture}\n"


def picture(entry: Entry, folder: Path = PICTURES) -> Path:
    """Draw an entry, and return its file."""
    tight = entry.play is None if entry.tight is None else entry.tight
    page = export.Page(tight=tight)
    target = folder / f"{entry.name}.png"
    export.render(entry.scene(), target, width=WIDTH, at=entry.at, page=page)
    # A drawing has few colours: with a palette the file is a third as large.
    drawn = Image.open(target).convert("RGB")
    drawn.quantize(COLORS, Image.Quantize.MAXCOVERAGE).save(target, optimize=True)
    return target


def main() -> None:
    """Write the page, and the pictures named on the command line or all of them.

    Usage: ``.venv/bin/python docs/gallery.py [NAME ...]``.
    """
    entries = {entry.name: entry for section in SECTIONS.values() for entry in section}
    wanted = sys.argv[1:] or list(entries)
    if unknown := set(wanted) - set(entries):
        sys.exit(f"there is no {', '.join(sorted(unknown))}: expected {', '.join(entries)}")
    for name in wanted:
        print(picture(entries[name]))
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
