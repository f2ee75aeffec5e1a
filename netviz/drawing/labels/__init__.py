"""Texts around the neurons: names, captions and braces of layers, labels of neurons."""
