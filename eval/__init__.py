"""Measuring Footnote: offline evaluation runs and benchmarks, through the public API."""
