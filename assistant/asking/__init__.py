"""What a question asks, told by its words alone."""
