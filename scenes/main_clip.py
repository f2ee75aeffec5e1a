"""The main clip: activations flow forward, blame flows back, weights change, the loss falls."""

from netviz.acts.backward import blame_before, output_blame, split_and_add
from netviz.acts.forward import one_neuron, remaining_layers, rest_of_layer
from netviz.acts.game import blame_game
from netviz.acts.loss import compare
from netviz.acts.opening import input_arrives, network_appears
from netviz.acts.update import correct
from netviz.scene import NetworkScene


class MainClip(NetworkScene):
    """The ten steps of the story, from the network's appearance to the fallen loss."""

    def construct(self) -> None:
        """Play the acts in order."""
        self.section("network")
        network_appears(self)
        self.section("input")
        input_arrives(self)
        self.section("neuron")
        self.make_room()
        panels = rest_of_layer(self, one_neuron(self))
        self.section("layers")
        panels = remaining_layers(self, panels)
        self.section("loss")
        self.make_room(panels)
        panels = compare(self)
        self.section("blame")
        self.make_room(panels)
        panels = output_blame(self)
        self.section("shares")
        panels = blame_before(self, split_and_add(self, panels))
        self.section("game")
        self.make_room(panels)
        panels = blame_game(self)
        self.section("update")
        correct(self, panels)
        with self.beat("update.end", hold=1.5):
            pass
