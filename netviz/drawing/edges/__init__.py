"""The edges between layers: how they look, where they run, what flows over them, their labels."""
