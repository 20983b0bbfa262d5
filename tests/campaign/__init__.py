"""A campaign of faults: `python -m tests.campaign` prints a table of what was tried and of what broke."""
