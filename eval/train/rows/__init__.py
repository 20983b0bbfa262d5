"""What the networks are trained on, as groups of pairs: read from `eval/training`, mined, made by program."""
