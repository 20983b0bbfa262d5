"""Readers of what reference managers and publishers write: BibTeX, RIS, CSL-JSON, tagged text, Web of Science."""
