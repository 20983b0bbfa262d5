"""What is asked: the exact conditions of a question, its names and slips, and a follow-up made whole."""
