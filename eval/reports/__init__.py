"""What a person reads of runs: `compare` for two in a terminal, `run_report` for a page of one or two."""
