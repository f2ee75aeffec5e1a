"""The correction, the input once more, and then again and again while the loss falls."""

from netviz.scene import ActsScene, Play


class WeightUpdateScene(ActsScene):
    """One correction slowly, and many quickly."""

    length = 54.5
    acts = ("update", "again", Play("repeat", steps=24))
