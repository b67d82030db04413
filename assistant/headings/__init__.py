"""Headings as questions, and what stands below them as answers."""
