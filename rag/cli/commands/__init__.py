"""One command or a few that belong together each: it reads its options, calls the public API, and renders."""
