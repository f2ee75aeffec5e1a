"""Scenes about networks: what acts, scenes of the lecture and your own scenes are written with.

A scene is a list of acts (:class:`ActsScene`), or a ``construct`` of your own on the base of
:class:`NetworkScene` or :class:`TrainingScene`; of :class:`BeatScene` if it is not about a network.
An :class:`Option` may be changed without code. :class:`DiagramScene` is a still picture.
"""

from netviz.acts.acts_scene import ActsScene
from netviz.acts.comparison import ComparisonScene
from netviz.staging.act import Act, OnScreen, Play, act
from netviz.staging.beat_scene import BeatScene
from netviz.staging.diagram_scene import DiagramScene
from netviz.staging.network_scene import NetworkScene
from netviz.staging.option import Option
from netviz.staging.pacing import Beat, Pacing, Spoken
from netviz.staging.title_card import TitleCard
from netviz.staging.training_scene import TrainingScene

__all__ = [
    "Act",
    "ActsScene",
    "Beat",
    "BeatScene",
    "ComparisonScene",
    "DiagramScene",
    "NetworkScene",
    "OnScreen",
    "Option",
    "Pacing",
    "Play",
    "Spoken",
    "TitleCard",
    "TrainingScene",
    "act",
]
