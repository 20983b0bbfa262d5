"""What the metadata say exactly: fields of a paper, dates and counts over the library, who wrote what."""
