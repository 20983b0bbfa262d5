"""One field of a record each: names, dates, identifiers, markup, retractions, and the words that say nothing."""
