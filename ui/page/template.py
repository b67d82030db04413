"""Gradio's page as it leaves the server: our styles in place before anything is drawn, and no words of Gradio's own.

Gradio adds what `head` holds by script, after its first drawing: the page would jump when our styles come.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

STYLES = '<link rel="stylesheet" href="/ui/chat.css"><link rel="stylesheet" href="/ui/answer.css">'
PAGE = "frontend/index.html"
# The same properties follow, filled from the page's title, in the same file
_PLACEHOLDERS = re.compile(
    r'<meta\s[^>]*content="(?:Gradio|@Gradio|@teamGradio|https://gradio\.app/|\{url\}|Click to try out the app!|https://raw\.githubusercontent[^"]*)"\s*/>'
)


@cache
def own_template() -> None:
    """Let Gradio make its pages from this template, for the rest of the process."""
    import gradio
    from gradio.routes import templates
    from jinja2 import ChoiceLoader, DictLoader

    made = (Path(gradio.__file__).parent / "templates" / PAGE).read_text(encoding="utf-8")
    own = _PLACEHOLDERS.sub("", made).replace("</head>", f"{STYLES}</head>", 1)
    templates.env.loader = ChoiceLoader([DictLoader({PAGE: own}), *filter(None, [templates.env.loader])])
