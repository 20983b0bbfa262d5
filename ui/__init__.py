"""The chat page: ask, read, and see at once why to believe it."""
