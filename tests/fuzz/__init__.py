"""Mutated files for all readers: `python -m tests.fuzz --cases 10000`, which `make fuzz` calls."""
