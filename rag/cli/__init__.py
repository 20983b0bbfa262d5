"""The command line: `footnote`. Results go to standard output, everything else to standard error.

Way in: `main`, the table of commands in `app`. `commands` has a module for each command or a few that belong together;
`options` what they share, `opening` how a library is opened, `batch` questions by the line, `render` what a person
sees. Way out: `output`, and an exit status. Everything is asked of the public API; nobody imports this wing.
"""

from rag.cli.app import main

__all__ = ["main"]
