"""The command line `newsletter-assistant`: one module a command group, no logic of its own.

stdout carries answers, stderr progress and errors. Torch, Gradio and Chroma are imported by the commands that
need them, so `--help` is quick.
"""

from ui.cli.main import app, main

__all__ = ["app", "main"]
