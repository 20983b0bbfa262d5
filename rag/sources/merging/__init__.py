"""Copies of one paper, from whichever source, made into one: which are the same, what is taken, and why."""
