"""One neuron slowly, then its layer, then the rest: activations flow forward."""

from netviz.acts.forward import one_neuron, remaining_layers, rest_of_layer
from netviz.acts.opening import input_arrives
from netviz.scene import NetworkScene


class ForwardPassScene(NetworkScene):
    """Steps 2 to 4 of the main clip."""

    def construct(self) -> None:
        """Play the forward pass."""
        self.add(self.diagram)
        self.section("input")
        input_arrives(self)
        self.section("neuron")
        self.make_room()
        panels = one_neuron(self)
        panels = rest_of_layer(self, panels)
        self.section("layers")
        remaining_layers(self, panels)
