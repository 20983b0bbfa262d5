"""Measuring Footnote: offline evaluation runs and benchmarks, through the public API.

Way in: `python -m eval COMMAND`, the table `COMMANDS` in `__main__`. `questions` and their gold come first, then
`metrics` of what was answered, `runs` that keep a line for each, `reports` and `plots` of runs; `benchmarks`,
`grounding` and `across` measure one part each, and `train` makes the model. Way out: a scorecard, and an exit status.
"""
