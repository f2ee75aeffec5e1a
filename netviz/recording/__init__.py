"""What is kept of a training run: recordings, to be shown, and checkpoints, to go on from."""

from netviz.recording.checkpoints import load_checkpoint, save_checkpoint
from netviz.recording.recorder import Recorder, record
from netviz.recording.recording import Recording
from netviz.recording.run import Files, run

__all__ = [
    "Files",
    "Recorder",
    "Recording",
    "load_checkpoint",
    "record",
    "run",
    "save_checkpoint",
]
