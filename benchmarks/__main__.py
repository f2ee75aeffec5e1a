"""Print the measurements, one thread each: the libraries read how many when they are loaded."""

import os


def main() -> None:
    for library in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    from benchmarks import drawing, training

    training.report()
    drawing.report()


main()
