"""Readers of rows: tables with a header, and JSON lines of our own form."""
