"""Footnote: answers from a library of paper abstracts, every sentence footnoted to the exact words that say so."""
