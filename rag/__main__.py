"""`python -m rag` is `footnote`."""

from rag.cli import main

if __name__ == "__main__":
    main()
