"""Files of training runs: recordings, to be shown, and checkpoints, to resume a run from."""

from netviz.recording.recorder import Recorder, record
from netviz.recording.recording import Recording
from netviz.recording.run import Files, load_checkpoint, run, save_checkpoint

__all__ = [
    "Files",
    "Recorder",
    "Recording",
    "load_checkpoint",
    "record",
    "run",
    "save_checkpoint",
]
