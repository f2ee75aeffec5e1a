"""Comparative measurements, run by hand with ``python -m benchmarks``; none of them is a test."""
