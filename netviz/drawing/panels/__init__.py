"""Panels: mobjects next to a diagram that show something about its network, one box each."""
