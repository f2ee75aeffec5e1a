"""Print everything that the checks of scenes find.

python -m tests.scenes.review                       # every case of tests/scenes/test_beats.py
python -m tests.scenes.review main_clip loop        # every case of these scenes
python -m tests.scenes.review main_clip-dark-1-1-en # one case
"""

from __future__ import annotations

import argparse
import tempfile

from manim import tempconfig

from netviz.problems import ProblemError
from tests.conftest import QUIET

from .test_beats import CASES, Case, faults


def report(case: Case, most: int) -> None:
    """Print the faults of one case: of each check how many, and the first ones."""
    try:
        played, found = faults(case)
    except ProblemError as error:
        print(f"{case}: refused: {error}", flush=True)
        return
    print(f"{case}, {played.seconds:.1f} s: {'good' if not found else ''}")
    for check, sentences in found.items():
        print(f"    {check} ({len(sentences)})")
        for sentence in sentences[:most]:
            print(f"        {sentence}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.scenes.review", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="case", help="a case or a scene")
    parser.add_argument("--most", type=int, default=5, help="sentences of each check")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tempconfig(QUIET | {"media_dir": folder}):
        for case in CASES:
            if not given.cases or {case.scene, str(case)} & set(given.cases):
                report(case, given.most)


if __name__ == "__main__":
    main()
