"""One service each: how it is asked for a page of papers, with `page(cursor)` and `close()`."""
