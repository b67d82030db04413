"""Rows and cells of tables as answers."""
