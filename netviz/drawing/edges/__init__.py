"""The edges between two layers: how they look and run, what flows over them, their labels."""
