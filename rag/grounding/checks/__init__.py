"""The checks: each module looks for one kind of doubt, and its functions take a statement and its source taken apart.

`sentence` takes one apart, `lexicon` has the words that the checks know, `doubt` is what they find.
"""
