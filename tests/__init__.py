"""The tests, in folders named after the wings that they test; `house` is for what concerns all of it."""
