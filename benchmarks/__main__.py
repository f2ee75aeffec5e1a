"""Print the measurements, with one thread each: libraries read the number when they are loaded."""

import os


def main() -> None:
    for library in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    from benchmarks import drawing, training

    training.report()
    drawing.report()


main()
