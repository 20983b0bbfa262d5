"""Readers of saved pages: sites that are known, and listings as HTML or as text."""
