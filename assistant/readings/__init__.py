"""Other ways to read a question; the surer reading counts."""
