"""Side-by-side measurements, run by hand with ``python -m benchmarks``; nothing here is a test."""
