"""The command line: `footnote`. Results go to standard output, everything else to standard error."""

from rag.cli.app import main

__all__ = ["main"]
