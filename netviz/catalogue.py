"""What a film may be made of: the acts that a network file can put in order.

``netviz.acts.sequence`` plays them. They are named here so that a file can be checked, and an
editor can propose them, without loading manim.
"""

from __future__ import annotations

ACTS = {
    "opening": "The network appears, layer by layer.",
    "input": "The numbers of the sample arrive at the input neurons.",
    "neuron": "The first hidden layer, slowly: products, their sum, the activation function.",
    "layers": "The layers after it, one at a time, each with its numbers.",
    "forward": "One quick sweep from the input to the prediction.",
    "loss": "The prediction beside the target, and the loss.",
    "blame": "The outputs get their blame: error times slope.",
    "shares": "The blame splits along the weights and adds up, back to the first hidden layer.",
    "backward": "One quick sweep from the outputs back.",
    "game": "Who is blamed most: gradients, the largest first.",
    "update": "One step of gradient descent, and the loss before and after it.",
    "repeat": "Twelve more steps on the same sample, each with its loss.",
    "training": "A whole training run on the data of the file, or on its one sample.",
    "loop": "Forward, back and one correction in a quarter of a minute.",
    "end": "A closing sentence over what is on screen.",
}
