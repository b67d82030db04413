"""`python -m ui.cli` is `newsletter-assistant`."""

from ui.cli import main

main()
