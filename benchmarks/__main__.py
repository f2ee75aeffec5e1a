"""Print the measurements, with one thread each: libraries read the number when they are loaded.

``python -m benchmarks`` measures everything, ``python -m benchmarks films small`` some of it.
"""

import os
import sys


def main() -> None:
    for library in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    from benchmarks import drawing, films, training

    reports = {"training": training.report, "drawing": drawing.report}
    chosen = sys.argv[1:2] or [*reports, "films"]
    for name in chosen:
        if name == "films":
            films.report(sys.argv[2:])
        else:
            reports[name]()


main()
