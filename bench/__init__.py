"""Benchmarks: `make bench`, or `python -m bench --help`. What was measured stands in RESULTS.md."""
