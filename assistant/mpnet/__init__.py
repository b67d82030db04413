"""all-mpnet-base-v2, the larger encoder, where its five packages are installed: its published weights and its pass over a text."""
