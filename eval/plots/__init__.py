"""Pictures of a run, as SVG: `run_plots` draws, `svg` has the bars and lines, `reliability` the probabilities."""
