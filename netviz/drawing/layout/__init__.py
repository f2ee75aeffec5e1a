"""Boxes of the frame, and the places of the neurons of a network in one of them."""
