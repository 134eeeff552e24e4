"""One file a question.  Each takes a journey first and returns typed rows with their definition."""
