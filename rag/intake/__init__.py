"""From files and live sources to the library.

Way in: `ingest.ingest`, with the `Intake`s that are to be read (`incoming`). A block of records at a time is read,
merged, compared with what is stored (`planning`), cut and embedded (`preparing`) and written, while the next one is
read. Way out: an `IngestReport`, file by file and record by record (`outcomes`). Killed at any moment, it goes on.
"""
