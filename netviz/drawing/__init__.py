"""What is on screen: manim mobjects, from a neuron to a diagram with its panels."""
