"""Runs: all questions asked, a line kept for each, a scorecard at the end.

`run`, `gate` and `ablate` are commands; `asking` asks, `judge` has a second opinion, `run_folder` keeps a run on disk
and `fingerprint` says what it was made with.
"""
