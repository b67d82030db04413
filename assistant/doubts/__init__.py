"""Signs that what stands near a question does not answer it."""
